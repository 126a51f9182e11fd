import sys
import tempfile
import warnings
from datetime import date, datetime, time
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook as Book

from handoffctl.errors import REFUSED, Refused
from handoffctl.imports.files import workbook
from handoffctl.imports.files.sheet import MOST_COLUMNS, open_sheet

DEALS = [["Deal", "Stage", "Closes"], ["Acorn", "Lead", datetime(2026, 3, 1)], ["Birch", None, "soon"]]
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def saved(tmp_path):
    def save(*sheets, name="Deals.xlsx", **rows_by_title):
        book = Book()
        book.remove(book.active)
        for title, rows in [*((f"S{n}", rows) for n, rows in enumerate(sheets)), *rows_by_title.items()]:
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        book.save(tmp_path / name)
        return tmp_path / name

    return save


def rewritten(path, **changes):
    """The same workbook with these parts changed, given by the last word of their names. Each change must change it."""
    with ZipFile(path) as parts:
        content = {name: parts.read(name) for name in parts.namelist()}
    with ZipFile(path, "w", ZIP_DEFLATED) as parts:
        for name, data in content.items():
            change = changes.get(Path(name).stem)
            assert not change or change(data) != data
            parts.writestr(name, change(data) if change else data)
    return path


def refusal(path):
    with pytest.raises(Refused) as refused:
        list(open_sheet(path).rows())
    assert refused.value.exit_code == REFUSED
    assert refused.value.hint
    assert "\n" not in refused.value.message
    return refused.value.message


def test_a_workbook_is_read_like_a_csv_file(saved):
    sheet = open_sheet(saved([*DEALS, [None], ["Cedar", "Won", "x", "surplus"]]))
    assert (sheet.file, sheet.headers, sheet.find_column("closes")) == ("Deals.xlsx", ("Deal", "Stage", "Closes"), 2)
    assert list(sheet.records()) == [(2, ["Acorn", "Lead", "2026-03-01"]), (3, ["Birch", "", "soon"])]
    assert list(sheet.select([2, None])) == [(2, ("2026-03-01", "")), (3, ("soon", ""))]
    assert [(batch.rows, batch.columns) for batch in sheet.batches([0, None])] == [
        ([2, 3], [["Acorn", "Birch"], ["", ""]])
    ]
    assert [(one.row, one.reason) for one in sheet.skipped] == [(5, "has 4 cells where the header has 3")]
    assert (sheet.row_count, sheet.notes) == (3, [])


def test_what_is_in_the_file_counts_and_not_its_name(saved):
    assert next(open_sheet(saved(DEALS, name="Deals.csv")).records())[1][0] == "Acorn"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (datetime(2026, 3, 1, 9, 30), "2026-03-01T09:30:00"),
        (datetime(2026, 3, 1, 9, 30, 0, 276000), "2026-03-01T09:30:00.276000"),
        (date(2026, 3, 1), "2026-03-01"),
        (time(9, 30), "09:30:00"),
        (12, "12"),
        (12.0, "12"),
        (-1500.5, "-1500.5"),
        (0.1 + 0.2, "0.3"),
        (1e300, "1e+300"),
        (True, "TRUE"),
        (False, "FALSE"),
        (" two\nlines ", "two\nlines"),
        ("007", "007"),
        ("#N/A", ""),
        ("=1+1", ""),
        (None, ""),
    ],
)
def test_every_kind_of_cell_becomes_text(saved, value, text):
    assert next(open_sheet(saved([["A", "B"], ["x", value]])).records()) == (2, ["x", text])


def test_the_first_visible_sheet_with_rows_is_read_and_the_others_are_named(saved, tmp_path):
    path = saved(Cover=[], Hidden=DEALS, Deals=DEALS, Notes=[["x"]])
    rewritten(
        path,
        workbook=lambda data: data.replace(
            b'name="Hidden" sheetId="2" state="visible"', b'name="Hidden" sheetId="2" state="hidden"'
        ),
    )
    sheet = open_sheet(path)
    assert sheet.headers[0] == "Deal"
    assert sheet.notes == ['Deals.xlsx: of its sheets only "Deals" is read, not "Cover", "Notes".']


def test_texts_that_stand_apart_from_their_cells_as_excel_keeps_them_are_read(saved):
    space = b"http://schemas.openxmlformats.org/"
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    path = rewritten(
        saved([["A"], ["Acorn"]]),
        sheet1=lambda data: data.replace(b't="inlineStr"><is><t>Acorn</t></is>', b't="s"><v>0</v>'),
        **{"[Content_Types]": lambda data: data.replace(
            b"</Types>", b'<Override PartName="/xl/sharedStrings.xml" ContentType="%s"/></Types>' % kind
        )},
    )  # fmt: skip
    with ZipFile(path, "a") as parts:
        texts = b'<sst xmlns="%sspreadsheetml/2006/main"><si><t>Ac</t></si></sst>' % space
        parts.writestr("xl/sharedStrings.xml", texts)
    assert list(open_sheet(path).records()) == [(2, ["Ac"])]


