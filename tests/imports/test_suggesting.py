"""Maps guessed from headers and rows, for small files of many shapes."""

import csv
import io

import pytest

from handoffctl.core.yaml.validation import read_model
from handoffctl.imports.mapping.library import load_shipped_map, shipped_maps
from handoffctl.imports.mapping.model import ImportMap, PersonColumns
from handoffctl.imports.suggest.column_names import build_vocabulary, name_fit
from handoffctl.imports.suggest.column_profile import profile_file
from handoffctl.imports.suggest.inference import guess_map
from handoffctl.imports.suggest.map_text import write_map
from handoffctl.imports.suggest.unmapped import field_name
from handoffctl.imports.suggest.value_names import kind_of_stage_name, order_stages

KNOWN = build_vocabulary(load_shipped_map(name) for name in shipped_maps())

PIPELINE = """\
opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value
A1,Ana,GTX Pro,Cancity,Won,2016-10-20,2017-03-01,1054
A2,Ana,GTXPro,Isdom,Won,2016-10-25,2017-03-11,4514
A3,Bo,GTX Pro,,Lost,2016-10-25,2017-03-07,0
A4,Bo,MG Special,Cancity,Engaging,2016-11-25,,
A5,Bo,MG Special,,Prospecting,,,
A6,Ana,MG Special,Isdom,Prospecting,,,
"""


def suggested(text):
    headers, *rows = [line for line in csv.reader(io.StringIO(text)) if line]
    return guess_map(profile_file("deals.csv", headers, [[cell.strip() for cell in row] for row in rows]), KNOWN)


@pytest.fixture
def read(tmp_path):
    """The map that is suggested for a file with this text, as the program itself reads it."""

    def read(text):
        path = tmp_path / "map.yaml"
        path.write_text(write_map(suggested(text)), encoding="utf-8")
        return read_model(path, ImportMap)

    return read


def test_a_pipeline_is_taken_for_deals_with_the_dates_of_their_stages(read):
    found = read(PIPELINE)
    assert (found.rows, found.deal, found.account, found.name) == (
        "deals",
        ("opportunity_id",),
        ("account",),
        ("product",),
    )
    assert (found.stage, found.owner, found.amount) == (("deal_stage",), ("sales_agent",), ("close_value",))
    assert found.entered == {"Won": ("close_date",), "Lost": ("close_date",), "Engaging": ("engage_date",)}
    assert found.kinds == {"Won": "won", "Lost": "lost"}
    assert found.order == ("Prospecting", "Engaging")
    assert found.same == {"GTXPro": "GTX Pro"}
    assert found.fields == {"product": ("product",)}


def test_every_guess_shows_an_example_and_what_was_not_found_is_asked():
    text = write_map(suggested(PIPELINE))
    lines = {line.partition(":")[0].strip(): line for line in text.splitlines()}
    assert lines["account"].endswith('# e.g. "Cancity"')
    assert 'e.g. "2017-03-01"; filled only in rows of Won and Lost' in text
    assert "# contact: whom do you talk to?" in text
    assert "NOT FOUND" not in text


def test_a_log_of_events_is_taken_for_changes(read):
    found = read(
        ",concept:name,time:timestamp,Activity,Costs,case:concept:name,case:creator,case:channel\n"
        "0,register,2010-12-30 14:32:00+01:00,register,50,3,Fluxicon,Desk\n"
        "1,examine,2010-12-30 15:06:00+01:00,examine,400,3,Fluxicon,Desk\n"
        "2,register,2011-01-06 09:12:00+01:00,register,50,4,Fluxicon,Internet\n"
        "3,reject request,2011-01-07 09:12:00+01:00,reject request,50,4,Fluxicon,Internet\n"
    )
    assert (found.rows, found.deal, found.stage) == ("changes", ("case:concept:name",), ("concept:name",))
    assert (found.at, found.kinds, found.order) == (("time:timestamp",), {}, ())
    assert found.fields == {"case_channel": ("case:channel",)}


def test_the_date_of_a_change_is_the_one_that_differs_between_the_rows_of_a_deal(read):
    found = read(
        "history_id,project,phase,began,planned_close,happened\n"
        "1,P1,Lead,2026-01-01,2026-05-31,2026-01-01\n2,P1,Won,2026-01-01,2026-05-31,2026-02-15\n"
        "3,P2,Lead,2026-01-01,2026-06-30,2026-01-09\n4,P2,Lost,2026-01-01,2026-06-30,2026-03-15\n"
    )
    assert (found.rows, found.deal, found.stage, found.at) == ("changes", ("project",), ("phase",), ("happened",))


