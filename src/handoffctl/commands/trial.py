"""The `trial` command: leave something out of a playbook and see whether it is missed."""

from typing import Annotated

import typer

from handoffctl.commands.shared.options import Because, Json, Playbook
from handoffctl.console import context
from handoffctl.console.command import command, group
from handoffctl.console.output import echo, echo_err, echo_json, echo_prose, echo_table
from handoffctl.console.table import Table
from handoffctl.core.screen_dates import weekday_and_day
from handoffctl.errors import NotFound, UsageFault
from handoffctl.reports.context import ReportOptions, open_report, report_json, usual_playbook
from handoffctl.reports.trials.render import STATES, candidates_table, render, sentence
from handoffctl.reports.trials.report import TrialLine, TrialsReport, build
from handoffctl.trials.start import TrialOptions, start_trial
from handoffctl.trials.stop import stop_trial

Name = Annotated[str, typer.Argument(metavar="HANDOFF.ITEM", help="What is left out; a handoff or stage as a whole.")]
MaybeName = Annotated[str, typer.Argument(metavar="[HANDOFF.ITEM]", help="Which one; by default the one that runs.")]


def register(app: typer.Typer) -> None:
    trial = group(app, "trial", "Leave something out of a playbook and see if it is missed: start, list, show, stop.")
    command(
        trial, "start", "handoffctl trial start qualified.situation\n"
        "handoffctl trial start qualified.situation --for 30\n"
        "handoffctl trial start qualified.situation --randomize --margin 10",
    )(start)  # fmt: skip
    command(trial, "list", "handoffctl trial list")(list_)
    command(trial, "show", "handoffctl trial show qualified.situation")(show)
    command(
        trial, "stop", "handoffctl trial stop\n"
        'handoffctl trial stop qualified.situation --put-back --because "the first call started from zero"',
    )(stop)  # fmt: skip


def start(
    name: Name,
    size: Annotated[
        int | None, typer.Option("--for", metavar="N", help="Deals to judge it by (20); at random, in each arm.")
    ] = None,
    randomize: Annotated[
        bool, typer.Option("--randomize", help="Leave it out for half of the accounts, drawn at random.")
    ] = False,
    margin: Annotated[
        float | None,
        typer.Option("--margin", metavar="POINTS", help="At random: so much more harm is acceptable (10)."),
    ] = None,
    playbook: Playbook = "",
) -> None:
    """Stop asking for an item, on probation or at random for half of the accounts."""
    home = context.home()
    started = start_trial(home, name, playbook or usual_playbook(home).playbook, TrialOptions(size, randomize, margin))
    trial = started.trial
    if trial.randomized:
        echo_err(
            f"{started.label} is in a randomized trial: half of the accounts that come from now on are not asked. "
            f"It decides at {trial.size} handoffs in each arm, 30 days after them."
        )
    else:
        echo_err(
            f"{started.label} is on probation: handoffs no longer ask for it. The next handoff of each deal asks "
            f"whether it was missed. It is judged by {trial.size} deals, and three misses put it back."
        )
    echo_err(f"See it with: handoffctl trial show {trial.name}")


def _report(playbook: str) -> TrialsReport:
    with open_report(context.home(), ReportOptions(playbook)) as report_context:
        return build(report_context)


def list_(playbook: Playbook = "", json: Json = False) -> None:
    """List what is or was left out, with the verdict so far, and what could be left out next."""
    result = _report(playbook)
    if json:
        echo_json(report_json(result))
        return
    if result.trials:
        clock = context.home().clock
        rows = [
            [line.name, line.mode, STATES[line.state], weekday_and_day(line.started_at, clock), line.says]
            for line in result.trials
        ]
        echo_table(Table(["name", "mode", "state", "since", "so far"], rows))
    else:
        echo_err("Nothing was left out on trial so far.")
    if result.candidates:
        echo()
        echo_table(candidates_table(result))


def show(name: MaybeName = "", playbook: Playbook = "", json: Json = False) -> None:
    """Show one trial: what it says so far, the deals in it, and the time it saved."""
    result = _report(playbook)
    line = _named(result, name)
    result = result._replace(trials=[line], candidates=[])
    if json:
        echo_json(line)
        return
    echo_prose(sentence(line, result.currency))
    for part in render(result).parts:
        echo()
        echo_table(part.table)


def _named(result: TrialsReport, name: str) -> TrialLine:
    """Returns the newest trial of this name, or the running one. Raises NotFound."""
    for line in result.trials:
        if line.name.casefold() == name.casefold() or (not name and line.state == "running"):
            return line
    names = ", ".join(dict.fromkeys(line.name for line in result.trials))
    raise NotFound(
        f'There is no trial of "{name[:60]}".' if name else "No trial is running.",
        f"There are: {names}." if names else "Begin one with: handoffctl trial start HANDOFF.ITEM",
    )


def stop(
    name: MaybeName = "",
    put_back: Annotated[bool, typer.Option("--put-back", help="Ask for it again.")] = False,
    keep_out: Annotated[bool, typer.Option("--keep-out", help="Never ask for it again.")] = False,
    because: Because = "",
    playbook: Playbook = "",
) -> None:
    """End a trial. Without --put-back or --keep-out the figures decide, if they can."""
    if put_back and keep_out:
        raise UsageFault("Give either --put-back or --keep-out, not both.", "Leave one of them out.")
    home = context.home()
    verdict = "put_back" if put_back else "keep_out" if keep_out else ""
    stopped = stop_trial(home, name, playbook or usual_playbook(home).playbook, verdict, because)
    if stopped.verdict == "put_back":
        echo_err(f"{stopped.label} is asked again. {stopped.judged.says[:1].upper()}{stopped.judged.says[1:]}.")
    else:
        echo_err(f"{stopped.label} stays out. {stopped.judged.says[:1].upper()}{stopped.judged.says[1:]}.")
        echo_err(
            f"Take it out of the playbook too, with: handoffctl playbook edit {stopped.trial.playbook}. "
            f"To ask again: handoffctl trial stop {stopped.trial.name} --put-back"
        )
