"""A playbook as a picture; advice beside faults; what a script gets of both."""

import re
from pathlib import Path

import pytest

from handoffctl.console.table import width

OWN = """\
playbook: trade
title: Trade
reviewed: 2026-01-01
fields:
  need: {label: Need, why: To know what to offer.}
  extra: {label: Extra}
criteria:
  met: {label: A call, meeting: held, why: A booked call is not a call.}
  eager: {label: Enough points, score: 10}
stages:
  lead: {title: Lead, target: 3d, begins_when: They answer.}
  offer: {title: Offer, begins_when: They ask for an offer.}
  won: {title: Won, kind: won}
handoffs:
  - from: lead
    to: offer
    trigger: {says: They ask., when: [met]}
    reason: They fit.
    benefit: We save an hour.
    required: [need, met]
    nice_to_have: [eager]
    like: [need, deal.source]
signals:
  came: {label: They came by, points: 10, when: [{touches: {kind: meeting, direction: in}}], why: Nobody comes by chance.}
dispositions:
  silent: {propose: nurture, when: [{untouched: 30d}], unless: [met], because: Nobody answers., wake: 90d}
sla:
  quick: {from: me, to: me, promise: An answer the same day., measure: first_touch, stage: lead, within: 4h, share: 80%}
objectives:
  calls: {role: me, measure: calls, serves: More talks., at_least: 20, per: week}
value: {seen: need}
"""  # noqa: E501
SHIPPED = sorted(path.stem for path in (Path(__file__).parents[2] / "playbooks").glob("*.yaml"))


