"""Mail nobody should ever get: it is read as far as it goes, soon, and never ends in a traceback."""

import contextlib
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.processor_time import processor_seconds

from handoffctl.errors import Refused
from handoffctl.inbox import mailbox as mailbox_module
from handoffctl.inbox import newest_text as newest_text_module
from handoffctl.inbox.mailbox import MailMessage, UnreadableMail, read_messages
from handoffctl.inbox.newest_text import TOO_MUCH, NewestText, newest_text
from handoffctl.inbox.reply_kind import propose_kind

EXAMPLES = max(15, int(os.environ.get("HANDOFFCTL_FUZZ", "0")) // 4)
SOON = 8  # seconds of the processor; a process that reads a mail may use two

tried = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], database=None
)

REAL = b"""\
From ida@studio.example Mon Mar  2 14:20:00 2026
Return-Path: <jane@acme.example>
Message-ID: <1@acme.example>
In-Reply-To: <a@studio.example>
References: <r@studio.example>
 <a@studio.example>
From: =?utf-8?q?J=C3=B6rg?= <jane@acme.example>
Subject: =?iso-8859-1?b?R3L232U=?= Re: Notes
Date: Mon, 2 Mar 2026 14:20:00 +0100
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="b1"

--b1
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

Yes, that is right. Gr=C3=B6=C3=9Fe

On Mon, 2 Mar 2026 at 14:20, Ida <ida@studio.example> wrote:
> The budget is 12,000.
--b1
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: base64

PHA+WWVzPC9wPjxibG9ja3F1b3RlPm9sZDwvYmxvY2txdW90ZT4=
--b1--
"""
LINES = REAL.split(b"\n")
PIECES = st.sampled_from(
    [b"\0", b"\n", b"\r", b"\n\n", b"\r\n", b">", b"<", b"--b1", b"--b1--", b"From ", b"\xff", b"=?", b"?=",
    b"=?utf-8?b?", b":", b";",
     b"boundary=", b"boundary=b1", b"Content-Type: multipart/mixed; boundary=b1\n\n", b"charset=hex",
     b"charset=utf-7", b"Date: ",
     b"99999", b"Content-Transfer-Encoding: base64\n", b"\nBcc: x@y.example\n", "\u202e\u2028".encode(), b"<!--",
     b"</p>",
     b"&#99999999;", b"-----Original Message-----\n", b"On wrote:\n", b"\xef\xbb\xbf", b" " * 2_000, b"x" * 70_000]
)  # fmt: skip


