"""The constants of every interval, test and verdict, each named once with its source.

The values of the normal distribution are its exact quantiles as floating-point numbers; `statistics.NormalDist` gives
the same, and a test holds them to it.
"""

# Quantiles of the standard normal distribution.
Z95 = 1.959963984540054  # the 97.5 % quantile: two-sided 95 % intervals, the convention for descriptive figures
Z90 = 1.6448536269514722  # the 95 % quantile: two-sided 90 % intervals, which test one-sided at 5 % (non-inferiority)
Z_POWER = 0.8416212335729143  # the 80 % quantile: the power that a trial is planned for (Cohen 1988)

# Sizes of tests: how often one run of a report may claim something where there is nothing.
TEST_SIZE = 0.05  # one-sided for "broken", per run; the convention since Fisher 1925
POWER = 0.8  # the power that a trial is planned for (Cohen 1988)
FALSE_DISCOVERY = 0.05  # q of Benjamini and Hochberg 1995 at which a signal stands out
WATCHING_DISCOVERY = 0.2  # q at which a signal is worth watching: a hint, not a claim
HARM_SIZE = 0.01  # two-sided size of the looks at harm before the end of a trial; small because there are many looks

# Numerical tolerance.
FISHER_TOLERANCE = 1e-7  # two probabilities count as equal within this relative difference, as in scipy and R
ROUNDING = 1e-9  # a product of a share and a count may differ so much from the exact number

# Promises between teams.
FEWEST_DUE = 5  # below this many due handoffs a promise has no verdict
MOST_VOID = 0.2  # above this share of void handoffs a promise has no verdict

# Signals of won deals.
FEWEST_ENDED = 5  # won and lost deals each; 5 against 5 wholly apart has p = .008, 3 against 3 only .10
LOG_ODDS_VARIANCE = 0.5625  # of the normal prior of a log odds ratio: a standard deviation of 0.75
CELL_CORRECTION = 0.5  # added to each cell of a two-by-two table (Haldane 1956, Anscombe 1956)
NEARLY_ALL = 0.8  # a signal that this share of all deals has cannot tell won from lost

# Receivers.
PRIOR_WEIGHT = 8  # the pooled share counts as much as this many handoffs of one person
INTERVAL_TAIL = 0.05  # on either side of a 90 % equal-tailed interval

# Surges.
LAST_DAYS = 3  # working days at the end of a period
RECENT_PERIODS = 3  # of these, two must show the surge
PERIODS_NEEDED = 2
FEWEST_HANDOFFS = 10  # below this many handoffs of an owner the report is silent

# Probation and trials.
PROBATION_CONFIDENCE = 0.95  # one-sided, exact (Clopper and Pearson 1934)
PROBATION_HANDOFFS = 20
MISSES_TO_PUT_BACK = 3
RETURNS_TO_PUT_BACK = 3  # returns whose reason names the item

# Forecast.
FEWEST_AT_RISK = 5  # an incidence is used up to the last time with so many at risk
FEWEST_ENDED_ENTRIES = 10  # below this many ended entries the deals of a stage are counted and not weighted
