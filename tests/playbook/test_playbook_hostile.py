"""Whatever a file holds, its reader answers with a playbook or with faults, and soon."""

import os
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.processor_time import processor_seconds
from tests.small_playbook import SMALL, faults_of

from handoffctl.errors import RulesFault
from handoffctl.playbook.model import Playbook
from handoffctl.playbook.reader import playbook_from_text, read_playbook

EXAMPLES = int(os.environ.get("HANDOFFCTL_FUZZ", "100"))
FULL_COUNT = "HANDOFFCTL_FUZZ" in os.environ


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
NESTED = "this is nested more than 50 deep"
HOSTILE = {
    "a bracket that is not closed": ("a: b\nstages: [x\nb: c\n", 2, "the list that begins here lacks its"),
    "a quote that is not closed": ("a: b\ntitle: 'x\nb: c\n", 2, "the text in quotes that begins here is not closed"),
    "a colon too many": ("title: a: b\n", 1, 'a ":" stands where none can'),
    "an indentation that fits nothing": ("a:\n  b: c\n d: e\n", 3, "the indentation does not fit"),
    "a tab": ("a:\n\tb: c\n", 2, "a tab stands in the indentation; use spaces"),
    "a reserved character": ("a: @b\n", 1, "a character stands here that YAML keeps for itself"),
    "an unknown escape": ('a: "\\q"\n', 1, "stands before something that gives it no meaning"),
    "a key that is a list": ("[a]: b\n", 1, "a key must be plain text"),
    "an alias bomb": (BOMB, 1, '"&a" refers to another part of the file'),
    "an alias of its own": ("a: &a [*a]\n", 1, '"&a" refers to another part of the file'),
    "an alias of nothing": ("a: *a\n", 1, '"*a" refers to another part of the file'),
    "flow brackets": ("a: " + "[" * 50_000, 1, NESTED),
    "closed flow brackets": ("a: " + "[" * 50_000 + "]" * 50_000, 1, NESTED),
    "flow braces": ("a: " + "{a: " * 50_000, 1, NESTED),
    "block dashes": ("a:\n" + "- " * 50_000, 2, NESTED),
    "block keys": ("? " * 50_000, 1, "a key must be plain text"),
    "indentation": ("".join(" " * n + "a:\n" for n in range(600)), 51, NESTED),
    "300 KiB": ("# " + "x" * 300 * 1024, 1, "the file is larger than 256 KiB"),
    "a second document": (SMALL + "---\na: b\n", 31, "a second document begins here"),
    "a tag of Python": ("a: !!python/object/apply:os.system [ls]\n", 1, "a tag"),
    "a tag of its own": ("a: !b c\n", 1, "a tag"),
    "nothing": ("", 1, "the file is empty"),
    "a comment only": ("# nothing yet\n", 1, "the file is empty"),
    "a list": ("- a\n", 1, "the file should hold keys and values"),
    "a word": ("playbook\n", 1, "the file should hold keys and values"),
    "a null byte": ("a: b\nc: \0\n", 2, "here is a character that is not text (U+0000)"),
    "an escape sequence": ("a: \x1b[31m\n", 1, "here is a character that is not text (U+001B)"),
    "an escaped escape sequence": ('a: "\\e[31m"\n', 1, "here is a character that is not text (U+001B)"),
    "a next-line character": ("a: b\x85c: d\n", 1, "here is a character that is not text (U+0085)"),
    "a line separator": ("a: b\n\u2028c: d\n", 2, "here is a character that is not text (U+2028)"),
    "half a character": ('a: "\\ud800"\n', 1, ""),
    "a character that is none": ('a: "\\UFFFFFFFF"\n', 1, ""),
    "an unknown version": ("%YAML 9.9\n---\na: b\n", 1, "this cannot be read as YAML"),
}


@pytest.mark.parametrize("loader", [yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)])
@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_is_refused_with_its_line_and_quickly(kind, loader, monkeypatch):
    monkeypatch.setattr("handoffctl.core.yaml.reader.LOADER", loader)
    text, line, said = HOSTILE[kind]
    with processor_seconds(5):
        (fault,) = faults_of(text)
    assert fault.startswith(f"small.yaml:{line}: ")
    assert said in fault


