"""Everything that the records hold, as JSON Lines or as CSV files: written from plain rows and read back.

Knows no database: which tables and columns there are, it is told.
"""
