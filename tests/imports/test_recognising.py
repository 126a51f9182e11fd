"""Which program wrote a file, told by its headers; and the maps that ship with the program."""

import pytest
import yaml

from handoffctl.core.yaml.forms import checked
from handoffctl.errors import Refused
from handoffctl.imports.files.sheet import open_sheet
from handoffctl.imports.mapping.columns import match_score
from handoffctl.imports.mapping.library import PRESETS, load_shipped_map, shipped_maps
from handoffctl.imports.mapping.model import ImportMap, PersonColumns
from handoffctl.imports.mapping.recognise import open_with_map, recognise_export

PROGRAMS = sorted(shipped_maps())
TABLES = [(name, number) for name in PROGRAMS for number in range(len(load_shipped_map(name).tables))]


def named(table):
    """Every list of names that the table has for a column."""
    for word in type(table).key_infos():
        given = getattr(table, word)
        if word in {"known_by", "rows", "file", "kind_is", "stage_changes", "status_changes"} or not given:
            continue
        if isinstance(given, PersonColumns):
            yield from (names for person in PersonColumns.key_infos() if (names := getattr(given, person)))
        elif word == "only":
            yield from ((column,) for column in given)
        elif isinstance(given, dict):
            yield from given.values()
        elif word in {"entered_each", "exited_each"}:
            yield (given[0].replace("{stage}", "Offer").replace("{pipeline}", "Sales"),)
        else:
            yield given


def header(table):
    columns = [names[0] for names in (*table.known_by, *named(table))]
    return list(dict.fromkeys(columns))


@pytest.fixture
def file(tmp_path):
    def file(columns, name="list.csv"):
        path = tmp_path / name
        lines = (
            ",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row)
            for row in (columns, ["x"] * len(columns))
        )
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return file


def everything():
    return {name: load_shipped_map(name) for name in PROGRAMS}


def test_there_are_maps_for_six_programs():
    assert PROGRAMS == ["bitrix24", "close", "hubspot", "pipedrive", "salesforce", "zoho"]


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_shipped_map_is_sound_and_both_loaders_read_it_alike(name):
    text = (PRESETS / f"{name}.yaml").read_text(encoding="utf-8")
    pure = yaml.load(text, yaml.SafeLoader)
    assert yaml.load(text, yaml.CSafeLoader) == pure
    rules = load_shipped_map(name)
    assert rules == checked(ImportMap, pure)
    assert rules.program
    assert {table.rows for table in rules.tables} >= {"deals", "contacts", "touches"}
    for table in rules.tables:
        assert table.known_by, "a table that is not known by its columns is never recognised"


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_shipped_map_names_no_column_twice_for_one_thing(name):
    for table in load_shipped_map(name).tables:
        for names in (*table.known_by, *named(table)):
            assert len({one.casefold() for one in names}) == len(names), names


@pytest.mark.parametrize(("name", "number"), TABLES)
def test_a_file_with_the_first_names_of_a_table_is_that_table_of_that_program(file, name, number):
    table = load_shipped_map(name).tables[number]
    export = recognise_export(file(header(table)), everything())
    assert export.system == name
    assert [part.table for part in export.files] == [table]


@pytest.mark.parametrize(("name", "number"), TABLES)
def test_no_other_program_claims_that_file_by_as_many_columns(file, name, number):
    table = load_shipped_map(name).tables[number]
    sheet = open_sheet(file(header(table)))
    for other in set(PROGRAMS) - {name}:
        claims = [
            (match_score(sheet, one), one.rows)
            for one in load_shipped_map(other).tables
            if match_score(sheet, one) > (0, 0)
        ]
        assert all(fit[0] < len(table.known_by) and rows == table.rows for fit, rows in claims), (other, claims)


@pytest.mark.parametrize(("name", "number"), TABLES)
def test_the_columns_a_table_is_known_by_are_enough_to_read_it(file, name, number):
    table = load_shipped_map(name).tables[number]
    columns = list(dict.fromkeys(names[0] for names in table.known_by))
    export = recognise_export(file(columns), {name: load_shipped_map(name)})
    assert [part.table.rows for part in export.files] == [table.rows]


def test_a_file_nobody_knows_is_refused_with_its_columns_and_a_way_out(file):
    with pytest.raises(Refused) as refused:
        recognise_export(file(["customer", "phase", "since when"]), everything())
    assert "list.csv does not look like an export this program knows" in refused.value.message
    assert "customer, phase, since when" in refused.value.hint
    assert "import --suggest " in refused.value.hint


def test_case_spaces_and_underscores_of_headers_do_not_matter(file):
    path = file(["RECORD ID", "Deal_Name", "deal stage", "Amount"])
    assert recognise_export(path, everything()).system == "hubspot"


def test_the_only_program_asked_for_is_named_where_the_file_is_not_its(file):
    with pytest.raises(Refused, match="does not look like an export of Zoho CRM"):
        recognise_export(file(["Id", "Name", "StageName", "CloseDate"]), {"zoho": load_shipped_map("zoho")})


def test_files_that_no_table_fits_are_named_and_left_alone(file):
    file(["Deal Name", "Deal Stage", "Record ID"], "deals.csv")
    folder = file(["colour", "size"], "shoes.csv").parent
    export = recognise_export(folder, everything())
    assert (export.system, [part.sheet.file for part in export.files]) == ("hubspot", ["deals.csv"])
    assert export.unread == ["shoes.csv"]


def test_a_folder_without_tables_is_refused(tmp_path):
    (tmp_path / "photo.png").write_bytes(b"\x89PNG")
    with pytest.raises(Refused, match="no CSV file"):
        recognise_export(tmp_path, everything())


def test_a_map_for_one_file_does_not_take_a_folder(tmp_path):
    rules = checked(ImportMap, {"deal": "id", "stage": "stage"})
    with pytest.raises(Refused, match="is a folder"):
        open_with_map(tmp_path, rules, "own")
