"""The beta distribution: its cumulative distribution function and its quantiles, without scipy."""

from math import exp, lgamma, log, log1p

# Lentz's method ends when a step changes the fraction by less than this; a few hundred steps always suffice.
PRECISION = 3e-16
SMALLEST = 1e-300  # stands for a zero denominator in Lentz's method
MOST_STEPS = 10_000


def log_beta(alpha: float, beta: float) -> float:
    """Returns the logarithm of the beta function."""
    return lgamma(alpha) + lgamma(beta) - lgamma(alpha + beta)


def beta_cdf(share: float, alpha: float, beta: float) -> float:
    """Returns P(X <= share) for a beta distribution: the regularized incomplete beta function.

    `alpha` and `beta` must be above 0. Continued fraction of Press et al., Numerical Recipes, section 6.4.
    """
    if share <= 0:
        return 0.0
    if share >= 1:
        return 1.0
    front = exp(alpha * log(share) + beta * log1p(-share) - log_beta(alpha, beta))
    # The fraction converges fast only below the mean; above it the distribution is mirrored.
    if share < (alpha + 1) / (alpha + beta + 2):
        return front * _fraction(share, alpha, beta) / alpha
    return 1 - front * _fraction(1 - share, beta, alpha) / beta


def _fraction(share: float, alpha: float, beta: float) -> float:
    """Returns the continued fraction of the incomplete beta function by Lentz's method."""
    numerator = 1.0
    denominator = 1 / _not_zero(1 - (alpha + beta) * share / (alpha + 1))
    value = denominator
    for step in range(1, MOST_STEPS):
        even = step * (beta - step) * share / ((alpha + 2 * step - 1) * (alpha + 2 * step))
        denominator = 1 / _not_zero(1 + even * denominator)
        numerator = _not_zero(1 + even / numerator)
        value *= denominator * numerator
        odd = -(alpha + step) * (alpha + beta + step) * share / ((alpha + 2 * step) * (alpha + 2 * step + 1))
        denominator = 1 / _not_zero(1 + odd * denominator)
        numerator = _not_zero(1 + odd / numerator)
        change = denominator * numerator
        value *= change
        if abs(change - 1) < PRECISION:
            break
    return value


def _not_zero(value: float) -> float:
    return value if abs(value) > SMALLEST else SMALLEST


def beta_quantile(probability: float, alpha: float, beta: float) -> float:
    """Returns the share below which a beta distribution lies with this probability: the inverse of `beta_cdf`.

    Newton's method, kept within the two shares that are known to enclose the answer.
    """
    if probability <= 0 or probability >= 1:
        return 0.0 if probability <= 0 else 1.0
    low, high = 0.0, 1.0
    share = alpha / (alpha + beta)
    scale = log_beta(alpha, beta)
    for _ in range(200):
        error = beta_cdf(share, alpha, beta) - probability
        low, high = (low, share) if error > 0 else (share, high)
        density = exp((alpha - 1) * log(share) + (beta - 1) * log1p(-share) - scale)
        step = error / density if density > SMALLEST else 2.0
        following = share - step if low < share - step < high else (low + high) / 2
        if abs(following - share) <= PRECISION * share or following in (0.0, 1.0):
            return following
        share = following
    return share
