"""The command `playbook`: list, show, check, try, new, edit, history, diff, agree, rename-stage, upgrade, review ..."""

import sys
from pathlib import Path
from shutil import get_terminal_size
from typing import Annotated, Any

import typer

from handoffctl.commands.shared.options import (
    Json,
    Markdown,
    Playbook,
    Since,
    Until,
    Yes,
    complete_playbook,
    complete_stage,
)
from handoffctl.console import context
from handoffctl.console.command import command, group
from handoffctl.console.editor import discard_draft, edit_text, save_draft
from handoffctl.console.output import counted, echo, echo_err, echo_heading, echo_json, echo_prose, echo_table
from handoffctl.console.prompts import confirm, confirm_by_enter, hold_interrupts
from handoffctl.console.table import Table
from handoffctl.core.json_record import OMITTED
from handoffctl.core.moments import format_local
from handoffctl.deals.rename_stage import StageRename, planned, rename
from handoffctl.deals.upgrade import PlaybookUpgrade, planned_upgrade
from handoffctl.deals.upgrade import upgrade as upgrade_deals
from handoffctl.errors import HandoffError, RulesFault, UsageFault
from handoffctl.overview.playbook_check import check_playbook, playbook_check, read_new_playbook, refuse_advice
from handoffctl.playbook.agreements import record_agreement
from handoffctl.playbook.authoring import create_playbook, faults, open_for_editing, save
from handoffctl.playbook.check import PlaybookSummary, list_playbooks
from handoffctl.playbook.describe import describe_playbook
from handoffctl.playbook.picture import DRAWN, PLAIN, WIDEST, draw_playbook
from handoffctl.playbook.reference import reference
from handoffctl.playbook.revisions import FILE, compare_revisions, revision_history
from handoffctl.playbook.schema import schema_text
from handoffctl.reports.context import ReportOptions, report_json
from handoffctl.reports.fields import interview_sheet_output
from handoffctl.reports.fields.interview_sheet import interview_sheet
from handoffctl.reports.rehearsal.rehearse import rehearse
from handoffctl.reports.rehearsal.render import render

Name = Annotated[str, typer.Argument(metavar="NAME", help="A playbook.", autocompletion=complete_playbook)]
Strict = Annotated[bool, typer.Option("--strict", help="Take advice for faults, but never the age of a review.")]
SHOWN = 3  # changes of each content, in its history

Maybe = Annotated[
    str, typer.Argument(metavar="[NAME]", help="A playbook; else your usual one.", autocompletion=complete_playbook)
]


def register(app: typer.Typer) -> None:
    playbook = group(
        app,
        "playbook",
        "The rules: list, show, check, try, new, edit, history, diff, agree, rename-stage, upgrade, review, schema.",
    )
    command(playbook, "list", "handoffctl playbook list")(list_)
    command(playbook, "show", "handoffctl playbook show solo")(show)
    command(playbook, "check", "handoffctl playbook check\nhandoffctl playbook check my-playbook.yaml --strict")(check)
    command(
        playbook, "try",
        "handoffctl playbook try new/solo.yaml\nhandoffctl playbook try new.yaml --playbook solo --since -365d",
    )(try_)  # fmt: skip
    command(
        playbook, "schema",
        "handoffctl playbook schema > playbook.schema.json\nhandoffctl playbook schema --markdown | less",
    )(schema)  # fmt: skip
    command(
        playbook, "review",
        "handoffctl playbook review | lp\nhandoffctl playbook review solo --markdown > review.md",
    )(review)  # fmt: skip
    _register_editing(playbook)


def list_(json: Json = False) -> None:
    """List the playbooks there are: your own, and those that came with the program."""
    playbooks = list_playbooks(context.home())
    if json:
        echo_json({"playbooks": playbooks})
        return
    echo_table(Table(PlaybookSummary._fields, [list(playbook) for playbook in playbooks]))


def show(name: Name = "", json: Json = False) -> None:
    """Show a playbook as a picture: its stages in order, what each handoff asks and why, and what else it says."""
    description = describe_playbook(context.home(), name or None)
    if json:
        echo_json(description)
        return
    for line in draw_playbook(description, _columns(WIDEST), DRAWN if _draws() else PLAIN):
        (echo_heading if line.heading else echo)(line.text)


