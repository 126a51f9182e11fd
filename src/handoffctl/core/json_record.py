"""Turns results into plain values that can be printed as JSON."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class NamedRecord(Protocol):
    """Any NamedTuple. Results are NamedTuples because dataclasses, which are slower to create, would delay start-up."""

    def _asdict(self) -> dict[str, Any]: ...


def json_object(record: NamedRecord) -> dict[str, Any]:
    """Returns a record as a JSON object, whose keys are the names of its fields in their order.

    A field that would be called like a Python keyword or a method of tuples carries an underscore at its end: `from_`
    becomes "from". Records within the record become objects too, by their own method `as_json` if they have one.
    """
    return {name.rstrip("_"): json_value(value) for name, value in record._asdict().items()}


def json_value(value: Any) -> Any:
    """Returns a value of a record as plain values."""
    if hasattr(value, "as_json"):
        return value.as_json()
    if hasattr(value, "_asdict"):
        return json_object(value)
    if isinstance(value, Mapping):
        return {key: json_value(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [json_value(item) for item in value]
    return value
