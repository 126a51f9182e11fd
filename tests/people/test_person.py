"""The people of one's own side: add, change, list, remove; and deals handed to one of them by name."""

import pytest
from tests.team_playbook import NEXT, NOW, TEAM


@pytest.fixture
def does(does, playbook):
    playbook(TEAM)
    return does


@pytest.fixture
def team(does, once):
    def make():
        does("person", "add", "Mia Berg <mia@we.example>", "--role", "ae")
        does("person", "add", "Ben Roe", "--role", "ae", "--away", "2026-03-01..2026-03-05")
        does("person", "add", "Sam Low", "--role", "sdr", "--role", "ae")
        does("add", "Acme Corp", "--playbook", "team")
        does("set", "acme-corp", "pain=their tool broke")

    once(make)
    return does


def owner(does):
    return does("show", "acme-corp", "--json").json["deals"][0]["owner"]


def persons(does, now=NOW):
    return {one["name"]: one for one in does("person", "list", "--json", now=now).json["persons"]}


def test_a_person_has_roles_an_address_and_days_on_which_they_are_away(team):
    known = persons(team)
    assert list(known) == ["Ben Roe", "Mia Berg", "Sam Low"]
    assert (known["Mia Berg"]["roles"], known["Mia Berg"]["email"]) == (["ae"], "mia@we.example")
    assert (known["Ben Roe"]["away"], known["Ben Roe"]["away_now"]) == (
        {"from": "2026-03-01", "to": "2026-03-05"}, True,
    )  # fmt: skip
    assert known["Sam Low"]["roles"] == ["ae", "sdr"]
    told = team("person", "list").out.splitlines()
    assert told[0].split() == ["name", "roles", "e-mail", "away", "open", "deals"]
    assert "until 2026-03-05" in told[1]


def test_adding_the_same_name_again_changes_the_person_and_only_what_is_given(team, rows):
    team("person", "add", "mia berg", "--role", "sdr")
    assert persons(team)["Mia Berg"]["roles"] == ["sdr"]
    team("person", "add", "Mia Berg", "--away", "tomorrow..+10d")
    mia = persons(team)["Mia Berg"]
    assert (mia["roles"], mia["email"]) == (["sdr"], "mia@we.example")
    assert (mia["away"], mia["away_now"]) == ({"from": "2026-03-03", "to": "2026-03-12"}, False)
    team("person", "add", "Mia Berg", "--email", "")
    assert persons(team)["Mia Berg"]["email"] is None
    assert rows("SELECT count(*) FROM person") == [(3,)]


@pytest.mark.parametrize("back", [("--back",), ("--away", "")])
def test_somebody_comes_back(team, back):
    team("person", "add", "Ben Roe", *back)
    assert persons(team)["Ben Roe"]["away"] is None


def test_an_absence_ends_by_itself(team):
    assert persons(team, "2026-03-05T23:00:00Z")["Ben Roe"]["away_now"] is True
    assert persons(team, "2026-03-06")["Ben Roe"] == persons(team)["Ben Roe"] | {"away": None, "away_now": False}


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("Ann Li",), 2, "needs a role"),
        (("Ann Li", "--role", "aee"), 4, '(did you mean "ae"?)'),
        (("Ann Li", "--role", "ae", "--email", "ann"), 6, "E-mail"),
        (("Ann Li", "--role", "ae", "--away", "2026-03-05..2026-03-04"), 6, "is before"),
        (("Ann Li", "--role", "ae", "--away", "2026-03-05.."), 6, "lacks one of its two days"),
        (("Ann Li", "--role", "ae", "--away", "soon..later"), 6, "--away"),
        (("Ann Li", "--role", "ae", "--away", "+1d..+2d", "--back"), 2, "contradict"),
        (("AE", "--role", "ae"), 6, "ae is a role of team"),
        (("seller", "--role", "ae"), 6, "seller is a role of solo"),
        (("", "--role", "ae"), 6, "empty"),
    ],
)
def test_what_is_no_person_is_refused_and_nothing_written(team, dump, words, code, said):
    before = dump()
    ran = team("person", "add", *words, code=code)
    assert said in ran.err
    assert dump() == before


def test_a_name_that_holds_what_steers_a_terminal_is_shown_harmlessly(team):
    team("person", "add", "Eve \x1b[31mRed", "--role", "ae")
    assert "\x1b" not in team("person", "list").out
    assert "\x1b" not in team("person", "list", "--json").out


def test_a_role_that_comes_to_be_called_like_a_person_is_told(team, playbook):
    team("person", "add", "Closer", "--role", "ae")
    playbook(TEAM.replace("ae: Who sells", "closer: Who closes, ae: Who sells"))
    for words in (("person", "list"), ("playbook", "check", "team")):
        ran = team(*words)
        assert "Closer is called like the role closer of team" in ran.out + ran.err