def test_the_picture_shows_the_stages_in_order_and_what_each_handoff_asks_and_why(quick, playbook):
    playbook(OWN)
    out = quick("playbook", "show", "trade").out
    assert out.index("Lead") < out.index("Offer") < out.index("Won")
    for said in (
        "begins when   They answer.", "me, target 3 days", "+--> Offer   me to me", "They ask.",
        "seen when a meeting was held", "reason        They fit.", "benefit       We save an hour.",
        "required      Need - To know what to offer.", "A call - A booked call is not a call. [a meeting was held]",
        "nice to have  Enough points", "[at least 10 points]", "kind          Need, Source",
        "10 points: at least 1 meeting from them - Nobody comes by chance.",
        "nurture, to wake after 90 days - Nobody answers.", "when at least 30 days without a touch",
        "unless a meeting was held", "a deal in Lead has its first touch within 4 hours, in 80% of cases",
        "calls: at least 20 a week - More talks.", "often missing from 50%", "seen at signing  need",
    ):  # fmt: skip
        assert said in out


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("columns", [80, 100, 300])
def test_the_picture_fits_and_a_pipe_gets_plain_signs(quick, monkeypatch, name, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    ran = quick("playbook", "show", name)
    assert ran.code == 0
    assert max(map(len, ran.out.splitlines())) <= min(columns, 100)
    assert "\x1b" not in ran.out
    assert not re.search("[\u2500-\u25ff]", ran.out)


def test_on_a_terminal_the_lines_are_drawn_and_no_color_takes_only_the_colours(sits):
    drawn = sits("playbook", "show", "solo", TERM="xterm-256color")
    assert drawn.ends() == 0
    assert "├──▶" in drawn.raw
    assert "\x1b[1m" in drawn.raw
    plain = sits("playbook", "show", "solo", NO_COLOR="1")
    assert plain.ends() == 0
    assert "├──▶" in plain.raw
    assert "\x1b[" not in plain.raw


def test_long_and_wide_words_still_fit(quick, playbook):
    wide = OWN.replace("title: Lead,", f"title: {'見込み客' * 40},").replace("They answer.", "返事が来た。" * 60)
    playbook(wide.replace("label: Need", f"label: {'x' * 300}").replace("title: Trade", f"title: {'Trade ' * 40}"))
    lines = quick("playbook", "show", "trade").out.splitlines()
    assert max(width(line) for line in lines if ".yaml" not in line) <= 100


def test_a_label_cannot_steer_the_terminal(quick, playbook):
    playbook(OWN.replace("title: Lead,", 'title: "Le\\e[31mad",').replace("label: Need", 'label: "Ne\\e]0;x\\aed"'))
    ran = quick("playbook", "show", "trade")
    assert ran.code in (0, 5)
    assert "\x1b" not in ran.out + ran.err


def test_a_script_gets_everything_of_the_playbook(quick, playbook):
    playbook(OWN)
    found = quick("playbook", "show", "trade", "--json").json
    lead = found["stages"][0]
    assert (lead["stage"], lead["target_days"], lead["handoffs"][0]["when"]) == ("lead", 3.0, ["a meeting was held"])
    assert [item["name"] for item in lead["handoffs"][0]["required"]] == ["need", "met"]
    assert found["criteria"]["met"]["in_words"] == "a meeting was held"
    assert found["signals"]["came"]["points"] == 10
    assert found["dispositions"]["silent"]["unless"] == ["a meeting was held"]
    assert found["sla"]["quick"]["share"] == 0.8
    assert found["objectives"]["calls"]["at_least"] == 20
    assert found["value"]["seen"] == "need"
    assert found["rules"]["handoffs"][0]["from"] == "lead"
    assert found["rules"]["dispositions"]["silent"]["wake"] == 90.0


def test_who_agreed_is_shown_and_whether_to_what_the_playbook_says_now(quick, playbook):
    playbook(OWN)
    assert "Agreed to" not in quick("playbook", "show", "trade").out
    assert quick("playbook", "agree", "trade", "--who", "Ada", now="2026-03-02").code == 0
    out = quick("playbook", "show", "trade", now="2026-03-03").out
    assert "Agreed to\n  Ada  2026-03-02\n" in out
    playbook(OWN.replace("title: Trade", "title: The trade"))
    assert "Ada  2026-03-02, to what it said before" in quick("playbook", "show", "trade", now="2026-03-03").out
    [agreed] = quick("playbook", "show", "trade", "--json", now="2026-03-03").json["agreed"]
    assert (agreed["who"], agreed["present"]) == ("Ada", False)


def test_the_rules_can_be_looked_at_beside_a_database_that_cannot_be_read(quick, home):
    home.mkdir()
    (home / "handoffctl.db").write_bytes(b"no database at all, but quite some text to fill it with" * 20)
    ran = quick("playbook", "show", "solo", "--json")
    assert (ran.code, ran.json["agreed"]) == (0, None)
    assert "Agreed" not in quick("playbook", "show", "solo").out


def test_check_gives_advice_with_file_and_line_and_is_content(quick, playbook, home):
    playbook(OWN)
    ran = quick("playbook", "check", "trade", now="2026-02-01")
    where = home / "playbooks" / "trade.yaml"
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.splitlines() == [
        f"{where}:6: fields.extra: nothing uses this field; let a handoff ask for it, or take it out",
        f"{where}:12: stages.offer: no target; without one, as in `target: 7d`, nobody sees a deal that stays too long",
        f"{where}:19: handoffs[0].benefit: does not speak of the prospect or client; say what they gain, not what you "
        "do",
    ]


def test_strict_takes_advice_for_faults_but_never_the_age_of_a_review(quick, playbook):
    playbook(OWN)
    ran = quick("playbook", "check", "trade", "--strict", now="2027-01-01")
    assert ran.code == 5
    assert "3 things could be better" in ran.err
    better = OWN.replace("We save", "They save").replace("title: Offer,", "title: Offer, target: 7d,")
    playbook(better.replace("  extra: {label: Extra}\n", ""))
    ran = quick("playbook", "check", "trade", "--strict", now="2027-01-01")
    assert ran.code == 0
    assert "trade.yaml:3: reviewed: last reviewed 365 days ago" in ran.err
    assert quick("playbook", "check", "trade", "--strict", now="2026-02-01").err == ""


def test_check_for_scripts_has_faults_and_advice(quick, playbook):
    playbook(OWN)
    found = quick("playbook", "check", "trade", "--json", now="2027-01-01").json
    assert (found["playbook"], found["faults"], len(found["advice"])) == ("trade", [], 4)
    ran = quick("playbook", "check", "trade", "--strict", "--json", now="2027-01-01")
    assert (ran.code, len(ran.json["faults"]), len(ran.json["advice"]), ran.err) == (5, 3, 1, "")
    playbook(OWN.replace("required: [need", "required: [ned"))
    ran = quick("playbook", "check", "trade", "--json")
    assert ran.code == 5
    assert 'is called "ned" (did you mean "need"?)' in ran.json["faults"][0]
    assert ran.json["error"]["problems"] == ran.json["faults"]
    assert quick("playbook", "check", "nowhere", "--json").json["error"]["code"] == 4


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("now", ["2020-01-01", "2026-12-01", "2090-01-01"])
def test_every_shipped_playbook_passes_the_strict_check_at_any_date(quick, name, now):
    ran = quick("playbook", "check", name, "--strict", now=now)
    assert (ran.code, ran.out, ran.err) == (0, "", "")
