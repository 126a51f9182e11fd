"""Nothing internal reaches a client: canaries stand in everything that is, and no mail for a client prints one."""

import pytest
from tests.emails.canaries import (
    Canaries,
    context_of,
    for_each_role,
    strings_in,
    told_of,
    values_of,
    with_canaries,
)

from handoffctl.emails import engine
from handoffctl.emails.client_view import client_variables
from handoffctl.emails.email import render_email
from handoffctl.emails.next_summary import with_content
from handoffctl.emails.phrases import load_phrases
from handoffctl.emails.templates import COLLEAGUE, load_template, template_paths
from handoffctl.emails.variables import template_variables
from handoffctl.playbook.library import load_playbook
from handoffctl.workspace.home import Home

NOW = "2026-03-10T09:00:00Z"
PLAYBOOKS = ("account-based", "customer-success", "marketing-to-sales", "solo", "summary-email", "trim")
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


def view_of(workspace, template, context):
    context = with_content(workspace, template, context)
    phrases = load_phrases(workspace.folder, "en_US")
    return client_variables(template_variables(workspace, context, phrases), context.playbook)


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_shipped_templates_print_nothing_internal_of_shipped_playbooks(workspace, name):
    canaries = Canaries()
    playbook = with_canaries(canaries, load_playbook(workspace, name).playbook)
    values = values_of(canaries, playbook)
    for told in told_of(playbook):
        context = context_of(canaries, playbook, told, values)
        for template in for_client(workspace):
            email = render_email(workspace, template, context, "K7Q2M")
            assert canaries.found_in(written(email)) == [], (template, told, email.pasted)


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_no_role_is_named_to_a_client(workspace, name):
    canaries = Canaries()
    playbook = with_canaries(canaries, load_playbook(workspace, name).playbook)
    values = values_of(canaries, playbook)
    for told in for_each_role(playbook):
        context = context_of(canaries, playbook, told, values)
        for template in PERSONAL:
            email = render_email(workspace, template, context)
            assert canaries.found_in(written(email)) == [], (template, told, email.pasted)


@pytest.mark.parametrize("name", PLAYBOOKS)
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
