"""The stays of a deal, put in order out of rows of deals and of changes: in one import, and in one after another."""

import itertools

import pytest

MAP = """\
program: Ledger
kinds: {Won: won, Lost: lost}
statuses: {open: [open], won: [won], lost: [lost]}
tables:
"""
TABLES = {
    "deals": "  - {rows: deals, file: deals.csv, entered_each: ['in {stage}'], exited_each: ['out of {stage}'], ",
    "changes": "  - {rows: changes, file: changes.csv, stage_changes: [stage], status_changes: [status], ",
}
COLUMNS = {
    "deals": {"id": "deal", "name": "name", "firm": "account", "stage": "stage", "status": "status", "since": "since"},
    "changes": {"deal": "deal", "stage": "stage", "at": "at", "before": "stage_before", "what": "changed"},
}
HANDOFFS = "".join(f"  - {{from: {a}, to: {b}, trigger: t, reason: r, benefit: b}}\n" for a, b in ("ab", "bc", "cd"))
PLAYBOOK = f"""\
playbook: ledger
title: Ledger
stages:
  a: {{title: A}}
  b: {{title: B}}
  c: {{title: C}}
  d: {{title: D}}
  won: {{title: Won, kind: won}}
  lost: {{title: Lost, kind: lost}}
handoffs:
{HANDOFFS}  - {{from: d, to: won, trigger: t, reason: r, benefit: b}}
"""


