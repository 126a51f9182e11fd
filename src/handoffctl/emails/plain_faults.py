"""Says in plain words what is wrong with a template: what Python says of it helps nobody who writes mails."""

import re
from collections.abc import Iterable

from handoffctl.errors import nearest

LONGEST = 300
NO_FILTERS = ("pprint", "random", "tojson", "xmlattr")  # what they write is for programs, or another thing each time
GENERAL = "it uses a value as something that it is not, such as a text as a number or a day as a list"

# By a part of what Python or Jinja says; the first that matches counts.
_SENTENCES = {
    "no loader": "it takes in another file, which templates cannot do",
    "division by zero": "it divides by zero",
    "modulo by zero": "it divides by zero",
    "not callable": "it has () behind a value that is no function",
    "not iterable": "it goes through a value that is no list",
    "has no len": "it goes through a value that is no list",
    "to unpack": "it takes an item apart into more or fewer parts than it has",
    "concatenate": "it computes with values that do not go together, such as a text and a number",
    "unsupported operand": "it computes with values that do not go together, such as a text and a number",
    "multiply sequence": "it computes with values that do not go together, such as a text and a number",
    "not supported between": "it compares values that do not go together, such as a text and a number",
    "recursion": "it calls itself without an end",
}


class CannotPrint(TypeError):
    """The template prints what has no text; the message says what, in plain words."""


def plain_fault(error: Exception, filters: Iterable[str], says_it_plainly: bool) -> str:
    """Returns what is wrong, as the end of a sentence; `says_it_plainly` is True if the error's own words are plain."""
    message = (str(error) or type(error).__name__).rstrip(".")[:LONGEST]
    if isinstance(error, CannotPrint):
        return message
    if missing := re.search(r"No (filter|test) named '([^']+)'", message):
        can_guess = missing[1] == "filter" and missing[2] not in NO_FILTERS
        guess = nearest(missing[2], list(filters)) if can_guess else ""
        return f'the {missing[1]} "{missing[2]}" is not available here {guess}'.rstrip()
    known = next((plain for part, plain in _SENTENCES.items() if part in message), "")
    return known or (message if says_it_plainly else GENERAL)


def plain_hint(error: Exception) -> str:
    """Returns what to do about a filter that is not available; empty for other faults."""
    if "No filter named" not in str(error):
        return ""
    return f"Templates have the filters of Jinja without {', '.join(NO_FILTERS)}, and two more: sentence and stop."


def plain_escape(error: Exception) -> str:
    """Returns what a template may not do that it did, as the end of a sentence."""
    reached = re.search(r"'([^']+)'", str(error))
    return f'does what templates may not: it reaches for "{reached[1]}"' if reached else "does what templates may not"
