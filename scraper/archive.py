"""Articles that do not come from the web: archives of article objects, text files, saved pages."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from scraper.article import Article
from scraper.errors import ScrapeError
from scraper.page import Page, page_from_file

T = TypeVar("T")
FIELDS = ("url", "id", "title", "published", "outlet", "byline", "origin", "lang", "fetched_at", "published_source")
PAGES = {".html", ".htm", ".xhtml"}


class BadObject(ScrapeError):
    """A line of an archive that is no article object. `url` is the file with the number of the line."""


class BadFile(ScrapeError):
    """A file that cannot be read as what it should be."""


def articles(path: str | Path) -> Iterator[Article | ScrapeError]:
    """The article objects of a file, one JSON object a line; a bad line comes as its error, and the rest follows."""
    number = 0
    found = False
    try:
        with Path(path).open("rb") as file:
            for number, line in enumerate(file, 1):
                if b"\x00" in line:
                    yield BadFile(f"{path}:{number}", "binary data, not JSON Lines; give a .jsonl file")
                    return
                if line.strip() == b"[" or (number == 1 and line.lstrip().startswith(b"[{")):
                    yield BadFile(f"{path}:{number}", "one JSON array; write one object a line: jq -c '.[]' FILE")
                    return
                if line.strip():
                    found = True
                    yield _object(f"{path}:{number}", line)
    except OSError as error:
        yield BadFile(str(path), _why(error))
        return
    if not found:
        yield BadFile(str(path), "is empty; it should hold one article object a line")


def load(path: str | Path, read: Callable[[Page], Article]) -> Iterator[Article | ScrapeError]:
    """The articles of any file: `.jsonl` holds article objects, `.html` is a saved page (given to `read`), any other is
    the text of one article, unchanged."""
    suffix = Path(path).suffix.lower()
    if suffix == ".jsonl":
        yield from articles(path)
        return
    try:
        yield read(page(path)) if suffix in PAGES else _text(path)
    except ScrapeError as error:
        yield error


def page(path: str | Path) -> Page:
    """A saved page. Raises BadFile."""
    return _readable(path, lambda: page_from_file(path))


def _text(path: str | Path) -> Article:
    data = _readable(path, Path(path).read_bytes)
    if not data.strip():
        raise BadFile(str(path), "is empty; there is nothing to extract")
    if b"\x00" in data:
        raise BadFile(str(path), "binary data, not text; give a text file, a saved page (.html) or objects (.jsonl)")
    try:
        return Article(text=data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        reason = f"not UTF-8 at byte {error.start}; convert it: iconv -f windows-1252 -t utf-8"
        raise BadFile(str(path), reason) from error


def _object(where: str, line: bytes) -> Article | ScrapeError:
    try:
        data = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return BadObject(where, f"not UTF-8 at byte {error.start} of the line; convert the file with iconv")
    except ValueError as error:
        return BadObject(where, f"malformed JSON ({error}); an article is one object on one line")
    except RecursionError:
        return BadObject(where, "malformed JSON (nested too deeply)")
    wrong = _wrong(data)
    if wrong:
        return BadObject(where, wrong)
    given: dict[str, Any] = {name: data.get(name) or None for name in FIELDS}
    return Article(text=data["text"], **given)


def _wrong(data: Any) -> str | None:
    """What keeps `data` from being an article object, None when nothing does."""
    if not isinstance(data, dict):
        return 'not an object; an article is {"url": …, "text": …}'
    for name in ("text", *FIELDS):
        if not isinstance(data.get(name), str | None):
            return f"`{name}` must be text, not {type(data[name]).__name__}"
    if not (data.get("text") or "").strip():
        return "no `text`; only objects with a text are articles"
    if not data.get("url") and not data.get("id"):
        return "neither `url` nor `id`; one of them must say which article it is"
    for name in ("published", "fetched_at"):
        if data.get(name) and not _is_iso(data[name]):
            return f"`{name}` is not ISO 8601: {data[name]!r}; write 2024-09-24 or 2024-09-24T08:00:00-04:00"
    return None


def _is_iso(value: str) -> bool:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _readable(path: str | Path, action: Callable[[], T]) -> T:
    try:
        return action()
    except OSError as error:
        raise BadFile(str(path), _why(error)) from error


def _why(error: OSError) -> str:
    return f"cannot be read: {error.strerror or error}"
