"""Playbooks of one's own: begun, edited, compared, agreed to."""

import os
import shlex

import pytest
from tests.small_playbook import SMALL

DAY = "2026-03-02T09:00:00Z"


def test_a_new_one_is_a_copy_with_its_own_name_and_todays_review(quick, home):
    ran = quick("playbook", "new", "my-way", "--from", "trim", now=DAY)
    path = home / "playbooks" / "my-way.yaml"
    assert (ran.code, ran.out) == (0, f"{path}\n")
    assert "handoffctl playbook edit my-way" in ran.err
    shown = quick("playbook", "list", "--json").json["playbooks"]
    source = next(one["path"] for one in shown if one["name"] == "trim")
    with open(source) as file:
        before = file.read().splitlines()
    after = path.read_text().splitlines()
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert changed == [("playbook: trim", "playbook: my-way"), ("reviewed: 2026-11-01", "reviewed: 2026-03-02")]
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert quick("playbook", "check", "my-way").code == 0


@pytest.mark.parametrize(("words", "code", "says"), [
    (["solo"], 6, "came with the program"), (["mine"], 6, "already"), (["MINE"], 6, "already"),
    (["two words"], 6, "cannot be the name"), (["../out"], 6, "cannot be the name"),
    (["other", "--from", "slo"], 4, 'did you mean "solo"?'),
])  # fmt: skip
def test_a_name_that_is_taken_or_none_is_refused(quick, home, words, code, says):
    quick("playbook", "new", "mine")
    ran = quick("playbook", "new", *words)
    assert ran.code == code
    assert says in ran.err
    assert [path.name for path in (home / "playbooks").glob("*.yaml")] == ["mine.yaml"]


@pytest.fixture
def types(tmp_path):
    """`types('sed -i ... "$1"')`: an editor that does this; the next run of it does the next script."""

    def types(*scripts):
        turns = [f"{number}) {script};;" for number, script in enumerate(scripts, 1)]
        count = tmp_path / "turn"
        file = tmp_path / "editor"
        file.write_text(
            f"#!/bin/sh\nn=$(($(cat {count} 2>/dev/null || echo 0) + 1)); echo $n >{count}\n"
            f"case $n in\n{chr(10).join(turns)}\nesac\n"
        )
        file.chmod(0o755)
        left = tmp_path / "left"
        left.mkdir()
        return {"EDITOR": shlex.quote(str(file)), "TMPDIR": str(left)}

    return types


def left(tmp_path):
    return [file for file in (tmp_path / "left").rglob("*") if file.is_file()]


def test_what_is_edited_well_takes_the_place_of_the_old(playbook, home, sits, types, tmp_path):
    playbook(SMALL)
    seen = sits("playbook", "edit", "small", **types('sed -i "s/3d/5d/" "$1"; basename "$1" >"$TMPDIR/../name"'))
    assert seen.ends() == 0
    assert (home / "playbooks" / "small.yaml").read_text() == SMALL.replace("3d", "5d")
    assert (tmp_path / "name").read_text() == "small.yaml\n"
    assert left(tmp_path) == []


def test_a_faulty_one_is_shown_its_faults_and_may_be_mended(playbook, home, sits, types, tmp_path):
    playbook(SMALL)
    seen = sits(
        "playbook", "edit", "small", **types('sed -i "s/budget\\]/budgt]/" "$1"', 'sed -i "s/budgt/size/" "$1"')
    )
    seen.sees("budgt").sees("did you mean").sees("[Y/n]").types("")
    assert seen.ends() == 0
    assert (home / "playbooks" / "small.yaml").read_text() == SMALL.replace("budget]", "size]")
    assert left(tmp_path) == []


def test_a_faulty_one_that_is_left_so_stays_in_a_file_and_the_old_one_holds(playbook, home, sits, types, tmp_path):
    playbook(SMALL)
    seen = sits("playbook", "edit", "small", **types('sed -i "s/budget\\]/budgt]/" "$1"'))
    seen.sees("[Y/n]").types("n").sees("stays as it was")
    assert seen.ends() == 5
    assert (home / "playbooks" / "small.yaml").read_text() == SMALL
    [file] = left(tmp_path)
    assert file.read_text() == SMALL.replace("budget]", "budgt]")
    assert str(file) in seen.raw.replace("\r\n", "").replace("  ", "")


