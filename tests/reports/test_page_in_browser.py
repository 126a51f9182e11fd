"""The page in a real browser, on a desk and on a phone, by day and by night: it fits, is readable and loads nothing."""

import base64
import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .pages import HOSTILE, whole_page

webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed: pip install -e '.[browser]'")

BROWSER, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(
    not (BROWSER and DRIVER), reason="Chromium is not installed: apt-get install chromium chromium-driver"
)
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
)  # fmt: skip
SIZES = {"desk": (1280, 900), "phone": (390, 844)}

# The contrast of every text with what is behind it, by WCAG 2.2 (1.4.3); those below the limit are given back.
CONTRAST = """
const parse = text => {
  const found = text.match(/[\\d.]+/g);
  if (!found || text === 'none') return [0, 0, 0, 0];
  const [r, g, b, a] = found.map(Number);
  return [r, g, b, a === undefined ? 1 : a];
};
const over = (top, under) => [0, 1, 2].map(n => top[n] * top[3] + under[n] * (1 - top[3])).concat(1);
const behind = element => {
  const layers = [];
  for (let one = element; one; one = one.parentElement) layers.push(parse(getComputedStyle(one).backgroundColor));
  return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255, 1]);
};
const light = colour => {
  const straight = n => n <= 0.04045 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4;
  const [r, g, b] = colour.slice(0, 3).map(n => straight(n / 255));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ratio = (one, other) => {
  const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
};
document.querySelectorAll('details').forEach(one => one.open = true);
let seen = 0;
const faint = [];
for (const element of document.body.querySelectorAll('*')) {
  const words = [...element.childNodes].filter(n => n.nodeType === 3 && n.textContent.trim());
  if (!words.length || ['title', 'desc'].includes(element.tagName) || !element.getClientRects().length) continue;
  const style = getComputedStyle(element), under = behind(element);
  const ink = over(parse(element instanceof SVGElement ? style.fill : style.color), under);
  seen += 1;
  if (ratio(ink, under) < 4.5) faint.push([element.tagName, words[0].textContent.trim(), ratio(ink, under)]);
}
return [seen, faint];
"""

# What sticks out to the right of the window without a box of its own to scroll in.
STICKS_OUT = """
return [...document.body.querySelectorAll('*')]
  .filter(one => one.getBoundingClientRect().right > innerWidth + 0.5 && !one.closest('.wide, svg'))
  .map(one => one.outerHTML.slice(0, 120));
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        for flag in (*FLAGS, f"--user-data-dir={folder}"):
            options.add_argument(flag)
        driver = webdriver.Chrome(options=options, service=Service(DRIVER))
        try:
            yield driver
        finally:
            driver.quit()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("page") / "report.html"
    file.write_text(whole_page(), encoding="utf-8")
    return file


def show(browser: Any, file: Path, size: str, mode: str) -> None:
    """Opens the file in a window that is really so wide, with what was logged before forgotten."""
    wide, high = SIZES[size]
    metrics = {"width": wide, "height": high, "deviceScaleFactor": 1, "mobile": size == "phone"}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    scheme = {"media": "", "features": [{"name": "prefers-color-scheme", "value": mode}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", scheme)
    browser.get("about:blank")
    for kind in ("performance", "browser"):
        browser.get_log(kind)
    browser.get(file.as_uri())
    assert browser.execute_script("return matchMedia('(prefers-color-scheme: dark)').matches") == (mode == "dark")


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_the_page_fits_is_readable_and_loads_nothing(browser: Any, file: Path, size: str, mode: str):
    show(browser, file, size, mode)
    wide = SIZES[size][0]
    assert browser.execute_script("return innerWidth") == wide
    assert browser.execute_script("return document.scrollingElement.scrollWidth") <= wide
    assert browser.execute_script(STICKS_OUT) == []
    seen, faint = browser.execute_script(CONTRAST)
    assert seen > 500
    assert faint == []
    assert browser.execute_script("return document.scrollingElement.scrollWidth") <= wide  # with every number shown
    assert requests(browser) == {file.as_uri()}
    assert browser.get_log("browser") == []


def requests(browser: Any) -> set[str]:
    """The address of everything the browser asked for."""
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    return {event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"}


def test_the_page_of_the_program_fits_and_is_readable_too(browser: Any, quick: Any, tmp_path: Path):
    quick("add", HOSTILE[:100], now="2026-01-02T09:00:00Z")
    quick("handoff", HOSTILE[:100], "--no-input", now="2026-01-05T09:00:00Z")
    file = tmp_path / "report.html"
    assert quick("report", "all", "--html", str(file), now="2026-03-02T09:00:00Z").code == 0
    for size, mode in (("desk", "light"), ("phone", "dark")):
        show(browser, file, size, mode)
        assert browser.execute_script("return document.scrollingElement.scrollWidth") <= SIZES[size][0]
        assert browser.execute_script(STICKS_OUT) == []
        assert browser.execute_script(CONTRAST)[1] == []
        assert requests(browser) == {file.as_uri()}


def test_a_hostile_name_adds_nothing_to_the_page(browser: Any, file: Path):
    show(browser, file, "desk", "light")
    assert browser.execute_script("return document.querySelectorAll('script, img, iframe, object').length") == 0
    assert "<script>alert('x')</script>" in browser.execute_script("return document.querySelector('header').innerText")


def test_an_inline_script_would_be_refused(browser: Any, file: Path, tmp_path: Path):
    """The lock is on, should a text ever get through."""
    broken = tmp_path / "broken.html"
    text = file.read_text(encoding="utf-8")
    broken.write_text(text.replace("</main>", "<script>document.title = 'run'</script></main>"), encoding="utf-8")
    show(browser, broken, "desk", "light")
    assert browser.title.startswith("Solo seller")
    assert "Content Security Policy" in browser.get_log("browser")[0]["message"]


def test_on_paper_it_is_light_and_ends(browser: Any, file: Path):
    show(browser, file, "desk", "dark")
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert browser.execute_script("return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert browser.execute_script("return getComputedStyle(document.querySelector('nav')).display") == "none"
    printed = browser.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})
    pages = base64.b64decode(printed["data"]).count(b"/Type /Page\n")
    assert 3 <= pages <= 12
