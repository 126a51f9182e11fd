"""The lines of a map about its stages: when they were entered, which of them close a deal, and their order."""

from collections.abc import Iterator

from handoffctl.imports.suggest.model import Guess
from handoffctl.imports.suggest.touch_kinds import touch_kind
from handoffctl.imports.suggest.yaml_text import can_be_written, example, listed, quoted, remarked

MOST_LISTED = 40  # stages; of more the order and the kinds are for the owner to write


def entered_lines(guess: Guess) -> Iterator[str]:
    """The date columns that say when a stage was entered; or how to write that."""
    if guess.rows != "deals" or not (guess.stages or guess.entered):
        return
    found = [(stage, column) for stage, column in guess.entered.items() if can_be_written(column.header)]
    offered = [(stage, column) for stage, column in guess.offered.items() if can_be_written(column.header)]
    if found:
        yield remarked("entered:", "when the stage was entered, by stage")
    else:
        yield "# entered: which column says when a stage was entered? As in:"
        yield "# entered:"
    for stage, column in found[:MOST_LISTED]:
        why = guess.said.get(f"entered:{stage}", "")
        yield remarked(f"  {quoted(stage)}: {quoted(column.header)}", example(column.example, why))
    for stage, column in offered:
        line = f"#   {quoted(stage)}: {quoted(column.header)}"
        yield remarked(line, example(column.example, "if every deal begins in this stage"))
    if not found and not offered:
        yield f"#   {quoted(guess.stages[0])}: COLUMN"


def stage_lines(guess: Guess) -> Iterator[str]:
    """What is known of the kinds of the stages, and of their order."""
    if guess.rows not in ("deals", "changes") or not guess.stages:
        return
    kinds = [(name, kind) for name, kind in guess.kinds.items() if kind != "open"][:MOST_LISTED]
    if kinds:
        why = "as the program has them" if guess.recognised else "guessed from their names, so check them"
        yield remarked("kinds:", f"{why}: won, lost or nurture (put aside); the others are open")
        yield from (f"  {quoted(name)}: {kind}" for name, kind in kinds)
    beside = {"status", "closed", "won"} & set(guess.columns)
    if "won" not in dict(kinds).values() and not beside:
        yield (
            "# kinds: which stage means won, which lost? The others are open. As in:"
            if not kinds
            else ("# Which stage means won? As in:")
        )
        yield from ([] if kinds else ["# kinds:"])
        yield "#   STAGE: won"
    order = guess.open_stages[:MOST_LISTED]
    if len(order) > 1 and guess.order_why:
        yield remarked("order:", f"of the open stages, a guess {guess.order_why}")
        yield from (f"  - {quoted(name)}" for name in order)
    elif len(order) > 1:
        yield "# The open stages: put them in order. Without these lines the import looks how deals went through them."
        yield "# order:"
        yield from (f"#   - {quoted(name)}" for name in order)


def value_lines(guess: Guess) -> Iterator[str]:
    """What the values of further columns mean."""
    if guess.statuses:
        yield "statuses:"
        yield from (f"  {status}: {listed(words)}" for status, words in guess.statuses.items())
    if guess.rows != "touches":
        return
    kinds = _touch_kinds(guess)
    if kinds:
        yield remarked("touch_kinds:", "call, email, meeting, message or note; what is in none of the lists is a note")
        yield from (f"  {ours}: {listed(theirs)}" for ours, theirs in kinds.items())
    rules = guess.recognised.rules if guess.recognised else None
    if rules and rules.outcomes:
        yield "outcomes:"
        yield from (f"  {ours}: {listed(theirs)}" for ours, theirs in rules.outcomes.items())
    if rules and rules.directions:
        yield "directions:"
        yield from (f"  {ours}: {listed(theirs)}" for ours, theirs in rules.directions.items())


def _touch_kinds(guess: Guess) -> dict[str, list[str]]:
    if guess.recognised:
        return {ours: list(theirs) for ours, theirs in guess.recognised.rules.touch_kinds.items()}
    column = guess.column("kind")
    found: dict[str, list[str]] = {}
    for value in filter(can_be_written, column.counts if column else ()):
        ours = touch_kind(value)
        if ours:
            found.setdefault(ours, []).append(value)
    return found
