"""The throughput report as of an earlier moment, where what was said later must not be known yet."""

import pytest

PERSON = """\
playbook: person
roles: {sdr: You, ae: You too}
fields: {size: {label: Size, of: account, why: To know.}}
stages:
  lead: {title: Lead, owner: sdr}
  won: {title: Won, kind: won}
handoffs:
  - {from: lead, name: over, sender: sdr, receiver: ae, trigger: They ask., reason: It fits., benefit: They gain.}
  - {from: lead, to: won, trigger: {says: Size is known., when: [size]}, reason: Yes., benefit: They gain.}
"""


@pytest.fixture
def acme(playbook, quick):
    playbook(PERSON)
    quick("add", "Acme", "--playbook", "person", now="2026-01-01T09:00:00Z")


def groups(quick, by, now):
    told = quick("report", "throughput", "--by", by, "--json", now=now).json
    return {name: one["entered"] for name, one in told["stages"][0]["by"].items()}


def test_a_stay_has_the_owner_it_had_then(acme, quick):
    quick("handoff", "acme", "--to", "over", now="2026-01-05T09:00:00Z")
    quick("return", "acme", "--because", "nobody there knows what for", now="2026-01-07T09:00:00Z")
    assert groups(quick, "owner", "2026-01-03T09:00:00Z") == {"sdr": 1}
    assert groups(quick, "owner", "2026-01-06T09:00:00Z") == {"ae": 1}
    assert groups(quick, "owner", "2026-01-08T09:00:00Z") == {"sdr": 1}


def test_a_deal_has_the_source_that_was_known_then(acme, quick):
    quick("set", "acme", "deal.source=web", now="2026-01-02T09:00:00Z")
    quick("set", "acme", "deal.source=fair", now="2026-01-05T09:00:00Z")
    assert groups(quick, "source", "2026-01-01T10:00:00Z") == {"unknown": 1}
    assert groups(quick, "source", "2026-01-03T09:00:00Z") == {"web": 1}
    assert groups(quick, "source", "2026-01-06T09:00:00Z") == {"fair": 1}


def test_a_trigger_met_by_what_happened_earlier_was_seen_then(quick, playbook):
    playbook(PERSON.replace("when: [size]", "when: [{meeting: held}]"))
    quick("add", "Late", "--playbook", "person", now="2026-01-01")
    quick("touch", "late", "meeting", "--outcome", "held", "--at", "2026-01-02", now="2026-01-12T00:00:00Z")
    (one,) = quick("report", "missed", "--json", now="2026-01-14T00:00:00Z").json["waiting"]
    assert (one["seen_at"], one["days"]) == ("2026-01-02", 12.0)
    early = quick("touch", "late", "call", "--trigger", "won", "--at", "2025-12-24", now="2026-01-15")
    assert (early.code, "came to where it is on 2026-01-01" in early.err) == (6, True)


def test_what_is_true_of_the_account_is_noticed_in_all_its_deals(acme, quick, rows):
    quick("deal", "add", "acme", "Second", "--playbook", "person", now="2026-01-02T09:00:00Z")
    quick("set", "acme/deal", "size=90", now="2026-01-03T09:00:00Z")
    assert rows("SELECT at FROM sighting") == [("2026-01-03T09:00:00Z",)] * 2


def test_a_drill_hides_nothing_that_was_missed(acme, quick, rows, home):
    import sqlite3

    quick("set", "acme", "size=90", now="2026-01-03T09:00:00Z")
    with sqlite3.connect(home / "handoffctl.db") as connection:
        connection.execute("DELETE FROM sighting")  # as if it had come with an import
    before = quick("report", "missed", "--json", now="2026-01-05T09:00:00Z").json
    assert [one["seen_at"] for one in before["waiting"]] == [None]
    quick("add", "Drill", "--test", now="2026-01-06T09:00:00Z")
    assert quick("report", "missed", "--json", now="2026-01-05T09:00:00Z").json == before


def test_no_page_is_made_where_the_database_belongs(quick, home, tmp_path):
    home.mkdir()
    ran = quick("report", "all", "--html", str(home / "handoffctl.db"))
    assert (ran.code, "is where the database belongs" in ran.err) == (6, True)
    assert not (home / "handoffctl.db").exists()


def test_a_window_that_is_still_to_come_says_so(acme, quick):
    ran = quick("report", "throughput", "--since", "tomorrow", now="2026-01-05")
    assert "--since tomorrow is still to come" in ran.err
