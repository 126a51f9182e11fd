"""A contact whose account could be one of several belongs to none of them, however often the export is imported."""

import pytest

MAP = """\
program: books
tables:
  - {file: accounts.csv, rows: accounts, account: account, account_id: id, domain: site}
  - {file: contacts.csv, rows: contacts, contact: {name: person, email: mail}, account: account, domain: site}
"""
PLAYBOOK = "playbook: own\ntitle: Own\nroles: {seller: Who sells}\nstages:\n  talk: {title: Talk, owner: seller}\n"


@pytest.fixture
def import_rows(quick, tmp_path, home):
    """Imports rows of accounts and contacts into one playbook; returns what the command reports as JSON."""
    (home / "playbooks").mkdir(parents=True)
    (home / "playbooks" / "own.yaml").write_text(PLAYBOOK)
    (tmp_path / "map.yaml").write_text(MAP)
    export = tmp_path / "export"
    export.mkdir()

    def run_import(accounts, contacts):
        (export / "accounts.csv").write_text("id,account,site\n" + "\n".join(accounts) + "\n")
        (export / "contacts.csv").write_text("person,mail,account,site\n" + "\n".join(contacts) + "\n")
        ran = quick("import", str(export), "--map", str(tmp_path / "map.yaml"), "--playbook", "own", "--json",
                    now="2026-06-01")  # fmt: skip
        assert ran.code == 0, ran
        return ran.json

    return run_import


@pytest.mark.parametrize("contact", ["Joe,joe@birch.example,Birch,", "Joe,joe@birch.example,,birch.example"])
def test_an_account_that_the_export_renames_makes_no_namesake_clear_later(import_rows, dump, contact):
    import_rows(["A1,Acme,acme.example"], [])
    # The account A1 keeps its name and domain here, so that only A2 is called Birch among the records.
    accounts = ["A1,Birch,birch.example", "A2,Birch,birch.example"]
    first = import_rows(accounts, [contact])
    assert (first["accounts_created"], first["contacts_created"]) == (1, 0)
    assert [row["row"] for row in first["skipped"]] == [2]
    before = dump()
    assert import_rows(accounts, [contact])["contacts_created"] == 0
    assert dump() == before


def test_an_account_that_only_the_records_have_is_found_by_its_name(import_rows, rows):
    import_rows(["A1,Acme,", "A2,Birch,"], [])
    assert import_rows(["A1,Acme,"], ["Joe,joe@birch.example,Birch,"])["contacts_created"] == 1
    assert rows("SELECT a.name FROM contact AS c JOIN account AS a ON a.id = c.account_id") == [("Birch",)]