def test_of_a_history_of_every_property_only_the_stage_counts(read):
    found = read(
        "opp_id,property,old_value,new_value,changed_on\nO1,Amount,,15500.0,2025-01-15\nO1,StageName,,Lead,2025-01-15\n"
        "O1,CloseDate,,2024-04-15,2025-01-15\nO1,StageName,Lead,Closed Won,2025-02-15\nO2,StageName,,Lead,2025-01-19\n"
    )
    assert (found.rows, found.deal, found.at) == ("changes", ("opp_id",), ("changed_on",))
    assert (found.changed, found.stage_changes, found.stage) == (("property",), ("StageName",), ("new_value",))
    assert (found.stage_before, found.kinds) == (("old_value",), {"Closed Won": "won"})


def test_a_list_of_companies_without_ids_is_a_deal_for_each(read):
    found = read("Firma,Ansprechpartner,E-Mail,Status,Wert\nAcorn,Ada,ada@acorn.example,Angebot,1.200 €\n"
                 "Birke,Bo,bo@birke.example,Gewonnen,900 €\nZeder,Cy,,Verloren,300 €\n")  # fmt: skip
    assert (found.deal, found.name, found.account, found.stage) == ((), ("Firma",), ("Firma",), ("Status",))
    assert found.contact == PersonColumns(name=("Ansprechpartner",), email=("E-Mail",))
    assert (found.amount, found.kinds) == (("Wert",), {"Gewonnen": "won", "Verloren": "lost"})


def test_companies_that_pass_stages_by_date_are_taken_for_changes(read):
    found = read("Company,Stage,Date\nAcorn,Lead,2026-01-01\nAcorn,Offer,2026-01-08\nBirch,Lead,2026-01-03\n"
                 "Birch,Lost,2026-02-03\n")  # fmt: skip
    assert (found.rows, found.deal, found.account, found.at) == ("changes", ("Company",), ("Company",), ("Date",))


def test_open_won_and_lost_beside_the_stage_is_a_status(read):
    found = read(
        "id,title,stage,status,org\n1,Roof,Offer,won,Acorn\n2,Floor,Lead,open,Birch\n3,Door,Offer,lost,Cedar\n"
    )
    assert (found.stage, found.status) == (("stage",), ("status",))
    assert found.statuses == {"won": ("won",), "open": ("open",), "lost": ("lost",)}


def test_where_a_status_is_all_there_is_it_is_the_stage(read):
    found = read("id,title,status\n1,Roof,won\n2,Floor,open\n3,Door,lost\n")
    assert (found.stage, found.status, found.kinds) == (("status",), (), {"won": "won", "lost": "lost"})


def test_stages_and_ids_that_no_name_tells_are_told_by_their_values(read):
    rows = "".join(
        f"X-{n:03},{stage},$ {n},000\n" for n, stage in enumerate(["New", "Proposal sent", "Closed won"] * 5)
    )
    found = read("foo,bar,baz\n" + rows.replace(",000", ".00"))
    assert (found.deal, found.stage, found.amount) == (("foo",), ("bar",), ("baz",))


def test_a_plan_and_the_day_a_deal_closed_may_be_one_date(read):
    found = read(
        "Deal ID,Stage,Close Date,Stage changed at\n1,Lead,2026-05-01,2026-01-01\n2,Won,2026-03-01,2026-03-01\n"
    )
    assert (found.close, found.closed_at, found.since) == (("Close Date",), ("Close Date",), ("Stage changed at",))
    found = read("Deal ID,Stage,Expected close date\n1,Lead,2026-05-01\n2,Won,2026-03-01\n")
    assert (found.close, found.closed_at, found.entered) == (("Expected close date",), (), {})


def test_a_date_that_only_some_stages_have_is_not_always_an_entry(read):
    found = read(
        "Deal ID,Stage,Last contact,Next step due\n"
        "1,Lead,2026-05-01,2026-05-09\n2,Lead,2026-05-01,2026-05-09\n3,Won,,\n"
    )
    assert (found.entered, found.since, found.close) == ({}, (), ())


def test_people_companies_and_touches_are_known_where_it_is_plain(read):
    people = read("First name,Last name,E-mail,Company,Status\nAda,Oak,ada@oak.example,Oak,active\n"
                  "Bo,Elm,bo@elm.example,Elm,active\n")  # fmt: skip
    assert (people.rows, people.account) == ("contacts", ("Company",))
    assert people.contact == PersonColumns(first=("First name",), last=("Last name",), email=("E-mail",))
    companies = read("Name,Website,Employees\nOak,oak.example,12\nElm,elm.example,7\n")
    assert (companies.rows, companies.account, companies.domain) == ("accounts", ("Name",), ("Website",))
    touches = read("When,What,Notes,Company\n2026-01-01,Call,Rang them,Oak\n2026-01-02,E-mail,Sent it,Elm\n"
                   "2026-01-03,Lunch,Pasta,Oak\n")  # fmt: skip
    assert (touches.rows, touches.at, touches.kind, touches.account) == ("touches", ("When",), ("What",), ("Company",))
    assert touches.touch_kinds == {"call": ("Call",), "email": ("E-mail",), "meeting": ("Lunch",)}


