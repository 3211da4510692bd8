"""Types of JSON."""

from typing import Any, TypeAlias

Json: TypeAlias = Any  # Any: JSON holds JSON to any depth; whoever reads a value knows what should stand there
JsonObject: TypeAlias = dict[str, Json]
