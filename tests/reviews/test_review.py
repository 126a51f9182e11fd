"""The agenda for meeting the receivers: what they were handed, what came back, what is usually missing; remembered."""

import pytest
from tests.team_playbook import TEAM

SOLO = ("--set", "situation=their old tool broke in May", "--set", "contact.email=a@acme.example", "--step", "call her")


@pytest.fixture
def does(does, playbook):
    playbook(TEAM)
    return does


def account(does, name, now, *handoff, pain=True):
    slug = does("add", name, "--playbook", "team", now=now).out.strip()
    if pain:
        does("set", slug, "pain=their tool broke", now=now)
    if handoff:
        does("handoff", slug, "--to", "talking", *handoff, now=now)
    return slug


def review(does, *words, now):
    return does("review", *words, "--json", now=now).json


def receivers(found):
    return {one["receiver"]: one for one in found["receivers"]}


def handed(found, receiver="ae"):
    return [one["ref"] for one in receivers(found).get(receiver, {"handed": []})["handed"]]


def fresh(found, receiver="ae"):
    """Without what was carried over."""
    return [one["ref"] for one in receivers(found)[receiver]["handed"] if not one["carried"]]


def test_what_was_handed_over_before_is_carried_over_while_there_is_something_to_talk_about(does):
    day, now = "2026-02-02", "2026-03-04"
    does("person", "add", "Mia Berg", "--role", "ae", now=day)
    slugs = {
        name: account(does, name, day, "--step", "call", "--due", "2026-04-01")
        for name in ("Waiting", "Accepted", "Bare", "Late", "Lost", "Returned", "Passed", "Offered")
    }
    for name in ("Accepted", "Bare", "Late", "Lost"):
        does("accept", slugs[name], now=day)
    does("step", "bare", "--done", now="2026-02-03")
    does("step", "late", "call again", "--due", "2026-03-01", now="2026-02-03")
    does("step", "lost", "--done", now="2026-02-03")
    does("close", "lost", "--lost", "--because", "too dear", now="2026-02-03")
    does("return", "returned", "--because", "not for us", now="2026-02-03")
    does("handoff", "passed", "--to", "another one", "--to-person", "Mia Berg", now="2026-02-03")
    does("handoff", "offered", "--to", "offer", now="2026-02-03")  # its receiver went on with it
    account(does, "New", "2026-03-02", "--step", "call", "--due", "2026-04-01")
    found = review(does, now=now)
    assert [(one["ref"], one["carried"]) for one in receivers(found)["ae"]["handed"]] == [
        ("new", False), ("bare", True), ("late", True), ("waiting", True),
    ]  # fmt: skip
    assert handed(found, "Mia Berg") == ["passed"]
    told = does("review", now=now).out
    assert "since 2026-02-02" in told
    assert "since: carried over from before" in told
    csv = does("review", "--csv", now=now).out.splitlines()
    assert csv[0].endswith(",carried")
    assert [line.rpartition(",")[2] for line in csv[1:5]] == ["no", "yes", "yes", "yes"]


def test_a_deal_that_was_won_is_not_carried_over_for_want_of_a_step(does):
    account(does, "Acme", "2026-02-02", "--step", "call")
    does("handoff", "acme", "--to", "offer", now="2026-02-03")
    does("accept", "acme", now="2026-02-03")
    does("close", "acme", "--won", now="2026-02-04")
    assert review(does, now="2026-03-04")["receivers"] == []


def test_a_review_looks_back(does):
    assert "still to come" in does("review", "--since", "+1d", now="2026-03-04", code=6).err


def test_without_a_step_first_then_what_is_overdue_then_by_date(does):
    day = "2026-03-02"
    account(does, "Late", day, "--step", "call", "--due", "2026-03-03")
    account(does, "Soon", day, "--step", "call", "--due", "2026-03-06")
    account(does, "Later", day, "--step", "call", "--due", "2026-03-09")
    account(does, "Bare", day, "--set", "budget=100")
    account(does, "Dateless", day, "--step", "call")
    found = review(does, now="2026-03-04")
    assert handed(found) == ["bare", "late", "soon", "later", "dateless"]
    bare, late = receivers(found)["ae"]["handed"][:2]
    assert (bare["step"], bare["overdue"], bare["accepted_at"]) == (None, False, None)
    assert (late["step"], late["overdue"]) == ({"text": "call", "due": "2026-03-03"}, True)
    assert (late["from"], late["stage"], late["handed_at"]) == ("sdr", "talking", day)
    told = does("review", now="2026-03-04")
    assert "NONE: agree one" in told.out.splitlines()[5]
    assert 'Without a step: handoffctl step bare "TEXT" --due +3d' in told.out


