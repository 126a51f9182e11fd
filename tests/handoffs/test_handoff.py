"""The handoff end to end, without a terminal: blocked, put right, handed off, accepted, returned, closed, reopened."""

import pytest

DAY = "2026-03-02T09:00:00Z"
LATER = "2026-03-03T09:00:00Z"
WHOLE = ("situation=their old tool broke in May", "contact.email=ada@acme.example")

TEAM = """\
playbook: team
roles: {finder: Who finds them, closer: Who closes them}
fields:
  pain: {label: Pain, why: Without pain nobody buys., ask: What hurts?, min_words: 2}
  size: {label: Size, type: number, why: To plan the work.}
stages:
  found: {title: Found}
  talking: {title: Talking, exit: [pain]}
  won: {title: Won, kind: won}
  lost: {title: Lost, kind: lost}
handoffs:
  - {from: found, to: talking, trigger: They answer., reason: They fit., benefit: They are heard.}
  - {from: talking, receiver: closer, name: take over, required: [pain], nice_to_have: [size], next_step: required,
     trigger: They ask for a price., reason: A closer knows prices., benefit: They get a price at once.}
  - {from: talking, to: selling/meeting, trigger: They ask to meet., reason: They want it., benefit: They see us.}
"""

SELLING = """\
playbook: selling
roles: {closer: Who closes, finder: Who finds}
fields:
  budget: {label: Budget, type: money, why: To propose the right size.}
criteria:
  big_enough: {label: Big enough, field: budget, at_least: 5000, why: Smaller ones do not pay.}
stages:
  meeting: {title: Meeting, entry: [big_enough]}
  won: {title: Won, kind: won}
handoffs:
  - {from: meeting, to: won, trigger: They sign., reason: They said yes., benefit: They get it.}
"""


@pytest.fixture
def acme(quick):
    """An account in the first stage of solo."""
    assert quick("add", "Acme Corp", now=DAY).code == 0


@pytest.fixture
def teams(quick, playbook):
    """An account in the second stage of a playbook for two, from which there is a way into another playbook."""
    playbook(TEAM)
    playbook(SELLING)
    assert quick("add", "Acme Corp", "--playbook", "team", now=DAY).code == 0
    assert quick("handoff", "acme-corp", now=DAY).code == 0


def qualify(quick):
    """The first handoff of solo, on the third of March."""
    words = ("--set", WHOLE[0], "--set", WHOLE[1], "--step", "call her")
    assert quick("handoff", "acme-corp", *words, now=LATER).code == 0


def deal_of(quick, account="acme-corp", now=LATER):
    return quick("show", account, "--json", now=now).json["deals"][-1]


def test_the_way_from_an_empty_home_to_a_first_handoff(quick, rows, answered):
    added = quick("add", "Acme Corp", now=DAY)
    assert (added.code, added.out) == (0, "acme-corp\n")

    checked = quick("check", "acme-corp", now=DAY)
    assert checked.code == 3
    gaps = quick("check", "acme-corp", "--json", now=DAY).json["missing"]
    assert [gap["name"] for gap in gaps] == ["reachable", "situation", "next_step"]

    blocked = quick("handoff", "acme-corp", "--no-input", now=DAY)
    assert blocked.code == 3
    for gap in gaps:
        assert gap["label"] in checked.out
        for part in ("label", "why", "fix"):
            assert f"{gap[part]}\n" in blocked.out
    assert rows("SELECT stage, ended, owner FROM visit") == [("lead", 0, "seller")]
    assert rows("SELECT state, from_stage, to_stage, seconds FROM handoff") == [("blocked", "lead", "qualified", None)]
    assert rows("SELECT name FROM gap WHERE kind = 'required'") == [("reachable",), ("situation",), ("next_step",)]
    assert "blocked: E-mail or phone, Current situation, Next step missing" in quick("log", "acme-corp", now=DAY).out

    for gap in gaps:
        assert quick(*answered(gap["fix"]), now=DAY).code == 0
    passed = quick("handoff", "acme-corp", "--no-input", "--json", now=LATER)
    assert passed.code == 0
    assert passed.json["handed_off"] is True
    assert passed.json["emails"] == []  # nobody new to introduce, and nothing to confirm yet
    deal = quick("show", "acme-corp", "--json", now=LATER).json["deals"][0]
    assert (deal["stage"], deal["owner"], deal["entered_at"]) == ("qualified", "seller", LATER)
    assert deal["step"] == {"text": "their old tool broke in May", "due": "2026-03-05"}


