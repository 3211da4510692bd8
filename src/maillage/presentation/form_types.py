"""Types of the forms of Django, where a form takes or gives what its class alone knows."""

from typing import Any, TypeAlias

FormArgument: TypeAlias = Any  # Any: what a form, field or widget of Django takes, given on as it came
FormField: TypeAlias = Any  # Any: a field of a form by its name, with the options of its own class
CleanedData: TypeAlias = dict[str, Any]  # Any: each field makes a type of its own of what was posted
