import pytest

from handoffctl.core.yaml.forms import checked
from handoffctl.errors import Refused
from handoffctl.imports.files.sheet import open_sheet
from handoffctl.imports.mapping.columns import locate_columns, match_score
from handoffctl.imports.mapping.model import TableMap


@pytest.fixture
def sheet(tmp_path):
    def sheet(*columns):
        path = tmp_path / "deals.csv"
        quoted = (f'"{column.replace(chr(34), chr(34) * 2)}"' for column in columns)
        path.write_text(",".join(quoted) + "\n" + ",".join("x" * len(columns)) + "\n", encoding="utf-8")
        return open_sheet(path)

    return sheet


def table(**words):
    return checked(TableMap, {"deal": "id", "stage": "stage"} | words)


def test_every_word_has_the_places_of_all_the_columns_it_may_have(sheet):
    found = locate_columns(
        sheet("Phone", "ID", "stage", "Mobile"), table(contact={"phone": ["mobile", "phone"]}), 1, False
    )
    assert found.indexes == {"deal": [1], "stage": [2], "contact.phone": [3, 0]}


def test_a_column_for_each_stage_is_found_by_its_form_and_pipelines_of_one_stage_are_one(sheet):
    columns = [
        'Date entered "Won (Sales)"',
        'Date entered "Won (Partners (new))"',
        'DATE ENTERED "Talk"',
        "Date entered",
    ]
    forms = ('Date entered "{stage} ({pipeline})"', 'Date entered "{stage}"')
    found = locate_columns(sheet("id", *columns), table(stage=(), entered_each=forms), 1, False)
    assert found.indexes == {"deal": [0], "entered:Won": [1, 2], "entered:Talk": [3]}
    assert found.date_words == ["entered:Won", "entered:Talk"]


def test_a_column_that_holds_something_else_is_no_stage(sheet):
    words = table(since="Date entered current stage", entered_each=("Date entered {stage}",))
    found = locate_columns(sheet("id", "stage", "Date entered current stage", "Date entered Talk"), words, 1, False)
    assert found.indexes == {"deal": [0], "stage": [1], "since": [2], "entered:Talk": [3]}


def test_an_exit_is_dated_too(sheet):
    words = table(exited_each=("out of {stage}",), close="close", name="name")
    found = locate_columns(sheet("id", "stage", "out of Talk", "close", "name"), words, 1, False)
    assert found.date_words == ["close", "exited:Talk"]


def test_a_column_that_nothing_can_do_without_is_refused_with_what_is_there(sheet):
    with pytest.raises(Refused) as refused:
        locate_columns(sheet("id", "stages", "owner"), table(), 1, False)
    assert refused.value.message == "deals.csv has no column stage."
    assert refused.value.hint == "It has: id, stages, owner."
    assert "stages" in refused.value.problems[0].removeprefix("deals.csv has no column stage")


def test_the_users_own_map_means_every_column_that_it_names(sheet):
    words = table(owner="seller", amount="value")
    assert locate_columns(sheet("id", "stage"), words, 1, False).indexes == {"deal": [0], "stage": [1]}
    with pytest.raises(Refused, match=r"^deals.csv has no column seller and no value\.$"):
        locate_columns(sheet("id", "stage"), words, 1, True)


def test_a_file_fits_by_what_it_is_known_by_and_then_by_all_its_columns(sheet):
    words = table(known_by=[["id"], ["stage", "phase"]], owner="owner", entered_each=["in {stage}"])
    assert match_score(sheet("id", "phase", "owner", "in Talk", "shoe size"), words) == (2, 3)
    assert match_score(sheet("id", "owner"), words) == (0, 0)


def test_a_table_without_such_columns_is_known_by_those_it_needs(sheet):
    assert match_score(sheet("id", "stage"), table()) == (2, 2)
    assert match_score(sheet("id", "phase"), table()) == (0, 0)


@pytest.mark.parametrize(
    "words",
    [
        {"name": "deal", "stage": "stage"},
        {"deal": "deal", "status": "stage"},
        {"rows": "contacts", "contact": {"first": "deal"}},
        {"rows": "accounts", "domain": "deal"},
        {"rows": "owners", "owner_id": "deal", "contact": {"last": "stage"}},
        {"name": "deal", "entered_each": ["sta{stage}"]},
    ],
)
def test_whichever_of_the_columns_that_it_needs_a_table_has_it_is_known_by_them(sheet, words):
    assert match_score(sheet("deal", "stage"), checked(TableMap, words)) > (0, 0)
    assert match_score(sheet("shoe", "size"), checked(TableMap, words)) == (0, 0)
