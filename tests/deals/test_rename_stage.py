"""A stage under another name: in the file, and in everything recorded; and deals in a stage that is gone."""

import json

import pytest

OURS = """\
playbook: ours
# ours alone
title: "Ours"
stages:
  lead: {title: Lead}
  # they said yes to a talk
  talk:          # "talk" is what we call it
    title: Talk
    target: 3d
  "won": {title: Won, kind: won}
  lost: {title: Lost, kind: lost}
fields:
  talk_notes: {label: Talk, why: To recall the talk.}
handoffs:
  - {from: lead, to: talk, trigger: They talk., reason: A talk., benefit: The prospect is heard in a talk.,
     required: [talk_notes]}
  - from: 'talk'   # from talk
    to: won
    name: straight on
    trigger: {says: They sign., when: [talk_notes]}
    reason: They said yes.
    benefit: The prospect gets it.
  - {from: talk, to: lead, trigger: No., reason: Not yet., benefit: The prospect is left in peace.}
sla:
  soon: {from: me, to: me, promise: A talk soon., measure: passed, handoff: talk, within: 1d}
  there: {from: me, to: me, promise: Out of it soon., measure: converted, stage: talk, share: 50%}
value: {seen: talk_notes, first: talk}
"""
OTHER = """\
playbook: other
stages:
  talk: {title: Another talk}
  lost: {title: Lost, kind: lost}
handoffs:
  - {from: talk, to: ours/talk, trigger: They talk., reason: A talk., benefit: The prospect is heard.}  # on to ours
"""
PLACES = (
    "  talk:  ", "to: talk,", "from: 'talk'", "{from: talk, to: lead", "handoff: talk,", "stage: talk,", "first: talk}",
)  # fmt: skip
REPORTS = ("throughput", "fields", "handoffs", "missed", "engagement")
WHEN = "2026-03-{:02}T09:00:00Z"
NOW = "2026-03-02T09:00:00Z"


def renamed(text):
    for place in PLACES:
        assert text.count(place) == 1, place
        text = text.replace(place, place.replace("talk", "chat"))
    return text


@pytest.fixture
def sold(quick, playbook, once):
    """Four deals in `ours`, one of them from `other`: tried, passed on, handed back to lead, won, lost."""

    def sell():
        playbook(OURS)
        playbook(OTHER)
        for name, where in {"Acme": "ours", "Beta": "ours", "Gamma": "ours", "Delta": "other"}.items():
            assert quick("add", name, "--playbook", where, now=WHEN.format(2)).code == 0
        assert quick("handoff", "acme", now=WHEN.format(3)).code == 3
        for name in ("acme", "beta"):
            assert quick("handoff", name, "--set", "talk_notes=all good", now=WHEN.format(4)).code == 0
        assert quick("handoff", "delta", "--to", "ours/talk", now=WHEN.format(5)).code == 0
        assert quick("handoff", "acme", "--to", "straight on", now=WHEN.format(7)).code == 0
        assert quick("handoff", "beta", "--to", "lead", now=WHEN.format(8)).code == 0
        assert quick("handoff", "beta", "--to", "talk", now=WHEN.format(9)).code == 0
        assert quick("close", "gamma", "--lost", "--because", "no money", now=WHEN.format(9)).code == 0

    once(sell)


def reports(quick):
    return {
        (name, where): quick("report", name, "--playbook", where, "--json", now=WHEN.format(20)).json
        for name in REPORTS
        for where in ("ours", "other")
    }


def with_the_name(told):
    """The same figures under the new name."""
    text = json.dumps(told).replace('"ours/talk"', '"ours/chat"')
    return json.loads(text.replace('"talk"', '"chat"'))


def test_the_file_changes_in_every_place_and_keeps_comments_and_layout(quick, sold, home):
    ran = quick(
        "playbook", "rename-stage", "talk", "chat", "--playbook", "ours", "--yes", "--json", now=WHEN.format(20)
    )
    assert ran.code == 0
    folder = home / "playbooks"
    assert (folder / "ours.yaml").read_text() == renamed(OURS)
    assert (folder / "other.yaml").read_text() == OTHER.replace("ours/talk", "ours/chat")
    assert ran.json == {
        "playbook": "ours", "from": "talk", "to": "chat", "deals": 2, "deals_ever": 3, "past_renamed": True,
        "files": [str(folder / "other.yaml"), str(folder / "ours.yaml")], "copied": [],
    }  # fmt: skip
    assert quick("playbook", "check", "ours").code == quick("playbook", "check", "other").code == 0
    assert quick("doctor").code == 0


