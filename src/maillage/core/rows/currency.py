"""The currency of the amounts of a row."""

from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from maillage.core.rows.errors import InvalidValueError, RowError
from maillage.core.rows.row import Described
from maillage.core.rows.values import Raw, Text, scalar_text


@dataclass(frozen=True)
class CurrencyCode(Text):
    """A currency by its code of three letters (ISO 4217)."""

    limit: int = 3

    def parse(self, raw: Raw) -> str:
        code = scalar_text(raw).upper()
        if code and (len(code) != 3 or not code.isalpha()):
            message = gettext("“%(code)s” is not a currency of three letters (ISO 4217), such as EUR")
            raise InvalidValueError(message, code=code)
        return code


CurrencyValue = Annotated[str, CurrencyCode(), Described(_("Currency"), example="EUR")]


def check_currency(amount: object, currency: str, key: str) -> None:
    """Raise `RowError` for an amount, in the field `key`, without a currency."""
    if amount is not None and not currency:
        raise RowError(gettext("an amount needs a “currency” of three letters (ISO 4217), such as EUR"), key)
