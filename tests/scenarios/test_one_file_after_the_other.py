"""The files of one program come one after the other, in any order: what belongs together finds itself."""

from itertools import permutations

import pytest

FILES = {
    "companies": "Company ID,Company Name,Company Domain Name,Industry\n"
    "C1,Birch Dental,birch.example,Health\nC2,Copper Lane,copper.example,Design\n",
    "contacts": "Contact ID,First Name,Last Name,Email,Associated Company Domain\n"
    "P1,Ida,Moss,ida@birch.example,birch.example\nP2,Olaf,Finn,olaf@copper.example,copper.example\n",
    "deals": "Deal ID,Deal Name,Deal Stage,Pipeline,Amount,Close Date,Associated Company Domain,"
    "Associated Contact Email\n"
    "D1,Booking tool,Talk,Sales,12000,2026-05-30,birch.example,ida@birch.example\n"
    "D2,Website,Closed Won,Sales,4000,2026-02-10,copper.example,olaf@copper.example\n",
    "activities": "Activity ID,Activity Type,Activity Date,Notes/Description,Associated Contact Email\n"
    "A1,Call,2026-01-07,First talk,ida@birch.example\nA2,Meeting,2026-01-09,Tour,olaf@copper.example\n",
}


@pytest.fixture
def bring(quick, tmp_path):
    def bring(*names: str) -> None:
        for name in names:
            (tmp_path / f"{name}.csv").write_text(FILES[name], encoding="utf-8")
            ran = quick("import", str(tmp_path / f"{name}.csv"), "--make-playbook", "hub", "--json", now="2026-03-01")
            assert ran.code == 0, ran

    return bring


def records(rows):
    accounts = rows("SELECT name, domain, unnamed FROM account ORDER BY name")
    deals = rows("""SELECT d.name, a.name, v.stage, v.entered_at FROM deal AS d JOIN account AS a ON a.id = d.account_id
                    JOIN visit AS v ON v.deal_id = d.id ORDER BY 1""")  # fmt: skip
    people = rows("SELECT c.name, c.email, a.name FROM contact AS c JOIN account AS a ON a.id = account_id ORDER BY 1")
    return accounts, deals, people


WHOLE = (
    [("Birch Dental", "birch.example", 0), ("Copper Lane", "copper.example", 0)],
    [("Booking tool", "Birch Dental", "talk", None), ("Website", "Copper Lane", "closed-won", "2026-02-10")],
    [("Ida Moss", "ida@birch.example", "Birch Dental"), ("Olaf Finn", "olaf@copper.example", "Copper Lane")],
)


@pytest.mark.parametrize(
    "order", [way for way in permutations(FILES) if way.index("companies") < way.index("contacts")]
)
def test_deals_companies_and_contacts_find_each_other_in_any_order(bring, rows, order):
    bring(*order)
    assert records(rows) == WHOLE
    touches = rows("SELECT t.text, a.name FROM touch AS t JOIN account AS a ON a.id = account_id ORDER BY 1")
    known_then = {"companies", "deals"} & set(order[: order.index("activities")])
    assert touches == ([("First talk", "Birch Dental"), ("Tour", "Copper Lane")] if known_then else [])


def test_all_of_it_once_more_changes_nothing(bring, dump):
    bring(*FILES)
    before = dump()
    bring(*FILES)
    assert dump() == before


def test_what_came_in_as_touches_stands_in_the_log_and_without_a_deal_at_the_account(quick, bring):
    bring("companies", "contacts", "activities", "deals")
    told = [event["says"] for event in quick("log", "birch-dental", "--json").json["events"]]
    assert "Call out, as imported: First talk" in told
    assert quick("show", "birch-dental", "--json").json["touches_without_deal"] == 1
    assert "1 touch of no deal: handoffctl log birch-dental" in quick("show", "birch-dental").out
