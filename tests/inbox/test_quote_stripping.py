"""Replies as the mail programs of many countries write them: the quoted mail goes, what the person wrote stays."""

import pytest
from tests.processor_time import processor_seconds

from handoffctl.inbox.newest_text import newest_text
from handoffctl.inbox.quote_stripping import WITHOUT_LIBRARY

OWN = "Yes, all of it is right.\nWe begin on 5 May."
OLD = "Here is what we noted.\n\nThe budget is 12,000.\nIs that right?"
MARKED = "\n".join(f"> {line}".rstrip() for line in OLD.split("\n"))

# What stands above a marked quotation ("> ...").
ATTRIBUTIONS = [
    "On Mon, 2 Mar 2026 at 14:20, Ida Berg <ida@studio.example> wrote:",
    "On Mar 2, 2026, at 2:20 PM, Ida Berg <ida@studio.example> wrote:",
    "On Mon, Mar 2, 2026 at 2:20 PM Ida Berg\n<ida@studio.example> wrote:",
    "On 03/02/2026 02:20 PM, Ida Berg wrote:",
    "On Monday, March 2nd, 2026 at 2:20 PM, Ida Berg <ida@studio.example>\nwrote:",
    "------- Original Message -------\nOn Monday, March 2nd, 2026 at 2:20 PM, Ida <ida@studio.example> wrote:",
    "Ida Berg <ida@studio.example> wrote:",
    "Ida Berg wrote on 02.03.2026 14:20:",
    "--- On Mon, 3/2/26, Ida Berg <ida@studio.example> wrote:",
    "---- On Mon, 02 Mar 2026 14:20:11 +0100 Ida Berg <ida@studio.example> wrote ----",
    "2026-03-02 14:20 GMT+01:00 Ida Berg <ida@studio.example>:",
    "2026/3/2 Ida Berg <ida@studio.example>",
    "02.03.2026, 14:20, \"Ida Berg\" <ida@studio.example>:",
    "Quoting Ida Berg <ida@studio.example>:",
    "Am 02.03.2026 um 14:20 schrieb Ida Berg:",
    "Am Mo., 2. März 2026 um 14:20 Uhr schrieb Ida Berg <\nida@studio.example>:",
    "Ida Berg <ida@studio.example> schrieb am Mo., 2. März 2026, 14:20:",
    "Zitat von Ida Berg <ida@studio.example>:",
    "Le lun. 2 mars 2026 à 14:20, Ida Berg <ida@studio.example> a écrit :",
    "Le 02/03/2026 à 14:20, Ida Berg a écrit\xa0:",
    "El lun, 2 mar 2026 a las 14:20, Ida Berg (<ida@studio.example>)\nescribió:",
    "Il giorno lun 2 mar 2026 alle ore 14:20 Ida Berg <ida@studio.example>\nha scritto:",
    "Il 02/03/2026 14:20, Ida Berg ha scritto:",
    "Op ma 2 mrt 2026 om 14:20 schreef Ida Berg <ida@studio.example>:",
    "Op 2 mrt. 2026 om 14:20 heeft Ida Berg <ida@studio.example> het volgende\ngeschreven:",
    "Em seg., 2 de mar. de 2026 às 14:20, Ida Berg <ida@studio.example> escreveu:",
    "W dniu 02.03.2026 o 14:20, Ida Berg pisze:",
    "pon., 2 mar 2026 o 14:20 Ida Berg <ida@studio.example> napisał(a):",
    "Dnia 2 marca 2026 14:20 Ida Berg <ida@studio.example> napisał(a):",
    "Den mån 2 mars 2026 kl 14:20 skrev Ida Berg <ida@studio.example>:",
    "Den 2026-03-02 kl. 14:20, skrev Ida Berg:",
    "man. 2. mar. 2026 kl. 14.20 skrev Ida Berg <ida@studio.example>:",
    "ma 2. maalisk. 2026 klo 14.20 Ida Berg (ida@studio.example) kirjoitti:",
    "po 2. 3. 2026 v 14:20 odesílatel Ida Berg <ida@studio.example> napsal:",
    "пн, 2 мар. 2026 г. в 14:20, Ida Berg <ida@studio.example>:",
    "02.03.2026 14:20, Ida Berg пишет:",
    "Понедельник, 2 марта 2026, 14:20 +03:00 от Ida Berg <ida@studio.example>:",
    "Ida Berg <ida@studio.example> ezt írta (időpont: 2026. márc. 2., H, 14:20):",
    "2 Mar 2026 Pzt 14:20 tarihinde Ida Berg <ida@studio.example> şunu yazdı:",
    "2026年3月2日(月) 14:20 Ida Berg <ida@studio.example>:",
    "Ida Berg <ida@studio.example> 于2026年3月2日周一 14:20写道：",
    "2026년 3월 2일 (월) 오후 2:20, Ida Berg <ida@studio.example>님이 작성:",
    "> On 2 Mar 2026, at 14:20, Ida Berg <ida@studio.example> wrote:\n>",
]  # fmt: skip

