"""Turns results into plain values that can be printed as JSON.

A result is printed field by field, so its fields are named like the keys that users read. Where the JSON differs from
the result, its method `as_json` returns another record with the fields of the JSON, or several as JoinedRecords.
"""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, Final, Protocol


class NamedRecord(Protocol):
    """Any NamedTuple. Results are NamedTuples because dataclasses, which are slower to create, would delay start-up."""

    def _asdict(self) -> dict[str, Any]: ...


class Omitted(Enum):
    """The type of a field whose key is left out of the JSON, where null would say something else."""

    OMITTED = "omitted"


OMITTED: Final = Omitted.OMITTED


class JoinedRecords:
    """Records that are printed as one object: the keys of the first one, then those of the next."""

    def __init__(self, *records: NamedRecord) -> None:
        self.records = records


def json_object(record: NamedRecord) -> dict[str, Any]:
    """Returns a record as a JSON object, whose keys are the names of its fields in their order.

    A field that would be called like a Python keyword or a method of tuples carries an underscore at its end: `from_`
    becomes "from". Records within the record become objects too, by their own method `as_json` if they have one.
    A field that is OMITTED has no key.
    """
    fields = record._asdict().items()
    return {name.rstrip("_"): json_value(value) for name, value in fields if value is not OMITTED}


def json_value(value: Any) -> Any:
    """Returns a value, which may be a record or hold records, as plain values."""
    if hasattr(value, "as_json"):
        return json_value(value.as_json())
    if hasattr(value, "_asdict"):
        return json_object(value)
    if isinstance(value, JoinedRecords):
        return {key: item for record in value.records for key, item in json_value(record).items()}
    if isinstance(value, Mapping):
        return {key: json_value(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [json_value(item) for item in value]
    return value
