"""The bytes of a mail as text, whatever charset they claim to be in."""

from functools import lru_cache

# What Python knows as codecs, though no mail is written in them; the first three take long over long text, or raise.
_NO_CHARSETS = {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"}
# Mail programs name the narrower charset where they use letters of the wider one.
_WIDER = {"iso8859-1": "cp1252", "latin-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949"}
_CONTROLS = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127], " ")


def decoded(raw: bytes, charset: str, what: str) -> tuple[str, list[str]]:
    """The text of these bytes, and a sentence where the charset is unknown or does not fit them.

    Bytes that are no sound UTF-8 though they claim to be are read as Windows-1252, which is what they mostly are.
    """
    codec = _codec(charset[:60])
    remarks = [] if codec else [f'The {what} is in the charset "{clean(charset[:60])}", which is not known here.']
    codec = codec or "utf-8"
    try:
        words = raw.decode("utf-8" if codec == "ascii" else codec)
    except ValueError:
        words = raw.decode("cp1252" if codec in ("utf-8", "ascii") else codec, "replace")
        remarks.append(f"Some letters of the {what} do not fit its charset and may be wrong.")
    return clean(words), remarks


@lru_cache(maxsize=256)
def _codec(charset: str) -> str:
    """The name of a codec for text, empty where there is none or it is no charset of mails."""
    import codecs

    try:
        name = codecs.lookup(charset.strip() or "ascii").name
        b"a".decode(name, "ignore")
    except (LookupError, ValueError):  # "hex" and the like are codecs, but not of text
        return ""
    return "" if name.replace("_", "-") in _NO_CHARSETS else _WIDER.get(name, name)


def clean(words: str) -> str:
    """The text without NULs, other controls and half pairs, which no database and no screen takes well."""
    if words.isprintable():
        return words
    return words.encode("utf-8", "replace").decode("utf-8").translate(_CONTROLS)
