"""Templates are programs of strangers: they get nowhere, they end, and what is not known is named and never printed."""

import os
import re
import signal
import sys
import threading
import time
import unicodedata
from contextlib import suppress
from pathlib import Path

import pytest

from handoffctl.core import sandbox as limits
from handoffctl.core.sandbox import OverLimit, within_limits
from handoffctl.emails.engine import UndefinedVariable, UnknownValues, render_template
from handoffctl.errors import RulesFault

NOW = "2026-03-05T09:00:00Z"
HEAD = "Subject: about it\n\n"

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="without fork there are no limits")
linux = pytest.mark.skipif(sys.platform != "linux", reason="only /proc tells how much memory is held")


@pytest.fixture
def acme(sandboxed, quick, once, monkeypatch):
    def make():
        added = quick("add", "Acme Corp", "--contact", "Ada Bell <ada@acme.example>", "--no-input", now=NOW)
        assert added.code == 0

    once(make)
    monkeypatch.setattr(limits, "SECONDS", 1)


@pytest.fixture
def email(quick, acme, home):
    """`email(template)`: what comes of writing an e-mail by it; `bare` means without a subject put before it."""

    def email(template, *more, bare=False):
        (home / "templates").mkdir(exist_ok=True)
        (home / "templates" / "own.j2").write_text(template if bare else HEAD + template, encoding="utf-8")
        return quick("email", "own", "acme-corp", *more, now=NOW)

    return email


KNOWN = {
    "account": {"name": "Acme Corp", "domain": None},
    "deal": {"name": None, "amount": None},
    "contact": {"name": "Ada Bell", "first_name": "Ada", "title": None, "phone": None},
    "contacts": [{"name": "Ada Bell", "email": None}],
    "me": {"name": None, "email": None, "signature": ""},
    "fields": {"situation": None, "timeline": None, "interest": None, "budget": None},
    "lines": {"situation": None, "priorities": None},
    "unknown": [{"name": "situation"}],
    "summaries": [],
    "promises": [],
    "step": None,
    "summary": None,
}


def written(template):
    """Subject and body by this template from KNOWN, or the fault; without the command line, which takes its time."""
    return render_template("own", HEAD + template, KNOWN)


def body(ran):
    assert ran.code == 0, ran
    subject, gap, text = ran.out.split("\n", 2)
    assert (subject[:9], gap) == ("Subject: ", "")
    return text.removesuffix("\n")


ESCAPES = {
    "the class": "{{ ''.__class__ }}",
    "the class by a filter": "{{ ''|attr('__class__') }}",
    "the class by a name put together": "{{ ''['__cla' ~ 'ss__'] }}",
    "the class of the class": "{{ ().__class__.__base__.__subclasses__() }}",
    "the class by map": "{{ ['']|map(attribute='__class__')|map('upper')|list|first }}",
    "the class by format": "{{ '{0.__class__}'.format(account) }}",
    "the class by format by name": "{{ '{a.__class__}'.format(a=1) }}",
    "the class by format_map": "{{ '{a.__class__}'.format_map({'a': 1}) }}",
    "format kept in a variable": "{% set f = '{0.__class__}'.format %}{{ f(1) }}",
    "globals of a function": "{{ range.__globals__ }}",
    "globals of a macro": "{% macro m() %}{% endmacro %}{{ m.__globals__ }}",
    "the template itself": "{{ self.__init__.__globals__ }}",
    "the context": "{{ self._TemplateReference__context }}",
    "code of a generator": "{{ (account|items).gi_frame }}",
    "a field's inside": "{{ fields.situation.__class__ }}",
    "the inside of what is not known": "{{ step._asked }}",
    "changing a value": "{% set x = account.update({'name': 'Evil'}) %}",
    "changing a list": "{{ unknown.append(1) }}",
    "a global of jinja": "{{ cycler('a').__init__ }}",
    "namespace": "{% set n = namespace(x=1) %}",
    "a keyword of Python": "{{ open('/etc/passwd').read() }}",
    "eval": "{{ eval('1') }}",
    "os": "{{ os.environ }}",
    "a file taken in": "{% include '/etc/passwd' %}",
    "a file taken in, if it is there": "{% include 'own.j2' ignore missing %}",
    "a file above": "{% extends '../../config.yaml' %}",
    "itself as a base": "{% extends 'own.j2' %}",
    "an import": "{% import 'own.j2' as own %}",
    "a tag that is off": "{% do account.update({}) %}",
    "the debugger": "{% debug %}",
}


