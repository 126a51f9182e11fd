"""An unsent message says to every reader just what it was told: names, addresses, subject and body."""

import os
import re
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes, message_from_string, policy
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoffctl.emails.eml import eml_draft, message_id

EXAMPLES = int(os.environ.get("HANDOFFCTL_FUZZ", "100"))
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ID = "<handoffctl.1@me.example>"
STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
BREAKS = ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\0", "\x1b", "\x7f"]
TRICKY = [
    *"<>@,;:\"'()[]\\.=?_ \t", *BREAKS, "  ", "=?utf-8?q?a?=", "=?utf-8?b?YQ==?=", "=?", "?=", "=3D", "ë", "…", "\xa0",
    "日本語", "😀", "e\u0301", "\u200d", "\u202e", "\ud800", "\udcff", "word", "a" * 90, "ö" * 60, "Ltd.", "From ", ".",
]  # fmt: skip
texts = st.one_of(
    st.text(),
    st.lists(st.sampled_from(TRICKY), max_size=12).map("".join),
    st.lists(st.text(st.sampled_from('aZoëß日😀"\\,=?. '), min_size=1, max_size=40), max_size=8).map(" ".join),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=150),
)
# Longer names than any record holds (200 characters) do not fit one encoded word on one line.
# And where another kind of space follows a space within an encoded word, Python's reader drops it (get_fws).
names = texts.map(lambda text: re.sub("(?<=[ \x00-\x1f\x7f-\x9f\u2028\u2029])[^\\S ]+", "", text[:150]))
surrogates = st.text(st.one_of(st.characters(categories=["Cs"]), st.characters()))


def made(to=("Jane", "jane@acme.example"), cc=(), sender=("", ""), subject="Hello", body="Hi", at=AT, id=ID):
    return eml_draft(to, cc, sender, subject, body, at, id)


def read(raw):
    return message_from_bytes(raw, policy=policy.default)


def one_line(text):
    return STEERING.sub(" ", re.sub("[\ud800-\udfff]", "\ufffd", text))


def people(header):
    return [(one.display_name, one.addr_spec) for one in header.addresses]


def text_of(message):
    return message.get_content().replace("\r\n", "\n")


def holds_as_a_message(raw, ascii_only=True):
    """What a strict reader asks for: CRLF and nothing else that breaks a line, ASCII, no line too long."""
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert raw.endswith(b"\r\n")
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    head = raw.partition(b"\r\n\r\n")[0]
    assert not ascii_only or head.isascii()
    for line in head.split(b"\r\n"):
        assert re.match(rb"[A-Za-z-]+:( [^ ]|$)| +[^ ]", line), line
        assert not re.search(rb"[\x00-\x1f\x7f]", line)
    return True


@settings(max_examples=EXAMPLES, derandomize=True, deadline=None)
@given(names, names, texts, texts, st.lists(names, max_size=2))
def test_whatever_is_written_is_read_back(name, own, subject, body, copies):
    cc = [f"x{n}@acme.example" for n in range(len(copies))]
    raw = made((name, "jane@acme.example"), cc, (own, "me@seller.example"), subject, body)
    assert holds_as_a_message(raw)
    message = read(raw)
    assert people(message["To"]) == [(one_line(name), "jane@acme.example")]
    assert people(message["From"]) == [(one_line(own), "me@seller.example")]
    assert people(message["Cc"] or message["To"]) == ([("", one) for one in cc] or people(message["To"]))
    assert message["Subject"] == one_line(subject)
    wanted = re.sub("[\ud800-\udfff]", "\ufffd", body).replace("\r\n", "\n")
    assert text_of(message) in (wanted, wanted + "\n")
    assert not message.defects
    assert len(message.keys()) == 9 + bool(cc)


@settings(max_examples=EXAMPLES, derandomize=True, deadline=None)
@given(surrogates, surrogates, surrogates, surrogates, st.lists(surrogates, max_size=2), surrogates)
def test_no_text_raises_or_adds_a_header(name, address, subject, body, cc, id):
    raw = made((name, address), cc, (address, name), subject, body, id=id)
    assert holds_as_a_message(raw, ascii_only=False)
    known = {"From", "To", "Cc", "Subject", "Date", "Message-ID", "X-Unsent", "MIME-Version"}
    keys = read(raw).keys()
    assert set(keys) <= known | {"Content-Type", "Content-Transfer-Encoding"}
    assert len(set(keys)) == len(keys)
    assert message_id(name, address)


@pytest.mark.parametrize("mark", BREAKS)
def test_a_line_break_of_any_kind_adds_no_header(mark):
    evil = f"{mark}Bcc: eve@evil.example{mark}{mark}<b>"
    message = read(made((f"A{evil}", f"a{mark}@b.example"), [f"c{mark}@d.example{mark}"], ("", ""), f"S{evil}"))
    assert message["Bcc"] is None
    assert message["Subject"] == "S Bcc: eve@evil.example <b>"
    assert people(message["To"]) == [("A Bcc: eve@evil.example <b>", "a@b.example")]
    assert message["Cc"] == "c@d.example"