# What stands above a quotation that is not marked: all that follows is old.
BLOCKS = [
    "From: Ida Berg <ida@studio.example>\nSent: Monday, March 2, 2026 2:20 PM\nTo: Tom "
    "<tom@acme.example>\nSubject: Notes",
    "________________________________\nFrom: Ida Berg <ida@studio.example>\nSent: Monday, 2 March 2026 14:20\n"
    "To: Tom\nSubject: Notes",
    "-----Original Message-----\nFrom: Ida Berg [mailto:ida@studio.example]\nSent: 02 March 2026 14:20\nSubject: Notes",
    "-----Ursprüngliche Nachricht-----\nVon: Ida Berg\nGesendet: Montag, 2. März 2026 14:20\nAn: Tom\nBetreff: Notizen",
    "Von: Berg, Ida\nGesendet: Montag, 2. März 2026 14:20\nAn: Tom\nBetreff: Notizen",
    "*Von:* Ida Berg <ida@studio.example>\n*Gesendet:* Montag, 2. März 2026 14:20\n*An:* Tom\n*Betreff:* Notizen",
    "Gesendet: Montag, 02. März 2026 um 14:20 Uhr\nVon: \"Ida Berg\" <ida@studio.example>\nAn: tom@acme.example\n"
    "Betreff: Notizen",
    "De : Ida Berg <ida@studio.example>\nEnvoyé : lundi 2 mars 2026 14:20\nÀ : Tom <tom@acme.example>\nObjet : Notes",
    "-----Message d'origine-----\nDe : Ida Berg\nEnvoyé : lundi 2 mars 2026 14:20\nÀ : Tom\nObjet : Notes",
    "De: Ida Berg <ida@studio.example>\nEnviado el: lunes, 2 de marzo de 2026 14:20\nPara: Tom\nAsunto: Notas",
    "Da: Ida Berg <ida@studio.example>\nInviato: lunedì 2 marzo 2026 14:20\nA: Tom\nOggetto: Note",
    "Van: Ida Berg <ida@studio.example>\nVerzonden: maandag 2 maart 2026 14:20\nAan: Tom\nOnderwerp: Notities",
    "-----Oorspronkelijk bericht-----\nVan: Ida Berg\nVerzonden: maandag 2 maart 2026 14:20\nAan: Tom\nOnderwerp: Noot",
    "De: Ida Berg <ida@studio.example>\nEnviada em: segunda-feira, 2 de março de 2026 14:20\nPara: Tom\nAssunto: Notas",
    "Od: Ida Berg <ida@studio.example>\nWysłano: poniedziałek, 2 marca 2026 14:20\nDo: Tom\nTemat: Notatki",
    "Från: Ida Berg <ida@studio.example>\nSkickat: den 2 mars 2026 14:20\nTill: Tom\nÄmne: Anteckningar",
    "Fra: Ida Berg <ida@studio.example>\nSendt: 2. marts 2026 14:20\nTil: Tom\nEmne: Noter",
    "Lähettäjä: Ida Berg <ida@studio.example>\nLähetetty: maanantai 2. maaliskuuta 2026 14.20\n"
    "Vastaanottaja: Tom\nAihe: Muistio",
    "Od: Ida Berg <ida@studio.example>\nOdesláno: pondělí 2. března 2026 14:20\nKomu: Tom\nPředmět: Poznámky",
    "От: Ida Berg <ida@studio.example>\nОтправлено: 2 марта 2026 г. 14:20\nКому: Tom\nТема: Заметки",
    "发件人: Ida Berg <ida@studio.example>\n发送时间: 2026年3月2日 14:20\n收件人: Tom\n主题: 记录",
    "-------- Original message --------\nFrom: Ida Berg <ida@studio.example>\nDate: 02/03/2026 14:20 (GMT+01:00)\n"
    "To: Tom\nSubject: Notes",
    "----- Original Message -----\nFrom: Ida Berg\nTo: Tom\nSent: Monday, March 02, 2026 2:20 PM\nSubject: Notes",
    "---------- Forwarded message ---------\nFrom: Ida Berg <ida@studio.example>\nDate: Mon, Mar 2, 2026\n"
    "Subject: Notes\nTo: Tom",
    "On Mon, 2 Mar 2026 at 14:20, Ida Berg <ida@studio.example> wrote:",
    "Am 02.03.2026 um 14:20 schrieb Ida Berg <ida@studio.example>:",
    "-----Originalnachricht-----",
    "-------- Mensaje original --------",
    "Begin forwarded message:",
]  # fmt: skip


