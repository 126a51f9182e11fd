"""The report on the forecast: what the open deals are worth, by what became of earlier ones of the same age."""
