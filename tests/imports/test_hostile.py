"""Files nobody should ever meet: each is refused in a sentence, or its rows are skipped by name; nothing by halves."""

import codecs
import contextlib
import csv
import gzip
import io
import json
import os
import sqlite3
import zipfile
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.processor_time import processor_seconds

from handoffctl.app import main
from handoffctl.db.integrity import integrity_errors
from handoffctl.imports.importer import ImportRequest, run_import
from handoffctl.workspace.home import Home

EXAMPLES = max(15, int(os.environ.get("HANDOFFCTL_FUZZ", "0")) // 10)  # each is some six imports
TRIALS = "HANDOFFCTL_FUZZ" in os.environ
BAD_ROWS = 100_000 if TRIALS else 10_000

NOW = "2026-06-01T09:00:00Z"
LONGEST_SAID = 4_000  # characters that a run may print, however large the file is
COLUMNS = ("id", "name", "account", "stage", "amount", "since", "owner", "person", "mail")
MAP = """\
program: books
deal: id
name: name
account: account
stage: stage
amount: amount
since: since
owner: owner
contact: {name: person, email: mail}
kinds: {Won: won, Lost: lost}
dates: ymd
"""
SOUND = ("1", "Roof", "Acme", "Talk", "1,500.00", "2026-01-05", "Ida", "Jane Doe", "jane@acme.example")
PLAYBOOK = """\
playbook: own
title: Own
roles: {seller: Who sells, delivery: Who delivers}
fields:
  need: {label: Need, type: text, why: Else there is nothing to sell.}
  count: {label: Count, type: number, why: To know how many.}
stages:
  talk: {title: Talk, owner: seller}
  offer: {title: Offer, owner: seller}
  won: {title: Won, kind: won, owner: delivery}
  lost: {title: Lost, kind: lost}
handoffs:
  - {from: talk, to: offer, trigger: They ask., reason: They want one., benefit: They get one., required: [need]}
  - {from: offer, to: won, trigger: They ask., reason: They said yes., benefit: They begin.}
"""


def table(*rows, header=COLUMNS, delimiter=","):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([header, *rows])
    return out.getvalue()


def with_one(**cells):
    """A sound row, and one that is the same but for these cells and its id."""
    return table(
        SOUND, tuple(cells.get(word, "2" if word == "id" else cell) for word, cell in zip(COLUMNS, SOUND, strict=True))
    )


@pytest.fixture
def saved(tmp_path):
    def save(content, name="deals.csv", encoding="utf-8"):
        path = tmp_path / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return save


@pytest.fixture
def bring(quick, saved):
    """Imports a file by a map; without one the program has to recognise it."""

    def bring(path, *more, map=MAP, into=("--make-playbook", "books")):
        by = ("--map", str(saved(map, "map.yaml"))) if map else ()
        return quick("import", str(path), *by, *into, *more, now=NOW)

    return bring


@pytest.fixture
def sound(quick, rows, home):
    def sound():
        if not (home / "handoffctl.db").exists():
            return
        assert rows("PRAGMA integrity_check") == [("ok",)]
        assert rows("PRAGMA foreign_key_check") == []
        assert integrity_errors(home / "handoffctl.db") == []
        if TRIALS:  # it reads every shipped playbook too, which takes as long as the import
            assert quick("doctor", now=NOW).code == 0

    return sound


def assert_said_shortly(ran):
    """A sentence and what to do next: no traceback, nothing that steers a terminal, no flood."""
    said = ran.out + ran.err
    assert "Traceback" not in said
    assert "\x1b" not in said
    assert "\u202e" not in said
    assert len(said) < LONGEST_SAID, said[:300]


def assert_refused(ran, home):
    assert ran.code == 6, ran
    message, *more = ran.err.strip().splitlines()
    assert message.endswith((".", "?")), ran.err
    assert more, "it says what to do next"
    assert_said_shortly(ran)
    assert not list((home / "playbooks").glob("*"))


def zipped(*parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return out.getvalue()


def workbook(sheet, **parts):
    """The least that is a workbook, with this as the XML of its only sheet."""
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    of_sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
    of_book = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    of_texts = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    return zipped(
        ("[Content_Types].xml", f'{head}<Types xmlns="{package}/content-types">'
         f'<Override PartName="/xl/workbook.xml" ContentType="{of_book}"/>'
         f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{of_sheet}"/>'
         f'<Override PartName="/xl/sharedStrings.xml" ContentType="{of_texts}"/></Types>'),
        ("_rels/.rels", f'{head}<Relationships xmlns="{package}/relationships">'
         f'<Relationship Id="rId1" Type="{links}/officeDocument" Target="xl/workbook.xml"/></Relationships>'),
        ("xl/workbook.xml", f'{head}<workbook xmlns="{main}" xmlns:r="{links}"><sheets>'
         '<sheet name="Deals" sheetId="1" r:id="rId1"/></sheets></workbook>'),
        ("xl/_rels/workbook.xml.rels", f'{head}<Relationships xmlns="{package}/relationships">'
         f'<Relationship Id="rId1" Type="{links}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'),
        ("xl/worksheets/sheet1.xml", f'{head}<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData></worksheet>'),
        *parts.values(),
    )  # fmt: skip


def inline(*cells):
    return "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells)


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
LAUGHING = f'<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY l0 "ha">{LAUGHS}]><sst><si><t>&l11;</t></si></sst>'
SHARED = '<row r="1"><c t="s"><v>0</v></c></row>'
CFB = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

NO_EXPORT = {
    "a zip archive": zipped(("deals.csv", table(SOUND))),
    "a gzip archive": gzip.compress(table(SOUND).encode()),
    "a zip archive that ends early": zipped(("deals.csv", table(SOUND)))[:40],
    "a workbook that ends early": workbook(f"<row>{inline(*COLUMNS)}</row>")[:-60],
    "a workbook without a sheet": zipped(("xl/workbook.xml", "<workbook/>")),
    "a workbook that is no XML": workbook("<row><c></row>"),
    "a workbook whose sheet is empty": workbook(""),
    "a workbook that is a bomb": workbook(" " * 200_000_000),
    "a workbook of a billion laughs": workbook(SHARED, texts=("xl/sharedStrings.xml", LAUGHING)),
    "a workbook of other rows only": workbook(f'<row r="1048576">{inline(*COLUMNS)}</row>'),
    "an old workbook": CFB + bytes(4096),
    "UTF-16 without a mark that ends within a letter": table(SOUND).encode("utf-16-le")[:-1],
    "UTF-16 with half a pair": codecs.BOM_UTF16_LE + table(SOUND).encode("utf-16-le") + b"\x00\xd8" + b"x\0" * 9,
    "bytes of every kind": bytes(range(256)) * 100,
    "only NULs": bytes(10_000),
    "nothing": b"",
    "only a header": table(),
    "a quotation mark that is never closed": table(SOUND) + '2,"Barn,Birch\n' + "3,x\n" * 1000,
    "a million columns": ",".join(map(str, range(1_000_000))) + "\n1,2\n",
    "a cell of 2 MB": with_one(name="x" * 2_000_000),
    "a row of 30 MB": table(SOUND) + "x," * 15_000_000,
    "a header of 10,000 characters": table(SOUND, header=("x" * 10_000,) * 9),
    "a header that is a row": table(SOUND, header=SOUND),
    "a header of formulas": table(SOUND, header=("=1+1", "+1", "-1", "@SUM(A1)", "a", "b", "c", "d", "e")),
    "an SQLite database": b"SQLite format 3\0" + bytes(5000),
    "a web page": b"<!DOCTYPE html><p>Please log in",
}


@pytest.mark.parametrize("name", NO_EXPORT)
@pytest.mark.parametrize("by", ["a map", "its columns"])
def test_what_is_no_export_is_refused_in_a_sentence_and_leaves_no_trace(bring, saved, home, dump, name, by):
    suffix = ".xlsx" if "workbook" in name else ".csv"
    ran = bring(saved(NO_EXPORT[name], f"deals{suffix}"), map=MAP if by == "a map" else None)
    assert_refused(ran, home)
    assert not [line for line in dump() if line.startswith("INSERT")]


@pytest.mark.parametrize("name", ["a zip archive", "a billion laughs", "a header of 10,000 characters"])
def test_json_says_the_same_refusal_as_one_object(bring, saved, name):
    content = next(content for called, content in NO_EXPORT.items() if name in called)
    ran = bring(saved(content), "--json", map=None)
    assert (ran.code, ran.err) == (6, "")
    assert ran.json["error"]["message"]
    assert len(ran.out) < LONGEST_SAID


def test_a_folder_of_the_name_of_a_file_a_pipe_and_a_link_to_nowhere_are_refused(bring, tmp_path, home):
    (tmp_path / "x.csv").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "nowhere.csv").symlink_to(tmp_path / "gone.csv")
    (tmp_path / "round.csv").symlink_to(tmp_path / "round.csv")
    for name in ("x.csv", "pipe.csv", "nowhere.csv", "gone.csv"):
        for map in (MAP, None):
            assert_refused(bring(tmp_path / name, map=map), home)
    ran = bring(tmp_path / "round.csv")
    assert ran.code == 6
    assert_said_shortly(ran)


def test_pipes_folders_and_links_to_nowhere_beside_an_export_do_no_harm(bring, saved, sound):
    folder = saved(
        "Id,Name,StageName,CloseDate,IsClosed,IsWon\n1,Roof,Talk,2026-06-30,FALSE,FALSE\n", "Opportunity.csv"
    )
    (folder.parent / "x.csv").mkdir()
    os.mkfifo(folder.parent / "pipe.csv")
    (folder.parent / "nowhere.csv").symlink_to(folder.parent / "gone.csv")
    (folder.parent / "broken.xlsx").write_bytes(workbook("<row>")[:-50])
    ran = bring(folder.parent, "--json", map=None)
    assert ran.code == 0, ran
    assert ran.json["deals_created"] == 1
    sound()


def test_a_link_to_an_export_is_the_export(bring, saved, tmp_path, sound):
    (tmp_path / "link.csv").symlink_to(saved(table(SOUND)))
    assert bring(tmp_path / "link.csv", "--json").json["deals_created"] == 1
    sound()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the superuser may read every file")
def test_a_file_and_a_folder_that_may_not_be_read_are_refused(bring, saved, home):
    path = saved(table(SOUND))
    path.chmod(0)
    assert_refused(bring(path), home)
    path.chmod(0o600)
    path.parent.chmod(0)
    ran = bring(path.parent, map=None)
    path.parent.chmod(0o700)
    assert ran.code == 6


ESCAPE = "\x1b[31mred\x1b]0;title\x07"
ODD = {
    "formulas": ("=cmd|' /C calc'!A0", "+1+1", "-2+3", '@SUM(1)*HYPERLINK("x")', '=IMPORTXML("x")'),
    "statements": ("'; DROP TABLE deal; --", "x' OR '1'='1", '"; DELETE FROM account; --', "%s ? :name {0}", ":origin"),
    "YAML": ("- !!python/object/apply:os.system ['id']", "a: {b: [c]}", "<<: *x", "'\"|>&*!", "null"),
    "Jinja": ("{{ 7 * 7 }}", "{% for x in ().__class__ %}", "{{ config }}", "${7*7}", "#{7*7}"),
    "escapes": (ESCAPE, f"a{ESCAPE}", "b\x08\x08", "c\x9b31m", "d\u202egnp.exe"),
    "odd letters": ("e\u0301\u0301\u0301", "f\u200d\u200b", "g\ufeff", "h\u2028i", "\U0001f469\u200d\U0001f4bb"),
    "marks of our own": ("a>b", "a/b", "a:b", "deal:1", "name:acme"),
}


@pytest.mark.parametrize("word", ["id", "name", "account", "stage", "owner", "person", "mail"])
@pytest.mark.parametrize("kind", ODD)
def test_odd_words_in_any_column_are_data_and_nothing_else(bring, saved, quick, rows, sound, dump, kind, word):
    own = {"id": "{}", "name": "Roof {}", "mail": "jane{}@acme.example"}
    odd = [tuple(text if one == word else own.get(one, cell).format(n)
                 for one, cell in zip(COLUMNS, SOUND, strict=True)) for n, text in enumerate(ODD[kind])]  # fmt: skip
    path = saved(table(*odd))
    ran = bring(path)
    assert ran.code == 0, ran
    assert_said_shortly(ran)
    column = {"id": "SELECT record_key FROM origin", "mail": "SELECT email FROM contact"}.get(word)
    if word in ("name", "account", "owner", "person"):
        place = {"name": "name FROM deal", "account": "name FROM account", "owner": "owner FROM visit",
                 "person": "name FROM contact"}[word]  # fmt: skip
        column = f"SELECT DISTINCT {place}"
        kept = {name for (name,) in rows(column)}
        assert len(kept) == len(ODD[kind])
    sound()
    was = dump()
    assert bring(path).code == 0
    assert dump() == was
    shown = quick("list", now=NOW)
    assert shown.code == 0
    assert_said_shortly(shown)


NOT_TAKEN = {
    "since": ["0000-00-00", "9999-12-31", "31/02/2026", "2026-02-30", "2026-01-01 25:61", "2026-01-01T09:00:00+99:99",
              "2026-01-01T09:00:00+25:00", "2026-13-45", "-2026-01-01", "1e400", "2026-01-01T24:00:01", "NaN", "0",
              "２０２６-01-01", "²026-01-01", "2026-01-01T09:00:00.", "9" * 5000, "0001-01-01"],
    "amount": ["9" * 40, "1e99", "0x10", "NaN", "Infinity", "--1", "1.2.3,4", "٣", "²", "9" * 5000, "1" + ",000" * 40],
    "id": ["", "x" * 201, "x" * 10_000],
    "name": ["x" * 201, "\u200b", "\u202e", "\x01\x02"],
    "account": ["x" * 201, "\u200b\u200b", "\x07"],
    "stage": ["", "x" * 201, "x" * 10_000, "\x07"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("word", "cell"),
    [(word, cell) for word, cells in NOT_TAKEN.items() for cell in cells],
    ids=lambda text: ascii(text[:20]),
)
def test_a_row_with_a_cell_that_cannot_be_taken_is_skipped_with_its_reason(bring, saved, sound, word, cell):
    ran = bring(saved(with_one(**{word: cell})), "--json")
    assert ran.code == 0, ran
    assert ran.json["deals_created"] == 1
    assert [(one["row"], bool(one["reason"])) for one in ran.json["skipped"]] == [(3, True)]
    assert len(ran.json["skipped"][0]["reason"]) < 400
    assert_said_shortly(ran)
    sound()


@pytest.mark.parametrize(
    "at",
    ["1900-01-01", "1900-01-01 00:00", "1900-01-01T00:00:00+14:00", "2199-12-31T23:59:59-12:00", "2199-12-31",
     "1970-01-01T00:00Z", "2026-03-29T02:30:00", "2026-10-25T02:30:00", "2026-01-05T09:00:00.1234567Z"],
)  # fmt: skip
def test_a_moment_at_the_edge_of_what_is_allowed_is_taken_as_it_is_or_skipped(bring, saved, quick, rows, sound, at):
    made = [("1", "Talk", at), ("1", "Offer", "2026-11-01"), ("2", "Talk", "2026-01-05")]
    rules = "rows: changes\ndeal: id\nstage: stage\nat: at\nzone: Europe/Berlin\nprogram: books\n"
    ran = bring(saved(table(*made, header=("id", "stage", "at"))), "--json", map=rules)
    assert ran.code == 0, ran
    assert ran.json["visits"] + len(ran.json["skipped"]) == len(made)
    assert rows("SELECT count(*) FROM visit WHERE days < 0") == [(0,)]
    sound()


def test_a_cell_of_a_megabyte_is_kept_as_far_as_a_text_goes(bring, saved, rows, sound):
    rules = "rows: touches\nat: at\naccount: account\ntext: text\nprogram: books\n"
    assert bring(saved(table(SOUND))).code == 0
    path = saved(table(("2026-01-05", "Acme", "word " * 200_000), header=("at", "account", "text")), "touches.csv")
    ran = bring(path, map=rules)
    assert ran.code == 0, ran
    assert rows("SELECT length(text) <= 10000 FROM touch") == [(1,)]
    assert_said_shortly(ran)
    sound()


def test_ragged_rows_nuls_and_stray_bytes_are_skipped_one_by_one(bring, saved, sound):
    good = table(*((n, "Ölfilter", "Müller & Söhne", "Talk", "", "", "Übermüller") for n in range(10)))
    bad = (
        b"a,too,short\nb" + b",x" * 30 + b"\nc,n\0l,A,Talk\nd,R,B\xe4r,Talk\ne,Roof,\xed\xa0,Talk\nf,Barn,Birch,Talk\n"
    )
    ran = bring(saved(good.encode() + bad), "--json")
    assert ran.code == 0, ran
    assert sorted(one["row"] for one in ran.json["skipped"]) == [12, 13, 14, 15, 16]
    assert ran.json["deals_created"] == 11
    sound()


@pytest.mark.parametrize("header", [("id", "ID", "stage", "Stage", "", "", "id"), ("", "", "id", "stage", "", "", "")])
def test_columns_of_one_name_and_without_a_name_do_not_mix(bring, saved, rows, sound, header):
    row = ["x" if name else "" for name in header]
    row[header.index("id")], row[header.index("stage")] = "1", "Talk"
    rules = "deal: id\nstage: stage\nprogram: books\n"
    assert bring(saved(table(row, header=header)), map=rules).code == 0
    assert rows("SELECT record_key FROM origin WHERE deal_id IS NOT NULL") == [("books:deal:1",)]
    assert rows("SELECT stage FROM visit") == [("talk",)]
    sound()


def test_two_files_whose_names_differ_only_in_case_are_read_once_each_and_repeat_nothing(bring, saved, rows, sound):
    saved(table(SOUND), "export/deals.csv")
    folder = saved(table(SOUND), "export/Deals.csv").parent
    if len(list(folder.iterdir())) < 2:
        pytest.skip("this disk does not tell the two names apart")
    ran = bring(folder, "--json", map="tables:\n- {rows: deals, file: deals.csv, deal: id, stage: stage}\n")
    assert ran.code == 0, ran
    assert rows("SELECT count(*) FROM deal") == [(1,)]
    sound()


def test_many_thousand_bad_rows_are_refused_shortly_and_soon(bring, saved, home):
    path = saved(table(*((n, "", "", "Talk", "abc?", "no day") for n in range(BAD_ROWS))))
    with processor_seconds(60):
        assert_refused(bring(path), home)


@pytest.mark.parametrize("to", ["shorter", "gone", "other", "longer"])
def test_a_file_that_changes_while_it_is_read_is_taken_wholly_or_refused(bring, saved, rows, sound, monkeypatch, to):
    from handoffctl.imports.rows import reader as reading

    path = saved(table(*(("1",) * 2 + SOUND[2:] for _ in range(20)), *((n, *SOUND[1:]) for n in range(12_000))))
    original = reading.ExportReader._read_batch
    done = []

    def lay(self, chunk):
        if not done and chunk.rows and chunk.rows[0] > 2_000:
            done.append(to)
            if to == "gone":
                path.unlink()
            elif to == "shorter":
                os.truncate(path, 100_003)
            elif to == "other":
                path.write_bytes(b"\xff\xfe" + os.urandom(500_000))
            else:
                with path.open("ab") as file:
                    file.write(b'x,"y\n' * 10)
        return original(self, chunk)

    monkeypatch.setattr(reading.ExportReader, "_read_batch", lay)
    ran = bring(path)
    assert done
    assert ran.code in (0, 6), ran
    assert_said_shortly(ran)
    if ran.code:
        assert rows("SELECT count(*) FROM deal") == [(0,)]
    sound()


# Faults found, each with its own test.


@pytest.mark.parametrize("pattern", ["{stage} {stage}", "Entered", "{pipeline}", "{stage}{stage}{pipeline}"])
@pytest.mark.parametrize("word", ["entered_each", "exited_each"])
def test_a_pattern_that_does_not_name_the_stage_once_is_a_fault_of_the_map(bring, saved, word, pattern):
    header = ("id", "Entered", "Talk Talk")
    path = saved(table(("1", "2026-01-05", "2026-01-05"), header=header))
    ran = bring(path, map=f'deal: id\nstage: id\n{word}: ["{pattern}"]\n')
    assert ran.code == 5, ran
    assert word in ran.err


@pytest.mark.parametrize("position", ["²", "9" * 5000, "१", "-1", "1.5", "=1"])
def test_a_position_of_a_stage_that_is_no_number_is_passed_over(bring, saved, sound, position):
    saved(table(("1", "x"), header=("id", "stage")), "export/deals.csv")
    folder = saved(table(("x", "Talk", position), header=("code", "name", "place")), "export/stages.csv").parent
    rules = "program: books\ntables:\n- {rows: deals, file: deals.csv, deal: id, stage: stage}\n"
    rules += "- {rows: stages, file: stages.csv, stage_id: code, stage: name, position: place}\n"
    assert bring(folder, map=rules).code == 0
    sound()


def test_a_stage_column_that_is_different_in_every_row_is_refused_soon(bring, saved, home):
    made = [(n, f"Stage {n}", n % 100) for n in range(12_000)]
    path = saved(table(*made, header=("id", "stage", "chance")))
    with processor_seconds(10):  # else a hundred thousand take hours
        assert_refused(bring(path, map="deal: id\nstage: stage\nprobability: chance\n"), home)


@pytest.mark.parametrize("stage", ["x\u202e" + "y" * 60, "\u200d" + "Long name " * 9, "a\x07" + "b" * 150])
def test_a_long_stage_name_with_letters_that_no_screen_shows_finds_its_place_in_the_draft(bring, saved, stage, sound):
    ran = bring(saved(with_one(stage=stage)))
    assert ran.code == 0, ran
    sound()


def test_two_stages_that_differ_in_letters_no_slug_has_stay_two(bring, saved, rows):
    pair = "\U0001f469\u200d\U0001f4bb", "\U0001f468\u200d\U0001f4bb"
    made = [("1", stage, at) for stage, at in zip(pair, ("2026-01-05", "2026-01-06"), strict=True)]
    rules = "rows: changes\ndeal: id\nstage: stage\nat: at\n"
    assert bring(saved(table(*made, header=("id", "stage", "at"))), map=rules).code == 0
    stages = [stage for (stage,) in rows("SELECT stage FROM visit ORDER BY number")]
    assert len(set(stages)) == 2, stages


def test_two_spellings_that_are_one_stage_of_the_playbook_are_one_stay(bring, saved, playbook, rows):
    playbook(PLAYBOOK)
    made = [("1", "Talk", "2026-01-05"), ("1", "talk!", "2026-01-06"), ("1", "Offer", "2026-01-09")]
    rules = "rows: changes\ndeal: id\nstage: stage\nat: at\n"
    path = saved(table(*made, header=("id", "stage", "at")))
    assert bring(path, map=rules, into=("--playbook", "own")).code == 0
    assert rows("SELECT stage, entered_at FROM visit ORDER BY number") == [
        ("talk", "2026-01-05"),
        ("offer", "2026-01-09"),
    ]


def test_remarks_on_many_rows_are_not_said_one_by_one(bring, saved, playbook):
    playbook(PLAYBOOK)
    made = [(n, f"R{n}", "Acme", "Talk", "", "", "", f"P{n}", f"no address {n}", "tbd") for n in range(2_000)]
    path = saved(table(*made, header=(*COLUMNS, "how_many")))
    ran = bring(path, map=f"{MAP}fields: {{count: how_many}}\n", into=("--playbook", "own"))
    assert ran.code == 0
    assert_said_shortly(ran)


def test_a_thousand_accounts_of_one_name_are_not_all_named_as_duplicates(bring, saved):
    made = [(n, f"R{n}", "Acme", "Talk", f"A{n}") for n in range(1_000)]
    path = saved(table(*made, header=(*COLUMNS[:4], "aid")))
    rules = "deal: id\nname: name\naccount: account\nstage: stage\naccount_id: aid\n"
    ran = bring(path, map=rules)
    assert ran.code == 0
    assert_said_shortly(ran)


def test_a_touch_with_an_address_of_a_megabyte_is_skipped_in_a_short_sentence(bring, saved):
    assert bring(saved(table(SOUND))).code == 0
    rules = "rows: touches\nat: at\ncontact: {email: mail}\nprogram: books\n"
    long = ("2026-01-05", "x" * 1_000_000 + "@acme.example")
    ran = bring(saved(table(long, ("2026-01-05", "jane@acme.example"), header=("at", "mail")), "t.csv"), map=rules)
    assert ran.code == 0
    assert_said_shortly(ran)


def test_a_reason_does_not_repeat_a_header_of_two_thousand_characters(bring, saved):
    header = "x" * 1_990
    made = [("1", "Talk", "1"), *((n, "Talk", "many") for n in range(2, 200))]
    path = saved(table(*made, header=("id", "stage", header)))
    ran = bring(path, "--json", map=f"deal: id\nstage: stage\namount: {header}\n")
    assert ran.code == 0, ran
    assert max(len(one["reason"]) for one in ran.json["skipped"]) < 400


def test_an_import_that_began_before_another_one_was_written_leaves_a_sound_file(
    bring, quick, saved, home, sound, rows
):
    rules = "program: books\ndeal: id\nstage: stage\ncontact: {name: person}\n"
    first = saved(table(("1", "Talk", "Jane"), header=("id", "stage", "person")), "first.csv")
    named = saved(f"{rules}account: account\n", "named.yaml")
    second = saved(table(("1", "Talk", "Jane", "Acme"), header=("id", "stage", "person", "account")), "second.csv")
    done = []

    def meanwhile(_, __):
        if not done:
            done.append(bring(first, map=rules))
            done.append(quick("contact", "add", "jane", "Joe <joe@acme.example>", now=NOW))

    run_import(Home(home, now=NOW), ImportRequest(second, map=named, make="books"), meanwhile)
    assert [ran.code for ran in done] == [0, 0]
    assert rows("SELECT count(*) FROM deal") == [(1,)]
    sound()


def test_a_full_disk_is_said_and_nothing_is_recorded(bring, saved, home, rows, sound, monkeypatch):
    connect = sqlite3.connect

    def small(*given, **named):
        connection = connect(*given, **named)
        connection.execute("PRAGMA max_page_count = 140")  # the empty database has some 120
        return connection

    made = [(n, f"R{n}", f"Acme {n}", "Talk") for n in range(5_000)]
    with monkeypatch.context() as full:
        full.setattr(sqlite3, "connect", small)
        ran = bring(saved(table(*made)))
    assert_refused(ran, home)
    assert "full" in ran.err
    assert rows("SELECT count(*) FROM account") == [(0,)]
    sound()


class _Full(sqlite3.Connection):
    """Has no room for accounts, and then does what SQLite does: it rolls back by itself."""

    def execute(self, sql, *given):
        if "INSERT INTO account" in sql:
            super().execute("ROLLBACK")
            full = sqlite3.OperationalError("database or disk is full")
            full.sqlite_errorcode, full.sqlite_errorname = sqlite3.SQLITE_FULL, "SQLITE_FULL"
            raise full
        return super().execute(sql, *given)


def test_a_full_disk_is_said_where_the_database_has_rolled_back_by_itself(bring, saved, home, rows, sound, monkeypatch):
    connect = sqlite3.connect
    with monkeypatch.context() as full:
        full.setattr(sqlite3, "connect", lambda *given, **named: connect(*given, **{"factory": _Full} | named))
        ran = bring(saved(table(SOUND)))
    assert_refused(ran, home)
    assert rows("SELECT count(*) FROM account") == [(0,)]
    sound()


@pytest.mark.parametrize("function", ["fold", "slugify"])
def test_ctrl_c_while_the_database_calls_back_stops_the_import_in_a_word(bring, saved, rows, monkeypatch, function):
    from handoffctl.imports.staging import database

    def stop(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(database, function, stop)
    ran = bring(saved(table(SOUND)))
    assert ran.code == 130, ran
    assert_said_shortly(ran)
    assert rows("SELECT count(*) FROM account") == [(0,)]


# Any file at all.

MOMENTS = ["2026-01-05", "2026-01-06T09:00:00Z", "2026-01-06T10:00:00+01:00", "2026-02-01 08:30", "01.02.2026",
           "13/04/2026", "2026-02-30", "0000-00-00", "9999-12-31", "", "soon"]  # fmt: skip
POOLS = {
    "id": ["1", "2", "3", "D:1", "d'1", '"4"', "", "name:acme", "1 "],
    "name": ["Roof", "roof", "Barn", "", "Ro\u0301of", "=1+1"],
    "account": ["Acme", "ACME", "acme ", "Birch", "", "A/B", "\u202eemcA", "acme.example"],
    "aid": ["A1", "A2", "", "1", "name:acme", "domain:acme.example"],
    "site": ["https://www.acme.example/x", "birch.example", "", "no site"],
    "stage": ["Talk", "talk", "Offer", "Won", "Lost", "", "a>b", "a/b", "Talk!", "\U0001f4bb"],
    "at": MOMENTS,
    "until": MOMENTS,
    "amount": ["1,234", "1.5", "1.234,5", "-3", "", "9" * 40, "abc?"],
    "owner": ["Ida", "ida", "", "Mo"],
    "person": ["Jane Doe", "jane doe", "Joe", "", "\x07"],
    "mail": ["jane@acme.example", "JANE@acme.example", "joe@birch.example", "", "no address", "x@y z"],
    "cid": ["C1", "C2", "", "1"],
    "tid": ["T1", "T2", "", "T1 "],
    "text": ["hello", "", "two\nlines", "{{ x }}", "'; --"],
    "kind": ["Call", "note", "", "Fax"],
    "need": ["a roof", "tbd", ""],
}
ODD_CELLS = ["", " ", "x" * 250, "\u0301", "\x1b[31m", "NULL", "0", "1", "Acme", "2026-01-05", "\ufffd"]
# Each kind of row with the columns it needs, and those it may have.
KINDS = {
    "accounts": ({"account": "account"}, {"account_id": "aid", "domain": "site"}),
    "contacts": (
        {"contact.name": "person"},
        {"contact.email": "mail", "contact_id": "cid", "account": "account", "account_id": "aid", "domain": "site"},
    ),
    "deals": (
        {"deal": "id", "stage": "stage"},
        {"name": "name", "account": "account", "account_id": "aid", "domain": "site", "contact.name": "person",
         "contact.email": "mail", "contact_id": "cid", "amount": "amount", "owner": "owner", "since": "at",
         "closed_at": "until", "close": "until", "fields.need": "need", "entered.Talk": "at", "entered.Won": "until"},
    ),
    "changes": (
        {"deal": "id", "stage": "stage", "at": "at"},
        {"name": "name", "account": "account", "account_id": "aid", "owner": "owner", "amount": "amount",
         "stage_before": "stage"},
    ),
    "touches": (
        {"at": "at"},
        {"touch": "tid", "deal": "id", "account": "account", "account_id": "aid", "contact.email": "mail",
         "contact_id": "cid", "text": "text", "kind": "kind"},
    ),
}  # fmt: skip


@st.composite
def tables(draw, rows):
    """A kind of row with its columns: one table of a map."""
    needed, possible = KINDS[rows]
    more = draw(st.lists(st.sampled_from(sorted(possible)), max_size=5, unique=True))
    return {"rows": rows, "columns": needed | {word: possible[word] for word in more}}


@st.composite
def files(draw, table):
    """The bytes of a file that the table fits: odd cells, odd columns, some encoding, some delimiter."""
    header = list(dict.fromkeys(table["columns"].values()))
    header += draw(st.lists(st.sampled_from(["", "Notes", "Notes", "x" * 300, "=1"]), max_size=2))
    header = draw(st.permutations(header))
    odd = st.sampled_from(ODD_CELLS)
    # A stage that the playbook does not have refuses the whole export, so odd ones are among the pool alone.
    cells = [
        st.sampled_from(POOLS.get(name, ODD_CELLS) * 20 + (ODD_CELLS if name != "stage" else [])) for name in header
    ]
    made = draw(st.lists(st.tuples(*cells), min_size=draw(st.sampled_from([0, 1, 3, 3])), max_size=6))
    if draw(st.integers(0, 9)) == 0:
        made.append(draw(st.lists(odd, max_size=len(header) + 3)))
    out = io.StringIO()
    csv.writer(out, delimiter=draw(st.sampled_from(",,,;\t|"))).writerows([header, *made])
    encoding = draw(st.sampled_from(["utf-8"] * 8 + ["utf-8-sig", "utf-16", "utf-16-le", "cp1252"]))
    content = out.getvalue().encode(encoding, "replace")
    return content if draw(st.integers(0, 29)) else content[: draw(st.integers(0, len(content)))]


@st.composite
def exports(draw):
    """A map with some tables, and one or two exports that it reads, each a file of every table."""
    kinds = draw(st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=4, unique=True))
    if draw(st.booleans()) and "deals" not in kinds:
        kinds.append("deals")
    found = [draw(tables(kind)) for kind in kinds]
    several = draw(st.integers(1, 2))
    written = [{f"{one['rows']}.csv": draw(files(one)) for one in found} for _ in range(several)]
    dates = draw(st.sampled_from(["", "dates: ymd\n", "dates: dmy\n"]))
    return map_of(found) + dates, written


def map_of(found):
    made = []
    for one in found:
        rules = {"rows": one["rows"], "file": f"{one['rows']}.csv"}
        for word, column in one["columns"].items():
            group, dot, name = word.partition(".")
            if dot:
                rules.setdefault(group, {})[name] = column
            else:
                rules[word] = column
        made.append(rules)
    kinds = {"Won": "won", "Lost": "lost"}
    return "".join(f"{key}: {json.dumps(value)}\n" for key, value in
                   {"program": "books", "kinds": kinds, "tables": made}.items())  # fmt: skip


class Importer:
    """A home of its own and the map; and what the database holds."""

    def __init__(self, folder, rules):
        self.folder, self.home = folder, folder / "home"
        (folder / "map.yaml").write_text(rules, encoding="utf-8")
        (self.home / "playbooks").mkdir(parents=True)
        text = PLAYBOOK.replace("  won:", "  a-b: {title: a>b, owner: seller}\n  a-b-2: {title: a/b, owner: seller}\n"
                                "  laptop: {title: \U0001f4bb, owner: seller}\n  won:")  # fmt: skip
        text += "".join(f"  - {{from: offer, to: {to}, name: to {to}, trigger: They ask., reason: So., benefit: So.}}\n"
                        for to in ("a-b", "a-b-2", "laptop"))  # fmt: skip
        (self.home / "playbooks" / "own.yaml").write_text(text, encoding="utf-8")

    def run(self, *words):
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(["--home", str(self.home), "--now", NOW, *words])
        return code, out.getvalue(), err.getvalue()

    def bring(self, export, *more):
        words = ("--map", str(self.folder / "map.yaml"), "--playbook", "own", "--json")
        code, out, _ = self.run("import", str(export), *words, *more)
        return code, json.loads(out)

    def rows(self, sql):
        with contextlib.closing(sqlite3.connect(self.home / "handoffctl.db")) as connection:
            return connection.execute(sql).fetchall()

    def dump(self):
        if not (self.home / "handoffctl.db").exists():
            return []
        with contextlib.closing(sqlite3.connect(self.home / "handoffctl.db")) as connection:
            return [line for line in connection.iterdump() if line.startswith("INSERT")]


def assert_stays_in_order(importer):
    """One present stay of each deal, the last one; each ends where the next begins, which is in another stage."""
    deals = {id: [] for (id,) in importer.rows("SELECT id FROM deal")}
    for deal, *stay in importer.rows("SELECT deal_id, number, stage, entered_at, left_at, ended, days FROM visit "
                                     "ORDER BY deal_id, number"):  # fmt: skip
        deals[deal].append(stay)
    for stays in deals.values():
        assert [number for number, *_ in stays] == list(range(1, len(stays) + 1))
        assert [ended for *_, ended, _ in stays] == [1] * (len(stays) - 1) + [0]
        for (_, stage, _, left, _, days), (_, onward, entered, *_) in pairwise(stays):
            assert left == entered
            assert stage != onward
            assert days is None or days >= 0


@settings(max_examples=EXAMPLES, deadline=None)
@given(exports())
def test_any_files_are_imported_soundly_or_refused_and_the_same_once_more_changes_nothing(made):
    rules, written = made
    with TemporaryDirectory() as folder:
        importer = Importer(Path(folder), rules)
        for number, contents in enumerate(written):
            export = Path(folder) / f"export{number}"
            export.mkdir()
            for name, content in contents.items():
                (export / name).write_bytes(content)
            was = importer.dump()
            dry_code, dry = importer.bring(export, "--dry-run")
            assert importer.dump() == was
            code, found = importer.bring(export)
            assert code == dry_code
            assert code in (0, 2, 4, 5, 6)
            if code:
                assert importer.dump() == was
                assert found["error"]["message"]
                continue
            counts = {name: count for name, count in found.items() if isinstance(count, int) and name != "dry_run"}
            assert counts == {name: dry[name] for name in counts}
            assert importer.rows("PRAGMA foreign_key_check") == []
            assert importer.rows("PRAGMA integrity_check") == [("ok",)]
            assert_stays_in_order(importer)
            done = importer.dump()
            assert importer.bring(export)[0] == 0
            again = importer.dump()
            assert [line for line in again if line not in done] == []
            assert again == done
            assert importer.run("doctor")[0] == 0
