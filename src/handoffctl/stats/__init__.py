"""Statistics for every slice: survival curves and percentiles."""