def test_deals_and_history_go_with_it_and_nothing_else_does(quick, sold, rows):
    stays = "SELECT deal_id, number, playbook, stage, to_stage, days, entered_at, left_at FROM visit ORDER BY id"
    tries = "SELECT id, name, from_stage, to_playbook, to_stage, state, at FROM handoff ORDER BY id"
    seen = "SELECT id, handoff, at FROM sighting ORDER BY id"
    ways = "SELECT stages FROM path ORDER BY id"
    questions = (stays, tries, seen, ways)
    before = [rows(sql) for sql in questions]
    others = rows("SELECT name, value FROM field_value ORDER BY id")
    assert (
        quick("playbook", "rename-stage", "talk", "chat", "--playbook", "ours", "--yes", now=WHEN.format(20)).code == 0
    )
    after = [rows(sql) for sql in questions]

    def chat(row):
        swap = {"talk": "chat", "ours/talk": "ours/chat"}
        return tuple(swap.get(cell, cell) for cell in row)

    assert after[0] == [
        (*row[:3], "chat" if row[2:4] == ("ours", "talk") else row[3], "chat" if row[4] == "talk" else row[4], *row[5:])
        for row in before[0]
    ]
    in_other = [row for row in before[1] if row[3] == "ours" and row[1] == "ours/talk"]
    assert len(in_other) == 1
    assert after[1] == [
        (row[0], chat(row)[1], row[2] if row in in_other else chat(row)[2], row[3], *chat(row)[4:]) for row in before[1]
    ]
    assert after[2] == before[2]
    assert after[3] == [(row[0].replace("ours/talk", "ours/chat"),) for row in before[3]]
    assert rows("SELECT name, value FROM field_value ORDER BY id") == others
    assert rows("SELECT says FROM command ORDER BY id DESC LIMIT 1") == [
        ("Renamed the stage talk to chat in the playbook ours.",)
    ]


def test_reports_of_the_past_change_by_the_name_alone(quick, sold):
    before = reports(quick)
    assert (
        quick("playbook", "rename-stage", "talk", "chat", "--playbook", "ours", "--yes", now=WHEN.format(20)).code == 0
    )
    after = reports(quick)
    for report, told in before.items():
        assert after[report] == with_the_name(told) or report[1] == "other", report
    assert json.dumps(before["throughput", "other"]) != "{}"
    figures = json.dumps([told for (_, where), told in after.items() if where == "other"])
    assert figures.count("chat") == json.dumps([t for (_, w), t in before.items() if w == "other"]).count("ours/talk")
    history = quick("playbook", "history", "ours", "--json").json["revisions"]
    assert [(one["revision"], one["changes"]) for one in history] == [(1, [])]


def test_it_asks_first(quick, sold, sits, dump):
    before = dump()
    ran = quick("playbook", "rename-stage", "talk", "chat", "--playbook", "ours")
    assert ran.code == 2
    assert "for the 3 deals that ever were in it" in ran.err
    assert sits("playbook", "rename-stage", "talk", "chat", "--playbook", "ours").sees("[y/N]").types("").ends() == 0
    assert dump() == before
    assert sits("playbook", "rename-stage", "talk", "chat", "--playbook", "ours").sees("[y/N]").types("y").ends() == 0
    assert quick("list", "--stage", "chat", "--playbook", "ours", "--json").json["total"] == 2


@pytest.mark.parametrize(("old", "new", "code", "says"), [
    ("tlak", "chat", 4, 'did you mean "talk"?'), ("talk", "lead", 6, "already"), ("talk", "a b", 6, "cannot be called"),
    ("talk", "straight/on", 6, "cannot be called"), ("talk", "talk", 6, "already"),
])  # fmt: skip
def test_what_cannot_be_is_refused_and_nothing_changes(quick, sold, dump, home, old, new, code, says):
    before = dump()
    ran = quick("playbook", "rename-stage", old, new, "--playbook", "ours", "--yes")
    assert ran.code == code
    assert says in ran.err
    assert dump() == before
    assert (home / "playbooks" / "ours.yaml").read_text() == OURS


def test_a_shipped_playbook_is_copied_first(quick, home):
    quick("add", "Acme", now=WHEN.format(2))
    ran = quick("playbook", "rename-stage", "lead", "prospect", "--yes", now=WHEN.format(3))
    assert ran.code == 0
    assert "your own copy" in ran.err
    text = (home / "playbooks" / "solo.yaml").read_text()
    assert "  prospect:  " in text
    assert "reviewed: 2026-03-03" in text
    assert quick("show", "acme", "--json").json["deals"][0]["stage"] == "prospect"


