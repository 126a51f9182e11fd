"""The interview sheet of a playbook: what its handoffs ask for and what that costs, to discuss with those concerned."""

from typing import NamedTuple

from handoffctl.core.json_record import JoinedRecords
from handoffctl.playbook.model import Handoff, Playbook
from handoffctl.reports.context import ReportContext, ReportHead, ReportOptions, open_report
from handoffctl.reports.fields.report import FieldLine, build
from handoffctl.workspace.home import Home

QUESTION = "Which decision fails without it?"


class SheetItemJson(NamedTuple):
    """The figures of one item that the sheet shows, which are some of its line in the fields report."""

    item: str
    label: str
    why: str
    level: str
    asked: int
    missing: int
    missing_share: float | None
    missing_though_completed: int
    median_seconds: float | None
    named_in_returns: int
    verdict: str
    because: str


class SheetItem(NamedTuple):
    """One item of a handoff, as a line of the fields report."""

    line: FieldLine

    def as_json(self) -> SheetItemJson:
        line = self.line
        return SheetItemJson(
            line.item,
            line.label,
            line.why,
            line.level,
            line.asked,
            line.missing,
            line.missing_share,
            line.missing_though_completed,
            line.median_seconds,
            line.named_in_returns,
            line.verdict,
            line.because,
        )


class SheetHandoff(NamedTuple):
    """One handoff with its trigger and reasons; roles and texts are empty where the playbook has none."""

    handoff: str
    from_: str
    to: str
    called: str
    sender: str
    receiver: str
    trigger: str
    reason: str
    benefit: str
    items: list[SheetItem]


class SheetBody(NamedTuple):
    """The keys of the sheet's JSON that follow its head."""

    title: str
    question: str
    handoffs: list[SheetHandoff]


class InterviewSheet(NamedTuple):
    """The sheet, and the remarks that are printed beside it."""

    head: ReportHead
    title: str
    question: str
    handoffs: list[SheetHandoff]
    remarks: list[str]

    def as_json(self) -> JoinedRecords:
        """Returns the sheet as `--json` prints it."""
        return JoinedRecords(self.head, SheetBody(self.title, self.question, self.handoffs))


def interview_sheet(home: Home, playbook: str = "") -> InterviewSheet:
    """Returns the sheet of a playbook, by default of the one in use. Raises NotFound or RulesFault."""
    with open_report(home, ReportOptions(playbook)) as context:
        lines = build(context).fields
        return InterviewSheet(
            context.head,
            context.playbook.title or context.playbook.playbook,
            QUESTION,
            _handoffs(context, lines),
            context.remarks,
        )


def _handoffs(context: ReportContext, lines: list[FieldLine]) -> list[SheetHandoff]:
    described = {(handoff.from_stage, handoff.key): handoff for handoff in context.playbook.handoffs}
    by_handoff: dict[tuple[str, str], list[FieldLine]] = {}
    for line in lines:
        by_handoff.setdefault((line.from_, line.handoff), []).append(line)
    return [_handoff(context.playbook, described.get(key), of_handoff) for key, of_handoff in by_handoff.items()]


def _handoff(playbook: Playbook, handoff: Handoff | None, lines: list[FieldLine]) -> SheetHandoff:
    """Returns one handoff; `handoff` is None for a direct move into a won stage, which the playbook does not have."""
    first = lines[0]
    sender = playbook.owner_of(first.from_)
    receiver = playbook.owner_of(first.to) if first.to in playbook.stages else ""
    return SheetHandoff(
        first.handoff,
        first.from_,
        first.to,
        first.called,
        (handoff and handoff.sender) or sender,
        (handoff and handoff.receiver) or receiver,
        handoff.trigger.says if handoff and handoff.trigger else "",
        handoff.reason if handoff else "",
        handoff.benefit if handoff else "",
        [SheetItem(line) for line in lines],
    )