@pytest.mark.parametrize("case", ESCAPES)
def test_a_template_gets_out_of_its_box_by_no_way(case):
    with pytest.raises((RulesFault, UndefinedVariable)) as fault:
        written(ESCAPES[case])
    assert "root:" not in str(fault.value)


@pytest.mark.parametrize("case", ["the class", "the class by format", "eval", "a file taken in", "a file above"])
def test_who_tries_is_told_and_nothing_changes(email, dump, case):
    before = dump()
    refused = email(ESCAPES[case])
    assert (refused.code, refused.out) == (5, "")
    assert re.fullmatch(r"The template own .*\.", refused.err.splitlines()[0])
    assert "Traceback" not in refused.err
    assert dump() == before


def test_a_value_is_never_taken_for_a_template(quick, email):
    for text in ("{{ 7*7 }} and {% for x in y %}", "{# not a comment #} at all", "{{ ''.__class__ }} is it"):
        assert quick("set", "acme-corp", f"situation={text}", now=NOW).code == 0
        assert body(email("{{ fields.situation }}|{{ lines.situation[0] }}|{{ heads[0].lines[0] }}")) == "|".join(
            [text] * 3
        )


BOMBS = {
    "macros that call themselves twice": "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
    "macros that call each other": "{% macro a() %}{{ b() }}{% endmacro %}"
    "{% macro b() %}{{ a() }}{% endmacro %}{{ a() }}",
    "a loop that goes down for ever": "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
    "a text repeated": "{{ 'x' * 10**10 }}",
    "a text doubled": "{% set s = 'x' %}" + "{% set s = s ~ s %}" * 40,
    "a list doubled": "{% set s = [1] %}" + "{% set s = s + s %}" * 40,
    "a format of great width": "{{ '%1000000000d' | format(1) }}",
    "a filter that pads": "{{ 'x'|center(10**9) }}",
    "a filter that fills": "{{ 'a b'|batch(10**9, 'x')|list }}",
    "a loop over a huge text": "{% for c in 'x' * 10**9 %}{% endfor %}",
    "more text than a mail has": "{% for c in 'x' * 101 %}{{ 'y' * 1000 }}{% endfor %}",
    "ten thousand brackets": "{{ " + "(" * 10_000 + "1" + ")" * 10_000 + " }}",
    "ten thousand loops": "{% for x in [1] %}" * 5_000 + "{% endfor %}" * 5_000,
    "a sum of ten thousand": "{{ " + "+".join(["1"] * 10_000) + " }}",
}
BUSY = {
    "loops in loops": "{% for x in range(999) %}" * 3 + "{% endfor %}" * 3,
    "a huge power": "{{ 2 ** (10 ** 10) }}",
    "a format of a huge number": "{{ 3 ** (10 ** 6) }}",
}


@forks
@pytest.mark.parametrize("case", [*BOMBS, *(pytest.param(one, marks=pytest.mark.trial) for one in BUSY)])
def test_a_bomb_is_put_out(case, monkeypatch):
    monkeypatch.setattr(limits, "SECONDS", 1)
    with pytest.raises(RulesFault) as fault:
        written((BOMBS | BUSY)[case])
    assert fault.value.message.startswith("The template own ")
    assert len(fault.value.message) < 400


