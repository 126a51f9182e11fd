"""The report on reasons: why handoffs were returned, and why deals were lost, disqualified or put aside."""
