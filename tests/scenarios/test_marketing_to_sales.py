"""Marketing draws leads in and sales calls them: none that nobody can reach, none too early, none given up too soon."""

from pathlib import Path

import pytest

SHIPPED = Path(__file__).parents[2] / "playbooks" / "marketing-to-sales.yaml"


@pytest.fixture
def lead(does):
    def lead(name, *more, now):
        return does("add", name, "--playbook", "marketing-to-sales", *more, now=now).out.strip()

    return lead


def names(gaps):
    return [gap["name"] for gap in gaps]


def stands(does, account, now):
    deal = does("show", account, "--json", now=now).json["deals"][0]
    return deal["stage"], deal["owner"]


KNOWN = ("interest=comparing", "intent=replace two old ovens", "responds_to=a visit to a bakery that has one")
LIST = "Company,Id,Phase\nFennel Farm,7,{phase}\n"
MAP = "program: fair\nrows: deals\naccount: Company\ndeal: Id\nstage: Phase\n"


def test_a_lead_without_mail_or_phone_is_stopped_on_every_path(does, lead, tmp_path):
    """Typed in or imported, by handoff, by the short way for hot leads, by closing it as won, by importing again."""
    export, columns = tmp_path / "leads.csv", tmp_path / "map.yaml"
    export.write_text(LIST.format(phase="inquiry"), encoding="utf-8")
    columns.write_text(MAP, encoding="utf-8")
    into = ("--map", str(columns), "--playbook", "marketing-to-sales")
    does("import", str(export), *into, now="2026-03-01")
    typed = lead("Gorse Inn", "--contact", "Tom Gorse", now="2026-03-01")  # a name alone reaches nobody
    for account in ("fennel-farm", typed):
        does("set", account, *KNOWN, "contact.email=n/a", now="2026-03-02", code=6)  # no address
        does("set", account, *KNOWN[1:], "interest=urgent", "success_criteria=half the gas", "promised=none",
             now="2026-03-02")  # fmt: skip
        does("step", account, "call them", "--due", "+1d", now="2026-03-02")
        for way in (("--to", "ready"), ("--to", "hot lead"), ("--to", "hot")):
            blocked = does("handoff", account, *way, "--json", now="2026-03-02", code=3).json
            assert names(blocked["missing"]) == ["reachable"], way
        assert names(does("close", account, "--won", "--json", now="2026-03-02", code=3).json["missing"]) == [
            "reachable"
        ]
    export.write_text(LIST.format(phase="conversation"), encoding="utf-8")
    does("import", str(export), *into, now="2026-03-03")
    assert stands(does, typed, "2026-03-03") == ("inquiry", "marketing")
    # Nothing was handed on here, so the imported one follows its export; from there it goes no further either.
    assert stands(does, "fennel-farm", "2026-03-03") == ("conversation", "sales")
    on = ("timeline=this year", "decision_process=the family decides", "deal.amount=9000")
    does("set", "fennel-farm", *on, now="2026-03-03")
    for words in (("handoff", "fennel-farm", "--to", "offer"), ("close", "fennel-farm", "--won")):
        assert names(does(*words, "--json", now="2026-03-03", code=3).json["missing"]) == ["reachable"], words

    does("set", "fennel-farm", "contact.phone=+49 30 1234567", now="2026-03-04")  # a number is enough
    step = ("--step", "send the offer", "--due", "+2d")  # that of the file is overdue by now
    blocked = does("handoff", "fennel-farm", "--to", "offer", "--json", now="2026-03-04", code=3).json
    assert names(blocked["missing"]) == ["next_step"]
    assert does("handoff", "fennel-farm", "--to", "offer", *step, "--json", now="2026-03-04").json["handed_off"]
    does("set", typed, "contact.email=tom@gorse.example", now="2026-03-04")  # and so is an address
    assert does("handoff", typed, "--to", "ready", *step, "--json", now="2026-03-04").json["handed_off"]


