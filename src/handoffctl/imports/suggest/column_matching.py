"""Matches columns with words of a map: each word gets the column whose name fits best and whose cells pass its test."""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from unicodedata import category

from handoffctl.imports.mapping.model import RowKind
from handoffctl.imports.suggest.column_names import EXACT, HEAD, UNLIKE, Vocabulary, name_fit
from handoffctl.imports.suggest.column_profile import MOSTLY, ColumnProfile, FileProfile
from handoffctl.imports.suggest.value_names import is_stage_name, kind_of_stage_name, status_of_value, touch_kind

MOST_STAGES = 200  # as many as a draft playbook may have
SPELLINGS = 3  # of a stage, on average; with more it is not a column of stages
FEW = 12  # rows; with fewer, repeated values mean nothing
MOST_REPEATED_SHARE = 0.8  # of so many rows at most the ids of a history differ

_PEOPLE = ("contact.name", "contact.first", "contact.last", "contact.email", "contact.phone")
_WORDS: dict[RowKind, tuple[str, ...]] = {
    "deals": ("stage", "deal", "name", "account", "account_id", "domain", *_PEOPLE, "contact.title", "contact_id",
              "owner", "owner_id", "amount", "currency", "source", "probability", "closed", "won", "deleted"),
    "changes": ("changed", "stage_before", "stage", "deal", "account", "amount", "name", "owner"),
    "contacts": (*_PEOPLE, "contact.title", "contact_id", "account", "account_id", "domain"),
    "accounts": ("account", "account_id", "domain"),
    "touches": ("kind", "touch", "direction", "outcome", "text", "done", "deal", "account", "contact.email",
                "contact.name", "owner"),
}  # fmt: skip
_COMPANY_WORDS = {"industry", "employees", "sector", "company", "branche", "mitarbeiter", "inn", "vat"}
_EVENT_WORDS = {"history", "event", "change", "changes", "entry", "log", "row", "line", "audit"}


def guess_row_kind(profile: FileProfile, vocabulary: Vocabulary) -> tuple[RowKind, str]:
    """Guesses what a row of the file is, and returns it with the reason."""
    stage = find_stage_column(profile, "deals", vocabulary)
    touch = next((column for column in profile.columns if is_touch_kind(column)), None)
    dated = [column for column in profile.columns if column.is_date]
    if touch and dated and (stage is None or stage is touch):
        return "touches", f"each row is a touch: {touch.example} and the like, with a date"
    history = _find_history_key(profile, vocabulary, stage, dated)
    if history:
        return "changes", f"each row is a change: the same deal comes again and again in {history.header}"
    # A list of people may have a status too; the stage of a deal is filled in every row and has more values.
    doubtful = (
        stage
        and (not _stage_name_share(stage) or stage.filled_share < MOSTLY)
        and not {"stage", "phase", "deal"} & set(stage.words)
    )
    if stage is None or doubtful:
        other_kind = _guess_people_or_companies(profile, vocabulary)
        if other_kind:
            return other_kind
    return "deals", "each row is a deal"


def _find_history_key(
    profile: FileProfile, vocabulary: Vocabulary, stage: ColumnProfile | None, dated: Sequence[ColumnProfile]
) -> ColumnProfile | None:
    """Returns the column whose values repeat for each deal if the rows are changes; None if they are not."""
    if stage is None or not dated or profile.rows < 2:
        return None
    key = _best_column(profile, "deal", "changes", vocabulary, lambda column: column.filled_share >= MOSTLY)
    has_change_columns = any(
        _name_fit(column, word, "changes", vocabulary) >= HEAD
        for column in profile.columns
        for word in ("stage_before", "changed")
    )
    has_event_counter = any(
        _EVENT_WORDS & set(column.words[:-1]) and column.distinct_share == 1 for column in profile.columns
    )
    if key:
        # Two deals may have the same title, so a title needs more evidence of a history.
        is_title = _name_fit(key, "name", "changes", vocabulary) >= HEAD
        repeats = (
            key.distinct_share < 1
            if has_change_columns or has_event_counter
            else key.distinct_share <= MOST_REPEATED_SHARE and not is_title
        )
        stage_varies = any(len(set(group)) > 1 for group in group_values(key.cells, stage.cells))
        return key if repeats and stage_varies else None
    account = _best_column(profile, "account", "changes", vocabulary, _value_test("account", "changes", profile))
    if account and len(dated) == 1 and account.distinct_share <= MOST_REPEATED_SHARE:
        pairs = list(zip(account.cells, stage.cells, strict=True))
        return account if len(set(pairs)) == len(pairs) else None  # no stage comes twice: a path through stages
    return None


