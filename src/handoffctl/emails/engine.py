"""Renders a template as subject and body: sandboxed, and refusing what is not known instead of leaving a hole."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from handoffctl.core.sandbox import OverLimit, within_limits
from handoffctl.errors import RulesFault, nearest

if TYPE_CHECKING:
    from jinja2.nodes import Template
    from jinja2.sandbox import SandboxedEnvironment

_BEYOND = re.compile(r"has no element|No (?:first|last) item")
LONGEST_RANGE = 1000
LONGEST_LETTER = 100_000
END_OF_SUBJECT = "\x1e"  # no text that is printed holds one


class Letter(NamedTuple):
    """A rendered e-mail. `internal`: the template says that it is for the writer's own side."""

    subject: str
    body: str
    internal: bool = False


class Unknown(Exception):
    """The template prints what is not known: the names of it, as the template writes them."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


class NoSuchVariable(Exception):
    """The template names a variable that there is not; `name` as far as it can be told."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def letter(name: str, source: str, known: Mapping[str, Any]) -> Letter:
    """The e-mail of this template. None among the known values stands for what is not known.

    Raises Unknown where it prints such a value, NoSuchVariable for a name there is not, RulesFault for a faulty one.
    """
    try:
        said = within_limits(lambda: _tried(source, known))
    except OverLimit:
        raise RulesFault(
            f"The template {name} takes too long or too much memory.", "Look for a loop that does not end."
        ) from None
    if "unknown" in said:
        raise Unknown(said["unknown"])
    if "variable" in said:
        raise NoSuchVariable(said["variable"])
    if "fault" in said:
        raise RulesFault(f"The template {name} {said['fault']}.", "Put it right and try again.")
    return _parted(name, said["text"])._replace(internal=said["internal"])


def _tried(source: str, known: Mapping[str, Any]) -> dict[str, Any]:
    """What came of rendering, in one word: the text, or why there is none."""
    from jinja2 import UndefinedError
    from jinja2.exceptions import SecurityError

    from handoffctl.emails.undefined import Needed, marked

    asked: dict[str, None] = {}
    try:
        made = _environment().from_string(_subject_marked(source)).make_module(marked(known, asked))
        text, internal = str(made), bool(getattr(made, "internal", False))
    except Needed as error:
        return {"unknown": list(dict.fromkeys([*asked, _named(str(error))]))}
    except UndefinedError as error:
        if _BEYOND.search(str(error)):
            return {"unknown": [*asked, "an item of a list"]}
        return {"variable": _named(str(error))}
    except SecurityError as error:
        return {"fault": f"does what templates may not: {_plain(error)}"}
    except MemoryError:
        raise
    except Exception as error:  # a template is a program of somebody else's: whatever it raises is its fault
        line = getattr(error, "lineno", None)
        return {"fault": f"is faulty{f', line {line}' if line else ''}: {_plain(error)}"}
    if asked:
        return {"unknown": list(asked)}
    if len(text) > LONGEST_LETTER:
        return {"fault": f"writes {len(text):,} characters"}
    return {"text": text, "internal": internal}


def _plain(error: Exception) -> str:
    return (str(error) or type(error).__name__).rstrip(".")[:300]


def _environment() -> "SandboxedEnvironment":
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    from handoffctl.emails.undefined import never_none

    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True, finalize=never_none
    )
    environment.globals = {"range": lambda *ends: range(*ends)[:LONGEST_RANGE]}
    return environment


def faults_of(source: str, variables: Mapping[str, Any], fields: Iterable[str]) -> list[str]:
    """What is wrong with a template before anything is put into it: its grammar, and names that nothing has.

    Each fault is a sentence part with its line. `variables` are any values; of those that are mappings the parts are
    looked at too. `fields` are those of every playbook that may use it.
    """
    from jinja2 import TemplateError

    try:
        tree = _environment().parse(source)
        return _unknown_names(tree, variables, fields)
    except (TemplateError, RecursionError, ValueError) as error:  # numbers too long for Python are a ValueError
        return [f"line {getattr(error, 'lineno', 1)}: {_plain(error)}"]


def _unknown_names(tree: "Template", variables: Mapping[str, Any], fields: Iterable[str]) -> list[str]:
    from jinja2 import nodes

    own = {one.name for one in tree.find_all(nodes.Name) if one.ctx != "load"} | {"loop", "range", "caller", "varargs"}
    own |= {one.name for one in tree.find_all(nodes.Macro)} | {"kwargs"}
    known, asked = [*variables], [*fields]
    found = [
        f'line {one.lineno}: there is no variable "{one.name}" {nearest(one.name, known)}'.rstrip()
        for one in tree.find_all(nodes.Name)
        if one.ctx == "load" and one.name not in own and one.name not in known
    ]
    for one in tree.find_all(nodes.Getattr):
        whole = one.node.name if isinstance(one.node, nodes.Name) and one.node.name not in own else ""
        parts = asked if whole in ("fields", "lines") else list(_parts(variables.get(whole)))
        if parts and one.attr not in parts and one.attr not in ("get", "items", "keys", "values"):
            what = "no playbook has a field" if parts is asked else f"{whole} has no"
            found.append(f'line {one.lineno}: {what} "{one.attr}" {nearest(one.attr, parts)}'.rstrip())
    return sorted(found, key=lambda fault: int(fault.split()[1].rstrip(":")))


def _parts(value: Any) -> Iterable[str]:
    return value if isinstance(value, Mapping) else ()


def _named(error: str) -> str:
    match = re.search(r"'([^']+)' is undefined|has no attribute '([^']+)'", error)
    return (match[1] or match[2]) if match else error


def _subject_marked(source: str) -> str:
    """The source with a mark at the end of its subject line: a value in it may hold line breaks of its own."""
    return re.sub(r"(?m)^(Subject:.*)$", rf"\1{END_OF_SUBJECT}", source, count=1)


def _parted(name: str, text: str) -> Letter:
    marked, mark, body = text.strip().partition(END_OF_SUBJECT)
    if not mark:
        marked, _, body = text.strip().partition("\n")
    if not marked.startswith("Subject:"):
        raise RulesFault(f"The template {name} does not begin with a subject.", "Its first line is: Subject: ...")
    made = Letter(_printable(" ".join(marked.removeprefix("Subject:").split())), tidy(body))
    for part, there in (("subject", made.subject), ("text", made.body)):
        if not there:
            raise RulesFault(
                f"The template {name} writes no {part}.", "After the subject and a blank line comes the text."
            )
    return made


def tidy(text: str) -> str:
    """The text without trailing spaces, double blank lines and characters that could steer a terminal."""
    lines = "\n".join(_printable(line).rstrip() for line in text.strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def _printable(text: str) -> str:
    return "".join(c for c in text if c == "\t" or unicodedata.category(c) not in ("Cc", "Cs"))
