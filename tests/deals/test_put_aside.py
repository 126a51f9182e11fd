"""A deal that was put aside still takes what happens with the client; what needs an open deal asks for `reopen`."""

import pytest

NOW = "2026-03-05T09:00:00Z"
LATER = "2026-04-09T09:00:00Z"


@pytest.fixture
def acme(does, once):
    def make():
        does("add", "Acme Corp", "--contact", "Ada Bell <ada@acme.example>")
        does("summary", "draft", "acme-corp", "--set", "situation=orders come by phone")
        does("summary", "sent", "acme-corp")
        does("close", "acme-corp", "--nurture", "--because", "not before summer", "--wake", "2026-06-01")

    once(make)
    return "acme-corp"


@pytest.mark.parametrize(
    "words",
    [
        ("touch", "acme-corp", "call", "she is back in June", "--out"),
        ("set", "acme-corp", "budget=12,500"),
        ("set", "acme-corp", "contact.title=COO"),
        ("contact", "add", "acme-corp", "Bo Lind <bo@acme.example>"),
        ("promise", "add", "acme-corp", "the price list", "--by", "2026-05-04"),
        ("value", "add", "acme-corp", "+", "the trial month went well"),
        ("step", "acme-corp", "send the price list", "--due", "2026-05-04"),
        ("summary", "confirm", "acme-corp"),
        ("summary", "correct", "acme-corp", "situation=orders come by phone and fax"),
    ],
    ids=lambda words: (
        " ".join(words[:2]) if words[0] in ("summary", "promise", "value", "contact") else " ".join(words)
    ),
)
def test_what_happens_with_the_client_is_recorded(does, acme, words):
    does(*words, now=LATER)
    deal = does("show", acme, "--json", now=LATER).json["deals"][0]
    assert deal["kind"] == "nurture"


@pytest.mark.parametrize(
    "words",
    [
        ("handoff", "acme-corp"),
        ("check", "acme-corp"),
        ("meeting", "book", "acme-corp", "--at", "2026-05-04T10:00"),
    ],
    ids=" ".join,
)
def test_what_needs_an_open_deal_says_how_to_take_it_up_again(does, acme, words, dump):
    before = dump()
    refused = does(*words, now=LATER, code=4)
    assert refused.err == (
        "Acme Corp has no open deal; one is put aside.\nTake it up again first: handoffctl reopen acme-corp\n"
    )
    assert dump() == before


def test_the_open_deal_comes_first(does, acme):
    does("deal", "add", acme, "Fleet")
    does("touch", acme, "call", "about the fleet", now=LATER)
    deals = {deal["deal"]: deal for deal in does("show", acme, "--json", now=LATER).json["deals"]}
    assert deals["fleet"]["kind"] == "open"
    assert {name: deal["touches"] for name, deal in deals.items() if deal["touches"]} == {"fleet": 1}


def test_touches_while_it_was_put_aside_are_no_attempts_of_the_follow_up(does, acme):
    for day in range(1, 4):
        does("touch", acme, "call", "--out", now=f"2026-04-0{day}T09:00:00Z")
    does("reopen", acme, now=LATER)
    assert does("check", acme, "--json", now=LATER, code=3).json["follow_up"]["attempts"] == 0


WITHOUT_A_GATE = """\
playbook: plain
stages: {talk: {}, won: {kind: won}, lost: {kind: lost}, later: {kind: nurture}}
handoffs: [{from: talk, to: won, trigger: They sign., reason: It fits., benefit: It goes on.}]
"""


ASIDE = ("--nurture", "--because", "not before summer", "--wake", "2026-06-01")


@pytest.fixture
def bo(does, playbook):
    """An account with a deal for each way in which one ended: put aside, or won; `open` leaves it open."""
    playbook(WITHOUT_A_GATE)

    def make(*ends):
        does("add", "Bo Corp", "--playbook", "plain", "--no-deal")
        for number, end in enumerate(ends):
            does("deal", "add", "bo-corp", f"Deal {number}", "--playbook", "plain")
            if end == "won":
                does("handoff", f"bo-corp/deal-{number}", "--step", "call them", "--due", "2026-05-04")
            elif end == "aside":
                does("close", f"bo-corp/deal-{number}", *ASIDE)
        return "bo-corp"

    return make


WRITES = (
    ("touch", "bo-corp", "call", "about the price", "--out"),
    ("set", "bo-corp", "deal.amount=500"),
    ("step", "bo-corp", "call them", "--due", "2026-05-04"),
    ("promise", "add", "bo-corp", "a price"),
    ("value", "add", "bo-corp", "+", "it works"),
    ("summary", "confirm", "bo-corp"),
)


@pytest.mark.parametrize("ends", [("aside", "open", "open"), ("won", "open", "open"), ("aside", "aside", "won")])
@pytest.mark.parametrize("words", WRITES, ids=lambda words: " ".join(words[:2]))
def test_where_several_could_be_meant_nothing_is_recorded(does, bo, dump, ends, words):
    bo(*ends)
    before = dump()
    refused = does(*words, code=4)
    assert refused.err.splitlines()[0] == '"bo-corp" could be several.'
    assert dump() == before


@pytest.mark.parametrize(
    ("ends", "meant"),
    [(("won", "aside", "open"), 2), (("won", "aside", "won"), 1), (("won",), 0), (("aside", "open", "won"), 1)],
)
def test_open_comes_before_put_aside_and_that_before_won(does, bo, rows, ends, meant):
    bo(*ends)
    does(*WRITES[0])
    assert rows("SELECT d.slug FROM touch AS t JOIN deal AS d ON d.id = t.deal_id") == [(f"deal-{meant}",)]