def mail(text, kind="plain"):
    return f"Subject: Re: Notes\nContent-Type: text/{kind}; charset=utf-8\n\n{text}".encode()


def words(text):
    return " ".join(text.split())


@pytest.mark.parametrize("gap", ["\n\n", "\n"])
@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_an_answer_above_a_marked_quotation(attribution, gap):
    assert newest_text(mail(f"{OWN}{gap}{attribution}\n{MARKED}\n")).text == OWN


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_an_answer_below_a_marked_quotation(attribution):
    assert newest_text(mail(f"{attribution}\n\n{MARKED}\n\n{OWN}\n")).text == OWN


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_answers_between_the_quoted_lines(attribution):
    text = f"Hi Ida,\n\n{attribution}\n> The budget is 12,000.\n\n15,000 now.\n\n> Is that right?\nElse yes.\n"
    assert newest_text(mail(text)).text == "Hi Ida,\n\n15,000 now.\n\nElse yes."


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("block", BLOCKS)
def test_an_answer_above_a_quotation_that_is_not_marked(block, ends):
    text = f"{OWN}\n\n{block}\n\n{OLD}\n".replace("\n", ends)
    assert newest_text(mail(text)).text == OWN


@pytest.mark.parametrize("block", BLOCKS)
def test_what_may_be_an_answer_below_such_a_quotation_is_not_lost(block):
    found = newest_text(mail(f"{block}\n\n{OLD}\n\n{OWN}\n"))
    assert OWN in found.text
    assert found.remarks


HTML = {
    "Gmail": '<div dir="ltr">{own}</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" '
    'class="gmail_attr">On Mon, 2 Mar 2026, Ida wrote:<br></div><blockquote '
    'class="gmail_quote">{old}</blockquote></div>',
    "Gmail of a language unknown here": '<div>{own}</div><div class="gmail_quote">Ida qorlu 2 mar:<br><blockquote>{old}'
    "</blockquote></div>",
    "Gmail, below": '<div class="gmail_quote">On Mon, 2 Mar 2026, Ida wrote:<blockquote>{old}</blockquote></div>{own}',
    "Outlook on the web": '<div>{own}</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>From:</b> '
    'Ida<br>'
    "<b>Sent:</b> Monday<br></div><div>{old}</div>",
    "Outlook": "<html><head><style>p {{margin:0}}</style></head><body><p class=MsoNormal>{own}</p><div "
    "style='border:none;"
    "border-top:solid #E1E1E1 1.0pt'><p class=MsoNormal><b>Von:</b> Ida Berg &lt;ida@studio.example&gt;<br><b>Gesendet:"
    "</b> Montag, 2. M&auml;rz 2026 14:20<br><b>An:</b> Tom<br><b>Betreff:</b> "
    "Notizen</p></div><p>{old}</p></body></html>",
    "Outlook with a table": "<p>{own}</p><table><tr><td>From:</td><td>Ida "
    "&lt;ida@studio.example&gt;</td></tr><tr><td>Sent:"
    "</td><td>2 March 2026 14:20</td></tr><tr><td>Subject:</td><td>Notes</td></tr></table><p>{old}</p>",
    "Yahoo": '<div>{own}</div><div id="yahoo_quoted_123" class="yahoo_quoted"><div>On Monday, Ida '
    'wrote:</div>{old}</div>',
    "Thunderbird": '<p>{own}</p><div class="moz-cite-prefix">Am 02.03.2026 um 14:20 schrieb Ida:<br></div><blockquote '
    'type="cite" cite="mid:x">{old}</blockquote>',
    "Apple Mail": "<div>{own}</div><div><br><blockquote type='cite'><div>On 2 Mar 2026, Ida wrote:</div><br>{old}"
    "</blockquote></div>",
    "ProtonMail": '<div>{own}</div><div class="protonmail_quote">On Monday, Ida '
    'wrote:<br><blockquote>{old}</blockquote></div>',
    "GMX": '<div>{own}</div><div name="quote" style="margin:10px"><div><b>Gesendet:</b> Montag<br><b>Von:</b> Ida</div>'
    "<div>{old}</div></div>",
    "Zimbra": '<div>{own}<hr id="zwchr"><b>From: </b>Ida<br><b>To: </b>Tom<br><br>{old}</div>',
    "Hotmail": "<div>{own}<br><br>&gt; Subject: Notes<br>&gt; From: ida@studio.example<br>&gt; Right?</div>",
    "Yandex": '<div>{own}</div><div>02.03.2026, 14:20, "Ida" '
    '&lt;ida@studio.example&gt;:</div><blockquote>{old}</blockquote>',
}  # fmt: skip


