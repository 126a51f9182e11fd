"""A `summary draft` that is refused for what was typed records nothing, also none of the next steps to be told."""

import pytest

NOW = "2026-03-05"


@pytest.mark.parametrize(
    ("bad", "code"),
    [(("--set", "budget=lots"), 6), (("--set", "no_such_field=1"), 4), (("--to", "jane at acme"), 6)],
)
@pytest.mark.parametrize("telling", [("--tell",), ("--tell-as", "a sample export")])
def test_a_refused_draft_tells_the_client_nothing(does, dump, telling, bad, code):
    does("add", "Acme Corp", "--contact", "Jane Doe <jane@acme.example>", now=NOW)
    does("step", "acme-corp", "send a sample", "--due", "+3d", now=NOW)
    does("set", "acme-corp", "situation=orders on paper", now=NOW)
    before = dump()
    refused = does("summary", "draft", "acme-corp", *telling, *bad, now=NOW, code=code)
    assert refused.err
    assert dump() == before