def test_the_fix_of_every_gap_removes_it_through_every_stage_of_the_shipped_playbook(quick, acme, ready):
    for number in range(1, 20):
        deal, now = deal_of(quick), f"2026-03-{2 + number:02d}T10:00:00Z"
        if deal["kind"] != "open":
            break
        ways = quick("playbook", "show", "solo", "--json").json["stages"]
        way = next(stage for stage in ways if stage["stage"] == deal["stage"])["handoffs"][0]["to"]
        assert ready("acme-corp", "--to", way, now=now)
        assert quick("handoff", "acme-corp", "--to", way, now=now).code == 0
    assert number > 3
    assert (deal["stage"], deal["owner"]) == ("won", "delivery")


def test_a_blocked_attempt_moves_nothing_and_another_one_is_counted_again(quick, acme, rows):
    for _ in range(2):
        assert quick("handoff", "acme-corp", now=DAY).code == 3
    assert rows("SELECT count(*) FROM handoff WHERE state = 'blocked'") == [(2,)]
    assert rows("SELECT count(*) FROM visit") == [(1,)]


def test_values_and_the_step_given_with_the_handoff_count_at_once(quick, acme, rows):
    done = quick(
        "handoff", "acme-corp", "--set", WHOLE[0], "--set", WHOLE[1], "--step", "call her", "--due", "+2d", now=DAY
    )
    assert done.code == 0
    assert "Handed off: Acme Corp, Lead -> Qualified." in done.out
    assert "Next step: call her (by 2026-03-04)." in done.out
    still_missing = rows("SELECT name FROM gap WHERE kind = 'nice_to_have' ORDER BY id")
    assert still_missing == [("interest",), ("contact.title",), ("deal.source",)]
    assert rows("SELECT count(*) FROM gap") == [(3,)]


def test_values_given_with_a_blocked_handoff_are_kept(quick, acme):
    assert quick("handoff", "acme-corp", "--set", WHOLE[0], now=DAY).code == 3
    assert deal_of(quick)["fields"] == {"situation": "their old tool broke in May"}


def test_a_bad_value_given_with_the_handoff_refuses_it_whole(quick, acme, dump):
    before = dump()
    assert quick("handoff", "acme-corp", "--set", WHOLE[1], "--set", "budget=much", now=DAY).code == 6
    assert dump() == before


def test_a_second_handoff_at_once_is_refused_and_recorded_nowhere(quick, acme, dump):
    assert quick("handoff", "acme-corp", "--set", WHOLE[0], "--set", WHOLE[1], "--step", "call", now=DAY).code == 0
    before = dump()
    again = quick("handoff", "acme-corp", "--json", now="2026-03-02T09:00:59Z")
    assert again.code == 3
    said = again.json
    assert (said["account"], said["deal"], said["from"], said["to"]) == ("acme-corp", "deal", "qualified", "discovery")
    assert (said["clear"], said["missing"], said["nice_to_have"], said["handed_off"]) == (False, [], [], False)
    assert "only just come to Qualified" in said["message"]
    assert "--to discovery" in said["hint"]
    assert "error" not in said
    assert dump() == before
    plain = quick("handoff", "acme-corp", now="2026-03-02T09:00:59Z")
    assert (plain.code, plain.out) == (3, "")
    assert plain.err.startswith("Acme Corp has only just come to Qualified; nothing was recorded.\n")


def test_a_minute_later_or_with_its_name_the_next_handoff_is_tried(quick, acme, rows):
    assert quick("handoff", "acme-corp", "--set", WHOLE[0], "--set", WHOLE[1], "--step", "call", now=DAY).code == 0
    assert quick("handoff", "acme-corp", "--to", "discovery", now=DAY).code == 3
    assert quick("handoff", "acme-corp", now="2026-03-02T09:01:00Z").code == 3
    assert rows("SELECT count(*) FROM handoff WHERE state = 'blocked'") == [(2,)]


@pytest.mark.parametrize("name", ["qualified", "Qualified", "QUALIFIED"])
def test_a_handoff_that_happened_meanwhile_is_no_misspelling(quick, acme, dump, name):
    assert quick("handoff", "acme-corp", "--set", WHOLE[0], "--set", WHOLE[1], "--step", "call", now=DAY).code == 0
    before = dump()
    again = quick("handoff", "acme-corp", "--to", name, "--json", now=LATER)
    assert again.code == 3
    assert (again.json["from"], again.json["to"]) == ("qualified", "qualified")
    assert (again.json["clear"], again.json["missing"], again.json["handed_off"]) == (False, [], False)
    assert again.json["message"] == "Acme Corp is already in Qualified; nothing was recorded."
    assert dump() == before


