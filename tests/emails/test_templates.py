"""The shipped templates: none leaves a hole, whatever the deal. And what lists, shows and checks templates."""

import re
from typing import get_args, get_type_hints

import pytest

from handoffctl.deals.facts_query import facts
from handoffctl.deals.lookup_query import deal
from handoffctl.emails import occasion
from handoffctl.emails.context import TemplateContext
from handoffctl.emails.context_query import deal_snapshot
from handoffctl.emails.email_style import count_words
from handoffctl.emails.phrases_library import load_phrases
from handoffctl.emails.templates import template_paths
from handoffctl.emails.variable_names import VARIABLES
from handoffctl.emails.variable_types import TemplateVariables
from handoffctl.emails.variables import template_variables
from handoffctl.playbook.library import load_playbook
from handoffctl.workspace.home import Home

NOW = "2026-03-05T09:00:00Z"
LATER = "2026-03-12T09:00:00Z"
NAMES = [
    "announce", "engineer-brief", "follow-up", "internal-meeting", "introduction", "kick-off", "live-handoff",
    "no-show", "nudge", "prep-brief", "receiver-agenda", "summary", "summary-internal", "support-packet", "thanks",
    "what-to-expect",
]  # fmt: skip
ME = "me: {name: Sam Poe, email: sam@poe.example, signature: Sam}\n"
HOSTILE = {
    "quotes and dots": 'Zoë "Z" Müller, Ltd.',
    "a template, markup, emoji": "{{ 7*7 }} {% if x %} [bold]x[/bold] <b>y</b> 🔥",
    "200 characters": "Acme and " * 21 + "Sons & Sons",
}
BRIEF = ("DON'T ASK AGAIN  ",)  # a line of the receiver's brief holds its label and its value


def does(quick, *typed, now=NOW):
    ran = quick(*typed, now=now)
    assert ran.code == 0, (typed, ran)
    return ran


def fill(quick, name):
    """A deal with everything, its summary confirmed, changed since and sent once more."""
    slug = does(quick, "add", name, "--contact", "Ada <ada@acme.example>").out.strip()
    does(
        quick, "set", slug, f"contact.name={name[:60]}", f"situation=they outgrew {name[:60]}",
        "interest=urgent", "priorities=fewer returns; speed",
        "competition=nobody else", "timeline=before the summer", "decision_process=the board meets in May",
        "budget=12000", "open_points=a contract; a date", "success_criteria=half the returns by May",
        "promised=training on site", "delivered_by=partner", "contact.phone=+49 30 1234567", "contact.title=Buyer",
        "contact.level=vp", "account.domain=acme.example", "deal.amount=12500", "deal.expected_close=2026-05-01",
        f"deal.source={name[:60]}",
    )  # fmt: skip
    does(quick, "step", slug, f"send it to {name[:60]}", "--due", "+3d")
    does(quick, "touch", slug, "call", f"spoke with {name[:60]}", "--outcome", "held")
    does(quick, "promise", "add", slug, f"a visit of {name[:60]}", "--by", "+7d")
    does(quick, "promise", "add", slug, "a second seat")
    does(quick, "promise", "kept", slug, "2")
    does(quick, "summary", "draft", slug)
    does(quick, "summary", "sent", slug, "--announced", "yes")
    does(quick, "summary", "correct", slug, "competition=a rival came up", "--note", f"fine, says {name[:60]}")
    does(quick, "set", slug, "timeline=after the summer", now=LATER)
    does(quick, "summary", "sent", slug, now=LATER)
    return slug


@pytest.fixture(autouse=True)
def _every_occasion(monkeypatch):
    """These tests are about what templates print, so each is written for a deal in any state."""
    monkeypatch.setattr(occasion, "_REFUSALS", {})


@pytest.fixture
def full(quick, once, home):
    def make():
        home.mkdir()
        (home / "config.yaml").write_text(ME, encoding="utf-8")
        fill(quick, "Acme Corp")

    once(make)
    return "acme-corp"


@pytest.fixture
def bare(quick, once):
    def make():
        does(quick, "add", "Acme Corp")

    once(make)
    return "acme-corp"


