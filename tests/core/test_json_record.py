"""Results as JSON objects."""

from typing import Any, NamedTuple

from handoffctl.core.json_record import json_object


class Point(NamedTuple):
    from_: int
    count_: float | None = None


class Shape(NamedTuple):
    name: str
    points: list[Point]
    by: dict[str, Point]
    flat: "Flat | None" = None


class Flat(NamedTuple):
    point: Point

    def as_json(self) -> dict[str, Any]:
        return {"kind": "flat", **json_object(self.point)}


def test_a_record_becomes_an_object_and_so_do_the_records_in_it():
    assert json_object(Shape("x", [Point(1), Point(2, 0.5)], {"a": Point(3)})) == {
        "name": "x",
        "points": [{"from": 1, "count": None}, {"from": 2, "count": 0.5}],
        "by": {"a": {"from": 3, "count": None}},
        "flat": None,
    }


def test_a_record_with_a_form_of_its_own_keeps_it():
    assert json_object(Shape("x", [], {}, Flat(Point(1))))["flat"] == {"kind": "flat", "from": 1, "count": None}
