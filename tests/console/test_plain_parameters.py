"""Values that need no conversion pass as they were typed; all others go Typer's way, with Typer's words."""

import pytest
import typer

from handoffctl.app import application
from handoffctl.console.plain_parameters import spare_conversion
from handoffctl.registry import COMMANDS


def parameters(words):
    command = typer.main.get_command(application(words))
    spare_conversion(command)
    commands = [command]
    while commands:
        each = commands.pop()
        commands += getattr(each, "commands", {}).values()
        yield from ((each, parameter) for parameter in each.params)


@pytest.mark.parametrize("word", sorted(COMMANDS))
def test_every_text_and_default_passes_as_typers_own_checker_would_pass_it(word):
    for command, parameter in parameters([word]):
        plain = parameter.get_runtime_param()
        context = typer.Context(command) if hasattr(typer, "Context") else None
        several = parameter.multiple or parameter.nargs == -1
        values = [None, ["a", " b "], ("a",), []] if several else [None, "", "a", " b ", "5"]
        default = parameter.default
        values += [] if callable(default) or several else [default]
        for value in values:
            try:
                expected = plain.convert().coerce(value, param=parameter, ctx=context)
            except typer.BadParameter:
                with pytest.raises(typer.BadParameter):
                    plain.coerce(value, param=parameter, ctx=context)
            else:
                got = plain.coerce(value, param=parameter, ctx=context)
                assert (type(got), got) == (type(expected), expected), (word, parameter.name, value)


def test_a_number_that_is_none_is_refused_in_typers_words(quick):
    ran = quick("list", "--limit", "many")
    assert ran.code == 2
    assert "Invalid value for '--limit'" in ran.err
