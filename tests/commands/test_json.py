"""What scripts rely on: the keys and types of --json, the shape of an error, and that nothing is ever asked."""

import pytest

NOW = "2026-03-02T09:00:00Z"
NEXT = "2026-03-09T09:00:00Z"

SALES = """\
playbook: sales
roles: {seller: Who sells, delivery: Who delivers}
fields:
  pain: {label: Pain, why: Without pain nobody buys.}
  budget: {label: Budget, type: money}
  seats: {label: Seats, type: number}
  start: {label: Start, type: date}
  urgent: {label: Urgent, type: yes_no}
  wishes: {label: Wishes, type: list}
  kind: {label: Kind, type: choice, choices: [small, large]}
  trade: {label: Trade, of: account}
stages:
  lead: {title: Lead, target: 3d}
  talks: {title: Talks}
  won: {title: Won, kind: won, owner: delivery}
  lost: {title: Lost, kind: lost}
  later: {title: Later, kind: nurture}
handoffs:
  - {from: lead, to: talks, trigger: They answer., reason: They fit., benefit: They are heard., required: [pain],
     nice_to_have: [budget], emails: [introduction]}
  - {from: talks, to: won, trigger: They sign., reason: They want it., benefit: They get it.}
"""


@pytest.fixture
def acme(quick, playbook):
    playbook(SALES)
    words = ("add", "Acme Corp", "--playbook", "sales", "--contact", "Ada Lindqvist <ada@acme.example>")
    assert quick(*words, now=NOW).code == 0


GAP = {"name": str, "label": str, "why": str, "fix": str}
VERDICT = {"account": str, "deal": str, "from": str, "to": str, "clear": bool, "missing": [GAP], "nice_to_have": [GAP]}
EMAIL = {"template": str, "to": str, "subject": str, "body": str}
PASSED = {"id": int, "at": str, "from_owner": str, "to_owner": str, "seconds": (float, int, type(None))}
CONTACT = {"name": (str, type(None)), "email": (str, type(None))}
DEAL = {"deal": str, "playbook": str, "stage": str, "owner": str, "entered_at": (str, type(None)), "fields": dict}
DAYS = (float, int, type(None))
# Without median_days, which needs the survival estimate.
STAGE = {
    "stage": str, "title": str, "kind": str, "deals": int, "entered": int, "advanced": int, "returned": int, "won": int,
    "lost": int, "nurture": int, "moved": int, "now": int, "conversion": DAYS, "mean_days_completed": DAYS,
    "median_days_completed": DAYS, "p85_days_completed": DAYS, "oldest_now_days": DAYS, "target_days": DAYS,
    "within_target": DAYS,
}  # fmt: skip
IMPORTED = {
    "rows": int, "accounts_created": int, "unnamed": int, "contacts_created": int, "deals_created": int,
    "deals_updated": int, "visits": int, "touches": int, "skipped": [{"row": int, "reason": str}],
}  # fmt: skip


def assert_shape(value, shape, path="$"):
    """Every key that is promised is there, with a value of the promised type; further keys are welcome."""
    if isinstance(shape, dict):
        assert isinstance(value, dict), path
        for key, inner in shape.items():
            assert key in value, f"{path} lacks {key}"
            assert_shape(value[key], inner, f"{path}.{key}")
    elif isinstance(shape, list):
        assert isinstance(value, list), path
        for number, item in enumerate(value):
            assert_shape(item, shape[0], f"{path}[{number}]")
    else:
        assert isinstance(value, shape), f"{path} is {value!r}"
        assert not isinstance(value, bool) or shape is bool, f"{path} is {value!r}"


def test_check_gives_the_verdict(quick, acme):
    checked = quick("check", "acme-corp", "--json", now=NOW)
    assert (checked.code, checked.err) == (3, "")
    assert_shape(checked.json, VERDICT)
    assert checked.json["clear"] is False
    assert (checked.json["from"], checked.json["to"]) == ("lead", "talks")
    assert checked.json["missing"] == [
        {"name": "pain", "label": "Pain", "why": "Without pain nobody buys.",
         "fix": 'handoffctl set acme-corp pain="TEXT"'}
    ]  # fmt: skip
    assert [gap["name"] for gap in checked.json["nice_to_have"]] == ["budget", "next_step"]
    quick("set", "acme-corp", "pain=it hurts", now=NOW)
    clear = quick("check", "acme-corp", "--json", now=NOW)
    assert (clear.code, clear.json["clear"], clear.json["missing"]) == (0, True, [])