def test_a_handoff_that_was_settled_meanwhile_by_somebody_else_is_recorded_once(quick, acme, home, dump):
    from handoffctl.core.json_record import json_object
    from handoffctl.handoffs.attempt import StageConflict, preview
    from handoffctl.handoffs.handoff import execute
    from handoffctl.workspace.home import Home

    quick("set", "acme-corp", *WHOLE, now=DAY)
    quick("step", "acme-corp", "call", now=DAY)
    mine = Home(home, now=DAY)
    seen, _ = preview(mine, "acme-corp", None)
    assert quick("handoff", "acme-corp", now=DAY).code == 0
    before = dump()
    with pytest.raises(StageConflict) as refused:
        execute(mine, seen, {})
    said = json_object(refused.value.as_json())
    assert (said["from"], said["to"], said["missing"], said["handed_off"]) == ("qualified", "qualified", [], False)
    assert dump() == before


def test_several_ways_on_are_named_and_nothing_is_guessed(quick, playbook, dump):
    playbook(
        TEAM.replace(
            "handoffs:",
            """handoffs:
  - {from: found, to: won, name: At once, required: [size], trigger: They buy., reason: Yes., benefit: They own it.}""",
        )
    )
    quick("add", "Acme Corp", "--playbook", "team", now=DAY)
    before = dump()
    refused = quick("handoff", "acme-corp", now=LATER)
    assert (refused.code, refused.out) == (2, "")
    assert refused.err == '2 handoffs leave Found: At once, talking.\nName one, as in: --to "At once"\n'
    assert dump() == before
    named = quick("handoff", "acme-corp", "--to", "at ONCE", "--json", now=LATER)
    assert (named.code, named.json["to"], named.json["name"]) == (3, "won", "At once")
    unknown = quick("handoff", "acme-corp", "--to", "tolking", now=LATER)
    assert unknown.code == 2
    assert '(did you mean "talking"?)' in unknown.err


def test_a_win_goes_through_the_gate(quick, teams, rows):
    blocked = quick("close", "acme-corp", "--won", "--json", now=LATER)
    assert blocked.code == 3
    assert [gap["name"] for gap in blocked.json["missing"]] == ["pain"]
    assert blocked.json["handed_off"] is False
    assert rows("SELECT state, to_stage FROM handoff ORDER BY id DESC LIMIT 1") == [("blocked", "won")]
    quick("set", "acme-corp", "pain=it hurts", now=LATER)
    won = quick("close", "acme-corp", "--won", "--json", now=LATER)
    assert (won.code, won.json["handed_off"], won.json["to"]) == (0, True, "won")
    assert deal_of(quick)["stage"] == "won"
    assert rows("SELECT disposition FROM visit WHERE ended = 0") == [("won",)]


def test_a_win_from_a_stage_without_a_way_there_needs_what_both_stages_ask(quick, acme, rows):
    blocked = quick("close", "acme-corp", "--won", "--json", now=DAY)
    assert blocked.code == 3
    named = {gap["name"] for gap in blocked.json["missing"]}
    assert {"reachable", "success_criteria"} <= named
    assert "situation" not in named
    assert rows("SELECT stage FROM visit") == [("lead",)]


@pytest.mark.parametrize("way", ["--lost", "--disqualified", "--nurture"])
@pytest.mark.parametrize("because", [(), ("--because", " "), ("--because", "n/a")])
def test_the_other_ways_to_close_need_a_reason(quick, acme, dump, way, because):
    before = dump()
    refused = quick("close", "acme-corp", way, *because, now=LATER)
    assert refused.code == 2
    assert "needs a reason" in refused.err
    assert dump() == before


