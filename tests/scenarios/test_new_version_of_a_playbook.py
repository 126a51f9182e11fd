"""A new version of the program changes its playbooks: no deal is stranded, and `playbook upgrade` moves them all."""

import gzip
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

import handoffctl.resources
from handoffctl.playbook.model import Field, Playbook
from handoffctl.playbook.reader import playbook_from_text, read_playbook
from handoffctl.playbook.renamed_text import with_stage_renamed
from handoffctl.playbook.upgrade import new_stages, stage_map

NOW = "2026-03-10T09:00:00Z"
LATER = "2026-03-12T09:00:00Z"
TOP = Path(__file__).parents[2]
NAMES = sorted(path.stem for path in (TOP / "playbooks").glob("*.yaml"))
# Each shipped playbook takes many commands; the long trials try the other three too.
SOME_NAMES = [
    name if name in ("account-based", "customer-success", "solo") else pytest.param(name, marks=pytest.mark.trial)
    for name in NAMES
]
DATABASE = TOP / "tests" / "fixtures" / "every_stage" / "0.6.0.db.gz"
# In the new version, an open stage of each playbook has another name.
RENAMED = {
    "account-based": "discovery", "customer-success": "signed", "marketing-to-sales": "ready", "solo": "qualified",
    "summary-email": "evaluation", "trim": "qualified",
}  # fmt: skip

# The open stages that this version no longer has, and where their deals go.
DROPPED = {"customer-success": {"deciding": "signing", "kick-off": "onboarding"}}


def earlier(name: str) -> Playbook:
    """The playbook as it came with 0.6.0."""
    return read_playbook(TOP / "playbooks" / "earlier" / f"{name}.yaml")


def shipped(name: str) -> Playbook:
    """The playbook as it comes with this version."""
    return read_playbook(TOP / "playbooks" / f"{name}.yaml")


@pytest.fixture
def old_home(home):
    """A home of 0.6.0 with a deal in every stage of every shipped playbook."""
    home.mkdir()
    (home / "handoffctl.db").write_bytes(gzip.decompress(DATABASE.read_bytes()))


@pytest.fixture
def new_version(tmp_path, monkeypatch):
    """`new_version()`: from here on the program is a version in which a stage of each playbook was renamed."""

    def new_version():
        package = tmp_path / "package"
        for folder in ("playbooks", "templates", "phrases"):
            shutil.copytree(TOP / folder, package / folder)
        for name, stage in RENAMED.items():
            for path in (package / "playbooks").glob("*.yaml"):
                text = path.read_text(encoding="utf-8")
                if path.stem == name or f"{name}/{stage}" in text:
                    path.write_text(with_stage_renamed(text, name, stage, f"new-{stage}"), encoding="utf-8")
            moved = {**stage_map(name), stage: f"newer-{stage}", f"newer-{stage}": f"new-{stage}"}  # renamed twice
            lines = "".join(f"  {old}: {new}\n" for old, new in moved.items())
            (package / "playbooks" / "upgrades" / f"{name}.yaml").write_text(f"stages:\n{lines}", encoding="utf-8")
        monkeypatch.setattr(handoffctl.resources, "PACKAGE", package)

    return new_version


@pytest.fixture(params=["archived", "never archived"])
def raised(request, old_home, home, new_version):
    """That home, used by the new version; also where 0.6.0 kept no content, as of a playbook entered by a handoff."""
    if request.param == "never archived":
        with closing(sqlite3.connect(home / "handoffctl.db", isolation_level=None)) as connection:
            connection.execute("DELETE FROM playbook_revision")
    new_version()


def places(rows):
    sql = """SELECT v.playbook, v.stage, v.owner, a.slug FROM visit AS v JOIN deal AS d ON d.id = v.deal_id
             JOIN account AS a ON a.id = d.account_id WHERE v.ended = 0 ORDER BY a.slug"""
    return rows(sql)


@pytest.mark.parametrize("name", SOME_NAMES)
def test_no_command_finds_a_deal_stranded(raised, quick, does, rows, name):
    does("list")  # raises the file
    for stage, rule in earlier(name).stages.items():
        account = f"{name}-{stage}".replace("_", "-")
        shown = does("show", account, "--json").json["deals"][0]
        assert (shown["playbook"], shown["stage"]) == (name, stage)
        if rule.kind == "open":
            handoffs = earlier(name).leaving(stage)
            for handoff in handoffs:
                assert quick("check", account, "--to", handoff.key, now=NOW).code in (0, 3), (account, handoff.key)
                assert quick("handoff", account, "--to", handoff.key, now=NOW).code == 3  # blocked, and not at fault
            does("close", account, "--lost", "--because", "they chose another")
    does("today")
    for report in ("throughput", "fields", "handoffs", "missed", "follow-up", "activity"):
        does("report", report, "--playbook", name, "--json")
    does("doctor")


