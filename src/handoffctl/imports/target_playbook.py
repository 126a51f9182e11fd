"""The playbook that an import goes into: which of its stages each of the export's is; or a draft made from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from handoffctl.core.names import folded, slug
from handoffctl.deals.contacts import name_of
from handoffctl.errors import NotFound, Refused, UsageFault, nearest
from handoffctl.imports.draft_playbook import draft_playbook
from handoffctl.imports.rows.stages import FoundStage
from handoffctl.playbook.library import Rules, rules
from handoffctl.playbook.reader import playbook_from_text
from handoffctl.resources import shipped
from handoffctl.workspace.home import Home

MOST_STAGES = 200


@dataclass(frozen=True)
class Into:
    """The playbook, the name there of each stage of the export, and the draft's text where it has yet to be written."""

    rules: Rules
    stages: Mapping[int, str]
    text: str | None = None

    def written(self) -> Path | None:
        """Writes the draft, whole or not at all; gives where."""
        if self.text is None:
            return None
        path = self.rules.path
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.part")
        try:
            part.write_text(self.text, encoding="utf-8")
            part.rename(path)
        finally:
            part.unlink(missing_ok=True)
        return path

    def unwritten(self) -> None:
        """Takes the draft back."""
        if self.text is not None:
            self.rules.path.unlink(missing_ok=True)


def into(
    home: Home,
    stages: Sequence[FoundStage],
    fields: Sequence[str],
    playbook: str | None,
    make: str | None,
    program: str,
) -> Into:
    """The playbook to import into. Raises UsageFault, NotFound, Refused or RulesFault."""
    if make is None or not stages:  # companies and contacts alone go into no playbook
        used, text = rules(home, playbook or home.configuration.playbook), None
    else:
        used, text = _draft(home, make, stages, fields, program)
    unknown = [name for name in fields if name not in used.playbook.fields]
    if unknown:
        raise NotFound(
            f'The playbook {used.playbook.playbook} has no field called "{unknown[0]}" '
            f"{nearest(unknown[0], list(used.playbook.fields))}".rstrip()
            + ".",
            f"Add it under fields in {used.path.name}, take it out of the map, or let a draft be made: "
            "--make-playbook NAME",
            [f'no field called "{name}"' for name in unknown],
        )
    return Into(used, _matched(stages, used, made=make is not None), text)


def _draft(
    home: Home, make: str, stages: Sequence[FoundStage], fields: Sequence[str], program: str
) -> tuple[Rules, str | None]:
    title = name_of(make, "playbook's name")
    name = slug(title)
    if not any(c.isalnum() for c in title):
        raise UsageFault(
            f'"{title}" cannot be the name of a playbook.', "Take letters or digits: --make-playbook sales"
        )
    path = home.folder / "playbooks" / f"{name}.yaml"
    if path.exists():
        return rules(home, name), None
    if (shipped("playbooks") / f"{name}.yaml").exists():
        raise UsageFault(
            f"{name} is the name of a playbook that came with the program; a draft would hide it.",
            "Give the draft another name, as in: --make-playbook sales",
        )
    if len(stages) > MOST_STAGES:
        raise Refused(
            f"The export has {len(stages):,} stages; a playbook with more than {MOST_STAGES} helps nobody.",
            "Is the stage column the right one?",
        )
    text = draft_playbook(name, title, program, stages, fields, home.clock.today)
    return Rules(playbook_from_text(text, str(path)), path), text


def _matched(stages: Sequence[FoundStage], used: Rules, made: bool) -> dict[int, str]:
    """The playbook's stage for each of the export's: by name, title or slug. Raises Refused with all that have none."""
    playbook = used.playbook
    known = {folded(playbook.title_of(name)): name for name in playbook.stages} | {
        folded(name): name for name in playbook.stages
    }
    found = {stage.id: known.get(folded(stage.name)) or known.get(slug(stage.name)) for stage in stages}
    lacking = [stage.name for stage in stages if found[stage.id] is None]
    if lacking:
        another = "Let a draft be made from the export: --make-playbook NAME"
        if made:
            another = "Let a draft of another name be made from the export"
        raise Refused(
            f"The playbook {playbook.playbook} has no stage for {len(lacking)} of the stages that the import has.",
            f"{another}; or give them a place in {used.path.name}.",
            [f'no stage called "{stage}"' for stage in lacking],
        )
    return {id: name for id, name in found.items() if name is not None}