def test_from_an_inquiry_to_the_signature_marketing_asks_what_sales_needs(does, lead):
    oven = lead("Oven House", "--contact", "Ida Brandt <ida@ovenhouse.example>", now="2026-03-02")
    blocked = does("handoff", oven, "--to", "ready", "--json", now="2026-03-02", code=3).json
    asked = {gap["name"]: gap for gap in blocked["missing"]}
    assert list(asked) == ["interest", "intent", "responds_to", "next_step"]
    assert asked["interest"]["fix"] == 'handoffctl set oven-house interest="curious|comparing|urgent"'
    assert "one about anything else gets no answer" in asked["responds_to"]["why"]
    assert names(blocked["nice_to_have"]) == ["reach_by", "contact.title", "deal.source"]

    # One question at a time goes to the prospect, until all is known.
    follow_up = does("email", "follow-up", oven, now="2026-03-02").out
    assert "One question to help me prepare: What are you after, and what made you look now?" in follow_up
    learned = [word for value in KNOWN for word in ("--set", value)]
    does("touch", oven, "email", "We want to replace two ovens this year", "--in", *learned, now="2026-03-03")
    passed = does("handoff", oven, "--to", "ready", "--step", "ring Ida about the visit", "--due", "+1d", "--json",
                  now="2026-03-03").json  # fmt: skip
    assert (passed["handoff"]["from_owner"], passed["handoff"]["to_owner"]) == ("marketing", "sales")
    mails = {one["template"]: one["body"] for one in passed["emails"]}
    assert "our sales side" not in mails["introduction"]
    for known in ("comparing", "replace two old ovens", "a visit to a bakery that has one"):
        assert known in mails["receiver-agenda"]
    assert "How soon do you want this solved?" not in mails["receiver-agenda"]
    does("accept", oven, now="2026-03-04")

    # A message on the machine is an attempt; the call that was held leads on.
    for day in ("2026-03-04", "2026-03-06"):
        does("touch", oven, "call", "--outcome", "left-message", now=day)
    assert "spoken" in names(does("check", oven, "--json", now="2026-03-06", code=3).json["missing"])
    spoke = does("touch", oven, "call", "They must save gas", "--outcome", "held", "--set", "priorities=less gas",
                 now="2026-03-09")  # fmt: skip
    assert "Trigger seen for Oven House: The prospect speaks with sales and wants to go on." in spoke.err
    does("handoff", oven, "--step", "visit the bakery with her", "--due", "+7d", now="2026-03-09")
    does("handoff", oven, "--set", "timeline=before the winter", "--set", "decision_process=Ida decides with her bank",
         "--step", "send the offer", "--due", "+2d", now="2026-03-18")  # fmt: skip
    won = does("handoff", oven, "--set", "deal.amount=42,000", "--set", "success_criteria=a third less gas",
               "--set", "promised=help with the bank's form", "--step", "measure the room", "--due", "+7d", "--json",
               now="2026-03-30").json  # fmt: skip
    packet = {one["template"]: one["body"] for one in won["emails"]}["support-packet"]
    assert "- help with the bank's form" in packet
    assert "- a third less gas" in packet
    assert stands(does, oven, "2026-03-30") == ("won", "service")


