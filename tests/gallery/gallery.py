"""Tells one story to the program, once in American and once in British English, and collects the mails it writes."""

import io
import shlex
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory

from handoffctl.app import main

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "mails.md"
HEADING = "## Gallery\n"
ABOUT = """\
## Gallery

Every mail and paper as it is written in one story, from the first call to the renewal. Sam Ortiz of Brightline talks
to Jane Doe, COO of Acme Corp; Alan Reed takes over, and Mia Park after signing. Each writes what falls to them while
the deal is theirs. Mails to the client are in American English; where the British one differs, it follows.
"""
CONFIG = """\
me: {{name: {name}, email: {email}, signature: {signature}}}
playbook: brightline
currency: USD
zone: America/Denver
locale: {locale}
"""


class StoryFault(Exception):
    """A line of the story did not end as it should."""


def with_gallery(page: str) -> str:
    """Returns the page with the gallery as the program of today writes it."""
    return page.partition(HEADING)[0] + gallery()


def gallery() -> str:
    """Returns the whole section."""
    american, british = mails("en_US"), mails("en_GB")
    parts = [ABOUT]
    for (title, template, text), (_, _, other) in zip(american, british, strict=True):
        parts.append(f"\n### {title}\n\n`{template}`\n\n```text\n{text}\n```\n")
        if other != text:
            parts.append(f"\nIn British English:\n\n```text\n{other}\n```\n")
    return "".join(parts)


def mails(locale: str) -> list[tuple[str, str, str]]:
    """Returns each mail of the story: what the moment is, the template, and the text as it is pasted."""
    with TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        (home / "playbooks").mkdir(parents=True)
        playbook, story = ((HERE / name).read_text(encoding="utf-8") for name in ("brightline.yaml", "story.txt"))
        for american, british in BRITISH if locale == "en_GB" else ():
            playbook, story = playbook.replace(american, british), story.replace(american, british)
        (home / "playbooks" / "brightline.yaml").write_text(playbook, encoding="utf-8")
        return list(_told(home, story, locale))


BRITISH = (
    ("live by June 1", "live by 1 June"), ("live by May 15", "live by 15 May"), ("before April 10", "before 10 April"),
    ("one other vendor", "one other supplier"), ("no retyping", "no rekeying"),
    ("a week get lost", "a week go missing"), ("kickoff", "kick-off"), ("May 20", "20 May"),
    ("retypes", "rekeys"), ("none retyped", "none rekeyed"),
)  # fmt: skip


def _told(home: Path, story: str, locale: str) -> Iterator[tuple[str, str, str]]:
    title = ""
    for line in story.splitlines():
        if not line or line.startswith("#"):
            continue
        at, typed = line.split(None, 1)
        if typed.startswith("title "):
            title = typed.removeprefix("title ")
        elif typed.startswith("me "):
            _sit_down(home, typed.removeprefix("me "), locale)
        elif typed.startswith("show "):
            template, *words = shlex.split(typed)[1:]
            command = ["summary", "draft"] if template == "summary" else ["email", template]
            yield title, template, _run(home, at, [*command, "acme-corp", *words])
        else:
            _run(home, at, shlex.split(typed))


def _sit_down(home: Path, name: str, locale: str) -> None:
    """Makes this person the one who types from here on."""
    first = name.partition(" ")[0]
    config = CONFIG.format(name=name, email=f"{first.lower()}@brightline.example", signature=first, locale=locale)
    (home / "config.yaml").write_text(config, encoding="utf-8")


def _run(home: Path, at: str, words: list[str]) -> str:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(["--home", str(home), "--now", at, "--no-input", *words])
    if code:
        raise StoryFault(f"{shlex.join(words)} ended with {code}:\n{out.getvalue()}{err.getvalue()}")
    return out.getvalue().strip()
