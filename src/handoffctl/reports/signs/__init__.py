"""The report on signs that deals are handed off to hit a number: three verdicts and four counts for each owner."""
