"""A kind of criterion is one module and its line in the registry; everything else learns of it from there."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from handoffctl.playbook.criteria import CRITERIA, TIME_FACTS
from handoffctl.playbook.criteria.base import own_names, written_key

CHECKOUT = Path(__file__).parents[2]
KIND = '''\
"""`even`: a number is even."""

from collections.abc import Iterable, Iterator

from handoffctl.playbook.criteria.base import FIELD, Check, Criterion, DealState, PlaybookParts, Reference, Truth
from handoffctl.playbook.criteria.fixes import set_field
from handoffctl.core.yaml.types import Key, Text
from handoffctl.playbook.fix import Fix


class Even(Criterion):
    """The number in this field is even."""

    even: Text = Key(description="The field whose number must be even.")

    def holds(self, deal: DealState) -> Truth:
        value = deal.facts.values.get(self.even)
        return None if value is None else int(value) % 2 == 0

    def fix(self, deal: DealState) -> Fix:
        return set_field(self.even, deal, "2")

    def fields_asked(self, deal: DealState) -> Iterator[str]:
        yield self.even

    def describe(self, playbook: PlaybookParts, ancestors: tuple[str, ...] = ()) -> str:
        return f"{playbook.label_of(self.even)} is even"

    def names(self) -> Iterable[Reference]:
        return (Reference(FIELD, self.even, "even"),)

    def unsatisfiable(self, check: Check) -> Iterator[tuple[str, str]]:
        field = check.playbook.field(self.even)
        if field and field.type != "number":
            yield "even", "only a number can be even"
'''
PLAYBOOK = """\
playbook: pairs
fields:
  seats: {label: Seats, type: number}
  size: {label: Size}
criteria:
  paired: {label: In pairs, even: seats, why: Two share a desk.}
stages:
  lead: {title: Lead, exit: [paired]}
  won: {title: Won, kind: won}
handoffs:
  - {from: lead, to: won, trigger: They sign., reason: They fit., benefit: They are served.}
"""


def test_every_key_belongs_to_one_kind_and_has_its_words():
    keys = [(kind, name) for kind in (*CRITERIA, *TIME_FACTS) for name in own_names(kind)]
    assert len({written_key(kind, name) for kind, name in keys}) == len(keys)
    assert all(kind.key_infos()[name].description for kind, name in keys)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy of the program that knows one kind more: a new module, and its line in the registry."""
    folder = tmp_path_factory.mktemp("checkout")
    for part in ("src", "playbooks", "templates"):
        shutil.copytree(CHECKOUT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    criteria = folder / "src" / "handoffctl" / "playbook" / "criteria"
    (criteria / "even.py").write_text(KIND, encoding="utf-8")
    registry = (criteria / "registry.py").read_text(encoding="utf-8")
    next_import = "from handoffctl.playbook.criteria.introduced"
    told = registry.replace("    Introduced,\n", "    Introduced,\n    Even,\n")
    told = told.replace(next_import, f"from handoffctl.playbook.criteria.even import Even\n{next_import}")
    assert len(told.splitlines()) == len(registry.splitlines()) + 2
    (criteria / "registry.py").write_text(told, encoding="utf-8")
    return folder


@pytest.fixture
def extended(checkout, tmp_path):
    """Runs that program on a home of its own, whose playbook asks for something of the new kind."""
    (tmp_path / "home" / "playbooks").mkdir(parents=True)

    def extended(*words, playbook=PLAYBOOK):
        (tmp_path / "home" / "playbooks" / "pairs.yaml").write_text(playbook, encoding="utf-8")
        command = [sys.executable, "-m", "handoffctl", "--home", str(tmp_path / "home"), "--now", "2026-03-02", *words]
        environment = {**os.environ, "PYTHONPATH": str(checkout / "src")}
        return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path, timeout=60)

    return extended


def test_the_gate_and_the_words_know_a_new_kind(extended):
    assert extended("add", "Acme Corp", "--playbook", "pairs").returncode == 0
    (gap,) = json.loads(extended("check", "acme-corp", "--json").stdout)["missing"]
    assert gap == {
        "name": "paired", "label": "In pairs", "why": "Two share a desk.", "fix": "handoffctl set acme-corp seats=2"
    }  # fmt: skip
    assert extended("set", "acme-corp", "seats=3").returncode == 0
    assert extended("check", "acme-corp").returncode == 3
    assert extended("set", "acme-corp", "seats=4").returncode == 0
    assert extended("check", "acme-corp").returncode == 0
    told = json.loads(extended("playbook", "show", "pairs", "--json").stdout)["criteria"]["paired"]
    assert (told["even"], told["in_words"], told["known"]) == ("seats", "Seats is even", None)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("even: seats", "even: seatz", 'criteria.paired.even: no field is called "seatz" (did you mean "seats"?)'),
        ("even: seats", "even: size", "criteria.paired.even: only a number can be even"),
        ("even: seats", "evn: seats", 'criteria.paired.evn: there is no key "evn" here (did you mean "even"?)'),
        ("even: seats", "even: seats, score: 3", "criteria.paired: has even, score; it can have only one of them"),
        ("even: seats", "not: {even: seats}", 'criteria.paired.not: what is known or has happened is never undone, so '
         'this could not be met again; "not" stands over comparisons of fields and over touches with "within"'),
    ],
)  # fmt: skip
def test_the_check_of_playbooks_knows_a_new_kind(old, new, fault, extended):
    checked = extended("playbook", "check", "pairs", playbook=PLAYBOOK.replace(old, new))
    assert checked.returncode == 5
    assert checked.stderr.splitlines()[1].partition("pairs.yaml:6: ")[2] == fault


def test_the_schema_and_the_reference_know_a_new_kind(extended):
    known = json.loads(extended("playbook", "schema").stdout)["$defs"]["Criterion"]["anyOf"][1]["properties"]
    assert known["even"]["description"] == "The field whose number must be even."
    assert (
        "| `even` | text | The field whose number must be even. | |"
        in extended("playbook", "schema", "--markdown").stdout
    )