def test_ctrl_c_at_the_question_loses_nothing(playbook, home, sits, types, tmp_path):
    playbook(SMALL)
    seen = sits("playbook", "edit", "small", **types('sed -i "s/playbook: small/playbook: other/" "$1"'))
    seen.sees("as the file is called").sees("[Y/n]").interrupts()
    assert seen.ends() == 130
    assert (home / "playbooks" / "small.yaml").read_text() == SMALL
    assert [file.read_text()[:15] for file in left(tmp_path)] == ["playbook: other"]


def test_a_shipped_one_becomes_a_copy_of_ones_own_when_it_is_changed(home, sits, types, tmp_path):
    own = home / "playbooks" / "solo.yaml"
    environment = types("true", 'sed -i "s/title: Lead/title: Prospect/" "$1"')
    assert sits("playbook", "edit", **environment).sees("Nothing was changed").ends() == 0
    assert not own.exists()
    assert sits("playbook", "edit", "solo", **environment).sees("your own copy").ends() == 0
    assert "title: Prospect" in own.read_text()
    assert "reviewed: 2026-03-03" in own.read_text()
    assert own.stat().st_mode & 0o777 == 0o600


def test_what_somebody_else_changed_meanwhile_is_left_alone(playbook, home, sits, types, tmp_path):
    playbook(SMALL)
    path = home / "playbooks" / "small.yaml"
    seen = sits("playbook", "edit", "small", **types(f'echo "# theirs" >>{path}; echo "# mine" >>"$1"'))
    seen.sees("meanwhile")
    assert seen.ends() == 6
    assert path.read_text() == SMALL + "# theirs\n"
    assert [file.read_text() for file in left(tmp_path)] == [SMALL + "# mine\n"]


def test_without_a_terminal_there_is_no_editor(quick, playbook):
    playbook(SMALL)
    ran = quick("playbook", "edit", "small")
    assert (ran.code, ran.out) == (2, "")
    assert "handoffctl playbook check small" in ran.err
    assert quick("playbook", "edit", "smal").code == 4


def used_and_changed(quick, playbook):
    """Content 1 was agreed to, content 2 handed off by, and the file is another."""
    playbook(SMALL)
    quick("add", "Acme", "--playbook", "small", "--contact", "Ada <ada@acme.example>", now=DAY)
    quick("playbook", "agree", "small", "--who", "Seller", now=DAY)
    playbook(SMALL.replace("[situation, budget]", "[situation]").replace("3d", "5d"))
    words = ["--set", "situation=their old tool broke", "--step", "call", "--due", "+3d"]
    assert quick("handoff", "acme", *words, now=DAY).code == 0
    playbook(SMALL.replace("[situation, budget]", "[situation]").replace("3d", "9d"))


def test_the_history_tells_each_content_that_was_used_and_the_file_that_is_not(quick, playbook):
    used_and_changed(quick, playbook)
    found = quick("playbook", "history", "small", "--json").json["revisions"]
    assert [(one["revision"], one["used"], one["handoffs"], one["deals"]) for one in found] == [
        (None, False, 0, 0), (2, True, 1, 1), (1, True, 0, 0),
    ]  # fmt: skip
    assert [one["changes"] for one in found] == [
        ["target of lead: 5d -> 9d"],
        ["target of lead: 3d -> 5d", "Lead -> Qualified no longer requires budget"],
        [],
    ]
    text = quick("playbook", "history", "small").out
    assert "file  not used yet\n   target of lead: 5d -> 9d\n2  2026-03-02 09:00  1 handoff of 1 deal\n" in text


@pytest.mark.parametrize(("words", "between", "changes"), [
    (["small"], ("2", "file"), ["target of lead: 5d -> 9d"]),
    (["--playbook", "small"], ("2", "file"), ["target of lead: 5d -> 9d"]),
    (["small", "1", "2"], ("1", "2"), ["target of lead: 3d -> 5d", "Lead -> Qualified no longer requires budget"]),
    (["small", "1"], ("1", "file"), ["target of lead: 3d -> 9d", "Lead -> Qualified no longer requires budget"]),
    (["1", "1", "--playbook", "small"], ("1", "1"), []),
])  # fmt: skip
def test_a_comparison_says_in_words_what_changed(quick, playbook, words, between, changes):
    used_and_changed(quick, playbook)
    found = quick("playbook", "diff", *words, "--json").json
    assert ((found["from"], found["to"]), found["changes"]) == (between, changes)
    ran = quick("playbook", "diff", *words)
    assert ran.out.splitlines() == changes


