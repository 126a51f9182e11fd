"""What is true of a handoff: pure rules over values. No disk, no database, no terminal, no clock."""