def test_who_drives_open_deals_is_not_removed(team):
    team("handoff", "acme-corp", "--to", "talking", "--to-person", "Mia Berg", "--step", "call")
    refused = team("person", "remove", "Mia Berg", code=6)
    assert "still drives 1 open deal" in refused.err
    assert "acme-corp" in refused.err
    assert 'handoffctl list --owner "Mia Berg"' in refused.err
    assert team("list", "--owner", "mia berg", "--json").json["total"] == 1
    assert persons(team)["Mia Berg"]["open_deals"] == 1
    team("close", "acme-corp", "--lost", "--because", "they chose another one", now=NEXT)
    team("person", "remove", "mia berg", now=NEXT)
    assert list(persons(team)) == ["Ben Roe", "Sam Low"]
    assert "did you mean" in team("person", "remove", "ben", code=4).err


def test_a_role_of_a_playbook_that_another_one_leads_to_is_in_use(does):
    does("add", "Acme Corp", "--playbook", "account-based")
    does("person", "add", "Mia Berg", "--role", "success")
    assert persons(does)["Mia Berg"]["roles"] == ["success"]


def test_a_change_of_a_person_is_taken_back(team):
    before = persons(team)
    team("person", "add", "Sam Low", "--role", "sdr", "--email", "sam@we.example", "--away", "+1d..+2d")
    team("undo", "--yes")
    assert persons(team) == before
    team("person", "remove", "Sam Low")
    team("undo", "--yes")
    assert persons(team) == before


def test_an_empty_list_says_how_to_begin(does):
    ran = does("person", "list")
    assert (ran.out, "handoffctl person add" in ran.err) == ("", True)
    assert does("person", "list", "--json").json == {"persons": [], "total": 0}


def test_a_deal_is_handed_to_a_person_and_its_step_with_it(team, rows):
    passed = team("handoff", "acme-corp", "--to", "talking", "--to-person", "mia berg", "--step", "call", "--json").json
    assert (passed["handoff"]["from_owner"], passed["handoff"]["to_owner"]) == ("sdr", "Mia Berg")
    assert owner(team) == "Mia Berg"
    assert rows("SELECT owner FROM step") == [("Mia Berg",)]
    (letter,) = passed["emails"]
    assert "From here on, Mia Berg, copied here, is your main contact" in letter["body"]


def test_without_a_name_it_goes_to_the_role_even_where_one_person_has_it(team):
    team("person", "remove", "Ben Roe")
    team("person", "remove", "Sam Low")
    team("handoff", "acme-corp", "--to", "talking", "--step", "call")
    assert owner(team) == "ae"


def test_a_person_who_has_the_role_keeps_the_deal_while_the_role_stays_the_same(team):
    team("handoff", "acme-corp", "--to", "talking", "--to-person", "Mia Berg", "--step", "call")
    team("handoff", "acme-corp", "--to", "offer", now=NEXT)
    assert owner(team) == "Mia Berg"


def test_the_person_must_have_the_role_that_receives(team, dump):
    team("person", "add", "Eva Orr", "--role", "sdr")
    before = dump()
    refused = team("handoff", "acme-corp", "--to", "talking", "--to-person", "Eva Orr", "--json", code=6).json
    assert refused["error"]["message"] == "Eva Orr does not have the role ae, which takes this deal over."
    assert 'handoffctl person add "Eva Orr" --role sdr --role ae' in refused["error"]["hint"]
    unknown = team("handoff", "acme-corp", "--to", "talking", "--to-person", "Mia", code=4)
    assert 'did you mean "Mia Berg"?' in unknown.err
    role = team("handoff", "acme-corp", "--to", "talking", "--to-person", "ae", code=4)
    assert "ae is a role, not a person" in role.err
    assert dump() == before


def test_that_the_receiver_is_away_is_said_and_stops_nothing(team):
    ran = team("handoff", "acme-corp", "--to", "talking", "--to-person", "Ben Roe", "--step", "call")
    assert "Ben Roe is away until 2026-03-05." in ran.err
    assert owner(team) == "Ben Roe"


def test_a_handoff_that_changes_only_the_person_goes_from_role_to_person_to_person(team):
    team("handoff", "acme-corp", "--to", "talking", "--step", "call")
    for name, before in (("Mia Berg", "ae"), ("Sam Low", "Mia Berg")):
        said = team("handoff", "acme-corp", "--to", "another one", "--to-person", name, "--json", now=NEXT).json
        assert (said["handoff"]["from_owner"], said["handoff"]["to_owner"]) == (before, name)
    for words in (("--to-person", "Sam Low"), ()):
        again = team("handoff", "acme-corp", "--to", "another one", *words, now=NEXT, code=3)
        assert "Acme Corp is with Sam Low already" in again.err
        assert "--to-person NAME" in again.err
    assert owner(team) == "Sam Low"


