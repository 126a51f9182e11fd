"""Playbooks: list, show, check, schema, review."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from handoffctl.commands import authoring
from handoffctl.commands.shared.options import Json, Markdown, complete_playbook
from handoffctl.console import context
from handoffctl.console.command import command, group
from handoffctl.console.output import echo, echo_err, echo_heading, echo_json, echo_prose, echo_table
from handoffctl.errors import UsageFault

Name = Annotated[str, typer.Argument(metavar="NAME", help="A playbook.", autocompletion=complete_playbook)]
Strict = Annotated[bool, typer.Option("--strict", help="Take advice for faults, but never the age of a review.")]


def register(app: typer.Typer) -> None:
    playbook = group(
        app, "playbook", "The rules: list, show, check, new, edit, history, diff, agree, rename-stage, review, schema."
    )
    command(playbook, "list", "handoffctl playbook list")(list_)
    command(playbook, "show", "handoffctl playbook show solo")(show)
    command(playbook, "check", "handoffctl playbook check\nhandoffctl playbook check my-playbook.yaml --strict")(check)
    command(
        playbook, "schema",
        "handoffctl playbook schema > playbook.schema.json\nhandoffctl playbook schema --markdown | less",
    )(schema)  # fmt: skip
    command(
        playbook, "review",
        "handoffctl playbook review | lp\nhandoffctl playbook review solo --markdown > review.md",
    )(review)  # fmt: skip
    authoring.register(playbook)


def list_(json: Json = False) -> None:
    """List the playbooks there are: your own, and those that came with the program."""
    from handoffctl.console.table import Table
    from handoffctl.playbook.check import overview

    found = overview(context.home())
    if json:
        echo_json({"playbooks": found})
        return
    columns = ("name", "title", "state", "path")
    echo_table(Table(columns, [[one[part] for part in columns] for one in found]))


def show(name: Name = "", json: Json = False) -> None:
    """Show a playbook as a picture: its stages in order, what each handoff asks and why, and what else it says."""
    from handoffctl.playbook.describe import described
    from handoffctl.playbook.picture import DRAWN, PLAIN, WIDEST, picture

    found = described(context.home(), name or None)
    if json:
        echo_json(found)
        return
    for line in picture(found, _columns(WIDEST), DRAWN if _draws() else PLAIN):
        (echo_heading if line.heading else echo)(line.text)


def _columns(widest: int) -> int:
    from shutil import get_terminal_size

    return get_terminal_size(fallback=(widest + 1, 40)).columns - 1


def _draws() -> bool:
    """Whether lines may be drawn: on a terminal whose encoding has them. A pipe gets plain signs."""
    return sys.stdout.isatty() and (sys.stdout.encoding or "").casefold().startswith("utf")


def check(name: Name = "", strict: Strict = False, json: Json = False) -> None:
    """Check a playbook, by name or path: every fault with file and line, else advice. Silent when all is well."""
    from handoffctl.overview.playbook_check import checked, checked_for_scripts, strictly

    path = Path(name) if name.endswith((".yaml", ".yml")) else None
    if json:
        told = checked_for_scripts(context.home(), name or None, path, strict)
        echo_json(told)
        if "error" in told:
            raise typer.Exit(told["error"]["code"])
        return
    found = checked(context.home(), name or None, path)
    for line in found.remarks:
        echo_err(line)
    if strict:
        strictly(found)
    for line in found.advice:
        echo_err(line)


def schema(markdown: Annotated[bool, typer.Option("--markdown", help="The reference, for reading.")] = False) -> None:
    """The format of a playbook as JSON Schema, by which editors complete and check; or as its reference."""
    if markdown:
        from handoffctl.playbook.reference import reference

        echo(reference().removesuffix("\n"))
    else:
        from handoffctl.playbook.schema import as_text

        echo(as_text().removesuffix("\n"))


def review(name: Name = "", json: Json = False, markdown: Markdown = False) -> None:
    """A sheet to print: what each handoff asks, what that costs, and room for what people say of it.

    For talking it over with those who give deals away and those who receive them: which decision fails without it?
    """
    from handoffctl.reports.fields import sheet_output as interview_sheet
    from handoffctl.reports.fields.interview_sheet import sheet

    if json and markdown:
        raise UsageFault("One of --json and --markdown at a time.", "Leave the other out.")
    found, remarks = sheet(context.home(), name)
    if json:
        echo_json(found)
    elif markdown:
        echo(interview_sheet.markdown(found))
    else:
        for line in interview_sheet.text(found):
            echo_prose(line)
    for remark in remarks:
        echo_err(remark)
