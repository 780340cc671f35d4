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

_BLOCKS = {"p", "head", "item", "quote", "ab", "code", "cell"}
_HIDDEN_STYLE = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
_OVERLAY = re.compile(
    r"""(?:^|[\s_-])(?:cookie[-_]?(?:banner|bar|consent|notice|wall|policy|popup|law|info|message|modal|overlay)?
        | consent(?:[-_](?:banner|bar|modal|popup|manager|dialog|wall))? | gdpr | ccpa | onetrust[\w-]* | didomi[\w-]*
        | qc-cmp2?[\w-]* | sp_message[\w-]* | truste[\w-]* | usercentrics[\w-]* | modal | popup | pop-up | lightbox
        | overlay | interstitial | newsletter[-_]?(?:signup|popup|modal|form|box|subscribe|widget)? | paywall[-_]?(?:modal
        | overlay|banner|prompt) | screen-reader-text | sr-only | visually-?hidden | visuallyhidden)(?:$|[\s_])""",
    re.I | re.X,
)
_OVERLAY_WORDS = re.compile(r"this (?:will|window will|ad will|advertisement will) close in \d*\s*seconds?", re.I)
_BIG = 0.5  # an "overlay" with this share of the page's text is the page: templates misuse such class names


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
    return [text for block in _blocks(document.body) for text in _lines(block)]


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
    whole = max(len(_text(tree)), 1)
    for element in list(tree.iter("*")):
        if element.tag in ("html", "body", "head", "main", "article") or element.getparent() is None:
            continue
        hidden = _is_hidden(element)
        if (hidden or _is_overlay(element)) and (len(_text(element)) < _BIG * whole):
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


def _text(element: HtmlElement) -> str:
    return "".join(element.itertext())


def _blocks(body: etree._Element) -> list[etree._Element]:
    """The innermost blocks in order: a quote that holds paragraphs is those paragraphs."""
    return [
        element
        for element in body.iter(*_BLOCKS)
        if not any(inner.tag in _BLOCKS for inner in element.iterdescendants())
    ]


def _lines(block: etree._Element) -> list[str]:
    """The text of a block, parted where the page has a line break."""
    pieces: list[str] = []
    for event, element in etree.iterwalk(block, events=("start", "end")):
        if event == "start":
            pieces.append("\n" if element.tag == "lb" else "")
            pieces.append(element.text or "")
        elif element is not block:
            pieces.append(element.tail or "")
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return [line for line in lines if line]
