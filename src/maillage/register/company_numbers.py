"""Register of company-number providers: rooms above that know the SIREN of organisations by evidence of their own.

@register_company_number_provider
def sirens_of_parties() -> dict[str, int]: …
"""

from collections.abc import Callable, Mapping

from maillage.core.registers import Register, qualified_name

# The organisation (id) of each SIREN that exactly one organisation bears.
CompanyNumberProvider = Callable[[], Mapping[str, int]]
COMPANY_NUMBER_PROVIDERS: Register[CompanyNumberProvider] = Register("company-number providers")


def register_company_number_provider(teller: CompanyNumberProvider) -> CompanyNumberProvider:
    """Register a function that returns the organisation (id) of each SIREN that a room knows."""
    COMPANY_NUMBER_PROVIDERS[qualified_name(teller)] = teller
    return teller


def organisations_by_siren() -> dict[str, int]:
    """The organisation (id) of each SIREN that the rooms above know."""
    return {siren: pk for provider in COMPANY_NUMBER_PROVIDERS.values() for siren, pk in provider().items()}
