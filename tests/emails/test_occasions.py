"""A mail to the client says what is true: it is refused without its occasion, and remarks say what it leaves out."""

import pytest

NOW = "2026-03-05T09:00:00Z"
LATER = "2026-03-12T09:00:00Z"


@pytest.fixture
def acme(does, home, once):
    def make():
        home.mkdir()
        (home / "config.yaml").write_text("me: {name: Sam Ortiz, email: sam@we.example}\n")
        does("add", "Acme Corp", "--contact", "Jane Doe <jane@acme.example>")
        does("set", "acme-corp", "situation=orders come in by phone", "timeline=June")

    once(make)
    return "acme-corp"


def mail(does, template, *more, now=NOW):
    return does("email", template, "acme-corp", *more, "--json", now=now).json


# --- thanks


def test_thanks_are_for_an_answer(does, acme):
    refused = does("email", "thanks", acme, code=3).err
    assert refused == (
        "Can't write thanks: Acme Corp has not been sent a summary yet.\n"
        "Draft one with: handoffctl summary draft acme-corp\n"
    )
    does("summary", "draft", acme, "--sent")
    refused = does("email", "thanks", acme, code=3).err
    assert refused.startswith("Can't write thanks: Acme Corp has not answered the summary of Thu 5 Mar yet.\n")
    assert "handoffctl summary correct acme-corp NAME=VALUE" in refused
    does("summary", "correct", acme, "timeline=May")
    assert "I've changed this" in mail(does, "thanks")["body"]
    does("set", acme, "situation=orders get lost", now=LATER)
    does("summary", "draft", acme, "--sent", now=LATER)
    assert "the summary of Thu 12 Mar yet" in does("email", "thanks", acme, now=LATER, code=3).err


# --- no-show


def test_a_no_show_needs_a_meeting_that_was_missed(does, acme):
    refused = does("email", "no-show", acme, code=3).err
    assert refused == (
        "Can't write no-show: no meeting that Acme Corp missed is on record.\n"
        "Record it with: handoffctl touch acme-corp call --outcome no-show\n"
    )
    does("meeting", "book", acme, "--at", "2026-03-06T10:00:00Z")
    late = "2026-03-06T12:00:00Z"
    assert "handoffctl meeting no-show acme-corp" in does("email", "no-show", acme, now=late, code=3).err
    does("meeting", "no-show", acme, now=late)
    assert mail(does, "no-show", now=late)["body"].startswith("Hi Jane,\n\nSorry we missed each other today.")
    does("meeting", "move", acme, "--at", "2026-03-12T10:00:00Z", now=late)
    assert mail(does, "no-show", now=late)["remarks"] == [
        "A new date is booked already, Thu 12 Mar 10:00, and this offers two others."
    ]
    does("meeting", "held", acme, now="2026-03-12T12:00:00Z")
    assert "or one was held since" in does("email", "no-show", acme, now="2026-03-12T12:00:00Z", code=3).err


def test_a_call_that_was_missed_counts_too(does, acme):
    does("touch", acme, "call", "--outcome", "no-show")
    assert "Sorry we missed each other" in mail(does, "no-show")["body"]
    does("touch", acme, "call", "--outcome", "answered", now=LATER)
    does("email", "no-show", acme, now=LATER, code=3)


# --- before the signature

TEAM = """\
playbook: team
fields: {size: {type: text, why: To know.}}
stages: {lead: {title: First talk}, offer: {title: Offer}, signed: {title: Signed}, won: {kind: won}}
handoffs:
  - {from: lead, to: offer, reason: x, benefit: y, trigger: z}
  - {from: offer, to: signed, emails: [support-packet], reason: x, benefit: y, trigger: z}
  - {from: signed, to: won, reason: x, benefit: y, trigger: z}
"""
EARLY = "Birch Barn has not signed yet: the deal is in {}. Send this once they have."


def test_what_follows_the_signature_says_so_before_it(does, acme, playbook):
    playbook(TEAM)
    does("add", "Birch Barn", "--playbook", "team")
    refused = does("email", "what-to-expect", "birch-barn", code=3).err
    assert refused.startswith(
        "Can't write what-to-expect: Birch Barn has not signed yet, and the deal is in First talk.\n"
    )
    assert does("email", "kick-off", "birch-barn", "--json").json["remarks"] == [EARLY.format("First talk")]
    does("handoff", "birch-barn", "--to", "offer")
    for template in ("kick-off", "what-to-expect"):  # the signature may come any hour
        assert does("email", template, "birch-barn", "--json").json["remarks"] == [EARLY.format("Offer")]
    does("handoff", "birch-barn", "--to", "signed")
    for template in ("kick-off", "what-to-expect"):
        assert does("email", template, "birch-barn", "--json").json["remarks"] == []


# --- overdue promises


