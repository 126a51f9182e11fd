"""A seller goes on working here while exports of the old program keep arriving: nothing typed here may be lost."""

import pytest

NOW = "2026-06-01T09:00:00Z"
PLAYBOOK = """\
playbook: own
title: Own
roles: {seller: Who sells, delivery: Who delivers}
fields:
  need: {label: Need, type: text, why: Else there is nothing to sell.}
  tools: {label: Tools, type: text, of: account, why: They stay true for its next deal.}
stages:
  talk: {title: Talk, owner: seller}
  offer: {title: Offer, owner: seller}
  won: {title: Won, kind: won, owner: delivery}
  lost: {title: Lost, kind: lost}
handoffs:
  - {from: talk, to: offer, trigger: They ask., reason: They want one., benefit: They get one., required: [need]}
  - {from: talk, receiver: delivery, name: over, trigger: They ask., reason: It is hard., benefit: It fits.}
  - {from: offer, to: won, trigger: They ask., reason: They said yes., benefit: They begin.}
"""
ALONE = "program: books\ndeal: id\nstage: stage\n"
NAMED = f"{ALONE}account: account\n"
BY_ID = f"{NAMED}account_id: aid\n"
TOUCHES = "program: books\nrows: touches\nat: at\ntext: text\n"
PEOPLE = """\
program: books
tables:
- {rows: accounts, file: accounts.csv, account: account}
- {rows: contacts, file: contacts.csv, account: account, contact: {name: person, email: mail}}
"""


@pytest.fixture
def bring(quick, playbook, tmp_path):
    """Imports `files` (text by name, or the text of one file) by a map."""
    playbook(PLAYBOOK)

    def bring(map, files, now=NOW):
        (tmp_path / "map.yaml").write_text(map, encoding="utf-8")
        folder = tmp_path / "export"
        folder.mkdir(exist_ok=True)
        for name, text in (files if isinstance(files, dict) else {"deals.csv": files}).items():
            (folder / name).write_text(text, encoding="utf-8")
        path = folder if isinstance(files, dict) else folder / "deals.csv"
        more = ("--map", str(tmp_path / "map.yaml"), "--playbook", "own", "--json")
        ran = quick("import", str(path), *more, now=now)
        assert ran.code == 0, ran
        return ran.json

    return bring


@pytest.fixture
def did(quick):
    def did(*words, now=NOW):
        ran = quick(*words, now=now)
        assert ran.code == 0, ran
        return ran

    return did


def assert_once_more_changes_nothing(bring, dump, map, files):
    was = dump()
    bring(map, files)
    assert dump() == was


def test_a_deal_handed_to_somebody_else_in_its_stage_keeps_its_new_owner(bring, did, rows):
    bring(NAMED, "id,stage,account\n1,Talk,Acme\n")
    did("handoff", "acme", "--to", "over", "--no-input", "--step", "call them")
    assert rows("SELECT owner FROM visit") == [("delivery",)]
    bring(NAMED, "id,stage,account\n1,Talk,Acme\n")
    assert rows("SELECT owner FROM visit") == [("delivery",)]


def test_a_deal_handed_to_somebody_else_in_its_stage_stays_in_it_when_the_export_moves_it(bring, did, rows):
    bring(NAMED, "id,stage,account\n1,Talk,Acme\n")
    did("handoff", "acme", "--to", "over", "--no-input", "--step", "call them")
    bring(NAMED, "id,stage,account\n1,Won,Acme\n")  # the way to Offer asks for a need, and nobody has told it
    assert rows("SELECT stage FROM visit ORDER BY number") == [("talk",)]


def test_a_blocked_attempt_stays_with_the_stage_it_was_made_in(bring, quick, rows):
    rules = "program: books\nrows: changes\ndeal: id\nstage: stage\nat: at\naccount: account\n"
    bring(rules, "id,stage,at,account\n1,Talk,2026-01-05,Acme\n")
    assert quick("handoff", "acme", "--to", "offer", "--no-input", now=NOW).code == 3
    bring(rules, "id,stage,at,account\n1,Offer,2025-12-01,Acme\n1,Talk,2026-01-05,Acme\n")
    assert rows("SELECT h.from_stage, v.stage FROM handoff AS h JOIN visit AS v ON v.id = h.visit_id") == [
        ("talk", "talk")
    ]


def test_a_fact_of_the_account_told_here_outlives_what_the_export_says(bring, did, quick):
    rules = f"{NAMED}fields: {{tools: tools}}\n"
    bring(rules, "id,stage,account,tools\n1,Talk,Acme,an old CRM\n")
    did("set", "acme", "tools=told by Jane")
    bring(rules, "id,stage,account,tools\n1,Talk,Acme,another CRM\n")
    shown = quick("show", "acme", "--json", now=NOW).json
    assert shown["deals"][0]["fields"]["tools"] == "told by Jane"


