"""The report on trials: what is left out, whether it is missed, and what to leave out next."""