@pytest.mark.parametrize("name", SOME_NAMES)
def test_a_deal_in_a_dropped_stage_is_handed_on_under_the_content_it_entered_with(raised, does, ready, name):
    account = f"{name}-{RENAMED[name]}"
    handoff = next(each for each in earlier(name).leaving(RENAMED[name]) if each.to)
    if name == "customer-success":
        does("set", account, "internal_meeting=2026-03-09")
    ready(account, "--to", handoff.key, now=NOW)
    assert does("handoff", account, "--to", handoff.key, "--json").json["handed_off"]
    assert does("show", account, "--json").json["deals"][0]["stage"] == handoff.to


@pytest.mark.parametrize("name", SOME_NAMES)
def test_a_dropped_stage_is_listed_while_deals_are_in_it(raised, does, name):
    stage, new = RENAMED[name], f"new-{RENAMED[name]}"
    upgrade = f"handoffctl playbook upgrade {name}"
    said = f'1 deal is in the stage "{stage}", which {name} no longer has. Move with: {upgrade}'
    assert said in does("list", "--playbook", name).err
    assert said in does("playbook", "check", name).err
    assert said in does("show", f"{name}-{stage}").err
    listed = does("list", "--playbook", name, "--stage", stage, "--json").json["deals"]
    assert [deal["stage"] for deal in listed] == [stage]
    figures = {
        row["stage"]: row["now"] for row in does("report", "throughput", "--playbook", name, "--json").json["stages"]
    }
    assert (figures[stage], figures[new]) == (1, 0)


def test_new_deals_have_the_newest_content_and_old_ones_go_on_beside_them(raised, does):
    added = does("add", "Acme Corp", "--playbook", "solo")
    assert added.code == 0
    assert does("check", "acme-corp", "--json", code=3).json["to"] == "new-qualified"
    assert does("check", "solo-lead", "--json", code=3).json["to"] == "qualified"
    plan = does("playbook", "upgrade", "solo", "--dry-run", "--json").json
    assert plan["deals"] == len(earlier("solo").stages)  # not the new one


@pytest.mark.parametrize("name", SOME_NAMES)
def test_an_upgrade_shows_the_difference_and_moves_every_deal_and_undo_takes_it_back(raised, does, rows, dump, name):
    does("set", f"{name}-{RENAMED[name]}", "contact.phone=123456")
    before = places(rows)
    dropped, new = RENAMED[name], f"new-{RENAMED[name]}"
    to = {**DROPPED.get(name, {}), dropped: new}
    unchanged = dump()
    dry = does("playbook", "upgrade", name, "--dry-run")
    assert f"stage {dropped} is gone" in dry.out
    assert f"stage {new} is new" in dry.out
    for old, stage in to.items():
        assert f'1 deal would move from "{old}" to "{stage}".' in dry.err
    assert "--yes" in does("playbook", "upgrade", name, code=2).err
    assert dump() == unchanged

    done = does("playbook", "upgrade", name, "--yes", "--json").json
    assert done["upgraded"] is True
    assert {move["stage"]: (move["to"], move["deals"]) for move in done["moves"]} == {
        old: (stage, 1) for old, stage in to.items()
    }
    assert done["deals"] == len(earlier(name).stages)
    expected = [(book, to.get(stage, stage) if book == name else stage, *rest) for book, stage, *rest in before]
    assert places(rows) == expected
    assert does("show", f"{name}-{dropped}", "--json").json["contacts"][0]["phone"] == "123456"
    assert does("list", "--playbook", name).err == ""
    assert f"Upgraded the playbook {name}: " in does("log").out
    assert does("playbook", "upgrade", name, "--yes", "--json").json["upgraded"] is False

    does("undo", "--yes")
    assert places(rows) == before
    assert does("playbook", "upgrade", name, "--dry-run", "--json").json["deals"] == done["deals"]


