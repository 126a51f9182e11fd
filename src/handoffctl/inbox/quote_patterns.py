"""The words by which mail programs introduce the quoted mail, in the languages they are translated into."""

# What somebody did who is quoted: "On Monday Jane wrote:". All in the form of str.casefold().
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

# The labels of headers that Outlook and others put above the quoted mail, by what they are.
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

# What stands between dashes above the quoted mail.
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

# What stands above a forwarded mail without dashes, with a colon.
FORWARDED = frozenset(
    "begin forwarded message, anfang der weitergeleiteten nachricht, début du message transféré, "
    "début du message réexpédié, inicio del mensaje reenviado, inizio messaggio inoltrato, "
    "begin doorgestuurd bericht, início da mensagem encaminhada, vidarebefordrat brev, "
    "start på videresendt besked, początek przekazywanej wiadomości, начало переадресованного сообщения, "
    "начало переадресованного письма, 下面是被转发的邮件, 転送されたメッセージ".replace(", ", ",").split(",")
)
