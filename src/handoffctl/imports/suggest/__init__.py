"""Guesses a map from the headers and the first rows of a file, and writes it so that a seller can complete it."""