def test_a_deal_of_this_version_keeps_its_content_through_the_next_one(does, new_version, ready):
    does("add", "Acme Corp", "--playbook", "solo")
    ready("acme-corp", now=NOW)
    does("handoff", "acme-corp", now=LATER)
    new_version()
    assert does("check", "acme-corp", "--json", now=LATER, code=3).json["from"] == "qualified"
    does("today", now=LATER)
    does("return", "acme-corp", "--because", "nobody asked them", now=LATER)
    assert does("check", "acme-corp", "--json", now=LATER).json["to"] == "qualified"
    does("playbook", "upgrade", "solo", "--yes", now=LATER)
    assert does("check", "acme-corp", "--json", now=LATER).json["to"] == "new-qualified"


def test_a_deal_returned_to_a_stage_that_is_gone_by_then_has_the_content_it_had_there(raised, does, ready):
    account = "solo-qualified"
    ready(account, now=NOW)
    does("handoff", account)
    does("playbook", "upgrade", "solo", "--yes", now=LATER)
    does("return", account, "--because", "nobody asked them", now=LATER)
    shown = does("show", account, "--json", now=LATER).json["deals"][0]
    assert shown["stage"] == "qualified"
    assert does("check", account, "--json", now=LATER).json["from"] == "qualified"
    assert does("playbook", "upgrade", "solo", "--yes", "--json", now=LATER).json["deals"] == 1
    assert does("show", account, "--json", now=LATER).json["deals"][0]["stage"] == "new-qualified"


def test_a_handoff_into_another_playbook_whose_stage_was_renamed_since_arrives(raised, does, ready):
    account = "account-based-closing"
    ready(account, now=NOW)
    does("handoff", account)
    shown = does("show", account, "--json").json["deals"][0]
    assert (shown["playbook"], shown["stage"]) == ("customer-success", "signed")
    does("check", account, now=NOW, code=3)
    does("return", account, "--because", "nobody asked them", now=LATER)
    assert does("show", account, "--json").json["deals"][0]["playbook"] == "account-based"
    does("check", account, now=LATER)


def test_a_deal_that_an_import_brings_to_a_new_stage_has_the_newest_content(raised, does, tmp_path):
    (tmp_path / "map.yaml").write_text(
        "program: ledger\nrows: deals\ndeal: id\naccount: account\nstage: stage\nentered:\n  lead: entered\n"
        "  new-qualified: on\norder: [lead, new-qualified]\ndates: ymd\n"
    )
    rows = "id,account,stage,entered,on\nsolo-lead,solo lead,new-qualified,2026-02-02,2026-03-01\n"
    (tmp_path / "deals.csv").write_text(rows)
    does("import", str(tmp_path / "deals.csv"), "--map", str(tmp_path / "map.yaml"), "--playbook", "solo")
    assert does("show", "solo-lead", "--json").json["deals"][0]["stage"] == "new-qualified"
    assert does("check", "solo-lead", "--json", code=3).json["to"] == "discovery"
    assert "solo-lead" in does("today", "solo-lead", "--json").out
    does("playbook", "upgrade", "solo", "--yes")
    assert does("check", "solo-lead", "--json", code=3).json["from"] == "new-qualified"


def test_a_role_that_the_new_version_dropped_can_still_be_given(raised, does, tmp_path):
    path = tmp_path / "package" / "playbooks" / "solo.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("  delivery:", "  shipping:").replace(": delivery", ": shipping"), encoding="utf-8")
    does("playbook", "check", "solo")
    does("add", "Acme Corp", "--playbook", "solo")
    does("person", "add", "Ben Lind", "--role", "delivery")
    does("person", "add", "Mia Berg", "--role", "shipping")
    does("playbook", "upgrade", "solo", "--yes")
    does("person", "add", "Jo Stern", "--role", "delivery", code=4)


@pytest.mark.parametrize("name", NAMES)
def test_the_playbooks_of_this_very_version_take_over_all_deals(old_home, quick, does, rows, name):
    does("list")
    before = places(rows)
    plan = does("playbook", "upgrade", name, "--dry-run", "--json").json
    done = does("playbook", "upgrade", name, "--yes", "--json").json
    assert done == {**plan, "upgraded": plan["deals"] > 0}
    assert done["deals"] in (0, len(earlier(name).stages))
    to = {move["stage"]: move["to"] for move in done["moves"]}
    assert places(rows) == [
        (book, to.get(stage, stage) if book == name else stage, *rest) for book, stage, *rest in before
    ]
    for stage, rule in earlier(name).stages.items():
        if rule.kind == "open":
            account = f"{name}-{stage}".replace("_", "-")
            for handoff in shipped(name).leaving(to.get(stage, stage)):
                assert quick("check", account, "--to", handoff.key, now=NOW).code in (0, 3), (account, handoff.key)


