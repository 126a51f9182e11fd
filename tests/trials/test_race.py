"""Many processes at once: one handoff happens once, no write is lost, and no reader ever fails."""

import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

READY = {"situation": "their old tool broke in May", "priorities": "fewer returns", "timeline": "before the summer"}
FORTY = pytest.param(40, marks=pytest.mark.trial)
pytestmark = pytest.mark.trial  # many processes at once take the whole machine, which the short run shares out


@pytest.fixture
def ready(quick, home):
    """A home with acme-corp, for which nothing is missing on its next handoffs."""
    at = {"now": "2026-03-02T09:00:00Z"}
    assert quick("add", "Acme Corp", "--contact", "Jane Doe <jane@acme.example>", **at).code == 0
    assert quick("set", "acme-corp", *(f"{name}={value}" for name, value in READY.items()), **at).code == 0
    assert quick("touch", "acme-corp", "meeting", "--outcome", "held", **at).code == 0
    assert quick("step", "acme-corp", "send the offer", **at).code == 0  # without a day, for the race is run today
    return home


def processes(home: Path, commands: list[list[str]], env: dict[str, str]) -> list[tuple[int, str, str]]:
    """Each command as a process of its own, all started before the first is waited for."""
    piped = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    program = [sys.executable, "-m", "handoffctl", "--home", str(home)]
    started = [
        subprocess.Popen([*program, *words], **piped, text=True, env={**os.environ, **env}) for words in commands
    ]
    return [(one.returncode, *told) for one in started for told in [one.communicate(timeout=300)]]