def test_a_content_that_there_is_not_is_named(quick, playbook):
    used_and_changed(quick, playbook)
    ran = quick("playbook", "diff", "small", "7")
    assert (ran.code, ran.out) == (4, "")
    assert "There are: 1, 2." in ran.err
    assert quick("playbook", "diff", "small", "1", "2", "1").code == 2
    assert quick("playbook", "diff", "smal").code == 4
    assert quick("playbook", "diff").code == 0  # never used: the file beside itself


def test_who_agreed_to_what_and_when_is_kept_once(quick, playbook, rows):
    used_and_changed(quick, playbook)
    one = quick("playbook", "agree", "small", "--who", "Jane Doe", "--on", "2026-03-01", "--json", now=DAY).json
    assert one == {"playbook": "small", "revision": 3, "who": "Jane Doe", "at": "2026-03-01", "recorded": True}
    again = quick("playbook", "agree", "small", "--who", "jane doe", "--json", now="2026-03-05").json
    assert (again["at"], again["recorded"]) == ("2026-03-01", False)
    kept = rows("SELECT who, a.at, content FROM agreement AS a JOIN playbook_revision AS r ON r.id = a.revision_id")
    assert [row[:2] for row in kept] == [("seller", DAY), ("Jane Doe", "2026-03-01")]
    assert [row[2].count("9d") for row in kept] == [0, 1]


def test_agreements_are_told_with_whether_they_are_to_the_file_as_it_is(quick, playbook, home):
    from handoffctl.playbook.agreements import AgreedRevision, agreements
    from handoffctl.workspace.home import Home

    used_and_changed(quick, playbook)
    quick("playbook", "agree", "small", "--who", "Jane Doe", now=DAY)
    assert agreements(Home(home), "small") == [
        AgreedRevision(who="Jane Doe", at=DAY, revision=3, present=True),
        AgreedRevision(who="seller", at=DAY, revision=1, present=False),
    ]
    (home / "playbooks" / "small.yaml").unlink()
    assert not any(agreed.present for agreed in agreements(Home(home), "small"))
    assert agreements(Home(home), "solo") == []


@pytest.mark.parametrize(("words", "code", "says"), [
    (["small", "--on", "2026-03-09"], 6, "in the future"), (["small", "--on", "soon"], 6, "--on"),
    (["small", "--who", " "], 6, "empty"), (["smal"], 4, "small"),
])  # fmt: skip
def test_an_agreement_that_cannot_be_is_refused(quick, playbook, dump, words, code, says):
    playbook(SMALL)
    ran = quick("playbook", "agree", *words, now=DAY)
    assert ran.code == code
    assert says in ran.err
    assert not any('INSERT INTO "agreement"' in line for line in dump())


def test_nothing_of_it_needs_a_database(quick, home):
    assert quick("playbook", "history").out == "file  not used yet\n"
    assert not os.path.exists(home / "handoffctl.db")


def test_editors_find_the_schema_beside_a_playbook_of_ones_own(quick, home):
    from handoffctl.resources import shipped

    wanted = (shipped("playbooks") / "playbook.schema.json").read_bytes()
    beside = home / "playbooks" / "playbook.schema.json"
    assert quick("playbook", "new", "mine").code == 0
    assert beside.read_bytes() == wanted
    beside.write_text("of an older version")
    assert quick("init").code == 0
    assert beside.read_bytes() == wanted
    first = (home / "playbooks" / "mine.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=playbook.schema.json"


def test_every_handoff_that_leads_nowhere_is_told_of_by_the_doctor_too(quick, playbook):
    playbook("""\
playbook: astray
stages: {lead: {target: 1d}, won: {kind: won}}
handoffs:
  - {from: lead, to: solo/nope, trigger: They ask., reason: It fits., benefit: They gain.}
  - {from: lead, to: nobody/there, trigger: They ask., reason: It fits., benefit: They gain.}
""")
    checked = quick("playbook", "check", "astray")
    assert checked.code == 5
    for said in ('solo has no stage "nope"', 'No playbook is called "nobody"'):
        assert said in checked.err
        assert said in quick("doctor").out + quick("doctor").err
    assert quick("doctor").code == 6