def test_a_lost_deal_can_be_taken_up_again_where_it_was(quick, acme, rows):
    qualify(quick)
    quick("touch", "acme-corp", "email", "There is no money this year", "--in", now="2026-03-05T08:00:00Z")
    closed = quick("close", "acme-corp", "--lost", "--because", "no budget", "--json", now="2026-03-05T09:00:00Z")
    assert closed.json == {
        "account": "acme-corp",
        "deal": "deal",
        "stage": "lost",
        "disposition": "lost",
        "reason": None,
    }
    assert quick("handoff", "acme-corp", now=LATER).code == 4
    assert quick("reopen", "acme-corp", now="2026-03-09T09:00:00Z").code == 0
    assert rows("SELECT number, stage, entered_at, left_at, days, disposition FROM visit ORDER BY number") == [
        (1, "lead", DAY, LATER, 1.0, None),
        (2, "qualified", LATER, "2026-03-05T09:00:00Z", 2.0, None),
        (3, "lost", "2026-03-05T09:00:00Z", "2026-03-09T09:00:00Z", 4.0, "lost"),
        (4, "qualified", "2026-03-09T09:00:00Z", None, None, None),
    ]
    assert "Closed Acme Corp as lost: no budget" in quick("log", "acme-corp").out
    assert quick("reopen", "acme-corp", now="2026-03-10T09:00:00Z").code == 4


def test_a_deal_put_aside_wakes_on_its_day(quick, acme):
    assert quick("close", "acme-corp", "--nurture", "--because", "next year", "--wake", "+90d", now=DAY).code == 0
    deal = deal_of(quick)
    assert (deal["stage"], deal["wakes_on"], deal["because"]) == ("nurture", "2026-05-31", "next year")
    assert quick("close", "acme-corp", "--lost", "--because", "no", "--wake", "+90d", now=DAY).code == 2


def test_a_return_goes_back_to_stage_and_owner_and_keeps_both_stays(quick, acme, rows):
    qualify(quick)
    words = ("--because", "nobody knows the budget", "--missing", "budget", "--missing", "met")
    back = quick("return", "acme-corp", *words, now="2026-03-04T09:00:00Z")
    assert back.code == 0
    assert "Returned Acme Corp to seller" in back.err
    stays = deal_of(quick, now="2026-03-05T09:00:00Z")["stays"]
    assert [(stay["stage"], stay["days"], stay["because"]) for stay in stays] == [
        ("lead", 1.0, None),
        ("qualified", 1.0, None),
        ("lead", None, "nobody knows the budget"),
    ]
    assert rows("SELECT state, returned_at, because FROM handoff") == [
        ("returned", "2026-03-04T09:00:00Z", "nobody knows the budget")
    ]
    assert rows("SELECT name FROM gap WHERE kind = 'returned'") == [("budget",), ("met",)]
    again = quick("return", "acme-corp", "--because", "again", now="2026-03-05T09:00:00Z")
    assert again.code == 3


def test_a_return_must_name_what_the_playbook_knows(quick, acme, dump):
    qualify(quick)
    before = dump()
    refused = quick("return", "acme-corp", "--because", "why", "--missing", "budgt", now=LATER)
    assert refused.code == 4
    assert 'did you mean "budget"?' in refused.err
    assert dump() == before


def test_a_handoff_is_accepted_once(quick, acme, rows):
    assert quick("accept", "acme-corp", now=DAY).code == 3
    qualify(quick)
    assert quick("accept", "acme-corp", now="2026-03-04T09:00:00Z").code == 0
    assert rows("SELECT state, accepted_at FROM handoff") == [("accepted", "2026-03-04T09:00:00Z")]
    assert quick("accept", "acme-corp", now="2026-03-04T10:00:00Z").code == 3


def test_a_stay_cannot_end_before_it_began(quick, acme, dump):
    before = dump()
    back = quick(
        "handoff", "acme-corp", "--set", WHOLE[0], "--set", WHOLE[1], "--step", "call", now="2026-03-01T09:00:00Z"
    )
    assert back.code == 6
    assert "2026-03-02 09:00" in back.err
    assert dump() == before


def test_a_blocked_attempt_ends_no_stay_and_is_recorded_also_where_the_clock_was_set_back(quick, acme, rows):
    earlier = "2026-03-01T09:00:00Z"
    assert quick("handoff", "acme-corp", now=earlier).code == 3
    assert rows("SELECT state, at FROM handoff") == [("blocked", earlier)]


def test_a_handoff_between_people_changes_the_owner_and_begins_no_stay(quick, teams, rows):
    blocked = quick("handoff", "acme-corp", "--to", "take over", "--json", now=LATER)
    assert blocked.code == 3
    assert (blocked.json["from"], blocked.json["to"]) == ("talking", "talking")
    assert [gap["name"] for gap in blocked.json["missing"]] == ["pain", "next_step"]
    done = quick("handoff", "acme-corp", "--to", "closer", "--set", "pain=it hurts", "--step", "send a price", "--json",
                 now=LATER)  # fmt: skip
    assert done.code == 0
    assert (done.json["handoff"]["from_owner"], done.json["handoff"]["to_owner"]) == ("finder", "closer")
    assert rows("SELECT stage, owner, entered_at, ended FROM visit ORDER BY number") == [
        ("found", "finder", DAY, 1),
        ("talking", "closer", DAY, 0),
    ]
    assert deal_of(quick)["owner"] == "closer"


