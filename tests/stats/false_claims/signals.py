"""Signals that say nothing about the outcome: independent, correlated, clustered by account, unequally missing."""

import random
from collections.abc import Callable, Iterator
from math import exp

from tests.stats.false_claims.row import EXACT, FEWER, SEED, Row, several, share_of_runs

from handoffctl.stats.binomial import binomial_probabilities
from handoffctl.stats.signal_verdict import SignalCounts, SignalWord, judge_signals

SIZES = ((5, 5), (12, 18), (40, 60), (80, 120))
Run = Callable[[random.Random, int, int], list[SignalCounts]]


def rows(runs: int, kind: str) -> Iterator[Row]:
    """Yields a row for each number of won and lost deals, with signals of one kind."""
    for won, lost in SIZES:
        yield _simulated(kind, KINDS[kind], won, lost, runs)


def exact_rows() -> Iterator[Row]:
    """Yields a row for each number of won and lost deals, with one signal."""
    for won, lost in SIZES:
        yield Row(
            "won", "1 signal, in half of all deals", _size(won, lost), EXACT, one_signal(won, lost, 0.5, 0.5),
            "in 50% of won, 25% of lost", one_signal(won, lost, 0.5, 0.25),
        )  # fmt: skip


def _simulated(name: str, run: Run, won: int, lost: int, runs: int) -> Row:
    words = [{verdict.word for verdict in judge_signals(run(random.Random(SEED + n), won, lost))} for n in range(runs)]

    def sees_effect(chance: random.Random) -> bool:
        real = SignalCounts(several(won, 0.5, chance), won, several(lost, 0.25, chance), lost)
        return judge_signals([real, *run(chance, won, lost)[1:]])[0].word is SignalWord.STANDS_OUT

    return Row(
        "won",
        name,
        _size(won, lost),
        runs,
        sum(SignalWord.STANDS_OUT in run_words for run_words in words) / runs,
        "1 of them in 50% of won, 25% of lost",
        share_of_runs(runs // FEWER, sees_effect),
        sum(bool({SignalWord.STANDS_OUT, SignalWord.WORTH_WATCHING} & run_words) for run_words in words) / runs,
    )


def _size(won: int, lost: int) -> str:
    return f"{won} won, {lost} lost"


def one_signal(won: int, lost: int, share: float, other_share: float) -> float:
    """Returns the exact probability that a signal, the only one, stands out, from its shares of won and lost deals."""
    lost_probabilities = binomial_probabilities(lost, other_share)
    return sum(
        probability * other_probability
        for won_with, probability in enumerate(binomial_probabilities(won, share))
        for lost_with, other_probability in enumerate(lost_probabilities)
        if probability * other_probability > 1e-12
        and judge_signals([SignalCounts(won_with, won, lost_with, lost)])[0].word is SignalWord.STANDS_OUT
    )


def independent(signals: int) -> Run:
    """Returns a run of signals that say nothing of each other, each with a share of its own from 10 to 90 %."""

    def run(chance: random.Random, won: int, lost: int) -> list[SignalCounts]:
        shares = [chance.uniform(0.1, 0.9) for _ in range(signals)]
        return [SignalCounts(several(won, p, chance), won, several(lost, p, chance), lost) for p in shares]

    return run


def _counts(deals: list[list[bool]], won: int) -> list[SignalCounts]:
    """Returns the counts of each signal from one list of signals for each deal, of which the first `won` are won."""
    lost = len(deals) - won
    columns = list(zip(*deals, strict=True))
    return [SignalCounts(sum(column[:won]), won, sum(column[won:]), lost) for column in columns]


def correlated(chance: random.Random, won: int, lost: int) -> list[SignalCounts]:
    """Eight signals that mostly say the same of a deal: each is one trait of the deal, with some noise."""
    deals = []
    for _ in range(won + lost):
        trait = chance.gauss(0, 1)
        deals.append([0.85 * trait + 0.5 * chance.gauss(0, 1) > (signal - 3.5) / 4 for signal in range(8)])
    return _counts(deals, won)


def clustered(chance: random.Random, won: int, lost: int) -> list[SignalCounts]:
    """Eight signals that are alike among the deals of an account, as are the outcomes; the first deal counts.

    Accounts are drawn until there are enough of both outcomes, each with up to four deals.
    """
    deals: dict[bool, list[list[bool]]] = {True: [], False: []}
    enough = {True: won, False: lost}
    while any(len(deals[outcome]) < enough[outcome] for outcome in deals):
        luck = 1 / (1 + exp(-chance.gauss(-0.4, 1.5)))
        tendencies = [1 / (1 + exp(-chance.gauss(0, 2))) for _ in range(8)]
        account = [
            (chance.random() < luck, [chance.random() < tendency for tendency in tendencies])
            for _ in range(chance.randint(1, 4))
        ]
        outcome, signals = account[0]
        if len(deals[outcome]) < enough[outcome]:
            deals[outcome].append(signals)
    return _counts([*deals[True], *deals[False]], won)


def missing(chance: random.Random, won: int, lost: int) -> list[SignalCounts]:
    """Eight signals that are known for nine of ten won deals, but for half of the lost ones."""
    counts = []
    for _ in range(8):
        share = chance.uniform(0.1, 0.9)
        known_won, known_lost = several(won, 0.9, chance), several(lost, 0.5, chance)
        counts.append(
            SignalCounts(several(known_won, share, chance), known_won, several(known_lost, share, chance), known_lost)
        )
    return counts


KINDS: dict[str, Run] = {
    "8 independent signals": independent(8),
    "30 independent signals": independent(30),
    "8 correlated signals": correlated,
    "8 signals, clustered by account": clustered,
    "8 signals, unequally missing": missing,
}