@pytest.mark.parametrize(("name", "written"), [
    ("Jane Doe", "To: Jane Doe <jane@acme.example>"),
    ('O"Hara, Ltd.', 'To: "O\\"Hara, Ltd." <jane@acme.example>'),
    ("back\\slash", 'To: "back\\\\slash" <jane@acme.example>'),
    ("Zoë Smith", "To: =?utf-8?q?Zo=C3=AB?= Smith <jane@acme.example>"),
    ('Zoë "Z" Müller, Ltd.', "To: =?utf-8?b?Wm/DqyAiWiIgTcO8bGxlciwgTHRkLg==?= <jane@acme.example>"),
    ("", "To: jane@acme.example"),
])  # fmt: skip
def test_a_name_is_written_as_plainly_as_it_can_be(name, written):
    raw = made((name, "jane@acme.example"))
    assert written in raw.decode("ascii")
    assert read(raw)["To"].addresses[0].display_name == name


@pytest.mark.parametrize("name", [
    "Müller & Söhne Gesellschaft für Landschaftsgestaltung und Gartenbau mbH & Co. KG, Zweigstelle Köln",
    "Общество с ограниченной ответственностью «Ромашка и сыновья» из города Санкт-Петербурга",
    "日" * 200, " two  spaces ", " ", "é  é", " é   ", 'é "" b', "=?utf-8?q?a?=",
    "=?utf-8?q?a?= b", "a" * 200, "a" * 900,
    'b"' * 300, "x, " * 400,
])  # fmt: skip
def test_long_and_odd_names_come_back(name):
    raw = made((name, "jane@acme.example"))
    assert holds_as_a_message(raw)
    assert people(read(raw)["To"]) == [(name, "jane@acme.example")]


def test_a_name_longer_than_a_line_is_split_as_mail_programs_read_it():
    from email.header import decode_header, make_header

    raw = made(("😀" * 300, "jane@acme.example"))
    assert holds_as_a_message(raw)
    written = re.search(r"To: (.*?) <jane", raw.decode(), re.DOTALL)[1]
    assert all(len(word) <= 75 for word in written.split())
    assert str(make_header(decode_header(written))) == "😀" * 300


@pytest.mark.parametrize(
    "subject", ["Angebot für die Übergabe an das Team " * 8, "plain words " * 30 + ".", "日本" * 99]
)
def test_a_long_subject_is_folded(subject):
    raw = made(subject=subject)
    head = raw.partition(b"\r\n\r\n")[0]
    assert max(map(len, head.split(b"\r\n"))) <= 76
    assert read(raw)["Subject"] == subject


@pytest.mark.parametrize(("address", "written"), [
    ("jane@müller.example", "jane@xn--mller-kva.example"),
    ("jane@straße.example", "jane@xn--strae-oqa.example"),
    ("jane@Müller。example", "jane@xn--mller-kva.example"),
    ("o'hara+x{1}@Acme.Example", "o'hara+x{1}@Acme.Example"),
    (" jane@localhost ", "jane@localhost"),
    ("ja\nne\u2028@acme\r.example\0", "jane@acme.example"),
])  # fmt: skip
def test_an_address_is_written_as_mail_takes_it(address, written):
    message = read(made(("Zoë", address), [address], ("", address)))
    assert people(message["To"]) == [("Zoë", written)]
    assert people(message["Cc"]) == people(message["From"]) == [("", written)]


@pytest.mark.parametrize("address", ["", "jane", "@", "jane@", "@acme.example", "a b@acme.example", "a@b@c.example",
    "a..b@c.example", ".a@c.example", "a@c..example", "a@-c.example", "a@c.example>", "<a@c.example", "a,b@c.example",
    "=?utf-8?q?a?=@c.example", "a@" + "b" * 64 + ".example", "ö@" + "ü" * 60 + ".example", "a" * 250 + "@c.example",
    "ö" * 200 + "@c.example", "a\u3000b@c.example", "\ud800", "a@ß\xa0.example", "a@ö<.example",
    "a(x)@c.example"])  # fmt: skip
def test_what_is_no_address_is_left_out(address):
    raw = made(("Jane", address), [address, "ok@acme.example"], ("Me", address))
    assert holds_as_a_message(raw)
    message = read(raw)
    assert message["To"] is None
    assert message["From"] is None
    assert message["Cc"] == "ok@acme.example"
    assert "Cc" not in read(made(cc=[address]))