@pytest.fixture
def crowd(tmp_path):
    """Runs the commands of each member of a crowd, all at the same moment; gives code, stdout, stderr of each."""

    def crowd(home: Path, members: list[list[list[str]]], env: dict[str, str]) -> list[list[tuple[int, str, str]]]:
        folder = tmp_path / "crowd"
        folder.mkdir(exist_ok=True)
        given = {"folder": str(folder), "members": members, "env": {"HANDOFFCTL_HOME": str(home), **env}}
        script = Path(__file__).with_name("crowd.py")
        done = subprocess.run([sys.executable, str(script), json.dumps(given)], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return crowd


def assert_sound(rows) -> None:
    assert rows("PRAGMA integrity_check") == [("ok",)]
    assert rows("PRAGMA foreign_key_check") == []


def assert_one_passed(ran: list[tuple[int, str, str]], rows, before: dict[str, int]) -> None:
    """One handoff with its one command; of the others nothing but a sentence and a hint."""
    assert Counter(code for code, _, _ in ran) == {0: 1, 3: len(ran) - 1}, [one for one in ran if one[0] not in (0, 3)]
    for code, _, err in ran:
        assert "Traceback" not in err
        if code:
            assert len(err.strip().splitlines()) == 2, err
            assert "nothing was recorded" in err
    assert rows("SELECT state, from_stage, to_stage FROM handoff") == [("completed", "lead", "qualified")]
    assert rows("SELECT DISTINCT kind FROM gap") == [("nice_to_have",)]
    assert rows("SELECT count(*) FROM gap") == [(3,)]
    assert rows("SELECT number, stage, ended FROM visit ORDER BY number") == [(1, "lead", 1), (2, "qualified", 0)]
    assert rows("SELECT count(*) FROM command") == [(before["command"] + 1,)]
    assert rows("SELECT count(*) FROM field_value") == [(before["field_value"],)]
    assert_sound(rows)


HANDOFFS = {
    "without a stage": (["handoff", "acme-corp", "--no-input"], {}),
    "to a stage": (["handoff", "acme-corp", "--no-input", "--to", "qualified"], {}),
    "with values": (["handoff", "acme-corp", "--no-input", "--set", "interest=urgent", "--json"], {}),
    "at one instant": (["handoff", "acme-corp", "--no-input"], {"HANDOFFCTL_NOW": "2026-03-03T09:00:00Z"}),
    "to a stage at one instant": (
        ["handoff", "acme-corp", "--no-input", "--to", "qualified"],
        {"HANDOFFCTL_NOW": "2026-03-03T09:00:00Z"},
    ),
    "on one date": (["handoff", "acme-corp", "--no-input"], {"HANDOFFCTL_NOW": "2026-03-03"}),
}


@pytest.fixture
def before(ready, rows):
    return {name: rows(f"SELECT count(*) FROM {name}")[0][0] for name in ("command", "field_value")}


@pytest.mark.parametrize(
    ("count", "name"),
    [
        (8, "without a stage"),
        pytest.param(40, "without a stage", marks=pytest.mark.trial),
        pytest.param(40, "to a stage", marks=pytest.mark.trial),
        pytest.param(40, "at one instant", marks=pytest.mark.trial),
    ],
)
def test_of_many_processes_that_hand_the_same_deal_off_exactly_one_succeeds(ready, rows, before, count, name):
    words, env = HANDOFFS[name]
    assert_one_passed(processes(ready, [words] * count, env), rows, before)


@pytest.mark.parametrize(
    ("count", "name"),
    [
        (12, "without a stage"),
        (12, "to a stage at one instant"),
        *(pytest.param(40, name, marks=pytest.mark.trial) for name in sorted(set(HANDOFFS) - {"with values"})),
    ],
)
def test_of_a_crowd_that_hands_the_same_deal_off_at_the_same_moment_exactly_one_succeeds(
    ready, rows, before, crowd, name, count
):
    words, env = HANDOFFS[name]
    ran = [one for member in crowd(ready, [[words]] * count, env) for one in member]
    assert_one_passed(ran, rows, before)


def test_what_the_losers_of_a_race_wanted_to_set_is_not_recorded(ready, rows, before, crowd):
    words, env = HANDOFFS["with values"]
    ran = [one for member in crowd(ready, [[words]] * 12, env) for one in member]
    assert Counter(code for code, _, _ in ran) == {0: 1, 3: 11}
    for code, out, _ in ran:
        said = json.loads(out)
        assert said["handed_off"] is (code == 0)
        assert said["missing"] == []
    assert rows("SELECT count(*) FROM field_value") == [(before["field_value"] + 1,)]
    assert rows("SELECT count(*) FROM command") == [(before["command"] + 1,)]
    assert rows("SELECT count(*) FROM handoff") == [(1,)]


ONCE = [
    (["close", "acme-corp", "--disqualified", "--because", "no budget"], {3, 4}),
    (["return", "acme-corp", "--because", "nobody knows why"], {3}),
    (["accept", "acme-corp"], {3}),
    (["step", "acme-corp", "--done"], {3}),
    (["deal", "add", "acme-corp", "Renewal"], {6}),
    (["delete", "acme-corp", "--yes"], {4}),
    (["add", "Birch Barn"], {6}),
]


@pytest.mark.parametrize(
    ("words", "others"),
    [*ONCE[:2], *(pytest.param(*one, marks=pytest.mark.trial) for one in ONCE[2:])],
    ids=lambda given: " ".join(given) if isinstance(given, list) else "",
)
def test_of_a_crowd_that_does_what_can_be_done_once_exactly_one_succeeds(ready, quick, rows, crowd, words, others):
    assert quick("handoff", "acme-corp", "--no-input").code == 0
    ran = [one for member in crowd(ready, [[words]] * 8, {}) for one in member]
    codes = Counter(code for code, _, _ in ran)
    assert codes[0] == 1, ran
    assert set(codes) - {0} <= others, ran
    assert not any("Traceback" in err for _, _, err in ran)
    assert rows("SELECT count(*) FROM visit WHERE ended = 0") == rows("SELECT count(*) FROM deal")
    assert_sound(rows)


def assert_all_there(ran: list[tuple[int, str, str]], rows) -> None:
    assert [code for code, _, _ in ran] == [0] * len(ran), [one for one in ran if one[0]]
    assert sorted(out.strip() for _, out, _ in ran) == sorted(f"name-{n}" for n in range(len(ran)))
    assert sorted(row[0] for row in rows("SELECT slug FROM account")) == sorted(f"name-{n}" for n in range(len(ran)))
    assert rows("SELECT count(*) FROM visit") == rows("SELECT count(*) FROM command") == [(len(ran),)]
    assert rows("SELECT count(*) FROM playbook_revision") == [(1,)]
    assert_sound(rows)


@pytest.mark.parametrize("count", [8, FORTY])
def test_no_write_of_many_first_runs_is_lost(home, rows, count):
    assert_all_there(processes(home, [["add", f"NAME-{n}"] for n in range(count)], {}), rows)
    assert {path.name: path.stat().st_mode & 0o777 for path in home.iterdir()} == {"handoffctl.db": 0o600}


@pytest.mark.parametrize("count", [12, FORTY])
def test_no_write_of_a_crowd_of_first_runs_is_lost(home, rows, crowd, count):
    members = crowd(home, [[["add", f"NAME-{n}"]] for n in range(count)], {})
    assert_all_there([one for member in members for one in member], rows)


@pytest.mark.parametrize("rounds", [3, pytest.param(60, marks=pytest.mark.trial)])
def test_no_reader_ever_fails_while_others_write(ready, rows, crowd, rounds):
    reading = [["list"], ["show", "acme-corp"], ["check", "acme-corp"], ["report", "throughput"], ["log"]]
    writing = [["touch", "acme-corp", "note", "once more"], ["set", "acme-corp", "interest=urgent"]]
    members = [reading * 2 * rounds] * 6 + [writing * rounds] * 3
    members += [[["add", f"NAME-{member}-{n}"] for n in range(rounds)] for member in range(3)]
    for commands, ran in zip(members, crowd(ready, members, {}), strict=True):
        for words, (code, _, err) in zip(commands, ran, strict=True):
            assert code == 0, (words, code, err)
    assert rows("SELECT count(*) FROM touch WHERE text = 'once more'") == [(3 * rounds,)]
    assert rows("SELECT count(*) FROM account") == [(1 + 3 * rounds,)]
    assert_sound(rows)


@pytest.mark.parametrize("rounds", [1, pytest.param(10, marks=pytest.mark.trial)])
def test_readers_of_a_home_in_which_others_write_for_the_first_time_see_nothing_or_all_of_it(tmp_path, crowd, rounds):
    for number in range(rounds):
        home = tmp_path / f"home{number}"
        members = [[["list", "--json"]] * 10] * 6 + [[["add", "Acme Corp", "--json"]]] + [[["add", "Birch Barn"]]]
        for ran in crowd(home, members, {})[:6]:
            counts = []
            for code, out, err in ran:
                assert code == 0, err
                counts.append(len(json.loads(out)["deals"]))
            assert counts == sorted(counts)
            assert counts[-1] <= 2


def test_a_writer_waits_for_a_reader_and_a_reader_for_a_writer(ready, rows, quick):
    with closing(sqlite3.connect(ready / "handoffctl.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM touch").fetchone()
        writer = subprocess.Popen(
            [sys.executable, "-m", "handoffctl", "--home", str(ready), "touch", "acme-corp", "call"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        with pytest.raises(subprocess.TimeoutExpired):
            writer.wait(timeout=1)
        reader.execute("COMMIT")
    assert writer.wait(timeout=30) == 0
    assert rows("SELECT count(*) FROM touch") == [(2,)]