def _guess_people_or_companies(profile: FileProfile, vocabulary: Vocabulary) -> tuple[RowKind, str] | None:
    def best(word: str, rows: RowKind) -> ColumnProfile | None:
        return _best_column(profile, word, rows, vocabulary, _value_test(word, rows, profile))

    if any(_name_fit(column, "deal", "deals", vocabulary) > EXACT - 1.5 for column in profile.columns):
        return None  # it has the ids of deals
    email = best("contact.email", "contacts")
    if (
        email
        and email.distinct_share > MOST_REPEATED_SHARE
        and (best("contact.last", "contacts") or best("contact.name", "contacts") or _plain_name_column(profile))
    ):
        return "contacts", f"each row is a person: {email.header} is different in nearly every row"
    has_company_columns = best("domain", "accounts") or any(
        _COMPANY_WORDS & set(column.words) for column in profile.columns
    )
    account = best("account", "accounts") or (_plain_name_column(profile) if has_company_columns else None)
    if account and account.distinct_share >= 0.95 and len(profile.columns) > 1 and not best("owner", "deals"):
        return "accounts", f"each row is a company: {account.header} is different in every row"
    return None


def _plain_name_column(profile: FileProfile) -> ColumnProfile | None:
    return next((column for column in profile.columns if column.words == ("name",) and column.is_text), None)


def match_columns(profile: FileProfile, rows: RowKind, vocabulary: Vocabulary) -> dict[str, ColumnProfile]:
    """Returns the column of each word that this kind of row can have, without the words that have none."""
    matches: dict[str, ColumnProfile] = {}
    stage = find_stage_column(profile, rows, vocabulary) if rows in ("deals", "changes") else None
    if stage:
        matches["stage"] = stage
    deal = (
        _best_column(profile, "deal", rows, vocabulary, _value_test("deal", rows, profile))
        if rows == "changes"
        else None
    )
    if deal:
        matches["deal"] = deal  # before a title, because it groups the rows
    taken_indexes = {column.index for column in matches.values()}
    candidates = []
    for priority, word in enumerate(_WORDS.get(rows, ())):
        if word not in matches:
            passes = _value_test(word, rows, profile)
            for column in profile.columns:
                fit = _name_fit(column, word, rows, vocabulary)
                if fit and column.index not in taken_indexes and passes(column):
                    candidates.append((-fit, priority, column.index, word))
    for _, _, index, word in sorted(candidates):
        if word not in matches and index not in taken_indexes:
            matches[word] = profile.columns[index]
            taken_indexes.add(index)
    if rows == "deals":
        _match_by_values(
            profile, matches, [column for column in profile.columns if column.index not in taken_indexes], vocabulary
        )
    return matches


def _match_by_values(
    profile: FileProfile, matches: dict[str, ColumnProfile], unused: Sequence[ColumnProfile], vocabulary: Vocabulary
) -> None:
    """Matches an id and an amount by their values: a code that differs in every row, and the only sums of money."""
    codes = [column for column in unused
             if column.is_code and column.distinct_share == column.filled_share == 1 and not column.is_phone
             and not set(UNLIKE["deal"].split()) & set(column.words)
             and not _name_fit(column, "amount", "deals", vocabulary)]  # fmt: skip
    if "deal" not in matches and "name" not in matches and codes and profile.rows >= FEW:
        matches["deal"] = codes[0]
    amounts = [column for column in unused if column.is_amount and any(category(c) == "Sc" for c in column.example)]
    if "amount" not in matches and len(amounts) == 1:
        matches["amount"] = amounts[0]


def find_stage_column(profile: FileProfile, rows: RowKind, vocabulary: Vocabulary) -> ColumnProfile | None:
    """Returns the column of stages, by its name or else by its values."""
    passes = _value_test("stage", rows, profile)
    named = [
        (fit, column)
        for column in profile.columns
        if (fit := _name_fit(column, "stage", rows, vocabulary)) and passes(column)
    ]
    preferred = [(fit, column) for fit, column in named if not _has_only_statuses(column)] or named
    if preferred:
        # Among names that fit about equally, the column whose values are usual names of stages.
        return max(
            preferred, key=lambda candidate: (candidate[0] + 8 * _stage_name_share(candidate[1]), -candidate[1].index)
        )[1]
    by_value = [
        column
        for column in profile.columns
        if passes(column) and _stage_name_share(column) >= 0.5 and _has_closing_stages(column)
    ]
    return max(by_value, key=lambda column: (_stage_name_share(column), -column.index), default=None)


