"""The options by which people say what a handoff lacked, and what a client was asked again."""

from typing import Annotated

import typer

AskedTwice = Annotated[
    list[str],
    typer.Option(
        "--asked-twice", metavar="FIELD", help="The client was asked this again although it was known. Repeatable."
    ),
]