@pytest.mark.parametrize("client", HTML)
def test_html_alone(client):
    html = HTML[client].format(own="<p>Yes &amp; thanks,</p>Tom<br>Doe", old="<p>The budget is 12,000.</p>Right?")
    assert words(newest_text(mail(html, "html")).text) == "Yes & thanks, Tom Doe"


def test_html_that_a_person_indented_is_no_quotation_and_scripts_are_no_words():
    html = "<script>if (a < b) alert(1)</script><!-- From: x -->A<blockquote style='margin:0 0 0 40px;border:none'>B" \
        "</blockquote><pre>c\n  d</pre><td>e</td><title>f</title>"  # fmt: skip
    assert newest_text(mail(html, "html")).text == "A\nB\nc\n  d\ne"


def test_an_answer_within_the_quotation_of_html_is_kept():
    html = (
        '<div class="gmail_quote">On Monday Ida wrote:<blockquote>May?</blockquote><div>June.</div>'
        "<blockquote>12,000?</blockquote><div>15,000.</div></div>"
    )
    assert words(newest_text(mail(html, "html")).text) == "June. 15,000."


# Own words that look like what mail programs write.
KEPT = [
    "From: Berlin\nTo: Munich\nDate: 5 May\nPlease book that.",
    "On Monday I wrote:\n\nNothing of that is true any more.",
    "On reflection, the budget should be:\n\n15,000 for the page\n3,000 for the texts",
    "Data: 5 maja\nDo: Anna",
    "Two things\n-----\nfirst and\n-----\nsecond",
    "As Jane wrote:\nit is fine.",
    "To: do\n- one\n- two",
    "Am Montag schrieb ich schon: es passt.\nDen Rest bald.",
    "- one -- two\n-- three",
    "Regards to all.\nBest, and one more thing: the budget is 15k.",
    "Sent from my point of view, all is right.\nThanks, Tom\n\nPS: the deadline is May.",
    "Disclaimer: I have not asked the mail office yet.\nElse yes.",
    "De : rien\n  : nothing\nÀ : bientôt",
    "Subject: to approval, yes.",
    "Yes.\nOn Monday we begin.",
    "Yes.\nIn May\n5 days of work:",
    "On the budget: 15k.",
]


@pytest.mark.parametrize("text", KEPT)
def test_own_words_are_never_cut(text):
    assert newest_text(mail(text)).text == text
    below = f"On Mon, 2 Mar 2026 at 14:20, Ida <i@s.example> wrote:\n{MARKED}"
    assert newest_text(mail(f"{text}\n{below}")).text == text
    assert newest_text(mail(f"{text}\n\nOn Mon, 2 Mar 2026 at 14:20, Ida <i@s.example> wrote:\n{MARKED}")).text == text


def test_a_rule_at_the_end_and_the_foot_of_a_mailing_list_go_but_a_signature_may_stay():
    foot = f"{'_' * 47}\nnotes mailing list\nnotes@lists.example\nhttps://lists.example/listinfo/notes"
    assert newest_text(mail(f"Yes.\n\n_____\n\n{foot}\n")).text == "Yes."
    assert newest_text(mail("Yes.\n\n-- \nTom\n")).text == "Yes.\n\n--\nTom"
    assert newest_text(mail("Yes.\n-----\n")).text == "Yes."


def test_nothing_but_quoted_lines_gives_no_text_and_a_remark():
    found = newest_text(mail(f"On Mon, 2 Mar 2026 at 14:20, Ida wrote:\n{MARKED}"))
    assert (found.text, len(found.remarks)) == ("", 1)


