"""Where the file may be: any path that the system takes."""

import os

import pytest

NAMES = [
    "a b",
    "why?",
    "part#1",
    "100%25",
    "a&b=c;d",
    "Müller – Café 東京",
    'it\'s "quoted"',
    ":memory:",
    "file:x",
    "-x",
    "~x",
]


@pytest.mark.parametrize(
    ("name", "option", "relative"),
    [(name, "--db", True) for name in NAMES]
    + [(name, option, False) for name in ("part#1", "100%25", ":memory:") for option in ("--home", "--db")],
)
def test_any_path_will_do(quick, tmp_path, monkeypatch, name, option, relative):
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(tmp_path / "of-its-own"))
    given = f"{option}={name if relative else folder / name}"
    assert quick("add", "Acme Corp", given).code == 0
    assert "acme-corp" in quick("list", given).out
    assert quick("show", "acme-corp", given).code == 0
    assert quick("set", "acme-corp", "situation=their old tool broke in May", given).code == 0
    ran = quick("doctor", "--json", given)
    assert (ran.code, ran.json["problems"], ran.json["records"]["account"]) == (0, [], 1)
    assert quick("delete", "acme-corp", "--yes", given).code == 0
    assert "acme-corp" not in quick("list", given).out
    assert [path.name for path in folder.iterdir()] == [name]
    assert (folder / name / "handoffctl.db" if option == "--home" else folder / name).is_file()


def test_a_path_that_is_no_text_and_one_that_begins_with_two_slashes_will_do(run, tmp_path):
    for given in (b"--db=" + os.fsencode(tmp_path) + b"/b\xffd.db", f"--db=/{tmp_path}/two.db"):
        assert run("add", "Acme Corp", given).code == 0
        assert "acme-corp" in run("list", given).out
        assert run("doctor", given).code == 0
    assert {path.name for path in tmp_path.glob("*.db")} == {"two.db", os.fsdecode(b"b\xffd.db")}


@pytest.mark.parametrize("words", [("list",), ("add", "Acme Corp")], ids=" ".join)
@pytest.mark.parametrize("path", ["~nobody-of-this-name/x.db", "n" * 300, "d/" * 3000 + "x.db"])
def test_a_path_that_cannot_be_is_no_traceback(quick, tmp_path, monkeypatch, words, path):
    monkeypatch.chdir(tmp_path)
    assert quick(*words, f"--db={path}").code in (0, 6)
