"""The figures of the throughput report by pandas, from the same SQLite file: what a careful analyst would write.

python tests/bench/throughput_pandas.py FILE.db AS_OF STAGES      STAGES: {"lead": "open", ...} in their order
"""

import json
import sqlite3
import sys
from contextlib import closing

import numpy as np
import pandas as pd

WAYS = ("advanced", "returned", "won", "lost", "nurture", "moved")


def main(file: str, as_of: str, kinds: dict[str, str]) -> dict[str, dict[str, float | None]]:
    with closing(sqlite3.connect(file)) as db:
        visits = pd.read_sql("SELECT deal_id, stage, days FROM visit ORDER BY deal_id, number", db)
        present = pd.read_sql("SELECT stage, entered_at FROM visit WHERE ended = 0", db)
    present["days"] = (pd.Timestamp(as_of) - pd.to_datetime(present["entered_at"])) / pd.Timedelta(days=1)
    visits["place"] = pd.Categorical(visits["stage"], list(kinds)).codes
    visits["way"] = ways(visits, kinds)
    firsts = ~visits.duplicated(["deal_id", "place"])
    visits["further"] = got_further(visits, kinds)

    counts = visits.groupby(["stage", "way"]).size().unstack(fill_value=0).reindex(columns=[*WAYS, "now"], fill_value=0)
    counts["entered"] = counts.sum(axis=1)
    by_deal = visits[firsts].groupby("stage")["further"].agg(["size", "mean"])
    days = visits.groupby("stage")["days"]
    mean, median, late = days.mean(), days.median(), days.quantile(0.85)
    ages = dict(iter(present.groupby("stage")["days"]))
    lengths = dict(iter(visits.dropna(subset="days").groupby("stage")["days"]))
    none = pd.Series(dtype=float)
    found: dict[str, dict[str, float | None]] = {}
    for stage, kind in kinds.items():
        found[stage] = {
            **counts.loc[stage].to_dict(),
            "deals": by_deal.loc[stage, "size"],
            "conversion": by_deal.loc[stage, "mean"],
            "mean_days_completed": mean[stage],
            "median_days_completed": median[stage],
            "p85_days_completed": late[stage],
            "median_days": survival_median(lengths.get(stage, none), ages.get(stage, none)) if kind == "open" else None,
        }
    return {stage: {name: plain(value) for name, value in one.items()} for stage, one in found.items()}


def ways(visits: pd.DataFrame, kinds: dict[str, str]) -> np.ndarray:
    """How each stay ended, from the stage of the deal's next stay."""
    deal, place = visits["deal_id"].to_numpy(), visits["place"].to_numpy()
    onward = np.append(place[1:], -1)
    last = np.append(deal[1:] != deal[:-1], True)
    kind = np.array(list(kinds.values()))[onward]
    return np.select([last, kind != "open", onward > place], ["now", kind, "advanced"], default="returned")


def got_further(visits: pd.DataFrame, kinds: dict[str, str]) -> pd.Series:
    """Whether the deal was afterwards in a later open stage, or won."""
    ranks = [{"open": place, "won": len(kinds)}.get(kind, -1) for place, kind in enumerate(kinds.values())]
    rank = pd.Series(np.array(ranks)[visits["place"]])
    furthest = rank[::-1].groupby(visits["deal_id"][::-1]).cummax()[::-1]
    afterwards = furthest.groupby(visits["deal_id"]).shift(-1, fill_value=-1)
    return afterwards > visits["place"]


def survival_median(lengths: pd.Series, ages: pd.Series) -> float | None:
    """Kaplan and Meier's: the first moment by which half have left, those still there counted for as long as seen."""
    moments, left = np.unique(lengths.to_numpy(), return_counts=True)
    there = len(lengths) - np.searchsorted(np.sort(lengths.to_numpy()), moments)
    there += len(ages) - np.searchsorted(np.sort(ages.to_numpy()), moments)
    reached = np.flatnonzero(np.cumprod(1 - left / there) <= 0.5 + 1e-9)
    return float(moments[reached[0]]) if len(reached) else None


def plain(value: float | None) -> float | None:
    return None if value is None or np.isnan(value) else float(value)


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2], json.loads(sys.argv[3]))))
