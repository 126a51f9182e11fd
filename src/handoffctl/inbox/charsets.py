"""Decodes the bytes of a mail to text, whatever charset they claim to be in."""

import codecs
from functools import lru_cache

# Python has codecs for these, but no mail is written in them; the first three are slow on long text, or raise.
_NO_CHARSETS = {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"}
# Mail programs name the narrower charset where they use letters of the wider one.
_WIDER = {"iso8859-1": "cp1252", "latin-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949"}
_CONTROLS = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127], " ")


def decode(raw: bytes, charset: str, part_name: str) -> tuple[str, list[str]]:
    """Decodes the bytes; adds a remark about `part_name` where the charset is unknown or does not fit the bytes.

    Bytes that claim to be UTF-8 and are not are read as Windows-1252, which is what they usually are.
    """
    codec = _codec(charset[:60])
    remarks = [] if codec else [f'The {part_name} is in the charset "{clean(charset[:60])}", which is not known here.']
    codec = codec or "utf-8"
    try:
        text = raw.decode("utf-8" if codec == "ascii" else codec)
    except ValueError:
        text = raw.decode("cp1252" if codec in ("utf-8", "ascii") else codec, "replace")
        remarks.append(f"Some letters of the {part_name} do not fit its charset and may be wrong.")
    return clean(text), remarks


@lru_cache(maxsize=256)
def _codec(charset: str) -> str:
    """Returns the name of Python's codec for a charset; empty where there is none, or where no mail uses it."""
    try:
        name = codecs.lookup(charset.strip() or "ascii").name
        b"a".decode(name, "ignore")
    except (LookupError, ValueError):  # "hex" and the like are codecs, but not of text
        return ""
    return "" if name.replace("_", "-") in _NO_CHARSETS else _WIDER.get(name, name)


def clean(text: str) -> str:
    """Replaces NULs, other control characters and lone surrogates, which databases and terminals do not take well."""
    if text.isprintable():
        return text
    return text.encode("utf-8", "replace").decode("utf-8").translate(_CONTROLS)
