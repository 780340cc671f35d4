"""The site in headless Chromium: nothing scrolls sideways, nothing is refused or asked of another host, keys work."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import axe_core_python
import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from site_database import build, served

from db import open_db

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]
CHROMIUM = shutil.which("chromium")
AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
VIEWS = ((1280, "light"), (390, "dark"))
FLAGS = (
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
)
PAGES = {
    "home": "/",
    "search": "/-/search?q=housed",
    "search-articles": "/-/search?q=meridia&in=articles",
    "tables": "/{db}",
    "claims": "/{db}/claims",
    "links": "/{db}/links",
    "query": "/{db}/speaker_claims?speaker=whitlock",
    "article": "/-/article/{ledger}",
    "hostile": "/-/article/{hostile}",
    "versions": "/-/article/{herald}?version=1",
    "speaker": "/-/speaker/{whitlock}",
    "conflict": "/-/link/{conflicting_figure}",
    "quote": "/-/link/{same_quote}",
    "measure": "/-/measure/asylum_claims",
    "outlet": "/-/outlet?name=Harbour+Ledger",
    "changes": "/-/changes/{herald}",
    "method": "/-/method",
    "downloads": "/-/downloads",
    "missing": "/-/article/none",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    """The address of the served site, and the public ids that the pages' addresses need."""
    path = tmp_path_factory.mktemp("site") / "news-room.db"
    build(path)
    db = open_db(path)
    ids = dict(db.execute("SELECT label, public_id FROM link").fetchall())
    for name, like in (("ledger", "%ledger%"), ("herald", "%herald%"), ("hostile", "javascript%")):
        ids[name] = db.execute("SELECT public_id FROM article WHERE url LIKE ?", [like]).fetchone()[0]
    ids["whitlock"] = db.execute("SELECT public_id FROM speaker WHERE name = 'Anders Whitlock'").fetchone()[0]
    db.close()
    with served(path) as address:
        yield address, {"db": path.stem, **ids}


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    if CHROMIUM is None and not os.environ.get("CI"):
        pytest.skip("no chromium on this machine: apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or "chromium"
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))
    driver.implicitly_wait(30)  # a click that leads to another page does not wait for it
    yield driver
    driver.quit()


def resize(browser: webdriver.Chrome, width: int, scheme: str = "light") -> None:
    """A viewport of exactly `width` CSS pixels (a window cannot be narrower than 500)."""
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    feature = {"name": "prefers-color-scheme", "value": scheme}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})


def screenshot(browser: webdriver.Chrome, name: str) -> None:
    folder = os.environ.get("ONRECORD_SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        height = browser.execute_script("return document.documentElement.scrollHeight")
        width = browser.execute_script("return document.documentElement.clientWidth")
        size = {"width": width, "height": min(height, 4000), "deviceScaleFactor": 1, "mobile": width < 600}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        browser.save_screenshot(str(Path(folder) / f"{name}.png"))


@pytest.mark.parametrize(("width", "scheme"), VIEWS)
@pytest.mark.parametrize("name", PAGES)
def test_page_fits_and_is_quiet(site, browser, name: str, width: int, scheme: str) -> None:
    address, ids = site
    resize(browser, width, scheme)
    for kind in ("browser", "performance"):
        browser.get_log(kind)
    browser.get(address + PAGES[name].format(**ids))
    wide = browser.execute_script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, "scrolls sideways"
    assert browser.title != "owned"
    noise = [e["message"] for e in browser.get_log("browser") if "404" not in e["message"] or name != "missing"]
    assert noise == []
    asked = [e["message"] for e in browser.get_log("performance") if '"Network.requestWillBeSent"' in e["message"]]
    urls = [json.loads(message)["message"]["params"]["request"]["url"] for message in asked]
    outside = [url for url in urls if not url.startswith((address, "data:"))]  # data: the browser's own picker of dates
    assert urls and outside == []
    screenshot(browser, f"{name}-{width}-{scheme}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_serious_stands_in_the_way_of_a_reader(site, browser, name: str, scheme: str) -> None:
    """axe-core: contrast, names of controls, order of headings, regions that take the focus, and the rest."""
    address, ids = site
    resize(browser, 1280, scheme)
    browser.get(address + PAGES[name].format(**ids))
    browser.execute_script(AXE)
    browser.set_script_timeout(30)
    found = browser.execute_async_script("axe.run().then(arguments[0], error => arguments[0]({violations: [error]}))")
    assert found["passes"]
    grave = [v for v in found["violations"] if v.get("impact") in ("serious", "critical")]
    told = [(v["id"], v["help"], [node["html"][:200] for node in v["nodes"][:3]]) for v in grave]
    assert told == []


def test_search_with_the_keyboard(site, browser) -> None:
    """The first stop is the way past the navigation; the search box answers to Enter."""
    address, _ = site
    resize(browser, 1280)
    browser.get(address)
    browser.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
    assert browser.switch_to.active_element.text == "Skip to the content"
    browser.find_element(By.NAME, "q").send_keys("families", Keys.ENTER)
    assert [mark.text for mark in browser.find_elements(By.CSS_SELECTOR, ".said mark")] == ["families"] * 2


def test_details_on_focus_and_on_hover(site, browser) -> None:
    """The number behind a claim takes the focus, shows the details of the claim and leads to its note and back."""
    address, ids = site
    resize(browser, 390)
    browser.get(f"{address}/-/article/{ids['ledger']}")
    tip = "return getComputedStyle(arguments[0], '::after').content"
    reference = browser.find_element(By.CSS_SELECTOR, ".body .claim.direct .ref")
    claim = reference.find_element(By.XPATH, "..")
    assert browser.execute_script(tip, claim) == "none"
    browser.execute_script("arguments[0].focus()", reference)
    assert "Claim 1 · Anders Whitlock · minister of housing" in browser.execute_script(tip, claim)
    reference.send_keys(Keys.ENTER)
    note = browser.find_element(By.CSS_SELECTOR, ".notes li:target")
    assert "We housed nearly 12,000 families" in note.text
    note.find_element(By.CSS_SELECTOR, ".quote a").click()
    assert browser.find_element(By.CSS_SELECTOR, ".body .claim:target").text.startswith("We housed")


def test_the_inner_of_two_marks_speaks(site, browser) -> None:
    """The pointer over a figure within a claim shows the figure's details, not the claim's on top of them."""
    address, ids = site
    resize(browser, 1280)
    browser.get(f"{address}/-/article/{ids['ledger']}")
    figure = browser.find_element(By.CSS_SELECTOR, ".body .claim .figure")
    webdriver.ActionChains(browser).move_to_element(figure).perform()
    tip = "return getComputedStyle(arguments[0], '::after').content"
    assert "just under 12,000 family" in browser.execute_script(tip, figure)
    assert browser.execute_script(tip, figure.find_element(By.XPATH, "..")) == "none"
    screenshot(browser, "tip")


def test_a_claim_is_followed_from_the_table_to_its_words(site, browser) -> None:
    address, ids = site
    resize(browser, 1280)
    browser.get(f"{address}/{ids['db']}/claims?kind=mixed")
    browser.find_element(By.CSS_SELECTOR, "td[data-column=claim_id] a").click()
    assert "nearly 12,000 families" in browser.find_element(By.CSS_SELECTOR, ".claim:target").text
