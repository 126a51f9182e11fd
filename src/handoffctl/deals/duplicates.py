"""Detects accounts that may be duplicates, and contacts that are the same person. Pure rules; merges nothing."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from handoffctl.core.names import fold


class ComparedAccount(NamedTuple):
    """The parts of an account that duplicate detection compares."""

    slug: str
    name: str
    domain: str | None

    def as_json(self) -> dict[str, str | None]:
        return {"account": self.slug, "name": self.name, "domain": self.domain}


# Legal forms, written without dots. The table is our own because the packages on PyPI strip too much and too little:
# cleanco 2.3 and corp-names 0.3 reduce "Deutsche Bank UK", "Foo OK" and "Casa Da" to the words before the last one,
# and keep Russian and Japanese forms and UG (haftungsbeschränkt). Forms that are everyday words are left out, except
# S.p.A., which is too common.
_AFTER = """
    inc, incorporated, corp, corporation, co, company, llc, lllp, llp, lp, pllc, plc, ltd, limited, cic,
    pty, pty ltd, pvt, pvt ltd, private limited, pte, pte ltd, bhd, sdn, sdn bhd,
    gmbh, mbh, ggmbh, gesmbh, ag, kg, kgaa, ohg, gbr, ug, ug haftungsbeschrankt, ek, eg, se,
    sa, sas, sasu, sarl, sa rl, eurl, snc, scop, sca, scs, bv, nv, vof, cv, bvba, srl, sprl, vzw, asbl,
    spa, sapa, scrl, srls, sl, slu, sau, sll, lda, ltda, limitada, eireli, sa de cv, s de rl, s de rl de cv, sapi,
    sapi de cv, sab, sab de cv, cia, cia ltda, ab, hb, kb, as, asa, ans, aps, ivs, ks, oy, oyj, ehf, hf, ou, uab, sia,
    sp z oo, sp zoo, spzoo, spolka z oo, sp j, sp k, sro, spol s ro, vos, doo, dd, jdoo, dooel, kft, zrt, nyrt, bt,
    ood, eood, ead, ae, epe, ike, ltd sti, san ve tic ltd sti, tic ltd sti, san ve tic as, kk, gk, yk, tbk,
    jsc, pjsc, ojsc, cjsc, fze, fzc, fzco, wll, ооо, оао, зао, пао, ао, нао, ип, тов, фоп, ooo, oao, zao, pao,
    株式会社, 有限会社, 合同会社, 合資会社, 株, 有, 有限公司, 有限责任公司, 股份有限公司,
    股份公司, 주식회사, 유한회사, 주
"""
# Legal forms that are written before the name.
_BEFORE = """
    ооо, оао, зао, пао, ао, нао, ип, тов, фоп, ooo, oao, zao, pao, uab, sia, pt, sarl, eurl,
    株式会社, 有限会社, 合同会社, 合資会社, 株, 有, 주식회사, 유한회사, 주
"""
_AND = {"and", "und", "et", "og", "och", "и"}

# Domains that do not identify a company: public mail providers (by first label or in full) and shared web hosts.
_PUBLIC_NAMES = {"gmail", "googlemail", "hotmail", "outlook", "live", "yahoo", "ymail", "gmx", "yandex", "aol"}
_PUBLIC_HOSTS = """
    msn.com icloud.com me.com mac.com rocketmail.com proton.me protonmail.com pm.me tutanota.com tuta.io zoho.com
    fastmail.com mail.com email.com hey.com web.de t-online.de freenet.de posteo.de mailbox.org arcor.de bluewin.ch
    mail.ru bk.ru list.ru inbox.ru ya.ru rambler.ru ukr.net qq.com 163.com 126.com sina.com naver.com hanmail.net
    daum.net libero.it virgilio.it tiscali.it orange.fr wanadoo.fr free.fr laposte.net sfr.fr comcast.net verizon.net
    att.net sbcglobal.net bellsouth.net cox.net charter.net btinternet.com seznam.cz wp.pl o2.pl onet.pl interia.pl
    uol.com.br bol.com.br rediffmail.com bigpond.com xtra.co.nz shaw.ca rogers.com
    facebook.com m.facebook.com fb.com instagram.com linkedin.com twitter.com x.com youtube.com tiktok.com pinterest.com
    xing.com vk.com t.me wa.me github.com github.io gitlab.com gitlab.io sites.google.com docs.google.com
    drive.google.com maps.google.com goo.gl business.site wordpress.com blogspot.com wix.com wixsite.com weebly.com
    squarespace.com jimdo.com jimdofree.com myshopify.com etsy.com ebay.com amazon.com linktr.ee tumblr.com medium.com
    notion.site webflow.io vercel.app netlify.app pages.dev herokuapp.com godaddysites.com bit.ly
    example.com example.org example.net localhost
