"""Text from outside becomes HTML here and nowhere else: every character is escaped, every tag is ours.

Findings nest (a figure within a claim, a claim within a claim) and now and then cross (a date that runs over the end of
a claim). HTML only nests, so a mark that crosses the end of another is closed there and opened again behind it.
"""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from markupsafe import Markup, escape

SNIPPET_OPEN, SNIPPET_CLOSE = "\x02", "\x03"
"""What FTS5's `snippet()` is asked to put around a hit: characters that no key types and no escaping touches."""

Range = tuple[int, int]
_WIDEST_FIRST = {"claim": 0, "figure": 1, "date": 2}


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding to show. `ranges` are offsets into the text, end exclusive, in order: a quotation that the reporter
    interrupts has several. `kind` and `style` become CSS classes; `tip` is plain text; a `number` is printed behind
    the last range as a link to the note of that finding."""

    id: str
    kind: str
    ranges: tuple[Range, ...]
    style: str = ""
    tip: str = ""
    number: int | None = None
    linked: bool = True


@dataclass(frozen=True, slots=True)
class _Piece:
    mark: Mark
    start: int
    end: int
    first: bool
    last: bool


def paragraphs(text: str) -> list[Range]:
    """Where the paragraphs of an article stand: they are parted by blank lines."""
    return [match.span() for match in re.finditer(r"\S(?:.|\n(?!\s*\n))*", text)]


def highlight(text: str, marks: Iterable[Mark], start: int = 0, end: int | None = None) -> Markup:
    """`text[start:end]` as HTML with the marks in their places; offsets count from the beginning of `text`.

    >>> str(highlight("It cost $5.", [Mark("f-1", "figure", ((8, 10),))]))
    'It cost <a class="mark figure" id="f-1" href="#note-f-1">$5</a>.'
    """
    end = len(text) if end is None else min(end, len(text))
    pieces = _pieces(marks, start, end)
    edges = sorted({start, end, *(p.start for p in pieces), *(p.end for p in pieces)})
    starting = {place: list(group) for place, group in itertools.groupby(pieces, key=lambda piece: piece.start)}
    out: list[Markup] = []
    open_: list[tuple[_Piece, str]] = []
    for here, there in zip(edges, [*edges[1:], end], strict=True):
        _close(out, open_, here)
        for piece in starting.get(here, ()):
            _open(out, open_, piece, piece.first)
        out.append(escape(text[here:there]))
    return Markup("").join(out)


def excerpt(text: str, start: int, end: int, kind: str, around: int = 90) -> Markup:
    """Words of `text` in their place: marked, with up to `around` characters of their paragraph on either side.

    >>> str(excerpt("First.\\n\\nIt cost $5 then.", 16, 18, "figure"))
    'It cost <span class="mark figure">$5</span> then.'
    """
    left, right = next((place for place in paragraphs(text) if place[0] <= start < place[1]), (start, end))
    first, last = left, right
    if start - left > around:
        first = text.find(" ", start - around, start) + 1 or start
    if right - end > around:
        last = max(text.rfind(" ", end, end + around), end)
    marked = highlight(text, [Mark("", kind, ((start, end),), linked=False)], first, last)
    return Markup("{}{}{}").format("… " if first > left else "", marked, " …" if last < right else "")


def snippet(raw: str) -> Markup:
    """An FTS5 snippet as HTML, its hits in `<mark>`; stray marker characters in the text never unbalance the tags."""
    out, inside = [], False
    for part in re.split(f"([{SNIPPET_OPEN}{SNIPPET_CLOSE}])", raw):
        if part in (SNIPPET_OPEN, SNIPPET_CLOSE):
            inside = part == SNIPPET_OPEN
        elif part:
            out.append(Markup("<mark>{}</mark>").format(part) if inside else escape(part))
    return Markup("").join(out)


def differences(a: str, b: str) -> tuple[tuple[Range, ...], tuple[Range, ...]]:
    """The words of each text that the other does not have in that place, as ranges of offsets into each.

    Case and the shape of quotation marks are not differences; runs of differing words become one range.

    >>> differences("about 30 people came", "some 30 people came")
    (((0, 5),), ((0, 4),))
    """
    words_a, words_b = _words(a), _words(b)
    matcher = difflib.SequenceMatcher(None, [w[2] for w in words_a], [w[2] for w in words_b], autojunk=False)
    changed = [op for op in matcher.get_opcodes() if op[0] != "equal"]
    return (
        tuple((words_a[i][0], words_a[j - 1][1]) for _, i, j, _, _ in changed if j > i),
        tuple((words_b[i][0], words_b[j - 1][1]) for _, _, _, i, j in changed if j > i),
    )


def _words(text: str) -> list[tuple[int, int, str]]:
    found = re.finditer(r"\w+(?:[.,'’-]\w+)*|[%$€£]|(?<![\w-])[-−](?=[\d$])", text)
    return [(*match.span(), match.group().casefold().replace("’", "'")) for match in found]


def _pieces(marks: Iterable[Mark], start: int, end: int) -> list[_Piece]:
    """The parts of the marks that fall between `start` and `end`, in the order in which their tags open."""
    found = (piece for mark in marks for piece in _clipped(mark, start, end))
    return sorted(found, key=lambda p: (p.start, -p.end, _WIDEST_FIRST.get(p.mark.kind, 3)))


def _clipped(mark: Mark, start: int, end: int) -> Iterator[_Piece]:
    for number, (left, right) in enumerate(mark.ranges):
        clipped_left, clipped_right = max(left, start), min(right, end)
        if clipped_left < clipped_right:
            yield _Piece(
                mark,
                clipped_left,
                clipped_right,
                first=number == 0 and clipped_left == left,
                last=number == len(mark.ranges) - 1 and clipped_right == right,
            )


def _close(out: list[Markup], open_: list[tuple[_Piece, str]], here: int) -> None:
    """Close what ends here; what stands above it in the stack and goes on is closed and opened again."""
    ending = [i for i, (piece, _) in enumerate(open_) if piece.end <= here]
    if not ending:
        return
    going_on = []
    while len(open_) > ending[0]:
        piece, tag = open_.pop()
        if piece.end > here:
            going_on.append(piece)
        elif piece.last and piece.mark.number is not None and not _in_link(open_):
            out.append(_reference(piece.mark))
        out.append(Markup(f"</{tag}>"))
    for piece in reversed(going_on):
        _open(out, open_, piece, with_id=False)


def _open(out: list[Markup], open_: list[tuple[_Piece, str]], piece: _Piece, with_id: bool) -> None:
    mark = piece.mark
    tag = "a" if mark.linked and mark.number is None and not _in_link(open_) else "span"
    attributes = [Markup('class="{}"').format(" ".join(filter(None, ("mark", mark.kind, mark.style))))]
    if with_id and mark.id:
        attributes.append(Markup('id="{}"').format(mark.id))
    if tag == "a":
        attributes.append(Markup('href="#note-{}"').format(mark.id))
    if mark.tip:
        attributes.append(Markup('data-tip="{}"').format(mark.tip))
    out.append(Markup("<{} {}>").format(Markup(tag), Markup(" ").join(attributes)))
    open_.append((piece, tag))


def _in_link(open_: list[tuple[_Piece, str]]) -> bool:
    return any(tag == "a" for _, tag in open_)


def _reference(mark: Mark) -> Markup:
    return Markup('<a class="ref" href="#note-{}" aria-label="{} {}">{}</a>').format(
        mark.id, mark.kind.capitalize(), mark.number, mark.number
    )