def assert_read(raw, name):
    """Whatever it is, it is messages with sound texts, or a refusal in a sentence."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(raw)
        found: list[MailMessage | UnreadableMail] = []
        with contextlib.suppress(Refused):
            found = list(read_messages(path))
        assert path.read_bytes() == raw
    for one in found:
        if isinstance(one, UnreadableMail):
            assert one.reason.endswith(".")
            assert "Error" not in one.reason
            continue
        for text in (one.id, one.subject, one.sender, one.sender_name, *one.answers, *one.references, *one.remarks):
            assert "\0" not in text
            assert "\n" not in text
            text.encode()
        assert_cut(one.raw)


def assert_cut(raw):
    done = newest_text(raw)
    assert "\0" not in done.text
    done.text.encode()
    assert not [remark for remark in done.remarks if "Error" in remark], done.remarks
    assert propose_kind(done.text, automatic=False) in ("confirmed", "corrected", "other")


@tried
@given(st.binary(max_size=3_000), st.sampled_from(["box", "one.eml"]))
def test_random_bytes(raw, name):
    assert_read(raw, name)
    assert_cut(raw)
    assert_read(b"From \nSubject: x\n" + raw, name)
    assert_cut(b"Content-Type: text/html\n\n" + raw)


@tried
@given(st.lists(st.tuples(st.integers(0, len(REAL)), st.integers(0, 80), PIECES), max_size=8), st.integers(0, 3))
def test_a_real_mail_with_pieces_put_in_and_taken_out(changes, copies):
    raw = REAL * (copies + 1)
    for at, length, piece in changes:
        raw = raw[:at] + piece + raw[at + length :]
    assert_read(raw, "box")
    assert_read(raw, "one.eml")


@tried
@given(st.lists(st.sampled_from(LINES), max_size=60), st.sampled_from([b"\n", b"\r\n", b"\r"]), st.integers(0, 400))
def test_the_lines_of_a_real_mail_in_any_order_doubled_and_broken_off(lines, end, spare):
    raw = end.join(lines)
    assert_read(raw[: max(0, len(raw) - spare)], "box")
    assert_read(LINES[6] + end + raw, "one.eml")


@tried
@given(st.text(max_size=1_500), st.sampled_from(["plain", "html"]))
def test_random_text(text, kind):
    assert_cut(f"Content-Type: text/{kind}; charset=utf-8\n\n".encode() + text.encode("utf-8", "replace"))


def nested(depth, boundary="b%d"):
    return b"".join(
        f"Content-Type: multipart/mixed; boundary={boundary.replace('%d', str(n))}\n\n"
        f"--{boundary.replace('%d', str(n))}\n".encode() for n in range(depth)
    )  # fmt: skip


HEAD = b"Subject: x\nContent-Type: text/html\n\n"
MIXED = b"Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n"
HEAVY = {
    "multiparts 3,000 deep": b"Subject: x\n" + nested(3_000) + b"\ntext\n",
    "3,000 deep with one boundary": b"Subject: x\n" + nested(3_000, "b") + b"\ntext\n",
    "mails in mails": b"Subject: x\n" + b"Content-Type: message/rfc822\n\n" * 3_000,
    "a million parts": MIXED + b"--b\n\n" * 1_000_000,
    "parts of headers": MIXED + (b"--b\n" + b"a: b\n" * 20_000) * 100,
    "parts of HTML": MIXED + (b"--b\nContent-Type: text/html\n\n" + b"<p>x</p>" * 5_000 + b"\n") * 150,
    "an endless header": b"Subject: " + b"x" * 5_000_000,
    "a folded header": b"References: <a@b>\n" + b" <a@b>\n" * 500_000,
    "a million headers": b"From: a@b.example\n" * 1_000_000,
    "half words": b"Subject: " + b"=?a?q?" * 50_000 + b"\nFrom: " + b"<a@" * 50_000 + b"\nDate: " + b"1 Jan "
    b"" * 9_000 + b"\n\n",
    "blank lines": b"Subject: x\n\n" + b"\n" * 5_000_000,
    "open tags": HEAD + b"<a b='" * 200_000, "open comments": HEAD + b"<!--" * 250_000,
    "open heads": HEAD + b"<head " * 170_000,
    "deep HTML": HEAD + b"<div>" * 100_000 + b"</b>" * 100_000, "quotes in HTML": HEAD + b"<blockquote>" * 80_000,
    "a number of a million digits": HEAD + b"&#" + b"9" * 1_000_000 + b";", "ampersands": HEAD + b"&" * 1_000_000,
    "base64 of marks": b"Subject: x\nContent-Transfer-Encoding: base64\n\n" + b"A=" * 2_000_000,
    "printable": b"Subject: x\nContent-Transfer-Encoding: quoted-printable\n\n" + b"=" * 2_000_000,
    "half marks": HEAD + b"<![x <! <!DOCTYPE <?x </ &#x <![CDATA[" * 200,
    "odd parameters": b"Subject: x\nContent-Type: text/plain; charset*" + b"9" * 5_000 + b"=\0''x; charset*=\0''x\n\nx",
    "60 deep": b"Subject: x\n" + nested(60) + b"\n" + b"-\n" * 400_000,
    "colons": b"Subject: x\n\n" + b"a:\n" * 300_000,
    "48 MB of parts": MIXED + b"--b\na: b\n\n" * 4_000_000,
    "NULs": b"Subject: \0\nFrom: \0@\0\n\n" + b"\0" * 1_000_000,
}  # fmt: skip


@pytest.mark.trial
@pytest.mark.parametrize("name", HEAVY)
def test_heavy_mails_are_read_soon(name, tmp_path):
    path = tmp_path / "one.eml"
    path.write_bytes(HEAVY[name])
    with processor_seconds(SOON):
        (found,) = read_messages(path)
        assert isinstance(found, MailMessage)
        assert_cut(found.raw)


@pytest.mark.parametrize(
    "line", [b"From \n", b"From a@b.example Mon Mar  2 14:20:00 2026\n", b"From x\nSubject: x\n", b"\n\n"]
)
def test_a_box_of_such_lines_only_is_read_soon(line, tmp_path):
    path = tmp_path / "box"
    path.write_bytes(b"From x\nSubject: x\n\n" + line * (1_000_000 // len(line)))
    with processor_seconds(SOON):
        assert all(isinstance(one, MailMessage | UnreadableMail) for one in read_messages(path))


def test_what_nobody_foresaw_in_one_mail_does_not_stop_the_rest(tmp_path, monkeypatch):
    path = tmp_path / "box"
    path.write_bytes(b"From x\nSubject: bad\n\nx\n\nFrom x\nSubject: good\n\nx\n")
    original = mailbox_module.parse_headers

    def fails(raw):
        if b"bad" in raw:
            raise RecursionError
        return original(raw)

    monkeypatch.setattr(mailbox_module, "parse_headers", fails)
    first, second = read_messages(path)
    assert first == UnreadableMail("message 1", "Its headers cannot be read (RecursionError).")
    assert second.subject == "good"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="without fork there are no limits")
@pytest.mark.parametrize(
    "work", [lambda _: all(1 for _ in iter(int, 1)), lambda _: b"x" * 2**40], ids=["time", "memory"]
)
def test_a_mail_that_takes_too_much_gives_no_text_and_says_so(monkeypatch, work):
    newest_text(REAL)  # from then on all is read within limits
    monkeypatch.setattr(newest_text_module, "body_text", work)
    assert newest_text(REAL) == NewestText("", (TOO_MUCH,))
    monkeypatch.undo()
    assert newest_text(REAL).text


def test_a_header_cannot_be_put_in_by_words_that_are_decoded(tmp_path):
    path = tmp_path / "one.eml"
    path.write_bytes(
        b"Subject: =?utf-8?q?a=0D=0AAuto-Submitted:_auto-replied=0D=0A=0D=0Abody?=\nFrom: a@b.example\n\nYes"
    )
    (found,) = read_messages(path)
    assert found.subject == "a Auto-Submitted: auto-replied body"
    assert not found.automatic
    assert newest_text(found.raw).text == "Yes"