def assert_whole(text, signature=""):
    """No hole, no head without anything under it, nothing left of the template."""
    assert text.endswith("\n")
    subject, gap, *lines = text.removesuffix("\n").split("\n")
    assert subject.startswith("Subject: "), text
    assert len(subject) > len("Subject: ")
    assert gap == ""
    assert any(lines), "it has no text"
    assert lines[0], "its text begins with a blank line"
    assert lines[-1], "its text ends with a blank line"
    assert "None" not in text
    assert "Undefined" not in text
    assert "\n\n\n" not in text
    assert [line for line in lines if line != line.rstrip()] == []
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        alone = not after and re.fullmatch(r'(\d\. )?[A-Z][^.?!:"]*[^.?!:",]', line)
        assert not alone or line == signature or line.startswith(BRIEF), (line, text)
        assert not line.endswith(":") or after or line == "Thanks, that helps. I've changed this:", (line, text)


@pytest.fixture
def mail(quick):
    """`mail(template, account)`: what stands on stdout."""

    def mail(template, account, now=LATER):
        typed = ["summary", "draft", account] if template == "summary" else ["email", template, account]
        return does(quick, *typed, now=now)

    return mail


def test_these_are_the_shipped_ones(home):
    assert sorted(template_paths(Home(home))) == NAMES


@pytest.mark.parametrize("me", [True, False], ids=["signed", "not signed"])
def test_every_template_renders_for_a_deal_with_everything(mail, full, home, me):
    if not me:
        (home / "config.yaml").unlink()
    for name in NAMES:
        ran = mail(name, full)
        assert_whole(ran.out, "Sam" if me else "")
        assert "{{" not in ran.out
        assert "{%" not in ran.out


@pytest.mark.parametrize("me", [True, False], ids=["signed", "not signed"])
def test_every_template_renders_for_a_deal_of_which_nothing_is_known(quick, mail, bare, home, me):
    if me:
        (home / "config.yaml").write_text(ME, encoding="utf-8")
    for name in NAMES:
        if name == "summary":
            does(quick, "set", bare, "situation=they outgrew the lists")
        ran = mail(name, bare)
        assert_whole(ran.out, "Sam" if me else "")
        assert count_words(ran.out) <= 200, name
        assert "{{" not in ran.out


def test_a_summary_of_nothing_is_refused_with_what_to_record(quick, bare):
    refused = quick("email", "summary", bare, now=NOW)
    assert (refused.code, refused.out) == (3, "")
    assert "There is nothing to sum up for Acme Corp yet." in refused.err
    assert 'handoffctl set acme-corp situation="TEXT"' in refused.err


PAPERS = (
    "receiver-agenda", "prep-brief", "engineer-brief", "internal-meeting", "summary-internal", "support-packet",
    "live-handoff",
)  # fmt: skip


@pytest.mark.trial
@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_names_are_text_in_every_template(quick, mail, case):
    slug = fill(quick, HOSTILE[case])
    for name in NAMES:
        ran = mail(name, slug)
        assert_whole(ran.out)
        named = name in PAPERS  # mails to the client and what is said to them do not name their own firm
        assert HOSTILE[case] in ran.out.split("\n")[0] or not named, ran.out
        assert "49" not in ran.out.replace("+49", "")
        assert "\x1b" not in ran.out


# What is required for a proposal is confirmed, so that nothing is new to write; later they name a competitor.
LONG_WAY = [("qualified", ""), ("discovery", "summary"), ("proposal", ""), ("decision", "summary"),
            ("won", "introduction")]  # fmt: skip


@pytest.mark.parametrize(
    "way", [LONG_WAY, [*LONG_WAY[:3], ("signed as it stands", "introduction")]], ids=["long", "short"]
)
def test_what_a_handoff_calls_for_renders_with_only_what_it_requires(quick, bare, ready, rows, way):
    for to, template in way:
        ready(bare, "--to", to, now=NOW)
        if to == "decision":
            does(quick, "set", bare, "competition=a rival came up")
        done = quick("handoff", bare, "--to", to, "--json", now=NOW)
        assert done.code == 0, done
        assert [one["template"] for one in done.json["emails"]] == ([template] if template else [])
        for one in done.json["emails"]:
            text = f"Subject: {one['subject']}\n\n{one['body']}\n"
            assert_whole(text)
            assert count_words(text) <= 200
    assert rows("SELECT template FROM letter ORDER BY id") == [(template,) for _, template in way if template]