@forks
@pytest.mark.parametrize("case", ["macros that call themselves twice", "a text doubled", "ten thousand brackets"])
def test_who_laid_a_bomb_is_told_and_nothing_changes(email, dump, case):
    before = dump()
    refused = email(BOMBS[case])
    assert (refused.code, refused.out) == (5, "")
    assert re.fullmatch(r"The template own .*\.", refused.err.splitlines()[0])
    assert "Traceback" not in refused.err
    assert dump() == before


def test_a_template_of_great_size_is_not_even_read(email):
    refused = email("x" * 300_000)
    assert (refused.code, refused.out) == (5, "")
    assert "is larger than 256 KiB." in refused.err


def test_a_range_is_cut_off(email):
    assert body(email("{{ range(10**12)|length }} {{ range(5, 8)|join(',') }} {{ range(0, 10, 4)|join(',') }}")) == (
        "1000 5,6,7 0,4,8"
    )


FAULTY = {
    "a brace too few": ("{{ account.name", ", line 3: "),
    "an if without an end": ("\n{% if account %}", ", line 4: "),
    "a tag that is none": ("{% fi %}", ", line 3: "),
    "a filter that is none": ("{{ account.name|uper }}", "uper"),
    "a test that is none": ("{{ account.name is nice }}", "nice"),
    "a division by nothing": ("{{ 1 / 0 }}", "divides by zero"),
    "text and a number": ("{{ account.name + 1 }}", "is faulty"),
    "a call of a text": ("{{ account.name() }}", "is faulty"),
    "nothing, said as it is": ("{{ none }}", "not there"),
    "nothing from a filter": ("{{ {'a': 1}.get('b') }}", "not there"),
}


@pytest.mark.parametrize("case", FAULTY)
def test_a_faulty_template_is_told_in_a_sentence(case):
    template, said = FAULTY[case]
    with pytest.raises(RulesFault) as fault:
        written(template)
    assert said in fault.value.message
    assert fault.value.message.endswith(".")


@pytest.mark.parametrize("template", ["", "\n\n", "no subject", "subject: small", "Subjekt: x", "{# Subject: x #}",
                                      "Hello\n\nyou", "{% if 0 %}\nSubject: x\n{% endif %}\ny"])  # fmt: skip
def test_without_a_subject_there_is_no_mail(template):
    with pytest.raises(RulesFault, match="does not begin with a subject"):
        render_template("own", template, KNOWN)


NAMED = {
    "{{ nam }}": '"nam"',
    "{{ acount.name }}": '(did you mean "account"?)',
    "{{ situation }}": "(write it as fields.situation)",
    "{{ account.nmae }}": '"nmae"',
    "{{ fields.situatoin }}": '(did you mean "situation"?)',
    "{{ fields['situatoin'] }}": '(did you mean "situation"?)',
    "{% if nam %}{{ nam }}{% endif %}": '"nam"',
    "{% for x in acounts %}{% endfor %}": '"acounts"',
    "{{ hed }}": '"hed"',
    "{{ contact.fone }}": '"fone"',
}


@pytest.mark.parametrize("template", NAMED)
def test_a_variable_that_there_is_not_is_named_with_the_nearest(email, dump, template):
    before = dump()
    refused = email(template)
    assert (refused.code, refused.out) == (5, "")
    assert NAMED[template] in refused.err.splitlines()[0]
    assert "handoffctl template show --variables" in refused.err
    assert dump() == before


