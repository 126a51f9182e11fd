"""The schema and the reference of the playbook format say what the models say, and shipped playbooks keep to them."""

import json
import re
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from handoffctl.playbook.key_descriptions import PARTS, WORDS
from handoffctl.playbook.reference import reference
from handoffctl.playbook.schema import FILE, models, schema, schema_text

HERE = Path(__file__).parents[2]
SHIPPED = sorted((HERE / "playbooks").glob("*.yaml"))
HINT = f"# yaml-language-server: $schema={FILE}"
SMALLEST = {"playbook": "small", "stages": {"lead": {}}}


class AsEditorsRead(yaml.SafeLoader):
    """YAML 1.2's plain values: a date is text, and so are yes and no."""


AsEditorsRead.yaml_implicit_resolvers = {
    first: [(tag, told) for tag, told in known if tag.rpartition(":")[2] in ("int", "float", "null")]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
AsEditorsRead.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), list("tf"))


@pytest.fixture(scope="module")
def complaints():
    """What an editor would complain of."""
    Draft202012Validator.check_schema(schema())
    judge = Draft202012Validator(schema())
    return lambda tree: [(list(map(str, one.absolute_path)), one.message) for one in judge.iter_errors(tree)]


def test_every_key_has_its_words_and_no_words_are_left_over():
    keys = {
        f"{model.__name__}.{info.alias or name}"
        for model in models()
        for name, info in model.model_fields.items()
        if name in model.__annotations__
    }
    assert keys == set(WORDS)
    assert {model.__name__ for model in models()} == set(PARTS)
    assert all(said[0].isupper() and said.endswith((".", "`")) for said in [*WORDS.values(), *PARTS.values()])


def test_the_schema_that_ships_is_the_present_one():
    shipped = (HERE / "playbooks" / FILE).read_text(encoding="utf-8")
    assert json.loads(shipped) == schema(), f"handoffctl playbook schema > playbooks/{FILE}"


def test_the_reference_is_the_present_one():
    written = (HERE / "docs" / "playbook.md").read_text(encoding="utf-8")
    assert written == reference(), "handoffctl playbook schema --markdown > docs/playbook.md"


def test_the_command_prints_both(quick):
    assert quick("playbook", "schema").out == schema_text()
    assert quick("playbook", "schema", "--markdown").out == reference()


def test_every_link_within_the_reference_leads_somewhere():
    titles = re.findall(r"(?m)^## (.*)$", reference())
    anchors = {re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in titles}
    assert set(re.findall(r"\]\(#([^)]*)\)", reference())) <= anchors


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_an_editor_has_nothing_to_complain_of_in_a_shipped_playbook(path, complaints):
    text = path.read_text(encoding="utf-8")
    assert text.splitlines()[0] == HINT
    assert complaints(yaml.load(text, AsEditorsRead)) == []


@pytest.mark.parametrize(
    "given",
    [
        {"reviewed": "2026-01-01", "draft": True, "confirm_within": 3},
        {"confirm_within": "5d", "verdicts": {"often": "50%", "placeholders": 0.2}},
        {"fields": {"größe": {"type": "choice", "choices": [1, "zwei"]}}},
        {"criteria": {"a": "budget", "b": {"field": "budget", "at_least": 5000}, "c": {"any_of": ["a", {"not": "b"}]}}},
        {"stages": {"lead": {"target": "3d", "follow_up": {"first_within": "4h", "every": "2 w"}}}},
        {"handoffs": [{"from": "lead", "trigger": "They ask."}, {"from": "lead", "trigger": {"says": "They ask."}}]},
        {"dispositions": [{"name": "a", "propose": "keep", "because": "So.", "when": ["b", {"stage_age": "9d"}]}]},
        {"conditions": {"a": {"stage_age": {"times_usual": 2, "else": "60d"}}, "b": {"pool_left": 5}}, "targets": 9},
        {"dispositions": {"a": {"propose": "lost", "because": "Silence.", "when": ["b", {"untouched": "30d"}]}}},
    ],
)  # fmt: skip
def test_what_the_program_takes_an_editor_takes(given, complaints):
    assert complaints({**SMALLEST, **given}) == []


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"stage": {}}, []),
        ({"reviewed": "1 March"}, ["reviewed"]),
        ({"fields": {"two words": {}}}, ["fields"]),
        ({"fields": {"size": {"type": "colour"}}}, ["fields", "size", "type"]),
        ({"stages": {"lead": {"target": "soon"}}}, ["stages", "lead", "target"]),
        ({"stages": {"lead": {"target": 3}}}, ["stages", "lead", "target"]),
        ({"stages": {"lead": {"traget": "3d"}}}, ["stages", "lead"]),
        ({"stages": {}}, ["stages"]),
        ({"dispositions": [{"propose": "keep", "because": "So.", "when": ["b"]}]}, ["dispositions", "0"]),
        ({"conditions": {"a": {"stage_age": "soon"}}}, ["conditions", "a"]),
        ({"criteria": {"a": {"any_of": []}}}, ["criteria", "a"]),
        ({"verdicts": {"often": "150%"}}, ["verdicts", "often"]),
        ({"handoffs": [{"to": "lead"}]}, ["handoffs", "0"]),
        ({"signals": {"a": {"points": 0, "when": ["b"]}}}, ["signals", "a", "points"]),
    ],
)  # fmt: skip
def test_what_the_program_refuses_an_editor_marks(given, where, complaints):
    assert [path for path, _ in complaints({**SMALLEST, **given})] == [where]


def test_a_key_says_what_it_is_for_where_an_editor_shows_it():
    target = schema()["$defs"]["Stage"]["properties"]["target"]
    assert target["description"] == WORDS["Stage.target"]
    assert target["examples"] == ["30m", "4h", "3d", "2w"]
