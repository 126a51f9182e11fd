"""Guesses a map from the headers and the first rows of a file, and writes it so that a seller can complete it."""

from handoffctl.imports.suggest.column_profile import Looked, Seen, look
from handoffctl.imports.suggest.inference import guess_of
from handoffctl.imports.suggest.map_text import map_text
from handoffctl.imports.suggest.model import Guess, Recognised
from handoffctl.imports.suggest.name_similarity import Vocabulary, vocabulary

__all__ = ["Guess", "Looked", "Recognised", "Seen", "Vocabulary", "guess_of", "look", "map_text", "vocabulary"]