def test_who_has_a_deal_already_cannot_be_handed_it(quick, teams, dump):
    words = ("handoff", "acme-corp", "--to", "closer", "--set", "pain=it hurts", "--step", "send a price")
    assert quick(*words, now=LATER).code == 0
    before = dump()
    again = quick(*words, "--json", now="2026-03-04T09:00:00Z")
    assert again.code == 3
    assert (again.json["missing"], again.json["handed_off"]) == ([], False)
    assert "already" in again.json["message"]
    assert dump() == before


def test_a_handoff_between_people_is_returned_to_who_had_it(quick, teams, rows):
    quick("handoff", "acme-corp", "--to", "closer", "--set", "pain=it hurts", "--step", "send a price", now=LATER)
    assert (
        quick("return", "acme-corp", "--because", "too small", "--missing", "size", now="2026-03-04T09:00:00Z").code
        == 0
    )
    assert rows("SELECT stage, owner, ended FROM visit ORDER BY number") == [
        ("found", "finder", 1),
        ("talking", "finder", 0),
    ]
    assert rows("SELECT state FROM handoff ORDER BY id") == [("completed",), ("returned",)]
    # What brought it to this stage can be returned in turn.
    assert quick("return", "acme-corp", "--because", "too early", now="2026-03-05T09:00:00Z").code == 0
    assert rows("SELECT stage, owner FROM visit WHERE ended = 0") == [("found", "finder")]


def test_the_way_into_another_playbook_holds_what_it_asks_at_its_entry(quick, teams, rows):
    quick("touch", "acme-corp", "call", "we spoke", now=DAY)
    quick("set", "acme-corp", "size=12", now=DAY)
    blocked = quick("handoff", "acme-corp", "--to", "meeting", "--json", now=LATER)
    assert blocked.code == 3
    said = blocked.json
    assert (said["from"], said["to"], said["to_playbook"]) == ("talking", "meeting", "selling")
    assert {gap["name"] for gap in said["missing"]} == {"pain", "big_enough"}
    assert rows("SELECT count(*) FROM visit WHERE playbook = 'selling'") == [(0,)]


def test_the_fix_of_what_another_playbook_asks_removes_the_gap(quick, teams, answered):
    for gap in quick("check", "acme-corp", "--to", "selling/meeting", "--json", now=LATER).json["missing"]:
        done = quick(*answered(gap["fix"]), now=LATER)
        assert done.code == 0, done.err
    assert quick("check", "acme-corp", "--to", "selling/meeting", now=LATER).code == 0


def test_a_deal_goes_on_in_another_playbook_with_all_that_is_known(quick, teams, rows):
    quick("touch", "acme-corp", "call", "we spoke", now=DAY)
    quick("set", "acme-corp", "size=12", now=DAY)
    done = quick("handoff", "acme-corp", "--to", "selling/meeting", "--set", "pain=it hurts", "--set", "budget=9,000",
                 "--json", now=LATER)  # fmt: skip
    assert done.code == 0, done.err
    assert rows("SELECT playbook, stage, owner, to_playbook, to_stage, to_kind, days FROM visit ORDER BY number") == [
        ("team", "found", "finder", "team", "talking", "open", 0.0),
        ("team", "talking", "finder", "selling", "meeting", "moved", 1.0),
        ("selling", "meeting", "closer", None, None, None, None),
    ]
    deal = deal_of(quick)
    assert (deal["playbook"], deal["stage"], deal["owner"], deal["touches"]) == ("selling", "meeting", "closer", 1)
    assert deal["fields"] == {"size": 12, "pain": "it hurts", "budget": 9000}
    stage = quick("report", "throughput", "--playbook", "team", "--json", now=LATER).json["stages"][1]
    assert (stage["stage"], stage["entered"], stage["moved"], stage["now"]) == ("talking", 1, 1, 0)


