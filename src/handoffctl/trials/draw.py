"""Draws the arm of an account by a keyed hash, so that nobody can foresee it, and it stays what it is."""

import hashlib
import hmac

from handoffctl.trials.model import WITH, WITHOUT


def draw_arm(draw_key: str, account_id: int) -> str:
    """Returns the arm of an account: the last bit of HMAC-SHA-256 of its id."""
    digest = hmac.new(draw_key.encode(), str(account_id).encode(), hashlib.sha256).digest()
    return WITHOUT if digest[-1] & 1 else WITH