@pytest.mark.parametrize("name", SOME_NAMES)
def test_values_steps_and_promises_of_every_stage_go_on_under_this_version(old_home, does, name):
    """Recorded under the earlier content, with a value for every field that it asks for."""
    accounts = [
        f"{name}-{stage}".replace("_", "-") for stage, rule in earlier(name).stages.items() if rule.kind == "open"
    ]
    recorded = {}
    for account in accounts:
        values = [f"{key}={_value(field)}" for key, field in earlier(name).fields.items()]
        does("set", account, *values, now=NOW)
        does("step", account, "call them", "--due", "2026-03-20", now=NOW)
        does("promise", "add", account, "a plan in writing", "--by", "2026-03-25", now=NOW)
        recorded[account] = _recorded(does, account)
        assert recorded[account][0].keys() >= earlier(name).fields.keys()
    does("playbook", "upgrade", name, "--yes")
    assert {account: _recorded(does, account) for account in accounts} == recorded


def _value(field: Field) -> str:
    """A value that the field takes."""
    by_type = {"number": "3", "money": "900", "date": "2026-03-09", "yes_no": "yes"}
    return field.choices[0] if field.choices else by_type.get(field.type, "three plain words")


def _recorded(does, account: str) -> tuple:
    deal = does("show", account, "--json", now=LATER).json["deals"][0]
    promises = does("promise", "list", account, "--json", now=LATER).json
    return deal["fields"], deal["step"], promises


def test_a_file_of_ones_own_holds_at_once(does, playbook, home):
    text = (TOP / "playbooks" / "solo.yaml").read_text(encoding="utf-8")
    does("add", "Acme Corp", "--playbook", "solo")
    (home / "playbooks").mkdir(exist_ok=True)
    (home / "playbooks" / "solo.yaml").write_text(with_stage_renamed(text, "solo", "qualified", "vetted"))
    assert does("check", "acme-corp", "--json", code=3).json["to"] == "vetted"
    nothing = does("playbook", "upgrade", "solo")
    assert "is a file of your own and holds at once" in nothing.err


def test_what_there_is_no_map_for_stays_where_it_is(raised, does, tmp_path, dump):
    (tmp_path / "package" / "playbooks" / "upgrades" / "solo.yaml").write_text("stages: {}\n")
    does("list")
    before = dump()
    refused = does("playbook", "upgrade", "solo", "--yes", code=5)
    assert 'nothing says where the deals in "qualified" go' in refused.err
    assert dump() == before


def test_an_export_brings_the_content_with_it(raised, does, home, tmp_path, quick):
    does("add", "Acme Corp", "--playbook", "solo")
    does("handoff", "solo-lead", code=3)
    does("export", str(tmp_path / "all.jsonl"))
    shutil.move(home / "handoffctl.db", tmp_path / "old.db")
    does("import", str(tmp_path / "all.jsonl"), "--from", "handoffctl")
    assert does("check", "acme-corp", "--json", code=3).json["to"] == "new-qualified"
    assert does("check", "solo-qualified", "--json", code=3).json["from"] == "qualified"


def test_an_unknown_playbook_is_not_found(does):
    does("playbook", "upgrade", "nope", code=4)


@pytest.mark.parametrize("name", NAMES)
def test_the_maps_that_ship_lead_every_earlier_stage_to_one_of_the_same_kind(name):
    newest = read_playbook(TOP / "playbooks" / f"{name}.yaml")
    before = earlier(name)
    to = new_stages(newest, before.stages, stage_map(name))
    for stage, rule in before.stages.items():
        assert newest.stages[to.get(stage, stage)].kind == rule.kind


@pytest.mark.parametrize("name", NAMES)
def test_the_earlier_contents_are_those_that_0_6_0_kept(name, home):
    home.mkdir()
    (home / "old.db").write_bytes(gzip.decompress(DATABASE.read_bytes()))
    with closing(sqlite3.connect(home / "old.db")) as connection:
        ((kept,),) = connection.execute("SELECT content FROM playbook_revision WHERE playbook = ?", (name,))
    assert playbook_from_text(kept, name) == earlier(name)
    assert kept == (TOP / "playbooks" / "earlier" / f"{name}.yaml").read_text(encoding="utf-8")
