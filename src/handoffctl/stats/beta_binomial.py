"""The share of one person's cases, drawn towards the share of all: a beta-binomial estimate."""

from dataclasses import dataclass
from math import exp, log, log1p, sqrt

from handoffctl.stats.beta import beta_cdf, beta_quantile, log_beta
from handoffctl.stats.constants import INTERVAL_TAIL, PRIOR_WEIGHT

# The integral of `probability_better` goes over the logit of a share, by steps of a part of the density's width.
STEPS_PER_WIDTH = 3
WIDTHS = 40  # the density falls at least exponentially, by e for each width; e^-40 is below the precision of a float


@dataclass(frozen=True, slots=True)
class ShrunkShare:
    """A share as a beta distribution with the parameters `alpha` and `beta`. Both are 0 or more, and not both 0."""

    alpha: float
    beta: float

    @property
    def mean(self) -> float:
        """The expected share, 0 to 1."""
        return self.alpha / (self.alpha + self.beta)

    def interval(self, tail: float = INTERVAL_TAIL) -> tuple[float, float]:
        """Returns the ends of the equal-tailed interval, which is that of 90 % unless `tail` says otherwise."""
        if not self.alpha or not self.beta:
            return self.mean, self.mean
        return beta_quantile(tail, self.alpha, self.beta), beta_quantile(1 - tail, self.alpha, self.beta)


def shrunk_share(count: int, total: int, pooled: float, weight: float = PRIOR_WEIGHT) -> ShrunkShare:
    """Returns the share `count / total`, drawn towards the share `pooled` as if by `weight` further cases."""
    return ShrunkShare(count + weight * pooled, total - count + weight * (1 - pooled))


def probability_better(one: ShrunkShare, other: ShrunkShare) -> float:
    """Returns the probability that the first share is above the second, if they are independent.

    Integrates numerically: the density of the first times the distribution function of the second. Over the logit of
    the share the trapezoidal rule is exact to about ten digits. Where a share is certain (0 or 1) ties count half.
    """
    if not (one.alpha and one.beta and other.alpha and other.beta):
        return _better_where_certain(one, other)
    a, b = one.alpha, one.beta
    middle = log(a / b)
    below, above = _width(a), _width(b)
    step = min(below, above, _width(other.alpha), _width(other.beta), 1.0) / STEPS_PER_WIDTH
    scale = log_beta(a, b)
    first, last = -int(WIDTHS * below / step), int(WIDTHS * above / step)
    total = 0.0
    for number in range(first, last + 1):
        logit = middle + number * step
        log_share, log_rest = -_log1p_exp(-logit), -_log1p_exp(logit)
        density = exp(a * log_share + b * log_rest - scale)
        if density > 1e-18:
            total += density * beta_cdf(exp(log_share), other.alpha, other.beta)
    return min(total * step, 1.0)


def _width(parameter: float) -> float:
    """Returns the width of a beta density on one side of its peak, over the logit of the share."""
    return 1 / min(parameter, sqrt(parameter))


def _log1p_exp(value: float) -> float:
    """Returns log(1 + e^value) without overflow."""
    return max(value, 0.0) + log1p(exp(-abs(value)))


def _better_where_certain(one: ShrunkShare, other: ShrunkShare) -> float:
    """Returns the probability that the first share is above the second where at least one of them is 0 or 1."""
    certain = (not one.alpha or not one.beta, not other.alpha or not other.beta)
    if all(certain):
        return 0.5 if one.mean == other.mean else float(one.mean > other.mean)
    return one.mean if certain[0] else 1 - other.mean
