"""What a reply seems to be: a plain yes, a correction, or anything else; in doubt anything else."""

import pytest
from tests.processor_time import processor_seconds

from handoffctl.inbox.reply_kind import propose_kind

CONFIRMED = [
    "Yes, that's right", "looks good", "Correct!", "Passt so, danke", "c'est bien ça", "👍", "👍🏽",
    "No problem, that's right", "Yes", "yes.", "Yep, all good", "Looks good to me, thanks!",
    "Confirmed. Looking forward to it.", "Hi Jane,\n\nyes, that is correct.\n\nBest regards,\nTom",
    "I can confirm that.", "Sounds good, thank you!", "Ja, genau.", "Ja, das stimmt so. Vielen Dank!",
    "Hallo Herr Meier,\n\npasst.\n\nViele Grüße\nAnna Schmidt", "Alles korrekt", "Stimmt.", "Oui, c'est exact, merci",
    "Je confirme.", "D'accord, merci beaucoup", "Sí, es correcto", "Todo correcto, gracias", "Así es.",
    "Confermo, grazie", "Va bene così", "Sì, tutto corretto.", "Klopt!", "Ja, dat klopt helemaal",
    "Akkoord, dank je wel", "Yes\n\nSent from my iPhone", "Agreed", "Perfect, thanks", "Yes — exactly.",
    "Correct. Thanks,\n\nJane", "Yes that's right", "ok", "LGTM",
    "Yes, correct\n-- \nJane Doe\nCEO, is that a question?\n",
    "Dear Tom,\nYes, everything is correct. Thank you for the summary!\nKind regards\nAnn", "Yes, no changes.",
    "Passt perfekt", "Das ist alles richtig so", "Ja",
    "Yes, this is correct.",
    "Yes we are good",
    "All correct from our side. Thanks Ida",
    "That is exactly what we discussed.",
    "Great, yes, that's right!",
    "Perfekt, danke!",
    "Ja, passt alles. LG Tom",
    "Genau so machen wir es",
    "C'est parfait, merci Ida",
    "Tout est bon pour moi",
    "Sí, todo bien",
    "Correcto 👍",
    "Tutto giusto!",
    "Ja hoor, klopt",
    "Helemaal goed, dank!",
    "yes!!!",
]  # fmt: skip

CORRECTED = [
    "yes, but the budget is 15k", "almost: the deadline is May", "not quite", "one correction",
    "nein, der Termin ist im Mai", "not correct", "No, the budget is 12,000.", "No.",
    "Nearly right, the amount should be 20k", "That's not right.", "Looks good except for the date",
    "Yes, however we need it in June", "The deadline should be 5 May, not 1 May.", "Please change the budget to 15k",
    "Ja, aber das Budget ist 15.000 €", "Nicht ganz: wir starten im Juni", "Stimmt nicht",
    "Eine kleine Korrektur: es sind drei Seiten", "Oui, mais le budget est de 15 k", "Pas tout à fait",
    "Non, c'est en mai", "Presque: la date est le 5 mai", "Sí, pero el presupuesto es 15k", "No exactamente",
    "Casi, la fecha es mayo", "Sì, ma il budget è 15k", "Quasi: la scadenza è maggio", "Ja, maar het budget is 15k",
    "Bijna goed, de deadline is mei", "Klopt niet, het is mei", "The budget is wrong, it's 15k",
    "Hi Tom,\n\nThat's mostly fine. Two small corrections: the budget is 10k.\n", "Actually the deadline is in June",
    "Thanks! One small change: Bob is the contact.", "Non, ce n'est pas correct",
    "Fast richtig, nur der Termin ist falsch", "We agreed on 5k instead of 6k.",
    "Mostly right, but we said 20 hours",
    "Yes. But the deadline is June 1.",
    "Hi Ida,\n\nthanks for that. The deadline isn't right, it's June.\n\nJane",
    "No - the contact is Bob",
    "It's 15k, not 12k",
    "Das Budget stimmt nicht, es sind 15.000",
    "Nein",
    "Je ne suis pas d'accord avec le budget",
    "Il y a une erreur: le budget est 15k",
    "No, el presupuesto es 15k",
    "No, il budget è 15k",
    "Nee, dat klopt niet",
]  # fmt: skip

OTHER = [
    "Yes? Who is this?", "I can't confirm that", "correct me if I am wrong", "Thanks", "Thank you!", "Who is this?",
    "Is the deadline fixed?", "I'll get back to you next week", "", "   ", "No thanks", "No problem", "No idea",
    "Wrong person", "I'm out of the office until Monday.", "Please unsubscribe me", "Let me check with my boss",
    "Danke für die Nachricht", "Merci", "Können wir telefonieren?", "I am not sure about that",
    "Yes, that's right. Could you also send the contract?", "Correct me if I'm wrong, but did we not say May?",
    "Yes, but who pays?", "Great", "Hello", "Yes and we would also like a new logo", "Ich kann das nicht bestätigen",
    "Right now I have no time", "Sure thing, call me", "Right, what about the price?",
    "Perfect storm here, will answer later", "no longer interested", "Is that correct?", "Did you get it right?",
    "ok?", "Let's talk tomorrow", "We have a new address", "Nothing wrong with that",
    "Not now, please",
    "No time today, sorry",
    "No, thank you",
    "Could you correct the invoice?",
    "I am on holiday until May. In urgent cases write to Bob.",
    "Yesterday I was ill",
    "Should the deadline be May?",
    "Can we talk about the budget? It is not clear to me",
    "Thanks for the summary, I will read it and come back to you",
    "Is it correct that the price is wrong?",
    "You almost got me there",
    "right?",
    "I was almost asleep, will answer tomorrow",
    "Sounds like a plan but let me ask Bob",
    "Ich bin fast fertig mit dem Vertrag, melde mich morgen",
    "We should be able to meet on Monday",
    "Everything should be fine on Monday",
    "I missed the call, sorry. Something went wrong with my phone",
]  # fmt: skip


@pytest.mark.parametrize("text", CONFIRMED)
def test_a_plain_yes(text):
    assert propose_kind(text, automatic=False) == "confirmed"


@pytest.mark.parametrize("text", CORRECTED)
def test_a_change(text):
    assert propose_kind(text, automatic=False) == "corrected"


@pytest.mark.parametrize("text", [*OTHER, "I have read your mail. " * 40, "Yes " * 100])
def test_neither(text):
    assert propose_kind(text, automatic=False) == "other"


@pytest.mark.parametrize("text", [*CONFIRMED[:5], *CORRECTED[:5]])
def test_what_no_person_wrote_is_no_answer(text):
    assert propose_kind(text, automatic=True) == "other"


@pytest.mark.parametrize("text", CONFIRMED)
def test_a_yes_with_words_that_are_not_known_is_no_plain_yes(text):
    assert propose_kind(f"The roof leaks. {text}", automatic=False) != "confirmed"


@pytest.mark.parametrize(
    "bit", ["(", ". ", "yes ", "no, ", "not ", "*\n", "\n", "nicht so ", "moet a ", "sollte x ", "a"]
)
def test_long_texts_are_judged_soon(bit):
    with processor_seconds(3):
        propose_kind(bit * 100_000, automatic=False)
