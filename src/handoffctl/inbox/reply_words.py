"""Word lists and patterns of agreement and correction in six languages, in lower case without accents."""

import re


def _phrases(text: str) -> frozenset[str]:
    return frozenset(" ".join(phrase.split()) for phrase in text.replace("\n", ",").split(",") if phrase.strip())


AGREEING = _phrases("""
yes, yep, yup, yeah, yes sir, aye, correct, right, exactly, exact, precisely, absolutely, indeed, agreed, agree,
i agree, we agree
confirmed, confirm, i confirm, we confirm, i can confirm, we can confirm, i confirm this, i confirm that,
i hereby confirm
confirming, happy to confirm, i can confirm this, i can confirm that, that's confirmed, this is confirmed,
i confirm all points
approved, i approve, we approve, spot on, all correct, all good, looks good, looks great, looks right, looks correct,
looks fine, looks perfect, looks ok, looks okay, look good, lgtm, sounds good, sounds right, sounds great,
sounds correct, sounds fine
that's right, that's correct, that's it, that's fine, that's good, that's perfect, that's accurate,
that's exactly it, that is right
that is correct, that is fine, that is accurate, that is perfect, this is right, this is correct, this is fine,
this is accurate
this is good, this is perfect, it is correct, it is right, it's correct, it's right, it's fine, it's all correct,
it's good
you got it, you got that right, you got it right, you've got it, you have it right, you are right, you're right,
you are correct
that works, works, this works, everything is correct, everything is right, everything looks good,
everything looks right
everything's correct, everything is fine, everything is good, everything looks correct, everything correct,
everything looks fine, all is correct, all is right, all is good, all is fine, all looks good, all fine, all right,
it all looks good
it all looks right, it all looks correct, that all looks right, that all looks good, that all sounds right,
that all sounds good
this all looks good, this looks right, this looks good, this looks correct, this looks great, that looks right,
that looks good
that looks correct, that looks fine, it looks good, it looks right, it looks correct, that sounds right,
that sounds good
this sounds good, this sounds right, nothing to add, nothing to correct, nothing to change, no changes,
no changes needed
no corrections, no changes from me, no corrections needed, no change needed, no objections, fine, perfect,
good to go, we're good
i'm good, i am happy with that, happy with this, happy with that, i'm happy with this, summary is correct,
the summary is correct
the summary is right, the summary looks good, your summary is correct, your summary is right, good summary,
correct summary, ok, okay
affirmative, we are good, that is exactly what we discussed, that's exactly what we discussed,
you summarized it well, you understood correctly, you understood it correctly, matches our conversation
that matches, that matches what we discussed, that is what we discussed, that's what we discussed, as discussed,
as agreed

ja, jawohl, jo, jep, genau, richtig, korrekt, stimmt, das stimmt, passt, passt so, das passt, das passt so,
das ist richtig, das ist korrekt
ist richtig, ist korrekt, so ist es, genau so, genau so machen wir es, so machen wir es, so machen wir das,
genauso, genau so ist es, alles richtig, alles korrekt, alles gut
alles klar, alles bestens
alles passt, passt alles, das stimmt alles, das stimmt so, stimmt so, stimmt alles, alles stimmt, einverstanden,
bin einverstanden
ich bin einverstanden, wir sind einverstanden, bestatigt, ich bestatige, ich bestatige das, das bestatige ich,
hiermit bestatige ich
hiermit bestatigt, wir bestatigen, wir bestatigen das, kann ich bestatigen, kann ich so bestatigen,
das kann ich bestatigen, sieht gut aus
das sieht gut aus, klingt gut, das klingt gut, hort sich gut an, in ordnung, geht in ordnung, ist in ordnung,
das ist in ordnung, perfekt
prima, von mir aus, geht klar, ist so richtig, das ist so richtig, das ist so korrekt, so richtig, so passt es,
so passt das, haut hin
keine anderungen, keine korrekturen, nichts hinzuzufugen, die zusammenfassung stimmt, die zusammenfassung passt,
passt fur uns, passt fur mich

oui, ouais, exactement, exact, c'est exact, c'est ca, c'est bien ca, c'est cela, c'est bien cela, c'est correct,
c'est juste, c'est bon
c'est tout a fait ca, tout a fait, tout est correct, tout est bon, tout est juste, tout est exact, tout est ok,
tout est en ordre
parfait, c'est parfait, d'accord, je suis d'accord, nous sommes d'accord, entendu, je confirme, nous confirmons,
je vous confirme
je te le confirme, je vous le confirme, je le confirme, confirme, c'est confirme, ca me va, cela me va,
ca me convient, cela me convient, ca nous va
cela nous convient, ca marche, ca roule, rien a ajouter, rien a changer, rien a redire, correct, valide, je valide,
c'est valide
cela correspond, ca correspond, c'est ok, ca va, bien vu, aucune correction, aucun changement

si, claro, claro que si, correcto, es correcto, esta correcto, todo correcto, todo esta correcto, todo es correcto,
exacto, exactamente
es exacto, asi es, eso es, esta bien, todo bien, todo esta bien, esta perfecto, perfecto, de acuerdo,
estoy de acuerdo, estamos de acuerdo
confirmo, lo confirmo, confirmado, queda confirmado, confirmamos, lo confirmamos, conforme, me parece bien,
nos parece bien, vale, sin cambios
nada que anadir, nada que corregir, me parece correcto, tal cual

esatto, esattamente, corretto, e corretto, tutto corretto, e tutto corretto, e giusto, giusto, tutto giusto,
va bene, tutto bene, va benissimo
va bene cosi, tutto ok, perfetto, e perfetto, d'accordo, sono d'accordo, siamo d'accordo, confermo, lo confermo,
confermiamo, confermato
le confermo, ti confermo, vi confermo, certo, certamente, proprio cosi, e cosi, nulla da aggiungere,
niente da aggiungere, tutto a posto, per me va bene
per noi va bene, mi va bene, ci va bene

klopt, dat klopt, dit klopt, het klopt, klopt helemaal, dat klopt helemaal, alles klopt, klopt allemaal,
helemaal goed, juist, dat is juist
dat is correct, inderdaad, akkoord, ik ga akkoord, wij gaan akkoord, we gaan akkoord, ga akkoord, eens, mee eens,
prima zo, is goed, dat is goed
ziet er goed uit, het ziet er goed uit, dat ziet er goed uit, ziet er prima uit, dit ziet er goed uit, alles goed,
ik bevestig, ik bevestig dit
ik bevestig dat, bevestigd, bij deze bevestigd, hierbij bevestigd, kan ik bevestigen, dat kan ik bevestigen,
goed zo, geen wijzigingen
niets toe te voegen, helemaal akkoord, wat mij betreft akkoord
""")