def test_a_hot_lead_jumps_the_queue_and_its_first_response_is_measured(does, lead):
    kiln = lead("Kiln & Co", "--contact", "Ravi Dean <ravi@kiln.example>", now="2026-03-02T09:00:00Z")
    urged = does("touch", kiln, "message", "Ours broke today, please ring", "--in", "--set", "interest=urgent",
                 "--set", "responds_to=a price by tomorrow", now="2026-03-02T09:05:00Z")  # fmt: skip
    assert "Next: handoffctl handoff kiln-co --to 'hot lead'" in urged.err
    # What can wait for the call does not hold it up.
    passed = does("handoff", kiln, "--to", "hot lead", "--step", "ring Ravi", "--due", "2026-03-02T10:00:00Z", "--json",
                  now="2026-03-02T09:10:00Z").json  # fmt: skip
    assert names(passed["nice_to_have"]) == ["intent", "reach_by", "deal.source"]
    assert stands(does, kiln, "2026-03-02T09:15:00Z") == ("hot", "sales")
    does("touch", kiln, "call", "--outcome", "held", "--set", "intent=a kiln by the end of March",
         "--set", "priorities=back at work", now="2026-03-02T09:40:00Z")  # fmt: skip
    does(
        "handoff",
        kiln,
        "--to",
        "hot lead reached",
        "--step",
        "send a price",
        "--due",
        "+1d",
        now="2026-03-02T10:00:00Z",
    )

    curious = lead("Lathe Club", "--contact", "Uma Lathe <uma@lathe.example>", now="2026-03-02T09:00:00Z")
    does("set", curious, "interest=curious", "responds_to=a leaflet", now="2026-03-02T09:05:00Z")
    blocked = does("handoff", curious, "--to", "hot lead", "--json", now="2026-03-02T09:10:00Z", code=3).json
    assert "hot" in names(blocked["missing"])  # who is only curious does not jump it

    told = does("report", "engagement", "--playbook", "marketing-to-sales", "--json", now="2026-03-03").json["stages"]
    first = next(stage["first_response"] for stage in told if stage["stage"] == "hot")
    assert (first["answered"], first["median_days"]) == (1, pytest.approx(30 / 1440))  # half an hour
    told = does("report", "handoffs", "--playbook", "marketing-to-sales", "--json", now="2026-03-03").json["handoffs"]
    hot = next(one for one in told if one["handoff"] == "hot lead")
    assert (hot["completed"], hot["blocked"]) == (1, 1)


def test_how_each_stage_is_followed_up_is_there_for_all_to_see(does):
    shown = does("playbook", "show", "marketing-to-sales", "--json", now="2026-03-02").json
    rules = {stage["stage"]: stage["follow_up"] for stage in shown["stages"] if stage["kind"] == "open"}
    assert all(
        0 < rule["attempts"] <= rule["most"]
        and rule["first_within"]
        and rule["every"] * (rule["attempts"] - 1) <= rule["within"]
        for rule in rules.values()
    )  # the least number of attempts fits into the time
    hot, ready = rules["hot"], rules["ready"]
    assert (hot["first_within"], hot["attempts"], hot["within"]) == (pytest.approx(1 / 24), 6, 5)
    assert hot["first_within"] < ready["first_within"]
    text = " ".join(does("playbook", "show", "marketing-to-sales", now="2026-03-02").out.replace("|", " ").split())
    assert "first within 1 hour; at least 6 attempts" in text
    assert "A hot lead is called within the hour." in text
    assert "Enough for ten conversations a month" in text  # each role's measure, and what it is for


def test_what_came_too_early_goes_back_with_its_reason(does, lead):
    moss = lead("Moss Cafe", "--contact", "Jo Moss <jo@moss.example>", now="2026-03-02")
    values = [word for value in KNOWN for word in ("--set", value)]
    does("handoff", moss, "--to", "ready", *values, "--step", "ring Jo", "--due", "+1d", now="2026-03-02")
    does("return", moss, "--because", "writes a paper on ovens", "--missing", "intent", now="2026-03-03")
    assert stands(does, moss, "2026-03-03") == ("inquiry", "marketing")
    does("close", moss, "--nurture", "--because", "reads along", "--wake", "+90d", now="2026-03-04")
    stages = does("report", "throughput", "--playbook", "marketing-to-sales", "--json", now="2026-03-05").json["stages"]
    by_name = {stage["stage"]: stage for stage in stages}
    assert (by_name["ready"]["returned"], by_name["inquiry"]["nurture"], by_name["nurture"]["now"]) == (1, 1, 1)


def test_the_shipped_playbook_checks_silently(does):
    checked = does("playbook", "check", str(SHIPPED), now="2031-01-01")
    assert (checked.out, checked.err) == ("", "")