def test_every_mail_to_the_client_greets_them_by_their_first_name(mail, full, quick):
    does(quick, "set", full, "contact.name=Ada Bell", now=LATER)
    for name in ("summary", "introduction", "follow-up", "nudge", "kick-off", "no-show", "thanks", "what-to-expect"):
        assert "\nHi Ada,\n" in mail(name, full).out
    does(quick, "set", full, "contact.name=Dr. Ada Bell", now=LATER)
    assert "\nHi Dr. Ada Bell,\n" in mail("nudge", full).out


def test_the_greeting_is_plain_where_nobody_is_named(mail, bare):
    for name in ("introduction", "follow-up", "nudge", "kick-off", "no-show", "thanks", "what-to-expect"):
        assert "\nHello,\n" in mail(name, bare).out


@pytest.mark.parametrize(("count", "warned"), [(50, False), (75, True), (100, True)])
def test_a_card_that_takes_longer_than_half_a_minute_to_say_is_warned_of(quick, mail, bare, count, warned):
    does(quick, "set", bare, "situation=" + " ".join(f"word{n}" for n in range(count)))
    card = mail("live-handoff", bare)
    said = card.out.partition('2. Say this in half a minute\n"')[2].partition('"')[0]
    seconds = len(said.split()) / 150 * 60  # the whole passage counts, not only the points
    assert (seconds > 30) == warned
    assert (f"It takes {seconds:.0f} seconds to say" in card.err) == warned


def test_the_nudge_answers_the_summary_that_was_sent(mail, full):
    text = mail("nudge", full, now="2026-03-17T09:00:00Z").out
    assert text.startswith("Subject: Re: Recap of our call on March 5\n")
    assert "Last Thursday I sent you a recap of our call. Does it look right?" in text
    text = mail("nudge", full, now="2026-03-19T09:00:00Z").out
    assert "On March 12 I sent you a recap of our call. Does it look right?" in text


def test_the_packet_has_what_the_client_confirmed_and_corrected(quick, mail, full):
    text = mail("support-packet", full).out
    (answered,) = [row for row in quick("summary", "list", full, "--all", "--json", now=LATER).json["summaries"]
                   if row["state"] == "corrected"]  # fmt: skip
    assert answered["state"] == "corrected"
    assert "What they confirmed on" in text
    assert "(corrected: Competition)" in text
    assert "- Competition: a rival came up" in text
    assert 'They said: "fine, says Acme Corp"' in text
    assert "- Timeline: was before the summer, is after the summer" in text


# --- list, show, check


def test_the_list_tells_whose_each_is_and_what_for(quick, home):
    own = home / "templates"
    own.mkdir(parents=True)
    (own / "welcome.j2").write_text("{#- To say\nthank you -#}\nSubject: Thanks\n\nThank you.\n", encoding="utf-8")
    (own / "nudge.j2").write_text("Subject: Well?\n\nWell?\n", encoding="utf-8")
    (own / "notes.txt").write_text("no template", encoding="utf-8")
    (own / "folder.j2").mkdir()
    found = {one["name"]: one for one in does(quick, "template", "list", "--json").json["templates"]}
    assert sorted(found) == sorted([*NAMES, "welcome"])
    assert set(found["welcome"]) == {"name", "whose", "about", "path"}
    assert found["welcome"] == {
        "name": "welcome", "whose": "yours", "about": "To say thank you", "path": str(own / "welcome.j2"),
    }  # fmt: skip
    assert (found["nudge"]["whose"], found["nudge"]["about"]) == ("yours", "")
    assert all(found[name]["about"] for name in NAMES if name != "nudge")
    assert {found[name]["whose"] for name in NAMES if name != "nudge"} == {"shipped"}
    assert re.search(r"^welcome +yours +To say thank you$", does(quick, "template", "list").out, re.MULTILINE)


def test_a_template_is_shown_as_it_is_written(quick, home):
    shown = does(quick, "template", "show", "nudge")
    told = does(quick, "template", "show", "nudge", "--json").json
    assert set(told) == {"name", "path", "source"}
    assert shown.out.rstrip("\n") == told["source"].rstrip("\n")
    assert shown.err == f"It stands in {told['path']}\n"


