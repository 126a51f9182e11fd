"""Writes an e-mail to an .eml file that a mail program opens as a draft. Sends nothing."""

from collections.abc import Sequence
from datetime import datetime, time
from hashlib import sha256
from pathlib import Path

from handoffctl.core.moments import as_datetime, is_date
from handoffctl.core.names import split_name_and_email
from handoffctl.emails.email import Email
from handoffctl.emails.eml import eml_draft, message_id
from handoffctl.emails.summary.draft import parse_address
from handoffctl.errors import Refused
from handoffctl.workspace.home import Home
from handoffctl.workspace.put_files import publish_file

MOST_OF_HEAD = 64 * 1024


def write_eml(home: Home, path: Path, email: Email, cc: Sequence[str], sent_as: str = "") -> str:
    """Writes the file, over one with the same e-mail. Returns a remark on what it lacks, or an empty string.

    Raises Refused if another file would be overwritten, or for an invalid address in `cc`.
    """
    me = home.configuration
    if not sent_as:
        text = "\n".join((email.template, email.to, email.pasted))
        sent_as = message_id(sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16], me.email)
    copies = [_copy_to(home, copy) for copy in cc]
    _refuse_other_file(path, sent_as)
    mail = eml_draft(
        (email.to_name, email.to), copies, (me.name, me.email), email.subject, email.body, _local_now(home), sent_as,
        email.references,
    )  # fmt: skip
    publish_file(path, mail)
    return _remark(home, path, email, mail)


def _remark(home: Home, path: Path, email: Email, mail: bytes) -> str:
    """Names the headers that the file lacks, and why."""
    head = b"\r\n" + mail.partition(b"\r\n\r\n")[0]
    absent = [name for name in ("To", "From") if f"\r\n{name}: ".encode() not in head]
    reasons = {
        "To": "it is for your own side" if email.internal else "the contact has no address",
        "From": f"me: {{email: ...}} in {home.folder / 'config.yaml'} is not set, or no address",
    }
    return " ".join(f"It has no {name}: {reasons[name]}." for name in absent)


def _copy_to(home: Home, text: str) -> str:
    """Returns `Sam <sam@acme.example>` or the address alone. Raises Refused for an invalid address."""
    name, written = split_name_and_email(text)
    parsed = parse_address(home, written or name, "--cc")
    return f"{name} <{parsed}>" if written and name else parsed


def _local_now(home: Home) -> datetime:
    """Returns the present moment with its offset; for a date, its noon, which is the same day in most places."""
    now, zone = home.clock.now, home.clock.zone
    if is_date(now):
        noon = datetime.combine(datetime.fromisoformat(now), time(12))
        return noon.replace(tzinfo=zone) if zone else noon.astimezone()
    return as_datetime(now).astimezone(zone)


def _refuse_other_file(path: Path, sent_as: str) -> None:
    """Raises Refused if the path is taken by anything but this e-mail, as written by us."""
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
