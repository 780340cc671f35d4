"""The site in headless Chromium: nothing scrolls sideways, nothing is refused or asked of another host, keys work."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urldefrag

import axe_core_python
import pytest
from hostile_article import HOSTILE_SPEAKERS, MEASURE
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from site_database import build, served

import jobs
from bench.browser import CHROMIUM, chromium, resize
from db import open_db

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]
AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
FILES = (".json", ".csv", ".jsonl", ".atom")
VIEWS = ((1280, "light"), (390, "dark"))
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
    "hostile-changes": "/-/changes/{hostile}",
    "hostile-speaker": "/-/speaker/{formula}",
    "hostile-outlet": "/-/outlet?name=%3Cb%3EEvil+%26+Sons%3C%2Fb%3E",
    "hostile-measure": "/-/measure/{measure}",
    "hostile-search": "/-/search?q=sum+OR+www*&speaker=%3Cscript%3E&since=x",
    "hostile-found": "/-/search?q=reverse+OR+javascript&in=articles",
    "hostile-claims": "/{db}/claims?outlet__contains=evil",
    "hostile-query": "/{db}/speaker_claims?speaker=%3Cimg+src%3Dx+onerror%3Dalert(1)%3E",
    "other-definition": "/-/link/{apparent_conflict}",
    "derived": "/-/link/{derived}",
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
    for name, called in (("whitlock", "Anders Whitlock"), ("formula", HOSTILE_SPEAKERS[1])):
        ids[name] = db.execute("SELECT public_id FROM speaker WHERE name = ?", [called]).fetchone()[0]
    ids["measure"] = quote(MEASURE, safe="")
    db.close()
    with served(path) as address:
        yield address, {"db": path.stem, **ids}


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    if CHROMIUM is None and not os.environ.get("CI"):
        pytest.skip("no chromium on this machine: apt-get install chromium chromium-driver")
    with chromium(tmp_path_factory.mktemp("profile")) as driver:
        yield driver


def screenshot(browser: webdriver.Chrome, name: str) -> None:
    folder = os.environ.get("ONRECORD_SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        height = browser.execute_script("return document.documentElement.scrollHeight")
        width = browser.execute_script("return document.documentElement.clientWidth")
        size = {"width": width, "height": min(height, 4000), "deviceScaleFactor": 1, "mobile": width < 600}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        browser.save_screenshot(str(Path(folder) / f"{name}.png"))


def complaints(browser: webdriver.Chrome, address: str, path: str) -> list[str]:
    """What is wrong with a page: it scrolls sideways, runs something, complains, or asks for what is not ours."""
    for kind in ("browser", "performance"):
        browser.get_log(kind)
    browser.get(address + path)
    wide = browser.execute_script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
    found = [f"scrolls sideways by {wide}"] if wide > 0 else []
    found += ["ran a script"] if browser.title == "owned" else []
    found += [e["message"] for e in browser.get_log("browser") if "404" not in e["message"] or "none" not in path]
    asked = [e["message"] for e in browser.get_log("performance") if '"Network.requestWillBeSent"' in e["message"]]
    urls = [json.loads(message)["message"]["params"]["request"]["url"] for message in asked]
    outside = [url for url in urls if not url.startswith((address, "data:"))]  # data: the browser's own picker of dates
    return found + [f"asked for {url}" for url in outside] + ([] if urls else ["asked for nothing"])


@pytest.mark.parametrize(("width", "scheme"), VIEWS)
@pytest.mark.parametrize("name", PAGES)
def test_page_fits_and_is_quiet(site, browser, name: str, width: int, scheme: str) -> None:
    address, ids = site
    resize(browser, width, scheme)
    assert complaints(browser, address, PAGES[name].format(**ids)) == []
    screenshot(browser, f"{name}-{width}-{scheme}")


def walk(browser: webdriver.Chrome, address: str, most: int) -> tuple[int, dict[str, list[str]]]:
    """Follow links from the first page, at most `most` pages of a kind: how many pages, what is wrong with which."""
    seen, kinds, todo, wrong = set[str](), Counter[str](), ["/"], dict[str, list[str]]()
    while todo:
        path = todo.pop()
        copy = "?" in path and not path.startswith("/-/")  # a table, sorted and filtered
        kind = "/".join(path.partition("?")[0].split("/")[:3])
        if path in seen or copy or kinds[kind] >= most or path.partition("?")[0].endswith(FILES):
            continue
        seen.add(path)
        kinds[kind] += 1
        if found := complaints(browser, address, path):
            wrong[path] = found
        hrefs = browser.execute_script("return [...document.querySelectorAll('a[href]')].map(a => a.href)")
        todo += [urldefrag(str(h)).url.removeprefix(address) for h in hrefs if str(h).startswith(address)]
    return len(seen), wrong


def test_every_page_beside_a_hostile_article_fits_and_is_quiet(site, browser) -> None:
    address, _ = site
    resize(browser, 390)
    pages, wrong = walk(browser, address, 1000)
    assert wrong == {} and pages > 45


def test_the_demonstration_newsroom_fits_and_is_quiet(browser, tmp_path: Path) -> None:
    """The site as `make run` shows it, with what the model found; four pages of each kind."""
    path = tmp_path / "demo.db"
    db = open_db(path)
    jobs.demonstrate(db)
    jobs.extract(db)
    jobs.crosscheck(db)
    db.close()
    resize(browser, 390, "dark")
    with served(path) as address:
        pages, wrong = walk(browser, address, 4)
    assert wrong == {} and pages > 30


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
    browser.get(f"{address}/{ids['db']}/claims?kind=mixed&outlet=Northgate+Herald")
    browser.find_element(By.CSS_SELECTOR, "td[data-column=claim_id] a").click()
    assert "nearly 12,000 families" in browser.find_element(By.CSS_SELECTOR, ".claim:target").text
