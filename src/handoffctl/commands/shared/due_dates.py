"""A due date as it is typed: on a terminal one in the past is asked about, in a script it gets a remark."""

from handoffctl.console import context
from handoffctl.console.output import echo_err
from handoffctl.console.prompts import ask_line
from handoffctl.core.moments import NotAMoment, format_day, parse_user


def checked_due(due: str) -> str:
    """Returns the due date as typed, or the one typed instead of a past one. What is no date is left to its reader."""
    clock = context.home().clock
    while due:
        try:
            when = parse_user(due, clock)
        except NotAMoment:
            return due
        if not clock.is_past_day(when):
            return due
        day = format_day(when, clock)
        if not context.prompting():
            echo_err(f"Due on {day}, which is past.")
            return due
        answer, _ = ask_line(f"{day} is past. By when? (Enter keeps it) > ")
        if not answer:
            return due
        due = answer
    return due