ASKED = {
    "{{ fields.situation }}": "fields.situation",
    "{{ fields.situation | upper }}": "fields.situation",
    "{{ fields.situation ~ '.' }}": "fields.situation",
    "{{ fields.situation + '.' }}": "fields.situation",
    "{{ fields.situation * 2 }}": "fields.situation",
    "{{ fields.situation[:3] }}": "fields.situation",
    "{{ fields.situation.upper() }}": "fields.situation",
    "{{ '%s' | format(fields.situation) }}": "fields.situation",
    "{{ '{}'.format(fields.situation) }}": "fields.situation",
    "{{ [fields.situation, 'x'] | join }}": "fields.situation",
    "{{ fields.situation or fields.timeline }}": "fields.timeline",
    "{{ fields.situation and 'x' }}": "fields.situation",
    "{{ 'x' if account.name else 'y' }}{{ fields.interest }}": "fields.interest",
    "{% for line in lines.priorities %}{{ line }}{% endfor %}": "lines.priorities",
    "{{ lines.priorities | join(', ') }}": "lines.priorities",
    "{% if fields.budget > 3 %}x{% endif %}": "fields.budget",
    "{{ deal.amount }}": "deal.amount",
    "{{ deal.name }}": "deal.name",
    "{{ account.domain }}": "account.domain",
    "{{ contact.title }}": "contact.title",
    "{{ contact.phone }}": "contact.phone",
    "{{ step.text }}": "step",
    "{{ step.due }}": "step",
    "{{ step.text }} {{ step.due }}": "step",
    "{{ me.name }}": "me.name",
    "{{ summary.state }}": "summary",
}


@pytest.mark.parametrize("template", ASKED)
def test_what_is_not_known_is_never_printed_but_named(template):
    with pytest.raises(UnknownValues) as fault:
        written(template)
    assert fault.value.names == [ASKED[template]]


@pytest.mark.parametrize(("template", "text"), [
    ("{% if fields.situation %}x{% endif %}y", "y"),
    ("{% if not fields.situation %}x{% endif %}", "x"),
    ("{% if fields.situation and fields.timeline %}x{% endif %}y", "y"),
    ("{% if fields.situation == 'x' %}x{% endif %}y", "y"),
    ("{% if step and step.due %}x{% endif %}y", "y"),
    ("{% if summary.state == 'silent' %}x{% endif %}y", "y"),
    ("{% for line in lines.priorities or [] %}x{% else %}nothing{% endfor %}", "nothing"),
    ("{% for one in summaries %}x{% else %}nothing{% endfor %}", "nothing"),
    ("{{ fields.situation or 'not told' }}", "not told"),
    ("{{ fields.situation | default('not told') }}", "not told"),
    ("{{ 'x' if fields.situation else 'y' }}", "y"),
    ("{{ contacts | length }}", "1"),
    ("{{ '' ~ (fields.situation is defined) }}", "False"),
])  # fmt: skip
def test_to_ask_for_what_is_not_known_is_no_fault(template, text):
    assert written(template).body == text


def test_several_unknown_values_are_named_at_once_and_their_commands_fill_them(quick, email, home, answered):
    template = (
        "{% set reader = 'colleague' %}Subject: about it\n\n"
        "{{ step.text }} {{ step.due }} {{ contact.title }} {{ contact.level }} {{ summary.state }} {{ deal.amount }} "
        "{{ deal.expected_close }} {{ account.domain }} {{ fields.situation }} {{ fields.interest }} "
        "{{ lines.priorities|join }} {{ fields.budget }} {{ fields.situation }}"
    )
    refused = email(template, bare=True)
    assert refused.code == 3
    labels = refused.err.splitlines()[0].rpartition(": ")[2].rstrip(".").split(", ")
    assert len(labels) == len(set(labels)) == 11
    told = email(template, "--json", bare=True).json["error"]
    assert (told["code"], len(told["problems"])) == (3, 11)
    for way in told["problems"]:
        # The shape of a web address is not shown; TEXT alone would be none.
        words = answered(way) if "domain" not in way else ["set", "acme-corp", "account.domain=acme.example"]
        filled = quick(*words, *(["--due", "fri"] if words[0] == "step" else []), now=NOW)
        assert filled.code == 0, (way, filled)
    assert body(email(template, bare=True)).startswith("their old tool broke in May ")


def test_who_you_are_is_asked_for_in_the_configuration(email, home):
    refused = email("{{ me.name }} {{ me.email }}")
    assert refused.code == 3
    assert f"in {home / 'config.yaml'}:  me: {{name: " in refused.err
    assert "me: {email: " in refused.err
    (home / "config.yaml").write_text("me: {name: Sam Poe, email: sam@poe.example}\n", encoding="utf-8")
    assert body(email("{{ me.name }} {{ me.email }}")) == "Sam Poe sam@poe.example"


