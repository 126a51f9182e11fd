"""The stages of the export beside those of the playbook: matched, and joined where two of them are one."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from handoffctl.imports.rows.stages import CLOSING, ExportStage
from handoffctl.imports.staging.database import StagingDb


@dataclass(frozen=True)
class PlaybookStage:
    """A stage as a playbook has it; `owner` is the role that owns deals in it."""

    playbook: str
    name: str
    title: str
    kind: str
    owner: str


def add_stages(staging: StagingDb, stages: Sequence[ExportStage]) -> None:
    """Stages the ids of the export's stages, and which of them close a deal."""
    staging.add_rows(
        "stage", {"id": [stage.id for stage in stages], "closing": [stage.kind in CLOSING for stage in stages]}
    )


def match_stages(staging: StagingDb, matched: Mapping[int, PlaybookStage], unmatched: Sequence[PlaybookStage]) -> None:
    """Gives the export's stages, by id, what the playbook says of them, and adds the stages only the playbook has."""
    for id, stage in matched.items():
        staging.execute("UPDATE incoming.stage SET playbook = :playbook, name = :name, title = :title, "
                        "kind = :kind, owner = :owner WHERE id = :id", id=id, **asdict(stage))  # fmt: skip
    for stage in unmatched:
        staging.execute("INSERT INTO incoming.stage (playbook, name, title, kind, owner) "
                        "VALUES (:playbook, :name, :title, :kind, :owner)", **asdict(stage))  # fmt: skip


def join_stages(staging: StagingDb) -> None:
    """Joins stages of the export that are one stage of the playbook: consecutive stays in them become one."""
    staging.execute("""
        UPDATE incoming.stay SET stage = f.id FROM incoming.stage AS t, (
            SELECT name, min(id) AS id FROM incoming.stage GROUP BY name HAVING count(*) > 1) AS f
        WHERE t.id = stay.stage AND f.name = t.name""")
    staging.execute("""DELETE FROM incoming.stage WHERE name IS NOT NULL
                   AND id NOT IN (SELECT min(id) FROM incoming.stage GROUP BY name)""")
    staging.execute("""
        CREATE TABLE incoming.joined AS
        SELECT no, row_number() OVER (PARTITION BY no ORDER BY number) AS number, stage, at, entered, owner, basis
        FROM (
            SELECT *, lag(stage) OVER (PARTITION BY no ORDER BY number) AS before FROM incoming.stay)
        WHERE stage IS NOT before""")
    staging.execute("DELETE FROM incoming.stay")
    staging.execute("INSERT INTO incoming.stay SELECT * FROM incoming.joined ORDER BY no, number")
    staging.execute("DELETE FROM incoming.deal_paths")
    staging.execute(
        "INSERT INTO incoming.deal_paths SELECT no, group_concat(stage, '>') FROM incoming.stay GROUP BY no"
    )
