"""General code that knows nothing of sales: moments, business time, names, money, field values, YAML, calendars."""
