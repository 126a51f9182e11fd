"""Templates of e-mails: list, show, copy, check."""

from typing import Annotated

import typer

from handoffctl.commands.shared.options import Json, complete_template
from handoffctl.console import context
from handoffctl.console.command import command, group
from handoffctl.console.output import echo, echo_err, echo_json, echo_table
from handoffctl.console.table import Table
from handoffctl.emails.template_check import check_templates, list_templates
from handoffctl.emails.templates import copy_template, load_template
from handoffctl.emails.variable_names import VARIABLES
from handoffctl.errors import RulesFault, UsageFault

Name = Annotated[str, typer.Argument(metavar="[TEMPLATE]", help="As in: follow-up.", autocompletion=complete_template)]


def register(app: typer.Typer) -> None:
    template = group(app, "template", "Templates of e-mails: list, show, copy, check.")
    command(template, "list", "handoffctl template list")(list_)
    command(template, "show", "handoffctl template show follow-up\nhandoffctl template show --variables")(show)
    command(template, "copy", "handoffctl template copy nudge")(copy)
    command(template, "check", "handoffctl template check")(check)


def list_(json: Json = False) -> None:
    """List the templates there are: yours and the shipped ones, and what each is for."""
    templates = list_templates(context.home())
    if json:
        echo_json({"templates": templates})
        return
    rows = [[template.name, template.whose, template.about] for template in templates]
    echo_table(Table(["template", "whose", "what for"], rows))


def show(
    name: Name = "",
    variables: Annotated[bool, typer.Option("--variables", help="What a template may use.")] = False,
    json: Json = False,
) -> None:
    """Show a template as it is written, or with --variables everything that a template may use."""
    if bool(name) == variables:
        raise UsageFault("Name a template, or give --variables.", "As in: handoffctl template show follow-up")
    if variables:
        if json:
            echo_json({"variables": [{"name": variable, "means": means} for variable, means in VARIABLES.items()]})
            return
        echo_table(Table(["variable", "what it is"], [list(row) for row in VARIABLES.items()]))
        return

    template = load_template(context.home(), name)
    if json:
        echo_json({"name": template.name, "path": str(template.path), "source": template.source})
        return
    echo(template.source.rstrip("\n"))
    echo_err(f"It stands in {template.path}")


def copy(
    name: Annotated[str, typer.Argument(metavar="TEMPLATE", help="As in: nudge.", autocompletion=complete_template)],
) -> None:
    """Copy a shipped template into your home folder, so that you can make it yours. Prints where it is."""
    echo(str(copy_template(context.home(), name)))
    echo_err("Change it there in any editor; it stands before the shipped one. Then: handoffctl template check")


def check(name: Name = "") -> None:
    """Check the templates: each is rendered for a deal with everything, and for one with only what must be known.

    Silent when all is in order; else every fault, and exit code 5.
    """
    findings = check_templates(context.home(), name or None)
    for remark in findings.remarks:
        echo_err(remark)
    if findings.faults:
        raise RulesFault(
            findings.faults[0],
            "See what a template may use with: handoffctl template show --variables",
            findings.faults[1:],
        )
