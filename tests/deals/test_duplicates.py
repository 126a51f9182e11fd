"""Accounts that go by the same name or share a domain; contacts that are one person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.processor_time import processor_seconds

from handoffctl.deals.duplicates import core, likely, own_domain, same_person

FORMS = (
    "Inc", "Inc.", "Ltd", "Ltd.", "LLC", "L.L.C.", "Limited", "GmbH", "G.m.b.H.", "GmbH & Co. KG", "AG", "A.G.", "S.A.",
    "S.r.l.", "S.à r.l.", "S.p.A.", "SpA", "B.V.", "N.V.", "Oy", "AB", "A/S", "AS", "K.K.", "Pty Ltd", "PTY. LTD.",
    "Corporation", "Corp", "Corp.", "Co.", "& Co.", "and Company", "Sp. z o.o.", "s.r.o.", "d.o.o.", "S.A. de C.V.",
    "UG (haftungsbeschränkt)", "e.K.", "SE", "PLC", "OÜ", "ООО", "АО", "ИП", "有限公司", "주식회사",
)  # fmt: skip
WORDS = st.sampled_from(
    "Acme acme ACMÉ Müller MULLER & and Söhne S O'Neil 42 ромашка トヨタ Bank - of GmbH Ltd.".split()  # noqa: SIM905
)
NAMES = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)
DOMAINS = st.sampled_from([None, "", "acme.example", "www.acme.example", "muller.example", "gmail.com"])


def alike(one: str, other: str) -> bool:
    return bool(likely([("a", one, None), ("b", other, None)]))


@pytest.mark.parametrize("form", FORMS)
def test_a_legal_form_makes_no_difference(form):
    assert alike("Acme Works", f"Acme Works {form}")
    assert alike("acme works", f"ACME WORKS, {form.upper()}")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Müller & Söhne GmbH", "muller und sohne"),
        ("Smith and Sons", "Smith & Sons, Inc."),
        ("Coca-Cola", "CocaCola Co."),
        ("O'Neil’s", "oneils"),
        ("A.B.C. Supplies", "ABC Supplies Ltd"),
        ("ООО «Ромашка»", "Ромашка"),
        ("ИП Иванов", "иванов"),
        ("株式会社トヨタ", "トヨタ(株)"),
        ("㈱トヨタ", "トヨタ"),
        ("삼성전자 주식회사", "삼성전자"),
        ("Łódź Sp. z o.o.", "lodz"),
        ("Acme™", "Acme"),
        ("Ａｃｍｅ", "acme"),
        ("Acme S. A.", "Acme"),
        ("PT Indofood Tbk", "Indofood"),
    ],
)
def test_names_that_people_take_for_the_same_are_alike(one, other):
    assert alike(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Deutsche Bank", "Deutsche Bank UK"),
        ("Acme", "Acme Works"),
        ("GmbH", "GmbH"),
        ("Ltd", "Limited"),
        ("Co. AG", "Co. AG"),
        ("&", "and"),
        ("!!!", "???"),
        ("", ""),
        ("किताब", "कताब"),
        ("か", "が"),
        ("Studio", "Studio S A.S."),
        ("Best", "Best OK"),
    ],
)
def test_names_that_differ_or_say_nothing_are_not(one, other):
    assert not alike(one, other)


def test_a_domain_of_their_own_makes_accounts_alike_and_a_public_one_does_not():
    def shared(domain, other):
        return bool(likely([("a", "Acme", domain), ("b", "Birch", other)]))

    assert shared("acme.example", "www.ACME.example")
    assert shared("acme.wixsite.com", "acme.wixsite.com")
    for public in ("gmail.com", "yahoo.co.uk", "web.de", "mail.ru", "facebook.com", "www.linkedin.com", "", None):
        assert not shared(public, public)
    assert own_domain("WWW.Acme.Example.") == "acme.example"


def test_a_group_holds_all_that_are_alike_by_one_or_the_other_in_the_order_given():
    accounts = [
        ("z", "Zebra", None),
        ("a", "Acme Inc", "acme.example"),
        ("b", "Birch", "birch.example"),
        ("c", "ACME", None),
        ("d", "Something else", "acme.example"),
        ("e", "birch ag", None),
    ]
    assert [[one.slug for one in group] for group in likely(accounts)] == [["a", "c", "d"], ["b", "e"]]
    assert likely([]) == []


ACCOUNTS = st.lists(st.tuples(NAMES, DOMAINS), max_size=8).map(
    lambda found: [(str(place), name, domain) for place, (name, domain) in enumerate(found)]
)


def partition(accounts):
    return {frozenset(one.slug for one in group) for group in likely(accounts)}


@given(ACCOUNTS.flatmap(lambda accounts: st.tuples(st.just(accounts), st.permutations(accounts))))
def test_the_order_of_accounts_makes_no_difference(both):
    accounts, shuffled = both
    assert partition(accounts) == partition(shuffled)


@given(ACCOUNTS)
def test_no_account_is_in_two_groups_and_none_alone(accounts):
    groups = likely(accounts)
    slugs = [one.slug for group in groups for one in group]
    assert len(slugs) == len(set(slugs))
    assert all(len(group) > 1 for group in groups)


@given(NAMES, NAMES, st.sampled_from(FORMS))
def test_adding_a_legal_form_never_breaks_a_match(one, other, form):
    assert alike(one, other) == alike(other, one)
    if alike(one, other):
        assert alike(f"{one} {form}", other)
        assert alike(f"{one}, {form}", f"{other} {form}")


@given(st.text(max_size=60))
def test_any_text_has_a_core_that_case_leaves_alone(text):
    assert core(text) == core(f"  {text} ")
    assert " " not in core(text)


def test_twenty_thousand_accounts_are_not_held_against_each_other():
    accounts = [(str(n), f"Größe {n} & Söhne S.A. de C.V.", f"d{n}.example") for n in range(20_000)]
    with processor_seconds(10):  # holding each against all others takes minutes
        assert likely(accounts) == []


def person(name="", email="", phone=""):
    return {"name": name or None, "email": email or None, "phone": phone or None}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (person("Jane", "j@acme.example"), person("Jane Doe", "J@Acme.Example"), True),
        (person("Jane Doe"), person("JANE  doe"), True),
        (person("Jane Doe", "j@acme.example"), person("jane doe"), True),
        (person("Jane Doe", "j@acme.example"), person("jane doe", phone="1"), True),
        (person("Jane Doe", "j@acme.example"), person("Jane Doe", "d@acme.example"), False),
        (person("Jane Doe", phone="+49 30 1"), person("Jane Doe", phone="+49 (30) 1"), True),
        (person("Jane Doe", phone="+49 30 1"), person("Jane Doe", phone="+49 30 2"), False),
        (person(email="j@acme.example"), person("Jane Doe"), False),
        (person(phone="1"), person(phone="1"), False),
    ],
)
def test_contacts_are_one_person_by_their_address_or_else_by_their_name(one, other, same):
    assert same_person(one, other) is same
    assert same_person(other, one) is same
