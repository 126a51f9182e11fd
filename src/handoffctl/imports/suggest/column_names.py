"""Names of columns in sellers' files, and how well the name of a column fits a word of a map.

Names are plain words without `_` or capitals, the likeliest first. The shipped maps add those of single programs.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache

from handoffctl.imports.mapping.model import ImportMap, PersonColumns, RowKind, TableMap

# The head of a name counts, so "sales agent" is an "agent" too; `UNLIKE` has the words that change the meaning.
NAMES: Mapping[str, str] = {
    "deal": "deal id, opportunity id, oppty id, opp id, case concept name, case id, case number, deal number,"
            " opportunity number, deal no, deal key, deal ref, lead id, ticket id, quote id, project id,"
            " order id, record id, vorgangsnummer, angebotsnummer, auftragsnummer, case, caseid, id, uuid, guid,"
            " uid, key, ref, reference, number, nr, no, nummer, numéro, número, номер, код, ид, deal,"
            " opportunity, project, ticket, projekt",
    "name": "deal name, opportunity name, deal title, opportunity title, deal, opportunity, project name,"
            " project, name, title, subject, titel, bezeichnung, vorhaben, projekt, angebot, nom, nombre, título,"
            " titre, titolo, onderwerp, название, тема, сделка, negócio, negocio, affaire",
    "product": "product, product name, service, package, plan, produkt, dienstleistung, produit, producto,"
               " produto, prodotto, продукт, товар, услуга",
    "account": "account name, account, company name, company, customer name, customer, client name, client,"
               " organisation, organization, organisation name, organization name, org name, business name, firm,"
               " business, employer, firma, unternehmen, kunde, kundenname, firmenname, société, entreprise,"
               " empresa, cliente, azienda, bedrijf, klant, компания, клиент, организация, контрагент",
    "account_id": "account id, company id, customer id, client id, organisation id, organization id, org id,"
                  " kundennummer, customer number, account number",
    "domain": "company domain, company domain name, domain, website, web site, company website, url, homepage,"
              " webseite, site web, sitio web, сайт",
    "contact.name": "contact name, contact person, contact, primary contact, person name, person, full name,"
                    " lead name, ansprechpartner, kontaktperson, kontakt, contact principal, contacto, contato,"
                    " contatto, contactpersoon, контакт, контактное лицо, фио",
    "contact.first": "first name, firstname, given name, forename, vorname, prénom, primer nombre, voornaam, имя",
    "contact.last": "last name, lastname, surname, family name, nachname, nom de famille, apellido, apellidos,"
                    " sobrenome, cognome, achternaam, фамилия",
    "contact.email": "contact email, contact e mail, email, e mail, email address, e mail address, mail,"
                     " emailadresse, correo, correo electrónico, courriel, posta elettronica, почта, эл почта",
    "contact.phone": "contact phone, phone, phone number, mobile, mobile phone, telephone, tel, cell, telefon,"
                     " telefonnummer, handy, téléphone, teléfono, telefone, telefono, telefoon, телефон",
    "contact.title": "job title, contact title, position, berufsbezeichnung, fonction, cargo, должность",
    "contact_id": "contact id, person id",
    "stage": "deal stage, sales stage, pipeline stage, opportunity stage, new stage, to stage, new stage name,"
             " stage name, stage, new stage id, stage id, phase, concept name, deal phase, verkaufsphase,"
             " deal status, opportunity status, lead status, sales status, status, new status, to status,"
             " pipeline, milestone, etapa, étape, fase, stadium, stadio, стадия, этап, статус, statut, estado,"
             " stato, activity, activity name, event, step, state",
    "stage_before": "old stage, previous stage, from stage, prior stage, stage before, old stage id, old value,"
                    " from status, old status, previous status, alte phase, vorherige phase",
    "changed": "field, changed field, field name, property, property name, changed field key, field key, feld",
    "owner": "deal owner, opportunity owner, sales agent, sales rep, sales representative, account executive,"
             " salesperson, sales person, account manager, owner, owner name, rep, agent, seller, assigned to,"
             " assignee, responsible, responsible person, sales manager, handled by, besitzer, verantwortlich,"
             " verantwortlicher, zuständig, verkäufer, betreuer, vertriebler, propriétaire, responsable,"
             " commercial, propietario, vendedor, proprietário, responsável, proprietario, responsabile,"
             " eigenaar, verkoper, ответственный, менеджер",
    "owner_id": "owner id, user id, rep id, agent id, manager id",
    "amount": "deal value, deal amount, opportunity amount, opportunity value, close value, amount, value,"
              " deal size, contract value, total value, order value, total amount, total, price, revenue,"
              " sales price, quote amount, acv, arr, tcv, mrr, budget, worth, betrag, auftragswert, wert, summe,"
              " umsatz, preis, montant, valeur, importe, monto, valor, importo, valore, bedrag, waarde, сумма,"
              " бюджет, expected revenue",
    "currency": "currency, currency code, deal currency, währung, devise, moneda, moeda, valuta, валюта",
    "source": "lead source, deal source, original source, source, origin, referral source, quelle, herkunft,"
              " leadquelle, origine, fuente, origen, origem, fonte, bron, источник",
    "probability": "probability, win probability, probability percent, chance, likelihood, wahrscheinlichkeit,"
                   " probabilité, probabilidad, probabilidade, вероятность",
    "closed": "is closed, closed flag, deal closed",
    "won": "is won, won flag, is closed won, deal won",
    "deleted": "is deleted, deleted",
    "touch": "activity id, touch id, call id, event id, meeting id, task id, message id, record id, id",
    "kind": "activity type, touch type, interaction type, contact type, type of activity, type, kind, activity,"
            " channel, art, typ, tipo, тип",
    "direction": "direction, call direction, email direction, richtung, dirección, direção, направление",
    "outcome": "outcome, call outcome, result, call result, meeting outcome, ergebnis, résultat, resultado,"
               " результат",
    "text": "subject, notes, note, description, summary, comment, comments, body, text, betreff, notizen, notiz,"
            " sujet, asunto, assunto, notas, тема, комментарий",
    "done": "done, completed, is done, is completed, erledigt",
}  # fmt: skip

# The names of dates: when a stage was entered, a deal opened or closed, or when it is expected to.
DATED: Mapping[str, str] = {
    "at": "changed at, changed date, change date, change time, date changed, changed on, changed, timestamp,"
          " time timestamp, complete timestamp, event timestamp, event time, event date, stage changed at,"
          " stage change date, stage date, date entered, entered at, entered on, entered, entry date, moved at,"
          " moved on, activity date, call date, date time, datetime, date, time, when, created at, created date,"
          " created on, modified time, datum, zeitpunkt, geändert am, horodatage, fecha, fecha y hora, data,"
          " дата, время, start timestamp, start time, due date",
    "since": "stage changed at, last stage change, stage change date, stage change time, last stage change date,"
             " stage since, in stage since, date entered current stage, date entered stage, stage entered,"
             " stage entered at, stage date, stage updated, status changed, status changed at, status date,"
             " status since, last status change, moved time, phase seit, phase geändert am, in phase seit",
    "close": "expected close date, expected close, expected closing date, estimated close date,"
             " expected to close, target close, target close date, forecast close date, forecast date,"
             " planned close, close date, closing date, closedate, abschlussdatum, erwarteter abschluss,"
             " voraussichtliches abschlussdatum, date de clôture, date de clôture prévue, date de fermeture,"
             " fecha de cierre, data de fechamento, data di chiusura, sluitingsdatum, дата закрытия,"
             " предполагаемая дата закрытия",
    "closed_at": "closed at, closed on, closed date, date closed, close time, closed time, actual close date,"
                 " won time, won at, won date, won on, lost time, lost at, lost date, decided on, decision date,"
                 " close date, closing date, closedate, closed, abgeschlossen am, geschlossen am, abschlussdatum,"
                 " date de clôture, date de fermeture, fecha de cierre, data de fechamento, data di chiusura,"
                 " sluitingsdatum, дата закрытия",
    "created": "created, created at, created on, create date, created date, creation date, date created,"
               " created time, opened, opened at, open date, date opened, start date, added, added on,"
               " date added, lead date, erstellt am, angelegt am, date de création, fecha de creación,"
               " data de criação, data di creazione, дата создания",
}  # fmt: skip

# Words that change the meaning of a name when they come before or after it.
UNLIKE: Mapping[str, str] = {
    "deal": "owner user company account contact customer client organisation organization person manager agent"
            " rep stage status history event activity product line campaign parent lead source pipeline task"
            " created changed modified phone tax vat zip postal invoice employee seller team region territory"
            " reason type",
    "name": "account company contact customer client person owner first last user stage status sales agent rep"
            " team product middle nick organisation organization campaign job field property domain file source"
            " concept full lead manager",
    "product": "id number count qty quantity price",
    "account": "id owner type number email mail phone domain date size industry website url executive manager"
               " address status",
    "account_id": "parent",
    "domain": "email image photo picture linkedin facebook twitter",
    "contact.name": "id email mail phone date status owner last first account company",
    "contact.first": "owner",
    "contact.last": "owner",
    "contact_id": "owner",
    "contact.email": "owner agent rep user status opt bounced sent opened campaign assigned manager sales subject",
    "contact.phone": "owner fax",
    "contact.title": "deal",
    "stage": "old previous prior from before last date time days day count task email mail payment marital"
             " shipping duration probability order reason lifecycle case number is first next activities call"
             " meeting note billing loan",
    "owner": "id email account contact company previous old last date team by phone case",
    "owner_id": "previous old created modified",
    "amount": "id date currency paid tax discount due unit count lifetime annual company quantity number"
              " weighted lost",
    "source": "id data",
    "currency": "id",
    "probability": "",
    "stage_before": "",
    "changed": "",
    "text": "id count",
    "kind": "deal account company contact customer lead phone",
    "touch": "deal contact account company",
    "outcome": "",
    "direction": "",
    "done": "",
    "closed": "date",
    "won": "date",
    "deleted": "",
    "at": "expected close closing closed due end enddate planned deadline next birth case start startdate target"
          " old delivery",
    "since": "expected close",
    "close": "last created modified",
    "closed_at": "expected planned target estimated forecast",
    "created": "modified last",
}  # fmt: skip


EXACT, KNOWN, HEAD = 100.0, 90.0, 70.0
LONGEST = 120  # characters; a longer name is a sentence

_CAMEL = re.compile(r"(?<=[a-zа-я0-9])(?=[A-ZА-Я])")
_WORD = re.compile(r"[^\W_]+")
_PREPOSITIONS = {"de", "del", "du", "da", "do", "di", "der", "des", "von", "of", "la", "le"}
# After a name, these only give its unit or form.
_UNIT_WORDS = {
    "usd",
    "eur",
    "gbp",
    "chf",
    "cad",
    "aud",
    "rub",
    "inr",
    "brl",
    "us",
    "euro",
    "euros",
    "k",
    "gross",
    "net",
    "netto",
}
# Names so plain that one program's use of them says nothing about other files.
_TOO_PLAIN = {"value", "name", "title", "id", "type", "status", "state", "from", "to", "host", "owner id", "label",
              "amount", "stage", "timestamp", "phone", "email", "position", "deal", "time", "channel", "note",
              "object id", "user name"}  # fmt: skip

Vocabulary = Mapping[tuple[str, str], tuple[str, ...]]


def split_words(header: str) -> tuple[str, ...]:
    """Returns the words of a column's name: `dealStage`, `deal_stage` and `Deal Stage*` are all deal and stage."""
    plain = unicodedata.normalize("NFKC", header[: LONGEST + 1])
    return tuple(_WORD.findall(_CAMEL.sub(" ", plain).casefold()))