"""


def _table(text: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(form.split()) for form in text.replace("\n", " ").split(",") if form.strip())


_PUBLIC = frozenset(_PUBLIC_HOSTS.split())
AFTER, BEFORE = _table(_AFTER), _table(_BEFORE)
_LONGEST = max(map(len, AFTER))
# Chinese, Japanese and Korean names join the legal form to the name without a space.
_JOINED_ON = re.compile("|".join(sorted((f for (f, *_) in AFTER if f[0] > "\u3000" and len(f) > 1), key=len)[::-1]))
_APOSTROPHES = re.compile("['\u2019\u2018`\u00b4\u2122\u00ae\u00a9]")
_ACCENTS = re.compile("[\u0300-\u036f]")  # only these: marks of Indic scripts and of kana change the letter
_BETWEEN_LETTERS = re.compile(r"(?<=\b\w)[./](?=\w\b)")  # "S.A." and "A/S" count as one word
_SPACED_LETTERS = re.compile(r"(?<=\b\w)\. (?=\w\.)")  # so does "S. A."
_PLAIN = re.compile(r"[a-z0-9]+")
_NO_ACCENT = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})


def likely(accounts: Iterable[tuple[str, str, str | None]]) -> list[list[ComparedAccount]]:
    """Groups accounts (slug, name, domain) with the same core name or the same own domain, in the order given."""
    compared = [ComparedAccount(*account) for account in accounts]
    parents = list(range(len(compared)))  # a union-find forest over the accounts' indexes

    def root(index: int) -> int:
        while parents[index] != index:
            parents[index] = index = parents[parents[index]]
        return index

    first_with: dict[tuple[str, str], int] = {}
    for index, account in enumerate(compared):
        for key in (("name", core(account.name)), ("domain", own_domain(account.domain))):
            if key[1]:
                earlier, later = sorted((root(first_with.setdefault(key, index)), root(index)))
                parents[later] = earlier
    groups = defaultdict(list)
    for index, account in enumerate(compared):
        groups[root(index)].append(account)
    return [group for group in groups.values() if len(group) > 1]


def core(name: str) -> str:
    """Returns a name without case, accents, punctuation, `and` and legal forms; empty if nothing else is left."""
    words = [word for word in _words(name) if word not in _AND]
    while words and (size := _form_at(words, -1)):
        del words[-size:]
    while words and (size := _form_at(words, 0)):
        del words[:size]
    return "".join(words)


def _form_at(words: Sequence[str], end: int) -> int:
    """Returns the number of words in the longest legal form at this end (-1 last, 0 first); 0 if there is none."""
    for size in range(min(_LONGEST, len(words)), 0, -1):
        if tuple(words[-size:]) in AFTER if end else tuple(words[:size]) in BEFORE:
            return size
    return 0


def _words(name: str) -> list[str]:
    text = _SPACED_LETTERS.sub("", _BETWEEN_LETTERS.sub("", fold(_APOSTROPHES.sub("", name))))
    if text.isascii():
        return _PLAIN.findall(text)
    text = unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", text))).translate(_NO_ACCENT)
    # Keep letters, digits and the combining vowel signs of scripts that have them.
    letters = "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in text)
    return _JOINED_ON.sub(lambda form: f" {form[0]} ", letters).split()


def own_domain(domain: str | None) -> str:
    """Returns the domain in comparable form; empty for public mail providers and shared web hosts."""
    host = (domain or "").casefold().strip().strip(".").removeprefix("www.")
    return "" if host in _PUBLIC or host.partition(".")[0] in _PUBLIC_NAMES else host


def same_person(one: Mapping[str, str | None], other: Mapping[str, str | None]) -> bool:
    """True if two contacts are the same person.

    Compares e-mail addresses if both have one, otherwise names, unless their phone numbers differ.
    """
    if one["email"] and other["email"]:
        return fold(one["email"]) == fold(other["email"])
    if not one["name"] or not other["name"] or fold(one["name"]) != fold(other["name"]):
        return False
    phones = [re.sub(r"\D", "", person["phone"] or "") for person in (one, other)]
    return "" in phones or phones[0] == phones[1]
