"""Who drives a deal now, and who drove it before, never in doubt."""

import pytest
from tests.team_playbook import NEXT, NOW, TEAM


@pytest.fixture
def does(does, playbook):
    playbook(TEAM)
    return does


@pytest.fixture
def acme(does):
    does("person", "add", "Mia Berg <mia@we.example>", "--role", "ae", "--away", "2026-03-10..2026-03-12")
    does("person", "add", "Ben Roe", "--role", "ae")
    does("add", "Acme Corp", "--playbook", "team")
    does("set", "acme-corp", "pain=their tool broke")
    return does


def who(does, now=NOW):
    return does("who", "acme-corp", "--json", now=now).json


def drove(found):
    return [(one["owner"], one["stage"], one["from"], one["until"]) for one in (*found["before"], found["now"])]


def test_a_role_drives_from_the_beginning(acme):
    found = who(acme)
    assert (found["driver"]["kind"], found["driver"]["name"], found["driver"]["since"]) == ("role", "sdr", NOW)
    assert (found["stage"], found["step"], found["waiting"], found["before"]) == ("found", None, None, [])
    assert "Acme Corp: sdr (Who finds them), since 2026-03-02 09:00." in acme("who", "acme-corp").out


def test_every_change_of_person_within_a_stage_is_told(acme):
    days = [f"2026-03-{day:02d}" for day in range(3, 10)]
    acme("handoff", "acme-corp", "--to", "look closer", "--to-person", "Ben Roe", now=days[0])
    acme("return", "acme-corp", "--because", "no pain there", now=days[1])
    acme("handoff", "acme-corp", "--to", "talking", "--to-person", "Mia Berg", "--step", "call", "--due", "2026-03-08",
         now=days[2])  # fmt: skip
    acme("handoff", "acme-corp", "--to", "another one", "--to-person", "Ben Roe", now=days[3])
    acme("handoff", "acme-corp", "--to", "another one", "--to-person", "Mia Berg", now=days[4])
    acme("handoff", "acme-corp", "--to", "offer", now=days[5])
    found = who(acme, days[6])
    assert drove(found) == [
        ("sdr", "found", NOW, days[0]), ("Ben Roe", "found", days[0], days[1]), ("sdr", "found", days[1], days[2]),
        ("Mia Berg", "talking", days[2], days[3]), ("Ben Roe", "talking", days[3], days[4]),
        ("Mia Berg", "talking", days[4], days[5]), ("Mia Berg", "offer", days[5], None),
    ]  # fmt: skip
    assert found["driver"]["since"] == days[4]
    assert (found["driver"]["email"], found["driver"]["roles"]) == ("mia@we.example", ["ae"])
    assert found["step"] == {"text": "call", "due": "2026-03-08", "overdue": True}


def test_a_handoff_that_nobody_has_accepted_is_told_until_somebody_does(acme):
    acme("handoff", "acme-corp", "--to", "talking", "--to-person", "Mia Berg", "--step", "call", now=NEXT)
    assert who(acme, NEXT)["waiting"] == {"since": NEXT, "from": "sdr", "to": "Mia Berg"}
    told = acme("who", "acme-corp", now="2026-03-11").out
    assert "Handed to Mia Berg by sdr on 2026-03-03 09:00, not yet accepted." in told
    assert "Mia Berg is away until 2026-03-12." in told
    assert "Next step: call." in told
    acme("accept", "acme-corp", now="2026-03-11")
    assert who(acme, "2026-03-11")["waiting"] is None


def test_within_one_role_there_is_nothing_to_accept(quick):
    quick("add", "Acme Corp", now=NOW)
    words = (
        "--set",
        "situation=their tool broke in May",
        "--set",
        "contact.email=a@acme.example",
        "--step",
        "call",
    )
    assert quick("handoff", "acme-corp", *words, now=NEXT).code == 0
    assert quick("who", "acme-corp", "--json", now=NEXT).json["waiting"] is None


def test_a_closed_deal_still_tells_who_had_it(acme):
    acme("handoff", "acme-corp", "--to", "talking", "--to-person", "Mia Berg", "--step", "call", now="2026-03-03")
    acme("close", "acme-corp", "--lost", "--because", "too dear", now="2026-03-04")
    found = who(acme, "2026-03-05")
    assert (found["kind"], found["driver"]["name"], found["driver"]["since"]) == ("lost", "Mia Berg", "2026-03-03")


def test_an_unknown_account_and_several_deals_are_told_apart(acme):
    assert "No account is called" in acme("who", "nobody", code=4).err
    acme("deal", "add", "acme-corp", "Second")
    assert "acme-corp/second" in acme("who", "acme-corp", code=4).err
    assert "Acme Corp (Second): sdr" not in acme("who", "acme-corp/deal").out


def test_without_its_playbook_it_still_tells_who(acme, home):
    acme("handoff", "acme-corp", "--to", "talking", "--step", "call", now=NEXT)
    (home / "playbooks" / "team.yaml").unlink()
    found = who(acme, NEXT)
    assert (found["driver"]["name"], found["title"]) == ("ae", "Talking")
