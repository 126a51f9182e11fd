"""What touches are called in the columns that say of which kind each was."""

from handoffctl.playbook.criterion import TouchKind

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
