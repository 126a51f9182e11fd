"""Replies as a dozen mail programs write them, made to answer a summary that was sent: each is found, by each way."""

import os
from email import message_from_bytes, policy
from pathlib import Path

import pytest

DATA = os.environ.get("HANDOFFCTL_REAL_DATA")
pytestmark = pytest.mark.skipif(not DATA, reason="HANDOFFCTL_REAL_DATA names no folder with public replies")

WAYS = {
    "In-Reply-To": lambda drafted: {"In-Reply-To": drafted["message_id"]},
    "References": lambda drafted: {"References": f"<other@else.example>\r\n {drafted['message_id']}"},
    "reference": lambda drafted: {"Subject": f"AW: whatever [{drafted['reference']}]"},
    "sender and subject": lambda drafted: {
        "From": '"Birch, Ada" <ADA@birch.example>',
        "Subject": "RE: Re: " + drafted["subject"].partition(" [")[0],
    },
}


def replies() -> list[Path]:
    return sorted((Path(DATA or "") / "mail" / "replies_by_client").glob("*.eml"))


@pytest.fixture
def drafted(quick, home):
    """A summary that was sent; its subject has no reference, as somebody may want it who pastes it."""
    (home / "templates").mkdir(parents=True)
    (home / "templates" / "summary.j2").write_text("Subject: What we discussed\n\n{{ heads[0].lines[0] }}\n")
    assert quick("add", "Birch", "--contact", "Ada Birch <ada@birch.example>", now="2026-04-01").code == 0
    assert quick("set", "birch", "situation=orders on paper", now="2026-04-01").code == 0
    made = quick("summary", "draft", "birch", "--json", now="2026-04-01").json
    assert quick("summary", "sent", "birch", now="2026-04-01").code == 0
    return made


def adapted(raw: bytes, changes: dict[str, str]) -> bytes:
    """The mail as it is, but for these headers."""
    head, _, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    message = message_from_bytes(head + b"\n\n", policy=policy.compat32)
    for name in ("In-Reply-To", "References", "Subject", "From"):
        if name in changes or name in ("In-Reply-To", "References"):
            del message[name]
    for name, value in changes.items():
        message[name] = value
    return message.as_bytes().rstrip(b"\n") + b"\n\n" + body


@pytest.mark.parametrize("way", WAYS)
def test_every_reply_is_found_by_whatever_tells_it(quick, drafted, tmp_path, dump, way):
    box = tmp_path / "box"
    box.mkdir()
    for path in replies():
        (box / path.name).write_bytes(adapted(path.read_bytes(), WAYS[way](drafted)))
    before = dump()
    found = quick("inbox", str(box), "--assume", "none", "--json", now="2026-04-10").json
    assert found["messages"] == len(replies()) > 10
    assert found["unreadable"] == []
    assert {one["place"] for one in found["replies"]} == {path.name for path in replies()}
    assert {one["matched_by"] for one in found["replies"]} == {way}
    assert dump() == before


def test_a_whole_box_of_them_is_read_as_mbox_and_maildir_too(quick, drafted, tmp_path):
    import mailbox

    mbox, maildir = mailbox.mbox(tmp_path / "mbox"), mailbox.Maildir(tmp_path / "maildir")
    for path in replies():
        raw = adapted(path.read_bytes(), WAYS["In-Reply-To"](drafted))
        for place in (mbox, maildir):
            place.add(raw)
    mbox.close()
    texts = []
    for place in ("mbox", "maildir"):
        found = quick("inbox", str(tmp_path / place), "--assume", "none", "--json", now="2026-04-10").json
        assert len(found["replies"]) == len(replies()), place
        texts.append(sorted(one["text"] for one in found["replies"]))
    assert texts[0] == texts[1]
    assert sum(text == "Hello" for text in texts[0]) >= 8


def test_mails_that_answer_nothing_of_ours_are_passed_over(quick, drafted):
    found = quick("inbox", str(replies()[0].parent), "--json", now="2026-04-10").json
    assert (found["messages"], found["replies"], found["unreadable"]) == (len(replies()), [], [])
