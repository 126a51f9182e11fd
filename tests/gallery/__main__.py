"""Writes the gallery of mails into docs/mails.md: python -m tests.gallery (from the top of the repository)."""

from tests.gallery.gallery import PAGE, with_gallery

PAGE.write_text(with_gallery(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
