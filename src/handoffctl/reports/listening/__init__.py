"""The report on listening: how often clients correct a summary, and how soon they answer one."""
