"""An action that asks for a reason, refused without it: generated from the registry."""

import datetime as dt
import inspect
import re
from pathlib import Path

import pytest

import maillage
from maillage.api.action_endpoints import arguments_model
from maillage.core.action_registry import REGISTRY, Action, ActionError, Reason
from maillage.core.actors import SYSTEM

AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
CHECKED_BY_HAND = re.compile(r"if not reason\w*(\.strip\(\))?:|required?_reason")


def reason_parameters(action: Action) -> list[str]:
    parameters = inspect.signature(action.run).parameters.values()
    return [parameter.name for parameter in parameters if parameter.annotation == Reason]


ASKING = [action for action in REGISTRY.values() if reason_parameters(action)]


@pytest.mark.parametrize("action", ASKING, ids=lambda action: action.name)
def test_a_blank_reason_is_refused(action: Action, english: None) -> None:
    for name in reason_parameters(action):
        with pytest.raises(ActionError, match="Give a reason"):
            action.run(actor=SYSTEM, at=AT, **{name: " \n"})


@pytest.mark.parametrize("action", [one for one in ASKING if one.over_api], ids=lambda action: action.name)
def test_the_api_describes_a_reason_as_required_and_not_blank(action: Action) -> None:
    schema = arguments_model(action).model_json_schema()
    for name in reason_parameters(action):
        assert name in schema["required"]
        assert (schema["properties"][name]["type"], schema["properties"][name]["pattern"]) == ("string", r"\S")


@pytest.mark.parametrize("action", REGISTRY.values(), ids=lambda action: action.name)
def test_a_required_reason_is_declared_as_one(action: Action) -> None:
    for name, parameter in inspect.signature(action.run).parameters.items():
        if name.startswith("reason") and parameter.default is parameter.empty:
            assert parameter.annotation == Reason


def test_no_action_checks_its_reason_by_hand() -> None:
    files = Path(maillage.__file__).parent.rglob("actions/*.py")
    assert not [file for file in files if CHECKED_BY_HAND.search(file.read_text("utf-8"))]
