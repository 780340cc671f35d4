"""Page → paragraphs: what a reader of the article sees as its text, and nothing else.

trafilatura finds the article (its `favor_precision` setting was the best of what was measured, see bench/); what is
hidden or laid over the page is taken out before, and its tree is read paragraph by paragraph, so that their breaks and
the quotation marks stay as printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import deepcopy

from lxml import etree
from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Document

_BLOCKS = {"p", "head", "list", "item", "quote", "ab", "table", "row", "cell"}
_HIDDEN_STYLE = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
_OVERLAY = re.compile(
    r"""(?:^|[\s_-])(?:cookie[-_]?(?:banner|bar|consent|notice|wall|policy|popup|law|info|message|modal|overlay)?
        | consent(?:[-_](?:banner|bar|modal|popup|manager|dialog|wall))? | gdpr | ccpa | onetrust[\w-]* | didomi[\w-]*
        | qc-cmp2?[\w-]* | sp_message[\w-]* | truste[\w-]* | usercentrics[\w-]* | modal | popup | pop-up | lightbox
        | overlay | interstitial | newsletter[-_]?(?:signup|popup|modal|form|box|subscribe|widget)?
        | paywall[-_]?(?:modal|overlay|banner|prompt) | screen-reader-text | sr-only | visually-?hidden | visuallyhidden)(?:$|[\s_])""",
    re.I | re.X,
)
_OVERLAY_WORDS = re.compile(r"this (?:will|window will|ad will|advertisement will) close in \d*\s*seconds?", re.I)
_FRAME = {"html", "body", "head", "main", "article"}
_BIG = 0.4  # what has this share of the page's running text is no overlay: templates misuse such class names


def paragraphs(tree: HtmlElement, url: str | None = None) -> list[str]:
    """The paragraphs of the article on a page, in order, white space folded; empty when there is none.

    `tree` is left as it was.
    """
    visible = without_hidden(tree)
    document = bare_extraction(
        visible,
        url=url,
        favor_precision=True,
        include_comments=False,
        include_tables=False,
        include_formatting=False,
        include_links=False,
        include_images=False,
        with_metadata=False,
    )
    if not isinstance(document, Document) or document.body is None:
        return []
    return _text_lines(document.body)


def without_opening(body: list[str], title: str | None, authors: Iterable[str]) -> list[str]:
    """`body` without the headline and the byline that stand before it on some pages: they are kept by themselves."""
    names = [_letters(name) for name in authors]
    at = 0
    while at < min(len(body) - 1, 3):
        line = _letters(body[at])
        signed = len(body[at]) <= 120 and re.match(r"(?:by|par)\b", body[at], re.I) and any(n in line for n in names)
        if not (title and line == _letters(title)) and not signed:
            break
        at += 1
    return body[at:]


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def without_hidden(tree: HtmlElement) -> HtmlElement:
    """A copy of `tree` without what a reader does not see, or sees only to close it."""
    tree = deepcopy(tree)
    whole = max(_prose(tree), 1)
    for element in list(tree.iter("*")):
        if element.tag in _FRAME or element.getparent() is None:
            continue
        if (_is_hidden(element) or _is_overlay(element)) and _prose(element) < _BIG * whole:
            _drop(element)
    return tree


def _is_hidden(element: HtmlElement) -> bool:
    if element.get("hidden") is not None and element.get("hidden") != "until-found":
        return True
    if _HIDDEN_STYLE.search(element.get("style") or ""):
        return True
    dialog = element.get("role") in ("dialog", "alertdialog") or element.get("aria-modal") == "true"
    return dialog or element.tag in ("dialog", "template") or (element.get("aria-hidden") == "true")


def _is_overlay(element: HtmlElement) -> bool:
    if element.tag not in ("div", "section", "aside", "form", "span", "p", "a", "footer", "nav", "ul"):
        return False
    label = f"{element.get('class') or ''} {element.get('id') or ''}"
    if _OVERLAY.search(label):
        return True
    own = element.text or ""
    return len(own) < 200 and bool(_OVERLAY_WORDS.search(own))


def _drop(element: HtmlElement) -> None:
    """Take `element` out, keeping the text that follows it."""
    parent, tail = element.getparent(), element.tail
    if tail:
        previous = element.getprevious()
        if previous is not None:
            previous.tail = (previous.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
    parent.remove(element)


def _prose(element: HtmlElement) -> int:
    """Characters of running text in `element`: in paragraphs, or wherever it stands when there are none."""
    inside = sum(len(paragraph.text_content()) for paragraph in element.iter("p"))
    return inside or sum(len(text) for text in element.xpath(".//text()[not(parent::script or parent::style)]"))


def _text_lines(body: etree._Element) -> list[str]:
    """The lines of the tree that trafilatura made: a new one at each block and at each line break of the page."""
    pieces: list[str] = []
    for event, element in etree.iterwalk(body, events=("start", "end")):
        if element.tag in _BLOCKS or element.tag == "lb":
            pieces.append("\n")
        pieces.append((element.text if event == "start" else element.tail) or "")
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return [line for line in lines if line]