def test_an_address_that_ascii_cannot_say_goes_as_utf_8():
    raw = made(('Zoë "Z" Müller, Ltd.', "zoë@müller.example"))
    assert holds_as_a_message(raw, ascii_only=False)
    assert b"<zo\xc3\xab@xn--mller-kva.example>" in raw
    # Read as text: from bytes, Python takes UTF-8 headers for undecodable, with the policy SMTPUTF8 too.
    message = message_from_string(raw.decode(), policy=policy.SMTPUTF8)
    assert people(message["To"]) == [('Zoë "Z" Müller, Ltd.', "zoë@xn--mller-kva.example")]


def test_many_copies_are_folded():
    cc = ["Zoë Müller <zoe@acme.example>", *(f"person{n}@acme.example" for n in range(60)), '"B, C" <b@acme.example>']
    raw = made(cc=cc)
    assert holds_as_a_message(raw)
    found = people(read(raw)["Cc"])
    assert found[0] == ("Zoë Müller", "zoe@acme.example")
    assert found[-1] == ("B, C", "b@acme.example")
    assert len(found) == 62


def test_the_whole_message():
    raw = eml_draft(
        ("Jane", "jane@acme.example"), [], ("Sam", "sam@me.example"), "Hello", "Hi\n\nSam\n", AT,
        "<handoffctl.7@me.example>",
    )  # fmt: skip
    assert raw == (
        b"From: Sam <sam@me.example>\r\nTo: Jane <jane@acme.example>\r\nSubject: Hello\r\n"
        b"Date: Mon, 02 Mar 2026 09:00:00 +0000\r\nMessage-ID: <handoffctl.7@me.example>\r\nX-Unsent: 1\r\n"
        b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n"
        b"Hi\r\n\r\nSam\r\n"
    )


@pytest.mark.parametrize("body", ["", "\n", "\n\n", "a\n", " \n", "a \n\tb\t", "日本語\n" * 50, "ä" * 3000, "x" * 3000,
    "a\rb", "a\r\r\nb", "=\n=3D=\n.\n..\nFrom me\n-- \n", "Å…\x85\x0b\x0c\x1c\u2028\u2029\0", "x" * 75 + "=",
    "x" * 75 + " \n" * 3, ("x" * 76 + "\n") * 2, "ö " * 38])  # fmt: skip
def test_a_body_comes_back_and_no_line_is_long(body):
    raw = made(body=body)
    assert holds_as_a_message(raw)
    content = raw.partition(b"\r\n\r\n")[2]
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 78
    wanted = body.replace("\r\n", "\n")
    assert text_of(read(raw)) == (wanted if wanted.endswith("\n") else wanted + "\n")
    assert read(raw)["Content-Transfer-Encoding"] in ("7bit", "quoted-printable")


def test_people_can_read_a_body_with_umlauts():
    assert b"Gr=C3=BC=C3=9Fe aus K=C3=B6ln\r\n" in made(body="Grüße aus Köln\n")


@pytest.mark.parametrize(("at", "written"), [
    (datetime(2026, 3, 2, 9, 30, 15, 999, timezone(timedelta(hours=-3, minutes=-30))), "2 Mar 2026 09:30:15 -0330"),
    (datetime(2026, 3, 2, 9, 30), "2 Mar 2026 09:30:00 +0000"),
    (datetime(2026, 7, 2, 9, 30, tzinfo=ZoneInfo("Europe/Berlin")), "2 Jul 2026 09:30:00 +0200"),
    (datetime(1890, 1, 1, 12, 0, tzinfo=ZoneInfo("Europe/Berlin")), "1 Jan 1890 11:06:32 +0000"),
])  # fmt: skip
def test_the_date_has_its_zone(at, written):
    assert written in str(read(made(at=at))["Date"])


def test_a_message_id_is_stable_and_has_the_senders_domain():
    assert message_id("acme-corp-3", "sam@Me.Example") == "<handoffctl.acme-corp-3@me.example>"
    assert message_id("a.b", "sam@müller.example") == "<handoffctl.a.b@xn--mller-kva.example>"
    assert message_id("7", "") == message_id("7", "nonsense") == "<handoffctl.7@handoffctl.invalid>"


ODD = [
    "",
    "a b",
    "a%20b",
    "a@b",
    "<a>",
    "a.",
    ".a",
    "a..b",
    "日本",
    "日",
    "~",
    "\ud800",
    "x" * 999,
    "x" * 998,
    "a\nb",
    "%00",
]


def test_different_references_have_different_ids_that_are_read_back():
    ids = [message_id(reference, "sam@me.example") for reference in ODD]
    assert len(set(ids)) == len(ODD)
    for id in ids:
        message = read(made(id=id))
        assert message["Message-ID"] == id
        assert not message["Message-ID"].defects


@pytest.mark.parametrize(
    "id", ["", "x", "<x>", "<a b@c>", "<a@b>\r\nBcc: x@y", "<ö@b>", "<a@b>\n", "<" + "a" * 999 + "@b>"]
)
def test_a_message_id_that_is_none_is_left_out(id):
    message = read(made(id=id))
    assert message["Message-ID"] is None
    assert message["Bcc"] is None
