"""Reads the text of a YAML file, with a limit on its size, without reading what it says."""

from pathlib import Path

MOST_BYTES = 256 * 1024


class UnreadableYaml(Exception):
    """Raised for text that cannot be read as a tree. Nothing after the line was read."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.line = line
        self.sentence = sentence


def read_content(path: Path) -> bytes:
    """Reads a file, up to one byte more than a YAML file may hold. Raises OSError if it cannot be read."""
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def read_text(path: Path) -> str:
    """Reads the text of a file. Raises Unreadable if it is not UTF-8 or over 256 KiB, OSError if it cannot be read."""
    return text_of(read_content(path))


def text_of(content: bytes) -> str:
    """Returns the text that a file with this content holds. Raises Unreadable if it is not UTF-8 or over 256 KiB."""
    if len(content) > MOST_BYTES:
        raise UnreadableYaml(1, f"the file is larger than {MOST_BYTES // 1024} KiB")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        raise UnreadableYaml(line, "the file is not text in UTF-8; save it as UTF-8") from None