@pytest.fixture
def bring(quick, tmp_path, playbook):
    """Imports `deals`, `changes` or both, each as lines of CSV, by a map of the columns they have."""
    number = itertools.count()
    playbook(PLAYBOOK)

    def bring(deals=(), changes=(), tz="UTC"):
        folder = tmp_path / f"export{next(number)}"
        folder.mkdir()
        tables = MAP
        for name, lines in (("deals", deals), ("changes", changes)):
            if lines:
                (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
                header = lines[0].split(",")
                words = (f"{word}: {column}" for column, word in COLUMNS[name].items() if column in header)
                tables += TABLES[name] + ", ".join(words) + "}\n"
        (tmp_path / "map.yaml").write_text(tables, encoding="utf-8")
        words = ("import", str(folder), "--map", str(tmp_path / "map.yaml"), "--playbook", "ledger", "--json")
        ran = quick(*words, now="2026-12-31", tz=tz)
        assert ran.code == 0, ran
        return ran.json

    return bring


@pytest.fixture
def stays(rows):
    """The stays of the deal of this name, with their beginnings."""

    def stays(name=None):
        return rows(
            """SELECT stage, entered_at FROM visit AS v JOIN deal AS d ON d.id = v.deal_id
               WHERE coalesce(d.name, '') = coalesce(?, d.name, '') ORDER BY number""",
            name,
        )

    return stays


def changes(*entries, header="deal,stage,at"):
    return [header, *(f"1,{stage},{at}" for stage, at in entries)]


def test_rows_are_ordered_by_moment_and_then_as_in_the_file(bring, stays):
    bring(changes=changes(("B", "2026-01-02T09:00:00Z"), ("A", "2026-01-01T09:00:00Z"), ("C", "2026-01-02T09:00:00Z")))
    assert stays() == [("a", "2026-01-01T09:00:00Z"), ("b", "2026-01-02T09:00:00Z"), ("c", "2026-01-02T09:00:00Z")]


def test_rows_of_one_stage_in_a_row_are_one_stay_from_the_first(bring, stays):
    bring(changes=changes(("A", "2026-01-01"), ("A", "2026-01-05"), ("B", "2026-01-06"), ("A", "2026-01-07")))
    assert stays() == [("a", "2026-01-01"), ("b", "2026-01-06"), ("a", "2026-01-07")]


def test_a_date_comes_before_the_instants_of_its_local_day(bring, stays):
    mixed = changes(("B", "2026-01-02T03:00:00Z"), ("A", "2026-01-01"), ("C", "2026-01-02"))
    bring(changes=mixed, tz="America/New_York")
    assert stays() == [("a", "2026-01-01"), ("b", "2026-01-02T03:00:00Z"), ("c", "2026-01-02")]


def test_the_same_rows_are_in_another_order_where_it_is_another_day(bring, stays):
    mixed = changes(("B", "2026-01-02T03:00:00Z"), ("A", "2026-01-01"), ("C", "2026-01-02"))
    bring(changes=mixed, tz="Europe/Berlin")
    assert stays() == [("a", "2026-01-01"), ("c", "2026-01-02"), ("b", "2026-01-02T03:00:00Z")]


def test_fractions_of_a_second_put_rows_in_order_and_make_no_stay_of_negative_length(bring, stays, rows):
    bring(
        changes=changes(("B", "2026-01-01T09:00:00.7Z"), ("A", "2026-01-01T09:00:00.2Z"), ("C", "2026-01-01T09:00:01Z"))
    )
    assert [stage for stage, _ in stays()] == ["a", "b", "c"]
    assert [round(days * 86400, 6) for (days,) in rows("SELECT days FROM visit WHERE ended ORDER BY number")] == [
        0.5,
        0.3,
    ]


def test_a_stage_without_a_date_comes_first(bring, stays):
    bring(deals=["id,name,firm,stage,in B,in A,out of A", "1,Roof,Acorn,B,2026-01-02,,2026-01-02"])
    assert stays() == [("a", None), ("b", "2026-01-02")]


def test_an_exit_without_an_entry_does_not_repeat_a_stage_that_has_one(bring, stays):
    bring(deals=["id,name,firm,stage,in B,in A,out of A", "1,Roof,Acorn,B,2026-01-02,2026-01-01,2026-01-02"])
    assert stays() == [("a", "2026-01-01"), ("b", "2026-01-02")]


def test_the_stage_before_the_first_change_is_where_the_deal_began(bring, stays):
    lines = ["deal,stage,at,before", "1,C,2026-01-03,B", "1,B,2026-01-02,A", "1,D,2026-01-04,C"]
    bring(changes=lines)
    assert stays() == [("a", None), ("b", "2026-01-02"), ("c", "2026-01-03"), ("d", "2026-01-04")]


def test_a_closing_stage_that_a_deal_has_left_counts_only_where_it_is_now(bring, stays):
    bring(deals=["id,name,firm,stage,in A,in Won,in B", "1,Roof,Acorn,B,2026-01-01,2026-01-02,2026-01-03"])
    assert stays() == [("a", "2026-01-01"), ("b", "2026-01-03")]


@pytest.mark.parametrize("status", ["won", "lost"])
def test_a_status_closes_a_deal_that_keeps_its_stage(bring, stays, status):
    bring(deals=["id,name,firm,stage,status,since", f"1,Roof,Acorn,B,{status},2026-01-02"])
    assert stays() == [("b", "2026-01-02"), (status, None)]


REOPENED = [
    "deal,what,stage,at",
    "1,stage,A,2026-01-01",
    "1,stage,B,2026-01-02",
    "1,status,lost,2026-01-03",
    "1,status,open,2026-01-05",
    "1,stage,C,2026-01-06",
    "1,owner,somebody,2026-01-07",
    "1,status,won,2026-01-08",
]


def test_a_reopened_deal_is_back_in_the_stage_it_was_in(bring, stays):
    told = bring(changes=REOPENED)
    ways = [("a", 1), ("b", 2), ("lost", 3), ("b", 5), ("c", 6), ("won", 8)]
    assert stays() == [(stage, f"2026-01-0{day}") for stage, day in ways]
    assert any('"Lost" is lost, and 1 deal left it again' in note for note in told["notes"])


def test_a_deal_reopened_before_any_stage_is_known_is_in_the_one_that_follows(bring, stays):
    bring(changes=[REOPENED[0], *REOPENED[3:]])
    ways = [("lost", 3), ("c", 5), ("won", 8)]
    assert stays() == [(stage, f"2026-01-0{day}") for stage, day in ways]


def test_a_change_of_the_status_to_an_unknown_word_is_skipped_and_said(bring):
    told = bring(changes=[*REOPENED, "1,status,frozen,2026-01-09"])
    assert [(one["row"], one["reason"]) for one in told["skipped"]] == [
        (9, 'has the status "frozen", which says neither open, won nor lost')
    ]


# Two exports of the same deals, one after the other: together they must give what both tell. A deal went one of these
# ways, a stage a day. Of its changes some were kept, from one to another; its row of today says since when, or does not
# where the changes do.

WAYS = (("A",), ("A", "B"), ("A", "B", "A"), ("A", "B", "C", "Won"), ("A", "Lost", "B"))


def told_apart():
    """For every case its key, the changes kept, the row of today, and what both together tell."""
    for way in WAYS:
        days = [(stage, f"2026-01-{day:02}") for day, stage in enumerate(way, 2)]
        for first, last in itertools.combinations(range(len(days) + 1), 2):
            for dated in [True, False] if last == len(days) else [True]:
                key = f"{'-'.join(way)} {first} {last} {'dated' if dated else ''}".strip()
                stage, since = days[-1]
                kept = days[first:last]
                tells = kept if last == len(days) else [*kept, days[-1]]
                tells = [one for one, before in zip(tells, [("", ""), *tells], strict=False) if one[0] != before[0]]
                yield key, kept, (stage, since if dated else ""), [(stage.casefold(), at) for stage, at in tells]


CASES = list(told_apart())
DEALS = ["id,name,firm,stage,since", *(f"{key},{key},of {key},{now},{at}" for key, _, (now, at), _ in CASES)]
LONG = ["deal,stage,at", *(f"{key},{stage},{at}" for key, kept, _, _ in CASES for stage, at in kept)]
UNION = {key: both for key, _, _, both in CASES}
BOTH = {"deals": DEALS, "changes": LONG}
ORDERS = [("deals", "changes"), ("changes", "deals")]


def by_origin(rows):
    found = {}
    for key, stage, at in rows(
        """SELECT substr(o.record_key, length('ledger:deal:') + 1), v.stage, v.entered_at
           FROM origin AS o JOIN visit AS v ON v.deal_id = o.deal_id ORDER BY v.deal_id, v.number"""
    ):
        found.setdefault(key, []).append((stage, at))
    return found


def test_deals_and_changes_in_one_import_give_what_both_tell(bring, rows):
    bring(DEALS, LONG)
    assert by_origin(rows) == UNION


@pytest.mark.parametrize("order", ORDERS)
def test_deals_and_changes_one_after_the_other_give_what_both_tell(bring, rows, quick, order):
    for name in order:
        bring(**{name: BOTH[name]})
    assert quick("doctor").code == 0
    assert by_origin(rows) == UNION


@pytest.mark.parametrize("order", ORDERS)
def test_either_of_them_run_again_changes_nothing(bring, dump, order):
    for name in order:
        bring(**{name: BOTH[name]})
    before = dump()
    for name in (*order, *reversed(order)):
        told = bring(**{name: BOTH[name]})
        assert (told["deals_created"], told["deals_updated"], told["visits"]) == (0, 0, 0), name
        assert dump() == before, name


def test_deals_after_changes_bring_their_names_and_accounts(bring, rows):
    bring(changes=["deal,stage,at", "1,A,2026-01-01"])
    bring(deals=["id,name,firm,stage,since", "1,Roof,Acorn,B,2026-01-05"])
    assert rows("SELECT d.name, a.name FROM deal AS d JOIN account AS a ON a.id = d.account_id") == [("Roof", "Acorn")]


def test_changes_run_again_leave_a_present_stage_that_is_known_without_a_date(bring, stays, dump):
    bring(changes=changes(("A", "2026-01-01"), ("B", "2026-01-03")))
    bring(deals=["id,name,firm,stage", "1,Roof,Acorn,A"])
    assert stays() == [("a", "2026-01-01"), ("b", "2026-01-03"), ("a", None)]
    before = dump()
    bring(changes=changes(("A", "2026-01-01"), ("B", "2026-01-03")))
    assert dump() == before


def test_a_beginning_that_becomes_known_is_taken(bring, stays):
    bring(deals=["id,name,firm,stage", "1,Roof,Acorn,A"])
    bring(changes=changes(("A", "2026-01-01")))
    assert stays() == [("a", "2026-01-01")]


def test_a_row_of_today_that_knows_fewer_stages_adds_the_present_one(bring, stays):
    bring(changes=changes(("A", "2026-01-01"), ("B", "2026-01-03")))
    bring(deals=["id,name,firm,stage", "1,Roof,Acorn,D"])
    assert stays() == [("a", "2026-01-01"), ("b", "2026-01-03"), ("d", None)]


def test_a_present_stage_that_becomes_dated_is_not_a_second_stay(bring, stays):
    bring(changes=changes(("A", "2026-01-01")))
    bring(deals=["id,name,firm,stage", "1,Roof,Acorn,B"])
    bring(deals=["id,name,firm,stage,since", "1,Roof,Acorn,B,2026-01-04"])
    assert stays() == [("a", "2026-01-01"), ("b", "2026-01-04")]


def test_later_changes_go_on_from_the_stays_that_are_kept(bring, stays):
    bring(changes=changes(("A", "2026-01-01"), ("B", "2026-01-03")))
    bring(changes=changes(("C", "2026-01-05"), ("D", "2026-01-06")))
    assert stays() == [("a", "2026-01-01"), ("b", "2026-01-03"), ("c", "2026-01-05"), ("d", "2026-01-06")]


def test_changes_that_begin_earlier_bring_the_beginning_too(bring, stays):
    bring(changes=changes(("B", "2026-01-03"), ("C", "2026-01-05")))
    bring(changes=changes(("A", "2026-01-01"), ("B", "2026-01-03"), ("C", "2026-01-05")))
    assert stays() == [("a", "2026-01-01"), ("b", "2026-01-03"), ("c", "2026-01-05")]


def test_an_older_list_of_changes_changes_nothing(bring, dump):
    bring(changes=changes(("A", "2026-01-01"), ("B", "2026-01-03")))
    before = dump()
    bring(changes=changes(("A", "2026-01-01")))
    assert dump() == before


def test_a_deal_reopened_by_a_later_list_follows_it(bring, stays):
    bring(changes=REOPENED[:4])
    bring(changes=REOPENED[:6])
    assert [stage for stage, _ in stays()] == ["a", "b", "lost", "b", "c"]