def test_a_wrong_size_that_the_sheet_claims_to_have_misleads_nobody(saved):
    def claim(ref):
        return lambda data: data.replace(b'<dimension ref="A1:C3" />', b'<dimension ref="%s"/>' % ref)

    for ref in (b"A1", b"A1:XFD1048576"):
        assert len(list(open_sheet(rewritten(saved(DEALS), sheet1=claim(ref))).records())) == 2


def test_how_far_the_reading_is_can_be_told(saved):
    sheet = open_sheet(saved([["A", "B"], *([n, n * 7919 % 10007] for n in range(20_000))]))
    far = [sheet.position for _ in sheet.batches([0], 1000)]
    assert far == sorted(far)
    assert 0 < far[0] < far[-1] <= sheet.size


def test_an_empty_workbook_and_a_header_alone_are_refused(saved):
    assert "is empty" in refusal(saved([]))
    assert "is empty" in refusal(saved([[None, " "]]))
    path = saved([["A", "B"]])
    assert "has a header but no rows" in refusal(path)
    assert list(open_sheet(path, may_be_empty=True).records()) == []


def test_too_many_columns_and_a_row_without_end_are_refused(saved, monkeypatch):
    assert f"{MOST_COLUMNS:,} is the most" in refusal(saved([["a"] * (MOST_COLUMNS + 1), [1]]))
    far = rewritten(saved(DEALS), sheet1=lambda data: data.replace(b'<row r="3"', b'<row r="99999999999"'))
    assert "has more than 1,048,576 rows" in refusal(far)


def test_a_cell_of_any_length_costs_only_its_row(saved, monkeypatch):
    monkeypatch.setattr(workbook, "LONGEST_CELL", 1000)
    sheet = open_sheet(saved([["A"], ["x" * 1001], ["y"]]))
    assert list(sheet.records()) == [(3, ["y"])]
    assert "has a cell of more than" in sheet.skipped[0].reason


def test_a_bomb_is_refused_before_it_is_unpacked(saved, monkeypatch):
    path = saved(DEALS)
    with ZipFile(path, "a", ZIP_DEFLATED) as parts:
        parts.writestr("xl/media/image.xml", bytes(64 * 1024 * 1024))
    assert "when unpacked, which is too much" in refusal(path)
    monkeypatch.setattr(workbook, "LARGEST_REST", 5_000)
    assert "when unpacked, which is too much" in refusal(saved(DEALS))


def test_entities_that_grow_without_end_are_refused(saved):
    names = [b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 12)]
    doctype = b'<!DOCTYPE s [<!ENTITY e0 "0123456789">' + b"".join(names) + b"]>"
    path = rewritten(saved([["A"], ["LOL"]]), sheet1=lambda data: doctype + data.replace(b"LOL", b"&e11;"))
    assert "no sound Excel workbook" in refusal(path)


def test_a_locked_a_broken_and_another_archive_are_refused(saved, tmp_path):
    whole = saved(DEALS).read_bytes()
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(whole[: len(whole) // 2])
    assert "Excel workbook or another ZIP archive" in refusal(broken)
    with ZipFile(tmp_path / "other.csv", "w") as parts:
        parts.writestr("readme.txt", "no workbook")
    assert "Excel workbook or another ZIP archive" in refusal(tmp_path / "other.csv")
    locked = tmp_path / "locked.xlsx"
    at = whole.rindex(b"PK\x01\x02")
    locked.write_bytes(whole[: at + 8] + b"\1" + whole[at + 9 :])
    assert "locked with a password" in refusal(locked)
    assert "no sound Excel workbook" in refusal(rewritten(saved(DEALS), sheet1=lambda data: data[: len(data) // 2]))


def test_without_openpyxl_the_refusal_says_how_to_get_it(saved, monkeypatch):
    path = saved(DEALS)
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(Refused) as refused:
        open_sheet(path)
    assert 'pip install "handoffctl[xlsx]"' in refused.value.hint
    assert "CSV" in refused.value.hint


@pytest.fixture(scope="module")
def sound():
    with tempfile.TemporaryDirectory() as folder:
        book = Book()
        for row in DEALS:
            book.active.append(row)
        book.save(Path(folder) / "sound.xlsx")
        with ZipFile(Path(folder) / "sound.xlsx") as parts:
            yield {name: parts.read(name) for name in parts.namelist()}


@settings(deadline=None, max_examples=150)
@given(data=st.data())
def test_any_damage_gives_rows_or_a_refusal(sound, data):
    parts = dict(sound)
    for _ in range(data.draw(st.integers(1, 3))):
        name = data.draw(st.sampled_from(sorted(parts)))
        start = data.draw(st.integers(0, len(parts[name])))
        end = start + data.draw(st.sampled_from([0, 1, 4, 30, 10_000]))
        parts[name] = parts[name][:start] + data.draw(st.binary(max_size=3)) + parts[name][end:]
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        path = Path(folder) / "any.xlsx"
        with ZipFile(path, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
        at = data.draw(st.integers(0, path.stat().st_size - 1))
        whole = path.read_bytes()
        path.write_bytes(whole[:at] + data.draw(st.binary(max_size=2)) + whole[at + data.draw(st.integers(0, 2)) :])
        try:
            sheet = open_sheet(path)
            rows = list(sheet.rows())
        except Refused:
            return
        assert len(rows) + len(sheet.skipped) == sheet.row_count > 0
