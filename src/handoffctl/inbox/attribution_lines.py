"""Recognises the lines that introduce a quoted mail: "On Monday Jane wrote:", "-----Original Message-----".

All patterns are linear in the length of a line, and only a few lines are looked at.
"""

import re
from collections.abc import Sequence

# Verbs of an attribution: "On Monday Jane wrote:". All in the form of str.casefold().
WROTE = (
    "wrote", "writes", "a écrit", "écrivait", "écrit", "schrieb", "schreibt", "geschrieben", "escribió", "escribio",
    "ha escrito", "va escriure", "ha scritto", "scrive", "schreef", "geschreven", "escreveu", "napisał", "napisał(a)",
    "napisała", "napisał/a", "napisali", "pisze", "nadesłał", "skrev", "skreiv", "følgende", "kirjoitti", "napsal",
    "napsal(a)", "napsala", "napísal", "napísal(a)", "написал", "написал(а)", "написала", "пишет", "написав", "пише",
    "писал", "писал(а)", "написа", "a scris", "írta", "ezt írta", "yazdı", "şunu yazdı", "έγραψε", "rašė", "rakstīja",
    "kirjutas", "je napisao", "je napisao/la", "је написао", "je napisal", "menulis", "đã viết", "כתב", "כתבה", "מאת",
    "كتب", "เขียน", "เขียนว่า", "写道", "寫道", "写到", "のメール", "書きました", "作成", "작성", "작성했습니다",
    "님이 작성", "님이 씀", "quoted", "quoting", "zitat von", "citando a", "citerar", "citação de", "citando",
    "selon", "skrifaði", "escriu", "idatzi du", "shkroi",
)  # fmt: skip

# The first word of such a line.
OPENERS = frozenset((
    "on", "am", "le", "el", "il", "op", "em", "dnia", "w", "den", "på", "dne", "dňa", "pe", "în", "at", "da", "vào",
    "pada", "a", "in", "no", "na", "quoting", "zitat", "citando", "citerar", "em:", "в", "от", "у", "στις", "kl.",
    "alle", "le:", "la", "dana", "ב", "בתאריך", "في", "เมื่อ", "在", "於", "tarihinde", "am:", "date:", "fre", "lør",
    "lör", "søn", "sön", "man", "mån", "tir", "tis", "ons", "tor", "tors", "ma", "ti", "ke", "to", "pe", "su",
    "mon", "tue", "wed", "thu", "fri", "sat", "sun", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
    "sunday", "mo", "di", "mi", "do", "fr", "sa", "so", "lun", "mar", "mer", "jeu", "ven", "sam", "dim", "пн", "вт",
    "ср", "чт", "пт", "сб", "вс", "понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье",
))  # fmt: skip

# The labels of the headers that Outlook and others put above the quoted mail, by the header they stand for.
LABELS = {
    label: part
    for part, labels in {
        "from": "from, von, de, da, van, od, fra, från, от, от кого, від, lähettäjä, kimden, gönderen, expéditeur, "
        "absender, afzender, remitente, mittente, nadawca, avsändare, отправитель, feladó, de la, από, odesílatel, "
        "odosielateľ, από:, 发件人, 寄件者, 差出人, 送信者, 보낸 사람, 보낸사람, desde, dari, từ, מאת, من, จาก, "
        "no, pošiljatelj, "
        "saatja, nuo, с уважением от, de parte de",
        "sent": "sent, date, gesendet, gesendet am, datum, envoyé, envoyé le, enviado, enviada, enviado el, "
        "enviado em, "
        "enviada em, fecha, inviato, inviato il, data, verzonden, wysłano, wysłane, skickat, sendt, dato, lähetetty, "
        "päivämäärä, pvm, odesláno, odoslané, dátum, дата, отправлено, отправленный, надіслано, gönderildi, "
        "gönderme, "
        "tarih, küldve, elküldve, trimis, data trimiterii, ημερομηνία, 发送时间, 发送日期, 日期, 寄件日期, 送信日時, "
        "日時, 보낸 날짜, 날짜, poslano, tanggal, ngày, תאריך, נשלח, التاريخ, วันที่, mailed, when",
        "to": "to, an, à, para, a, aan, do, till, til, vastaanottaja, komu, pro, кому, kime, címzett, către, προς, "
        "收件人, 宛先, 받는 사람, 받는사람, "
        "destinataire, empfänger, za, kepada, đến, אל, إلى, ถึง, per, pour, destinatario",
        "subject": "subject, betreff, objet, sujet, asunto, assunto, oggetto, onderwerp, temat, ämne, emne, "
        "aihe, předmět, "
        "predmet, тема, konu, tárgy, subiect, θέμα, 主题, 主旨, 件名, 제목, perihal, chủ đề, נושא, الموضوع, เรื่อง, re",
        "more": "cc, kopie, copie, copia, kopia, kopi, kópia, cc:, dw, kopie an, копия, копія, cópia, 抄送, 副本, "
        "참조, bcc, "
        "reply-to, antwort an, organization, organisation, importance, wichtigkeit, priority, attachments, anlagen, "
        "pièces jointes, bilagor, kopija, másolatot kap, bilgi, kopio, κοιν",
    }.items()
    for label in map(str.strip, labels.split(","))
}