def test_a_blocked_handoff_gives_the_verdict_and_no_handoff(quick, acme):
    blocked = quick("handoff", "acme-corp", "--json", now=NOW)
    assert (blocked.code, blocked.err) == (3, "")
    assert_shape(blocked.json, {**VERDICT, "handed_off": bool})
    assert blocked.json["handed_off"] is False
    assert not {"handoff", "emails", "error"} & blocked.json.keys()


def test_a_handoff_gives_its_record_and_its_emails(quick, acme, rows):
    passed = quick("handoff", "acme-corp", "--set", "pain=it hurts", "--json", now=NEXT)
    assert passed.code == 0
    (remark,) = passed.err.splitlines()
    assert remark.startswith("It has no signature. Put your name into ")
    assert_shape(passed.json, {**VERDICT, "handed_off": bool, "handoff": PASSED, "emails": [EMAIL]})
    assert passed.json["handoff"] == {
        "id": rows("SELECT id FROM handoff")[0][0], "at": NEXT, "from_owner": "seller", "to_owner": "seller",
        "seconds": None,
    }  # fmt: skip
    letter = passed.json["emails"][0]
    assert (letter["template"], letter["to"]) == ("introduction", "ada@acme.example")
    assert letter["subject"] == "What happens next"


def test_show_gives_contacts_deals_and_typed_values(quick, acme):
    values = ("pain=it hurts", "budget=12,500", "seats=7.5", "start=2026-06-01", "urgent=yes", "wishes=speed; price",
              "kind=la", "trade=baking", "deal.amount=99.50", "deal.expected_close=2026-07-01")  # fmt: skip
    assert quick("set", "acme-corp", *values, now=NOW).code == 0
    shown = quick("show", "acme-corp", "--json", now=NEXT)
    assert shown.code == 0
    assert_shape(shown.json, {"account": str, "contacts": [CONTACT], "deals": [DEAL]})
    deal = shown.json["deals"][0]
    assert deal["step"] is None
    assert (deal["entered_at"], deal["days"]) == (NOW, 7.0)
    wanted = {
        "pain": "it hurts", "budget": 12500, "seats": 7.5, "start": "2026-06-01", "urgent": True,
        "wishes": ["speed", "price"], "kind": "large", "trade": "baking", "deal.amount": 99.5,
        "deal.expected_close": "2026-07-01",
    }  # fmt: skip
    assert deal["fields"] == wanted
    assert {name: type(value) for name, value in deal["fields"].items()} == {
        name: type(value) for name, value in wanted.items()
    }
    assert quick("step", "acme-corp", "send the offer", "--due", "2026-03-06", now=NOW).code == 0
    deal = quick("show", "acme-corp", "--json", now=NEXT).json["deals"][0]
    assert deal["step"] == {"text": "send the offer", "due": "2026-03-06"}


def test_moments_are_dates_or_instants_as_they_were_given(quick, playbook):
    playbook(SALES)
    quick("add", "By Day", "--playbook", "sales", now="2026-03-02")
    quick("add", "By Hour", "--playbook", "sales", now="2026-03-02T10:30", tz="Europe/Berlin")
    assert quick("show", "by-day", "--json").json["deals"][0]["entered_at"] == "2026-03-02"
    assert quick("show", "by-hour", "--json").json["deals"][0]["entered_at"] == "2026-03-02T09:30:00Z"


def test_throughput_gives_every_stage_with_every_figure_but_the_median_of_all(quick, acme):
    quick("handoff", "acme-corp", "--set", "pain=it hurts", now=NEXT)
    told = quick("report", "throughput", "--playbook", "sales", "--json", now="2026-03-12T09:00:00Z")
    assert told.code == 0
    assert_shape(told.json, {"playbook": str, "as_of": str, "stages": [STAGE]})
    assert (told.json["playbook"], told.json["as_of"]) == ("sales", "2026-03-12T09:00:00Z")
    assert [stage["stage"] for stage in told.json["stages"]] == ["lead", "talks", "won", "lost", "later"]
    for stage in told.json["stages"]:
        ways = ("advanced", "returned", "won", "lost", "nurture", "moved", "now")
        assert stage["entered"] == sum(stage[way] for way in ways)
    lead, talks = told.json["stages"][:2]
    assert (lead["entered"], lead["advanced"], lead["conversion"]) == (1, 1, 1.0)
    assert (lead["mean_days_completed"], lead["target_days"], lead["within_target"]) == (7.0, 3.0, 0.0)
    assert (talks["now"], talks["conversion"], talks["oldest_now_days"], talks["target_days"]) == (1, 0.0, 3.0, None)


