"""WARC files (ISO 28500): archives of pages as they came, Common Crawl's news set among them, read and written.

Reading takes two passes, neither of which holds a file in memory: the first notes where the pages that are wanted
stand, the second takes them in the order of their dates, whatever the order of the files, so that an article's versions
follow each other. A broken record never costs the ones behind it.
"""

from __future__ import annotations

import base64
import hashlib
import io
import logging
import os
import re
import tempfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import brotli
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
_CHUNK = re.compile(rb"(?:\r\n)?([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r\n")
_SAME = ("identical-payload-digest", "server-not-modified")  # profiles of revisits
_BROKEN = (ArchiveLoadFailed, EOFError, OSError, ValueError, UnicodeError, AttributeError)


class BadRecord(ScrapeError):
    """A record that cannot be read. `url` is the file with the record's offset in bytes."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a page stands: its date (ISO 8601, UTC), file and offset in bytes, and its address.

    A revisit has no page of its own: it says that the one taken from `original_url` at `original_date` ("": not said)
    was still the same.
    """

    date: str
    path: str
    offset: int
    url: str
    original_url: str = ""
    original_date: str = ""


@dataclass(frozen=True, slots=True)
class Revisit:
    """The bytes of `original` came once more, at `at` (ISO 8601)."""

    original: Page
    at: str


def is_warc(path: str | Path) -> bool:
    return str(path).lower().endswith(SUFFIXES)


