"""Which figures are worth comparing: blocks of one measure and place, by period, the nearest in time first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from heapq import merge
from itertools import combinations, combinations_with_replacement
from logging import getLogger

from .names import same_speaker
from .periods import NEARLY, overlap
from .records import Figure, Records
from .values import Range, printed_range, significant_digits
from .words import content_stems, fold

log_ = getLogger(__name__)

MAX_PEERS = 200  # figures that a figure is compared with on either side in time
ALIKE = 2  # words that the names of two measures share when one may be taken for the other
TELLING = 3  # digits at which an equal number is hardly chance
CURRENCIES = frozenset({"CAD", "USD", "EUR", "GBP", "AUD", "NZD", "MXN", "CHF", "JPY"})

Item = tuple[Figure, Range]
Pair = tuple[Item, Item]


def of_one_measure(records: Records) -> Iterator[Pair]:
    """Pairs whose measure, place, kind of unit, kind and modality are the same and whose periods may agree."""
    blocks: dict[tuple, list[Item]] = defaultdict(list)
    for figure, found in _readable(records):
        if figure.measure:
            unit = "money" if figure.unit in CURRENCIES else figure.unit
            blocks[figure.measure, place(figure), unit, figure.type, figure.modality].append((figure, found))
    for block in blocks.values():
        yield from _by_period(block)


def of_like_measures(records: Records) -> Iterator[Pair]:
    """Pairs for one place and period whose measures differ but nearly say the same. Assertions only: plans change."""
    blocks: dict[tuple, dict[str, list[Item]]] = defaultdict(lambda: defaultdict(list))
    for figure, found in _readable(records):
        if figure.measure and figure.period and figure.modality == "asserted":
            key = (figure.period, place(figure), figure.unit, figure.type)
            blocks[key][figure.measure].append((figure, found))
    for block in blocks.values():
        for one, other in combinations(sorted(block), 2):
            if len(_words(one) & _words(other)) >= ALIKE:
                yield from _nearest(block[one], block[other])


def of_one_number(records: Records) -> Iterator[Pair]:
    """Pairs without a measure that print one telling number."""
    blocks: dict[tuple, list[Item]] = defaultdict(list)
    for figure, found in _readable(records):
        if not figure.measure and figure.value is not None and significant_digits(figure) > TELLING:
            blocks[figure.value, figure.unit, figure.type, figure.modality].append((figure, found))
    for block in blocks.values():
        yield from _nearest(block, block)


def place(figure: Figure) -> str:
    return fold(figure.place or "")


def tied_to_period(figure: Figure) -> bool:
    """A sum is spent once and a cut happens once; a level or a share may be the same the next year."""
    return figure.unit in CURRENCIES or figure.type.startswith("change")


def _readable(records: Records) -> Iterator[Item]:
    for figure in records.figures:
        found = printed_range(figure)
        if found is not None and figure.modality != "denied":
            yield figure, found


def _by_period(block: list[Item]) -> Iterator[Pair]:
    groups: dict[tuple | None, list[Item]] = defaultdict(list)
    for item in block:
        groups[item[0].period].append(item)
    for p, q in combinations_with_replacement(sorted(groups, key=str), 2):
        if p == q or p is None or q is None or overlap(groups[p][0][0], groups[q][0][0]) >= NEARLY:
            yield from _nearest(groups[p], groups[q])
        elif tied_to_period(block[0][0]):
            for one in groups[p]:
                yield from (
                    (one, other) for other in groups[q] if other[0].value == one[0].value and _may_meet(one, other)
                )


def _nearest(one: list[Item], other: list[Item]) -> Iterator[Pair]:
    """Pairs across two lists (or within one, given twice), each item with those next to it in time."""

    def when(entry: tuple[Item, int]) -> tuple:
        return entry[0][0].as_of, entry[0][0].public_id

    lists = [sorted(((item, side) for item in items), key=when) for side, items in enumerate((one, other))]
    row = lists[0] if one is other else list(merge(*lists, key=when))
    lost = 0
    for i, (a, side) in enumerate(row):
        lost += max(0, len(row) - i - 1 - MAX_PEERS)
        for b, other_side in row[i + 1 : i + 1 + MAX_PEERS]:
            if (one is other or side != other_side) and _may_meet(a, b):
                yield a, b
    if lost:
        log_.info("%d pairs of figures, too far apart in one long series, were passed over", lost)


def _may_meet(one: Item, other: Item) -> bool:
    """Not within one history (that is `revised`), nor one speaker's repetition within one article. A number that the
    article itself prints beside a speaker's may be the part of his whole ("400 files, 92 of them"): only numbers of one
    size are rivals there."""
    a, b = one[0], other[0]
    if a.version.id == b.version.id:
        apart = a.names != b.names and not same_speaker(a.names, b.names)
        return apart and (bool(a.names and b.names) or one_size(a.value, b.value))
    return a.version.article != b.version.article


def one_size(a: float | None, b: float | None) -> bool:
    """Whether one number is less than twice the other."""
    low, high = sorted((abs(a or 0), abs(b or 0)))
    return high < 2 * low


def _words(measure: str) -> frozenset[str]:
    return content_stems(measure.replace("_", " "), "en")