def test_it_is_of_what_is_still_theirs_and_went_from_one_to_another(does):
    account(does, "Acme", "2026-03-02", "--step", "call")
    account(does, "Gone", "2026-03-02", "--step", "call")
    account(does, "Lost", "2026-03-02", "--step", "call")
    does("handoff", "acme", "--to", "offer", now="2026-03-03")  # within the same role
    does("person", "add", "Mia Berg", "--role", "ae", now="2026-03-03")
    does("handoff", "gone", "--to", "another one", "--to-person", "Mia Berg", now="2026-03-03")
    does("close", "lost", "--lost", "--because", "too dear", now="2026-03-03")
    found = review(does, now="2026-03-04")
    assert (handed(found), handed(found, "Mia Berg")) == (["acme"], ["gone"])
    assert [(one["receiver"], one["kind"]) for one in found["receivers"]] == [("ae", "role"), ("Mia Berg", "person")]
    assert (receivers(found)["ae"]["handed"][0]["handed_at"], receivers(found)["Mia Berg"]["handed"][0]["from"]) == (
        "2026-03-02", "ae",
    )  # fmt: skip


def test_of_a_solo_seller_everything_handed_on_counts(quick):
    quick("add", "Acme Corp", now="2026-03-02")
    assert quick("handoff", "acme-corp", *SOLO, now="2026-03-03").code == 0
    (one,) = quick("review", "--json", now="2026-03-04").json["receivers"]
    assert (one["receiver"], one["handed"][0]["from"], one["handed"][0]["stage"]) == ("seller", "seller", "qualified")


def test_what_came_back_is_told_with_why_and_what_was_missing(does):
    account(does, "Acme", "2026-03-02", "--step", "call")
    does("return", "acme", "--because", "nobody knows what they can pay", "--missing", "budget", now="2026-03-03")
    found = review(does, now="2026-03-04")
    (back,) = receivers(found)["ae"]["returned"]
    assert (back["ref"], back["because"], back["returned_at"]) == (
        "acme",
        "nobody knows what they can pay",
        "2026-03-03",
    )
    assert back["missing"] == [{"name": "budget", "label": "Budget"}]
    assert handed(found) == []
    assert receivers(found)["ae"]["usually_missing"] == [
        {"name": "budget", "label": "Budget", "missing": 1, "of": 1},
    ]  # fmt: skip


def test_usually_missing_counts_first_tries_only(does):
    for name in ("One", "Two", "Three"):
        slug = account(does, name, "2026-03-02", pain=False)
        for _ in range(2):
            does("handoff", slug, "--to", "talking", now="2026-03-02", code=3)
    account(does, "Four", "2026-03-02", "--step", "call")
    missing = receivers(review(does, now="2026-03-04"))["ae"]["usually_missing"]
    assert missing == [{"name": "pain", "label": "Pain", "missing": 3, "of": 4}]


def test_it_looks_back_to_the_last_review_on_an_earlier_day_and_says_so(does, rows):
    account(does, "Old", "2026-02-20", "--step", "call")
    account(does, "Acme", "2026-02-26", "--step", "call")
    first = review(does, now="2026-03-02T10:00:00Z")
    assert (first["since"], first["last_review"], fresh(first)) == ("2026-02-23", None, ["acme"])
    account(does, "Second", "2026-03-02T12:00:00Z", "--step", "call")
    again = review(does, now="2026-03-02T15:00:00Z")
    assert (again["since"], fresh(again)) == ("2026-02-23", ["acme", "second"])
    assert rows("SELECT receiver, at FROM review") == [("", "2026-03-02T10:00:00Z")]
    assert rows("SELECT c.says, c.final FROM command AS c JOIN review AS r ON r.command_id = c.id") == [("", None)]
    following = review(does, now="2026-03-09")
    assert (following["since"], fresh(following)) == ("2026-03-02T10:00:00Z", ["second"])
    assert "Since the last review on 2026-03-02 10:00." in does("review", now="2026-03-09").out
    asked = review(does, "--since", "2026-02-01", now="2026-03-09")
    assert (asked["since"], asked["last_review"], handed(asked)) == (
        "2026-02-01", "2026-03-02T10:00:00Z", ["old", "acme", "second"],
    )  # fmt: skip
    assert "as asked" in does("review", "--since", "2026-02-01", now="2026-03-09").out
    assert rows("SELECT count(*) FROM review") == [(2,)]
    past = review(does, now="2026-03-01")
    assert past["last_review"] is None


