"""WARC files (ISO 28500): archives of pages as they came, Common Crawl's news set among them, read and written.

Reading takes two passes, neither of which holds a file in memory: the first notes where the pages that are wanted
stand, the second takes them in the order of their dates, whatever the order of the files, so that an article's versions
follow each other. A broken record never costs the ones behind it.
"""

from __future__ import annotations

import io
import logging
import os
import re
import tempfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from scraper import charset
from scraper.archive import BadFile
from scraper.errors import ScrapeError
from scraper.page import Page
from scraper.urls import is_web

log = logging.getLogger(__name__)

SUFFIXES = (".warc", ".warc.gz")
LARGEST = 16 << 20  # bytes of a page, unpacked; as when it is fetched
_PAGES = ("text/html", "application/xhtml", "")  # "": the server did not say
_GZIP = b"\x1f\x8b\x08"
_RECORD = re.compile(rb"^WARC/\d\.\d\r?\n", re.M)
_BROKEN = (ArchiveLoadFailed, EOFError, zlib.error, OSError, ValueError, UnicodeError, AttributeError)


class BadRecord(ScrapeError):
    """A record that cannot be read. `url` is the file with the record's offset in bytes."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a page stands: its date (ISO 8601, UTC), file and offset in bytes, and its address."""

    date: str
    path: str
    offset: int
    url: str


def is_warc(path: str | Path) -> bool:
    return str(path).lower().endswith(SUFFIXES)


def find_pages(path: str | Path, wanted: Callable[[str], bool], counts: Counter[str]) -> Iterator[Place | ScrapeError]:
    """The first pass over a file: where its web pages stand that came with status 200 and whose address is `wanted`.

    What is passed over is counted by its reason: `other_host`, `other_status`, `other_type` (pictures, scripts),
    `revisit` (the same page again). An error stands for each broken record, and for a file that is none.
    """
    try:
        with Path(path).open("rb") as file:
            start = file.read(8)
            if not start.startswith((_GZIP, b"WARC/")):
                kind = "is empty" if not start else "is no WARC file"
                yield BadFile(str(path), f"{kind}; it should begin with WARC/1.0 or be such records, each gzipped")
                return
            yield from _places(file, str(path), wanted, counts)
    except OSError as error:
        yield BadFile(str(path), f"cannot be read: {error.strerror or error}")


def read_page(place: Place) -> Page:
    """The second pass: the page that stands at `place`. Raises BadRecord."""
    where = f"{place.path}:{place.offset}"
    try:
        with Path(place.path).open("rb") as file:
            file.seek(place.offset)
            record = next(iter(ArchiveIterator(file)))
            stream = record.content_stream()
            body = stream.read(LARGEST + 1)
            if len(body) > LARGEST:
                raise BadRecord(where, f"more than {LARGEST:,} bytes when unpacked")
            missing = getattr(record.raw_stream, "limit", 0)
    except StopIteration:
        raise BadRecord(where, "no record stands there any more; did the file change meanwhile?") from None
    except _BROKEN as error:
        raise BadRecord(where, f"broken ({error or type(error).__name__})") from error
    if missing > 0:
        raise BadRecord(where, f"ends {missing:,} bytes too early; the file is cut off")
    headers = {name.lower(): value for name, value in record.http_headers.headers} if record.http_headers else {}
    content_type = headers.get("content-type") or record.rec_headers.get_header("Content-Type")
    return Page(
        url=place.url,
        final_url=place.url,
        headers=headers,
        body=body,
        content_type=content_type,
        encoding=charset.detect(body, content_type),
        etag=headers.get("etag"),
        last_modified=headers.get("last-modified"),
        fetched_at=place.date,
    )


def write(pages: Iterable[Page], path: str | Path, software: str) -> int:
    """Write pages as response records, gzipped one by one unless the name ends in `.warc`; returns how many.

    The file appears when it is whole. Raises OSError.
    """
    path, count = Path(path), 0
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as out:
        try:
            writer = WARCWriter(out, gzip=path.suffix == ".gz", warc_version="WARC/1.1")
            info = {"software": software, "format": "WARC File Format 1.1", "description": "pages as they came"}
            writer.write_record(writer.create_warcinfo_record(path.name, info))
            for page in pages:
                writer.write_record(_response(writer, page))
                count += 1
            out.flush()
            os.fsync(out.fileno())
            Path(out.name).chmod(0o644)
            Path(out.name).replace(path)
        finally:
            Path(out.name).unlink(missing_ok=True)
    return count