@pytest.mark.parametrize("mark", ["\x1b[31m", "\x07", "\x08", "\x9b", "\x7f", "\x00".replace("\x00", "\x01")])
def test_control_characters_of_a_value_stand_in_no_mail(quick, email, mark):
    quick("set", "acme-corp", f"situation=they {mark} outgrew it", now=NOW)
    template = "Subject: {{ fields.situation }}\n\n{{ fields.situation }}\n{{ lines.situation | join }}"
    written = email(template, "--json", bare=True).json
    for text in (written["subject"], written["body"].replace("\n", "")):
        assert [c for c in text if unicodedata.category(c) == "Cc"] == []
        assert "outgrew it" in text


@pytest.mark.parametrize("gap", ["\n", "\r\n", "\n\n\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\x1c", "\x1d"])
def test_a_subject_stays_one_line_whatever_its_values_hold(quick, email, gap):
    quick("set", "acme-corp", f"situation=they outgrew{gap}Bcc: all@acme.example", now=NOW)
    written = email("Subject: {{ fields.situation }} and more\n\nthe text", "--json", bare=True).json
    assert written["subject"] == "they outgrew Bcc: all@acme.example and more"
    assert written["body"] == "the text"


@pytest.mark.parametrize(("template", "subject", "text"), [
    ("Subject: a\r\n\r\nb\r\nc\r\n", "a", "b\nc"),
    ("Subject:   a   b  \n\nc", "a b", "c"),
    ("{# what it is #}\n{% set x = 'a' %}\nSubject: {{ x }}\n\nc", "a", "c"),
    ("Subject: a\nb", "a", "b"),
    ("Subject: a\n\n\n\n\nb\n\n\n\n\nc   \n\n", "a", "b\n\nc"),
    ("Subject: a\n\nSubject: b\n\nc", "a", "Subject: b\n\nc"),
    ("Subject: {% if 1 %}a{% else %}b{% endif %}\n\nc", "a", "c"),
    ("Subject: {% if 1 %}a{% endif %}\n\n\nc", "a", "c"),
    ("Subject: Ä 🔥 株式会社\n\n{{ 'ü' }}", "Ä 🔥 株式会社", "ü"),
])  # fmt: skip
def test_a_template_is_parted_into_subject_and_body(template, subject, text):
    assert render_template("own", template, KNOWN) == (subject, text, ())


def test_the_output_in_a_pipe_is_subject_gap_and_body(email):
    assert email("the text\n\n").out == "Subject: about it\n\nthe text\n"


# --- faults that are known; each says what would be right


@pytest.mark.parametrize("template", [
    "{{ contact }}", "{{ [fields.situation] }}", "{{ fields }}", "{{ fields.situation | pprint }}",
    "{{ fields.values() | list }}", "{{ contacts }}",
])  # fmt: skip
def test_what_is_not_known_is_not_printed_inside_of_anything_either(template):
    with pytest.raises((UnknownValues, RulesFault)):
        written(template)


@pytest.mark.parametrize("template", ["{{ account.name.upper }}", "{{ range }}"])
def test_a_function_is_no_text(template):
    with pytest.raises(RulesFault):
        written(template)


@pytest.mark.parametrize("template", [
    "{{ summaries[-1].on }}", "{{ promises[0].text }}", "{{ summaries | first }}", "{{ (promises | last).text }}",
])  # fmt: skip
def test_the_first_of_none_is_not_known(template):
    with pytest.raises(UnknownValues):
        written(template)


def test_a_byte_order_mark_is_no_part_of_the_template(email):
    assert email("\ufeffSubject: about it\n\nthe text", bare=True).out == "Subject: about it\n\nthe text\n"


