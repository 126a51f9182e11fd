"""An editor on a text: what was typed comes back, and is never lost."""

import os
import shlex
import signal
import subprocess
import sys
import tempfile

import pytest

from handoffctl.console import editor
from handoffctl.console.editor import edit_text
from handoffctl.errors import Refused

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="takes shell scripts for editors")


@pytest.fixture(autouse=True)
def left(tmp_path, monkeypatch):
    """Temporary files have a folder of their own; gives what is left in it."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    return lambda: [file for file in folder.rglob("*") if file.is_file()]


@pytest.fixture
def types(tmp_path, monkeypatch):
    """`types('echo more >>"$1"')`: an editor that does this, in $EDITOR or elsewhere."""

    def types(script, variable="EDITOR", name="editor", words=""):
        file = tmp_path / name
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)
        monkeypatch.setenv(variable, f"{shlex.quote(str(file))} {words}".strip())
        return file

    return types


def test_what_was_typed_comes_back(types, left):
    types('printf "Grüße\\n" >>"$1"')
    assert edit_text("Liebe Zoë,\n") == "Liebe Zoë,\nGrüße\n"
    assert left() == []


@pytest.mark.parametrize("script", [
    "true", "printf 'Hi' >\"$1\"",
    "printf 'Hi\\n' >\"$1\"",
    "printf '\\357\\273\\277Hi' >\"$1\"", "printf 'Hi\\r\\n' >\"$1\"",
])  # fmt: skip
def test_nothing_changed_is_none(types, left, script):
    types(script)
    assert edit_text("Hi") is None
    assert left() == []


@pytest.mark.parametrize("script", [': >"$1"', "printf ' \\n\\n' >\"$1\"", 'rm "$1"', 'rm -r "${1%/*}"'])
def test_nothing_left_is_an_empty_text(types, left, script):
    types(script)
    assert edit_text("Hi").strip() == ""
    assert left() == []


def test_the_file_is_private_text_in_utf_8(types, tmp_path):
    types(
        f'ls -l "$1" >"{tmp_path}/mode"; ls -ld "${{1%/*}}" >>"{tmp_path}/mode"; cp "$1" "{tmp_path}/seen"; echo "$1"'
    )
    assert edit_text("Zoë\r\n\u2028\n") is None
    assert (tmp_path / "seen").read_bytes() == "Zoë\r\n\u2028\n".encode()
    file, folder = (tmp_path / "mode").read_text().splitlines()
    assert file.startswith("-rw-------")
    assert file.endswith(".txt")
    assert folder.startswith("drwx------")


def test_backups_of_the_editor_go_as_well(types, left):
    types('cp "$1" "$1~"; cp "$1" "${1%/*}/.text.txt.swp"; echo new >"$1.new"; mv "$1.new" "$1"')
    assert edit_text("old\n") == "new\n"
    assert left() == []


def test_line_ends_of_windows_are_taken_off_where_there_were_none(types):
    types("printf '\\357\\273\\277a\\r\\nb\\r\\n' >\"$1\"")
    assert edit_text("x\n") == "a\nb\n"
    assert edit_text("x\r\n") == "a\r\nb\r\n"


def test_half_a_pair_in_the_text_raises_nothing(types):
    types('printf "!" >>"$1"')
    assert edit_text("\ud83d") == "?!"
    types("true")
    assert edit_text("\ud83d") is None


@pytest.mark.parametrize(
    ("visual", "own", "wanted"), [(True, True, "visual"), (False, True, "own"), (True, False, "visual")]
)
def test_visual_goes_before_editor(types, monkeypatch, visual, own, wanted):
    types('printf own >"$1"', "EDITOR", "own") if own else monkeypatch.setenv("EDITOR", "")
    types('printf visual >"$1"', "VISUAL", "vis") if visual else monkeypatch.setenv("VISUAL", "  ")
    assert edit_text("x") == wanted


def test_an_editor_may_have_arguments_and_a_quoted_path(types):
    types('printf "%s|" "$1" "$2" "$#" >"$3"', name="my editor", words="--wait 'two words'")
    assert edit_text("x") == "--wait|two words|3|"


def test_a_path_with_spaces_that_nobody_quoted(types, monkeypatch):
    monkeypatch.setenv("EDITOR", str(types('printf new >"$1"', name="my editor")))
    assert edit_text("x") == "new"


def test_an_editor_in_the_home_folder(types, monkeypatch, tmp_path):
    types('printf new >"$1"', name="mine")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("EDITOR", "~/mine")
    assert edit_text("x") == "new"


def test_a_filter_is_an_editor(monkeypatch):
    monkeypatch.setenv("EDITOR", "sed -i s/a/b/")
    assert edit_text("a\n") == "b\n"


def test_without_a_wish_the_first_that_is_there_is_taken(monkeypatch, types, tmp_path):
    types('/bin/echo vi >"$1"', name="vi")
    monkeypatch.delenv("EDITOR")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert edit_text("x") == "vi\n"
    types('/bin/echo nano >"$1"', name="nano")
    monkeypatch.delenv("EDITOR")
    assert edit_text("x") == "nano\n"


def test_where_there_is_no_editor_it_says_how_to_name_one(monkeypatch, tmp_path, left):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Refused, match="There is no editor: neither nano nor vi") as refused:
        edit_text("x")
    assert "EDITOR=nano" in refused.value.hint
    assert left() == []


@pytest.mark.parametrize("wanted", ["nowhere --wait", "/nowhere/at all", '"open', "''", "/tmp"])
def test_an_editor_that_is_not_there_is_named(monkeypatch, wanted, left):
    monkeypatch.setenv("EDITOR", wanted)
    with pytest.raises(Refused) as refused:
        edit_text("x")
    assert "EDITOR" in refused.value.message
    assert wanted in refused.value.message
    assert "EDITOR=nano" in refused.value.hint
    assert left() == []


def test_an_editor_that_cannot_be_started(types, left):
    types("").write_bytes(b"\x7fELF no program")
    with pytest.raises(Refused, match="cannot be started: Exec format error"):
        edit_text("x")
    assert left() == []


@pytest.mark.parametrize("end", ["exit 3", "kill -9 $$"])
def test_what_was_typed_stays_where_the_editor_fails(types, left, end):
    types(f'echo typed >>"$1"; {end}')
    with pytest.raises(Refused, match="ended with error") as refused:
        edit_text("x\n")
    [file] = left()
    assert str(file) in refused.value.hint
    assert "EDITOR=nano" in refused.value.hint
    assert file.read_text() == "x\ntyped\n"
    assert file.stat().st_mode & 0o777 == 0o600


def test_what_is_not_utf_8_stays(types, left):
    types("printf 'Gr\\374\\337e' >\"$1\"")
    with pytest.raises(Refused, match="not UTF-8") as refused:
        edit_text("x")
    [file] = left()
    assert str(file) in refused.value.hint
    assert file.read_bytes() == b"Gr\xfc\xdfe"


def test_where_no_file_can_be_written_it_says_so(types, monkeypatch):
    types("true")
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    with pytest.raises(Refused, match="No temporary file can be written: No such file") as refused:
        edit_text("x")
    assert "TMPDIR" in refused.value.hint


def test_ctrl_c_reaches_the_editor_and_not_the_program(types, left):
    """Both are in the terminal's foreground group; the editor takes it for a key."""
    types("trap 'printf heard >\"$1\"' INT; kill -INT $PPID; kill -INT $$; sleep 0.2; kill -INT $PPID")
    before = signal.getsignal(signal.SIGINT)
    assert edit_text("x") == "heard"
    assert signal.getsignal(signal.SIGINT) is before
    assert left() == []


