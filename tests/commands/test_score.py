"""`score`: the points by the buying signals, what each would add, and what to ask; kept with every handoff attempt."""

import pytest

NOW = "2026-03-05T09:00:00Z"
SIGNALS = """\
playbook: signs
fields:
  fit: {type: choice, choices: [good, poor], ask: How much are they like your clients?}
  level: {type: choice, choices: [director, chief], ask: How senior are they?}
signals:
  fits: {label: They fit, points: 20, when: [{field: fit, is: good}], why: The best list beats the best letter.}
  director: {points: 15, only_one_of: level, when: [{field: level, one_of: [director, chief]}]}
  chief: {points: 25, only_one_of: level, when: [{field: level, is: chief}]}
criteria: {enough: {score: 45}, never: {score: 46}}
stages: {talk: {}, offer: {}, won: {kind: won}, lost: {kind: lost}}
handoffs:
  - {from: talk, to: offer, trigger: They ask., reason: It fits., benefit: It goes on., required: [enough]}
  - {from: offer, to: won, trigger: They sign., reason: It fits., benefit: It goes on.}
"""


@pytest.fixture
def acme(does, playbook):
    playbook(SIGNALS.replace(", never: {score: 46}", ""))
    does("add", "Acme Corp", "--playbook", "signs")
    return "acme-corp"


def held(does, acme):
    scored = does("score", acme, "--json").json
    return scored["points"], {one["name"]: (one["holds"], one["would_add"], one["ask"]) for one in scored["signals"]}


def test_it_says_what_holds_what_the_others_would_add_and_what_to_ask(does, acme):
    does("set", acme, "fit=good")
    assert held(does, acme) == (20, {
        "fits": (True, 0, []), "chief": (False, 25, ["How senior are they?"]),
        "director": (False, 15, ["How senior are they?"]),
    })  # fmt: skip
    shown = does("score", acme).out.splitlines()
    assert shown[0] == "Acme Corp: 20 points"
    assert shown[2].split() == ["yes", "20", "They", "fit", "Thu", "5", "Mar"]
    assert shown[3].split()[:3] == ["no", "+25", "Chief"]


def test_of_signals_that_share_a_name_the_one_with_the_most_points_counts(does, acme):
    does("set", acme, "level=director")
    points, signals = held(does, acme)
    assert (points, signals["chief"][1]) == (15, 10)
    does("set", acme, "level=chief")
    assert held(does, acme)[0] == 25
    assert does("check", acme, code=3).out.count("(25 of 45 points)") == 1


def test_the_check_shows_the_signals_and_never_suggests_to_set_a_fact(does, acme):
    (missing,) = does("check", acme, "--json", code=3).json["missing"]
    assert missing["fix"] == "handoffctl score acme-corp"
    assert {signal["name"] for signal in missing["signals"]} == {"fits", "director", "chief"}
    shown = does("check", acme, code=3).out
    assert "handoffctl set" not in shown
    assert "fix: handoffctl score acme-corp" in shown
    does("set", acme, "fit=poor", "level=director")
    assert does("check", acme, "--json", code=3).json["missing"][0]["fix"] == "handoffctl score acme-corp"


def test_the_score_is_kept_with_every_attempt(does, acme, rows):
    does("handoff", acme, code=3)
    does("set", acme, "fit=good", "level=chief")
    does("handoff", acme)
    assert rows("SELECT score FROM handoff ORDER BY id") == [(0,), (45,)]


def test_a_score_that_needs_two_of_a_group_can_never_be_reached(playbook, quick):
    playbook(SIGNALS)
    refused = quick("playbook", "check", "signs", now=NOW)
    assert refused.code == 5
    assert "the signals add up to 45 points, so 46 can never be reached" in refused.err + refused.out


def test_a_playbook_without_signals_has_no_score(does, playbook):
    does("add", "Bo Corp", "--playbook", "solo")
    assert does("score", "bo-corp").out == "The playbook solo has no signals, so there is no score.\n"
    assert does("score", "bo-corp", "--json").json["signals"] == []


FADING = """\
playbook: fading
fields:
  size: {label: Size, type: number}
  day: {label: Day, type: date}
signals:
  large: {label: They are large, points: 20, fades: 30d, when: [{field: size, at_least: 100}]}
  wrote: {label: They wrote twice, points: 9, fades: 10d, when: [{touches: {direction: in, at_least: 2, within: 40d}}]}
  chief: {label: A chief talks to us, points: 7, fades: 10d, when: [{field: contact.level, is: c-suite}]}
  soon: {label: Soon, points: 5, when: [{field: day, before: +30d}]}
stages: {talk: {}, won: {kind: won}, lost: {kind: lost}, later: {kind: nurture}}
handoffs:
  - {from: talk, to: won, trigger: They sign., reason: It fits., benefit: It goes on.}
"""


