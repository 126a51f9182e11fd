"""Mail boxes of every form are read message by message, lazily, in a stable order, and left as they were."""

import mailbox
import os
from dataclasses import replace
from email.message import EmailMessage

import pytest
from tests.processor_time import processor_seconds

from handoffctl.errors import Refused
from handoffctl.inbox import mailbox as mailbox_module
from handoffctl.inbox import newest_text as newest_text_module
from handoffctl.inbox.mailbox import MailMessage, UnreadableMail, read_messages

MAIL = b"""\
Message-ID: <1@acme.example>
In-Reply-To: <a@studio.example>
References: <r@studio.example>
 <a@studio.example>
From: "Doe, Jane" <Jane@Acme.example>
Subject: Re:  Notes
Date: Mon, 2 Mar 2026 14:20:00 +0100

Yes.
"""
ENVELOPE = b"From jane@acme.example Mon Mar  2 14:20:00 2026\n"


@pytest.fixture
def box(tmp_path):
    def save(content, name="box"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    return save


def mail(number=1, **more):
    lines = [f"Message-ID: <{number}@acme.example>", f"Subject: s{number}", "From: Tom <tom@acme.example>"]
    return "\n".join(
        [*lines, *(f"{name.replace('_', '-')}: {value}" for name, value in more.items()), "", "Hi"]
    ).encode()


def read(raw, box):
    (found,) = read_messages(box(raw, "one.eml"))
    assert isinstance(found, MailMessage), found
    return found


def test_a_mail_in_a_file_of_its_own(box):
    found = read(MAIL, box)
    assert (found.place, found.raw) == ("one.eml", MAIL)
    assert (found.id, found.answers) == ("<1@acme.example>", ("<a@studio.example>",))
    assert found.references == ("<r@studio.example>", "<a@studio.example>")
    assert (found.sender, found.sender_name, found.subject) == ("jane@acme.example", "Doe, Jane", "Re: Notes")
    assert (found.at, found.automatic, found.remarks) == ("2026-03-02T13:20:00Z", False, ())


@pytest.mark.parametrize("name", ["one.eml", "one.EML", "one.txt", "one"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf", b"\n\r\n"])
def test_a_file_that_does_not_begin_as_an_mbox_is_one_message(box, name, start):
    (found,) = read_messages(box(start + MAIL, name))
    assert found.id == "<1@acme.example>"


def test_an_eml_file_may_begin_with_the_line_of_an_mbox(box):
    assert read(ENVELOPE + MAIL, box).id == "<1@acme.example>"
    assert newest_text_module.newest_text(ENVELOPE + MAIL).text == "Yes."


def test_an_mbox_as_the_standard_library_writes_it(tmp_path):
    made = mailbox.mbox(tmp_path / "box")
    for number in range(5):
        message = EmailMessage()
        message["Message-ID"] = f"<{number}@acme.example>"
        message["Subject"] = f"Größe {number}"
        message.set_content("From here on it is right.\n\nFrom me to you at 12:30\nSubject: x\n")
        made.add(message)
    made.flush()
    found = list(read_messages(tmp_path / "box"))
    assert [one.place for one in found] == [f"message {number}" for number in range(1, 6)]
    assert [one.subject for one in found] == [f"Größe {number}" for number in range(5)]
    assert newest_text_module.newest_text(found[0].raw).text.startswith("From here on it is right.\n\nFrom me")


@pytest.mark.parametrize(
    "envelope",
    [
        b"From J\xf6rg@acme.example Mon Mar  2 14:20:00 2026\n", "From Jörg Mon Mar  2 14:20:00 2026\n".encode(),
        b"From \n", b"From - Mon Mar 02 14:20:00 2026\r\n", b"From 1234@xxx Mon Mar 02 14:20:00 +0000 2026\n",
        b"From MAILER-DAEMON\n", b"From a@b.example Mon Mar  2 14:20 2026 remote from there\n",
    ],
)  # fmt: skip
def test_the_line_between_two_messages_may_be_odd(box, envelope):
    path = box(envelope + MAIL + b"\n" + envelope + mail(2) + b"\n\n" + envelope + mail(3))
    assert [one.id[1] for one in read_messages(path)] == ["1", "2", "3"]


@pytest.mark.parametrize("line", ["From now on: 12:30 is fine", "From: x", "From Monday at 12:30 we work\nand rest"])
def test_a_line_of_the_text_that_begins_with_from_does_not_cut_a_message(box, line):
    path = box(ENVELOPE + MAIL + f"\n{line}\n\n{line}\nit is so.\n".encode() + b"\n" + ENVELOPE + mail(2))
    assert [one.id[1] for one in read_messages(path)] == ["1", "2"]
    (first, _) = read_messages(path)
    assert first.raw.count(line.encode()) == 2


def test_an_mbox_is_left_byte_for_byte_and_may_be_read_only(box):
    path = box(ENVELOPE + MAIL + b"\n" + ENVELOPE + mail(2))
    os.utime(path, (1_000_000_000, 1_000_000_000))
    path.chmod(0o400)
    before, content = path.stat(), path.read_bytes()
    assert len(list(read_messages(path))) == 2
    after = path.stat()
    assert (after.st_mtime_ns, after.st_size, after.st_mode) == (before.st_mtime_ns, before.st_size, before.st_mode)
    assert path.read_bytes() == content
    assert [one.name for one in path.parent.iterdir()] == ["box"]


def test_a_maildir_is_read_by_file_name_and_other_files_of_it_are_passed_over(box, tmp_path):
    for number, name in enumerate(("cur/2:2,S", "new/1", "cur/3", "cur/.hidden", "tmp/4", "dovecot.index"), 1):
        box(mail(number), f"dir/{name}")
    assert [(one.place, one.id[1]) for one in read_messages(tmp_path / "dir")] == [
        ("1", "2"),
        ("2:2,S", "1"),
        ("3", "3"),
    ]


def test_a_folder_of_eml_files_is_read_sorted(box, tmp_path):
    box(mail(1), "dir/b.eml")
    box(mail(2), "dir/a.EML")
    box(b"", "dir/notes.txt")
    assert [one.place for one in read_messages(tmp_path / "dir")] == ["a.EML", "b.eml"]


def test_an_empty_box_holds_nothing(box, tmp_path):
    for name in ("empty", "dir/new/", "other"):
        (tmp_path / name).mkdir(parents=True)
    for path in (tmp_path / "empty", tmp_path / "dir", box(b""), box(b"\n\n", "blank"), box(b"", "x.eml")):
        assert list(read_messages(path)) == []


@pytest.mark.parametrize(
    "content", [b"id,name\n1,Roof\n", b"\0" * 5_000, b"\x89PNG\r\n", b"https://x.example\n", b"def x():\n  pass\n",
    b"x" * 99]
)  # fmt: skip
@pytest.mark.parametrize("name", ["x.eml", "x.csv"])
def test_what_is_no_mail_is_refused_before_anything_is_read_from_it(box, content, name):
    with pytest.raises(Refused, match="not a mail file") as refused:
        read_messages(box(content, name))
    assert refused.value.hint


def test_what_is_no_box_is_refused(box, tmp_path):
    box(b"x", "folder/notes.txt")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "round").symlink_to(tmp_path / "round")
    for name in ("folder", "pipe", "round", "gone", "gone/x.eml", "a\0b", "folder/notes.txt/x"):
        with pytest.raises(Refused) as refused:
            read_messages(tmp_path / name)
        assert refused.value.hint
        assert refused.value.message.endswith(".")


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read every file")
def test_what_may_not_be_read_is_refused_or_named_and_does_not_stop_the_rest(box, tmp_path):
    locked = box(mail(1), "dir/cur/1")
    box(mail(2), "dir/cur/2")
    locked.chmod(0)
    first, second = read_messages(tmp_path / "dir")
    assert isinstance(first, UnreadableMail)
    assert "Permission" in first.reason
    assert second.id == "<2@acme.example>"
    with pytest.raises(Refused):
        read_messages(locked)


def test_a_file_that_vanishes_is_named(box, tmp_path):
    for number in (1, 2):
        box(mail(number), f"dir/cur/{number}")
    found = read_messages(tmp_path / "dir")
    (tmp_path / "dir/cur/2").unlink()
    assert [type(one) for one in found] == [MailMessage, UnreadableMail]


def test_a_message_without_headers_or_that_is_too_large_does_not_stop_the_rest(box, tmp_path, monkeypatch):
    monkeypatch.setattr(mailbox_module, "LARGEST_MAIL", 5_000)
    large = mail(3) + b"x\n" * 5_000
    path = box(b"\n".join((ENVELOPE + MAIL, ENVELOPE + b"\nno headers\n", ENVELOPE + large, ENVELOPE + mail(4))))
    first, second, third, fourth = read_messages(path)
    assert (first.id, fourth.id) == ("<1@acme.example>", "<4@acme.example>")
    assert (second.place, second.reason) == ("message 2", "It has no headers of a mail.")
    assert third.reason.startswith("It is larger than")
    box(large, "dir/cur/1")
    box(b"", "dir/cur/2")
    assert [type(one) for one in read_messages(tmp_path / "dir")] == [UnreadableMail, UnreadableMail]


@pytest.mark.parametrize(
    ("header", "ids"),
    [
        ("<a@b>", ["<a@b>"]), ("<a@b><c@d>", ["<a@b>", "<c@d>"]), ("<a@b>\n\t<c@d>\n  <a@b>", ["<a@b>", "<c@d>"]),
        ("<a\n @b>", ["<a@b>"]), ("a@b", ["<a@b>"]), ("a@b, c@d", ["<a@b>", "<c@d>"]), ("alone", ["<alone>"]),
        ("Your message of Monday <a@b>", ["<a@b>"]), ("Message of Ida", []), ("<>", []), ("<a@b", ["<a@b>"]), ("", []),
        ("\n <a@b>", ["<a@b>"]), (f"<{'x' * 2_000}>", []), ("(Ida's) <a@b> (Mon)", ["<a@b>"]),
    ],
)  # fmt: skip
def test_ids_in_every_form(box, header, ids):
    found = read(f"Subject: x\nMessage-ID: {header}\nIn-Reply-To: {header}\nReferences: {header}\n\n".encode(), box)
    assert list(found.answers) == list(found.references) == ids
    assert found.id == (ids[0] if ids else "")
    assert ids or "It has no Message-ID." in found.remarks


def test_ids_that_stand_twice_are_remarked(box):
    found = read(b"Message-ID: <a@b>\nMessage-ID: <c@d>\n\n", box)
    assert found.id == "<a@b>"
    assert "It has 2 headers Message-Id; the first counts." in found.remarks
    one, other = read_messages(box(ENVELOPE + MAIL + b"\n" + ENVELOPE + MAIL))
    assert one.remarks == ()
    assert other.remarks == ("It has the same Message-ID as message 1.",)


@pytest.mark.parametrize(
    ("header", "subject", "remarks"),
    [
        (b"Notes", "Notes", 0), ("Größe".encode(), "Größe", 0), (b"Gr\xf6\xdfe", "Größe", 1),
        (b"=?utf-8?Q?Gr=C3=B6=C3=9Fe?=", "Größe", 0), (b"=?utf-8?B?R3LDtsOfZQ==?= x", "Größe x", 0),
        (b"=?utf-8?q?Gr=C3?=\n =?utf-8?q?=B6=C3=9Fe?=", "Größe", 0), (b"=?utf-8?q?a?= =?utf-8?q?b?= c", "ab c", 0),
        (b"a =?iso-8859-1?q?=F6?= b", "a ö b", 0), (b"=?klingon?q?abc?=", "abc", 1), (b"=?utf-8?q?=FF?=", "ÿ", 1),
        (b"=?utf-8?b?R3LD?=", "GrÃ", 1), (b"=?utf-8?b?!!!?=", "", 0), (b"=?utf-8?q?abc", "=?utf-8?q?abc", 1),
        (b"=?hex?q?61?=", "61", 1), (b"x" * 5_000, "x" * 4_000, 1), (b"a\0\x1b[31mb", "a [31mb", 0),
        (b"Re:\n   folded\n\twords", "Re: folded words", 0), (b"=?utf-8?Q?two words?=", "two words", 0),
    ],
)  # fmt: skip
def test_subjects_are_decoded_as_far_as_it_goes(box, header, subject, remarks):
    found = read(
        b"Message-ID: <a@b>\nFrom: a@b.example\nDate: 2 Mar 2026 14:20 +0000\nSubject: " + header + b"\n\n", box
    )
    assert (found.subject, len(found.remarks)) == (subject, remarks)


@pytest.mark.parametrize(
    ("header", "sender", "name"),
    [
        ("Jane <Jane@Acme.example>", "jane@acme.example", "Jane"), ("jane@acme.example", "jane@acme.example", ""),
        ('"Doe, Jane" <j@a.example>', "j@a.example", "Doe, Jane"), ("j@a.example (Jane)", "j@a.example", "Jane"),
        ("=?utf-8?q?J=C3=B6rg?= <j@a.example>", "j@a.example", "Jörg"), ("Jörg <j@a.example>", "j@a.example", "Jörg"),
        ("=?utf-8?q?x=40y=2Eexample?= <j@a.example>", "j@a.example", "x@y.example"), ("", "", ""), ("Jane", "", "Jane"),
        ('"x@y.example" <j@a.example>', "j@a.example", "x@y.example"), ("<j@a.example>", "j@a.example", ""),
        ("Jane <j@a.example>, Tom <t@a.example>", "j@a.example", "Jane"), ("Jane < j@a.example >", "j@a.example",
        "Jane"),
    ],
)  # fmt: skip
def test_senders(box, header, sender, name):
    found = read(f"Message-ID: <a@b>\nDate: 2 Mar 2026 14:20 +0000\nFrom: {header}\n\n".encode(), box)
    assert (found.sender, found.sender_name) == (sender, name)
    assert bool(found.remarks) == (not sender)


@pytest.mark.parametrize(
    ("date", "at"),
    [
        ("Mon, 2 Mar 2026 14:20:00 +0100", "2026-03-02T13:20:00Z"), ("2 Mar 2026 14:20 GMT", "2026-03-02T14:20:00Z"),
        ("Mon, 2 Mar 2026 14:20:00 -0000", "2026-03-02T14:20:00Z"), ("2 Mar 26 14:20:00 EST", "2026-03-02T19:20:00Z"),
        ("Mon, 2 Mar 2026 14:20:00 +0100 (CET)", "2026-03-02T13:20:00Z"), ("", None), ("soon", None),
        ("2 Mar 0000 14:20:00 +0000", None), ("2 Mar 99999 14:20:00 +0000", None), ("32 Mar 2026 14:20 +0000", None),
        ("2 Mar 2026 25:61:61 +0000", None), ("2 Mar 2026 14:20:00 +9999", None), ("1 Jan 1800 00:00:00 +0000", None),
        ("31 Dec 9999 23:59:59 -1200", None), ("9" * 5_000, None), ("Mo, 2 März 2026 14:20:00", None),
    ],
)  # fmt: skip
def test_dates_are_instants_or_remarked(box, date, at):
    found = read(f"Message-ID: <a@b>\nFrom: a@b.example\nDate: {date}\n\n".encode(), box)
    assert found.at == at
    assert bool(found.remarks) == (at is None)


@pytest.mark.parametrize(
    ("headers", "automatic"),
    [
        ("Auto-Submitted: auto-replied", True), ("Auto-Submitted: auto-generated; x=y", True), ("Auto-Submitted: no",
        False),
        ("Auto-Submitted: No (a person)", False), ("X-Autoreply: yes", True), ("X-Autorespond: vacation", True),
        ("X-Autoreply: no", False), ("Precedence: auto_reply", True), ("Precedence: bulk", False), ("Return-Path: <>",
        True),
        ("From: MAILER-DAEMON@mx.example", True), ("From: Mail <postmaster@mx.example>", True), ("From: b@x.example",
        False),
        ("From: bounces+12@list.example", True), ("From: list-bounces@list.example", True),
        ("From: bo@bounce.example", False),
        ("Content-Type: multipart/report; report-type=delivery-status", True), ("Return-Path: <a@b.example>", False),
    ],
)  # fmt: skip
def test_mail_that_no_person_wrote_is_known(box, headers, automatic):
    assert read(f"Subject: x\n{headers}\n\n".encode(), box).automatic is automatic


@pytest.mark.parametrize("end", [b"\r\n", b"\r", b"\n"])
def test_every_kind_of_line_end(box, end):
    raw = MAIL.replace(b"\n", end)
    assert read(raw, box).references == ("<r@studio.example>", "<a@studio.example>")
    assert newest_text_module.newest_text(raw).text == "Yes."


@pytest.mark.parametrize(
    "junk", [b">From a@b.example\n", b"no header\n", b"Subject : x\n", b"X-Y: a\rb\n", b": x\n", b"\xff\n"]
)
@pytest.mark.parametrize("at", [0, 1, 6])
def test_a_line_among_the_headers_that_is_none_hides_nothing(box, junk, at):
    lines = MAIL.splitlines(keepends=True)
    raw = b"".join([*lines[:at], junk, *lines[at:]])
    assert read(raw, box) == replace(read(MAIL, box), raw=raw)
    assert newest_text_module.newest_text(raw).text == "Yes."


def test_of_many_messages_only_the_headers_are_read(box, monkeypatch):
    monkeypatch.setattr(newest_text_module, "newest_text", None)
    long = b"--x\nContent-Type: text/html\n\n<p>" + b"word " * 100 + b"\n"
    path = box(
        b"".join(ENVELOPE + mail(n, Date="Mon, 2 Mar 2026 14:20:00 +0100") + long + b"\n" for n in range(10_000))
    )
    with processor_seconds(15):
        assert sum(1 for _ in read_messages(path)) == 10_000