def test_a_fact_of_the_account_that_is_imported_is_true_of_its_next_deal(bring, did, quick):
    bring(f"{NAMED}fields: {{tools: tools}}\n", "id,stage,account,tools\n1,Talk,Acme,an old CRM\n")
    did("deal", "add", "acme", "Renewal", "--playbook", "own")
    deals = quick("show", "acme", "--json", now=NOW).json["deals"]
    assert [deal["fields"].get("tools") for deal in deals] == ["an old CRM"] * 2


def test_people_without_an_id_who_stand_there_twice_do_not_grow_in_number(bring, dump, rows):
    files = {
        "accounts.csv": "account\nAcme\n",
        "contacts.csv": "account,person,mail\nAcme,Jane,jane@acme.example\nAcme,Jane,jane@acme.example\n"
        "Acme,Joe,\nAcme,Joe,\n",
    }
    bring(PEOPLE, files)
    assert_once_more_changes_nothing(bring, dump, PEOPLE, files)


def test_touches_without_an_id_are_known_again_after_their_account_got_a_deal(bring, did, rows):
    did("add", "Acme", "--no-deal")
    touches = "at,text,account\n2026-01-05,called them,Acme\n"
    bring(f"{TOUCHES}account: account\n", touches)
    did("deal", "add", "acme", "Roof", "--playbook", "own")
    bring(f"{TOUCHES}account: account\n", touches)
    assert rows("SELECT count(*) FROM touch") == [(1,)]


def test_touches_without_an_id_are_known_again_after_their_account_was_joined(bring, did, rows):
    accounts = "program: books\nrows: accounts\naccount: account\naccount_id: aid\n"
    bring(accounts, "aid,account\nA1,Acme\nA2,Acme GmbH\n")
    touches = "at,text,aid\n2026-01-05,called them,A1\n2026-01-06,wrote,A2\n"
    bring(f"{TOUCHES}account_id: aid\n", touches)
    did("merge", "acme", "acme-gmbh", "--yes")
    bring(f"{TOUCHES}account_id: aid\n", touches)
    assert rows("SELECT count(*) FROM touch") == [(2,)]


def test_an_account_named_after_its_deal_that_another_was_joined_into_takes_the_next_export(bring, did, rows, dump):
    bring(ALONE, "id,stage\n1,Talk\n")
    bring("program: books\nrows: accounts\naccount: account\naccount_id: aid\n", "aid,account\nA1,Acme\n")
    did("merge", "1", "acme", "--yes")
    files = "id,stage,aid,account\n1,Talk,A1,Acme\n"
    bring(BY_ID, files)
    assert rows("SELECT count(*) FROM account") == [(1,)]
    assert_once_more_changes_nothing(bring, dump, BY_ID, files)


@pytest.fixture
def adopted(bring, did):
    """Two deals that stood alone and were worked on in small ways; then a newer export names the account of both."""
    bring(ALONE, "id,stage\n1,Talk\n2,Talk\n")
    did("add", "Acme", "--no-deal", "--contact", "Ann <ann@acme.example>")
    did("contact", "add", "1", "Jane Secret <jane@acme.example>")
    did("contact", "add", "2", "Jane Secret <jane@acme.example>")
    bring(NAMED, "id,stage,account\n1,Talk,Acme\n2,Talk,Acme\n")


def test_an_account_that_deals_come_to_keeps_one_main_contact(adopted, rows):
    assert rows("SELECT name FROM contact WHERE main") == [("Ann",)]


def test_a_person_at_several_accounts_that_become_one_is_there_once(adopted, rows):
    assert rows("SELECT name FROM contact ORDER BY id") == [("Ann",), ("Jane Secret",)]


def test_erasing_an_account_erases_what_was_logged_of_its_deals_when_they_stood_alone(adopted, did, rows, home):
    did("delete", "acme", "--yes")
    assert rows("SELECT says FROM command WHERE says LIKE '%Secret%'") == []
    assert b"Secret" not in (home / "handoffctl.db").read_bytes()


def test_changes_of_deals_whose_account_is_only_an_id_are_taken(bring, rows):
    rules = "program: books\nrows: changes\ndeal: id\nstage: stage\nat: at\naccount_id: aid\n"
    told = bring(rules, "id,stage,at,aid\n1,Talk,2026-01-05,A1\n")
    assert told["deals_created"] == 1
    assert rows("SELECT count(*) FROM visit") == [(1,)]


def test_a_person_known_by_the_website_of_a_colleague_comes_with_the_first_import_or_never(bring, dump):
    rules = """\
program: books
tables:
- {rows: accounts, file: accounts.csv, account: account, account_id: aid}
- {rows: contacts, file: contacts.csv, account_id: aid, domain: site, contact_id: cid, contact: {name: person}}
"""
    people = "person,cid,aid,site\nJoe,C2,A1,birch.example\nJane,C1,,birch.example\n"
    files = {"accounts.csv": "aid,account\nA1,Birch\n", "contacts.csv": people}
    bring(rules, files)
    assert_once_more_changes_nothing(bring, dump, rules, files)