@pytest.mark.parametrize(("typed", "code"), [
    (("show",), 2), (("show", "nudge", "--variables"), 2), (("show", "nugde"), 4), (("check", "nugde"), 4),
    (("show", "../nudge"), 4), (("show", ""), 2), (("check", "../../config"), 4),
])  # fmt: skip
def test_a_template_that_is_not_there_is_told(quick, typed, code):
    refused = quick("template", *typed)
    assert (refused.code, refused.out) == (code, "")
    assert refused.err.strip()


def test_a_slip_in_the_name_of_a_template_is_told_with_the_nearest(quick):
    assert '(did you mean "nudge"?)' in quick("template", "show", "nugde").err


def test_what_a_template_may_use_is_told_as_a_table_and_as_json(quick):
    told = does(quick, "template", "show", "--variables", "--json").json["variables"]
    assert {one["name"]: one["means"] for one in told} == VARIABLES
    lines = does(quick, "template", "show", "--variables").out.splitlines()
    assert [line.split()[0] for line in lines] == ["variable", *VARIABLES]


def got(home, account):
    """What a template really gets for this deal."""
    here = Home(home, now=LATER)
    with here.reading() as query:
        found = deal(query, account)
        of = deal_snapshot(query, found, facts(query, found))
    playbook = load_playbook(here, found.playbook).playbook
    context = TemplateContext(of, playbook, playbook.handoffs[0])
    return template_variables(here, context, load_phrases(home, "en_US"), "K7Q2M").as_mapping()


def records_in(kind):
    """The records within the type of a variable: of `list[Head]` it is Head, of `str | None` none."""
    if hasattr(kind, "_fields"):
        return [kind]
    return [record for part in get_args(kind) for record in records_in(part)]


def parts_of(top, nested=False):
    """The names of the parts that a variable has; `nested` takes in those of the records within it."""
    hints = {"top": get_type_hints(TemplateVariables)[top]}
    found = set()
    while hints:
        records = [record for kind in hints.values() for record in records_in(kind)]
        found |= {name.removesuffix("_") for record in records for name in record._fields}
        hints = {(one, name): kind for one in records for name, kind in get_type_hints(one).items()} if nested else {}
    return found


def told_of(top):
    """What the list says of one variable: every word in it that could be a name."""
    said = [name + " " + means for name, means in VARIABLES.items() if name.partition(".")[0] == top]
    return set(re.findall(r"[a-z_]+", " ".join(said)))


def test_the_list_of_variables_has_every_name_and_no_other(home, full):
    found = got(home, full)
    also = {"reason", "benefit"}
    assert {name.partition(".")[0] for name in VARIABLES} | also == set(found)
    for name in VARIABLES:
        top, dot, part = name.partition(".")
        assert not dot or part == "NAME" or part in found[top], name


EACH = re.compile(r"(?:each with|oldest first:(?! each)|sent last:) ([a-z_, ]+[a-z])")
NAMED_BY_FILES = {"say", "fields", "lines"}  # phrases and playbooks name their parts


@pytest.mark.parametrize("name", [name for name in VARIABLES if EACH.search(VARIABLES[name])])
def test_every_part_that_the_list_tells_of_is_there(name):
    for told in EACH.findall(VARIABLES[name]):
        assert set(told.split(", ")) <= parts_of(name.partition(".")[0], nested=True)


@pytest.mark.parametrize("top", sorted({name.partition(".")[0] for name in VARIABLES} - NAMED_BY_FILES))
def test_every_part_that_a_template_gets_is_told(top):
    assert parts_of(top, nested=True) <= told_of(top)


def test_what_a_template_gets_is_what_the_types_say(home, full):
    for top, value in got(home, full).items():
        for record in value if isinstance(value, list) else [value]:
            if isinstance(record, dict) and top not in NAMED_BY_FILES:
                assert set(record) == parts_of(top)


def test_the_shipped_ones_are_sound(quick, home):
    checked = does(quick, "template", "check")
    assert checked.out == ""
    assert [line for line in checked.err.splitlines() if "is refused while this is not known" not in line] == []
    assert quick("template", "check", "nudge").err == ""


