"""The report on promises between teams: kept, late, void and open, with a verdict on the habit."""
