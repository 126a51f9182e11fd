"""Erasure: nothing of an account is left in the file, and all of the others is."""

import pytest
from tests.db.file_checks import dumped

# Each is looked for as it was typed and in small letters, but by its first forty characters only.
WORDS = {
    "name": "Quixotry Ångström",
    "slug": "quixotry",
    "person": "Wolfgang Zyzzyx",
    "email": "wz@quixotry.example",
    "phone": "+49 30 5557771",
    "title": "Oberzauberer",
    "second": "Ysolde Vex",
    "situation": "their kiln cracked in spite",
    "budget": "987654",
    "cents": "98765432",
    "step": "send the frobnicator",
    "touch": "spoke of a jabberwock",
    "deal": "Snark Renewal",
    "lost": "boojum after all",
    "returned": "nobody knows the bandersnatch",
    "renamed": "Xanthippe Works",
    "placeholder": "tbd",
    "domain": "quixotry.example",
    "source": "A fair in Ouagadougou",
    "long": "vorpal " * 1200,
}


@pytest.fixture
def told(quick):
    """Everything that can be said of an account, by every command that takes words."""
    at = iter(f"2026-03-{day:02d}" for day in range(1, 29))

    def say(*words: str, code: int = 0) -> None:
        ran = quick(*words, now=next(at))
        assert ran.code == code, ran.err

    say("add", "Birch Barn", "--contact", "Jane Doe <jane@birch.example>")
    say("set", "birch-barn", "situation=their old tool broke", "deal.amount=12,500")
    say("add", WORDS["name"], "--contact", f"{WORDS['person']} <{WORDS['email']}>")
    ref = "quixotry-angstrom"
    say("contact", "set", ref, WORDS["person"], "--phone", WORDS["phone"], "--title", WORDS["title"])
    say("contact", "add", ref, WORDS["second"])
    say("set", ref, f"situation={WORDS['situation']}", f"budget={WORDS['budget']}.32", f"deal.source={WORDS['source']}")
    say("set", ref, "deal.amount=987654.32", f"account.domain={WORDS['domain']}")
    say("set", ref, "priorities=TBD", code=6)
    say("touch", ref, "call", WORDS["touch"], "--with", WORDS["person"])
    say("touch", ref, "note", WORDS["long"][:9_000])
    say("handoff", ref, "--no-input", code=3)
    say("step", ref, WORDS["step"], "--due", "+3d")
    say("handoff", ref, "--no-input")
    say("accept", ref)
    say("return", ref, "--because", WORDS["returned"])
    say("deal", "add", ref, WORDS["deal"])
    say("summary", "sent", f"{ref}/deal")
    say("summary", "confirm", f"{ref}/deal")
    say("touch", f"{ref}/deal", "email", "--in")
    say("close", f"{ref}/deal", "--lost", "--because", WORDS["lost"])
    say("reopen", f"{ref}/deal")
    say("rename", ref, WORDS["renamed"])
    say("touch", "birch-barn", "call", "they like it")
    say("handoff", "birch-barn", "--no-input", code=3)
    return "xanthippe-works"


def found(content: bytes) -> list[str]:
    spelled = {name: (word[:40], word[:40].casefold(), word[:40].upper()) for name, word in WORDS.items()}
    return [name for name, forms in spelled.items() if any(form.encode() in content for form in forms)]


def of_birch(path) -> list[str]:
    return [line for line in dumped(path) if "irch" in line or "jane@" in line or "old tool broke" in line]


def test_what_is_looked_for_is_there_before(home, told):
    assert set(WORDS) - set(found((home / "handoffctl.db").read_bytes())) <= {"cents", "placeholder"}


def test_no_byte_of_an_erased_account_is_left_in_the_home_and_the_others_are_whole(run, rows, home, told):
    kept = of_birch(home / "handoffctl.db")
    ran = run("delete", told, "--yes")
    assert ran.code == 0
    left = {path.name: found(path.read_bytes()) for path in home.rglob("*") if path.is_file()}
    assert left == {"handoffctl.db": []}
    assert len(kept) > 6
    assert of_birch(home / "handoffctl.db") == kept
    assert rows("PRAGMA integrity_check") == [("ok",)]
    assert rows("PRAGMA foreign_key_check") == []


def test_the_log_does_not_show_an_erased_account(quick, told):
    assert quick("delete", told, "--yes").code == 0
    for words in (("log",), ("log", "--json"), ("list", "--all"), ("report", "throughput"), ("log", "birch-barn")):
        ran = quick(*words)
        assert ran.code == 0
        assert found(ran.out.encode() + ran.err.encode()) == []
    assert "Erased an account" in quick("log").out
    assert "birch barn" in quick("log").out.casefold()
    assert quick("show", told).code == 4


def test_no_row_of_an_erased_account_is_left_in_any_table(quick, rows, told):
    assert quick("delete", told, "--yes").code == 0
    assert rows("SELECT slug FROM account") == [("birch-barn",)]
    for (table,) in rows("SELECT name FROM sqlite_master WHERE type = 'table'"):
        columns = {row[1] for row in rows(f"PRAGMA table_info({table})")}
        if "account_id" in columns:
            assert rows(f"SELECT DISTINCT account_id FROM {table} WHERE account_id IS NOT NULL") in ([], [(1,)])
        if "deal_id" in columns:
            assert rows(f"SELECT DISTINCT deal_id FROM {table} WHERE deal_id IS NOT NULL") in ([], [(1,)])