@pytest.fixture
def check(quick, home):
    """`check(text)`: what the check says of this template of one's own."""

    def check(text, name="own"):
        (home / "templates").mkdir(parents=True, exist_ok=True)
        (home / "templates" / f"{name}.j2").write_text(text, encoding="utf-8")
        return quick("template", "check", name)

    return check


FAULTY = {
    "a variable that there is not": (
        "Subject: x\n\n{{ acount.name }}\n", 'own.j2, line 3: there is no variable "acount" (did you mean "account"?)',
    ),
    "a field that there is not": (
        "Subject: x\n\n\n{% if fields.situatoin %}y{% endif %}y\n",
        'own.j2, line 4: no playbook has a field "situatoin" (did you mean "situation"?)',
    ),
    "a field that there is not, as lines": (
        "Subject: x\n\n{{ lines.prioritys }}\n", 'own.j2, line 3: no playbook has a field "prioritys" (did you mean',
    ),
    "its grammar": ("Subject: x\n\n\n\n{% if %}\n", "own.j2, line 5: Expected an expression"),
    "an if without an end": ("Subject: x\n\n{% if account %}\n", "own.j2, line 3: Unexpected end of template"),
    "a filter that is none": ("Subject: x\n\n{{ account.name | uper }}\n", "uper"),
    "no subject": ("Hello\n", "own.j2: The template own does not begin with a subject."),
    "nothing in it": ("\n", "own.j2: The template own does not begin with a subject."),
    "a part that there is not": ("Subject: x\n\n{{ account.nmae }}\n", '"nmae"'),
    "an endless loop": ("Subject: x\n\n{{ 'x' * 10 ** 10 }}\n", "takes too long or too much memory"),
    "a way out": ("Subject: x\n\n{{ ''.__class__ }}\n", "own.j2: The template own does what templates may not"),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTY)
@pytest.mark.usefixtures("sandboxed")
def test_the_check_says_what_is_wrong_and_where(check, home, case):
    text, said = FAULTY[case]
    found = check(text)
    assert (found.code, found.out) == (5, "")
    assert said in found.err.splitlines()[0]
    assert str(home / "templates" / "own.j2") in found.err.splitlines()[0]


def test_the_check_names_every_fault_at_once(check, quick):
    check("Subject: {{ a1 }}\n\n{{ a2 }}\n{{ fields.a3 }}\n")
    check("Subject: x\n\n{% if %}\n", "other")
    found = quick("template", "check")
    assert found.code == 5
    for said in ("own.j2, line 1", "own.j2, line 3", "own.j2, line 4", "other.j2, line 3"):
        assert said in found.err


@pytest.mark.parametrize("text", [
    "Subject: x\n\n{% for one in contacts %}{{ one.name }}{{ loop.index }}{% endfor %}y\n",
    "Subject: x\n\n{% set mine = 1 %}{{ mine }}\n",
    "Subject: x\n\n{% macro m(a) %}{{ a }}{% endmacro %}{{ m(range(3) | list | length) }}\n",
    "Subject: x\n\n{{ lines.get('nobody_has_it') or 'y' }}\n",
    "Subject: x\n\n{% for name, value in fields.items() if value %}{{ name }}{% endfor %}y\n",
])  # fmt: skip
def test_what_is_right_is_found_right(check, text):
    found = check(text)
    assert (found.code, found.out, found.err) == (0, "", "")


COLLEAGUE = '{% set reader = "colleague" %}\n'


def test_a_template_that_needs_more_than_is_always_known_is_a_remark(check):
    found = check(COLLEAGUE + "Subject: x\n\n{{ fields.budget }} {{ contact.name }}\n")
    assert (found.code, found.out) == (0, "")
    assert found.err == "own is refused while this is not known: Budget, Contact.\n"


def test_a_template_that_needs_more_than_its_handoff_requires_is_a_fault(check, home):
    found = check(COLLEAGUE + "Subject: x\n\n{{ fields.budget }}\n", "introduction")
    assert found.code == 5
    first = found.err.splitlines()[0]
    assert first.startswith(str(home / "templates" / "introduction.j2"))
    assert "solo calls for it at decision -> won, but does not require what it needs: Budget" in first
    assert check("Subject: x\n\n{{ fields.situation }}\n", "welcome").code == 0


