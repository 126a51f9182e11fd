"""What the names of stages say, in the languages that sellers name them in: won or lost, and how far along."""

import re
import unicodedata
from collections.abc import Sequence

from handoffctl.imports.suggest.column_names import words_of
from handoffctl.playbook.criterion import TouchKind
from handoffctl.playbook.model import Kind

# Anywhere in a name these mean it ...
_ANYWHERE: dict[Kind, str] = {
    "won": "won, closedwon, gewonnen, gagne, gagnee, ganado, ganada, ganho, ganha, vinto, vinta, выигран, выиграна,"
           " выиграно, успешна, успешно, 赢单, 成交, 受注",
    "lost": "lost, lose, closedlost, verloren, perdu, perdue, perdido, perdida, perso, persa, проигран, проиграна,"
            " проиграно, провалена, 输单, 失注",
    "nurture": "nurture, nurturing, parked, zuruckgestellt",
}  # fmt: skip
# ... and these only where the name says nothing else.
_ALONE: dict[Kind, str] = {
    "won": "success, successful, signed, sold, deal signed, closed success, contract signed, order received, verkauft,"
           " auftrag, auftrag erhalten, beauftragt, signe, vendido, venduto, оплачено",
    "lost": "rejected, declined, disqualified, unqualified, dead, abandoned, no deal, cancelled, canceled,"
            " not interested, junk, junk lead, abgelehnt, abgesagt, refuse, rechazado, recusado, rifiutato, отказ,"
            " apology",
    "nurture": "on hold, paused, postponed, later, pausiert, en pause, en pausa",
}  # fmt: skip
_NOT = {"not", "nicht", "non", "no", "pas", "не", "nao", "nie"}
_OPEN = {"open", "offen", "ouvert", "ouverte", "en cours", "abierto", "abierta", "aberto", "aberta", "aperto", "active",
         "in progress", "открыта", "открыто", "в работе"}  # fmt: skip

# How far along a stage of such a name mostly is; without accents, as the words of a name are compared.
_ALONG = (
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
_RANK = {word: rank for rank, words in enumerate(_ALONG) for word in words.split()}
_IN_IT = {word: kind for kind, words in _ANYWHERE.items() for word in words.split(", ")}
_WHOLE = {name: kind for kind, names in _ALONE.items() for name in names.split(", ")}
_NUMBERED = re.compile(r"\W*(?:[a-z]{0,6}[\s.#-]{0,2})?(\d{1,2})(?!\d|\s*%)", re.IGNORECASE)


def kind_named(stage: str) -> Kind | None:
    """Won, lost or nurture where the name says so in a language that is known; None where it does not, or says two."""
    words = _plain(stage)
    if " ".join(words) in _WHOLE:
        return _WHOLE[" ".join(words)]
    kinds = {_IN_IT[word] for word in words if word in _IN_IT}
    if len(kinds) != 1 or "won t" in " ".join(words):
        return None
    kind = kinds.pop()
    if _NOT & set(words):
        return "lost" if kind == "won" else None
    return kind


def status_named(value: str) -> str | None:
    """`open`, `won` or `lost` where a value of a status column means that."""
    if " ".join(_plain(value)) in _OPEN:
        return "open"
    kind = kind_named(value)
    return kind if kind in ("won", "lost") else None


def says_stage(value: str) -> bool:
    """Whether a value is what a stage may be called."""
    return kind_named(value) is not None or _rank(value) is not None


def in_order(stages: Sequence[str]) -> tuple[list[str], str]:
    """The stages by their numbers or by what their names mean, and by which; "" where they do not tell all apart."""
    numbers = [int(match[1]) if (match := _NUMBERED.match(stage)) else -1 for stage in stages]
    if len(stages) > 1 and min(numbers) >= 0 and len(set(numbers)) == len(stages):
        return [stage for _, stage in sorted(zip(numbers, stages, strict=True))], "by the numbers in their names"
    ranks = [_rank(stage) for stage in stages]
    known = len(stages) > 1 and None not in ranks and len(set(ranks)) == len(stages)
    placed = sorted(zip(ranks, range(len(stages)), strict=True), key=lambda one: (one[0] is None, one[0] or 0, one[1]))
    return [stages[place] for _, place in placed], "by what their names mean elsewhere" if known else ""


def _rank(stage: str) -> int | None:
    return max((_RANK[word] for word in _plain(stage) if word in _RANK), default=None)


def _plain(text: str) -> list[str]:
    """The words of a name, without accents."""
    return [_unaccented(word) if not word.isascii() else word for word in words_of(text)]


def _unaccented(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))


_CALLED: dict[TouchKind, str] = {
    "call": "call, calls, phone, phone call, video call, anruf, telefonat, appel, llamada, ligação, chamada, chiamata,"
            " звонок",
    "email": "email, emails, e-mail, mail, letter, correo, courriel, письмо",
    "meeting": "meeting, visit, demo, lunch, termin, besprechung, réunion, reunión, reunião, riunione, встреча",
    "message": "message, sms, whatsapp, linkedin, chat, nachricht",
    "note": "note, task, to-do, notiz, aufgabe, tâche, tarea, tarefa, задача",
}  # fmt: skip
_KIND = {word: kind for kind, words in _CALLED.items() for word in words.split(", ")}


def touch_kind(value: str) -> TouchKind | None:
    """Which of our kinds a value such as `Phone call` is; None where it is none that is known."""
    return _KIND.get(" ".join(value.casefold().split()))
