"""Which column holds what: every word takes the column whose name fits it best, if the cells can be that."""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from unicodedata import category

from handoffctl.imports.mapping.model import Rows
from handoffctl.imports.suggest.column_names import EXACT, HEAD, UNLIKE, Vocabulary, fit
from handoffctl.imports.suggest.column_profile import MOSTLY, Looked, Seen
from handoffctl.imports.suggest.value_names import kind_named, says_stage, status_named, touch_kind

MOST_STAGES = 200  # a draft playbook takes no more
SPELLINGS = 3  # of a stage, on average; with more it is no column of stages
FEW = 12  # rows; of fewer it cannot be said that values repeat
OFTEN = 0.8  # of so many rows at most the ids of a history differ

_PEOPLE = ("contact.name", "contact.first", "contact.last", "contact.email", "contact.phone")
_WORDS: dict[Rows, tuple[str, ...]] = {
    "deals": ("stage", "deal", "name", "account", "account_id", "domain", *_PEOPLE, "contact.title", "contact_id",
              "owner", "owner_id", "amount", "currency", "source", "probability", "closed", "won", "deleted"),
    "changes": ("changed", "stage_before", "stage", "deal", "account", "amount", "name", "owner"),
    "contacts": (*_PEOPLE, "contact.title", "contact_id", "account", "account_id", "domain"),
    "accounts": ("account", "account_id", "domain"),
    "touches": ("kind", "touch", "direction", "outcome", "text", "done", "deal", "account", "contact.email",
                "contact.name", "owner"),
}  # fmt: skip
_OF_COMPANIES = {"industry", "employees", "sector", "company", "branche", "mitarbeiter", "inn", "vat"}
_EVENTS = {"history", "event", "change", "changes", "entry", "log", "row", "line", "audit"}


def kind_of_rows(looked: Looked, known: Vocabulary) -> tuple[Rows, str]:
    """What a row of the file is, and what speaks for it."""
    stage = stage_column(looked, "deals", known)
    touch = next((column for column in looked.columns if is_touch_kind(column)), None)
    dated = [column for column in looked.columns if column.is_date]
    if touch and dated and (stage is None or stage is touch):
        return "touches", f"each row is a touch: {touch.example} and the like, with a date"
    history = _history(looked, known, stage, dated)
    if history:
        return "changes", f"each row is a change: the same deal comes again and again in {history.header}"
    # A list of people may have a status too; the stage of a deal is there in every row, and says more.
    doubtful = (
        stage and (not _says(stage) or stage.filled < MOSTLY) and not {"stage", "phase", "deal"} & set(stage.words)
    )
    if stage is None or doubtful:
        plain = _people_or_companies(looked, known)
        if plain:
            return plain
    return "deals", "each row is a deal"


def _history(looked: Looked, known: Vocabulary, stage: Seen | None, dated: Sequence[Seen]) -> Seen | None:
    """The column of the ids of deals that repeat, where the rows are changes; None where they are not."""
    if stage is None or not dated or looked.rows < 2:
        return None
    named = _best(looked, "deal", "changes", known, lambda column: column.filled >= MOSTLY)
    tells = any(
        _fits(column, word, "changes", known) >= HEAD
        for column in looked.columns
        for word in ("stage_before", "changed")
    )
    by_event = any(_EVENTS & set(column.words[:-1]) and column.varied == 1 for column in looked.columns)
    if named:
        # The title of a deal may be that of another one too, so more must speak for a history.
        is_title = _fits(named, "name", "changes", known) >= HEAD
        repeats = named.varied < 1 if tells or by_event else named.varied <= OFTEN and not is_title
        moves = any(len(set(group)) > 1 for group in grouped(named.cells, stage.cells))
        return named if repeats and moves else None
    account = _best(looked, "account", "changes", known, _could_be("account", "changes", looked))
    if account and len(dated) == 1 and account.varied <= OFTEN:
        pairs = list(zip(account.cells, stage.cells, strict=True))
        return account if len(set(pairs)) == len(pairs) else None  # it is in no stage twice: that is a way, not a list
    return None