def test_a_promise_that_is_overdue_is_left_out_with_a_remark(does, acme):
    does("promise", "add", acme, "sample export", "--by", "2026-03-10", "--tell")
    does("promise", "add", acme, "a private one", "--by", "2026-03-10")
    assert not any("overdue" in one for one in mail(does, "kick-off")["remarks"])
    told = mail(does, "kick-off", now=LATER)
    assert "sample export" not in told["body"].casefold()
    assert (
        "Left out, because it is overdue: sample export (Tue 10 Mar). Kept: handoffctl promise kept acme-corp 1; a new "
        "day: handoffctl promise edit acme-corp 1 --by WHEN; not any more: handoffctl promise drop acme-corp 1"
    ) in told["remarks"]
    does("promise", "add", acme, "live", "--by", "2026-03-11", "--milestone", "--tell")
    remark = next(one for one in mail(does, "kick-off", now=LATER)["remarks"] if "overdue" in one)
    assert "live (3, Wed 11 Mar), sample export (1, Tue 10 Mar)" in remark or (
        "sample export (1, Tue 10 Mar), live (3, Wed 11 Mar)" in remark
    )
    assert "promise kept acme-corp NUMBER" in remark
    assert "private" not in remark
    does("promise", "edit", acme, "1", "--by", "2026-03-20", now=LATER)
    does("promise", "drop", acme, "3", now=LATER)
    assert not any("overdue" in one for one in mail(does, "kick-off", now=LATER)["remarks"])


def test_a_summary_that_names_a_past_day_says_so_to_the_seller(does, acme):
    does("promise", "add", acme, "sample export", "--by", "2026-03-10", "--tell")
    does("promise", "add", acme, "list of users", "--by", "2026-03-09", "--theirs")
    remarks = does("summary", "draft", acme, "--json", now=LATER).json["remarks"]
    (remark,) = [one for one in remarks if "overdue" in one]
    assert remark.startswith("It says what is overdue: ")
    assert "list of users (2, Mon 9 Mar)" in remark
    assert "sample export (1, Tue 10 Mar)" in remark


# --- a correction of what was sent


def test_a_draft_that_was_never_sent_cannot_have_been_corrected(does, acme, dump):
    refused = does("summary", "correct", acme, "timeline=May", code=3).err
    assert refused.startswith("Can't correct a summary of Acme Corp: none was sent yet.\n")
    does("summary", "draft", acme)
    before = dump()
    for more in ((), ("--ref", does("summary", "show", acme, "--json").json["reference"])):
        refused = does("summary", "correct", acme, "timeline=May", *more, code=3).err
        assert refused == (
            "Can't correct the summary of Acme Corp: it is a draft that was not sent yet.\n"
            "To change the draft: handoffctl summary draft acme-corp --set NAME=VALUE. "
            "If it was sent: handoffctl summary sent acme-corp\n"
        )
    assert dump() == before
    does("summary", "sent", acme)
    does("summary", "correct", acme, "timeline=May")
    does("summary", "draft", acme, "--whole", "--set", "situation=orders get lost")
    does("summary", "correct", acme, "timeline=June after all")  # of the one that was sent, not of the new draft
    listed = does("summary", "list", acme, "--all", "--json").json["summaries"]
    assert [one["state"] for one in listed] == ["corrected", "draft"]


# --- whom it is for


def test_nobody_is_called_so(does, acme):
    does("person", "add", "Alan Reed <alan@we.example>", "--role", "seller")
    refused = does("email", "prep-brief", acme, "--for", "Nobody X", code=4).err
    assert refused.startswith('Nobody is called "Nobody X", and no role of solo either.\nThere are: Alan Reed, ')
    assert 'either (did you mean "Alan Reed"?).' in does("email", "prep-brief", acme, "--for", "Alan Red", code=4).err
    assert 'did you mean "delivery"?' in does("email", "prep-brief", acme, "--for", "delivry", code=4).err
    for name in ("alan reed", "Delivery", "seller", "Sam Ortiz"):
        does("email", "prep-brief", acme, "--for", name)


def test_a_mail_that_is_refused_tells_nothing(does, acme, dump):
    does("step", acme, "sample export", "--due", "2026-03-10")
    before = dump()
    does("email", "thanks", acme, "--tell", code=3)
    does("email", "follow-up", acme, "--tell", "--for", "Nobody X", code=4)
    assert dump() == before


# --- a code from the list


def test_a_reference_from_the_list_leads_to_its_summary(does, acme):
    does("summary", "draft", acme, "--sent")
    does("summary", "draft", acme, "--whole", now=LATER)
    first, second = [one["reference"] for one in does("summary", "list", acme, "--all", "--json").json["summaries"]]
    assert first != second
    for words in ((acme, first), (acme, "--ref", first), (first,), (first.lower(),)):
        assert does("summary", "show", *words, "--json").json["reference"] == first
    assert does("summary", "show", acme, "--json").json["reference"] == second
    does("summary", "show", acme, "XXXXX", code=4)
    assert "No account is called" in does("summary", "show", "XXXXX", code=4).err
    does("summary", "show", acme, first, "--ref", first, code=2)
