"""Statistics for every slice: survival, percentiles, confidence intervals, and the stays of deals."""