def test_a_value_cannot_end_the_subject(quick, email):
    quick("set", "acme-corp", "situation=they outgrew\x1ethe lists", now=NOW)
    written = email("Subject: {{ fields.situation }}\n\nthe text", "--json", bare=True).json
    assert (written["subject"], written["body"]) == ("they outgrew the lists", "the text")


@pytest.mark.parametrize(
    "template", ["Subject:", "Subject: \n\ntext", "Subject: x", "Subject: x\n\n{% if 0 %}y{% endif %}"]
)
def test_a_mail_without_subject_or_text_is_none(template):
    with pytest.raises(RulesFault):
        render_template("own", template, KNOWN)


@pytest.mark.parametrize(("template", "nearest"), [
    ("{{ account.nmae }}", "name"), ("{{ contact.fone }}", "phone"),
])  # fmt: skip
def test_a_slip_after_the_dot_is_told_with_the_nearest_too(email, template, nearest):
    assert f'(did you mean "{nearest}"?)' in email(template).err


# --- the limits themselves


@pytest.mark.parametrize("value", [None, 1, "ä\n🔥", [1, [2]], {"a": {"b": None}}, "x" * 3_000_000])
def test_what_the_work_gives_comes_through(value):
    assert within_limits(lambda: value) == value


@forks
def test_work_that_keeps_the_processor_busy_is_ended(monkeypatch):
    monkeypatch.setattr(limits, "SECONDS", 1)

    def busy():
        while True:
            pass

    with pytest.raises(OverLimit):
        within_limits(busy)


@forks
def test_work_that_waits_is_ended_by_the_clock_on_the_wall(monkeypatch):
    monkeypatch.setattr(limits, "SECONDS_ON_THE_WALL", 1)
    with pytest.raises(OverLimit):
        within_limits(lambda: time.sleep(30))


@linux
@pytest.mark.parametrize("size", [10**9, 10**11, 2**62])
def test_work_that_takes_too_much_memory_is_ended(size):
    with pytest.raises(OverLimit):
        within_limits(lambda: len(bytearray(size)))


@linux
def test_work_that_takes_memory_bit_by_bit_is_ended():
    def greedy():
        held = []
        while True:
            held.append(bytearray(10_000_000))

    with pytest.raises(OverLimit):
        within_limits(greedy)


@forks
def test_a_bug_in_the_work_raises_here_with_its_traceback(capfd):
    with pytest.raises(RuntimeError, match="its traceback stands above"):
        within_limits(lambda: {}["nothing"])
    assert "KeyError: 'nothing'" in capfd.readouterr().err


@forks
@pytest.mark.parametrize("what", [object(), {1, 2}, b"bytes"])
def test_what_is_no_plain_value_is_a_bug(what, capfd):
    with pytest.raises(RuntimeError):
        within_limits(lambda: what)
    capfd.readouterr()


@forks
def test_the_work_changes_nothing_here():
    held = []
    assert within_limits(lambda: held.append(1) or len(held)) == 1
    assert held == []


@forks
def test_the_limits_do_not_stay_on_this_process():
    import resource

    before = [resource.getrlimit(what) for what in (resource.RLIMIT_CPU, resource.RLIMIT_AS)]
    handler = signal.getsignal(signal.SIGALRM)
    within_limits(lambda: 1)
    assert [resource.getrlimit(what) for what in (resource.RLIMIT_CPU, resource.RLIMIT_AS)] == before
    assert signal.getsignal(signal.SIGALRM) == handler
    with suppress(ChildProcessError):  # and nobody is left behind to wait for
        assert os.waitpid(-1, os.WNOHANG) == (0, 0)


@forks
def test_no_file_is_left_open():
    before = len(os.listdir("/dev/fd"))
    for _ in range(20):
        within_limits(lambda: 1)
    assert len(os.listdir("/dev/fd")) == before


def children() -> str:
    """The processes that this one started and has not waited for; other tests may have left some."""
    return Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text()


@linux
def test_ctrl_c_stops_the_waiting_and_the_work():
    def press():  # as a terminal does, for every process on it
        os.kill(os.getppid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)

    before = children()
    with pytest.raises(KeyboardInterrupt):
        within_limits(press)
    assert children() == before


