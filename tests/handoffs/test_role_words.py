"""Where people read who gives and who takes over, a role stands by its title and not by its key."""

NOW = "2026-03-05T12:00:00Z"
ROLES = """\
playbook: teams
roles: {sales_dev: Finds them, account_team: Talks to them}
stages:
  lead: {title: Lead, owner: sales_dev}
  talk: {title: Talk, owner: account_team}
  won: {title: Won, kind: won}
  lost: {title: Lost, kind: lost}
handoffs:
  - {from: lead, to: talk, trigger: They come., reason: They fit., benefit: They are heard.}
  - {from: talk, to: won, trigger: They sign., reason: They said yes., benefit: They get it.}
"""


def added(does, playbook):
    playbook(ROLES)
    does("add", "Acme Corp", "--playbook", "teams", "--contact", "Jane Doe <jane@acme.example>")


def handed(does, playbook):
    added(does, playbook)
    does("handoff", "acme-corp")


def test_the_agenda_of_the_internal_meeting_names_roles_by_their_titles(does, playbook):
    added(does, playbook)
    body = does("email", "internal-meeting", "acme-corp", "--json").json["body"]
    assert "- Until now Sales dev, from here on Account team" in body
    assert "sales_dev" not in body


def test_accept_and_what_it_asks_name_roles_by_their_titles(does, playbook, sits):
    handed(does, playbook)
    screen = sits("accept", "acme-corp", now=NOW)
    screen.sees("Did you have enough to begin?").types("n").sees("What was missing?").types("the budget")
    screen.sees("What did you have to ask again?").types("").sees("Give it back to Sales dev?").types("n")
    screen.sees("Account team accepted Acme Corp.")
    assert screen.ends() == 0
