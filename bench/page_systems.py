"""The systems that read pages, as functions `(bytes, url) -> paragraphs`; those not installed are left out."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[2] / "shared" / "data"
Reader = Callable[[bytes, str], list[str]]


def pages(name: str) -> Iterator[tuple[bytes, dict[str, Any]]]:
    """The pages of one of the sets under ../shared/data, each with its gold."""
    folder = DATA / name
    for key, gold in json.loads((folder / "ground_truth.json").read_text(encoding="utf-8")).items():
        path = folder / "html" / (key if key.endswith(".gz") else f"{key}.html.gz")
        yield gzip.decompress(path.read_bytes()), gold


def ours(body: bytes, url: str) -> list[str]:
    from scraper import ScrapeError, page_from_bytes, read

    try:
        return read(page_from_bytes(body, url)).text.split("\n\n")
    except ScrapeError:
        return []


def trafilatura_default(body: bytes, url: str) -> list[str]:
    import trafilatura

    return (trafilatura.extract(body, url=url, include_comments=False) or "").split("\n")


def trafilatura_precision(body: bytes, url: str) -> list[str]:
    import trafilatura

    return (trafilatura.extract(body, url=url, include_comments=False, favor_precision=True) or "").split("\n")


def readability(body: bytes, url: str) -> list[str]:
    from lxml import html
    from readability import Document

    tree = html.fromstring(Document(body).summary())
    return [" ".join(node.text_content().split()) for node in tree.iter("p", "li", "h2", "h3")]


def newspaper(body: bytes, url: str) -> list[str]:
    from newspaper import article

    found = article(url, input_html=body.decode("utf-8", "replace"), fetch_images=False)  # no network
    return list(found.text.split("\n\n"))


def beautiful_soup(body: bytes, url: str) -> list[str]:
    from bs4 import BeautifulSoup

    return [" ".join(node.get_text().split()) for node in BeautifulSoup(body, "lxml").find_all("p")]


SYSTEMS: dict[str, tuple[str, Reader]] = {
    "On Record": ("scraper", ours),
    "trafilatura, favor_precision": ("trafilatura", trafilatura_precision),
    "trafilatura": ("trafilatura", trafilatura_default),
    "readability-lxml": ("readability", readability),
    "newspaper4k": ("newspaper", newspaper),
    "BeautifulSoup <p> join": ("bs4", beautiful_soup),
}


def installed() -> dict[str, Reader]:
    """The systems that can be imported here, each of them having read a page: what they load once is not counted."""
    from importlib.util import find_spec

    found = {name: reader for name, (module, reader) in SYSTEMS.items() if find_spec(module)}
    first, gold = next(pages("article_bodies"))
    for reader in found.values():
        timed(reader, first, gold["url"])
    return found


def timed(reader: Reader, body: bytes, url: str) -> tuple[list[str], float]:
    """Non-empty paragraphs, and the CPU seconds they took; a system that raises found nothing."""
    start = time.process_time()
    try:
        found = reader(body, url)
    except Exception as error:
        print(f"{reader.__name__} on {url}: {type(error).__name__}: {error}")
        found = []
    return [line for line in found if line.strip()], time.process_time() - start