def find_status_column(
    profile: FileProfile, stage: ColumnProfile | None, vocabulary: Vocabulary
) -> ColumnProfile | None:
    """Returns a column beside the stage whose values only mean open, won or lost."""
    for column in profile.columns:
        if (
            stage
            and column is not stage
            and _name_fit(column, "stage", "deals", vocabulary)
            and _has_only_statuses(column)
        ):
            return column if len({status_of_value(value) for value in column.counts}) > 1 else None
    return None


def is_touch_kind(column: ColumnProfile) -> bool:
    """True if the values are calls, e-mails, meetings and the like."""
    values = list(column.counts)
    if not 0 < len(values) <= 20 or column.filled_share < MOSTLY or column.is_email:
        return False
    return sum(touch_kind(value) is not None for value in values) >= max(1.0, 0.6 * len(values))


def group_values(keys: Iterable[str], values: Iterable[str]) -> list[list[str]]:
    """Returns the values of each key, in the order of the keys."""
    pairs = sorted(zip(keys, values, strict=True), key=itemgetter(0))
    return [[value for _, value in group] for _, group in groupby(pairs, key=itemgetter(0))]


def _stage_name_share(column: ColumnProfile) -> float:
    values = list(column.counts)[:MOST_STAGES]
    return sum(map(is_stage_name, values)) / len(values) if values else 0.0


def _has_closing_stages(column: ColumnProfile) -> bool:
    """True if deals are won or lost in it, beside other stages."""
    return len(column.counts) > 1 and any(kind_of_stage_name(value) in ("won", "lost") for value in column.counts)


def _has_only_statuses(column: ColumnProfile) -> bool:
    return 0 < len(column.counts) <= FEW and all(status_of_value(value) for value in column.counts)


def _name_fit(column: ColumnProfile, word: str, rows: RowKind, vocabulary: Vocabulary) -> float:
    return name_fit(word, column.header, rows, vocabulary)


def _best_column(
    profile: FileProfile, word: str, rows: RowKind, vocabulary: Vocabulary, passes: Callable[[ColumnProfile], bool]
) -> ColumnProfile | None:
    candidates = [
        (fit, column)
        for column in profile.columns
        if (fit := _name_fit(column, word, rows, vocabulary)) and passes(column)
    ]
    return max(candidates, key=lambda candidate: (candidate[0], -candidate[1].index), default=(0.0, None))[1]


def _value_test(word: str, rows: RowKind, profile: FileProfile) -> Callable[[ColumnProfile], bool]:
    """Returns the test of a column's cells for a word."""

    def unique(column: ColumnProfile) -> bool:
        return (
            column.filled_share >= MOSTLY
            and not column.is_date
            and column.distinct_share >= (MOST_REPEATED_SHARE if rows == "deals" else 0)
        )

    def stage(column: ColumnProfile) -> bool:
        most = min(MOST_STAGES, max(FEW, 0.6 * column.counts.total()))
        if len(column.counts) > SPELLINGS * most or not 0 < len(column.stages) <= most:
            return False
        numbers = column.is_amount and not ({"id", "stage", "phase"} & set(column.words))
        return not (column.is_date or column.is_email or numbers)

    def words(column: ColumnProfile) -> bool:
        return column.is_text and column.is_name_like

    def owner(column: ColumnProfile) -> bool:
        return bool(column.counts) and not column.is_date and (column.is_code or not column.is_amount)

    tests: dict[str, Callable[[ColumnProfile], bool]] = {
        "deal": unique, "stage": stage, "name": words, "account": words, "source": words,
        "contact.name": words, "contact.first": words, "contact.last": words,
        "owner": owner,
        "contact.email": lambda column: column.is_email,
        "contact.phone": lambda column: bool(column.counts) and not (column.is_date or column.is_email),
        "amount": lambda column: column.is_amount,
        "probability": lambda column: column.is_percent, "closed": lambda column: column.is_flag,
        "won": lambda column: column.is_flag, "deleted": lambda column: column.is_flag,
        "done": lambda column: column.is_flag,
        "currency": lambda column: column.is_text and all(len(value) <= 5 for value in column.counts),
        "kind": is_touch_kind,
        "changed": lambda column: column.is_text and (profile.rows < FEW or column.distinct_share <= 0.6),
        "account_id": lambda column: column.is_code, "contact_id": lambda column: column.is_code,
        "owner_id": lambda column: bool(column.counts) and not column.is_date,
        "touch": lambda column: column.filled_share >= MOSTLY and column.distinct_share == 1,
        "domain": lambda column: bool(column.counts) and "." in column.example and " " not in column.example,
    }  # fmt: skip
    return tests.get(word, lambda column: bool(column.counts))