def test_import_gives_what_it_made(quick, tmp_path):
    export = tmp_path / "export"
    export.mkdir()
    (export / "Account.csv").write_text("Id,Name\n001000000000001AAA,Northwind Bakery\n", encoding="utf-8")
    (export / "Opportunity.csv").write_text(
        "Id,AccountId,Name,StageName,Amount,CloseDate,CreatedDate,IsClosed,IsWon\n"
        "006000000000001AAA,001000000000001AAA,Ovens,Talks,1000,2026-05-01,2026-03-01T09:00:00.000Z,false,false\n",
        encoding="utf-8",
    )
    done = quick("import", str(export), "--make-playbook", "brought", "--json", now=NOW)
    assert done.code == 0, done
    assert_shape(done.json, IMPORTED)
    assert (done.json["accounts_created"], done.json["deals_created"], done.json["unnamed"]) == (1, 1, 0)


@pytest.mark.parametrize("words", [
    ("list",), ("log",), ("log", "acme-corp"), ("contact", "list", "acme-corp"), ("deal", "list", "acme-corp"),
    ("playbook", "list"), ("playbook", "show", "sales"), ("email", "introduction", "acme-corp"), ("doctor",),
])  # fmt: skip
def test_whatever_prints_a_table_also_gives_one_object(quick, acme, words):
    told = quick(*words, "--json", now=NOW)
    remark = "It has no signature." if words[0] == "email" else ""
    assert (told.code, told.err[: len(remark) or None]) == (0, remark)
    assert isinstance(told.json, dict)


def test_close_gives_where_it_went(quick, acme):
    closed = quick("close", "acme-corp", "--nurture", "--because", "next year", "--json", now=NOW)
    assert closed.json == {
        "account": "acme-corp", "deal": "deal", "stage": "later", "disposition": "nurture", "reason": None,
    }  # fmt: skip


@pytest.mark.parametrize(("code", "words"), [
    (4, ("check", "acmee")),
    (4, ("handoff", "acmee")),
    (4, ("handoff", "acme-corp", "--set", "paine=x y")),
    (5, ("list", "--playbook", "sales")),
    (5, ("check", "acme-corp")),
    (6, ("handoff", "acme-corp", "--set", "budget=much")),
    (6, ("close", "acme-corp", "--nurture", "--because", "why not", "--wake", "someday")),
])  # fmt: skip
def test_an_error_is_one_object_on_stdout(quick, acme, home, code, words):
    if code == 5:
        faulty = SALES.replace("title: Lead,", "titel: Lead,").replace("kind: won,", "kind: one,")
        (home / "playbooks" / "sales.yaml").write_text(faulty)
        (home / "config.yaml").write_text("playbok: sales\n" if words[0] == "list" else "")
    failed = quick(*words, "--json", now=NOW)
    assert (failed.code, failed.err) == (code, "")
    assert list(failed.json) == ["error"]
    assert_shape(failed.json["error"], {"code": int, "message": str, "hint": str, "problems": [str]})
    assert failed.json["error"]["code"] == code
    assert failed.json["error"]["message"]


def test_every_fault_of_a_playbook_is_a_problem_of_its_own(quick, acme, home):
    (home / "playbooks" / "sales.yaml").write_text(
        SALES.replace("title: Lead,", "titel: Lead,").replace("seats", "se ats")
    )
    problems = quick("check", "acme-corp", "--json", now=NOW).json["error"]["problems"]
    assert len(problems) == 2
    assert all("sales.yaml:" in problem for problem in problems)


def test_usage_errors_are_plain_text(quick, acme, dump):
    before = dump()
    for words in (("handoff", "acme-corp", "--set", "pain"), ("check",), ("check", "acme-corp", "--too", "won"),
                  ("handoff", "acme-corp", "--to", "nowhere"), ("close", "acme-corp")):  # fmt: skip
        refused = quick(*words, "--json", now=NOW)
        assert (refused.code, refused.out) == (2, ""), words
        assert refused.err
        assert "Traceback" not in refused.err
    assert dump() == before


def test_names_that_could_steer_a_terminal_come_as_json_escapes_and_read_back_whole(quick, playbook):
    playbook(SALES)
    name = "Acme \x1b[31mRed\u202e [bold] \U0001f525 株式会社"
    assert quick("add", name, "--playbook", "sales", now=NOW).code == 0
    told = quick("list", "--json", now=NOW)
    assert "\x1b" not in told.out
    assert "\u202e" not in told.out
    assert "株式会社" in told.out
    assert told.json["deals"][0]["name"] == name