def test_a_deal_is_returned_out_of_another_playbook(quick, teams, rows):
    words = ("--set", "pain=it hurts", "--set", "budget=9,000")
    assert quick("handoff", "acme-corp", "--to", "selling/meeting", *words, now=LATER).code == 0
    back = quick("return", "acme-corp", "--because", "not ready", "--missing", "size", "--missing", "budget",
                 now="2026-03-04T09:00:00Z")  # fmt: skip
    assert back.code == 0, back.err
    assert rows("SELECT playbook, stage, owner FROM visit WHERE ended = 0") == [("team", "talking", "finder")]
    assert rows("SELECT playbook, stage, days, to_kind FROM visit WHERE number = 3") == [
        ("selling", "meeting", 1.0, "moved")
    ]
    assert "in Talking" in quick("log", "acme-corp").out


def test_a_way_into_a_playbook_that_lacks_the_stage_is_the_playbooks_fault(quick, playbook):
    playbook(TEAM)
    playbook(SELLING.replace("meeting", "visit"))
    quick("add", "Acme Corp", "--playbook", "team", now=DAY)
    quick("handoff", "acme-corp", now=DAY)
    refused = quick("handoff", "acme-corp", "--to", "selling/meeting", now=LATER)
    assert refused.code == 5
    assert 'has no stage "meeting"' in refused.err


def test_a_draft_says_which_line_lacks_its_reason(quick, playbook, home):
    playbook(TEAM.replace("roles:", "draft: true\nroles:", 1).replace(", reason: They fit.", ""))
    quick("add", "Acme Corp", "--playbook", "team", now=DAY)
    assert quick("check", "acme-corp", now=DAY).code == 0
    refused = quick("handoff", "acme-corp", now=DAY)
    assert refused.code == 5
    assert "team.yaml:13: handoffs[0]: this draft does not yet say its reason." in refused.err


SHORT = """playbook: short
roles: {seller: You}
stages:
  lead: {title: Lead}
  won: {title: Won, kind: won}
handoffs:
  - {from: lead, to: won, trigger: They sign., reason: It fits., benefit: The prospect can start.}
"""


def test_a_handoff_repeated_right_after_the_win_is_too_late_and_not_unknown(quick, playbook, dump):
    playbook(SHORT)
    quick("add", "Acme Corp", "--playbook", "short", now="2026-03-02T09:00:00Z")
    assert quick("handoff", "acme-corp", now="2026-03-02T09:10:00Z").code == 0
    before = dump()
    again = quick("handoff", "acme-corp", "--json", now="2026-03-02T09:10:20Z")
    assert (again.code, again.json["handed_off"], again.json["missing"]) == (3, False, [])
    assert quick("handoff", "acme-corp", now="2026-03-02T10:10:20Z").code == 4
    assert dump() == before


def test_a_handoff_repeated_at_once_is_too_late_also_where_several_lead_on(quick, playbook, dump):
    longer = SHORT.replace("won: {title", "talks: {title: Talks}\n  won: {title").replace("to: won,", "to: talks,")
    playbook(longer + """\
  - {from: talks, to: won, trigger: They sign., reason: It fits., benefit: The prospect can start.}
  - {from: talks, to: won, name: by phone, trigger: They say so., reason: It fits., benefit: The prospect can start.}
""")  # fmt: skip
    quick("add", "Acme Corp", "--playbook", "short", now="2026-03-02T09:00:00Z")
    assert quick("handoff", "acme-corp", now="2026-03-02T09:10:00Z").code == 0
    before = dump()
    assert quick("handoff", "acme-corp", now="2026-03-02T09:10:20Z").code == 3
    assert quick("handoff", "acme-corp", now="2026-03-02T10:10:20Z").code == 2
    assert dump() == before


def test_the_next_step_goes_to_the_new_owner_and_a_new_name_does_not_lose_the_deal(quick, playbook, rows, home):
    from handoffctl.handoffs.attempt import preview
    from handoffctl.handoffs.handoff import execute
    from handoffctl.workspace.home import Home

    playbook(SHORT.replace("{seller: You}", "{seller: You, delivery: A partner}").replace("to: won,", "to: won, receiver: delivery,"))  # fmt: skip # noqa: E501
    quick("add", "Acme Corp", "--playbook", "short", now="2026-03-02T09:00:00Z")
    quick("step", "acme-corp", "start the work", now="2026-03-02T09:00:00Z")
    here = Home(home, now="2026-03-02T09:10:00Z")
    tried, _ = preview(here, "acme-corp", None)
    quick("rename", "acme-corp", "Birch Group", now="2026-03-02T09:05:00Z")  # in another window, meanwhile
    assert execute(here, tried, {}).handed_off
    assert rows("SELECT owner FROM step") == [("delivery",)]