@pytest.fixture
def birch(does, playbook):
    playbook(FADING)
    does("add", "Birch", "--playbook", "fading", now="2026-01-01")
    return "birch"


def since(does, name, now):
    scored = does("score", "birch", "--json", now=now).json
    signal = next(one for one in scored["signals"] if one["name"] == name)
    return signal["holds"], signal["points"], signal["since"]


def test_points_halve_with_time_from_when_the_signal_began_to_hold(does, birch):
    does("set", birch, "size=150", now="2026-01-10")
    does("set", birch, "size=200", now="2026-01-20")  # it goes on holding
    assert since(does, "large", "2026-01-10") == (True, 20, "2026-01-10")
    assert since(does, "large", "2026-02-09") == (True, 10, "2026-01-10")  # 30 days
    assert since(does, "large", "2026-02-24") == (True, 7, "2026-01-10")  # 20 x 0.5^1.5 = 7.07
    assert does("score", birch, "--json", now="2026-02-24").json["points"] == 7
    does("set", birch, "size=50", now="2026-02-25")
    assert since(does, "large", "2026-02-25") == (False, 20, None)
    does("set", birch, "size=100", now="2026-02-26")
    assert since(does, "large", "2026-02-27") == (True, 19, "2026-02-26")


def test_touches_that_grow_old_begin_anew(does, birch):
    for day in ("2026-01-02", "2026-01-05", "2026-01-30"):
        does("touch", birch, "email", "--in", now=day)
    assert since(does, "wrote", "2026-01-30")[2] == "2026-01-05"
    does("touch", birch, "email", "--in", now="2026-04-01")
    assert since(does, "wrote", "2026-04-01")[0] is False
    does("touch", birch, "email", "--in", now="2026-04-03")
    assert since(does, "wrote", "2026-04-03") == (True, 9, "2026-04-03")


def test_what_is_kept_without_its_moment_does_not_fade_and_says_so(does, birch):
    does("set", birch, "contact.level=c-suite", "day=2026-02-01", now="2026-01-05")
    assert since(does, "chief", "2026-01-31") == (True, 7, None)
    assert since(does, "soon", "2026-01-31") == (True, 5, None)
    shown = does("score", birch, now="2026-01-31").out
    assert "A chief talks to us: since when it holds is not known, so its points do not fade." in shown
    assert "Soon: since" not in shown


def test_a_deal_put_aside_has_a_score_too(does, birch):
    does("set", birch, "size=150", now="2026-01-10")
    does("close", birch, "--nurture", "--because", "no budget", now="2026-01-10")
    assert does("score", birch, "--json", now="2026-01-10").json["points"] == 20


def test_the_list_can_be_sorted_by_score(does, birch, acme):
    does("set", acme, "fit=good", "level=chief")
    does("set", birch, "size=150", now="2026-01-10")
    does("add", "Cedar", "--playbook", "solo")
    listed = does("list", "--sort", "score", "--json").json["deals"]
    assert [(deal["account"], deal["score"]) for deal in listed] == [("acme-corp", 45), ("birch", 5), ("cedar", None)]
    assert does("list", "--sort", "score", "--limit", "1", "--json").json["deals"] == listed[:1]
    assert "score" not in does("list", "--json").json["deals"][0]
    assert does("list", "--sort", "score").out.splitlines()[0].split()[-3:] == ["score", "next", "step"]
    assert "no way to sort" in does("list", "--sort", "age", code=2).err


def test_a_playbook_that_cannot_be_read_does_not_keep_the_list_from_being_sorted(does, birch, acme, home):
    does("set", acme, "fit=good")
    does("handoff", acme, code=3)  # keeps the content of the playbook
    (home / "playbooks" / "signs.yaml").write_text("playbook: [", encoding="utf-8")
    listed = does("list", "--sort", "score", "--json").json["deals"]
    assert {deal["account"]: deal["score"] for deal in listed}[acme] == 20


def test_no_time_to_fade_is_refused(does, playbook):
    playbook(FADING.replace("fades: 30d", "fades: 0d"))
    assert "above 0" in does("playbook", "check", "fading", code=5).err
