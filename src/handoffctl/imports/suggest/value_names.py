"""Classifies the names of stages, statuses and kinds of touch, in the languages that sellers use."""

import re
import unicodedata
from collections.abc import Sequence

from handoffctl.imports.suggest.column_names import split_words
from handoffctl.playbook.criteria.touches import TouchKind
from handoffctl.playbook.model import Kind

# Words that mean the kind anywhere in a name ...
_WORDS_IN_NAME: dict[Kind, str] = {
    "won": "won, closedwon, gewonnen, gagne, gagnee, ganado, ganada, ganho, ganha, vinto, vinta, выигран, выиграна,"
           " выиграно, успешна, успешно, 赢单, 成交, 受注",
    "lost": "lost, lose, closedlost, verloren, perdu, perdue, perdido, perdida, perso, persa, проигран, проиграна,"
            " проиграно, провалена, 输单, 失注",
    "nurture": "nurture, nurturing, parked, zuruckgestellt",
}  # fmt: skip
# ... and names that mean it only as a whole.
_WHOLE_NAMES: dict[Kind, str] = {
    "won": "success, successful, signed, sold, deal signed, closed success, contract signed, order received, verkauft,"
           " auftrag, auftrag erhalten, beauftragt, signe, vendido, venduto, оплачено",
    "lost": "rejected, declined, disqualified, unqualified, dead, abandoned, no deal, cancelled, canceled,"
            " not interested, junk, junk lead, abgelehnt, abgesagt, refuse, rechazado, recusado, rifiutato, отказ,"
            " apology",
    "nurture": "on hold, paused, postponed, later, pausiert, en pause, en pausa",
}  # fmt: skip
_NEGATIONS = {"not", "nicht", "non", "no", "pas", "не", "nao", "nie"}
_OPEN_STATUSES = {"open", "offen", "ouvert", "ouverte", "en cours", "abierto", "abierta", "aberto", "aberta", "aperto",
                  "active", "in progress", "открыта", "открыто", "в работе"}  # fmt: skip

# Words of stage names in the order of a usual sale; without accents, as the words of a name are compared.
_WORDS_BY_PROGRESS = (
    "new lead leads prospect prospects prospecting inquiry enquiry idea backlog neu anfrage"
    " interessent nouveau nouvelle nuevo nueva novo nova nuovo новая новыи заявка",
    "contacted contact contacting connected attempted reached engaged engaging outreach kontaktiert kontakt contacte"
    " contactado contatado контакт",
    "qualified qualification qualify qualifying qualifiziert qualifizierung qualifie calificado qualificado"
    " квалификация",
    "discovery needs analysis appointment meeting demo demoed presentation presented consultation bedarfsanalyse termin"
    " vorfuhrung prasentation reunion reuniao встреча презентация",
    "evaluation evaluating technical validation trial poc pilot testphase расчет",
    "proposal proposed quote quoted quotation offer offered estimate pricing angebot devis proposition propuesta"
    " proposta oferta offerte предложение кп",
    "negotiation negotiating negotiate review verhandlung verhandeln negociation negociacion negociacao trattativa"
    " onderhandeling переговоры decision",
    "contract verbal commit committed commitment legal procurement signature vertrag contrat contrato contratto"
    " договор",
    "onboarding delivery implementation production invoice payment производство доставка",
)
_PROGRESS = {word: rank for rank, words in enumerate(_WORDS_BY_PROGRESS) for word in words.split()}
_KIND_BY_WORD = {word: kind for kind, words in _WORDS_IN_NAME.items() for word in words.split(", ")}
_KIND_BY_NAME = {name: kind for kind, names in _WHOLE_NAMES.items() for name in names.split(", ")}
_LEADING_NUMBER = re.compile(r"\W*(?:[a-z]{0,6}[\s.#-]{0,2})?(\d{1,2})(?!\d|\s*%)", re.IGNORECASE)


def kind_of_stage_name(stage: str) -> Kind | None:
    """Returns won, lost or nurture if the name of a stage means one of them; None for none or several."""
    words = _plain_words(stage)
    if " ".join(words) in _KIND_BY_NAME:
        return _KIND_BY_NAME[" ".join(words)]
    kinds = {_KIND_BY_WORD[word] for word in words if word in _KIND_BY_WORD}
    if len(kinds) != 1 or "won t" in " ".join(words):
        return None
    kind = kinds.pop()
    if _NEGATIONS & set(words):
        return "lost" if kind == "won" else None
    return kind


def status_of_value(value: str) -> str | None:
    """Returns `open`, `won` or `lost` if a value of a status column means that; else None."""
    if " ".join(_plain_words(value)) in _OPEN_STATUSES:
        return "open"
    kind = kind_of_stage_name(value)
    return kind if kind in ("won", "lost") else None


def is_stage_name(value: str) -> bool:
    """True if the value is a usual name of a stage."""
    return kind_of_stage_name(value) is not None or _progress(value) is not None


def order_stages(stages: Sequence[str]) -> tuple[list[str], str]:
    """Orders stages by their numbers or the meaning of their names. Returns the reason too, or "" if some are tied."""
    numbers = [int(match[1]) if (match := _LEADING_NUMBER.match(stage)) else -1 for stage in stages]
    if len(stages) > 1 and min(numbers) >= 0 and len(set(numbers)) == len(stages):
        return [stage for _, stage in sorted(zip(numbers, stages, strict=True))], "by the numbers in their names"
    ranks = [_progress(stage) for stage in stages]
    vocabulary = len(stages) > 1 and None not in ranks and len(set(ranks)) == len(stages)
    ordered = sorted(
        zip(ranks, range(len(stages)), strict=True), key=lambda entry: (entry[0] is None, entry[0] or 0, entry[1])
    )
    return [stages[position] for _, position in ordered], "by what their names mean elsewhere" if vocabulary else ""


def _progress(stage: str) -> int | None:
    return max((_PROGRESS[word] for word in _plain_words(stage) if word in _PROGRESS), default=None)


def _plain_words(text: str) -> list[str]:
    """Returns the words of a name, without accents."""
    return [_without_accents(word) if not word.isascii() else word for word in split_words(text)]


def _without_accents(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))


_TOUCH_KIND_NAMES: dict[TouchKind, str] = {
    "call": "call, calls, phone, phone call, video call, anruf, telefonat, appel, llamada, ligação, chamada, chiamata,"
            " звонок",
    "email": "email, emails, e-mail, mail, letter, correo, courriel, письмо",
    "meeting": "meeting, visit, demo, lunch, termin, besprechung, réunion, reunión, reunião, riunione, встреча",
    "message": "message, sms, whatsapp, linkedin, chat, nachricht",
    "note": "note, task, to-do, notiz, aufgabe, tâche, tarea, tarefa, задача",
}  # fmt: skip
_TOUCH_KIND_BY_NAME = {word: kind for kind, words in _TOUCH_KIND_NAMES.items() for word in words.split(", ")}


def touch_kind(value: str) -> TouchKind | None:
    """Returns the kind of touch for a value such as `Phone call`; None if it is not known."""
    return _TOUCH_KIND_BY_NAME.get(" ".join(value.casefold().split()))
