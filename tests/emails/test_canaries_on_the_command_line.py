"""What the commands put out for a client, that is, JSON, drafts for mail programs and invitations, has no canary."""

from email import message_from_bytes, policy

import icalendar
import pytest
from tests.emails.canaries import Canaries

from handoffctl.emails import occasion

NOW = "2026-03-03T09:00:00Z"
LATER = "2026-03-04T09:00:00Z"

# Each canary but money and dates is a number of its own; the labels of fields for clients are for clients too.
PLAYBOOK = """\
playbook: wary
title: canary0001
roles: {canary0002: canary0003, canary0004: canary0005}
heads: {timeline: Timing}
fields:
  situation: {label: Situation, ask: What happens today?, why: canary0006, hint: canary0007, summary: current situation}
  timeline: {label: Timeline, ask: By when?, why: canary0008, summary: timeline}
  text: {label: canary0009, ask: canary0010, why: canary0011, hint: canary0012}
  money: {label: canary0013, type: money, ask: canary0014, why: canary0015}
  day: {label: canary0016, type: date, why: canary0017, internal: true}
  choice: {label: canary0018, type: choice, choices: [canary0019, other], why: canary0020}
  list: {label: canary0021, type: list, ask: canary0022, why: canary0023, summary: next steps}
  number: {label: canary0024, type: number, why: canary0025}
  page: {label: canary0026, type: url, why: canary0027}
  line: {label: canary0028, type: phone, why: canary0029}
  other: {label: canary0030, type: email, why: canary0031, client: false}
  never: {label: canary0032, ask: canary0033, why: canary0034}
stages:
  lead: {title: canary0035, owner: canary0002, begins_when: canary0036}
  talk: {title: canary0037, owner: canary0004}
  won: {title: canary0038, kind: won, owner: canary0004}
  lost: {title: canary0039, kind: lost}
handoffs:
  - {from: lead, to: talk, name: canary0040, trigger: canary0041, reason: canary0042, benefit: They are heard.,
     required: [situation, never], emails: [summary, introduction, receiver-agenda]}
  - {from: talk, to: won, trigger: canary0043, reason: canary0044, benefit: They get it.}
"""
VALUES = (
    "situation=orders come in by phone", "timeline=live by June 1", "text=canary0050", "money=987654.32",
    "day=2031-07-23", "choice=canary0019", "list=canary0051; canary0052", "number=73005319",
    "page=https://canary0054.example", "line=+49 30 73005519", "other=canary0056@acme.example", "deal.amount=987655.32",
    "deal.source=canary0057", "deal.expected_close=2031-08-17", "contact.level=director", "contact.title=COO",
)  # fmt: skip
SPOKEN_OR_SENT = ("announce", "follow-up", "introduction", "kick-off", "live-handoff", "no-show", "what-to-expect")


@pytest.fixture(autouse=True)
def _every_occasion(monkeypatch):
    """These tests are about what templates print, so each is written for a deal in any state."""
    monkeypatch.setattr(occasion, "_REFUSALS", {})


@pytest.fixture
def acme(does, playbook, home, once):
    def make():
        playbook(PLAYBOOK)
        (home / "config.yaml").write_text("me: {name: Sam Ortiz, email: sam@we.example}\n")
        does("add", "Acme Corp", "--playbook", "wary", "--contact", "Jane Doe <jane@acme.example>", "--no-input")
        does("person", "add", "Alan Reed <alan@we.example>", "--role", "canary0004")
        does("set", "acme-corp", *VALUES)
        does("touch", "acme-corp", "call", "canary0060")
        does("step", "acme-corp", "canary0061", "--due", "2031-09-01")
        does("promise", "add", "acme-corp", "canary0062", "--by", "2031-10-02")
        does("promise", "add", "acme-corp", "sample export", "--by", "2026-03-10", "--who", "canary0002", "--tell")

    once(make)


def nothing_in(text):
    assert Canaries().found_in(text) == [], text


def without_remarks(ran):
    """The values that `--json` gives, without the remarks for the writer and the name of the deal."""
    return "\n".join(str(value) for key, value in ran.json.items() if key not in ("remarks", "deal", "account"))


@pytest.mark.parametrize("receiver", [(), ("--for", "canary0004"), ("--for", "Alan Reed")])
@pytest.mark.parametrize("template", SPOKEN_OR_SENT)
def test_mails_and_their_json(acme, does, quick, template, receiver):
    ran = quick("email", template, "acme-corp", *receiver, now=LATER)
    if ran.code:
        assert "nobody to introduce" in ran.err
        return
    nothing_in(ran.out)
    nothing_in(without_remarks(does("email", template, "acme-corp", *receiver, "--json", now=LATER)))


def test_papers_for_colleagues_have_canaries(acme, does):
    assert len(Canaries().found_in(does("email", "summary-internal", "acme-corp").out)) > 5


def test_the_draft_of_the_summary_its_json_and_its_file(acme, does, tmp_path):
    path = tmp_path / "acme.eml"
    ran = does("summary", "draft", "acme-corp", "--json", "--eml", str(path))
    nothing_in(without_remarks(ran))
    assert "sample export" in ran.json["body"]
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    nothing_in("\n".join([*(f"{key}: {value}" for key, value in mail.items()), mail.get_content()]))
    nothing_in(does("summary", "draft", "acme-corp").out)


def test_the_second_summary_and_the_mails_that_follow_the_answer(acme, does):
    does("summary", "draft", "acme-corp")
    does("summary", "sent", "acme-corp", "--announced", "yes")
    nothing_in(does("email", "nudge", "acme-corp", now="2026-03-12T09:00:00Z").out)
    does("summary", "correct", "acme-corp", "timeline=by May 15", "text=canary0063", now=LATER)
    does("set", "acme-corp", "situation=orders get lost", "list=canary0064", "money=987656.32", now=LATER)
    nothing_in(does("email", "thanks", "acme-corp", now=LATER).out)
    ran = does("summary", "draft", "acme-corp", "--json", now=LATER)
    assert "orders get lost" in ran.json["body"]
    nothing_in(without_remarks(ran))


@pytest.mark.parametrize("more", [("--with", "Alan Reed"), ("--with", "canary0004"), ()])
def test_the_invitation(acme, does, tmp_path, more):
    does("deal", "add", "acme-corp", "canary0070", "--playbook", "wary", "--no-input")
    path = tmp_path / "acme.ics"
    words = ("--at", "2026-03-12T10:00:00Z", "--for", "canary0040", "--ics", str(path))
    does("meeting", "book", "acme-corp/deal", *words, *more)
    (event,) = icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    assert "attendee" in event
    nothing_in("\n".join(f"{key}: {value}" for key, value in event.property_items()))
