"""A due date as it is typed: on a terminal one in the past is asked about, in a script it gets a remark."""

from handoffctl.console import context
from handoffctl.console.output import echo_err
from handoffctl.console.prompts import ask_line
from handoffctl.core.moments import NotAMoment, parse_user
from handoffctl.core.screen_dates import day_and_time


def checked_due(due: str) -> str:
    """Returns the due date as typed, or the one typed instead of a past one. What is no date is left to its reader."""
    clock, typed = context.home().clock, due
    while due:
        try:
            when = parse_user(due, clock)
        except NotAMoment as fault:
            if due == typed:
                return due
            echo_err(str(fault))
            due = _ask_again("By when? (Enter keeps the first) > ") or typed
            continue
        if not clock.is_past_day(when):
            return due
        day = day_and_time(when, clock)
        if not context.prompting():
            echo_err(f"Due on {day}, which is past.")
            return due
        answer = _ask_again(f"{day} is past. By when? (Enter keeps it) > ")
        if not answer:
            return due
        due = answer
    return due


def _ask_again(question: str) -> str:
    answer, _ = ask_line(question)
    return answer
