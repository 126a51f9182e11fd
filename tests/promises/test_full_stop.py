"""A promise typed with a full stop stands in sentences and before its date without it."""

import pytest

from handoffctl.promises.model import without_full_stop

NOW = "2026-03-05"


@pytest.mark.parametrize(
    ("text", "clause"),
    [("sample export.", "sample export"), ("sample export", "sample export"), ("and so on...", "and so on..."),
     ("call at 10 a.m.", "call at 10 a.m."), (".", ""), ("", "")],
)  # fmt: skip
def test_only_a_single_full_stop_at_the_end_goes(text, clause):
    assert without_full_stop(text) == clause


def test_no_mail_and_no_sentence_of_the_screen_has_a_stop_before_the_date(does):
    does("add", "Acme Corp", "--contact", "Jane Doe <jane@acme.example>", now=NOW)
    does("set", "acme-corp", "situation=orders on paper", now=NOW)
    added = does("promise", "add", "acme-corp", "Sample export.", "--by", "2026-03-10", "--tell", now=NOW)
    assert "Sample export. When it is kept" in added.err
    body = does("summary", "draft", "acme-corp", "--json", now=NOW).json["body"]
    assert "ample export by Tuesday, March 10" in body
    assert "." not in next(line for line in body.splitlines() if "ample export" in line)
    assert "Sample export. (Acme" not in does("promise", "kept", "acme-corp", "1", now=NOW).err
    assert does("promise", "list", "--all", "--json", now=NOW).json["promises"][0]["text"] == "Sample export."
