"""What cells say: amounts, dates and times, names, addresses."""