# The words between dashes above the quoted mail.
ORIGINAL = frozenset(
    "original message, original mail, original e-mail, original email, original appointment, forwarded message, "
    "reply message, reply, weitergeleitete nachricht, ursprüngliche nachricht, ursprungliche nachricht, "
    "originalnachricht, original-nachricht, original nachricht, ursprünglicher termin, message d'origine, "
    "message original, message initial, message d’origine, message transféré, message transmis, mensaje original, "
    "mensaje reenviado, mensaje enviado, messaggio originale, messaggio inoltrato, messaggio di origine, "
    "oorspronkelijk bericht, origineel bericht, doorgestuurd bericht, mensagem original, mensagem encaminhada, "
    "oryginalna wiadomość, wiadomość oryginalna, wiadomość pierwotna, wiadomość przekazana, "
    "treść oryginalnej wiadomości, "
    "przekazana wiadomość, ursprungligt meddelande, originalmeddelande, vidarebefordrat meddelande, "
    "vidarebefordrat brev, oprindelig meddelelse, original meddelelse, videresendt meddelelse, opprinnelig melding, "
    "videresendt melding, alkuperäinen viesti, välitetty viesti, původní zpráva, původní e-mail, přeposlaná zpráva, "
    "pôvodná správa, исходное сообщение, пересылаемое сообщение, оригинальное сообщение, пересылаемое письмо, "
    "пересланное сообщение, оригінальне повідомлення, eredeti üzenet, továbbított üzenet, mesaj original, "
    "mesajul original, mesaj redirecționat, orijinal mesaj, özgün ileti, iletilmiş mesaj, αρχικό μήνυμα, "
    "προωθημένο μήνυμα, izvorna poruka, originalna poruka, izvirno sporočilo, 原始邮件, 原始郵件, 转发邮件, "
    "转发的邮件, 元のメッセージ, 転送メッセージ, 원본 메시지, 원본 메일, "
    "pesan asli, pesan terusan, thư gốc, הודעה מקורית, "
    "הודעה שהועברה, الرسالة الأصلية, missatge original, begin forwarded message".replace(", ", ",").split(",")
)

# The words above a forwarded mail without dashes, followed by a colon.
FORWARDED = frozenset(
    "begin forwarded message, anfang der weitergeleiteten nachricht, début du message transféré, "
    "début du message réexpédié, inicio del mensaje reenviado, inizio messaggio inoltrato, "
    "begin doorgestuurd bericht, início da mensagem encaminhada, vidarebefordrat brev, "
    "start på videresendt besked, początek przekazywanej wiadomości, начало переадресованного сообщения, "
    "начало переадресованного письма, 下面是被转发的邮件, 転送されたメッセージ".replace(", ", ",").split(",")
)

LONGEST_LINE = 400  # characters of such a line; a longer one is a paragraph
MOST_LINES = 5  # of one attribution
_MOST_HEADER_LINES = 24

_DATE = re.compile(r"(?<!\d)(?:(?:19|20)\d\d(?!\d)|\d{1,2}[./-] ?\d{1,2}[./-] ?\d{2,4})")
_TIME = re.compile(r"(?<!\d)\d{1,2}[:.h時时시]\s?\d\d(?!\d)")
_ADDRESS = re.compile(r"[^\s<>@]@[^\s<>@]")
_VERBS = re.compile(
    r"(?<!\w)(?:" + "|".join(re.escape(word) for word in sorted(WROTE, key=len, reverse=True)) + r")(?!\w)"
)
_ASIAN_VERBS = re.compile("|".join(word for word in WROTE if word[0] > "\u0590"))
_LABEL = re.compile(r"[\s*_|]{0,6}([^\s:：*<>@][^:：*<>@]{0,28}?)[\s*_]{0,3}[:：]")
_RULE = re.compile(r"[\s>]*(?:[-_=*~#─━—–]\s?){2,}\Z")
_BETWEEN_DASHES = re.compile(r"[\s>]*[-_=*~─━—–]{2,}\s?([^-_=*~─━—–].{0,60}?)\s?[-_=*~─━—–]{2,}\s*:?\Z")
_FIRST_WORD = re.compile(r"[^\w<]*([\w:.]+)")


