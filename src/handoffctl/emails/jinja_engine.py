"""Runs and checks templates with Jinja. The only module that imports it, which takes a while."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from traceback import walk_tb
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, Undefined, UndefinedError, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from handoffctl.emails.plain_faults import NO_FILTERS, CannotPrint, plain_escape, plain_fault, plain_hint
from handoffctl.emails.render_result import WITHHELD, RenderResult
from handoffctl.errors import nearest

_BEYOND_LIST = re.compile(r"has no element|No (?:first|last) item")
LONGEST_RANGE = 1000
LONGEST_TEXT = 100_000


class _Parts(dict[str, Any]):
    """The parts of a variable by name. What is internal can be named, but is not listed: its name is internal too."""

    def __init__(self, parts: Mapping[str, Any], internal: set[str]) -> None:
        super().__init__((name, part) for name, part in parts.items() if name not in internal)
        self._internal = {name: parts[name] for name in internal}

    def __missing__(self, name: str) -> Any:
        return self._internal[name]


class UnknownValueUsed(UndefinedError):
    """The template computes with an unknown value; `args[0]` holds its name in quotation marks."""


class UnknownValue(Undefined):
    """Placeholder for an unknown value: false and empty in tests; its name is noted where a template prints it."""

    __slots__ = ("_printed", "_withheld")

    def __init__(self, name: str, printed: dict[str, None], withheld: dict[str, None] | None = None) -> None:
        super().__init__(name=name, exc=UnknownValueUsed)
        self._printed = printed
        self._withheld = withheld  # where the value is internal: the names of such values that the template used

    @property
    def _undefined_message(self) -> str:
        self._use()  # what an operation on it says, as in `deal.amount | int`
        return str(super()._undefined_message)

    def _use(self) -> None:
        if self._withheld is not None:
            self._withheld[str(self._undefined_name)] = None

    def _note(self) -> None:
        self._use()
        self._printed[str(self._undefined_name)] = None

    def __str__(self) -> str:
        self._note()
        return ""

    __repr__ = __str__  # for a whole list or mapping that is printed

    def __iter__(self) -> Iterator[Any]:
        self._use()
        if self._withheld is None:  # what is internal is an empty list
            self._note()
        return iter(())

    def __bool__(self) -> bool:
        self._use()
        return False

    def __eq__(self, other: object) -> bool:
        self._use()
        return isinstance(other, UnknownValue)

    __hash__ = Undefined.__hash__

    def __round__(self, places: int = 0) -> Any:
        return self._fail_with_undefined_error()

    def __len__(self) -> int:
        return 0

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, name: Any) -> Any:
        return self


def run_template(source: str, variables: Mapping[str, Any]) -> RenderResult:
    """Renders the source with these values. A faulty template is a result, not an exception; raises MemoryError."""
    printed: dict[str, None] = {}
    withheld: dict[str, None] = {}
    environment, template = _environment(), None
    try:
        template = environment.from_string(source)
        text = str(template.make_module(_with_unknowns(variables, printed, withheld)))
    except UnknownValueUsed as error:
        return RenderResult(unknown=tuple(dict.fromkeys([*printed, _variable_of(error)])), withheld=tuple(withheld))
    except UndefinedError as error:
        if _BEYOND_LIST.search(str(error)):
            return RenderResult(unknown=(*printed, "an item of a list"), withheld=tuple(withheld))
        return RenderResult(undefined=_variable_of(error))
    except SecurityError as error:
        return RenderResult(fault=plain_escape(error))
    except MemoryError:
        raise
    except Exception as error:  # a template is an untrusted program: whatever it raises is its fault
        line = getattr(error, "lineno", None) or _line_of(error, template)
        fault = plain_fault(error, environment.filters, isinstance(error, TemplateError))
        return RenderResult(fault=f"is faulty{f', line {line}' if line else ''}: {fault}", hint=plain_hint(error))
    if printed:
        return RenderResult(unknown=tuple(printed), withheld=tuple(withheld))
    if len(text) > LONGEST_TEXT:
        return RenderResult(fault=f"writes {len(text):,} characters")
    return RenderResult(text, tuple(withheld))


def _line_of(error: Exception, template: Template | None) -> int | None:
    """Returns the last line of the template that ran before the error, or None if none did."""
    lines = [line for frame, line in walk_tb(error.__traceback__) if frame.f_code.co_filename == "<template>"]
    return template.get_corresponding_lineno(lines[-1]) if template and lines else None


def _variable_of(error: Exception) -> str:
    match = re.search(r"'([^']+)' is undefined|has no attribute '([^']+)'", str(error))
    return (match[1] or match[2]) if match else str(error)


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True, finalize=_refuse_non_text
    )
    environment.filters |= {"sentence": _capitalized, "stop": _ended}
    for name in NO_FILTERS:
        del environment.filters[name]
    environment.globals = {"range": lambda *ends: range(*ends)[:LONGEST_RANGE]}
    return environment


def _capitalized(text: Any) -> str:
    """Returns the text with a capital at its beginning, and nothing else changed."""
    return str(text)[:1].upper() + str(text)[1:]


def _ended(text: Any) -> str:
    """Returns the text with a full stop at its end, where it has none: `at 10:00 a.m.` ends a sentence already."""
    ended = str(text)
    return ended if ended.endswith((".", "!", "?")) else f"{ended}."


def _with_unknowns(value: Any, printed: dict[str, None], withheld: dict[str, None], name: str = "") -> Any:
    """Replaces each None and WITHHELD by an UnknownValue, and control characters by spaces.

    Such a value adds its name to `printed` when it is printed, an internal one to `withheld` when it is used at all.
    """
    if value is None:
        return UnknownValue(name, printed)
    if value is WITHHELD:
        return UnknownValue(name, printed, withheld)
    if isinstance(value, str):
        return "".join(c if c in "\n\t" or unicodedata.category(c) != "Cc" else " " for c in value)
    if isinstance(value, Mapping):
        parts = {
            key: _with_unknowns(part, printed, withheld, f"{name}.{key}" if name else str(key))
            for key, part in value.items()
        }
        return _Parts(parts, {key for key, part in value.items() if part is WITHHELD}) if name else parts
    if isinstance(value, list | tuple):
        return [_with_unknowns(part, printed, withheld, name) for part in value]
    return value


def _refuse_non_text(value: Any) -> Any:
    """Returns a value that is about to be printed. Raises CannotPrint for None, a function or a whole list."""
    if isinstance(value, list | dict):
        raise CannotPrint("it prints a whole list; take a loop, or join it")
    if value is None:
        raise CannotPrint("it prints something that is not there")
    if callable(value) and not isinstance(value, Undefined):
        raise CannotPrint("it prints a function; put () behind it, or take a filter")
    return value


def template_faults(source: str, variables: Mapping[str, Any], fields: Iterable[str]) -> list[str]:
    """Returns the syntax errors and undefined names of a template, each as part of a sentence with its line.

    `variables` may have any values; the parts of those that are mappings are checked too. `fields` are those of every
    playbook that may use the template.
    """
    try:
        tree = _environment().parse(source)
        return _undefined_names(tree, variables, fields)
    except (TemplateError, RecursionError, ValueError) as error:  # numbers too long for Python are a ValueError
        return [f"line {getattr(error, 'lineno', 1)}: {plain_fault(error, (), isinstance(error, TemplateError))}"]


def _undefined_names(tree: nodes.Template, variables: Mapping[str, Any], fields: Iterable[str]) -> list[str]:
    own = {node.name for node in tree.find_all(nodes.Name) if node.ctx != "load"}
    own |= {"loop", "range", "caller", "varargs", "kwargs"} | {macro.name for macro in tree.find_all(nodes.Macro)}
    names, field_names = [*variables], [*fields]
    faults = [
        f'line {node.lineno}: there is no variable "{node.name}" {nearest(node.name, names)}'.rstrip()
        for node in tree.find_all(nodes.Name)
        if node.ctx == "load" and node.name not in own and node.name not in names
    ]
    for access in tree.find_all(nodes.Getattr):
        whole = access.node.name if isinstance(access.node, nodes.Name) and access.node.name not in own else ""
        parts = field_names if whole in ("fields", "lines") else list(_parts(variables.get(whole)))
        if parts and access.attr not in parts and access.attr not in ("get", "items", "keys", "values"):
            owner = "no playbook has a field" if parts is field_names else f"{whole} has no"
            faults.append(f'line {access.lineno}: {owner} "{access.attr}" {nearest(access.attr, parts)}'.rstrip())
    return sorted(faults, key=lambda fault: int(fault.split()[1].rstrip(":")))


def _parts(value: Any) -> Iterable[str]:
    return value if isinstance(value, Mapping) else ()