def _response(writer: WARCWriter, page: Page) -> object:
    named = {"Content-Type": page.content_type, "ETag": page.etag, "Last-Modified": page.last_modified}
    headers = [(name, value) for name, value in named.items() if value]
    headers.append(("Content-Length", str(len(page.body))))
    date = _utc(page.fetched_at) if page.fetched_at else None
    return writer.create_warc_record(
        page.final_url or page.url,
        "response",
        payload=io.BytesIO(page.body),
        length=len(page.body),
        http_headers=StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1"),
        warc_headers_dict={"WARC-Date": date} if date else {},
    )


def _places(
    file: BinaryIO, path: str, wanted: Callable[[str], bool], counts: Counter[str]
) -> Iterator[Place | ScrapeError]:
    """Record by record; behind a broken one, from the next place where a record can begin."""
    at: int | None = 0
    while at is not None:
        file.seek(at)
        records = ArchiveIterator(file)
        try:
            for record in records:
                at = records.offset
                if found := _place(record, path, at, wanted, counts):
                    yield found
            if records.offset < file.seek(0, os.SEEK_END):
                yield BadRecord(f"{path}:{records.offset}", "a record that is not whole; the file is cut off")
            return
        except _BROKEN as error:
            if "non-chunked gzip" in str(error):
                yield BadFile(path, "gzipped as a whole, not record by record; run: warcio recompress FILE NEW.warc.gz")
                return
            at = max(at, records.offset)
            yield BadRecord(f"{path}:{at}", f"broken ({str(error).strip() or type(error).__name__})")
            at = _next_record(file, at + 1)


def _place(record: object, path: str, at: int, wanted: Callable[[str], bool], counts: Counter[str]) -> Place | None:
    kind, headers = record.rec_type, record.rec_headers  # type: ignore[attr-defined]
    if kind not in ("response", "resource", "revisit"):
        return None
    counts["records"] += 1
    url = (headers.get_header("WARC-Target-URI") or "").strip("<>")
    http = record.http_headers  # type: ignore[attr-defined]
    status = http.get_statuscode() if http else "200"
    content_type = (http.get_header("Content-Type") if http else headers.get_header("Content-Type")) or ""
    if kind == "revisit":
        reason = "revisit"
    elif not is_web(url) or not wanted(url):
        reason = "other_host"
    elif status != "200":
        reason = "other_status"
    elif content_type.split(";")[0].strip().lower() not in _PAGES and "html" not in content_type.lower():
        reason = "other_type"
    else:
        return Place(_utc(headers.get_header("WARC-Date") or ""), path, at, url)
    counts[reason] += 1
    return None


def _next_record(file: BinaryIO, start: int) -> int | None:
    """The offset at or behind `start` where a record can begin; None when there is none any more."""
    file.seek(0)
    gzipped = file.read(3) == _GZIP
    overlap = 16
    file.seek(start)
    at, tail = start, b""
    while block := file.read(1 << 20):
        data = tail + block
        if gzipped:
            found = data.find(_GZIP)
            while found >= 0 and not _inflates(file, at - len(tail) + found):
                found = data.find(_GZIP, found + 1)
        else:
            match = _RECORD.search(data)
            found = match.start() if match else -1
        if found >= 0:
            return at - len(tail) + found
        at += len(block)
        tail = data[-overlap:]
        file.seek(at)
    return None


def _inflates(file: BinaryIO, at: int) -> bool:
    """Whether a gzip member begins there: the magic number also occurs by chance."""
    file.seek(at)
    try:
        head = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(file.read(4096), 16)
    except zlib.error:
        return False
    return head.startswith(b"WARC/")


def _utc(date: str) -> str:
    """A WARC-Date as the database keeps instants; now for one that cannot be read."""
    try:
        instant = datetime.fromisoformat(date.replace("Z", "+00:00"))
    except ValueError:
        instant = datetime.now(UTC)
    return instant.astimezone(UTC).isoformat(timespec="seconds")