def is_quoted(line: str) -> bool:
    """Returns True for a line marked as quoted with ">"."""
    return line.lstrip().startswith(">")


def is_rule(line: str) -> bool:
    """Returns True for a line of dashes or underscores only."""
    return len(line) < 1_000 and bool(_RULE.match(line))


def attribution_length(lines: Sequence[str], end: int, quote_follows: bool) -> int:
    """Counts the lines, the one at `end` being the last, that attribute the quoted mail to somebody; 0 if none do.

    Where no marked quotation follows, an attribution needs a verb, a date, and a time or an address.
    """
    last = lines[end].strip()
    if not last or len(last) > LONGEST_LINE or is_quoted(last) or not _may_end(last, quote_follows):
        return 0
    shortest = 0
    joined = ""
    for count in range(1, MOST_LINES + 1):
        at = end - count + 1
        line = lines[at].strip() if at >= 0 else ""
        if not line or is_quoted(line) or len(joined) + len(line) > LONGEST_LINE:
            break
        joined = f"{line} {joined}".strip()
        if not introduces_quote(joined, quote_follows):
            continue
        if _begins(line):
            return count
        shortest = shortest or count
        if _DATE.search(joined):
            break
    return shortest


def _may_end(last: str, quote_follows: bool) -> bool:
    return last.endswith((":", "：", "-")) or (quote_follows and (last.endswith(">") or _has_verb(last.casefold())))


def introduces_quote(text: str, quote_follows: bool) -> bool:
    """Returns True if the text, its lines joined, introduces a quotation."""
    dated, timed = bool(_DATE.search(text)), bool(_TIME.search(text))
    address = bool(_ADDRESS.search(text))
    if _has_verb(text.casefold()):
        if quote_follows:
            return dated or timed or address or len(text.split()) <= (8 if _begins(text) else 4)
        return dated and (timed or address)
    if not quote_follows:
        return False
    if text.endswith((":", "：")):
        return dated and (timed or address)
    return text.endswith(">") and address and bool(_DATE.match(text))  # "2012/4/2 Jane <jane@acme.example>"


def _begins(line: str) -> bool:
    """Returns True if the line begins as attributions do: with "On", a weekday, a date, dashes."""
    if line.startswith(("--- ", "---- ")) or line[:1].isdigit():
        return True
    first = _FIRST_WORD.match(line[:60].casefold())
    return bool(first) and first[1].rstrip(".:,") in OPENERS if first else False


def _has_verb(folded: str) -> bool:
    return bool(_VERBS.search(folded) or _ASIAN_VERBS.search(folded))


def is_original_message_line(line: str) -> bool:
    """Returns True for `-----Original Message-----` or `Begin forwarded message:`, in any language known here."""
    if len(line) > 100 or is_quoted(line):
        return False
    between = _BETWEEN_DASHES.match(line)
    if between and between[1].strip(" :*").casefold().removesuffix(" follows") in ORIGINAL:
        return True
    text = line.strip(" \t*").casefold()
    return text.endswith((":", "：")) and text.rstrip(":： ") in FORWARDED


def header_block_length(lines: Sequence[str], start: int) -> int:
    """Counts the lines from `start` on that are headers of a quoted mail, as Outlook writes them; 0 if none are.

    Such a block names a sender, and a subject or an address or a time: a trip "From: ... To: ..." does not count.
    """
    headers: set[str] = set()
    end, other_lines, block = start, 0, []
    for at in range(start, min(start + _MOST_HEADER_LINES, len(lines))):
        line = lines[at][:LONGEST_LINE]
        header = _header(line)
        if header:
            headers.add(header)
            end, other_lines = at + 1, 0
            block.append(line)
        elif line.strip():
            other_lines += 1
            block.append(line)
        if other_lines > (2 if len(headers) < 4 else 0) or (at == start and not header):
            break
    return end - start if _is_block(headers, " ".join(block[: end - start])) else 0


def _is_block(headers: set[str], text: str) -> bool:
    if "from" not in headers or len(headers) < 2:
        return False
    has_address_or_time = bool(_ADDRESS.search(text) or _TIME.search(text))
    has_subject, has_date = "subject" in headers, "sent" in headers
    if not (has_subject or has_date):
        return False
    return has_address_or_time or (len(headers) >= 3 and has_subject and has_date)


def _header(line: str) -> str:
    label = _LABEL.match(line)
    return LABELS.get(" ".join(label[1].casefold().split()), "") if label else ""