def _people_or_companies(looked: Looked, known: Vocabulary) -> tuple[Rows, str] | None:
    def has(word: str, rows: Rows) -> Seen | None:
        return _best(looked, word, rows, known, _could_be(word, rows, looked))

    if any(_fits(column, "deal", "deals", known) > EXACT - 1.5 for column in looked.columns):
        return None  # it has the id of a deal
    email = has("contact.email", "contacts")
    if (
        email
        and email.varied > OFTEN
        and (has("contact.last", "contacts") or has("contact.name", "contacts") or _bare_name(looked))
    ):
        return "contacts", f"each row is a person: {email.header} is different in nearly every row"
    described = has("domain", "accounts") or any(_OF_COMPANIES & set(column.words) for column in looked.columns)
    account = has("account", "accounts") or (_bare_name(looked) if described else None)
    if account and account.varied >= 0.95 and len(looked.columns) > 1 and not has("owner", "deals"):
        return "accounts", f"each row is a company: {account.header} is different in every row"
    return None


def _bare_name(looked: Looked) -> Seen | None:
    return next((column for column in looked.columns if column.words == ("name",) and column.is_wordy), None)


def columns_of(looked: Looked, rows: Rows, known: Vocabulary) -> dict[str, Seen]:
    """The column of each word that this kind of row can have; words without one are not there."""
    found: dict[str, Seen] = {}
    stage = stage_column(looked, rows, known) if rows in ("deals", "changes") else None
    if stage:
        found["stage"] = stage
    deal = _best(looked, "deal", rows, known, _could_be("deal", rows, looked)) if rows == "changes" else None
    if deal:
        found["deal"] = deal  # before a title, for it is what tells that rows belong together
    taken = {column.place for column in found.values()}
    offers = []
    for order, word in enumerate(_WORDS.get(rows, ())):
        if word not in found:
            could = _could_be(word, rows, looked)
            offers += [(-_fits(column, word, rows, known), order, column.place, word) for column in looked.columns
                       if _fits(column, word, rows, known) and column.place not in taken and could(column)]  # fmt: skip
    for _, _, place, word in sorted(offers):
        if word not in found and place not in taken:
            found[word] = looked.columns[place]
            taken.add(place)
    if rows == "deals":
        _by_values(looked, found, [column for column in looked.columns if column.place not in taken], known)
    return found


def _by_values(looked: Looked, found: dict[str, Seen], free: Sequence[Seen], known: Vocabulary) -> None:
    """An id and an amount that no name tells: a code that is different in every row, and the only sums of money."""
    codes = [column for column in free if column.is_code and column.varied == column.filled == 1 and not column.is_phone
             and not set(UNLIKE["deal"].split()) & set(column.words)
             and not _fits(column, "amount", "deals", known)]  # fmt: skip
    if "deal" not in found and "name" not in found and codes and looked.rows >= FEW:
        found["deal"] = codes[0]
    sums = [column for column in free if column.is_amount and any(category(c) == "Sc" for c in column.example)]
    if "amount" not in found and len(sums) == 1:
        found["amount"] = sums[0]


def stage_column(looked: Looked, rows: Rows, known: Vocabulary) -> Seen | None:
    """The column that holds the stages: by its name, else by its values."""
    could = _could_be("stage", rows, looked)
    named = [
        (fit, column) for column in looked.columns if (fit := _fits(column, "stage", rows, known)) and could(column)
    ]
    plain = [(fit, column) for fit, column in named if not _says_only_status(column)] or named
    if plain:
        # Among names that fit about as well, the one whose values are called what stages are called.
        return max(plain, key=lambda one: (one[0] + 8 * _says(one[1]), -one[1].place))[1]
    by_value = [column for column in looked.columns if could(column) and _says(column) >= 0.5 and _closes(column)]
    return max(by_value, key=lambda column: (_says(column), -column.place), default=None)