def build_vocabulary(maps: Iterable[ImportMap]) -> Vocabulary:
    """Returns the names of columns in these maps, for each kind of row and each word.

    Names that have several meanings are left out, and so are names that are too plain.
    """
    names_by_word: dict[tuple[str, str], dict[str, None]] = {}
    for import_map in maps:
        for table in import_map.tables or (import_map,):
            for word, names in _columns_by_word(table):
                names_of_word = names_by_word.setdefault((table.rows, word), {})
                names_of_word.update(dict.fromkeys(" ".join(split_words(name)) for name in names))
    senses = Counter((rows, name) for (rows, _), names in names_by_word.items() for name in names)
    return {
        (rows, word): tuple(name for name in names if name not in _TOO_PLAIN and senses[rows, name] == 1)
        for (rows, word), names in names_by_word.items()
    }


def _columns_by_word(table: TableMap) -> Iterable[tuple[str, tuple[str, ...]]]:
    for word in NAMES:
        if "." not in word and word != "product":
            yield word, getattr(table, word)
    for word in PersonColumns.key_infos():
        yield f"contact.{word}", getattr(table.contact, word)


def name_fit(word: str, header: str, rows: RowKind, vocabulary: Vocabulary) -> float:
    """Scores how well a column's name fits a word, from 0 (not at all) to 100 (it is the usual name)."""
    words = split_words(header)
    if not words or len(header) > LONGEST:
        return 0.0
    name, phrases = " ".join(words), _phrases(word)
    if _joined(name) in phrases:
        return EXACT - phrases[_joined(name)] / 10
    if name in vocabulary.get((rows, word), ()):
        return KNOWN
    without_unit = words[:-1] if words[-1] in _UNIT_WORDS and len(words) > 1 else words
    if len(without_unit) < len(words) and _joined(" ".join(without_unit)) in phrases:
        return EXACT - 1 - phrases[_joined(" ".join(without_unit))] / 10
    return _head_fit(without_unit, phrases, frozenset(UNLIKE.get(word, "").split()))


def _head_fit(words: tuple[str, ...], phrases: Mapping[str, int], unlike: frozenset[str]) -> float:
    """Scores by the head of the name: the last words in English and German, the first in Romance languages."""
    for n in range(1, len(words)):
        rest, head = words[:n], "".join(words[n:])
        if head in phrases and not unlike & set(rest):
            return HEAD - phrases[head] / 10 - n
    for n in range(len(words) - 1, 0, -1):
        head, rest = "".join(words[:n]), words[n:]
        if head in phrases and rest[0] in _PREPOSITIONS and not unlike & set(rest):
            return HEAD - phrases[head] / 10 - len(rest)
    return 0.0


@cache
def _phrases(word: str) -> Mapping[str, int]:
    """Returns the names of a word without spaces, each with its position in the list."""
    names = (NAMES.get(word) or DATED[word]).split(",")
    return {_joined(phrase): position for position, phrase in reversed(list(enumerate(names)))}


def _joined(name: str) -> str:
    return unicodedata.normalize("NFKC", name).replace(" ", "")
