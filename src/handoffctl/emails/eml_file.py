"""Writes an e-mail as a file that a mail program opens as a draft of its own. Sends nothing."""

from collections.abc import Sequence
from datetime import datetime, time
from hashlib import sha256
from pathlib import Path

from handoffctl.core.moments import as_datetime, is_date
from handoffctl.core.names import name_and_email
from handoffctl.emails.email import Email
from handoffctl.emails.eml import message_id, unsent
from handoffctl.emails.summary.draft import address
from handoffctl.errors import Refused
from handoffctl.workspace.home import Home
from handoffctl.workspace.put_files import put

MOST_OF_HEAD = 64 * 1024


def write_unsent(home: Home, path: Path, made: Email, cc: Sequence[str], sent_as: str = "") -> str:
    """Writes the file, anew where it holds the same mail. Gives a remark where something is not in it, else nothing.

    Raises Refused where another file would be overwritten.
    """
    me = home.configuration
    if not sent_as:
        text = "\n".join((made.template, made.to, made.pasted))
        sent_as = message_id(sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16], me.email)
    copies = [_copy_to(home, one) for one in cc]
    _refuse_another(path, sent_as)
    mail = unsent(
        (made.to_name, made.to), copies, (me.name, me.email), made.subject, made.body, _local(home), sent_as,
    )  # fmt: skip
    put(path, mail)
    return _remark(home, path, made, mail)


def _remark(home: Home, path: Path, made: Email, mail: bytes) -> str:
    """What is not in the file, and why."""
    head = b"\r\n" + mail.partition(b"\r\n\r\n")[0]
    absent = [name for name in ("To", "From") if f"\r\n{name}: ".encode() not in head]
    reasons = {
        "To": "it is for your own side" if made.internal else "the contact has no address",
        "From": f"me: {{email: ...}} in {home.folder / 'config.yaml'} is not set, or no address",
    }
    return " ".join(f"It has no {name}: {reasons[name]}." for name in absent)


def _copy_to(home: Home, text: str) -> str:
    """`Sam <sam@acme.example>` or the address alone. Raises Refused for what is no address."""
    name, given = name_and_email(text)
    there = address(home, given or name, "--cc")
    return f"{name} <{there}>" if given and name else there


def _local(home: Home) -> datetime:
    """The present moment with its offset. Of a date it is noon, which is that day in most places."""
    now, zone = home.clock.now, home.clock.zone
    if is_date(now):
        noon = datetime.combine(datetime.fromisoformat(now), time(12))
        return noon.replace(tzinfo=zone) if zone else noon.astimezone()
    return as_datetime(now).astimezone(zone)


def _refuse_another(path: Path, sent_as: str) -> None:
    """A file that is there already must be this very mail, as we wrote it."""
    if path.is_dir():
        raise Refused(f"{path} is a folder.", "Name a file, as in: --eml summary.eml")
    if not path.exists():
        return
    if not path.is_file():
        raise Refused(f"{path} is no ordinary file.", "Name a file, as in: --eml summary.eml")
    with path.open("rb") as file:
        head = file.read(MOST_OF_HEAD).partition(b"\r\n\r\n")[0].split(b"\r\n")
    if b"X-Unsent: 1" not in head or f"Message-ID: {sent_as}".encode() not in head:
        raise Refused(f"{path} is there already, and is not this mail.", "Give another name, or remove it first.")
