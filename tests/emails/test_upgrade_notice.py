"""After an upgrade the first mail for a client says once, for each playbook, which fields are no longer sent."""

import gzip
from pathlib import Path

import pytest

NOW = "2026-03-10T09:00:00Z"
DATABASE = Path(__file__).parents[1] / "fixtures" / "every_stage" / "0.6.0.db.gz"
SAID = "Said once: since this version, mails to clients no longer send "


@pytest.fixture
def old_home(home):
    """A home of 0.6.0, with a deal in every stage of every shipped playbook."""
    home.mkdir()
    (home / "handoffctl.db").write_bytes(gzip.decompress(DATABASE.read_bytes()))
    (home / "config.yaml").write_text("me: {name: Sam Ortiz, email: sam@brightline.example}\n")


def deals(rows, playbook):
    sql = """SELECT a.slug FROM visit AS v JOIN deal AS d ON d.id = v.deal_id JOIN account AS a ON a.id = d.account_id
             WHERE v.ended = 0 AND v.playbook = ? AND v.stage NOT IN ('lost', 'nurture', 'won') ORDER BY a.slug"""
    return [slug for (slug,) in rows(sql, playbook)]


def said(ran):
    return [line for line in ran.err.splitlines() if line.startswith(SAID)]


def test_the_first_mail_names_what_stood_under_next_steps_and_no_later_one_does(old_home, does, rows, home):
    does("list")  # raises the database
    first, second, *_ = deals(rows, "trim")
    assert said(does("email", "follow-up", first)) == [
        f"{SAID}Open points. Fields are internal unless the playbook trim sends them: `client: true`, or a head of the "
        "summary other than next steps."
    ]
    assert said(does("email", "follow-up", first)) == said(does("email", "follow-up", second)) == []
    assert (home / "notices").read_text() == "no longer sent: trim\n"


def test_scripts_find_it_among_the_remarks(old_home, does, rows):
    does("list")
    ref = deals(rows, "trim")[0]
    remarks = does("email", "follow-up", ref, "--json").json["remarks"]
    assert len([each for each in remarks if each.startswith(SAID)]) == 1
    assert not any(each.startswith(SAID) for each in does("email", "follow-up", ref, "--json").json["remarks"])


def test_each_playbook_says_it_for_itself_and_papers_for_colleagues_never_do(old_home, does, rows):
    does("list")
    trim, team = deals(rows, "trim")[0], deals(rows, "summary-email")[0]
    assert said(does("email", "receiver-agenda", trim)) == []
    assert len(said(does("email", "follow-up", trim))) == 1
    assert len(said(does("email", "follow-up", team))) == 1
    assert said(does("email", "follow-up", trim)) == said(does("email", "follow-up", team)) == []


def test_a_template_of_ones_own_adds_the_fields_that_it_asks_for(old_home, does, rows, home):
    does("list")
    (home / "templates").mkdir()
    (home / "templates" / "own.j2").write_text(
        "Subject: hello\n\nHello{% if fields.budget %}, {{ fields.budget }}{% endif %}\n"
    )
    (line,) = said(does("email", "own", deals(rows, "trim")[0]))
    assert line.startswith(f"{SAID}Budget, Open points. ")


def test_a_draft_of_the_summary_says_it_too(old_home, does, rows):
    does("list")
    ref = deals(rows, "trim")[0]
    assert len(said(does("summary", "draft", ref, "--set", "problem=orders get lost on paper"))) == 1
    assert said(does("summary", "draft", ref)) == []


def test_a_file_that_cannot_be_written_stops_no_mail(old_home, does, rows, home):
    does("list")
    (home / "notices").mkdir()
    for _ in range(2):
        assert len(said(does("email", "follow-up", deals(rows, "trim")[0]))) == 1


def test_a_home_that_began_with_this_version_never_says_it(does, home, playbook):
    playbook(
        "playbook: own\nfields:\n  open_points: {summary: next steps}\n"
        "stages: {lead: {}, won: {kind: won}}\nhandoffs:\n"
        "  - {from: lead, to: won, trigger: They sign., reason: They said yes., benefit: They get it.}\n"
    )
    does("add", "Acme Corp", "--playbook", "own", "--contact", "Jane Doe <jane@acme.example>")
    assert said(does("email", "follow-up", "acme-corp")) == []
    assert not (home / "notices").exists()