def _columns(widest: int) -> int:
    return get_terminal_size(fallback=(widest + 1, 40)).columns - 1


def _draws() -> bool:
    """True on a terminal whose encoding has the characters for lines. A pipe gets plain signs."""
    return sys.stdout.isatty() and (sys.stdout.encoding or "").casefold().startswith("utf")


def check(name: Name = "", strict: Strict = False, json: Json = False) -> None:
    """Check a playbook, by name or path: every fault with file and line, else advice. Silent when all is well."""
    path = Path(name) if name.endswith((".yaml", ".yml")) else None
    if json:
        result = playbook_check(context.home(), name or None, path, strict)
        echo_json(result)
        if result.error is not OMITTED:
            raise typer.Exit(result.error.code)
        return
    advice = check_playbook(context.home(), name or None, path)
    for line in advice.remarks:
        echo_err(line)
    if strict:
        refuse_advice(advice)
    for line in advice.advice:
        echo_err(line)


def try_(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="The new playbook.", autocompletion=complete_playbook)
    ],
    since: Since = "",
    until: Until = "",
    playbook: Annotated[
        str,
        typer.Option(
            "--playbook", metavar="NAME", help="Whose handoffs; those of the same name, if left out.",
            autocompletion=complete_playbook,
        ),
    ] = "",
    explain: Annotated[bool, typer.Option("--explain", help="Also intervals, comparisons and timings.")] = False,
    json: Json = False,
) -> None:  # fmt: skip
    """Rehearse a new playbook on the handoffs that were recorded: what it would have asked for. Records nothing.

    A file, or the name of a playbook you changed. Each handoff is replayed with what was known at that moment.
    """
    new, path = read_new_playbook(context.home(), file)
    rehearsed = rehearse(context.home(), new, path, ReportOptions(playbook, since, until))
    if json:
        echo_json(report_json(rehearsed.rehearsal))
    else:
        for line in render(rehearsed.rehearsal, context.home().clock, explain):
            (echo_heading if line.heading else echo_prose)(line.text)
    for remark in rehearsed.remarks:
        echo_err(remark)


def schema(markdown: Annotated[bool, typer.Option("--markdown", help="The reference, for reading.")] = False) -> None:
    """The format of a playbook as JSON Schema, by which editors complete and check; or as its reference."""
    if markdown:
        echo(reference().removesuffix("\n"))
    else:
        echo(schema_text().removesuffix("\n"))


def review(name: Name = "", json: Json = False, markdown: Markdown = False) -> None:
    """A sheet to print: what each handoff asks, what that costs, and room for what people say of it.

    For talking it over with those who give deals away and those who receive them: which decision fails without it?
    """
    if json and markdown:
        raise UsageFault("One of --json and --markdown at a time.", "Leave the other out.")
    sheet = interview_sheet(context.home(), name)
    if json:
        echo_json(sheet.as_json())
    elif markdown:
        echo(interview_sheet_output.markdown(sheet))
    else:
        for line in interview_sheet_output.text(sheet):
            echo_prose(line)
    for remark in sheet.remarks:
        echo_err(remark)


def _register_editing(playbook: typer.Typer) -> None:
    command(playbook, "new", "handoffctl playbook new my-way\nhandoffctl playbook new my-way --from trim")(new)
    command(playbook, "edit", "handoffctl playbook edit my-way")(edit)
    command(playbook, "history", "handoffctl playbook history\nhandoffctl playbook history solo --json")(history)
    command(playbook, "diff", "handoffctl playbook diff\nhandoffctl playbook diff solo 1 2")(diff)
    command(playbook, "agree", "handoffctl playbook agree solo --who delivery --on 2026-03-02")(agree)
    command(playbook, "rename-stage", "handoffctl playbook rename-stage qualified vetted --playbook my-way")(
        rename_stage
    )
    command(
        playbook, "upgrade",
        "handoffctl playbook upgrade solo --dry-run\nhandoffctl playbook upgrade solo --yes",
    )(upgrade)  # fmt: skip


