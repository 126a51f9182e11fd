"""Files of other programs, read into plain records. No database, no terminal, no clock."""