class LimitedLoader(yaml.SafeLoader):
    """A library that has a limit of depth of its own, with words of its own."""

    def fetch_flow_collection_start(self, token_class):
        super().fetch_flow_collection_start(token_class)
        if self.flow_level > 200:
            raise yaml.scanner.ScannerError("in a flow sequence", self.get_mark(), "enough", self.get_mark())


@pytest.mark.parametrize("text", ["a: " + "[" * 50_000, "é: " + "[" * 300 + "]" * 300, "a:\n- " + "[{b: " * 5_000])
def test_too_deep_is_our_sentence_even_where_the_library_stops_first(text, monkeypatch):
    monkeypatch.setattr("handoffctl.core.yaml.reader.LOADER", LimitedLoader)
    (fault,) = faults_of(text)
    assert fault == f"small.yaml:{text.count(chr(10)) + 1}: {NESTED}"


@pytest.mark.parametrize("text", ["a: [" + '\'[\', "[\\"[", ' * 60 + "@", "a: [" + "[], " * 60 + "@"])
def test_brackets_in_quotes_and_closed_ones_nest_nothing(text):
    (fault,) = faults_of(text)
    assert "a character stands here that YAML keeps for itself" in fault


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (b"\x7fELF\x02\x01\x01\x00" + bytes(range(128, 256)), 1),
        (SMALL.encode("utf-16"), 1),
        (SMALL.encode("utf-16-le"), 1),
        (b"a: b\nc: caf\xe9\n", 2),
    ],
)
def test_what_is_not_utf_8_is_refused(raw, line):
    Path("small.yaml").write_bytes(raw)
    with pytest.raises(RulesFault) as caught:
        read_playbook(Path("small.yaml"))
    assert caught.value.problems[0].startswith(f"small.yaml:{line}: ")


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm():
    Path("small.yaml").write_bytes(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())
    assert read_playbook(Path("small.yaml")) == playbook_from_text(SMALL, "small.yaml")


def test_a_merge_key_is_an_unknown_key():
    faults = faults_of(SMALL.replace("title: Lead,", "<<: {title: Lead},"))
    assert faults == ['small.yaml:13: stages.lead.<<: there is no key "<<" here']


def test_words_that_yaml_takes_for_something_else_stay_words():
    text = SMALL.replace("title: Lead", "title: 1:30").replace("label: Budget", "label: yes")
    rules = playbook_from_text(text.replace("choices: [small, large]", "choices: [no, 1e3]"), "small.yaml")
    assert (rules.stages["lead"].title, rules.fields["budget"].label) == ("1:30", "yes")
    assert rules.fields["size"].choices == ("no", "1e3")


def test_faults_without_number_are_told_up_to_a_hundred_and_quickly():
    with processor_seconds(30):
        many = SMALL.replace("required: [big]", f"required: [{', '.join(f'budget{n}x' for n in range(15_000))}]")
        assert len(faults_of(many)) == 100
        assert len(faults_of(SMALL + "".join(f"titel{n}: x\n" for n in range(15_000)))) == 100
        assert len(faults_of(SMALL + "title: x\n" * 20_000)) == 100
        chain = "".join(f"  c{n}: c{n + 1}\n" for n in range(9_000))
        assert faults_of(SMALL.replace("  big:", chain + "  c9000: budget\n  big:"))
        double = "".join(f"  c{n}: {{any_of: [c{n + 1}, c{n + 1}]}}\n" for n in range(40)) + "  c40: budget\n"
        assert "follow" in faults_of(SMALL.replace("  big:", double + "  big:"))[0]


JARGON = ("pydantic", "Input should", "type=", "ctx", "validation", "__", "Traceback")