FILLING = _phrases("""
thanks, thank you, thx, ty, many thanks, cheers, thanks a lot, thanks again, thank you very much,
thank you so much, thanks so much
thanks for the summary, thank you for the summary, thanks for this, thanks for sending this,
thank you for sending this, no problem, no worries
sure, sure thing, great, good, nice, excellent, wonderful, awesome, super, cool, of course, nothing else,
well done, great summary, nice summary
great work, good work, good job, you too, please go ahead, go ahead, please proceed, let's go, let's do it,
great job, hi, hello, hey, all, from me
danke, vielen dank, danke schon, dankeschon, danke dir, danke ihnen, besten dank, herzlichen dank, danke sehr,
kein problem, gerne, gern, klasse, toll
danke fur die zusammenfassung, vielen dank fur die zusammenfassung, hallo, moin, guten tag, bitte, dank dir, top,
wunderbar, gut, sehr gut, schon
merci, merci beaucoup, merci bien, merci a vous, merci a toi, pas de probleme, pas de souci, bien sur, tres bien,
bonjour, salut, merci pour le resume
gracias, muchas gracias, mil gracias, sin problema, muy bien, hola, genial, estupendo, buenos dias, gracias a ti,
gracias a usted, gracias por el resumen
grazie, grazie mille, molte grazie, tante grazie, nessun problema, ottimo, molto bene, ciao, buongiorno, bene,
benissimo, grazie per il riassunto
grazie a te, grazie a lei, bedankt, dank je, dank u, dank je wel, dank u wel, dankjewel, hartelijk dank,
heel erg bedankt, geen probleem, prima, mooi
goed, dank, graag, fijn, hoi, goedemorgen
""")

# Thanks with a name, and a closing in the same line.
FILLING_WITH_NAME = re.compile(
    r"(?:thanks|thank you|many thanks|thx|danke|vielen dank|danke dir|merci|gracias|grazie|bedankt|dank je|lg|vg|"
    r"mfg|best|"
    r"cheers|regards|best regards|kind regards|viele grusse|liebe grusse|gruss) (?!but\b|aber\b|mais\b|pero\b|"
    r"ma\b|maar\b)"
    r"[^\W\d]{2,20}(?: [^\W\d]{2,20})?"
)

