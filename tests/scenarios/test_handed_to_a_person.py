"""A finder hands a deal to a colleague who is away; another one takes over, and who has it is never in doubt."""

import pytest

TEAM = """\
playbook: desk
title: A sales desk
roles: {finder: Who finds them, seller: Who sells, support: Who looks after them}
fields:
  pain: {label: What hurts, min_words: 2, why: Without pain nobody buys.}
stages:
  found: {title: Found, owner: finder}
  talks: {title: Talks, owner: seller}
  won: {title: Won, kind: won, owner: support}
  lost: {title: Lost, kind: lost}
handoffs:
  - {from: found, to: talks, required: [pain], next_step: required, trigger: They call., reason: They fit.,
     benefit: They are heard., emails: [introduction]}
  - {from: talks, name: stand in, sender: finder, receiver: seller, trigger: Somebody is away., reason: Work goes on.,
     benefit: Somebody answers.}
  - {from: talks, to: won, trigger: They sign., reason: They said yes., benefit: They know whom to call.}
"""


@pytest.fixture
def does(does, playbook):
    playbook(TEAM)
    return does


def owners(does, now):
    found = does("who", "acme-corp", "--json", now=now).json
    return [one["owner"] for one in (*found["before"], found["now"])]


def test_a_deal_goes_from_a_role_to_a_person_to_her_stand_in_and_on(does):
    does("person", "add", "Mia Berg <mia@we.example>", "--role", "seller", now="2026-03-02")
    does("add", "Acme Corp", "--playbook", "desk", "--contact", "Ada Bell <ada@acme.example>", now="2026-03-02")
    does("set", "acme-corp", "pain=too much paper", now="2026-03-02")

    refused = does("handoff", "acme-corp", "--to-person", "Ben Roe", "--step", "call", now="2026-03-03", code=4)
    assert 'handoffctl person add "Ben Roe" --role seller' in refused.err
    does("person", "add", "Ben Roe", "--role", "seller", now="2026-03-03")
    does("person", "add", "Mia Berg", "--away", "2026-03-03..2026-03-05", now="2026-03-03")

    passed = does("handoff", "acme-corp", "--to-person", "Mia Berg", "--step", "call", "--due", "2026-03-04", "--json",
                  now="2026-03-03")  # fmt: skip
    assert passed.json["handoff"]["to_owner"] == "Mia Berg"
    assert "Mia Berg is away until 2026-03-05." in passed.err
    assert "From here on, Mia Berg, copied here, is your main contact." in passed.json["emails"][0]["body"]
    assert does("list", "--owner", "mia berg", "--json", now="2026-03-03").json["total"] == 1

    does("return", "acme-corp", "--because", "I am at the sea until Friday", now="2026-03-03")
    assert owners(does, "2026-03-03") == ["finder", "Mia Berg", "finder"]
    does("handoff", "acme-corp", "--to-person", "Ben Roe", now="2026-03-04")
    does("accept", "acme-corp", now="2026-03-04")
    does("handoff", "acme-corp", "--to", "stand in", "--to-person", "Mia Berg", now="2026-03-06")
    waiting = does("who", "acme-corp", "--json", now="2026-03-06").json["waiting"]
    assert (waiting["from"], waiting["to"]) == ("Ben Roe", "Mia Berg")

    refused = does("person", "remove", "Mia Berg", now="2026-03-06", code=6)
    assert "still drives 1 open deal" in refused.err
    does("handoff", "acme-corp", "--to", "won", now="2026-03-09")
    assert owners(does, "2026-03-09") == ["finder", "Mia Berg", "finder", "Ben Roe", "Mia Berg", "support"]
    does("person", "remove", "Mia Berg", now="2026-03-09")
    assert owners(does, "2026-03-09")[1] == "Mia Berg"  # what she did stays on record


WITHIN_A_ROLE = """\
playbook: team
title: A team of sellers
roles: {seller: Who sells}
stages:
  lead: {title: Lead, owner: seller}
  won: {title: Won, kind: won}
handoffs:
  - {from: lead, to: won, trigger: They sign., reason: They said yes., benefit: They begin.}
  - {from: lead, name: cover, receiver: seller, trigger: They call while we are away., reason: Somebody must be there.,
     benefit: They need not wait.}
"""


def test_one_person_hands_over_to_another_of_the_same_role(quick, playbook, home, rows):
    playbook(WITHIN_A_ROLE)
    (home / "config.yaml").write_text("playbook: team\n")
    for name in ("Mia Muster", "Ben Beispiel"):
        assert quick("person", "add", name, "--role", "seller").code == 0
    assert quick("add", "Acme").code == 0
    refused = quick("handoff", "acme", "--to", "cover")
    assert refused.code == 3
    assert "Acme is with seller already" in refused.err
    for name in ("Mia Muster", "Ben Beispiel"):
        assert quick("handoff", "acme", "--to", "cover", "--to-person", name).code == 0
        assert rows("SELECT owner FROM visit WHERE ended = 0") == [(name,)]
    assert quick("handoff", "acme", "--to", "cover").code == 3
    told = quick("who", "acme", "--json").json
    assert [one["owner"] for one in told["before"]] == ["seller", "Mia Muster"]
    assert quick("person", "remove", "Mia Muster").code == 0
    assert quick("person", "remove", "Ben Beispiel").code == 6


def test_a_colleague_of_the_same_role_takes_a_deal_over_where_it_is_without_the_playbook_naming_it(quick, rows):
    for name in ("Mia Muster", "Ben Beispiel"):
        assert quick("person", "add", name, "--role", "seller").code == 0
    assert quick("person", "add", "Dan Dritter", "--role", "delivery").code == 0
    assert quick("add", "Acme", now="2026-03-02").code == 0
    assert quick("step", "acme", "call", "--due", "2026-03-05", now="2026-03-02").code == 0
    for name in ("Mia Muster", "Ben Beispiel"):
        done = quick("handoff", "acme", "--to-person", name, "--stay", "--json", now="2026-03-03")
        assert (done.code, done.json["handed_off"], done.json["missing"]) == (0, True, [])
        assert rows("SELECT stage, owner FROM visit") == [("lead", name)]
        assert rows("SELECT owner FROM step") == [(name,)]
    assert quick("handoff", "acme", "--to-person", "Ben Beispiel", "--stay").code == 3
    assert quick("handoff", "acme", "--to-person", "Dan Dritter", "--stay").code == 6
    assert quick("handoff", "acme", "--stay").code == 2
    assert quick("handoff", "acme", "--to-person", "Mia Muster", "--stay", "--to", "qualified").code == 2
    told = quick("who", "acme", "--json", now="2026-03-04").json
    assert [one["owner"] for one in told["before"]] == ["seller", "Mia Muster"]
    assert told["waiting"]["from"] == "Mia Muster"
    assert quick("return", "acme", "--because", "I am away, too", now="2026-03-04").code == 0
    assert rows("SELECT owner FROM visit") == [("Mia Muster",)]
    assert quick("report", "handoffs", now="2026-03-05").code == 0
    assert quick("report", "fields", now="2026-03-05").code == 0
