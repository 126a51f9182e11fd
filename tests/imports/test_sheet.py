import csv
import io
import os

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from handoffctl.errors import REFUSED, Refused
from handoffctl.imports.files import csv_file as csv_file
from handoffctl.imports.files.csv_file import LONGEST_CELL
from handoffctl.imports.files.sheet import MOST_COLUMNS, open_sheet


@pytest.fixture
def saved(tmp_path):
    def save(content, encoding="utf-8", name="Deals.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return save


def read(path):
    return [cells for _, cells in open_sheet(path).rows()]


def refusal(path):
    with pytest.raises(Refused) as refused:
        list(open_sheet(path).rows())
    assert refused.value.exit_code == REFUSED
    assert refused.value.hint
    assert "\n" not in refused.value.message
    assert path.name in refused.value.message
    return refused.value.message


def test_rows_carry_the_number_a_spreadsheet_shows(saved):
    sheet = open_sheet(saved('Name,Note\nAcorn,"two\nlines"\n\nBirch,x\n'))
    assert list(sheet.rows()) == [(2, {"Name": "Acorn", "Note": "two\nlines"}), (4, {"Name": "Birch", "Note": "x"})]
    assert sheet.row_count == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_western_text_is_read_in_every_encoding(saved, encoding):
    path = saved("Name;Ort\nMüller & Söhne;Köln\nCafé Zoë;Genève\n", encoding)
    assert read(path) == [{"Name": "Müller & Söhne", "Ort": "Köln"}, {"Name": "Café Zoë", "Ort": "Genève"}]


def test_big_endian_utf_16_is_read(saved):
    assert read(saved(b"\xfe\xff" + "Name\tOrt\nÅse\tOslo\n".encode("utf-16-be"))) == [{"Name": "Åse", "Ort": "Oslo"}]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("word", ["Acorn", "Łódź", "Ромашка", "東京"])
def test_utf_16_without_a_mark_is_known_by_its_nuls(saved, encoding, word):
    sheet = open_sheet(saved(f"Name;City;Amount\r\n{word};Bonn;12\r\n" * 9, encoding))
    assert next(sheet.rows()) == (2, {"Name": word, "City": "Bonn", "Amount": "12"})
    assert [batch.columns[0][0] for batch in sheet.batches([0])] == [word]
    assert sheet.skipped == []


def test_a_long_russian_file_in_utf_16_without_a_mark_is_read(saved):
    lines = "Сделка,Компания,Этап\n" + "Поставка,ООО «Ромашка» 🌼,Переговоры\n" * 5_000
    sheet = open_sheet(saved(lines, "utf-16-le"))
    assert sum(len(batch.rows) for batch in sheet.batches([0, 1])) == 5_000


def test_russian_windows_text_is_read_as_such(saved):
    path = saved("Сделка;Компания\n1;ООО Ромашка\n2;ИП Берёзкин\n", "cp1251")
    assert read(path)[0] == {"Сделка": "1", "Компания": "ООО Ромашка"}


@pytest.mark.parametrize("word", ["Müller", "Société Générale", "É", "12 €", "ÅÄÖ Ångström", "naïve “quote”", "Łódź"])
def test_a_single_western_word_is_not_taken_for_russian(saved, word):
    word = word.encode("cp1252", "ignore").decode("cp1252")
    assert read(saved(f"Name,City\n{word},Bonn\n", "cp1252"))[0]["Name"] == word


def test_an_umlaut_far_behind_the_beginning_is_still_found(saved):
    lines = "Name,City\n" + "Plain,Town\n" * 200_000
    assert read(saved(lines + "Müller,Köln\n", "cp1252"))[-1] == {"Name": "Müller", "City": "Köln"}
    assert read(saved(lines + "Müller,Köln\n"))[-1] == {"Name": "Müller", "City": "Köln"}


def test_a_damaged_row_in_a_utf_8_file_is_skipped_and_the_others_stay_right(saved):
    rows = ["Müller,Köln", "Söhne,Düren", "Größe,Straße"]
    content = "Name,City\n" + "\n".join(rows * 3) + "\n"
    sheet = open_sheet(saved(content.encode() + b"B\xe4r,Bonn\n"))
    assert [cells["Name"] for _, cells in sheet.rows()] == ["Müller", "Söhne", "Größe"] * 3
    assert [(one.row, one.reason) for one in sheet.skipped] == [
        (11, "holds bytes that are no text in the encoding of the file")
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_and_quoted_ones_do_not_mislead(saved, delimiter):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(["Deal", "a, b; c | d", "Amount"])
    writer.writerows([["One; two, three | four\tfive", "x,y,z", "1,5"], ["Six", ";;;;||||", "2,5"]])
    assert [list(cells.values()) for cells in read(saved(out.getvalue()))] == [
        ["One; two, three | four\tfive", "x,y,z", "1,5"],
        ["Six", ";;;;||||", "2,5"],
    ]


def test_the_sep_line_of_excel_decides_and_is_no_row(saved):
    assert list(open_sheet(saved("sep=|\r\nName|A;B;C\r\nAcorn|1;2;3\r\n")).rows()) == [
        (2, {"Name": "Acorn", "A;B;C": "1;2;3"})
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_ending_is_one(saved, end):
    assert read(saved(end.join(["Name,City", "Acorn,Bonn", "Birch,Ulm"]))) == [
        {"Name": "Acorn", "City": "Bonn"},
        {"Name": "Birch", "City": "Ulm"},
    ]


def test_short_rows_are_padded_and_empty_surplus_cells_are_let_pass(saved):
    assert read(saved("A,B,C\n1\n1,2,3,,,\n")) == [{"A": "1", "B": "", "C": ""}, {"A": "1", "B": "2", "C": "3"}]


def test_a_row_with_too_many_cells_is_skipped_with_its_reason(saved):
    sheet = open_sheet(saved("A,B\n1,2\n1,2,3,4\n5,6\n"))
    assert [row for row, _ in sheet.rows()] == [2, 4]
    assert [(one.file, one.row, one.reason) for one in sheet.skipped] == [
        ("Deals.csv", 3, "has 4 cells where the header has 2")
    ]


def test_a_row_with_nul_characters_is_skipped_with_its_reason(saved):
    sheet = open_sheet(saved("Name,City\nAcorn,Bonn\nBi\0rch,Ulm\nCedar,Jena\n"))
    assert [cells["Name"] for _, cells in sheet.rows()] == ["Acorn", "Cedar"]
    assert [(one.row, "NUL" in one.reason) for one in sheet.skipped] == [(3, True)]


def test_a_stray_quotation_mark_costs_its_row_and_no_other(saved):
    sheet = open_sheet(saved('A,B\n"Acorn "Best" Ltd",1\nBirch,2\n'))
    assert [cells["A"] for _, cells in sheet.rows()] == ["Birch"]
    assert [one.row for one in sheet.skipped] == [2]


def test_columns_of_the_same_name_and_without_a_name_are_told_apart(saved):
    assert open_sheet(saved("Name,name,,Name,,\n1,2,3,4\n")).headers == ("Name", "name (2)", "column 3", "Name (3)")


def test_a_column_is_found_by_name_whatever_its_case_and_exact_names_come_first(saved):
    sheet = open_sheet(saved("Close Date,NAME,CloseDate,Owner.Name\n1,2,3,4\n"))
    assert sheet.find_column("closedate") == 2
    assert sheet.find_column("name") == 1
    assert sheet.find_column("OwnerName") == 3
    assert sheet.find_column("Nothing", "Close_Date") == 0
    assert sheet.find_column("Nothing") is None
    assert list(sheet.select([1, None])) == [(2, ("2", ""))]
    assert list(sheet.select([0])) == [(2, ("1",))]


def test_a_header_alone_is_refused_unless_the_file_may_be_empty(saved):
    path = saved("Name,City\n\n,\n")
    assert "has a header but no rows" in refusal(path)
    assert list(open_sheet(path, may_be_empty=True).rows()) == []


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"\xff\xfe", "is empty"),
        (b" \r\n\r\n", "is empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "is a picture"),
        (b"PK\x03\x04" + bytes(500), "Excel workbook"),
        (b"%PDF-1.7\n1 0 obj\n", "is a PDF"),
        (b"SQLite format 3\0" + bytes(100), "is an SQLite database"),
        (b"\n<!DOCTYPE HTML><p>Please log in", "is a web page"),
        (bytes(range(256)) * 40, "no text"),
        ("Name,City\nAcorn,Bonn\n".encode("utf-32-le"), "no text"),
        (b"\1\0\2\0\3\0\4\0" * 90, "no text"),
        ("Name,City\nAcorn,Bonn\n".encode("utf-16-le") + b"\0", "UTF-16"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "with a password"),
        (b"\xff\xfe" + "Name,City\nAcorn,Bonn\n".encode("utf-16-le") + b"\x00", "UTF-16"),
        ('A,B\n1,2\n3,"never closed\n4,5\n', "row 3: a quotation mark is opened and never closed"),
        ("A,B\n1,2\n3," + "x" * (LONGEST_CELL + 1) + "\n", "row 3: a cell has more than"),
        ('A,B\n1,"' + "x\n" * LONGEST_CELL + '"\n', "row 2: a cell has more than"),
        ("A,B\n" + "x" * 30_000_000, "row 2 has more than"),
        (",".join(["a"] * (MOST_COLUMNS + 1)) + "\n1\n", f"{MOST_COLUMNS:,} is the most"),
        ("," * 1_000_000 + "\n1\n", "columns"),
        ("x" * 30_000_000, "row 1 has more than"),
    ],
)
def test_what_is_no_usable_csv_is_refused_in_a_sentence(saved, content, says):
    assert says in refusal(saved(content))


def test_a_missing_file_a_folder_and_a_pipe_are_refused(tmp_path):
    assert "no file" in refusal(tmp_path / "Nothing.csv")
    assert "is a folder" in refusal(tmp_path)
    os.mkfifo(tmp_path / "pipe.csv")
    assert "no ordinary file" in refusal(tmp_path / "pipe.csv")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the superuser may read every file")
def test_a_file_that_may_not_be_read_is_refused(saved):
    path = saved("A\n1\n")
    path.chmod(0)
    assert "cannot be read" in refusal(path)


def test_a_file_name_cannot_steer_the_terminal(saved):
    with pytest.raises(Refused) as refused:
        open_sheet(saved("", name="a\x1b[31mb.csv"))
    assert "\x1b" not in refused.value.message


def test_reading_twice_gives_the_same_and_counts_anew(saved):
    sheet = open_sheet(saved("A,B\n1,2\n1,2,3\n"))
    assert list(sheet.rows()) == list(sheet.rows())
    assert (len(sheet.skipped), sheet.row_count) == (1, 2)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None, max_examples=300
)
@given(content=st.binary(max_size=400) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
@example(b'a,b\n"\r')
@example(b"\x81,\x8d\n1,2")
@example(b"\xff\xfe\x00\xd8\n")
def test_any_bytes_give_rows_or_a_refusal(tmp_path, content):
    path = tmp_path / "any.csv"
    path.write_bytes(content)
    try:
        sheet = open_sheet(path)
        rows = list(sheet.rows())
    except Refused:
        return
    assert len(rows) + len(sheet.skipped) == sheet.row_count > 0
    assert all(set(cells) == set(sheet.headers) for _, cells in rows)


cell = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"], include_characters="\r\n\t"), max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
@given(records=st.lists(st.lists(cell, min_size=1, max_size=6), min_size=1, max_size=15))
def test_a_ragged_file_loses_no_row(tmp_path, records):
    path = tmp_path / "ragged.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([["Name", "City", "Note"], *records])
    sheet = open_sheet(path, may_be_empty=True)
    rows = list(sheet.rows())
    filled = [number for number, record in enumerate(records, 2) if any(text.strip() for text in record)]
    assert sorted([row for row, _ in rows] + [one.row for one in sheet.skipped]) == filled
    for row, cells in rows:
        assert list(cells.values())[: len(records[row - 2])] == [text.strip() for text in records[row - 2]][:3]


def outcome(read, sheet):
    """The rows, and what is said about the others; or the refusal with the rows before it."""
    rows, refused = [], ""
    try:
        for row in read:
            rows.append(row)
    except Refused as error:
        refused = error.message
    return rows, list(sheet.skipped), sheet.row_count, refused


def by_row(sheet, places, size):
    for batch in sheet.batches(places, size):
        assert 0 < len(batch.rows) <= size
        assert all(len(column) == len(batch.rows) for column in batch.columns)
        yield from zip(batch.rows, zip(*batch.columns, strict=True), strict=True)


def assert_both_ways_agree(path, places, size):
    sheet = open_sheet(path, may_be_empty=True)
    quick, careful = outcome(by_row(sheet, places, size), sheet), outcome(sheet.select(places), sheet)
    if careful[3]:
        assert quick[3] == careful[3]
        assert quick[0] == careful[0][: len(quick[0])]
    else:
        assert quick == careful
    return quick


piece = st.sampled_from(["a", "é", '"', '"', '""', ",", ",", ", ", " ", "\n", "\n", "\r\n", "\r", "\0", "\t", "\u2028"])
line = st.sampled_from(
    ["1,2,3", '"1","2, x","3"', '"two\nlines",2,3', "1,2", "1,2,3,,", "1,2,3,4", "", ",,", " , ,", ",2,"]
)
line |= st.lists(piece, max_size=8).map("".join)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None, max_examples=400
)
@given(
    lines=st.lists(line, max_size=20),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    size=st.integers(1, 6),
    places=st.lists(st.sampled_from([0, 1, 2, None]), min_size=1, max_size=4),
    encoding=st.sampled_from(["utf-8", "utf-16", "cp1252"]),
    block=st.sampled_from([1, 2, 7, 64 * 1024]),
)
@example(lines=["1,2,3", '"1"x,2,3', "4,5,6"], end="\n", size=2, places=[0], encoding="utf-8", block=64 * 1024)
def test_batches_and_single_rows_always_agree(tmp_path, monkeypatch, lines, end, size, places, encoding, block):
    monkeypatch.setattr(csv_file, "_BLOCK", block)
    path = tmp_path / "any.csv"
    sound = ["1,2,3"] * 600  # or the file is refused as no text at all
    path.write_bytes(end.join(["A,B,C", *sound, *lines]).encode(encoding, "replace"))
    assert_both_ways_agree(path, places, size)