@linux
def test_ctrl_c_at_a_long_template_ends_with_one_word(home, acme):
    import subprocess

    (home / "templates").mkdir()
    loop = "{% for x in range(999) %}"
    (home / "templates" / "own.j2").write_text(HEAD + loop * 3 + "{% endfor %}" * 3, encoding="utf-8")
    command = [sys.executable, "-m", "handoffctl", "--home", str(home), "email", "own", "acme-corp"]
    started = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True, text=True
    )
    children = Path(f"/proc/{started.pid}/task/{started.pid}/children")
    while started.poll() is None and not children.read_text():  # until the template is at work
        time.sleep(0.01)
    os.killpg(started.pid, signal.SIGINT)
    out, err = started.communicate(timeout=60)
    assert (out, started.returncode) == ("", 130), (out, err)
    assert re.fullmatch(r"Stopped\.\n", err), err


# --- faults in plain words

PYTHON = re.compile(r"object|NoneType|\bstr\b|\bint\b|MailDay|serializable|operand|callable|iterable|sequence|loader")
PLAINLY = {
    "a filter for programs": (
        "x\n{{ contacts | tojson }}",
        'is faulty, line 4: the filter "tojson" is not available here.',
    ),
    "chance": ("{{ lines.situation | random }}", 'is faulty, line 3: the filter "random" is not available here.'),
    "a filter that is misspelt": (
        "{{ me.name | uper }}",
        'the filter "uper" is not available here (did you mean "upper"?).',
    ),
    "a test that there is not": ("{% if me.name is good %}x{% endif %}", 'the test "good" is not available here.'),
    "text and a number": ("x\n\n{{ account.name + 1 }}", "line 5: it computes with values that do not go together"),
    "a comparison": ("{{ account.name < 1 }}", "it compares values that do not go together"),
    "a division": ("{{ 1 / 0 }}", "it divides by zero."),
    "a call": ("{{ account.name() }}", "it has () behind a value that is no function."),
    "a loop over a number": ("{% for x in 3 %}{% endfor %}", "it goes through a value that is no list."),
    "another file": ("{% include 'x' %}", "it takes in another file, which templates cannot do."),
    "a way out": ("{{ account.name.__class__ }}", 'does what templates may not: it reaches for "__class__".'),
    "a format": ("{{ '%d' | format(account.name) }}", "it uses a value as something that it is not"),
}


@pytest.mark.parametrize("case", PLAINLY)
def test_a_fault_is_told_in_plain_words_with_its_line(case):
    template, sentence = PLAINLY[case]
    with pytest.raises(RulesFault) as fault:
        written(template)
    assert sentence in fault.value.message
    assert not PYTHON.search(fault.value.message)
    assert fault.value.hint == (
        "Templates have the filters of Jinja without pprint, random, tojson, xmlattr, and two more: sentence and stop."
        if "filter" in sentence
        else "Put it right and try again."
    )


@pytest.mark.parametrize("use", ["| int", "| float", "+ 1", "| round", "* 2"])
def test_computing_with_an_internal_value_says_that_it_is_internal(email, quick, use):
    assert quick("set", "acme-corp", "deal.amount=12500", now=NOW).code == 0
    refused = email(f"{{{{ deal.amount {use} }}}}")
    assert (refused.code, refused.out) == (3, "")
    assert refused.err.startswith("Can't write own: it goes to the client, and this is internal: Amount.\n")


@pytest.mark.parametrize(("text", "is_written"), [
    ("until Monday..", "until Monday."), ("at 10:00 a.m.. Or not.", "at 10:00 a.m. Or not."), ("well...", "well..."),
    ("from 1..5", "from 1..5"), ("see ../notes", "see ../notes"), ('"by Monday.."', '"by Monday."'),
])  # fmt: skip
def test_no_sentence_ends_with_two_full_stops(text, is_written):
    assert written(text).body == is_written
