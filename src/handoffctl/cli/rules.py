"""Playbooks: list, show, check, review."""

from pathlib import Path
from typing import Annotated

import typer

from handoffctl.cli import here
from handoffctl.cli.arguments import Json, Markdown, complete_playbook
from handoffctl.cli.commands import command, group
from handoffctl.cli.screen import note, say, say_heading, say_json, say_prose, say_table
from handoffctl.errors import UsageFault

Name = Annotated[str, typer.Argument(metavar="NAME", help="A playbook.", autocompletion=complete_playbook)]


def register(app: typer.Typer) -> None:
    playbook = group(app, "playbook", "The rules: list, show, check, review.")
    command(playbook, "list", "handoffctl playbook list")(list_)
    command(playbook, "show", "handoffctl playbook show solo")(show)
    command(playbook, "check", "handoffctl playbook check\nhandoffctl playbook check my-playbook.yaml")(check)
    command(
        playbook, "review",
        "handoffctl playbook review | lp\nhandoffctl playbook review solo --markdown > review.md",
    )(review)  # fmt: skip


def list_(json: Json = False) -> None:
    """List the playbooks there are: your own, and those that came with the program."""
    from handoffctl.actions.playbooks import overview
    from handoffctl.reports.table import Table

    found = overview(here.home())
    if json:
        say_json({"playbooks": found})
        return
    columns = ("name", "title", "state", "path")
    say_table(Table(columns, [[one[part] for part in columns] for one in found]))


def show(name: Name = "", json: Json = False) -> None:
    """Show a playbook: its stages in order, and what each handoff asks and why."""
    from handoffctl.actions.playbooks import described

    found = described(here.home(), name or None)
    if json:
        say_json(found)
        return
    say_heading(f"{found['title']}  ({found['path']})")
    for stage in found["stages"]:
        say()
        target = f", target {stage['target_days']:g} days" if stage["target_days"] is not None else ""
        owner = f", {stage['owner']}" if stage["kind"] == "open" else f" ({stage['kind']})"
        say_heading(f"{stage['title']}{owner}{target}")
        if stage["begins_when"]:
            say(f"  begins when: {stage['begins_when']}")
        for handoff in stage["handoffs"]:
            say(f"  -> {handoff['to']}" + (f" ({handoff['name']})" if handoff["name"] else ""))
            for part in ("trigger", "reason", "benefit"):
                if handoff[part]:
                    say_prose(f"     {part}: {handoff[part]}")
            for part in ("required", "nice_to_have"):
                for item in handoff[part]:
                    say_prose(f"     {part.replace('_', ' ')}: {item['label']} - {item['why']}")


def check(name: Name = "") -> None:
    """Check a playbook, by name or path. Silent when it is in order; else every fault with file and line."""
    from handoffctl.actions.playbooks import checked

    path = Path(name) if name.endswith((".yaml", ".yml")) else None
    for remark in checked(here.home(), name or None, path):
        note(remark)


def review(name: Name = "", json: Json = False, markdown: Markdown = False) -> None:
    """A sheet to print: what each handoff asks, what that costs, and room for what people say of it.

    For talking it over with those who give deals away and those who receive them: which decision fails without it?
    """
    from handoffctl.actions.reviewing import sheet
    from handoffctl.reports import interview_sheet

    if json and markdown:
        raise UsageFault("One of --json and --markdown at a time.", "Leave the other out.")
    found, remarks = sheet(here.home(), name)
    if json:
        say_json(found)
    elif markdown:
        say(interview_sheet.markdown(found))
    else:
        for line in interview_sheet.text(found):
            say_prose(line)
    for remark in remarks:
        note(remark)
