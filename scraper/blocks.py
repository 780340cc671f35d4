"""Element → its printed lines, one a block: for parts of a page that are known to be text."""

from __future__ import annotations

from lxml import etree
from lxml.html import HtmlElement

_BLOCKS = frozenset(
    (
        "address", "article", "aside", "blockquote", "br", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption",
        "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p",
        "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
    )
)  # fmt: skip
_SILENT = frozenset(
    (
        "audio",
        "button",
        "canvas",
        "iframe",
        "noscript",
        "script",
        "select",
        "style",
        "svg",
        "template",
        "textarea",
        "video",
    )
)


def lines_of(element: HtmlElement) -> list[str]:
    """The text within `element` in its order, a new line at each block and line break, white space folded, empty lines
    left out. What follows the element is not part of it.

    >>> from lxml.html import fragment_fromstring
    >>> lines_of(fragment_fromstring("<div>One<br>and <b>two</b><p>three</p> four</div>"))
    ['One', 'and two', 'three', 'four']
    """
    pieces: list[str] = []
    walker = etree.iterwalk(element, events=("start", "end"))
    for event, node in walker:
        if event == "start" and node.tag in _SILENT:
            walker.skip_subtree()
        elif event == "start":
            pieces += ["\n" if node.tag in _BLOCKS else "", node.text or ""]
        if event == "end":
            pieces += ["\n" if node.tag in _BLOCKS else "", node.tail or "" if node is not element else ""]
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return [line for line in lines if line]


def words_of(element: HtmlElement) -> str | None:
    """The element's text on one line, None when there is none."""
    return " ".join(" ".join(lines_of(element)).split()) or None