FILLING_STARTS = (
    "looking forward", "look forward", "i look forward", "we look forward", "see you", "talk soon", "speak soon",
    "have a ", "talk to you", "until then", "freue mich", "wir freuen uns", "ich freue mich", "bis dann", "bis bald",
    "bis morgen", "schonen tag", "schones wochenende",
    "a bientot", "bonne journee", "hasta ", "un saludo", "buona giornata",
    "a presto", "tot ziens", "tot snel", "fijne dag", "fijn weekend", "excellent week",
)  # fmt: skip

# Words that only strengthen a yes, or name the speaker.
NEUTRAL = re.compile(
    r"(?<=\s)(?:(?:to|for|with|by) (?:me|us)|from (?:my|our) (?:side|end)|on (?:my|our) (?:side|end)|from me|"
    r"from us|all|"
    r"absolutely|totally|perfectly|completely|entirely|very|really|just|so|quite right|100 ?%|as is|as it is|"
    r"as it stands|"
    r"from here|(?:von|fur) (?:mir|mich|uns)(?: aus)?|meinerseits|unsererseits|vollkommen|vollig|ganz|absolut|"
    r"genau so|"
    r"alles|auch|tout a fait|parfaitement|pour (?:moi|nous)|de (?:mon|notre) cote|bien|para (?:mi|nosotros)|"
    r"por (?:mi|nuestra) parte|totalmente|completamente|da parte (?:mia|nostra)|assolutamente|perfettamente|"
    r"per (?:me|noi)|"
    r"helemaal|voor (?:mij|ons)|wat (?:mij|ons) betreft|hoor|and|und|et|y|e|en|here|indeed|now|nun|jetzt)(?=\s)"
)

GREETINGS = re.compile(
    r"(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|hallo|moin|liebe[rs]?|guten (?:tag|morgen|abend)|"
    r"sehr geehrte[rs]?|servus|bonjour|bonsoir|salut|cher|chere|hola|buen(?:os|as) (?:dias|tardes)|estimad[oa]|ciao|"
    r"buon ?giorno|buonasera|gentile|hoi|beste|goede(?:morgen|middag|n?avond|ndag)|"
    r"geachte)\b(?![^\n]{0,40}\?)[^\n,!.:]{0,40}"
    r"(?:[,!.:]\s*|\n\s*|\Z)"
)

# Phrases of a sender who does not know or cannot tell, which make a mail neither a yes nor a correction.
UNDECIDED = re.compile(
    r"\b(?:wrong (?:person|address|number|e-?mail)|unsubscribe|out of (?:the )?office|on (?:vacation|holiday|leave)|"
    r"(?:can(?:no|')?t|cannot|can not|could not|couldn't|unable to) (?:\w+ ){0,2}(?:confirm|say|tell|judge|open|"
    r"read)|not sure|"
    r"(?:don't|do not) know|no idea|falsche (?:person|adresse)|nicht sicher|keine ahnung|weiss (?:ich )?nicht|"
    r"kann (?:ich |das |es )*(?:\w+ )?nicht (?:bestatigen|sagen|beurteilen|offnen|lesen)|abwesen|je ne (?:sais|"
    r"peux) pas|"
    r"pas sure?|no (?:lo )?se\b|no estoy segur|no puedo|non (?:lo )?so\b|non posso|non sono sicur|"
    r"weet (?:ik )?(?:het )?niet|"
    r"niet zeker|kan (?:ik |dat |het )*niet bevestigen|no longer interested|not interested|kein interesse)\b"
)

# Polite phrases that contain "correct" or "wrong" without meaning either.
SOFTENING = re.compile(
    r"\b(?:please |do )?(?:correct me|korrigier\w* (?:sie )?mich|corrig\w*[- ]moi|corrigeme|correggimi|"
    r"verbeter me)\b[^.!?\n,]{0,40}"
    r"|\b(?:if|unless|falls|wenn|si|se|als) (?:i|i'm|ich|je|me|mi|ik)\b[^.!?\n,]{0,30}\b(?:wrong|mistaken|falsch|"
    r"trompe|equivoco|sbaglio)\b"
    r"|\b(?:nothing|not) (?:is |was )?wrong\b|\bnot? (?:bad|incorrect)\b|\bno (?:corrections?|changes?)\b|"
    r"\bwhat(?:'s| is) wrong\b"
)

# A no on its own, at the beginning.
NO = re.compile(
    r"(?:no|nope|nah|nein|no+n|nee|neen)(?:\s*[,.!;:–—-]|\s*\n|\s*\Z|\s+(?:that|this|it|the|das|die|der|es|ce|"
    r"c'est|la|le|el|il|dat|het)\b)"
    r"(?!\s*(?:problem|worries|thanks|thank you|danke|merci|gracias|grazie|bedankt|dank)\b)"
)

