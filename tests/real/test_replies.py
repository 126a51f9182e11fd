"""Public replies of many mail programs: of each the quoted mail is cut, and all words of the person are kept."""

import os
import re
from pathlib import Path

import pytest

from handoffctl.inbox.mailbox import MailMessage, read_messages
from handoffctl.inbox.newest_text import newest_text

DATA = os.environ.get("HANDOFFCTL_REAL_DATA")
pytestmark = pytest.mark.skipif(not DATA, reason="HANDOFFCTL_REAL_DATA names no folder with public CRM exports")

HERE = Path(DATA or "") / "mail"
SHARE = 0.9  # of the files that have to come out right

# The newest text of each file: in full, or how it begins and ends where "..." stands between. A signature may follow.
BY_CLIENT = {
    **dict.fromkeys(("android", "aol", "apple_mail", "apple_mail_2", "comcast", "gmail", "hotmail", "iphone", "outlook",
                     "sparrow", "thunderbird", "yahoo"), "Hello"),
    "reply-quotations-share-block": "Hi ... look forward to hearing from you soon. Joe XXX",
}  # fmt: skip
BODIES = {
    "correct_sig": "this is an email with a correct -- signature.",
    "email_1_1": "Hi folks What is the best way to clear a Riak bucket ... using the Java HTTP API.",
    "email_1_2": "Hi, You can list the keys for the bucket and call delete for each. ... you’ll need to delete "
    "them all "
    'individually."',
    "email_1_3": "Oh thanks. Having the function would be great.",
    "email_1_4": "Awesome! I haven't had another problem with it.",
    "email_1_5": "One: Here's what I've got. - This would be the first bullet ... It goes on and on for a while.",
    "email_1_6": "I get proper rendering as well.",
    "email_1_7": ":+1:",
    "email_1_8": "I will reply under this one and under this.",
    "email_2_1": "Outlook with a reply",
    "email_2_2": "Outlook with a reply directly above line",
    "email_2_3": "Outlook with a reply above headers using unusual format",
    "email_BlackBerry": "Here is another email",
    "email_bullets": "test 2 this should list second and have spaces ... - how about bullets - and another",
    "email_gmail": "This is a test for inbox replying to a github message.",
    "email_headers_no_delimiter": "And another reply!",
    "email_iPhone": "Here is another email",
    "email_multi_word_sent_from_my_mobile_device": "Here is another email",
    "email_one_is_not_on": "Thank, this is really helpful. ... Locally (on development), when I run...",
    "email_partial_quote_header": "On your remote host you can run: ... fails, the tunnel is not working.",
    "email_sent_from_my_not_signature": "Here is another email Sent from my desk, is much easier then my mobile phone.",
    "email_sig_delimiter_in_middle_of_line": "Hi there! Stuff happened. ... -- this is not a signature. kthxbai",
    "greedy_on": "On your remote host you can run: ... fails, the tunnel is not working.",
    "pathological": "I think you're onto something. I will try to fix ... get back to a computer.",
}
SIGNATURES = ("", "-- rick", "-- xxx Sent with Sparrow (http://www.sparrowmailapp.com/?sig)",
              "-- *Joe Smith | Director, Product Management*", "-- Hey there, this is my signature",
              "Sent from a magnificent torch of pixels", "Sent from my iPhone", "Sent from my BlackBerry",
              "Sent from my Verizon Wireless BlackBerry")  # fmt: skip

# Files that do not come out right, by the reason.
NOT_RIGHT: dict[str, str] = {}


def found_in(path: Path) -> str:
    raw = path.read_bytes()
    if path.suffix == ".txt":
        raw = b"Content-Type: text/plain; charset=utf-8\n\n" + raw
    text = " ".join(newest_text(raw).text.split())
    return re.sub(r" -[A-Z]\w+ [A-Z]\w+$", "", text)  # some sign with a dash and their name


def is_right(text: str, wanted: str) -> bool:
    begin, _, end = wanted.partition(" ... ")
    if not text.startswith(begin):
        return False
    return any(text.removesuffix(signature).rstrip().endswith(end or begin) for signature in SIGNATURES) and (
        bool(end) or text.removeprefix(begin).strip() in SIGNATURES
    )


def files() -> list[tuple[Path, str]]:
    by_client = [(HERE / "replies_by_client" / f"{name}.eml", wanted) for name, wanted in BY_CLIENT.items()]
    return by_client + [(HERE / "reply_bodies" / f"{name}.txt", wanted) for name, wanted in BODIES.items()]


@pytest.mark.parametrize(("path", "wanted"), [pytest.param(*each, id=each[0].name) for each in files()])
def test_the_newest_text(path, wanted):
    if not path.exists():
        pytest.skip(f"{path.name} is not among the replies here")
    assert is_right(found_in(path), wanted) is (path.name not in NOT_RIGHT)


def test_enough_of_them_come_out_right():
    there = [(path, wanted) for path, wanted in files() if path.exists()]
    right = sum(is_right(found_in(path), wanted) for path, wanted in there)
    assert right >= SHARE * len(there) > 0


def test_the_texts_that_the_fixtures_give_themselves():
    for name in ("iphone", "sparrow"):
        folder = HERE / "replies_by_client"
        given = (folder / f"{name}_reply_text").read_text(encoding="utf-8")
        assert found_in(folder / f"{name}.eml") == " ".join(given.split())


def test_every_mail_is_one_message_with_its_headers():
    for path in sorted((HERE / "replies_by_client").glob("*.eml")):
        (found,) = read_messages(path)
        assert isinstance(found, MailMessage)
        assert (found.place, found.automatic) == (path.name, False)
        assert "@" in found.sender
        assert found.subject
    apple = next(iter(read_messages(HERE / "replies_by_client" / "apple_mail_2.eml")))
    assert isinstance(apple, MailMessage)
    assert (
        apple.answers == apple.references == ("<CABzQGhkMXDxUt_tSVQcg=43aniUhtsVfCZVzu-PG0kwS_uzqMw@mail.gmail.com>",)
    )
    assert (bool(apple.sender_name), apple.at) == (True, "2015-08-22T17:22:20Z")