@pytest.mark.parametrize("moment", ["before the file is written", "after"])
def test_a_write_that_fails_leaves_file_and_records_as_they_were(quick, sold, home, dump, monkeypatch, moment):
    from handoffctl.deals import rename_stage as renaming_stages

    whole = renaming_stages.replace

    def failing(path, text):
        monkeypatch.setattr(renaming_stages, "replace", whole)
        if moment == "after":
            whole(path, text)
        raise OSError("no space left")

    monkeypatch.setattr(renaming_stages, "replace", failing)
    before = dump()
    assert quick("playbook", "rename-stage", "talk", "chat", "--playbook", "ours", "--yes").code != 0
    assert dump() == before
    assert (home / "playbooks" / "ours.yaml").read_text() == OURS
    assert (home / "playbooks" / "other.yaml").read_text() == OTHER


def test_after_a_crash_in_between_the_same_command_ends_the_work(quick, sold, home, dump, rows):
    """Killed once the files are written and before the records are: as if only the files had changed."""
    (home / "playbooks" / "ours.yaml").write_text(renamed(OURS))
    (home / "playbooks" / "other.yaml").write_text(OTHER.replace("ours/talk", "ours/chat"))
    move = "handoffctl playbook rename-stage talk chat --playbook ours"
    gone = '2 deals are in the stage "talk", which ours no longer has.'
    for words, code in {("check", "beta"): 5, ("handoff", "beta"): 5, ("list",): 0, ("show", "beta"): 0}.items():
        ran = quick(*words)
        assert (ran.code, move in ran.err) == (code, True), words
    assert [one["move"] for one in quick("list", "--json").json["stages_gone"]] == [move]
    ran = quick("doctor")
    assert (ran.code, f"{gone} Move with: {move}" in ran.out) == (6, True)
    assert (
        quick("playbook", "rename-stage", "talk", "chat", "--playbook", "ours", "--yes", now=WHEN.format(20)).code == 0
    )
    assert quick("doctor").code == 0
    assert rows("SELECT count(*) FROM visit WHERE playbook = 'ours' AND stage = 'talk'") == [(0,)]
    assert quick("check", "beta", "--to", "straight on").code == 0


def test_deals_of_a_stage_that_was_taken_out_move_on_and_the_past_keeps_its_names(quick, sold, home, playbook, rows):
    without = OURS.replace('  talk:          # "talk" is what we call it\n    title: Talk\n    target: 3d\n', "")
    start, end = without.index("handoffs:"), without.index("sla:")
    way = "  - {from: lead, to: won, trigger: Yes., reason: Yes., benefit: The prospect gets it.}\n"
    playbook(without[:start] + "handoffs:\n" + way)
    del end
    before = rows("SELECT deal_id, number, stage, entered_at FROM visit ORDER BY deal_id, number")
    ran = quick("playbook", "rename-stage", "talk", "lost", "--playbook", "ours", "--yes")
    assert ran.code == 6
    assert "Stages that fit: lead" in ran.err
    assert quick("playbook", "rename-stage", "talk", "nowhere", "--playbook", "ours", "--yes").code == 4
    ran = quick(
        "playbook", "rename-stage", "talk", "lead", "--playbook", "ours", "--yes", "--json", now=WHEN.format(20)
    )
    assert (ran.json["deals"], ran.json["past_renamed"], ran.json["files"]) == (2, False, [])
    after = rows("SELECT deal_id, number, stage, entered_at FROM visit ORDER BY deal_id, number")
    assert set(before) < set(after)
    assert [row[2:] for row in after if row not in before] == [("lead", WHEN.format(20))] * 2
    (left,) = quick("doctor", "--json").json["problems"]  # all is in its place but for what led to the stage
    assert 'other.yaml:6: handoffs[0].to: ours has no stage "talk"' in left
    assert quick("check", "beta").code in (0, 3)


