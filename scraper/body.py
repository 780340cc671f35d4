"""Page → paragraphs: what a reader of the article sees as its text, and nothing else.

trafilatura finds the article (its `favor_precision` setting was the best of what was measured, see bench/); what is
hidden or laid over the page is taken out before, and its tree is read paragraph by paragraph, so that their breaks and
the quotation marks stay as printed.
"""

from __future__ import annotations

import re
from functools import lru_cache

from lxml import etree
from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Document

from scraper.blocks import lines_of
from scraper.tidy import LeftOut, boilerplate

_BLOCKS = {"p", "head", "list", "item", "quote", "ab", "table", "row", "cell"}
_HIDDEN_STYLE = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
_OVERLAY = re.compile(
    r"""(?:^|[\s_-])(?:cookie[-_]?(?:banner|bar|consent|notice|wall|policy|popup|law|info|message|modal|overlay)?
        | consent(?:[-_](?:banner|bar|modal|popup|manager|dialog|wall))? | gdpr | ccpa | onetrust[\w-]* | didomi[\w-]*
        | qc-cmp2?[\w-]* | sp_message[\w-]* | truste[\w-]* | usercentrics[\w-]* | modal | popup | pop-up | lightbox
        | overlay | interstitial | newsletter[-_]?(?:signup|popup|modal|form|box|subscribe|widget)?
        | paywall[-_]?(?:modal|overlay|banner|prompt) | screen-reader-text
        | sr-only | visually-?hidden)(?:$|[\s_])""",
    re.I | re.X,
)
_OVERLAY_WORDS = re.compile(r"this (?:will|window will|ad will|advertisement will) close in \d*\s*seconds?", re.I)
_OVERLAID = frozenset(("div", "section", "aside", "form", "span", "p", "a", "footer", "nav", "ul"))
_FRAME = {"html", "body", "head", "main", "article"}
_FEW_WORDS = 4  # blanks that a paragraph must have to be told of
_BIG = 0.4  # what has this share of the page's running text is no overlay: templates misuse such class names


def paragraphs(tree: HtmlElement, url: str | None = None) -> list[str]:
    """The paragraphs of the article on a page, in order, white space folded; empty when there is none.

    What is hidden must have been taken out before. `tree` is used up: read the metadata before.
    """
    _join_posts(tree)
    document = bare_extraction(
        tree,
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


def take_out_hidden(tree: HtmlElement) -> list[LeftOut]:
    """Take out of `tree` what a reader does not see, sees only to close it, or sees beside the text; returns the
    paragraphs that stood there, each with the reason."""
    doomed = [(e, reason) for e in tree.iter("*") if e.tag not in _FRAME and (reason := _reason(e))]
    whole = max(_prose(tree), 1) if doomed else 1
    left_out: list[LeftOut] = []
    for element, reason in doomed:
        if element.getparent() is not None and _prose(element) < _BIG * whole:
            left_out += ((reason, words) for words in prose_of(element))
            _drop(element)
    return left_out


def prose_of(tree: HtmlElement) -> list[str]:
    """The paragraphs and captions within `tree` that have a few words, white space folded, each once."""
    texts = (" ".join(e.text_content().split()) for e in tree.iter("p", "figcaption", "blockquote"))
    return [text for text in dict.fromkeys(texts) if text.count(" ") >= _FEW_WORDS]


def _reason(element: HtmlElement) -> str | None:
    if _is_hidden(element):
        return "hidden"
    if _is_overlay(element):
        return "overlay"
    return "beside the text" if _is_beside(element) else None


def _join_posts(tree: HtmlElement) -> None:
    """Make an embedded post one paragraph, its author's line included: its line breaks part no paragraphs."""
    for post in tree.xpath("//blockquote[contains(@class, 'twitter-tweet') or contains(@class, '-embed')]"):
        words = " ".join(" ".join(lines_of(post)).split())
        for child in list(post):
            post.remove(child)
        post.text = None
        etree.SubElement(post, "p").text = words


def _is_hidden(element: HtmlElement) -> bool:
    if element.tag in ("dialog", "template"):
        return True
    given = element.attrib
    if not given:
        return False
    if "hidden" in given and given["hidden"] != "until-found":
        return True
    if "style" in given and _HIDDEN_STYLE.search(given["style"]):
        return True
    return (
        given.get("aria-hidden") == "true"
        or given.get("aria-modal") == "true"
        or given.get("role") in ("dialog", "alertdialog")
    )


def _is_overlay(element: HtmlElement) -> bool:
    if element.tag not in _OVERLAID:
        return False
    name, key = element.get("class"), element.get("id")
    if (name or key) and _says_overlay(f"{name or ''} {key or ''}"):
        return True
    own = element.text
    return bool(own) and len(own) < 200 and bool(_OVERLAY_WORDS.search(own))


def _is_beside(element: HtmlElement) -> bool:
    """What stands in the article's column and is not its text: captions, teasers, the author's life."""
    name = element.get("class")
    return element.tag == "figcaption" or bool(name and _says_beside(name))


@lru_cache(maxsize=1 << 14)  # a site has few labels, and each many times
def _says_overlay(label: str) -> bool:
    return bool(_OVERLAY.search(label))


@lru_cache(maxsize=1 << 14)
def _says_beside(name: str) -> bool:
    return bool(boilerplate().classes.search(name))


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
