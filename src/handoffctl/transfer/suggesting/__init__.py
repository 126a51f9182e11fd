"""Guesses a map from the headers and the first rows of a file, and writes it so that a seller can complete it."""

from handoffctl.transfer.suggesting.guess import Guess, Recognised
from handoffctl.transfer.suggesting.guessing import guess_of
from handoffctl.transfer.suggesting.looking import Looked, Seen, look
from handoffctl.transfer.suggesting.naming import Vocabulary, vocabulary
from handoffctl.transfer.suggesting.writing import map_text

__all__ = ["Guess", "Looked", "Recognised", "Seen", "Vocabulary", "guess_of", "look", "map_text", "vocabulary"]
