"""A chosen account: signals add up to a meeting, the meeting changes its owner, the client goes on with all of it."""

STEP = ("--step", "next talk", "--due", "+7d", "--json")


def gaps(does, now):
    return {gap["name"]: gap for gap in does("check", "quarry-rail", "--json", now=now, code=3).json["missing"]}


def at(does, now):
    deal = does("show", "quarry-rail", "--json", now=now).json["deals"][0]
    return deal["playbook"], deal["stage"], deal["owner"]


def chosen(does):
    contact = ("contact", "add", "quarry-rail", "Olu Stone <olu@quarry.example>", "--level", "vp")
    does("add", "Quarry Rail", "--playbook", "account-based", now="2026-03-02")
    does(*contact, now="2026-03-02")
    does("set", "quarry-rail", "fit=good", "situation=tickets are still printed", now="2026-03-02")


def qualified(does):
    chosen(does)
    does("set", "quarry-rail", "interest=urgent", now="2026-03-05")
    does("handoff", "quarry-rail", *STEP, now="2026-03-06")


def in_sales(does):
    qualified(does)
    does("touch", "quarry-rail", "meeting", "--with", "sales", "--outcome", "held", now="2026-03-16")
    does("set", "quarry-rail", "priorities=no queues; fewer machines", now="2026-03-16")
    does("handoff", "quarry-rail", *STEP, now="2026-03-16")


def test_signs_of_wanting_to_buy_add_up_until_the_gate_opens(does):
    chosen(does)
    gap = gaps(does, "2026-03-02")["worth_meeting"]  # 20 for the fit, 15 for a vice president
    assert gap["label"] == "Enough buying signals (35 of 50 points)"
    assert gap["fix"] == "handoffctl score quarry-rail"
    told = {one["name"]: (one["points"], one["holds"], one["ask"]) for one in gap["signals"]}
    assert told["good-fit"] == (20, True, [])
    assert told["c-suite"] == (25, False, [])  # a vice president is known
    assert told["came-to-you"] == (15, False, [])
    ((points, holds, (question,)), shown) = told["asked-price"], does("check", "quarry-rail", now="2026-03-02", code=3)
    assert (points, holds) == (20, False)
    assert f"      ask  20 points  They asked for a price: {question}\n" in shown.out
    assert "      yes  20 points  They are like the clients who stay\n" in shown.out
    assert "       no  25 points  Somebody in the c-suite talks to you\n" in shown.out
    does("set", "quarry-rail", "change=a new law on paper tickets", now="2026-03-03")  # 45
    does("touch", "quarry-rail", "email", "asks for a paper", "--in", now="2026-03-03")
    blocked = does("handoff", "quarry-rail", *STEP, now="2026-03-04", code=3).json
    assert [one["name"] for one in blocked["missing"]] == ["worth_meeting"]
    does("touch", "quarry-rail", "call", "asks for references", "--in", now="2026-03-05")  # 60, for a month
    does("check", "quarry-rail", now="2026-03-05")
    assert "worth_meeting" in gaps(does, "2026-04-20")

    passed = does("handoff", "quarry-rail", *STEP, now="2026-03-06").json
    assert (passed["to"], passed["handoff"]["to_owner"]) == ("qualified", "sdr")
    assert [letter["template"] for letter in passed["emails"]] == ["introduction"]


def test_a_meeting_that_nobody_came_to_changes_no_owner(does, once, rows):
    once(lambda: qualified(does))
    does("set", "quarry-rail", "priorities=no queues", now="2026-03-09")
    does("touch", "quarry-rail", "call", "a date for the meeting", "--outcome", "held", now="2026-03-09")
    for day, outcome in (("2026-03-09", "booked"), ("2026-03-16", "no-show")):
        does("touch", "quarry-rail", "meeting", "--with", "sales", "--outcome", outcome, now=day)
        blocked = does("handoff", "quarry-rail", *STEP, now=day, code=3).json
        (gap,) = blocked["missing"]
        assert gap["name"] == "met_sales"
        assert gap["fix"] == "handoffctl touch quarry-rail meeting --outcome held --with sales"
        assert at(does, day) == ("account-based", "qualified", "sdr")

    does("touch", "quarry-rail", "meeting", "they came", "--with", "sales", "--outcome", "held", now="2026-03-19")
    passed = does("handoff", "quarry-rail", *STEP, now="2026-03-19").json
    assert (passed["handoff"]["from_owner"], passed["handoff"]["to_owner"]) == ("sdr", "sales")
    assert [letter["template"] for letter in passed["emails"]] == ["introduction", "receiver-agenda"]
    assert passed["emails"][0]["subject"] == "What happens next"  # nobody has a name yet who could be introduced
    assert "tickets are still printed" in passed["emails"][1]["body"]
    states = rows("SELECT state FROM handoff WHERE to_stage = 'discovery' ORDER BY id")
    assert [state for (state,) in states] == ["blocked", "blocked", "completed"]


def test_the_signature_passes_everything_on_to_whoever_looks_after_them(does, once):
    once(lambda: in_sales(does))
    does("set", "quarry-rail", "use_cases=tickets; season cards", "stakeholders=Olu decides; the board pays",
         "decision_process=the board meets on 20 April", "timeline=by the summer", now="2026-03-18")  # fmt: skip
    assert list(gaps(does, "2026-03-18")) == ["confirmed"]
    does("summary", "sent", "quarry-rail", now="2026-03-18")
    does("summary", "confirm", "quarry-rail", now="2026-03-19")
    does("handoff", "quarry-rail", *STEP, now="2026-03-20")
    does("set", "quarry-rail", "deal.amount=80,000", "deal.expected_close=2026-04-20",
         "success_criteria=half the queue by autumn", now="2026-04-02")  # fmt: skip
    does("handoff", "quarry-rail", *STEP, now="2026-04-02")

    lacks = ["promised", "success_introduced", "value_seen", "next_step"]  # the step is overdue, so there is none
    assert list(gaps(does, "2026-04-20")) == lacks
    closed = does("close", "quarry-rail", "--won", "--json", now="2026-04-20", code=3).json
    assert [gap["name"] for gap in closed["missing"]] == ["success_introduced", "promised"]  # no way around it
    does("touch", "quarry-rail", "call", "--with", "success", "--outcome", "held", now="2026-04-20")
    does("set", "quarry-rail", "promised=two machines stay", "value_seen=80 hours of queues a day", now="2026-04-21")
    passed = does("handoff", "quarry-rail", *STEP, now="2026-04-22").json
    assert at(does, "2026-04-22") == ("customer-success", "signed", "success")
    assert [letter["template"] for letter in passed["emails"]] == ["introduction", "support-packet", "internal-meeting"]
    assert "half the queue by autumn" in passed["emails"][1]["body"]

    # What sales asked is not asked again, and nothing of it is lost.
    assert list(gaps(does, "2026-04-23")) == ["risks"]
    deal = does("show", "quarry-rail", "--json", now="2026-04-23").json["deals"][0]
    assert {"situation", "decision_process", "value_seen"} <= deal["fields"].keys()
    assert deal["summary"] == "confirmed"
    agenda = does("email", "internal-meeting", "quarry-rail", now="2026-04-23").out
    for line in ("season cards", "- the board pays", "- by the summer", "- two machines stay"):
        assert line in agenda


def test_today_and_the_report_name_the_same_two_teams_of_a_promise_that_is_being_broken(does):
    chosen(does)
    said = [item["what"] for item in does("today", "--json", now="2026-03-04").json["items"] if item["kind"] == "sla"]
    assert any(what.startswith("marketing promised sdr (first-answer)") for what in said), said