def test_many_sound_rows_never_need_the_careful_way(saved, monkeypatch):
    text = 'A,B\n"1, x",2\n' + f"{'long' * 20},2\n" * 50_000 + '"stray" mark,2\n' + "1\n\n" + "é,2\n" * 50_000
    sheet = open_sheet(saved(text, "cp1252"))
    monkeypatch.setattr(sheet, "records", None)
    assert sum(len(batch.rows) for batch in sheet.batches([0, 1])) == 100_002
    assert [one.row for one in sheet.skipped] == [50_003]
    assert sheet.row_count == 100_003


@pytest.mark.parametrize(
    "body",
    [
        'x,"' + "y\n" * 1_500_000 + '"\n1,2\n',
        'x,"' + '","'.join(["y\n" * 400_000] * 8) + '"\n1,2\n',
        "x," + "y" * 300_000 + "\n1,2\n",
        'x,"never closed\n1,2\n',
        "x,y\nM\xfcller,2\n\x81,3\n" * 3_000,
    ],
    ids=["long cell", "long row", "long line", "open quote", "stray bytes"],
)
def test_batches_refuse_and_skip_what_single_rows_do(saved, body):
    path = saved(("A,B\n" + "1,2\n" * 30_000 + body).encode("latin-1"))
    rows, _, _, _ = assert_both_ways_agree(path, [0, 1], 1000)
    assert len(rows) > 29_000


def test_how_far_the_reading_is_can_be_told(saved):
    content = "A,B\n" + "1,2\n" * 200_000
    sheet = open_sheet(saved(content))
    assert sheet.size == len(content)
    far = [sheet.position for _ in sheet.batches([0])]
    assert far == sorted(far)
    assert far[0] < sheet.size / 3
    assert sheet.position == far[-1] == sheet.size
