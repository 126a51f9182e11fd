import pytest

from handoffctl.imports.rows.stages import StageCollector, StageUsage, exit_remark, parse_flag


def seen(same=(), kinds=(), order=()):
    return StageCollector(dict(same), dict(kinds), order)


def kinds(stages):
    return {one.name: one.kind for one in stages.kinds()}


@pytest.mark.parametrize("text", ["TRUE", "1", "yes", "Ja", "да", "Completed", "done"])
def test_a_flag_that_says_yes(text):
    assert parse_flag(text) is True


@pytest.mark.parametrize("text", ["False", "0", "no", "Nein", "нет", "To do", "In progress"])
def test_a_flag_that_says_no(text):
    assert parse_flag(text) is False


@pytest.mark.parametrize("text", ["", "perhaps"])
def test_a_flag_that_says_nothing(text):
    assert parse_flag(text) is None


def test_names_that_differ_in_case_and_spaces_are_one_stage_called_as_it_was_first_written():
    stages = seen()
    assert [stages.id(text) for text in ("First  Talk", "first talk", "Offer", "FIRST TALK")] == [0, 0, 1, 0]
    assert stages.names == ["First Talk", "Offer"]


def test_the_map_says_which_names_are_one_stage():
    stages = seen(same={"Angebot": "Offer"})
    assert [stages.id(text) for text in ("Angebot", "offer")] == [0, 0]


def test_a_list_of_stages_gives_names_to_codes_and_their_order_and_kinds():
    stages = seen()
    stages.register("7", "Offer", "2", None)
    stages.register("5", "Talk", "1", None)
    stages.register("9", "Done", "3", "won")
    ids = [stages.id(code) for code in ("7", "5", "9")]
    assert stages.names == ["Offer", "Talk", "Done"]
    entered = {id: StageUsage(1, 0.0, 0) for id in ids}
    ordered = stages.in_order(stages.kinds(), entered)
    assert [(one.name, one.kind) for one in ordered] == [("Talk", "open"), ("Offer", "open"), ("Done", "won")]


def test_the_map_has_the_last_word_on_a_kind_and_the_order():
    stages = seen(kinds={"paused": "nurture"}, order=("Offer", "Talk"))
    ids = [stages.id(name) for name in ("Talk", "Offer", "Paused")]
    stages.observe_flags(ids[2], True, True)
    assert kinds(stages)["Paused"] == "nurture"
    ordered = stages.in_order(stages.kinds(), {id: StageUsage(1, 0.0, 0) for id in ids})
    assert [one.name for one in ordered] == ["Offer", "Talk", "Paused"]


def test_flags_come_before_probabilities_and_those_before_the_name():
    stages = seen()
    named, likely, flagged = (stages.id(name) for name in ("Won", "Sold", "Closed Lost"))
    assert kinds(stages) == {"Won": "won", "Sold": "open", "Closed Lost": "lost"}
    stages.observe([(likely, "100", ""), (named, "40 %", "")])
    stages.observe_flags(flagged, False, False)
    assert kinds(stages) == {"Won": "open", "Sold": "won", "Closed Lost": "open"}


def test_the_probability_that_most_rows_have_counts():
    stages = seen()
    low, high = stages.id("High name"), stages.id("Low name")
    stages.observe([(low, "10", "")] * 3 + [(low, "90", ""), (high, "50", ""), (high, "", ""), (high, "often", "")])
    entered = {low: StageUsage(1, 5.0, 0), high: StageUsage(1, 0.0, 0)}
    assert [one.id for one in stages.in_order(stages.kinds(), entered)] == [low, high]


def test_stages_that_nothing_tells_apart_are_ordered_by_where_deals_had_them():
    stages = seen()
    late, early, rare = (stages.id(name) for name in ("Late", "Early", "Rare"))
    entered = {late: StageUsage(9, 2.0, 0), early: StageUsage(9, 0.0, 9), rare: StageUsage(1, 2.0, 0)}
    assert [one.name for one in stages.in_order(stages.kinds(), entered)] == ["Early", "Late", "Rare"]


def test_a_stage_that_no_deal_was_in_is_left_out():
    stages = seen()
    stages.id("Never")
    assert stages.in_order(stages.kinds(), {}) == ()


def test_what_was_inferred_says_why_and_what_is_plain_says_nothing():
    stages = seen(kinds={"Gone": "lost"})
    stages.id("Gone")
    stages.id("Talk")
    stages.id("Closed Won")
    assert [one.reason for one in stages.kinds()] == ["", "", 'Stage "Closed Won" is taken as won: so its name says.']


def test_deals_that_left_a_closing_stage_are_counted_in_words():
    stages = seen()
    stages.id("Closed Won")
    (won,) = stages.kinds()
    assert exit_remark(won, 1) == 'Stage "Closed Won" is won, and 1 deal left it again.'
    assert exit_remark(won, 1200) == 'Stage "Closed Won" is won, and 1,200 deals left it again.'


def test_a_stage_that_the_list_of_stages_lacks_comes_after_those_it_has():
    seen = StageCollector({}, {}, [])
    for code, place in (("NEW", "10"), ("OFFER", "20")):
        seen.register(code, code, place, None)
    for name in ("WAIT", "OFFER", "NEW"):
        seen.id(name)
    entered = {id: StageUsage(1, 0.0, 0) for id in range(3)}
    assert [stage.name for stage in seen.in_order(seen.kinds(), entered)] == ["NEW", "OFFER", "WAIT"]
