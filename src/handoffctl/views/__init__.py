"""Questions to the records, as SQL text over `ask(sql, **named) -> rows`. They only read."""
