"""Keys and values of a YAML file are found where they are, by the parser that reads the file."""

import pytest

from handoffctl.core.yaml.text import UnreadableYaml
from handoffctl.core.yaml.tokens import replace_tokens, yaml_tokens

TEXTS = (
    "a: {ask: Why now?, b: c}\n",  # the question mark before a comma, which one of PyYAML's two parsers refuses
    "ä: {ask: Was?, ü: 'ñ🎉'}\nb: é\n# 🎉\nc: [a, 🎉b]\n",
    'a: "b"\r\nc: d\r\n',
    "\ufeffa: b\n",
)


@pytest.mark.parametrize("text", TEXTS)
def test_a_token_stands_where_it_says(text):
    marked = text.removeprefix("\ufeff")
    for token in yaml_tokens(marked):
        assert marked[token.start : token.end].strip("'\"") == token.says


@pytest.mark.parametrize("text", TEXTS)
def test_one_word_changes_and_nothing_else(text):
    changed = replace_tokens(text, lambda token: "other" if token.says == "b" else None)
    expected = text.replace('"b"', '"other"').replace(" b", " other", 1).replace("\nb:", "\nother:")
    assert changed == (expected if "b" in text else text)


def test_what_the_reader_refuses_has_no_tokens():
    with pytest.raises(UnreadableYaml):
        yaml_tokens("a: [")