CHANGING = re.compile(
    r"\b(?:not (?:quite|exactly|entirely|completely|fully|really|all)? ?(?:right|correct|accurate|true|quite|"
    r"exactly|what we (?:said|agreed|discussed))|"
    r"not (?:quite|entirely|exactly)\b|isn't (?:quite |entirely )?(?:right|correct|accurate|true)|aren't (?:right|"
    r"correct)|"
    r"(?:is|are|was|were|looks?|seems?|got) (?:\w+ )?wrong|that's wrong|incorrect|inaccurate|wrong (?:date|amount|"
    r"name|number|budget|deadline|price)|"
    r"almost(?= *(?:[,:;.!–—-]|right|correct|there|perfect|\Z))|nearly(?= *(?:[,:;.!–—-]|right|correct|there))|"
    r"close(?=, but)|"
    r"(?:one|two|three|a few|some|a|small|minor|another|little|tiny|quick) (?:\w+ )?(?:corrections?|changes?|"
    r"amendments?|tweaks?|fix(?:es)?|adjustments?|mistakes?|errors?)\b|"
    r"^corrections?\b|(?:should|must|needs? to|has to|ought to) (?:actually |really |rather )?(?:be|read|say)\b"
    r"(?! (?:able|fine|ok|okay|good|great|possible|there|back|ready|clear|enough|in touch|no problem))|"
    r"(?:not|nicht|pas|niet) \S?\d\S*|(?:mostly|largely|partly|partially) (?:right|correct|fine|good)|"
    r"instead of|rather than|"
    r"please (?:change|correct|adjust|update|amend|fix|replace)|(?:i|we) (?:disagree|do not agree|don't agree|"
    r"can't agree)|"
    r"^actually|one thing (?:is|to)|apart from|except (?:for|that)|with one exception|you (?:forgot|missed)|"
    r"is missing|are missing|"
    r"nicht (?:ganz|richtig|korrekt|so ganz|genau)|stimmt (?:so |leider |das |noch )*nicht|passt (?:so |leider |"
    r"noch )*nicht|"
    r"nicht einverstanden|falsch(?:e[rsn]?)?|fast(?= *(?:[,:;.!–—-]|richtig|korrekt|alles|\Z))|beinahe|(?:eine|"
    r"kleine|zwei|noch eine|ein paar) (?:kleine )?"
    r"(?:korrektur(?:en)?|anderung(?:en)?|anmerkung)|korrektur\b|anstatt|statt(?:dessen)?\b|sondern|"
    r"sollte (?:\w+ )*(?:sein|heissen|lauten)|"
    r"muss (?:\w+ )*(?:sein|heissen|lauten)|bitte (?:\w+ ){0,3}(?:andern|anpassen|korrigieren)|es fehlt|bis auf|"
    r"pas (?:tout a fait|exactement|vraiment|correct|exact|juste|d'accord|ca)|presque|"
    r"une (?:petite )?(?:correction|modification|erreur)|"
    r"au lieu de|plutot que|(?:c'est|est) faux|incorrecte?s?|a corriger|merci de (?:corriger|modifier|changer)|"
    r"devrait etre|"
    r"no (?:es|esta) (?:del todo |exactamente )?(?:correcto|exacto|bien|asi)|no (?:exactamente|del todo)|casi|"
    r"una (?:pequena )?(?:correccion|modificacion)|"
    r"en (?:vez|lugar) de|incorrecto|deberia ser|falta\b|por favor (?:corrige|cambia|corrija|cambie)|"
    r"non (?:e|proprio|esattamente|del tuto|del tutto) ?(?:corretto|esatto|giusto|cosi|proprio)?|quasi|"
    r"una (?:piccola )?(?:correzione|modifica)|"
    r"invece di|anziche|sbagliat[oaie]|errato|dovrebbe essere|manca\b|"
    r"niet (?:helemaal|juist|correct|precies|akkoord|eens)|klopt (?:nog |helaas )?niet|bijna|(?:een|"
    r"kleine) (?:kleine )?(?:correctie|wijziging|aanpassing)|"
    r"in plaats van|onjuist|fout|moet (?:\w+ )*zijn|zou (?:\w+ )*moeten zijn|graag (?:\w+ )?(?:aanpassen|"
    r"wijzigen)|ontbreekt)(?!\w)"
)

LIMITING = re.compile(
    r"\b(?:but|however|although|except|only that|though|aber|jedoch|allerdings|nur|ausser|bloss|mais|sauf|hormis|"
    r"cependant|"
    r"toutefois|pero|salvo|excepto|aunque|ma|pero'|tranne|eccetto|solo che|maar|echter|behalve|alleen)\b"
)
