"""A first look through an export that leaves open how it writes dates or amounts."""

from collections.abc import Sequence

from handoffctl.imports.cells.amounts import Amounts
from handoffctl.imports.cells.dates import DateOrder, DatesSeen, settled
from handoffctl.imports.mapping.columns import Part

BATCH = 2_000
_OF_DATES = ("date", "modstamp", "datum", "fecha", "data", "дата", "created", "modified", " at", "_at")


def survey(parts: Sequence[Part], given: str | None) -> tuple[DateOrder, Amounts]:
    """The order in which the export writes dates, and its way of writing amounts. Raises Refused with the question."""
    used, others, amounts = DatesSeen(), DatesSeen(), Amounts()
    for part in parts:
        dated = [place for word in part.dated for place in part.places[word]]
        unused = [place for place, header in enumerate(part.sheet.headers)
                  if place not in dated and any(word in header.casefold() for word in _OF_DATES)]  # fmt: skip
        sums = part.places.get("amount", [])
        for rows, columns in part.sheet.batches([*dated, *unused, *sums], BATCH):
            for number, texts in enumerate(columns):
                if number >= len(dated) + len(unused):
                    for text in texts:
                        amounts.see(text)
                    continue
                seen = used if number < len(dated) else others
                for row, text in zip(rows, texts, strict=True):
                    seen.see(text, part.sheet.file, row)
    return settled(given, used, others), amounts
