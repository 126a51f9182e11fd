"""The clipboard, with programs of its own on a path of its own."""

import os
import subprocess
import sys

import pytest

from handoffctl.console import clipboard
from handoffctl.console.clipboard import copy_text

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="takes the programs of Linux")

LETTER = 'Grüße, Zoë 😀\n\n"quoted" $HOME \\ \x00 last line'


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """`programs("xclip", 'cat >"$KEPT"')`: a PATH on which there is nothing else, and a screen."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("KEPT", str(tmp_path / "kept"))
    monkeypatch.setenv("DISPLAY", ":77")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)

    def program(name, script):
        file = folder / name
        file.write_text(f'#!/bin/sh\necho "${{0##*/}} $*" >"$KEPT.words"\n{script}\n')
        file.chmod(0o755)

    return program


KEEPS = '/bin/cat >"$KEPT"'


@pytest.fixture
def kept(tmp_path):
    return lambda: ((tmp_path / "kept.words").read_text().strip(), (tmp_path / "kept").read_bytes().decode())


@pytest.mark.parametrize(("name", "words"), [("xclip", "xclip -selection c"), ("xsel", "xsel -b -i")])
def test_a_program_of_x_gets_the_text(programs, kept, name, words):
    programs(name, KEEPS)
    assert copy_text(LETTER)
    assert kept() == (words, LETTER)


def test_wayland_goes_first_and_can_be_emptied(programs, kept, tmp_path, monkeypatch):
    programs("xclip", "exit 1")
    programs("wl-copy", KEEPS)
    programs("wl-paste", "exit 1")
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-7")
    assert copy_text(LETTER)
    assert kept() == ("wl-copy", LETTER)
    assert copy_text("")
    assert kept() == ("wl-copy --clear", "")
    programs("wl-copy", "exit 1")
    assert not copy_text("")
    assert not copy_text(LETTER)


def test_a_large_text_arrives_whole(programs, kept):
    programs("xclip", KEEPS)
    assert copy_text("ö" * 500_000)
    assert kept()[1] == "ö" * 500_000


def test_where_there_is_nothing_it_says_no(programs, monkeypatch):
    assert not copy_text(LETTER)
    monkeypatch.delenv("DISPLAY")
    assert not copy_text(LETTER)
    programs("xclip", KEEPS)
    assert not copy_text(LETTER)


def test_what_comes_later_is_found(programs):
    assert not copy_text(LETTER)
    programs("xclip", KEEPS)
    assert copy_text(LETTER)


@pytest.mark.parametrize("script", [
    'echo "Error: Can\'t open display: :77" >&2; exit 1', f"{KEEPS}; exit 3", "exit 1", "kill -9 $$",
    "exec /nowhere/xclip",
])  # fmt: skip
@pytest.mark.parametrize("text", [LETTER, "ö" * 500_000])
def test_a_program_that_fails_is_no_success_and_says_nothing(programs, capfd, script, text):
    programs("xclip", script)
    assert not copy_text(text)
    assert capfd.readouterr() == ("", "")


def test_a_program_that_cannot_be_started(programs, tmp_path):
    programs("xclip", "")
    (tmp_path / "bin" / "xclip").write_bytes(b"\x7fELF no program")
    assert not copy_text(LETTER)


@pytest.mark.parametrize("text", [LETTER, "ö" * 500_000])
def test_a_program_that_hangs_is_left(programs, monkeypatch, text):
    monkeypatch.setattr(clipboard, "PATIENCE", 0.3)
    programs("xclip", "exec /bin/sleep 120")  # whoever waits for its end takes it for a success
    assert not copy_text(text)


def test_text_that_is_no_unicode_starts_nothing(programs, tmp_path):
    programs("xclip", KEEPS)
    assert not copy_text("half \ud83d")
    assert not (tmp_path / "kept.words").exists()


def test_a_program_that_stays_to_hold_the_text_holds_no_pipe_open(programs, tmp_path):
    """As the real xclip does: it goes into the background and lives until something else is copied."""
    programs("xclip", f'{KEEPS}; /bin/sleep 120 & echo $! >"$KEPT.id"')
    code = f"from handoffctl.console.clipboard import copy_text; print(copy_text({LETTER!r}))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    os.kill(int((tmp_path / "kept.id").read_text()), 9)  # raises where it has ended: the pipe was open until then
    assert (ran.stdout, ran.stderr) == ("True\n", "")


def test_qt_is_never_asked(programs, tmp_path, monkeypatch):
    """It kills the process where its screen is not there."""
    (tmp_path / "qtpy.py").write_text("")
    (tmp_path / "qtpy").mkdir()
    (tmp_path / "qtpy" / "__init__.py").write_text("")
    (tmp_path / "qtpy" / "QtWidgets.py").write_text("import os\nos.abort()\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert not copy_text(LETTER)
