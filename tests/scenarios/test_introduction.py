"""The introduction: before and after the owner changes, in a firm of one, and where nobody new takes over."""

import pytest

NOW = "2026-03-05T11:00:00Z"
LATER = "2026-03-12T12:00:00Z"

FIRM = """\
playbook: firm
roles: {finder: Finds them and digs, seller: Works out what solves it, success: Looks after them}
fields:
  situation: {label: Situation, ask: How is it done today?, summary: current situation}
  secret: {label: Secret}
criteria:
  met: {introduced: seller}
stages:
  first-call: {title: First call, owner: finder}
  solution: {title: Solution, owner: seller}
  signed: {title: Signed, kind: won, owner: success}
  lost: {title: Lost, kind: lost}
handoffs:
  - {from: first-call, to: solution, trigger: They come., reason: They fit., benefit: They are heard.,
     required: [met], emails: [introduction]}
  - {from: solution, to: signed, trigger: They sign., reason: They said yes., benefit: They get it.,
     emails: [introduction]}
"""


@pytest.fixture
def acme(does, playbook, home):
    playbook(FIRM)
    (home / "config.yaml").write_text("me: {name: Sam Ortiz, email: sam@we.example, signature: Sam}\n")
    does("add", "Acme Corp", "--playbook", "firm", "--contact", "Jane Doe <jane@acme.example>")
    does("set", "acme-corp", "situation=three phone orders a week get lost", "secret=they are broke")


@pytest.fixture
def team(does, acme):
    does("person", "add", "Alan Reed <alan@we.example>", "--role", "seller", "--intro", "Alan has done it before.")
    does("person", "add", "Mia Park", "--role", "success")
    does("person", "add", "Sam Ortiz", "--role", "finder")


def introduction(does, *words, **more):
    mail = does("email", "introduction", "acme-corp", *words, "--json", **more).json
    text = mail["subject"] + mail["body"]
    for internal in ("they are broke", "Finds them", "Works out", "Looks after", "seller", "finder", "success"):
        assert internal not in text
    return mail


def test_before_the_meeting_the_colleague_joins_and_after_the_handoff_is_the_contact(does, team):
    book = ("meeting", "book", "acme-corp", "--at", "2026-03-12T10:00:00Z", "--with", "Jane Doe")
    assert "email introduction acme-corp --for 'Alan Reed'" in does(*book, "--with", "Alan Reed").err
    for words in ((), ("--for", "Alan Reed"), ("--for", "seller")):
        before = introduction(does, *words)
        assert "Alan Reed, copied here, will join us." in before["body"]
        assert "Alan has done it before" in before["body"]
        assert "three phone orders a week get lost" in before["body"]
    does("meeting", "held", "acme-corp", now=LATER)
    assert "will join us" in introduction(does, now=LATER)["body"]  # the owner has not changed yet
    passed = does("handoff", "acme-corp", "--to-person", "Alan Reed", "--json", now=LATER).json
    assert "is your main contact" in passed["emails"][0]["body"]
    for words in ((), ("--for", "Alan Reed")):
        after = introduction(does, *words, now=LATER)
        assert (after["subject"], "will join" in after["body"]) == ("Alan is your contact from here", False)
    # The next one is introduced once she comes to a meeting, or when she is named.
    assert "Mia Park will join us" in introduction(does, "--for", "Mia Park", now=LATER)["body"]
    does("meeting", "book", "acme-corp", "--at", "2026-03-20T10:00:00Z", "--with", "success", now=LATER)
    assert "Mia Park will join us" in introduction(does, now=LATER)["body"]


def test_a_firm_of_one_writes_that_it_goes_on_with_me(does, acme):
    does("meeting", "book", "acme-corp", "--at", "2026-03-12T10:00:00Z", "--subject", "our kickoff")
    body = introduction(does)["body"]
    assert "I'll be looking after this myself" in body
    assert "the invitation for our kickoff" in body
    does("person", "add", "Sam Ortiz", "--role", "finder", "--role", "seller")
    assert "I'll be looking after this myself" in introduction(does)["body"]


def test_who_has_the_deal_already_is_not_introduced(does, team):
    does("person", "add", "Kim Vale", "--role", "finder", "--role", "seller")
    does("handoff", "acme-corp", "--to-person", "Kim Vale", "--stay")
    for words in ((), ("--for", "Kim Vale"), ("--for", "seller")):
        told = does("email", "introduction", "acme-corp", *words, code=3).err
        assert told.startswith("Kim Vale has Acme Corp already, so there is nobody to introduce.\n")
    # A booking with her offers none either, and the handoff that leaves the deal with her writes none.
    book = ("meeting", "book", "acme-corp", "--at", "2026-03-12T10:00:00Z", "--with", "Kim Vale", "--with", "Jane Doe")
    assert "introduction" not in does(*book, "--for", "solution").err
    does("meeting", "held", "acme-corp", now=LATER)
    passed = does("handoff", "acme-corp", "--json", now=LATER).json
    assert (passed["handoff"]["to_owner"], passed["emails"]) == ("seller", [])


def test_a_role_that_several_people_have_is_not_introduced_as_anybody(does, team):
    does("person", "add", "Ben Lind", "--role", "seller")
    told = does("email", "introduction", "acme-corp", code=3).err
    assert told.startswith("It is not known who takes Acme Corp over as seller, so nobody can be introduced.\n")
    assert '--for "Alan Reed"' in told
    assert "Ben Lind will join us" in introduction(does, "--for", "Ben Lind")["body"]
    does("meeting", "book", "acme-corp", "--at", "2026-03-06T10:00:00Z", "--with", "seller")
    does("meeting", "held", "acme-corp", now=LATER)
    passed = does("handoff", "acme-corp", "--json", now=LATER)
    assert passed.json["emails"] == []
    assert "No e-mail introduction: It is not known who takes Acme Corp over as seller" in passed.err


def test_who_took_the_deal_over_does_not_introduce_themselves(does, team):
    does("meeting", "book", "acme-corp", "--at", "2026-03-06T10:00:00Z", "--with", "seller")
    does("meeting", "held", "acme-corp", now=LATER)
    does("handoff", "acme-corp", "--to-person", "Alan Reed", now=LATER)
    does("person", "add", "Alan Reed", "--role", "seller", "--role", "success", now=LATER)
    assert introduction(does, now=LATER)["subject"] == "Alan is your contact from here"


def test_no_mail_about_a_no_show_names_what_is_internal(does, team):
    does("meeting", "book", "acme-corp", "--at", "2026-03-12T10:00:00Z", "--with", "Jane Doe", "--with", "Alan Reed")
    told = does("meeting", "no-show", "acme-corp", now=LATER).err
    assert "handoffctl email no-show acme-corp" in told
    mail = does("email", "no-show", "acme-corp", "--json", now=LATER).json
    assert mail["body"].startswith("Hi Jane,\n\nSorry we missed each other today.")
    assert "find a new date" not in mail["subject"] + mail["body"]
