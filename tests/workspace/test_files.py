"""Files are written in place whole, for their owner only, through links where one replaces, and over nothing new."""

import errno
import os
import re
from pathlib import Path

import pytest

import handoffctl
from handoffctl.workspace.files import write, write_folder


def bits(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.fixture
def no_links(monkeypatch):
    """A disk that knows no links."""

    def link(source, target):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", link)


def test_a_new_file_is_for_its_owner_only_whatever_the_umask(tmp_path):
    before = os.umask(0)
    try:
        write(tmp_path / "a", b"new")
        write(tmp_path / "b", b"new", new=True)
    finally:
        os.umask(before)
    assert [bits(tmp_path / name) for name in "ab"] == [0o600, 0o600]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_a_file_keeps_its_permissions_unless_others_are_asked_for(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"old")
    path.chmod(0o644)
    write(path, b"new")
    assert (path.read_bytes(), bits(path)) == (b"new", 0o644)
    write(path, [b"new", b"er"], mode=0o600)
    assert (path.read_bytes(), bits(path)) == (b"newer", 0o600)


@pytest.mark.parametrize("there", ["file", "folder", "link to nowhere"])
@pytest.mark.parametrize("links", [True, False])
def test_a_new_file_takes_no_other_file_s_place(request, tmp_path, there, links):
    if not links:
        request.getfixturevalue("no_links")
    path = tmp_path / "a"
    {"file": lambda: path.write_text("mine"), "folder": path.mkdir,
     "link to nowhere": lambda: path.symlink_to(tmp_path / "nowhere")}[there]()  # fmt: skip
    with pytest.raises(FileExistsError) as refused:
        write(path, b"new", new=True)
    assert refused.value.filename == str(path)
    assert [found.name for found in tmp_path.iterdir()] == ["a"]
    assert there != "file" or path.read_text() == "mine"


def test_a_disk_without_links_takes_new_files_too(tmp_path, no_links):
    write(tmp_path / "a", b"new", new=True)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"new"}


def test_a_link_stays_one_and_what_it_leads_to_is_replaced_or_made(tmp_path):
    for name in ("there", "nowhere"):
        (tmp_path / f"to {name}").symlink_to(name)
    (tmp_path / "there").write_bytes(b"old")
    for name in ("there", "nowhere"):
        write(tmp_path / f"to {name}", b"new")
        assert (tmp_path / f"to {name}").is_symlink()
        assert (tmp_path / name).read_bytes() == b"new"


def test_content_that_breaks_off_leaves_what_was_there(tmp_path):
    (tmp_path / "a").write_bytes(b"old")

    def content():
        yield b"new"
        raise KeyboardInterrupt

    for path in (tmp_path / "a", tmp_path / "b"):
        with pytest.raises(KeyboardInterrupt):
            write(path, content())
    with pytest.raises(KeyboardInterrupt):
        write_folder(tmp_path / "c", [("a.csv", content())], lambda: None)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"old"}


def test_an_error_names_the_file_that_was_asked_for(tmp_path):
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "no" / "a", tmp_path / "folder", tmp_path / ("x" * 300)):
        with pytest.raises(OSError) as refused:
            write(path, b"new")
        assert refused.value.filename == str(path)
        assert refused.value.filename2 is None
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_a_long_name_of_many_bytes_can_be_written(tmp_path):
    path = tmp_path / ("\N{SNOWMAN}" * 83 + ".yaml")
    write(path, b"new", new=True)
    assert path.read_bytes() == b"new"


def test_a_folder_takes_the_place_of_the_former_one(tmp_path):
    folder = tmp_path / "csv"
    for files in ({"a.csv": b"1", "b.csv": b"2"}, {"a.csv": b"3"}):
        write_folder(folder, [(name, [content]) for name, content in files.items()], lambda: None)
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == files
        assert (bits(folder), {bits(path) for path in folder.iterdir()}) == (0o700, {0o600})
    assert list(tmp_path.iterdir()) == [folder]


WRITES = re.compile(
    r"write_text|write_bytes|mkstemp|NamedTemporaryFile|O_CREAT|os\.replace|open\([^)]*[\"'][wax]b?[\"']"
)
# The database, which SQLite writes; the text that goes to an editor, in a temporary folder; pipes.
ELSEWHERE = ("workspace/files.py", "db/", "console/editor.py", "core/sandbox.py", "app.py")


def test_nothing_else_in_the_program_writes_a_file():
    source = Path(handoffctl.__file__).parent
    writing = [
        path.relative_to(source).as_posix()
        for path in sorted(source.rglob("*.py"))
        if WRITES.search(path.read_text(encoding="utf-8"))
    ]
    assert [path for path in writing if not any(known in path for known in ELSEWHERE)] == []
    assert "workspace/files.py" in writing