def status_column(looked: Looked, stage: Seen | None, known: Vocabulary) -> Seen | None:
    """A column beside the stage that says open, won or lost of every deal, and nothing else."""
    for column in looked.columns:
        if stage and column is not stage and _fits(column, "stage", "deals", known) and _says_only_status(column):
            return column if len({status_named(value) for value in column.counts}) > 1 else None
    return None


def is_touch_kind(column: Seen) -> bool:
    """Whether the values are calls, e-mails, meetings and the like."""
    values = list(column.counts)
    if not 0 < len(values) <= 20 or column.filled < MOSTLY or column.is_email:
        return False
    return sum(touch_kind(value) is not None for value in values) >= max(1.0, 0.6 * len(values))


def grouped(keys: Iterable[str], values: Iterable[str]) -> list[list[str]]:
    """The values of each key."""
    pairs = sorted(zip(keys, values, strict=True), key=itemgetter(0))
    return [[value for _, value in group] for _, group in groupby(pairs, key=itemgetter(0))]


def _says(column: Seen) -> float:
    values = list(column.counts)[:MOST_STAGES]
    return sum(map(says_stage, values)) / len(values) if values else 0.0


def _closes(column: Seen) -> bool:
    """Whether deals are won or lost in it, beside other stages."""
    return len(column.counts) > 1 and any(kind_named(value) in ("won", "lost") for value in column.counts)


def _says_only_status(column: Seen) -> bool:
    return 0 < len(column.counts) <= FEW and all(status_named(value) for value in column.counts)


def _fits(column: Seen, word: str, rows: Rows, known: Vocabulary) -> float:
    return fit(word, column.header, rows, known)


def _best(looked: Looked, word: str, rows: Rows, known: Vocabulary, could: Callable[[Seen], bool]) -> Seen | None:
    named = [(fit, column) for column in looked.columns if (fit := _fits(column, word, rows, known)) and could(column)]
    return max(named, key=lambda one: (one[0], -one[1].place), default=(0.0, None))[1]


def _could_be(word: str, rows: Rows, looked: Looked) -> Callable[[Seen], bool]:
    """Whether a column's cells can be what the word means. An empty column can be anything but needed."""

    def unique(column: Seen) -> bool:
        return column.filled >= MOSTLY and not column.is_date and column.varied >= (OFTEN if rows == "deals" else 0)

    def stage(column: Seen) -> bool:
        most = min(MOST_STAGES, max(FEW, 0.6 * column.counts.total()))
        if len(column.counts) > SPELLINGS * most or not 0 < len(column.stages) <= most:
            return False
        numbers = column.is_amount and not ({"id", "stage", "phase"} & set(column.words))
        return not (column.is_date or column.is_email or numbers)

    def words(column: Seen) -> bool:
        return column.is_wordy and column.is_naming

    def owner(column: Seen) -> bool:
        return bool(column.counts) and not column.is_date and (column.is_code or not column.is_amount)

    tests: dict[str, Callable[[Seen], bool]] = {
        "deal": unique, "stage": stage, "name": words, "account": words, "source": words,
        "contact.name": words, "contact.first": words, "contact.last": words,
        "owner": owner,
        "contact.email": lambda column: column.is_email,
        "contact.phone": lambda column: bool(column.counts) and not (column.is_date or column.is_email),
        "amount": lambda column: column.is_amount,
        "probability": lambda column: column.is_percent, "closed": lambda column: column.is_flag,
        "won": lambda column: column.is_flag, "deleted": lambda column: column.is_flag,
        "done": lambda column: column.is_flag,
        "currency": lambda column: column.is_wordy and all(len(value) <= 5 for value in column.counts),
        "kind": is_touch_kind,
        "changed": lambda column: column.is_wordy and (looked.rows < FEW or column.varied <= 0.6),
        "account_id": lambda column: column.is_code, "contact_id": lambda column: column.is_code,
        "owner_id": lambda column: bool(column.counts) and not column.is_date,
        "touch": lambda column: column.filled >= MOSTLY and column.varied == 1,
        "domain": lambda column: bool(column.counts) and "." in column.example and " " not in column.example,
    }  # fmt: skip
    return tests.get(word, lambda column: bool(column.counts))
