"""When the customer of a deal signed, worked by hand."""

from handoffctl.deals.signing import signing
from handoffctl.stats.stays import Stay


def stay(path, kind="open", entered="2026-03-01"):
    playbook, _, stage = path.partition("/")
    return Stay(1, 1, playbook, stage, kind, "me", entered, None, 0, None, 1)


def test_signing_is_the_first_entry_into_a_won_stage_of_whichever_playbook():
    won, again = stay("sales/won", "won"), stay("sales/won", "won", "2026-03-09")
    assert signing([stay("sales/lead"), won, stay("sales/lead"), again], "sales", False) is won
    renewed = stay("care/renewed", "won")
    assert signing([stay("sales/lead"), stay("care/start"), renewed], "sales", True) is renewed
    assert signing([stay("sales/lead"), stay("sales/lost", "lost")], "sales", False) is None
    assert signing([], "sales", True) is None


def test_where_value_comes_in_an_open_stage_a_deal_is_signed_when_it_is_passed_over():
    start = stay("care/start")
    stays = [stay("sales/lead"), start, stay("care/adopted"), stay("care/renewed", "won")]
    assert signing(stays, "care", True) is start
    assert signing(stays, "care", False) is stays[-1]
    # One that began there was not passed over.
    assert signing(stays[1:], "care", True) is stays[-1]