def test_without_yes_and_without_a_terminal_nothing_is_erased(quick, home, told):
    before = (home / "handoffctl.db").read_bytes()
    ran = quick("delete", told)
    assert ran.code == 2
    assert "--yes" in ran.err
    assert quick("delete", told[:6], "--yes").code == 4  # the whole name is needed
    assert (home / "handoffctl.db").read_bytes() == before


def test_an_account_can_be_erased_that_an_import_brought(quick, home, tmp_path):
    for name, text in {
        "Opportunity": "Id,AccountId,Name,StageName,Amount,CloseDate,IsClosed,IsWon,IsDeleted\n"
        "D9,A9,Jabberwock Roof,Lead,1500,12/24/26,FALSE,FALSE,FALSE\n"
        "D1,A1,Barn Roof,Lead,99,12/24/26,FALSE,FALSE,FALSE\n",
        "OpportunityHistory": "Id,OpportunityId,CreatedDate,StageName,IsDeleted\n"
        "H9,D9,02/23/26 08:55 PM,Lead,FALSE\nH1,D1,02/23/26 08:55 PM,Lead,FALSE\n",
        "Account": "Id,Name,Website\nA9,Jabberwock Works,https://jabberwock.example\nA1,Birch Barn,\n",
        "Contact": "Id,AccountId,LastName,FirstName,Email\nC9,A9,Vex,Ysolde,vex@jabberwock.example\n",
    }.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    assert quick("import", str(tmp_path)).code == 0
    assert b"jabberwock" in (home / "handoffctl.db").read_bytes().lower()
    assert quick("delete", "jabberwock-works", "--yes").code == 0
    content = (home / "handoffctl.db").read_bytes().lower()
    assert [word for word in (b"jabberwock", b"ysolde", b"vex@", b":d9", b":a9", b":c9") if word in content] == []
    assert b"birch barn" in content


ZEBRA = ("add", "ZEBRA Corp", "--contact", "Zoe <zoe@zebra.example>")
UNDO = ("undo", "--yes")
FURTHER = ("undo", "--further", "--yes")

# What was taken back, in every way that leaves its words behind; the last word is the account that is deleted then.
TAKEN_BACK = {
    "another account is deleted": ((ZEBRA, UNDO), "birch-barn"),
    "it was added again": ((ZEBRA, UNDO, ZEBRA), "zebra-corp"),
    "more was taken back": (
        (ZEBRA, ("touch", "zebra-corp", "call", "zoe told a secret"), FURTHER, FURTHER, ZEBRA), "zebra-corp",
    ),
    "it was done again and taken back": ((ZEBRA, UNDO, UNDO, UNDO, ZEBRA), "zebra-corp"),
    "a merge was taken back": ((ZEBRA, ("merge", "birch-barn", "zebra-corp", "--yes"), UNDO), "zebra-corp"),
    "it had another name": (
        (ZEBRA, ("merge", "birch-barn", "zebra-corp", "--yes"), UNDO, ("rename", "zebra-corp", "Gnu Ltd")), "gnu-ltd",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TAKEN_BACK)
def test_no_word_of_what_was_taken_back_outlives_an_erasure(quick, rows, home, name):
    commands, gone = TAKEN_BACK[name]
    for words in (("add", "Birch Barn"), ("add", "Cedar Shed"), *commands):
        ran = quick(*words, now="2026-03-02")
        assert ran.code == 0, ran.err
    assert quick("delete", gone, "--yes").code == 0
    content = (home / "handoffctl.db").read_bytes().lower()
    assert [word for word in (b"zebra", b"zoe", b"secret") if word in content] == []
    assert b"added cedar shed" in content
    assert quick("doctor").code == 0
    assert quick(*UNDO).code == 6


def test_a_merge_that_names_an_account_says_so_no_more_when_that_is_erased(quick, home):
    for words in (("add", "Birch Barn"), ("add", "Cedar Shed"), ("merge", "birch-barn", "cedar-shed", "--yes"),
                  ("add", "Zed"), ("merge", "birch-barn", "zed", "--yes"), ("add", "Cedar Shed")):  # fmt: skip
        assert quick(*words, now="2026-03-02").code == 0
    assert quick("delete", "cedar-shed", "--yes").code == 0
    assert b"Joined Cedar" not in (home / "handoffctl.db").read_bytes()
    assert "Joined Zed into Birch Barn" in quick("log", "birch-barn").out


def test_what_was_taken_back_can_be_forgotten_alone(quick, rows, home):
    for words in (("add", "Birch Barn"), ("touch", "birch-barn", "call", "they like it"), ZEBRA, UNDO):
        assert quick(*words, now="2026-03-02").code == 0
    told = quick("delete", "zebra-corp", "--yes")
    assert told.code == 4
    assert "handoffctl delete --taken-back" in told.err
    assert quick("delete", "--taken-back").code == 2
    assert b"zebra" in (home / "handoffctl.db").read_bytes().lower()
    assert quick("delete", "--taken-back", "--yes").code == 0
    content = (home / "handoffctl.db").read_bytes().lower()
    assert b"zebra" not in content
    assert b"zoe" not in content
    assert quick(*UNDO).code == 6  # it cannot be done again
    assert quick("delete", "--taken-back", "--yes").code == 3
    assert quick(*FURTHER).code == 0  # what is in effect can be taken back
    assert rows("SELECT count(*) FROM touch") == [(0,)]
    assert quick(*UNDO).code == 0
    assert rows("SELECT text FROM touch") == [("they like it",)]
    assert quick("doctor").code == 0


@pytest.mark.parametrize("words", [(), ("acme", "--taken-back")])
def test_either_an_account_is_named_or_what_was_taken_back(quick, words):
    assert quick("delete", *words, "--yes").code == 2
