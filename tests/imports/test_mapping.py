import pytest
from pydantic import ValidationError

from handoffctl.core.yaml.forms import checked
from handoffctl.errors import HandoffError
from handoffctl.imports.mapping.model import ImportMap


def test_a_column_may_be_one_name_or_several():
    rules = checked(ImportMap, {"deal": "id", "stage": ["stage", "phase"]})
    assert (rules.deal, rules.stage) == (("id",), ("stage", "phase"))


@pytest.mark.parametrize(
    ("table", "lacking"),
    [
        ({"rows": "deals", "stage": "s"}, "deals need a column for deal or name"),
        ({"rows": "deals", "deal": "d"}, "deals need a column for stage or status or entered or entered_each"),
        ({"rows": "changes", "deal": "d", "stage": "s"}, "changes need a column for at"),
        ({"rows": "accounts", "account_id": "a"}, "accounts need a column for account or domain"),
        ({"rows": "contacts", "account": "a"}, "contacts need a column for contact"),
        ({"rows": "owners", "owner": "o"}, "owners need a column for owner_id"),
        ({"rows": "owners", "owner_id": "o"}, "owners need a column for owner or contact"),
        ({"rows": "stages", "stage": "s"}, "stages need a column for stage_id"),
        ({"rows": "touches", "text": "t"}, "touches need a column for at"),
    ],
)
def test_a_table_that_says_too_little_is_refused_and_says_what_it_needs(table, lacking):
    for rules in (table, {"tables": [{"rows": "deals", "deal": "d", "stage": "s"}, table]}):
        with pytest.raises(ValidationError, match=lacking):
            checked(ImportMap, rules)


@pytest.mark.parametrize(
    "enough",
    [
        {"name": "n", "entered_each": ["in {stage}"]},
        {"name": "n", "entered": {"Talk": "talked"}},
        {"deal": "d", "status": "s"},
        {"rows": "accounts", "domain": "site"},
        {"rows": "contacts", "contact": {"email": "mail"}},
        {"rows": "owners", "owner_id": "id", "contact": {"last": "name"}},
    ],
)
def test_a_table_may_say_it_in_several_ways(enough):
    checked(ImportMap, enough)


@pytest.mark.parametrize(
    "wrong",
    [{"dates": "dym"}, {"zone": "Europe/Nowhere"}, {"kinds": {"Won": "closed"}}, {"rows": "leads"}, {"stagee": "s"},
     {"ids": "other"}, {"statuses": {"paused": "p"}}, {"touch_kinds": {"fax": "f"}}],
)  # fmt: skip
def test_a_word_that_is_none_is_refused(wrong):
    with pytest.raises((ValidationError, HandoffError)):
        checked(ImportMap, {"deal": "d", "stage": "s"} | wrong)


def test_times_are_of_the_zone_of_the_map_or_of_nobody():
    assert checked(ImportMap, {"deal": "d", "stage": "s"}).zone_of_times is None
    assert str(checked(ImportMap, {"deal": "d", "stage": "s", "zone": "Europe/Oslo"}).zone_of_times) == "Europe/Oslo"


def test_the_faults_of_a_users_map_are_told_with_their_lines(quick, tmp_path):
    (tmp_path / "deals.csv").write_text("id,stage\n1,Talk\n", encoding="utf-8")
    (tmp_path / "map.yaml").write_text("deal: id\nstagee: stage\nkinds: {Talk: closed}\n", encoding="utf-8")
    ran = quick("import", str(tmp_path / "deals.csv"), "--map", str(tmp_path / "map.yaml"), "--make-playbook", "x")
    assert ran.code == 5, ran
    assert "map.yaml:2" in ran.err
    assert "map.yaml:3" in ran.err
