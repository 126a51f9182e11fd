"""Reports as tables, and tables as text, CSV and Markdown."""