@pytest.mark.trial
def test_every_stage_of_every_shipped_playbook_can_be_renamed_in_its_text():
    from handoffctl.playbook.reader import playbook_from_text
    from handoffctl.playbook.renamed_text import with_stage_renamed
    from handoffctl.resources import shipped

    for path in sorted(shipped("playbooks").glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        for stage in playbook_from_text(text, path.name).stages:
            changed = with_stage_renamed(text, path.stem, stage, "übergabe-7")
            after = playbook_from_text(changed, path.name)
            assert stage not in after.stages
            assert [line.count("#") for line in changed.splitlines()] == [line.count("#") for line in text.splitlines()]
            assert with_stage_renamed(changed, path.stem, "übergabe-7", stage) == text


@pytest.mark.parametrize("text", [
    "playbook: ours\r\nstages:\r\n  talk: {}  # ü talk\r\n", "\ufeffplaybook: ours\nstages: {talk: {title: 'ü'}}\n",
    "playbook: ours\nstages: {? talk : {}, 'lost': {kind: lost}}\n", "{playbook: ours, stages: {\"talk\": {}}}",
])  # fmt: skip
def test_whatever_a_file_looks_like_only_the_words_change(text):
    from handoffctl.playbook.renamed_text import with_stage_renamed

    assert with_stage_renamed(text, "ours", "talk", "chat") == text.replace("talk", "chat", 1)


def test_two_stages_of_the_past_are_not_run_together(quick, home):
    """The stage was taken out by hand, and deals went on to the next without it: then came the offered move."""
    quick("playbook", "new", "mine")
    for name in ("Acme", "Birch", "Cedar"):
        quick("add", name, "--playbook", "mine", "--contact", f"Ada <ada@{name.lower()}.example>", now="2026-01-05")
    step = ("--set", "situation=it broke in May", "--step", "call", "--due", "+2d")
    for name in ("acme", "birch"):
        assert quick("handoff", name, *step, now="2026-01-06T09:00:00Z").code == 0
    own = home / "playbooks" / "mine.yaml"
    text = own.read_text(encoding="utf-8")
    begin, end = text.index("  qualified:\n"), text.index("  discovery:\n    title")
    text = text[:begin] + text[end:]
    way = text.index("  - from: qualified")
    text = text[:way] + text[text.index("  - from: discovery", way) :]
    own.write_text(text.replace("to: qualified", "to: discovery"), encoding="utf-8")
    assert quick("playbook", "check", "mine").code == 0
    assert quick("handoff", "cedar", *step, now="2026-01-08T09:00:00Z").code == 0
    then = "2026-01-09T09:00:00Z"
    reports = [("throughput",), ("fields",), ("handoffs",)]
    before = [quick("report", *one, "--playbook", "mine", "--json", now=then).json for one in reports]
    moved = quick("playbook", "rename-stage", "qualified", "discovery", "--playbook", "mine", "--yes",
                  now="2026-01-10T09:00:00Z")  # fmt: skip
    assert moved.code == 0
    assert [quick("report", *one, "--playbook", "mine", "--json", now=then).json for one in reports] == before
    assert quick("doctor", now="2026-01-11").code == 0


def test_a_playbook_with_a_mark_of_its_encoding_is_kept_and_renamed_like_any(quick, home):
    quick("playbook", "new", "mine")
    own = home / "playbooks" / "mine.yaml"
    own.write_bytes(b"\xef\xbb\xbf" + own.read_bytes())
    assert quick("add", "Acme", "--playbook", "mine", now="2026-01-05").code == 0
    assert "cannot be read" not in quick("playbook", "history", "mine").out
    assert quick("playbook", "rename-stage", "qualified", "vetted", "--playbook", "mine", "--yes").code == 0
    own.unlink()
    assert quick("report", "throughput", "--playbook", "mine", now="2026-01-06").code == 0


def test_a_handoff_that_was_read_before_a_stage_was_renamed_is_not_made(quick, home, monkeypatch):
    from handoffctl.handoffs import handoff as handing_off

    quick("playbook", "new", "mine")
    quick("add", "Acme", "--playbook", "mine", "--contact", "Ada <ada@acme.example>", now="2026-01-05")
    own = home / "playbooks" / "mine.yaml"

    def changed_first(home, used, ask=handing_off.refuse_changed):
        own.write_text(own.read_text(encoding="utf-8").replace("qualified", "vetted"), encoding="utf-8")
        ask(home, used)

    monkeypatch.setattr(handing_off, "refuse_changed", changed_first)
    ran = quick("handoff", "acme", "--set", "situation=it broke in May", "--step", "call", now="2026-01-06T09:00:00Z")
    assert (ran.code, "was changed meanwhile" in ran.err) == (3, True)
    assert quick("show", "acme", "--json").json["deals"][0]["stage"] == "lead"


def test_a_trial_and_the_candidate_of_a_playbook_follow_the_stage(does, rows, home):
    does("init", "trim")
    does("add", "Acme Corp", "--playbook", "trim")
    does("trial", "start", "terms.timeline", "--playbook", "trim")
    does("playbook", "rename-stage", "terms", "conditions", "--playbook", "trim", "--yes")
    assert rows("SELECT handoff, item FROM trial") == [("conditions", "timeline")]
    assert "candidate: conditions.timeline" in (home / "playbooks" / "trim.yaml").read_text(encoding="utf-8")
    (trial,) = does("trial", "list", "--playbook", "trim", "--json").json["trials"]
    assert (trial["name"], trial["label"]) == ("conditions.timeline", "Timeline")
    does("playbook", "rename-stage", "conditions", "terms", "--playbook", "trim", "--yes")
    assert rows("SELECT handoff FROM trial") == [("terms",)]
