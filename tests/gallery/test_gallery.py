"""The gallery in docs/mails.md shows the mails as the program writes them today, and every template is in it."""

import re

from tests.gallery.gallery import HEADING, PAGE, with_gallery

from handoffctl.resources import shipped


def test_the_gallery_is_what_the_program_writes():
    page = PAGE.read_text(encoding="utf-8")
    assert page == with_gallery(page), "Look at what changed, then write it anew: python -m tests.gallery"


def test_the_gallery_shows_every_template():
    shown = PAGE.read_text(encoding="utf-8").partition(HEADING)[2]  # which the test before holds to the program
    assert set(re.findall(r"(?m)^`([a-z-]+)`$", shown)) == {path.stem for path in shipped("templates").glob("*.j2")}
