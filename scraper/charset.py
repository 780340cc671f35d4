"""The character encoding of a page. Never Latin-1 by default: that is how curly quotes become mojibake."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

# What browsers do with these labels (WHATWG Encoding): pages that say Latin-1 or ASCII mean Windows-1252.
_BROWSER_LABELS = {"iso8859-1": "cp1252", "ascii": "cp1252", "latin-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.I)
_XML_DECLARATION = re.compile(rb"""^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9_.:-]+)""")
_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.I)
_HEAD_BYTES = 4096


def detect(body: bytes, content_type: str | None = None) -> str:
    """The name of the Python codec for `body`.

    A byte-order mark wins. Bytes that are valid UTF-8 with characters beyond ASCII are UTF-8 whatever the server says,
    as other encodings practically never look like it. Then the HTTP header, the page's own declaration, and last
    charset-normalizer; a declaration that the bytes contradict is passed over.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return name
    declared = [name for name in (_from_header(content_type), _from_markup(body)) if name]
    if _decodes(body, "utf-8") and (not body.isascii() or not declared):
        return "utf-8"
    for name in declared:
        if _decodes(body, name):
            return name
    if _mostly_utf8(body):
        return "utf-8"
    return _guess(body)


def decode(body: bytes, encoding: str) -> str:
    """The characters of `body`; a byte that does not fit becomes U+FFFD."""
    return body.decode(encoding, errors="replace")


def _from_header(content_type: str | None) -> str | None:
    match = _HEADER.search(content_type or "")
    return _codec(match.group(1)) if match else None


def _from_markup(body: bytes) -> str | None:
    head = body[:_HEAD_BYTES]
    match = _XML_DECLARATION.search(head) or _META.search(head)
    return _codec(match.group(1).decode("ascii")) if match else None


def _codec(label: str) -> str | None:
    try:
        name = codecs.lookup(label).name
    except LookupError:
        return None
    return _BROWSER_LABELS.get(name, name)


def _decodes(body: bytes, encoding: str) -> bool:
    try:
        body.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _guess(body: bytes) -> str:
    """charset-normalizer's guess; of guesses that are as good, the one that English and French pages are in."""
    guesses = from_bytes(body)
    best = guesses.best()
    if best is None or any(guess.encoding == "cp1252" and guess.chaos <= best.chaos for guess in guesses):
        return "cp1252"
    return best.encoding


def _mostly_utf8(body: bytes) -> bool:
    """UTF-8 with a broken character here and there, as happens where pages are glued together from parts."""
    text = body.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    beyond_ascii = sum(character > "\x7f" for character in text) - broken
    return beyond_ascii > 10 * broken
