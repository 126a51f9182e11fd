"""A reply is matched by the id it answers, else by the reference in its subject, else by sender and subject."""

import pytest

from handoffctl.inbox.matching import Match, SummaryIndex, SummaryKeys, bare_subject

FIRST = SummaryKeys(1, "<one@me.example>", "7KQ2M", "Our call [7KQ2M]", frozenset({"ada@acme.example"}))
SECOND = SummaryKeys(2, "<two@me.example>", "9XYZ3", "Our call [9XYZ3]", frozenset({"ada@acme.example"}))
INDEX = SummaryIndex.build([FIRST, SECOND])


@pytest.mark.parametrize(
    ("answers", "references", "subject", "sender", "match"),
    [
        (["<ONE@me.example>"], ["<two@me.example>"], "Re: our call (9XYZ3)", "x@y.example", Match(1, "In-Reply-To")),
        (["<other@x.example>"], ["<one@me.example>", "<two@me.example>"], "", "", Match(2, "References")),
        ([], [], "AW: our call [7kq2m]", "x@y.example", Match(1, "reference")),
        ([], [], "Re[2]: Our  Call", "Ada@acme.example", Match(2, "sender and subject")),
        ([], [], "Our call", "bob@acme.example", None),
        ([], [], "Another matter", "ada@acme.example", None),
    ],
)
def test_the_strongest_evidence_decides_and_the_newest_summary_wins(answers, references, subject, sender, match):
    assert INDEX.match(answers, references, subject, sender) == match


def test_a_summary_without_a_subject_is_not_matched_by_sender():
    index = SummaryIndex.build([SummaryKeys(1, "", "", "", frozenset({"ada@acme.example"}))])
    assert index.match([], [], "", "ada@acme.example") is None


@pytest.mark.parametrize(
    ("subject", "reference", "bare"),
    [
        ("RE: Fwd: [list] Aw : Notes", "", "notes"),
        ("回复：Notes", "", "notes"),
        ("Re: Notes [7KQ2M]", "7kq2m", "notes"),
        ("Regarding: notes", "", "regarding: notes"),
        ("Re: " * 25 + "notes", "", "re: re: re: re: re: notes"),
    ],
)
def test_prefixes_and_the_reference_do_not_count(subject, reference, bare):
    assert bare_subject(subject, reference) == bare