PARTS = 'Content-Type: multipart/{kind}; boundary="b b"\n\nSee MIME.\n{parts}--b b--\nafter\n'


def parts(kind, *each):
    made = "".join(f"--b b\nContent-Type: {how}\n\n{text}\n" for how, text in each)
    return PARTS.format(kind=kind, parts=made).encode()


def test_plain_text_is_preferred_and_html_is_read_where_there_is_none():
    html = ("text/html", "<p>rich</p>")
    assert newest_text(parts("alternative", ("text/plain", "plain"), html)).text == "plain"
    assert newest_text(parts("alternative", ("text/plain", "  "), html)).text == "rich"
    assert newest_text(parts("alternative", html)).text == "rich"


def test_texts_around_a_picture_are_both_read_and_attached_files_and_mails_are_not():
    picture = ("image/png\nContent-Transfer-Encoding: base64", "AAAA")
    attached = ('text/plain; name="x.txt"\nContent-Disposition: attachment; filename="x.txt"', "attached")
    other = ("message/rfc822", "Subject: x\n\nof another mail")
    raw = parts("mixed", ("text/plain", "one"), picture, ("text/html", "<b>two</b>"), attached, other)
    assert newest_text(raw).text == "one\n\ntwo"


@pytest.mark.parametrize(
    ("charset", "raw", "text", "remarks"),
    [
        ("utf-8", "Größe".encode(), "Größe", 0), ("iso-8859-1", b"Gr\xf6\xdfe \x80", "Größe €", 0),
        ("us-ascii", "Größe".encode(), "Größe", 0), ("utf-8", b"Gr\xf6\xdfe", "Größe", 1),
        ("klingon", "Größe".encode(), "Größe", 1), ("hex", b"616263", "616263", 1), ("x\0y", b"a\0b", "a b", 1),
        ("gb2312", "对".encode("gb18030"), "对", 0), ("utf-7", b"+2AA-", "?", 0), ('"utf-8"', b"abc", "abc", 0),
    ],
)  # fmt: skip
def test_charsets_are_read_as_far_as_it_goes(charset, raw, text, remarks):
    found = newest_text(b"Content-Type: text/plain; charset=" + charset.encode() + b"\n\n" + raw)
    assert (found.text, len(found.remarks)) == (text, remarks)


@pytest.mark.parametrize(
    ("way", "raw"), [("base64", b"WWVzLg=="), ("base64", b"WWVzLg"), ("base64", b"WW\nVz\nLg==\n!"),
                     ("quoted-printable", b"Y=65s=\n."), ("8bit", b"Yes."), ("unheard-of", b"Yes.")],
)  # fmt: skip
def test_transfer_encodings(way, raw):
    assert newest_text(b"Content-Transfer-Encoding: " + way.encode() + b"\n\n" + raw).text == "Yes."


def test_where_the_library_fails_the_rules_of_our_own_cut_and_say_so(monkeypatch):
    import mailparser_reply

    def fails(*_, **__):
        raise RuntimeError

    monkeypatch.setattr(mailparser_reply.EmailReplyParser, "read", fails)
    found = newest_text(mail(f"{OWN}\n\n{ATTRIBUTIONS[0]}\n{MARKED}"))
    assert found.text == OWN
    assert found.remarks == (WITHOUT_LIBRARY,)


SLOW = {
    "blank lines": "\n" * 100_000, "spaces": " \n" * 50_000, "On and no end": "On " + "x " * 50_000,
    "On On": ("On " * 66 + "\n") * 500, "labels": "From: \n" * 14_000, "short labels": "A:\n" * 33_000,
    "colons": (":" * 40 + "\n") * 2_500, "quotes": ">" * 100_000,
    "disclaimers": ("CAUTION: " + "mail " * 38 + "\n") * 500,
    "dashes": "--\n" * 33_000, "Danish": ("Den 2 skrev " * 19 + "\n") * 430,
    "david": ("[Original Message processed by david "
    * 6 + "\n") * 430, "dates": ("2026年3月2日(月) 1:11 a <b>:" * 9 + "\n") * 430, "wrote": "Ida wrote:\n" * 9_000,
    "blocks": "From: a@b.example\nSubject: x\n> y\n" * 3_000,
}  # fmt: skip


@pytest.mark.trial
@pytest.mark.parametrize("name", SLOW)
def test_text_on_which_patterns_are_slow_is_bounded(name):
    with processor_seconds(8):
        newest_text(mail(SLOW[name]))
        newest_text(mail("Yes.\n" + SLOW[name]))