def test_accept_and_return_name_the_person_and_give_back_what_was(team, rows):
    team("handoff", "acme-corp", "--to", "look closer", "--to-person", "Mia Berg", "--step", "call")
    assert "Mia Berg accepted Acme Corp." in team("accept", "acme-corp", now=NEXT).err
    back = team("return", "acme-corp", "--because", "no pain there", now=NEXT)
    assert "Returned Acme Corp to sdr" in back.err
    assert "Mia Berg returned Acme Corp to sdr in Found: no pain there" in team("log", "acme-corp", now=NEXT).out
    assert owner(team) == "sdr"
    assert rows("SELECT owner FROM step") == [("sdr",)]
    team("handoff", "acme-corp", "--to", "talking", "--to-person", "Mia Berg", now=NEXT)
    team("handoff", "acme-corp", "--to", "another one", "--to-person", "Sam Low", now=NEXT)
    team("return", "acme-corp", "--because", "she knows them", now=NEXT)
    assert owner(team) == "Mia Berg"


def test_a_paper_may_be_for_a_person(team):
    brief = team("email", "prep-brief", "acme-corp", "--for", "mia berg")
    assert "Your part: 5 minutes to open, 5 to close" in brief.out
    assert "has no role" not in brief.err


def leaves_the_step_out(person):
    person.sees("will read them").sees("> ").types("-").sees("(Enter: nothing) > ").types("")


def test_on_a_terminal_the_receiver_is_chosen_among_several(team, sits):
    person = sits("handoff", "acme-corp", "--to", "talking", "--step", "call", now=NOW)
    person.sees("Who takes over Acme Corp?").sees("1. Ben Roe (away until 2026-03-05, 0 open)").sees(
        "2. Mia Berg (0 open)"
    )
    person.types("2")
    leaves_the_step_out(person)
    person.sees("Handed off").sees("Owner: Mia Berg")
    assert person.ends() == 0
    assert owner(team) == "Mia Berg"


def test_on_a_terminal_enter_leaves_the_deal_to_the_role(team, sits):
    person = sits("handoff", "acme-corp", "--to", "talking", "--step", "call", now=NOW)
    person.sees("Enter leaves it to the role ae").types("")
    leaves_the_step_out(person)
    person.sees("Owner: ae")
    assert person.ends() == 0


def test_what_a_client_is_told_of_somebody_is_one_sentence_that_can_be_changed_and_forgotten(team):
    assert "introduced" not in team("person", "list").out
    team("person", "add", "Mia Berg", "--intro", " Mia has set up  online ordering ")
    assert list(persons(team)["Mia Berg"])[-2:] == ["intro", "capacity"]
    assert persons(team)["Mia Berg"]["intro"] == "Mia has set up online ordering"
    told = team("person", "list").out
    assert "introduced to clients as" in told
    assert "Mia has set up online ordering" in told
    assert "tells a client nothing" in team("person", "add", "Mia Berg", "--intro", "tbd", code=6).err
    assert "300 is the most" in team("person", "add", "Mia Berg", "--intro", "words " * 60, code=6).err
    team("person", "add", "Mia Berg", "--role", "sdr")
    assert persons(team)["Mia Berg"]["intro"]
    team("person", "add", "Mia Berg", "--intro", "")
    assert persons(team)["Mia Berg"]["intro"] == ""


def test_the_number_of_deals_that_is_enough_for_a_person_is_kept_shown_and_forgotten(team, home, tmp_path):
    assert [one["capacity"] for one in persons(team).values()] == [None, None, None]
    team("person", "add", "Mia Berg", "--capacity", "12")
    assert persons(team)["Mia Berg"]["capacity"] == 12
    assert persons(team)["Mia Berg"]["roles"] == ["ae"]
    listed = team("person", "list").out.splitlines()
    assert listed[0].split()[-1] == "capacity"
    assert listed[2].split()[-2:] == ["0", "12"]
    team("export", str(tmp_path / "all.jsonl"))
    team("person", "add", "Mia Berg", "--capacity", "0")
    assert persons(team)["Mia Berg"]["capacity"] is None
    team("undo", "--yes")
    assert persons(team)["Mia Berg"]["capacity"] == 12
    team("--home", str(tmp_path / "another"), "import", str(tmp_path / "all.jsonl"))
    carried = team("--home", str(tmp_path / "another"), "person", "list", "--json").json["persons"]
    assert [one["capacity"] for one in carried] == [None, 12, None]
    team("person", "add", "Mia Berg", "--capacity", "-1", code=2)
