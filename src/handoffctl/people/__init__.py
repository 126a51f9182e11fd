"""Team members and who owns which deal."""