def test_it_is_not_in_the_log_and_undo_passes_over_it(does):
    account(does, "Acme", "2026-03-02", "--step", "call")
    before = does("log", now="2026-03-03").out
    review(does, now="2026-03-03")
    assert does("log", now="2026-03-03").out == before


def test_a_review_with_one_covers_them_alone_and_one_with_all_covers_them_too(does):
    does("person", "add", "Mia Berg", "--role", "ae", now="2026-02-20")
    account(does, "Acme", "2026-02-26", "--step", "call", "--to-person", "Mia Berg")
    assert review(does, "--for", "mia berg", now="2026-03-02")["for"] == "Mia Berg"
    assert review(does, now="2026-03-03")["last_review"] is None
    assert review(does, "--for", "Mia Berg", now="2026-03-04")["last_review"] == "2026-03-03"
    assert review(does, "--for", "ae", now="2026-03-05")["last_review"] == "2026-03-03"
    assert review(does, "--for", "Mia Berg", now="2026-03-06")["last_review"] == "2026-03-05"


def test_a_role_comes_with_its_people(does):
    does("person", "add", "Mia Berg", "--role", "ae", now="2026-02-20")
    account(does, "Acme", "2026-03-02", "--step", "call", "--to-person", "Mia Berg")
    account(does, "Bolt", "2026-03-02", "--step", "call")
    found = review(does, "--for", "AE", now="2026-03-03")
    assert [one["receiver"] for one in found["receivers"]] == ["ae", "Mia Berg"]
    assert (handed(found), handed(found, "Mia Berg")) == (["bolt"], ["acme"])
    assert list(receivers(review(does, "--for", "mia berg", now="2026-03-03"))) == ["Mia Berg"]
    assert 'did you mean "Mia Berg"' in does("review", "--for", "Mia Borg", now="2026-03-03", code=4).err
    nothing = does("review", "--for", "sdr", now="2026-03-03")
    assert "sdr: nothing was handed over" in nothing.out


def test_test_accounts_are_left_out_and_an_empty_home_stays_empty(does, home):
    does("review", now="2026-03-02")
    assert not (home / "handoffctl.db").exists()
    does("add", "Drill Inc", "--playbook", "team", "--test", now="2026-03-02")
    does("set", "drill-inc", "pain=it hurts a lot", now="2026-03-02")
    does("handoff", "drill-inc", "--to", "talking", "--step", "call", now="2026-03-02")
    assert review(does, now="2026-03-03")["receivers"] == []


def test_where_nothing_can_be_written_it_is_shown_all_the_same(does, monkeypatch):
    from handoffctl.errors import Refused
    from handoffctl.workspace.home import Home

    account(does, "Acme", "2026-03-02", "--step", "call")

    def writing(home):
        raise Refused(f"{home.database} cannot be written to.")

    monkeypatch.setattr(Home, "writing", writing)
    told = does("review", now="2026-03-03")
    assert "acme" in told.out
    assert "This review was not remembered: " in told.err


def test_it_comes_as_markdown_and_csv_with_names_made_harmless(does):
    account(does, "=Acme|\x1b[31m*", "2026-03-02", "--step", "=1+1")
    as_markdown = does("review", "--markdown", now="2026-03-03").out
    assert as_markdown.startswith("## Review\n")
    assert "=Acme\\|" in as_markdown
    lines = does("review", "--csv", now="2026-03-03").out.splitlines()
    assert lines[0].startswith("receiver,kind,about,account,deal")
    assert ",'=1+1," in lines[1]
    assert "\x1b" not in as_markdown + "".join(lines)
    assert does("review", "--csv", "--json", now="2026-03-03", code=2).err


def test_many_deals_take_no_more_questions(does, monkeypatch):
    from handoffctl.db import query as query

    asked = []
    plain = query.query_connection.__call__
    monkeypatch.setattr(
        query.query_connection, "__call__", lambda self, sql, /, **named: asked.append(sql) or plain(self, sql, **named)
    )
    counts = []
    for number in range(3):
        account(does, f"Acme {number}", "2026-03-02", "--step", "call")
        account(does, f"Bolt {number}", "2026-03-02", "--step", "call")
        does("return", f"bolt-{number}", "--because", "nobody is there", "--missing", "budget", now="2026-03-02")
        does("review", now="2026-03-03")
        asked.clear()
        does("review", now="2026-03-03")
        counts.append(len(asked))
    assert len(set(counts)) == 1