SHIPPED = sorted((Path(__file__).parents[2] / "playbooks").glob("*.yaml"))
BITS = st.sampled_from(
    [*":-#[]{},&*!|>'\"%@`?\t\n ~\0\x85\u2028", "- ", ": ", "? ", "<<: ", "---\n", "%YAML 9\n", "null", "é"]
)
SCALARS = st.sampled_from([
    "", "~", "''", "[]", "{}", "[[]]", "{a: b}", "[a, a]", "|", ">-", "-1", "0", "1e400", "nan", "inf", "9" * 5000,
    "٣", "1_0", "0d", "99999999999999999999d", "-3d", "0%", "101%", "50 %", "2026-02-30", "9999-12-31", "true", "no",
    "/", "a/b", "a/b/c", "lead", "solo/lead", "x" * 3000, "next_step", "contact.email", "{known: lead}",
    "[{not: next_step}]", "{score: 99999}", "{attempts: 5}", "{field: contact.level, at_least: vp}", "'\\'",
    '"\\u0000"', "\N{ZERO WIDTH SPACE}",
])  # fmt: skip


@given(data=st.data())
@settings(max_examples=EXAMPLES if FULL_COUNT else 100, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_edits_of_a_shipped_playbook_are_checked_and_shown_or_told_of_as_faults(data, quick, home):
    shipped = data.draw(st.sampled_from(SHIPPED), "playbook")
    lines = shipped.read_text(encoding="utf-8").splitlines(keepends=True)
    for _ in range(data.draw(st.integers(1, 3), "edits")):
        _edit(lines, data.draw)
    path = home / "playbooks" / shipped.name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(lines), encoding="utf-8", newline="")
    with processor_seconds(10):
        ran = quick("playbook", "check", str(path), now="2026-03-02")
    assert ran.code in (0, 5)
    assert not any(word in ran.err for word in JARGON)
    assert len(ran.err.splitlines()) <= 102
    if ran.code == 0:
        with processor_seconds(10):
            assert quick("playbook", "show", shipped.stem, now="2026-03-02").code == 0


def _edit(lines, draw):
    """One edit of somebody who slipped, or who means harm."""
    n, other = draw(st.integers(0, len(lines) - 1), "line"), draw(st.integers(0, len(lines) - 1), "other line")
    line, place = lines[n], draw(st.integers(0, len(lines[n])), "place")
    edit = draw(st.sampled_from([*_EDITS, "swap", "scalar", "many"]), "edit")
    if edit == "swap":
        lines[n], lines[other] = lines[other], line
    elif edit == "many":  # a block is deleted, or doubled
        first, last = sorted((n, other))
        lines[first:last] = lines[first:last] * draw(st.sampled_from([0, 2]))
        lines.append("\n")
    elif edit == "scalar":
        key, colon, _ = line.partition(": ")
        lines[n] = f"{key}{colon or '- '}{draw(SCALARS, 'scalar')}\n"
    else:
        lines[n] = _EDITS[edit](line, place, draw(BITS, "bit"))


_EDITS = {
    "delete": lambda line, place, bit: "",
    "double": lambda line, place, bit: line * 2,
    "cut": lambda line, place, bit: line[:place] + line[place + 1 :],
    "cut short": lambda line, place, bit: line[:place] + "\n",
    "insert": lambda line, place, bit: line[:place] + bit + line[place:],
    "replace": lambda line, place, bit: line[:place] + bit + line[place + 1 :],
    "indent": lambda line, place, bit: " " * (place % 9) + line.lstrip(),
}


@given(text=st.text(max_size=200) | st.binary(max_size=200).map(lambda raw: raw.decode("latin-1")))
@settings(max_examples=EXAMPLES, deadline=None)
def test_any_text_gives_a_playbook_or_a_fault(text):
    _gives_a_playbook_or_a_fault(text)
    _gives_a_playbook_or_a_fault(SMALL + text)


def _gives_a_playbook_or_a_fault(text):
    try:
        assert isinstance(playbook_from_text(text, "x.yaml"), Playbook)
        return
    except RulesFault as fault:
        problems = fault.problems
    assert problems
    for line in problems:
        assert line.startswith("x.yaml:")
        assert "\n" not in line
        assert not any(word in line for word in JARGON)