def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it shall be called.")],
    source: Annotated[
        str, typer.Option("--from", metavar="NAME", help="Which one to begin from.", autocompletion=complete_playbook)
    ] = "solo",
) -> None:
    """Begin a playbook of your own from another one, comments and all. Prints where it is."""
    echo(str(create_playbook(context.home(), name, source)))
    echo_err(f"Make it yours: handoffctl playbook edit {name}")


def edit(name: Maybe = "") -> None:
    """Open a playbook in your editor, and check it when you save. A faulty one never takes the place of the old."""
    edited = open_for_editing(context.home(), name)
    if not context.prompting():
        raise UsageFault(
            "An editor needs a terminal.",
            f"Change {edited.path} with any program; then: handoffctl playbook check {edited.name}"
            if not edited.is_copy
            else f"Copy it first: handoffctl init {edited.name}; then change {edited.path} with any program.",
        )
    if edited.is_copy:
        echo_err(f"{edited.name} came with the program. What you save will be your own copy: {edited.path}")
    text, file = edited.text, None
    while True:
        typed = edit_text(text, f"{edited.name}.yaml")
        if file:
            discard_draft(file)
        if typed is None and file is None:
            echo_err("Nothing was changed.")
            return
        text = text if typed is None else typed
        file = save_draft(text, f"{edited.name}.yaml")  # nothing typed is lost, whatever happens now
        problems = faults(edited, text)
        if not problems:
            break
        _go_back_in(edited.name, problems, file)
    try:
        with hold_interrupts():
            save(context.home(), edited, text)
    except HandoffError as fault:
        fault.hint = f"{fault.hint} What you typed is in {file}."
        raise
    discard_draft(file)
    echo(str(edited.path))


def _go_back_in(name: str, problems: list[str], file: Any) -> None:
    """Shows the faults and asks whether to fix them. Raises RulesFault if the user does not want to."""
    for line in problems:
        echo_err(line)
    if not confirm_by_enter("Go back in and put it right?"):
        count = counted(len(problems), "faults")
        raise RulesFault(f"{name} stays as it was: the new one has {count}.", f"What you typed is in {file}.")


def history(name: Maybe = "", json: Json = False) -> None:
    """Show every content of a playbook that was used: when, for how many handoffs, and what changed."""
    playbook_history = revision_history(context.home(), name)
    if json:
        echo_json(playbook_history)
        return
    for revision in playbook_history.revisions:
        if revision.at is not None:
            handoffs, deals = counted(revision.handoffs, "handoffs"), counted(revision.deals, "deals")
            when = format_local(revision.at, context.home().clock.zone)
            echo_heading(f"{revision.revision}  {when}  {handoffs} of {deals}")
        else:
            echo_heading("file  not used yet")
        if not revision.readable:
            echo("   cannot be read by this program")
        for change in revision.changes[:SHOWN]:
            echo_prose(f"   {change}")
        if len(revision.changes) > SHOWN:
            echo(f"   ... {counted(len(revision.changes), 'changes')} in all")


def diff(
    which: Annotated[
        list[str],
        typer.Argument(metavar="[NAME] [NUMBER] [NUMBER]", help="Contents by number, as history shows them, or file."),
    ] = [],  # noqa: B006
    playbook: Playbook = "",
    json: Json = False,
) -> None:
    """Say what changed in a playbook, in words. Without numbers: from the content last used to the file as it is.

    Where the file is the one last used: what changed when it came to be.
    """
    if which and not playbook and not (which[0].isdecimal() or which[0] == FILE):
        playbook, which = which[0], which[1:]
    comparison = compare_revisions(context.home(), playbook, which)
    if json:
        echo_json(comparison)
        return
    for change in comparison.changes:
        echo_prose(change)
    between = f"{comparison.playbook}, from {_content(comparison.from_)} to {_content(comparison.to)}"
    echo_err(f"{between}: {counted(len(comparison.changes), 'changes') if comparison.changes else 'nothing changed'}.")


def _content(label: str) -> str:
    return "the file" if label == "file" else label


