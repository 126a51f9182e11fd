"""Reasons that can be counted: names of the playbook's own lists for returns and for deals that ended."""

import pytest

NOW = "2026-03-05T12:00:00Z"

PAIR = """\
playbook: pair
fields:
  situation: {summary: current situation}
stages:
  lead: {title: Lead, owner: sdr}
  talk: {title: Talk, owner: ae}
  won: {title: Won, kind: won}
  lost: {title: Lost, kind: lost}
  later: {title: Later, kind: nurture}
handoffs:
  - {from: lead, to: talk, trigger: They come., reason: They fit., benefit: They are heard.}
reasons:
  return: {too-early: It came too early, no-fit: It is no fit}
  lost: {price: Too expensive, rival: They chose another firm}
"""


@pytest.fixture
def acme(does, playbook):
    playbook(PAIR)
    does("add", "Acme Corp", "--playbook", "pair", now="2026-03-02")
    does("handoff", "acme-corp", now="2026-03-03")


def test_a_return_is_recorded_by_name_and_shown_in_the_words_of_the_playbook(does, acme, rows):
    does("return", "acme-corp", "--as", "too-early")
    assert rows("SELECT state, reason, because FROM handoff") == [("returned", "too-early", "It came too early")]
    deal = does("show", "acme-corp", "--json").json["deals"][0]
    assert (deal["reason"], deal["reason_title"], deal["because"]) == (
        "too-early", "It came too early", "It came too early",
    )  # fmt: skip
    assert [stay["reason"] for stay in deal["stays"]] == [None, None, "too-early"]
    assert "returned Acme Corp to sdr in Lead: It came too early\n" in does("log", "acme-corp").out


def test_words_may_stand_beside_the_name(does, acme, rows):
    does("return", "acme-corp", "--as", "IT CAME TOO EARLY", "--because", "they move in May")
    assert rows("SELECT reason, because FROM handoff") == [("too-early", "they move in May")]
    shown = does("show", "acme-corp").out
    assert "  reason     It came too early\n  because    they move in May\n" in shown
    assert "in Lead: It came too early: they move in May" in does("log", "acme-corp").out


def test_a_loss_is_recorded_by_name_and_undone(does, acme, rows):
    closed = does("close", "acme-corp", "--lost", "--as", "price", "--json").json
    assert closed["reason"] == "price"
    assert rows("SELECT reason, because FROM visit WHERE disposition = 'lost'") == [("price", "Too expensive")]
    assert "  because    Too expensive\n" in does("show", "acme-corp").out
    does("undo", "--yes")
    assert rows("SELECT count(*) FROM visit WHERE reason IS NOT NULL") == [(0,)]


def test_reasons_pass_through_an_export(does, acme, home, rows, tmp_path):
    does("return", "acme-corp", "--as", "too-early")
    does("close", "acme-corp", "--lost", "--as", "rival")
    file = tmp_path / "all.json"
    file.write_text(does("export").out, encoding="utf-8")
    (home / "handoffctl.db").unlink()
    does("import", str(file))
    assert rows("SELECT reason FROM handoff") == [("too-early",)]
    assert rows("SELECT reason FROM visit WHERE reason IS NOT NULL") == [("rival",)]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (
            ("return", "acme-corp", "--as", "to-early"), 6,
            'No reason for a return is called "to-early" (did you mean "too-early"?); there are: too-early, no-fit.',
        ),
        (
            ("close", "acme-corp", "--lost", "--as", "tea"), 6,
            'No reason for a lost deal is called "tea"; there are: price, rival.',
        ),
        (
            ("close", "acme-corp", "--nurture", "--as", "tea"), 6,
            "The playbook pair has no list of reasons for a deal put aside.",
        ),
        (("close", "acme-corp", "--won", "--as", "price"), 2, "--as says why a deal ended otherwise than as won."),
        (("close", "acme-corp", "--lost", "--as", "price", "--because", "tbd"), 2, "To close as lost needs a reason."),
        (("return", "acme-corp"), 2, "A return needs a reason."),
        (("return", "acme-corp", "--because", ""), 6, "Nothing, and a return needs a reason."),
        (("close", "acme-corp", "--lost"), 2, 'Add one: --as price, or --because "they chose another firm"'),
    ],
)  # fmt: skip
def test_what_is_no_reason_is_refused_in_one_sentence(does, acme, dump, words, code, said):
    before = dump()
    assert said in does(*words, code=code).err.splitlines()
    assert dump() == before


def test_on_a_terminal_the_reasons_are_offered_by_number(acme, sits, rows):
    screen = sits("return", "acme-corp", now=NOW)
    screen.sees("Why does it come back?").sees("1. It came too early").sees("3. something else").types("2")
    assert screen.ends() == 0
    assert rows("SELECT reason, because FROM handoff") == [("no-fit", "It is no fit")]


def test_something_else_is_said_in_words(acme, sits, rows):
    screen = sits("close", "acme-corp", "--lost", now=NOW)
    screen.sees("Why?").sees("3. something else").types("3").sees("In a few words:").types("they went bankrupt")
    assert screen.ends() == 0
    assert rows("SELECT reason, because FROM visit WHERE disposition = 'lost'") == [(None, "they went bankrupt")]


def test_a_playbook_shows_its_reasons_and_is_checked(does, playbook):
    playbook(PAIR)
    assert (
        "  lost    price - Too expensive\n          rival - They chose another firm\n"
        in does("playbook", "show", "pair").out
    )
    described = does("playbook", "show", "pair", "--json").json["reasons"]
    assert described == {
        "return": {"too-early": "It came too early", "no-fit": "It is no fit"},
        "lost": {"price": "Too expensive", "rival": "They chose another firm"},
    }
    playbook(PAIR.replace("It is no fit", "it came too early").replace("  later: {title: Later, kind: nurture}\n", "")
             + "  nurture: {next-year: Not before next year}\n")  # fmt: skip
    faults = does("playbook", "check", "pair", code=5).err
    assert '"no-fit" says the same as "too-early"' in faults
    assert "no stage is of kind nurture" in faults
