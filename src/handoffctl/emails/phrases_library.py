"""Finds and reads the sets of phrases.

A set of phrases is a file. Two ship with the program, for American and British English; those in the folder `phrases`
of the home folder come before them, so that mails can be written in any language.
"""

from pathlib import Path

from handoffctl.core.yaml.text import read_content
from handoffctl.emails.phrases import Phrases, faulty_phrases
from handoffctl.errors import NotFound
from handoffctl.resources import shipped
from handoffctl.workspace.checked import recall, remember


def phrases_paths(home_folder: Path) -> dict[str, Path]:
    """Returns the path of every set of phrases by name; one in the home folder comes before a shipped one."""
    folders = (shipped("phrases"), home_folder / "phrases")
    return {path.stem: path for folder in folders for path in sorted(folder.glob("*.yaml")) if path.is_file()}


def read_phrases(path: Path) -> Phrases:
    """Reads a file of phrases. Raises RulesFault with every fault, each with file, line and path."""
    try:
        content = read_content(path)
    except OSError:  # which is told in the same way as a fault
        content = None
    known = recall(Phrases, content) if content else None
    if known and not any(faulty_phrases(known.say)):
        return known
    from handoffctl.emails.phrases_check import check_phrases  # yaml and pydantic take longer than to render a mail

    phrases = check_phrases(path, content)
    if content:
        remember(phrases, content)
    return phrases


def load_phrases(home_folder: Path, locale: str, language: str = "") -> Phrases:
    """Returns the set for a language, with the region of the locale if there is one, else the language's first set.

    Without a language it is that of the locale. An English mail never says "Donnerstag", whatever the locale is.
    Raises NotFound if no set has the language, RulesFault for a faulty file.
    """
    paths = phrases_paths(home_folder)
    wanted = language or locale.partition("_")[0]
    of_language = [name for name in paths if name.partition("_")[0] == wanted]
    with_region = f"{wanted}_{locale.partition('_')[2]}"
    # The first by name would be British English; American English is what the program itself is written in.
    first = [name for name in ("en_US", *sorted(of_language)) if name in of_language][:1]
    name = with_region if with_region in of_language else next(iter(first), "")
    if not name:
        raise NotFound(
            f'There are no phrases for the language "{wanted}".',
            f"Write them into {home_folder / 'phrases' / f'{wanted}_{wanted.upper()}.yaml'}; "
            f"begin with a copy of {shipped('phrases') / 'en_US.yaml'}.",
        )
    phrases = read_phrases(paths[name])
    own = shipped("phrases") / f"{name}.yaml"
    if own.is_file() and own != paths[name]:  # the user's own file may leave phrases out; those are as shipped
        say = {**read_phrases(own).say, **phrases.say}
        return phrases.with_values(say=say)
    return phrases
