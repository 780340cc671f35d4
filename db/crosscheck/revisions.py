"""`revised`: what an article changed between two consecutive versions, and what it printed again.

The two texts are aligned word by word. Punctuation, quotation marks and spaces are no words, so a moved comma is
nothing; a number keeps its decimal point, so 6.5 against 65 is a change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TypeVar

from .drift import drift
from .records import Claim, Figure, Records, Version
from .store import Link
from .words import words, words_at

T = TypeVar("T", Claim, Figure)
MAX_QUOTED = 120  # characters of a text that an explanation repeats


class Alignment:
    """Which words of an older text stand where in a newer one."""

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = list(words_at(old)), list(words_at(new))
        a, b = ([w for w, _, _ in side] for side in (self.old, self.new))
        self.codes = SequenceMatcher(None, a, b, autojunk=False).get_opcodes()

    def moved(self, start: int, end: int) -> tuple[int, int] | None:
        """The characters of the new text that the old text's `start`..`end` became; None where they were taken out."""
        first = next((i for i, (_, _, e) in enumerate(self.old) if e > start), None)
        last = next((i for i, (_, s, _) in reversed(list(enumerate(self.old))) if s < end), None)
        if first is None or last is None or last < first:
            return None
        at, until = self._place(first, upper=False), self._place(last, upper=True)
        return (self.new[at][1], self.new[until - 1][2]) if at < until else None

    def _place(self, index: int, *, upper: bool) -> int:
        """The new index of an old word (`upper`: the one after it); replaced words map to the replacement's ends."""
        for tag, a, b, c, d in self.codes:
            if a <= index < b:
                if tag == "equal":
                    return c + index - a + upper
                return d if upper else c
        return len(self.new)


def revisions(history: Iterable[Version], records: Records) -> Iterator[Link]:
    """Of the versions of one article: `revised` links between consecutive ones, and `same_quote`, `same_figure` for
    what stayed as it was."""
    for old, new in pairwise(sorted(history, key=lambda v: v.number)):
        silent = words(old.text) == words(new.text) and old.title == new.title
        yield from _compare(records, old, new, silent=silent)


def _compare(records: Records, old: Version, new: Version, *, silent: bool) -> Iterator[Link]:
    alignment = Alignment(old.text, new.text)
    links: list[Link] = []
    explained: set[int] = set()
    for a, b in _pairs(records.figures_of(old), records.figures_of(new), alignment):
        if words(a.text) == words(b.text) and _values(a) == _values(b):
            links.append(Link("same_figure", a, b, 1.0, _unchanged(old, new)))
        elif words(a.text) != words(b.text):
            links.append(Link("revised", a, b, 1.0, _changed("The figure", a, b)))
            explained |= {a.claim or 0, b.claim or 0}
    for c, d in _pairs(records.claims_of(old), records.claims_of(new), alignment):
        links.append(_claim_link(c, d, explained))
    yield from links
    if not silent:
        yield _article_link(records, old, new, alignment, [x for x in links if x.label == "revised"])


def _claim_link(old: Claim, new: Claim, explained: set[int]) -> Link:
    a, b = words(old.text), words(new.text)
    if a == b:
        return Link("same_quote", old, new, 1.0, _unchanged(old.version, new.version))
    only_numbers = [w for w in a if not w[0].isdigit()] == [w for w in b if not w[0].isdigit()]
    if only_numbers and {old.id, new.id} <= explained:
        text = f"{_unchanged(old.version, new.version)[:-1]} but for a figure; {'; '.join(drift(old, new))}."
        return Link("same_quote", old, new, 0.9, text)
    return Link("revised", old, new, 1.0, _changed("The claim", old, new))


def _pairs(old: Sequence[T], new: Sequence[T], alignment: Alignment) -> Iterator[tuple[T, T]]:
    """Each old item with the new one that overlaps most of the place it moved to; both at most once."""
    used: set[int] = set()
    for a in old:
        place = alignment.moved(a.start, a.end)
        if place is None:
            continue
        rest = [b for b in new if b.id not in used and _overlap(place, (b.start, b.end)) >= 0.5]
        if rest:
            best = max(rest, key=lambda b: (_overlap(place, (b.start, b.end)), _alike(a, b), b.public_id))
            used.add(best.id)
            yield a, best


def _overlap(x: tuple[int, int], y: tuple[int, int]) -> float:
    """Common characters as a share of the longer span."""
    common = min(x[1], y[1]) - max(x[0], y[0])
    return max(0, common) / max(x[1] - x[0], y[1] - y[0], 1)


def _alike(a: Claim | Figure, b: Claim | Figure) -> int:
    return len(set(a.names) & set(b.names))


def _values(figure: Figure) -> tuple:
    return figure.value, figure.low, figure.high, figure.unit


def _changed(what: str, a: Claim | Figure, b: Claim | Figure) -> str:
    return (
        f"{what} changed between version {a.version.number} ({a.version.day}) and version {b.version.number} of one "
        f"article: “{_cut(a.text)}” became “{_cut(b.text)}”."
    )


def _unchanged(old: Version, new: Version) -> str:
    return f"Printed again in version {new.number} as in version {old.number} of one article: one origin."


def _article_link(records: Records, old: Version, new: Version, alignment: Alignment, changed: list[Link]) -> Link:
    """The whole revision: how much of the text changed, and which claims and figures were changed, added, removed."""
    back = Alignment(new.text, old.text)
    removed = _missing(_items(records, old), alignment)
    added = _missing(_items(records, new), back)
    kept = sum(b - a for tag, a, b, _, _ in alignment.codes if tag == "equal")
    share = 2 * kept / max(1, len(alignment.old) + len(alignment.new))
    notes = [f"Version {new.number} of {new.outlet}'s article keeps {share:.0%} of the words of version {old.number}"]
    if old.title != new.title:
        notes.append(f"title: “{_cut(old.title)}” became “{_cut(new.title)}”")
    notes += [f"changed: “{_cut(x.a.text)}” became “{_cut(x.b.text)}”" for x in changed if not isinstance(x.a, Version)]
    notes += [f"removed: “{_cut(x.text)}”" for x in removed]
    notes += [f"added: “{_cut(x.text)}”" for x in added]
    return Link("revised", old, new, 1.0, "; ".join(notes) + ".")


def _items(records: Records, version: Version) -> list[Claim | Figure]:
    return [*records.claims_of(version), *records.figures_of(version)]


def _missing(items: Sequence[Claim | Figure], alignment: Alignment) -> list[Claim | Figure]:
    """The items whose words have no counterpart in the other text (an item found in one run only is not missing)."""
    return [x for x in items if alignment.moved(x.start, x.end) is None]


def _cut(text: str) -> str:
    return text if len(text) <= MAX_QUOTED else text[: MAX_QUOTED - 1].rstrip() + "…"