def test_ctrl_c_kills_an_editor_that_does_not_take_it(types, left):
    types('echo typed >"$1"; kill -INT $$; sleep 5')
    with pytest.raises(Refused, match="error -2"):
        edit_text("x")
    assert [file.read_text() for file in left()] == ["typed\n"]


CODE = "from handoffctl.console.editor import edit_text; print('before'); print(repr(edit_text('x')))"


def test_the_editor_has_the_input_and_the_output_of_the_program(types):
    types('echo from the editor; echo aloud >&2; cat >"$1"')
    ran = subprocess.run([sys.executable, "-c", CODE], input="typed", capture_output=True, text=True, timeout=60)
    assert ran.stdout == "before\nfrom the editor\n'typed'\n"
    assert ran.stderr == "aloud\n"


def test_the_editor_has_the_real_terminal(types):
    import pexpect

    types(
        'trap "echo no" INT; test -t 0 && test -t 1 && test -t 2 && echo terminal; '
        'until read line; do true; done; echo "$line" >"$1"'
    )
    child = pexpect.spawn(sys.executable, ["-c", CODE], env=dict(os.environ), encoding="utf-8", timeout=60)
    child.expect_exact("terminal")
    child.sendintr()
    child.expect_exact("no")
    child.sendline("typed")
    child.expect_exact("'typed\\n'")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


@pytest.mark.parametrize("name", ["ed", "ex"])
def test_real_editors_where_they_are_installed(name):
    path = editor.shutil.which(name)
    if not path:
        pytest.skip(f"{name} is not installed here")
    environment = {**os.environ, "EDITOR": f"{path} -s"}
    ran = subprocess.run(
        [sys.executable, "-c", CODE.replace("'x'", "'a'")],
        input="%s/a/b/\nw\nq\n", capture_output=True, text=True, timeout=60, env=environment,
    )  # fmt: skip
    assert ran.stdout.splitlines()[-1] in ("'b\\n'", "'b'"), ran