def test_a_template_for_the_client_that_prints_what_is_internal_is_a_fault(check, home):
    found = check("Subject: x\n\n{{ fields.situation }} {{ fields.budget }} {{ step.text }}\n")
    assert (found.code, found.out) == (5, "")
    path = home / "templates" / "own.j2"
    assert found.err.splitlines()[0] == (
        f"{path}: it goes to the client, and by solo this is internal: Budget, Step. See `reader` in docs/mails.md."
    )
    assert check(COLLEAGUE + "Subject: x\n\n{{ fields.budget }} {{ step.text }}\n").code == 0


CALLING = """\
playbook: calling
fields: {pain: {label: Pain, summary: pain}}
stages: {lead: {}, talks: {}, won: {kind: won}}
handoffs:
  - {from: lead, to: talks, trigger: They call., reason: They fit., benefit: Heard., required: [pain], emails: [sumary]}
  - {from: talks, to: won, trigger: They sign., reason: They want it., benefit: They get it.}
"""


def test_a_handoff_that_calls_for_a_template_that_is_not_there_is_a_fault(quick, playbook):
    playbook(CALLING)
    found = quick("template", "check")
    assert found.code == 5
    assert 'calling: the handoff lead -> talks calls for the template "sumary", which is not there.' in found.err
    playbook(CALLING.replace("sumary", "summary"))
    assert quick("template", "check", "summary").code == 0


# --- faults that are known; each says what would be right


@pytest.mark.parametrize("typed", [("list",), ("check",)])
def test_one_template_that_cannot_be_read_hides_no_other(check, quick, home, typed):
    check("Subject: x\n\n{{ acount }}\n")
    (home / "templates" / "latin.j2").write_bytes("Subject: café\n".encode("latin-1"))
    told = quick("template", *typed)
    assert "own" in told.out + told.err


def test_a_name_that_is_turned_round_is_greeted_all_the_same(quick, mail, bare):
    does(quick, "set", bare, "contact.name=Bell, Ada")
    assert ",," not in mail("nudge", bare).out


def test_the_check_names_the_line_of_a_part_that_there_is_not(check):
    found = check("Subject: x\n\n\n{{ account.nmae }}\n")
    assert "own.j2, line 4: " in found.err
    assert 'did you mean "name"?' in found.err


@pytest.mark.parametrize("name", ["live-handoff", "internal-meeting"])
def test_nobody_hands_over_to_themselves(mail, bare, name):
    assert not re.search(r"seller (hands over to|and) seller", mail(name, bare).out)


OWN_SIDE = ("announce", "engineer-brief", "internal-meeting", "live-handoff", "prep-brief", "receiver-agenda",
            "summary-internal", "support-packet")  # fmt: skip


@pytest.mark.parametrize("name", OWN_SIDE)
def test_what_is_for_your_own_side_is_not_addressed_to_the_client(quick, full, name, tmp_path):
    path = tmp_path / "a.eml"
    told = does(quick, "email", name, full, "--eml", str(path), "--json", now=LATER).json
    assert told["to"] == ""
    assert b"ada@acme.example" not in path.read_bytes().partition(b"\r\n\r\n")[0]


def test_what_is_for_the_client_is_addressed_to_them(quick, full):
    for name in ("follow-up", "introduction", "kick-off", "no-show", "nudge", "thanks", "what-to-expect"):
        assert does(quick, "email", name, full, "--json", now=LATER).json["to"] == "ada@acme.example"


def test_a_shipped_template_is_copied_once_to_be_made_ones_own(quick, home):
    own = home / "templates" / "nudge.j2"
    assert does(quick, "template", "copy", "nudge").out == f"{own}\n"
    assert own.read_text() == does(quick, "template", "show", "nudge").out
    own.write_text("Subject: x\n\nmine\n")
    assert quick("template", "copy", "nudge").code == 6
    assert own.read_text() == "Subject: x\n\nmine\n"
    assert quick("template", "copy", "nugde").code == 4


def test_an_empty_file_of_ones_own_is_none(quick, home):
    (home / "templates").mkdir(parents=True)
    (home / "templates" / "nudge.j2").touch()  # as a shell does before the command in: template show nudge > nudge.j2
    assert "say.right_question" in does(quick, "template", "show", "nudge").out