def find_pages(path: str | Path, wanted: Callable[[str], bool], counts: Counter[str]) -> Iterator[Place | ScrapeError]:
    """The first pass over a file: where its web pages stand that came with status 200 and whose address is `wanted`.

    Revisits come as well, as places with an `original_url`. What is passed over is counted by its reason: `other_host`,
    `other_status`, `other_type` (pictures, scripts), `revisit` (of a kind that does not say what it repeats). An error
    stands for each broken record, and for a file that is none.
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
    """The second pass: the page that stands at `place`. Raises BadRecord, for one that is not whole as well: half an
    article must never pass for one."""
    where = f"{place.path}:{place.offset}"
    try:
        with Path(place.path).open("rb") as file:
            file.seek(place.offset)
            record = next(iter(ArchiveIterator(file)))
            stored = record.raw_stream.read(LARGEST + 1)
            missing = getattr(record.raw_stream, "limit", 0)
            headers = (
                {name.lower(): value for name, value in record.http_headers.headers} if record.http_headers else {}
            )
            if len(stored) > LARGEST:
                raise BadRecord(where, f"more than {LARGEST:,} bytes")
            if missing > 0:
                raise BadRecord(where, f"ends {missing:,} bytes too early; the file is cut off")
            _refuse_cut_off(record.rec_headers)
            body = _unpacked(stored, headers)
            if len(body) > LARGEST:
                raise BadRecord(where, f"more than {LARGEST:,} bytes when unpacked")
    except StopIteration:
        raise BadRecord(where, "no record stands there any more; did the file change meanwhile?") from None
    except _BROKEN as error:
        raise BadRecord(where, f"broken ({error or type(error).__name__})") from error
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


def write(pages: Iterable[Page | Revisit], path: str | Path, software: str) -> int:
    """Write pages as response records, and as revisit records those that came again; returns how many.

    Each record is gzipped by itself unless the name ends in `.warc`. The file appears when it is whole. Raises OSError.
    """
    path, count = Path(path), 0
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as out:
        try:
            writer = WARCWriter(out, gzip=path.suffix == ".gz", warc_version="WARC/1.1")
            info = {"software": software, "format": "WARC File Format 1.1", "description": "pages as they came"}
            writer.write_record(writer.create_warcinfo_record(path.name, info))
            for page in pages:
                writer.write_record(_revisit(writer, page) if isinstance(page, Revisit) else _response(writer, page))
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
    date = _warc_date(page.fetched_at) if page.fetched_at else None
    return writer.create_warc_record(
        page.final_url or page.url,
        "response",
        payload=io.BytesIO(page.body),
        length=len(page.body),
        http_headers=StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1"),
        warc_headers_dict={"WARC-Date": date} if date else {},
    )


def _revisit(writer: WARCWriter, again: Revisit) -> object:
    page, at = again.original, _warc_date(again.original.fetched_at or again.at)
    digest = "sha1:" + base64.b32encode(hashlib.sha1(page.body, usedforsecurity=False).digest()).decode()
    url = page.final_url or page.url
    headers = {"WARC-Date": _warc_date(again.at)}
    return writer.create_revisit_record(url, digest, url, at, warc_headers_dict=headers)


def _refuse_cut_off(headers: StatusAndHeaders) -> None:
    """Raise ValueError when the record says that it holds only the beginning of the page."""
    if reason := headers.get_header("WARC-Truncated"):
        raise ValueError(f"the archive kept only its beginning, WARC-Truncated: {reason}")
    if headers.get_header("WARC-Segment-Number"):
        raise ValueError("the archive keeps it in segments, which are not put together here")


def _unpacked(stored: bytes, headers: Mapping[str, str]) -> bytes:
    """The body without its transfer and content codings, at most one byte more than LARGEST of it.

    Crawlers often undo a coding and keep its name in the header: a body that is plain stays as it is. Raises ValueError
    for a body that is not whole.
    """
    if "chunked" in headers.get("transfer-encoding", "").lower():
        stored = _unchunked(stored)
    elif (announced := headers.get("content-length", "").strip()).isdigit() and len(stored) < int(announced):
        raise ValueError(f"the body has {len(stored):,} of {int(announced):,} bytes")
    for coding in reversed(headers.get("content-encoding", "").lower().replace(" ", "").split(",")):
        if coding not in ("", "identity"):
            stored = _decoded(stored, coding)
    return stored


def _unchunked(data: bytes) -> bytes:
    if not _CHUNK.match(data):
        return data
    whole, at = bytearray(), 0
    while chunk := _CHUNK.match(data, at):
        size = int(chunk.group(1), 16)
        if not size:
            return bytes(whole)
        at = chunk.end() + size
        whole += data[chunk.end() : at]
    raise ValueError("its chunks break off")


def _decoded(data: bytes, coding: str) -> bytes:
    plain = data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    decode = _DECODERS.get(coding)
    if decode is None and not plain:
        raise ValueError(f"packed as {coding!r}, which is not read here")
    if decode is None or (coding in ("gzip", "x-gzip") and not data.startswith(_GZIP)):
        return data
    try:
        body, whole = decode(data)
    except (zlib.error, brotli.error) as error:
        if plain:
            return data
        raise ValueError(f"its compression is broken: {error}") from error
    if not whole and len(body) <= LARGEST:
        raise ValueError("its compressed body is not complete")
    return body


def _inflate(data: bytes, bits: int) -> tuple[bytes, bool]:
    decoder = zlib.decompressobj(bits)
    return decoder.decompress(data, LARGEST + 1), decoder.eof


def _deflate(data: bytes) -> tuple[bytes, bool]:
    """With the zlib header of the standard, or, as some servers send it, without."""
    header = len(data) > 1 and data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0
    return _inflate(data, zlib.MAX_WBITS if header else -zlib.MAX_WBITS)


def _brotli(data: bytes) -> tuple[bytes, bool]:
    decoder = brotli.Decompressor()
    return decoder.process(data, output_buffer_limit=LARGEST + 1), decoder.is_finished()


# Body and whether it is whole, of at most a little more than LARGEST bytes.
_DECODERS: dict[str, Callable[[bytes], tuple[bytes, bool]]] = {
    "gzip": partial(_inflate, bits=zlib.MAX_WBITS | 16),
    "x-gzip": partial(_inflate, bits=zlib.MAX_WBITS | 16),
    "deflate": _deflate,
    "br": _brotli,
}


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


def _place(record: Any, path: str, at: int, wanted: Callable[[str], bool], counts: Counter[str]) -> Place | None:
    """The page of a record, None for other things. Raises ValueError for a record that is none."""
    kind, headers = record.rec_type, record.rec_headers
    if not kind:
        raise ValueError("a record without WARC-Type")
    if kind not in ("response", "resource", "revisit"):
        return None
    counts["records"] += 1
    url = (headers.get_header("WARC-Target-URI") or "").strip("<>")
    http = record.http_headers
    status = http.get_statuscode() if http else "200"
    content_type = (http.get_header("Content-Type") if http else headers.get_header("Content-Type")) or ""
    if not is_web(url) or not wanted(url):
        reason = "other_host"
    elif kind == "revisit":
        if (headers.get_header("WARC-Profile") or "").rstrip("/").endswith(_SAME):
            return Place(_utc(headers.get_header("WARC-Date")), path, at, url, *_original(headers, url))
        reason = "revisit"
    elif status != "200":
        reason = "other_status"
    elif content_type.split(";")[0].strip().lower() not in _PAGES and "html" not in content_type.lower():
        reason = "other_type"
    else:
        return Place(_utc(headers.get_header("WARC-Date")), path, at, url)
    counts[reason] += 1
    return None


def _original(headers: StatusAndHeaders, url: str) -> tuple[str, str]:
    """Address and date ("": not said) of what a revisit repeats."""
    date = headers.get_header("WARC-Refers-To-Date")
    return (headers.get_header("WARC-Refers-To-Target-URI") or url).strip("<>"), _utc(date) if date else ""


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


def _utc(date: str | None) -> str:
    """A WARC-Date as the database keeps instants. Raises ValueError: versions are told apart by their dates."""
    try:
        instant = datetime.fromisoformat(date or "")
    except ValueError:
        raise ValueError(f"its WARC-Date cannot be read: {date!r}") from None
    return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC).isoformat(timespec="seconds")


def _warc_date(at: str) -> str:
    """An instant as the standard wants it; readers trip over an offset."""
    return _utc(at).replace("+00:00", "Z")
