"""Nothing internal reaches a client: canaries stand in everything that is, and no mail for a client prints one."""

import os
import shutil
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.emails.canaries import (
    Canaries,
    context_of,
    for_each_role,
    strings_in,
    told_of,
    values_of,
    with_canaries,
)

from handoffctl.core.yaml.forms import checked
from handoffctl.emails import email as emails
from handoffctl.emails import engine
from handoffctl.emails.client_view import client_variables
from handoffctl.emails.email import NotYetKnown, render_email
from handoffctl.emails.eml_file import write_eml
from handoffctl.emails.next_summary import with_content
from handoffctl.emails.phrases_library import load_phrases
from handoffctl.emails.templates import COLLEAGUE, load_template, template_paths
from handoffctl.emails.variables import template_variables
from handoffctl.errors import NotReady
from handoffctl.playbook.library import load_playbook
from handoffctl.playbook.model import Field, Handoff, Playbook, Stage
from handoffctl.workspace.home import Home

NOW = "2026-03-10T09:00:00Z"
PLAYBOOKS = ("account-based", "customer-success", "marketing-to-sales", "solo", "summary-email", "trim")
# Every deal of every playbook takes many mails; of those that are much alike, the long trials look at the others too.
SOME_PLAYBOOKS = [
    name if name in ("customer-success", "trim") else pytest.param(name, marks=pytest.mark.trial) for name in PLAYBOOKS
]
EXAMPLES = max(40, int(os.environ.get("HANDOFFCTL_FUZZ", "0")) // 5)
TOP = Path(__file__).parents[2]
OLD_TEMPLATES = TOP / "tests" / "fixtures" / "templates_0_6_0"
OLD_PLAYBOOKS = TOP / "playbooks" / "earlier"  # as 0.6.0 shipped them
PERSONAL = ("introduction", "kick-off", "what-to-expect", "live-handoff")  # those that name the receiver


@pytest.fixture
def workspace(home, monkeypatch):
    """The home folder of a seller with a name; templates run in this process, which is twenty times as fast."""
    monkeypatch.setattr(engine, "within_limits", lambda run: run())
    home.mkdir()
    (home / "config.yaml").write_text("me: {name: Sam Ortiz, email: sam@brightline.example, signature: Sam}\n")
    return Home(home, now=NOW)


def for_client(workspace):
    return [name for name in template_paths(workspace) if load_template(workspace, name).reader != COLLEAGUE]


def for_colleague(workspace):
    return [name for name in template_paths(workspace) if load_template(workspace, name).reader == COLLEAGUE]


def written(email):
    """What leaves the program in one way or another: the text, and its JSON."""
    return "\n".join([email.pasted, *email.as_json()])


def written_or_refused(workspace, template, context):
    """The same, or nothing where there is nobody to introduce, or nothing to sum up."""
    try:
        return written(render_email(workspace, template, context))
    except NotReady:
        return ""


def view_of(workspace, template, context):
    context = with_content(workspace, template, context)
    phrases = load_phrases(workspace.folder, "en_US")
    return client_variables(template_variables(workspace, context, phrases), context.playbook)


@pytest.mark.parametrize("name", SOME_PLAYBOOKS)
def test_shipped_templates_print_nothing_internal_of_shipped_playbooks(workspace, name):
    canaries = Canaries()
    playbook = with_canaries(canaries, load_playbook(workspace, name).playbook)
    values = values_of(canaries, playbook)
    for told in told_of(playbook):
        context = context_of(canaries, playbook, told, values)
        for template in for_client(workspace):
            email = render_email(workspace, template, context, "K7Q2M")
            assert canaries.found_in(written(email)) == [], (template, told, email.pasted)


@pytest.mark.parametrize("name", SOME_PLAYBOOKS)
def test_no_role_is_named_to_a_client(workspace, name):
    canaries = Canaries()
    playbook = with_canaries(canaries, load_playbook(workspace, name).playbook)
    values = values_of(canaries, playbook)
    for told in for_each_role(playbook):
        context = context_of(canaries, playbook, told, values)
        for template in PERSONAL:
            text = written_or_refused(workspace, template, context)
            assert canaries.found_in(text) == [], (template, told, text)


@pytest.mark.parametrize("name", SOME_PLAYBOOKS)
def test_no_template_for_a_client_can_get_at_anything_internal(workspace, name):
    """Whatever a template does, it prints only what it gets."""
    canaries = Canaries()
    playbook = with_canaries(canaries, load_playbook(workspace, name).playbook)
    values = values_of(canaries, playbook)
    for told in (*told_of(playbook), *for_each_role(playbook)):
        context = context_of(canaries, playbook, told, values)
        for template in ("summary", "follow-up"):
            texts = "\n".join(strings_in(view_of(workspace, template, context)))
            assert canaries.found_in(texts) == [], told


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_papers_for_colleagues_do_print_the_canaries(workspace, name):
    canaries = Canaries()
    playbook = with_canaries(canaries, load_playbook(workspace, name).playbook)
    context = context_of(canaries, playbook, next(told_of(playbook)), values_of(canaries, playbook))
    for template in for_colleague(workspace):
        assert canaries.found_in(written(render_email(workspace, template, context))), template


def test_each_kind_of_canary_is_recognized_as_mails_write_it():
    canaries = Canaries()
    for shown in (
        "Canary0017", "canary 0017", "987,017.32", "987.017,32", "USD 987017.32", "+49 30 7300 1719", "July 23",
        "23 July", "Thursday 23 Jul", "2031-07-23", "Dec 3", "https://canary0001.example",
    ):  # fmt: skip
        assert canaries.found_in(f"Budget: {shown}."), shown
    for harmless in ("Thursday, March 5, at 10:00 a.m.", "24,000 USD", "+1 303 555 0142", "done by July"):
        assert canaries.found_in(harmless) == []


def test_a_view_that_lets_everything_through_is_found_out(workspace, monkeypatch):
    monkeypatch.setattr(emails, "client_variables", lambda variables, playbook: variables.as_mapping())
    write_own(
        workspace,
        "{{ step.text }}, {{ deal.amount }}, {{ deal.expected_close }}, {{ contact.level }}, {{ reason }}, "
        "{{ receiver.role }}, {{ fields.budget }}{% for touch in touches %}, {{ touch.text }}{% endfor %}",
    )
    canaries = Canaries()
    playbook = with_canaries(canaries, load_playbook(workspace, "trim").playbook)
    told = list(told_of(playbook))[3]
    values = values_of(canaries, playbook)
    email = render_email(workspace, "own", context_of(canaries, playbook, told, values))
    assert len(canaries.found_in(written(email))) >= 9, email.pasted
    for template in ("kick-off", "what-to-expect"):  # ours would print what we promised without telling them
        context = context_of(canaries, playbook, told, values)
        assert canaries.found_in(written(render_email(workspace, template, context))), template


def write_own(workspace, body):
    folder = workspace.folder / "templates"
    folder.mkdir(exist_ok=True)
    (folder / "own.j2").write_text(f"Subject: hello\n\n{body}\n", encoding="utf-8")


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_a_yes_or_no_that_is_internal_changes_no_mail(workspace, name):
    """No value of yes and no occurs nowhere else, so what is written must be the same with either."""
    playbook = load_playbook(workspace, name).playbook
    fields = dict(playbook.fields) | {"quiet": Field(type="yes_no"), "hidden": Field(type="yes_no", internal=True)}
    playbook = with_canaries(Canaries(), playbook.with_values(fields=fields))
    values = values_of(Canaries(), playbook)
    internal = {each for each, field in fields.items() if field.type == "yes_no" and not field.client_facing}
    for told in list(told_of(playbook))[4:6]:
        for template in for_client(workspace):
            texts = {
                render_email(workspace, template, context_of(Canaries(), playbook, told, each)).pasted
                for each in (values, values | dict.fromkeys(internal, "no"))
            }
            assert len(texts) == 1, (template, told)


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_drafts_for_mail_programs_hold_nothing_internal(workspace, name, tmp_path):
    canaries = Canaries()
    playbook = with_canaries(canaries, load_playbook(workspace, name).playbook)
    context = context_of(canaries, playbook, list(told_of(playbook))[4], values_of(canaries, playbook))
    for template in for_client(workspace):
        path = tmp_path / f"{template}.eml"
        write_eml(workspace, path, render_email(workspace, template, context, "K7Q2M"), ["alan@brightline.example"])
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        texts = [*(f"{key}: {value}" for key, value in mail.items()), mail.get_content()]
        assert canaries.found_in("\n".join(texts)) == [], template


@pytest.fixture
def home_of_0_6_0(workspace):
    """The home folder of somebody who copied every template and playbook of 0.6.0 into it."""
    shutil.copytree(OLD_TEMPLATES, workspace.folder / "templates")
    shutil.copytree(OLD_PLAYBOOKS, workspace.folder / "playbooks")
    return workspace


@pytest.mark.parametrize("name", SOME_PLAYBOOKS)
def test_templates_of_0_6_0_print_nothing_internal_or_are_refused_by_name(home_of_0_6_0, name):
    canaries = Canaries()
    playbook = with_canaries(canaries, load_playbook(home_of_0_6_0, name).playbook)
    values = values_of(canaries, playbook)
    old = {path.stem for path in OLD_TEMPLATES.glob("*.j2")}
    mails = 0
    for told in told_of(playbook):
        context = context_of(canaries, playbook, told, values)
        for template in old & {*for_client(home_of_0_6_0)}:
            text = written_or_refused(home_of_0_6_0, template, context)
            assert canaries.found_in(text) == [], (template, told, text)
            mails += bool(text)
    assert mails > len(playbook.handoffs)


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_a_template_of_ones_own_that_prints_an_internal_field_is_refused_by_its_label(home_of_0_6_0, name):
    canaries = Canaries()
    playbook = with_canaries(canaries, load_playbook(home_of_0_6_0, name).playbook)
    context = context_of(canaries, playbook, next(told_of(playbook)), values_of(canaries, playbook))
    for internal, field in playbook.fields.items():
        if not field.client_facing:
            write_own(home_of_0_6_0, f"You said: {{{{ fields.{internal} }}}}")
            with pytest.raises(NotYetKnown) as refused:
                render_email(home_of_0_6_0, "own", context)
            assert field.label in refused.value.message


def test_a_remark_names_what_a_template_of_ones_own_only_compares(workspace):
    playbook = load_playbook(workspace, "trim").playbook
    write_own(workspace, '{% if fields.budget == "12" or deal.source != "web" %}Hello{% endif %} Jane')
    context = context_of(Canaries(), playbook, next(told_of(playbook)), values_of(Canaries(), playbook))
    (remark,) = render_email(workspace, "own", context).remarks
    assert remark.startswith("Left out, because it is internal: Budget, Source.")


HEADS = ("current situation", "business priorities", "timeline", "next steps", "Next Steps", "a head of their own")
TYPES = ("text", "money", "date", "list", "number", "yes_no", "url", "phone", "email", "choice")
NAMES = (
    "timeline", "budget", "timing", "priorities", "success_criteria", "key_points", "promised", "risks", "situation",
    "milestones", "stakeholders",
)  # fmt: skip
READERS = ({}, {"internal": True}, {"client": True}, {"client": False})


@st.composite
def fields(draw):
    """A field as users may write it: for clients or not, with labels that may be those of other fields."""
    kind, head = draw(st.sampled_from(TYPES)), draw(st.sampled_from(("", *HEADS)))
    readers = [reader for reader in READERS if not head or reader in ({}, {"client": True})]
    words = {
        "summary": head,
        "label": draw(st.sampled_from(("", "Timing", "Budget", "timeline"))),
        "ask": draw(st.sampled_from(("", "What matters to you?"))),
    }
    given = {key: text for key, text in words.items() if text} | draw(st.sampled_from(readers))
    return Field(type=kind, choices=("first", "second") if kind == "choice" else (), **given)


@st.composite
def playbooks(draw):
    made = draw(st.dictionaries(st.sampled_from(NAMES), fields(), min_size=1, max_size=9))
    roles = draw(st.sampled_from(({}, {"sales": "They sell"}, {"sales": "They sell", "care": "They look after it"})))
    owner = st.sampled_from(({}, *({"owner": role} for role in roles)))
    receiver = st.sampled_from(({}, *({"receiver": role} for role in roles)))
    stages = {
        name: Stage(kind=kind, **draw(owner)) for name, kind in (("begin", "open"), ("go_on", "open"), ("end", "won"))
    }
    handoffs = [
        checked(Handoff, {**draw(receiver), "from": source, "to": to, "benefit": "They are heard", "reason": "They fit",
             "required": draw(st.lists(st.sampled_from([*made]), unique=True, max_size=4)),
             "client_benefit": "you are heard"}
        )
        for source, to in (("begin", "go_on"), ("go_on", "end"))
    ]  # fmt: skip
    return Playbook(playbook="made", roles=roles, fields=made, stages=stages, handoffs=tuple(handoffs))


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data(), made=playbooks())
def test_no_playbook_lets_anything_internal_through(workspace, data, made):
    canaries = Canaries()
    # The labels stay as they are here, so that an internal field may have that of another one.
    playbook = with_canaries(canaries, made)
    playbook = playbook.with_values(
        **{
            "fields": {
                name: field.with_values(label=made.fields[name].label) for name, field in playbook.fields.items()
            }
        }
    )
    values = values_of(canaries, playbook)
    kept = data.draw(st.sets(st.sampled_from([*values])))
    told = data.draw(st.sampled_from([*told_of(playbook), *for_each_role(playbook)]))
    context = context_of(canaries, playbook, told, {name: value for name, value in values.items() if name in kept})
    for template in ("summary", "follow-up"):
        texts = "\n".join(strings_in(view_of(workspace, template, context)))
        assert canaries.found_in(texts) == [], told
    for template in data.draw(st.lists(st.sampled_from(for_client(workspace)), min_size=1, max_size=3, unique=True)):
        text = written_or_refused(workspace, template, context)
        assert canaries.found_in(text) == [], (template, told, text)