def test_what_is_lacking_is_said_at_the_top():
    guess = suggested("product,series,sales_price\nGTX Basic,GTX,550\nMG,MG,55\n")
    head = write_map(guess).partition("program:")[0]
    assert guess.missing == ["deal", "stage"]
    assert "NOT FOUND" in head
    assert "a column with the stages" in head


def test_dates_that_can_be_read_two_ways_are_asked_about(read):
    text = "id,stage,Expected close date\n1,Lead,03/04/2026\n2,Won,05/04/2026\n"
    assert read(text).dates is None
    assert 'Dates like "03/04/2026" can be read in two ways' in write_map(suggested(text))
    assert "dates:" not in write_map(suggested(text.replace("05/04", "25/04")))


def test_times_without_an_offset_give_a_hint_about_the_zone():
    text = "deal id,stage,since\n1,Lead,2026-03-04 10:00\n2,Won,2026-03-05 11:00\n".replace("since", "stage since")
    assert "# zone: Europe/Berlin" in write_map(suggested(text))
    assert "zone" not in write_map(suggested(text.replace(":00", ":00Z")))


@pytest.mark.parametrize("values", [("GTX 1-2", "GTX 12"), ("C++", "C"), ("Ann", "Anna")])
def test_spellings_that_may_mean_something_else_are_not_made_one(read, values):
    rows = "".join(f"{n},Lead,{value}\n" for n, value in enumerate(values * 3))
    assert read("id,stage,kind of thing\n" + rows).same == {}


def test_a_field_is_what_rows_share_and_is_named_as_playbooks_name_fields(read):
    rows = "".join(f"{n},Lead,North,{n}.5,a long story about this deal {n},n/a\n" for n in range(20))
    found = read("id,stage,Sales Region (2026),Score,Story,Gap\n" + rows + "20,Won,South,1,x,tbd\n")
    assert found.fields == {"sales_region_2026": ("Sales Region (2026)",)}
    assert field_name("next step", set()) == "next_step_said"
    assert field_name("Größe", {"größe"}) == "größe_2"
    assert field_name("2026", set()) == field_name("---", set()) == ""


@pytest.mark.parametrize(
    ("stage", "kind"),
    [("Closed Won", "won"), ("Gewonnen", "won"), ("Fermé - gagné", "won"), ("успешно реализовано", "won"),
     ("Lost: price", "lost"), ("Perdida", "lost"), ("Not won", "lost"), ("On hold", "nurture"),
     ("Won or lost", None), ("Won't buy", None),
     ("reject request", None), ("Proposal accepted", None)],
)  # fmt: skip
def test_names_of_stages_say_won_and_lost_in_several_languages(stage, kind):
    assert kind_of_stage_name(stage) == kind


def test_stages_are_ordered_by_number_or_by_meaning():
    assert order_stages(["3 Offer", "10. Talk", "1-Lead"])[0] == ["1-Lead", "3 Offer", "10. Talk"]
    assert order_stages(["Negotiation", "Lead", "Proposal"])[0] == ["Lead", "Proposal", "Negotiation"]
    assert order_stages(["Foo", "Lead"]) == (["Lead", "Foo"], "")


@pytest.mark.parametrize(
    ("word", "header"),
    [("stage", "dealStage"), ("amount", "amount_usd"), ("owner", "sales_agent"),
     ("stage", "Etapa del negocio"), ("deal", "OpportunityId"), ("account", "Organisation - Name"),
     ("contact.phone", "Tel.")],
)  # fmt: skip
def test_names_are_known_however_they_are_written(word, header):
    assert name_fit(word, header, "deals", KNOWN) > 50


@pytest.mark.parametrize(
    ("word", "header"),
    [("owner", "Account owner id"), ("deal", "Company ID"), ("account", "Account owner"), ("stage", "Previous stage"),
     ("stage", "Stage date"), ("name", "First name"), ("amount", "Tax amount")],
)  # fmt: skip
def test_what_a_name_is_about_is_not_what_it_is(word, header):
    assert name_fit(word, header, "deals", KNOWN) == 0
