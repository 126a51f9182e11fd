"""Results as JSON objects."""

from typing import NamedTuple

from handoffctl.core.json_record import OMITTED, JoinedRecords, Omitted, json_object, json_value


class Point(NamedTuple):
    from_: int
    count_: float | None = None


class Shape(NamedTuple):
    name: str
    points: list[Point]
    by: dict[str, Point]
    flat: "Flat | None" = None


class FlatJson(NamedTuple):
    kind: str
    from_: int
    point: Point | Omitted = OMITTED


class Flat(NamedTuple):
    point: Point

    def as_json(self) -> FlatJson:
        return FlatJson("flat", self.point.from_)


def test_a_record_becomes_an_object_and_so_do_the_records_in_it():
    assert json_object(Shape("x", [Point(1), Point(2, 0.5)], {"a": Point(3)})) == {
        "name": "x",
        "points": [{"from": 1, "count": None}, {"from": 2, "count": 0.5}],
        "by": {"a": {"from": 3, "count": None}},
        "flat": None,
    }


def test_a_record_with_json_of_its_own_keeps_it():
    assert json_object(Shape("x", [], {}, Flat(Point(1))))["flat"] == {"kind": "flat", "from": 1}


def test_an_omitted_field_has_no_key_though_an_empty_one_has():
    assert json_object(FlatJson("flat", 1, OMITTED)) == {"kind": "flat", "from": 1}
    assert json_object(Point(1)) == {"from": 1, "count": None}


class Named(NamedTuple):
    name: str
    flat: Flat

    def as_json(self) -> JoinedRecords:
        return JoinedRecords(Point(2), self.flat)


def test_joined_records_become_one_object_and_keep_their_own_json():
    assert json_value(Named("x", Flat(Point(1)))) == {"from": 1, "count": None, "kind": "flat"}
    assert json_object(Shape("x", [], {"a": Named("x", Flat(Point(3)))}))["by"] == {
        "a": {"from": 3, "count": None, "kind": "flat"}
    }
