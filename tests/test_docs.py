"""What the README and the pages in docs/ show is what happens, and their links lead somewhere."""

import re
import shlex
from pathlib import Path

import pytest

from handoffctl.registry import COMMANDS
from handoffctl.reports.registry import REPORT_NAMES

TOP = Path(__file__).parents[1]
README = TOP / "README.md"
PAGES = [README, *sorted((TOP / "docs").glob("*.md"))]
LINKING = [*PAGES, TOP / "CONTRIBUTING.md", TOP / "CHANGELOG.md"]
NOW = "2026-03-02"


def name_of(page: Path) -> str:
    return page.relative_to(TOP).as_posix()


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text_of(page), re.MULTILINE | re.DOTALL)


def examples(page: Path) -> list[tuple[str, str]]:
    """Every command of the console blocks, with the output shown below it."""
    parts = [part for block in blocks(page, "console") for part in re.split(r"(?m)^\$ ", block) if part]
    return [(command, output) for command, _, output in (part.partition("\n") for part in parts)]


def shell_lines(page: Path) -> list[str]:
    """Every line of the shell blocks that begins with the program, without its comment and redirection."""
    lines = [line for block in blocks(page, "sh") for line in block.splitlines()]
    return [re.split(r" +[#>] ", line)[0] for line in lines if line.startswith("handoffctl ")]


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub gives the headings of a page."""
    without_code = re.sub(r"(?ms)^```.*?^```$", "", text_of(page))
    headings = re.findall(r"(?m)^#+ (.+)$", without_code)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(page: Path) -> list[str]:
    """The targets of the links to other files and to headings; links to the web are left out."""
    without_code = re.sub(r"(?ms)^```.*?^```$|`[^`\n]*`", "", text_of(page))
    targets = re.findall(r"\]\(([^)\s]+)\)", without_code)
    return [target for target in targets if not re.match(r"[a-z]+:", target)]


def broken(page: Path) -> list[str]:
    """The links of a page that lead to no file, or to no heading of it."""
    lost = []
    for target in links(page):
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.is_file() or (anchor and anchor not in anchors(file)):
            lost.append(target)
    return lost


def changed_solo() -> str:
    """The shipped playbook solo, in which the first handoff requires the decision process and not the situation."""
    solo = (TOP / "playbooks" / "solo.yaml").read_text(encoding="utf-8")
    asked = "    required: [situation]\n    nice_to_have: [interest,"
    assert solo.count(asked) == 1
    return solo.replace(asked, "    required: [decision_process]\n    nice_to_have: [situation, interest,")


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_example_prints_what_the_page_shows(quick, page, tmp_path, monkeypatch):
    """The examples of a page go on where those of the README end. `new/solo.yaml` is what the user has changed."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "solo.yaml").write_text(changed_solo(), encoding="utf-8")
    before = [] if page == README else examples(README)
    for command, output in before + examples(page):
        program, *words = shlex.split(command)
        ran = quick(*words, now=NOW)
        assert program == "handoffctl"
        assert ran.out == output, command
        assert ran.code in (0, 3), ran.err


def test_the_pages_have_examples():
    with_examples = {name_of(page) for page in PAGES if examples(page)}
    assert with_examples >= {"README.md", "docs/day.md", "docs/imports.md", "docs/reports.md", "docs/summaries.md"}
    assert sum(len(examples(page)) for page in PAGES) >= 24


@pytest.mark.parametrize("page", [page for page in PAGES if shell_lines(page)], ids=name_of)
def test_every_shell_line_has_commands_and_options_that_exist(quick, page):
    for line in shell_lines(page):
        _, *words = shlex.split(line)
        subcommands = words[: 2 if words[0] in ("report", "summary") else 1]
        described = quick(*subcommands, "--help")
        assert described.code == 0, line
        missing = [word for word in words if word.startswith("--") and f"{word} " not in described.out]
        assert missing == [], line


def test_the_yaml_shown_is_that_of_the_shipped_playbook():
    solo = (TOP / "playbooks" / "solo.yaml").read_text(encoding="utf-8")
    by_hand = [page for page in PAGES if page.name != "playbook.md"]
    shown = [block for page in by_hand for block in blocks(page, "yaml")]
    assert shown
    lines = [line for block in shown for line in block.splitlines() if "nice_to_have" not in line]
    assert [line for line in lines if line not in solo] == []


def undocumented(words: list[str], page: str) -> list[str]:
    """The words that the page in docs/ does not name in backticks, alone or followed by more words."""
    text = text_of(TOP / "docs" / page)
    return [word for word in words if not re.search(rf"`{re.escape(word)}[ `]", text)]


def test_every_command_is_documented():
    assert undocumented(list(COMMANDS), "commands.md") == []


def test_every_report_playbook_and_template_is_documented():
    reports = [f"report {name.replace('_', '-')}" for name in REPORT_NAMES]
    playbooks = [path.stem for path in (TOP / "playbooks").glob("*.yaml")]
    templates = [path.stem for path in (TOP / "templates").glob("*.j2") if path.stem != "summary"]
    assert reports
    assert playbooks
    assert templates
    assert undocumented(reports, "reports.md") == []
    assert undocumented(playbooks, "your-own-playbook.md") == []
    assert undocumented(templates, "mails.md") == []


@pytest.mark.parametrize("page", LINKING, ids=name_of)
def test_every_link_leads_to_a_file_and_a_heading_that_exist(page):
    assert broken(page) == []


def test_a_link_to_a_missing_file_or_heading_is_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "# One: two\n[a](#one-two) [b](#one) [c](page.md#one-two) [d](none.md) [e](https://example.org) `[f](g)`\n",
        encoding="utf-8",
    )
    assert broken(page) == ["#one", "none.md"]


def test_the_readme_links_to_every_page():
    assert [name_of(page) for page in PAGES[1:] if name_of(page) not in links(README)] == []


def test_the_readme_stays_short():
    assert len(text_of(README).splitlines()) <= 120