def agree(
    name: Name,
    who: Annotated[str, typer.Option(metavar="PERSON|ROLE", help="Who agreed; you, if left out.")] = "",
    on: Annotated[str, typer.Option(metavar="WHEN", help="When; now, if left out.")] = "",
    json: Json = False,
) -> None:
    """Record that somebody agreed to a playbook as it is now. When it changes, they can be asked again."""
    agreement = record_agreement(context.home(), name, who, on)
    if json:
        echo_json(agreement)
        return
    when = format_local(agreement.at, context.home().clock.zone)
    if agreement.recorded:
        echo_err(f"{agreement.who} agreed to {name} as it is now (content {agreement.revision}), on {when}.")
    else:
        echo_err(f"{agreement.who} agreed to this content already, on {when}.")


def rename_stage(
    old: Annotated[str, typer.Argument(metavar="OLD", help="The stage.", autocompletion=complete_stage)],
    new: Annotated[str, typer.Argument(metavar="NEW", help="Its new name; or, of one gone, where its deals go.")],
    playbook: Playbook = "",
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Rename a stage, in the playbook and for every deal and its history. Asks first.

    Of a stage that the playbook no longer has, move the deals to one that it has.
    """
    plan = planned(context.home(), old, new, playbook)
    _confirm_or_exit(_what(plan), yes)
    with hold_interrupts():
        done = rename(context.home(), old, new, playbook)
    if json:
        echo_json(done)
        return
    for copied in done.copies:
        echo_err(f"{copied} came with the program; your own copy of it has the new name.")
    for path in done.texts:
        echo(str(path))
    echo_err(f"Done: {counted(done.deals, 'deals')} now in {new}.")


def _what(plan: StageRename) -> str:
    """Returns what would happen, in a sentence."""
    if plan.apart:
        return (
            f'{plan.playbook}: {counted(plan.deals, "deals")} would move from "{plan.old}" to "{plan.new}". These '
            "were two stages, so the past keeps its names."
        )
    files = f", in {counted(len(plan.texts), 'files')}" if plan.texts else ""
    deals = f"for the {counted(plan.ever, 'deals')} that ever were in it" if plan.ever else "(no deal was ever in it)"
    return f'{plan.playbook}: "{plan.old}" would become "{plan.new}" {deals}{files}. Its title stays as it is.'


def upgrade(
    name: Maybe = "",
    yes: Yes = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")] = False,
    json: Json = False,
) -> None:
    """Move the deals of a playbook that came with the program to its newest content. Asks first.

    Until then they live under the content that they entered with. A file of your own holds at once.
    """
    plan = planned_upgrade(context.home(), name)
    if not json:
        for change in plan.changes:
            echo_prose(change)
    if dry_run or not plan.stays:
        if json:
            echo_json(plan.as_json(False))
        echo_err(f"{_what_upgrade(plan)} Nothing was changed." if plan.stays else _why_nothing(plan))
        return
    _confirm_or_exit(_what_upgrade(plan), yes)
    with hold_interrupts():
        done = upgrade_deals(context.home(), name)
    if json:
        echo_json(done.as_json(True))
        return
    echo_err(f"Done: {counted(len(done.stays), 'deals')} now in the newest content of {done.playbook}.")


def _confirm_or_exit(what: str, yes: bool) -> None:
    """Asks whether to go on unless `yes`. Raises UsageFault in a script, and Exit where the user does not want to."""
    if yes:
        return
    if not context.prompting():
        raise UsageFault(what, "If you mean it, add --yes.")
    if not confirm(f"{what} Go on?"):
        echo_err("Nothing was changed.")
        raise typer.Exit(0)


def _why_nothing(plan: PlaybookUpgrade) -> str:
    if plan.own:
        return f"{plan.newest.path} is a file of your own and holds at once, so there is nothing to upgrade."
    return f"Every deal in {plan.playbook} has its newest content, so there is nothing to upgrade."


def _what_upgrade(plan: PlaybookUpgrade) -> str:
    """Returns what would happen, in a sentence or two."""
    deals = counted(len(plan.stays), "deals")
    moves = "".join(
        f' {counted(move.deals, "deals")} would move from "{move.stage}" to "{move.to}".' for move in plan.moves
    )
    return f"{plan.playbook}: {deals} would get the newest content ({counted(len(plan.changes), 'changes')}).{moves}"
