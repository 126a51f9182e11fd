"""Converts the HTML of a mail to text; quoted mail gets "> " before each line."""

import re
from dataclasses import dataclass, replace
from html.parser import HTMLParser

REST_IS_QUOTED = "-----Original Message-----"  # as in plain text: an answer may stand below all of it

_LONG_NUMBER = re.compile(r"&#[0-9]{9,};?")  # not a character, and HTMLParser raises for the longest
_BLOCKS = frozenset((
    "address", "article", "blockquote", "body", "center", "dd", "div", "dl", "dt", "fieldset", "footer", "form",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "ol", "p", "pre", "section", "table",
    "tbody", "tfoot", "thead", "tr", "ul",
))  # fmt: skip
_INVISIBLE = frozenset(("script", "style", "title", "xml", "template"))
_VOID = frozenset((
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
))  # fmt: skip

_QUOTED = re.compile(  # the whole element is the quoted mail
    r"yahoo_quoted|moz-cite-prefix|gmail_attr|moz-forward-container|olk_src_body|mail-editor-reference-message"
    r"|ms-outlook-mobile-reference-message|reply-intro",
    re.IGNORECASE,
)
_HOLDS_QUOTED = re.compile(  # attribution and quotation; the text after the quotation was written by the sender
    r"gmail_quote|protonmail_quote|zmail_extra|tutanota_quote|(?:^| )quote$", re.IGNORECASE
)
_REST_QUOTED = re.compile(r"divrplyfwdmsg|appendonsend|stopspelling|zwchr", re.IGNORECASE)  # with everything after it
_INDENTED = re.compile(  # indented by the sender, with a button
    r"margin:\s*0(?:px)?\s+0(?:px)?\s+0(?:px)?\s+40px", re.IGNORECASE
)


def html_to_text(html: str) -> str:
    """Returns the text of the HTML; blocks and breaks become new lines."""
    text = _TextExtractor()
    # For a marked section like <![CDATA[ HTMLParser may raise an AssertionError; without [ it is passed over.
    text.feed(_LONG_NUMBER.sub("\ufffd", html).replace("<![", "<!"))
    text.close()
    text.end_line()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(text.lines))


@dataclass(frozen=True)
class _Element:
    """An open element, and the properties that its content inherits."""

    name: str = ""
    quoted: bool = False
    invisible: bool = False
    preformatted: bool = False  # within <pre>, where spaces and new lines count
    holds_quoted: bool = False


class _TextExtractor(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self.open = [_Element()]
        self._line: list[str] = []
        self._rest_is_quoted = False

    def end_line(self, even_empty: bool = False) -> None:
        """Ends the current line. An empty one is dropped unless `even_empty`."""
        text = "".join(self._line)
        if not self.open[-1].preformatted:
            text = " ".join(text.split())
        if text.strip() or even_empty:
            self.lines.append(f"> {text}" if self.open[-1].quoted else text)
        self._line.clear()

    def handle_data(self, data: str) -> None:
        if self.open[-1].invisible:
            return
        first, *rest = data.split("\n") if self.open[-1].preformatted else [data]
        self._line.append(first)
        for text in rest:
            self.end_line(even_empty=True)
            self._line.append(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS or tag == "br":
            self.end_line(even_empty=tag == "br")
        elif tag in ("td", "th"):
            self._line.append(" ")
        attributes = {name: value or "" for name, value in attrs}
        names = " ".join(attributes.get(name, "") for name in ("id", "class", "name")).strip()
        if _REST_QUOTED.search(names):
            self._begin_rest()
        if tag not in _VOID:
            self._begin(tag, names, attributes.get("style", ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self._end(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.end_line()
        self._end(tag)
        if tag == "p":
            self.lines.append("> " if self.open[-1].quoted else "")

    def _begin_rest(self) -> None:
        self.end_line()
        if not (self.open[-1].quoted or self._rest_is_quoted):
            self.lines.append(REST_IS_QUOTED)
        self._rest_is_quoted = True

    def _begin(self, tag: str, names: str, style: str) -> None:
        parent = self.open[-1]
        holds_quoted = tag == "div" and bool(_HOLDS_QUOTED.search(names))
        is_quote = tag == "blockquote" and (bool(names) or not _INDENTED.search(style))
        quoted = parent.quoted or holds_quoted or is_quote or (tag != "body" and bool(_QUOTED.search(names)))
        if quoted != parent.quoted:
            self.end_line()
        invisible = tag != "body" and (parent.invisible or tag in _INVISIBLE)  # <body> ends an unclosed title
        self.open.append(_Element(tag, quoted, invisible, parent.preformatted or tag == "pre", holds_quoted))

    def _end(self, tag: str) -> None:
        at = next((at for at in range(len(self.open) - 1, 0, -1) if self.open[at].name == tag), 0)
        if not at:
            return
        if self.open[at].quoted:
            self.end_line()
        del self.open[at:]
        if tag == "blockquote" and self.open[-1].holds_quoted:
            self.open[-1] = replace(self.open[-1], quoted=self.open[-2].quoted)
