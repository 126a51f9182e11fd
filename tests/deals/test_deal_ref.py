"""The shortest name by which commands find a deal."""

import pytest

from handoffctl.deals.lookup_query import account_names_deal, deal_ref, full_deal_ref


@pytest.mark.parametrize(
    ("kind", "deals", "open_deals", "ref"),
    [
        ("open", 1, 1, "acme"),
        ("won", 1, 0, "acme"),
        ("open", 3, 1, "acme"),
        ("won", 3, 1, "acme/renewal"),
        ("open", 2, 2, "acme/renewal"),
        ("lost", 2, 0, "acme/renewal"),
    ],
)
def test_a_deal_goes_by_its_account_where_that_means_no_other(kind: str, deals: int, open_deals: int, ref: str) -> None:
    assert deal_ref("acme", "renewal", kind, deals, open_deals) == ref
    assert account_names_deal(kind == "open", deals, open_deals) == (ref == "acme")


def test_the_full_name_says_the_account_and_the_deal() -> None:
    assert full_deal_ref("acme", "renewal") == "acme/renewal"
