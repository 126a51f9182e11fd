"""The receiver's brief as text."""

from handoffctl.emails.brief_lines import brief_lines
from handoffctl.emails.context import EmailContact
from handoffctl.emails.receiver_brief import ClientAnswer, ReceiverBrief

BRIEF = ReceiverBrief(
    called="Acme Corp", to="you", giver="Sam", handed_on="Thu 5 Mar", amount="24,000 USD", close="10 Apr",
    contact=EmailContact("Jane Doe", "jane@acme.example", "+1 303 555 0142", "COO", "c-suite"),
    others=(EmailContact("Tom Lee", title="CFO"),),
    next="Thu 12 Mar 10:00  first call with you, booked (we: agenda by Wed 11 Mar)",
    why_now="Losing about 3 phone orders a week; new warehouse opens June 1",
    wants=("orders online by June", "no retyping into the stock system"),
    decides="Jane and Tom, Apr 10; doing nothing and one other",
    answer=ClientAnswer("Jane Doe", "Fri 6 Mar", "Looks right. It's June 1, not mid-June.", ()),
    unanswered="", we_owe=("sample export, Tue 10 Mar",), they_owe=("list of users, Mon 9 Mar",),
    risk="Tom has not been in a call yet",
    confirmed_heads=("current situation", "business priorities", "timeline"),
    questions=("Who keeps the stock data today?", "What does Tom need to see?", "Budget?"),
)  # fmt: skip


def test_the_brief_is_twelve_lines_with_who_and_what_is_next_first():
    assert brief_lines(BRIEF, 90) == [
        "Acme Corp -> you (from Sam, Thu 5 Mar)                           24,000 USD   close 10 Apr",
        "Jane Doe, COO   +1 303 555 0142   jane@acme.example   also: Tom Lee (CFO)",
        "NEXT     Thu 12 Mar 10:00  first call with you, booked (we: agenda by Wed 11 Mar)",
        "WHY NOW  Losing about 3 phone orders a week; new warehouse opens June 1",
        "WANTS    1 orders online by June  2 no retyping into the stock system",
        "DECIDES  Jane and Tom, Apr 10; doing nothing and one other",
        'CONFIRMED by Jane Doe on Fri 6 Mar: "Looks right. It\'s June 1, not mid-June."',
        "WE OWE   sample export, Tue 10 Mar      THEY OWE  list of users, Mon 9 Mar",
        "RISK     Tom has not been in a call yet",
        "DON'T ASK AGAIN  current situation, business priorities, timeline",
        "ASK (3)  Who keeps the stock data today? · What does Tom need to see? · Budget?",
    ]


def test_what_is_not_known_is_said_in_a_word():
    empty = ReceiverBrief("Acme", "you", "", "", "", "", None, (), "", "", (), "", None, "", (), (), "", (), ())
    assert brief_lines(empty, 80) == [
        "Acme -> you",
        "no contact known yet",
        "NEXT     nothing planned yet",
        "WHY NOW  not known yet",
        "WANTS    not known yet",
        "DECIDES  not known yet",
        "CONFIRMED not yet",
        "WE OWE   nothing      THEY OWE  nothing",
        "RISK     none noted",
    ]


def test_what_the_playbook_never_asks_has_no_line():
    bare = ReceiverBrief(
        "Acme", "you", "", "", "", "", None, (), "", None, None, None, None, "", (), (), None, (), (), has_summary=False
    )
    assert brief_lines(bare, 80) == [
        "Acme -> you", "no contact known yet", "NEXT     nothing planned yet",
        "WE OWE   nothing      THEY OWE  nothing",
    ]  # fmt: skip


def test_a_long_value_takes_two_lines_and_questions_are_never_cut():
    long = BRIEF._replace(why_now="word " * 100, questions=("question " * 30,))
    lines = brief_lines(long, 80)
    assert max(map(len, lines)) <= 80
    assert lines[5].endswith(" ...")
    assert lines[6].startswith("WANTS")
    assert " ".join(lines).count("question") == 30
    assert max(map(len, brief_lines(long)[2:])) <= 200


def test_a_change_after_the_answer_is_said_beside_it():
    changed = BRIEF._replace(answer=ClientAnswer("", "Fri 6 Mar", "", ("Timeline",)))
    assert "CONFIRMED on Fri 6 Mar; changed since: Timeline" in brief_lines(changed, 80)
    assert "CONFIRMED not yet; the summary was sent on Thu 5 Mar" in brief_lines(
        BRIEF._replace(answer=None, unanswered="Thu 5 Mar"), 80
    )


def test_milestones_have_a_line_only_where_there_are_some():
    dated = BRIEF._replace(milestones=("setup agreed (Mia), Fri 17 Apr", "live, Fri 15 May"))
    assert brief_lines(dated, 90)[7:9] == [
        "WE OWE   sample export, Tue 10 Mar      THEY OWE  list of users, Mon 9 Mar",
        "MILESTONES setup agreed (Mia), Fri 17 Apr; live, Fri 15 May",
    ]
