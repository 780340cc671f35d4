"""Which figures are worth comparing: those of one measure and place, by period, by number and by time; those without a
measure that print one telling number; and those of measures whose names nearly say the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations

from .meetings import Meetings
from .names import same_speaker
from .places import Filed, Pairs, position
from .records import Figure
from .values import Range, printed_range, significant_digits
from .words import content_stems, fold, stable_hash

ALIKE = 2  # words that the names of two measures share when one may be taken for the other
LONGEST_NAME = 6  # words of a measure's name that are looked at for that
TELLING = 3  # digits at which an equal number is hardly chance
CURRENCIES = frozenset({"CAD", "USD", "EUR", "GBP", "AUD", "NZD", "MXN", "CHF", "JPY"})

Item = tuple[Figure, Range]


def readable(figure: Figure) -> Item | None:
    """The figure with what it may stand for; None where it says no number, or its number is denied."""
    found = printed_range(figure) if figure.modality != "denied" else None
    return (figure, found) if found else None


def filed(figure: Figure) -> Filed:
    keys = {stable_hash("figure", *key) for key in _keys(figure)} if readable(figure) else set()
    return Filed("figure", figure.id, position(figure.as_of, figure.public_id), tuple(sorted(keys)))


def candidates(figures: Sequence[Filed], meetings: Meetings) -> Pairs:
    """The figures that these are compared with, of their own articles too."""
    return meetings.met(figures).pairs()


def number_key(figure: Figure, number: tuple[float | None, ...]) -> int:
    """The key of all figures that print `number` (value, low, high) for what this one measures."""
    return stable_hash("figure", "number", *_series(figure), *number)


def _keys(figure: Figure) -> Iterator[tuple[object, ...]]:
    if figure.measure:
        series = _series(figure)
        yield ("period", *series, figure.period)
        yield ("series", *series)
        yield ("number", *series, figure.value, figure.low, figure.high)
        if figure.period and figure.modality == "asserted":
            for two in combinations(sorted(measure_words(figure.measure))[:LONGEST_NAME], ALIKE):
                yield ("like", figure.period, place(figure), figure.unit, figure.type, *two)
    elif figure.value is not None and significant_digits(figure) > TELLING:
        yield ("nameless", figure.value, figure.unit, figure.type, figure.modality)


def _series(figure: Figure) -> tuple[object, ...]:
    unit = "money" if figure.unit in CURRENCIES else figure.unit
    return figure.measure, place(figure), unit, figure.type, figure.modality


def place(figure: Figure) -> str:
    return fold(figure.place or "")


def tied_to_period(figure: Figure) -> bool:
    """A sum is spent once and a cut happens once; a level or a share may be the same the next year."""
    return figure.unit in CURRENCIES or figure.type.startswith("change")


def of_one_measure(a: Figure, b: Figure) -> bool:
    """Measure, place, kind of unit, kind and modality are the same."""
    return bool(a.measure) and _series(a) == _series(b)


def of_one_number(a: Figure, b: Figure) -> bool:
    """Neither has a measure, and both print one telling number."""
    same = (a.value, a.unit, a.type, a.modality) == (b.value, b.unit, b.type, b.modality)
    telling = a.value is not None and min(map(significant_digits, (a, b))) > TELLING
    return not (a.measure or b.measure) and same and telling


def of_like_measures(a: Figure, b: Figure) -> bool:
    """Measures that differ but nearly say the same, for one place and period. Assertions only: plans change."""
    if not (a.measure and b.measure) or a.measure == b.measure or {a.modality, b.modality} != {"asserted"}:
        return False
    here = (a.period, place(a), a.unit, a.type) == (b.period, place(b), b.unit, b.type)
    return here and a.period is not None and len(measure_words(a.measure) & measure_words(b.measure)) >= ALIKE


def may_meet(a: Figure, b: Figure) -> bool:
    """Not within one history (that is `revised`), nor one speaker's repetition within one article. A number that the
    article itself prints beside a speaker's may be the part of his whole ("400 files, 92 of them"): only numbers of one
    size are rivals there."""
    if a.version.id == b.version.id:
        apart = a.names != b.names and not same_speaker(a.names, b.names)
        return apart and (bool(a.names and b.names) or one_size(a.value, b.value))
    return a.version.article != b.version.article


def one_size(a: float | None, b: float | None) -> bool:
    """Whether one number is less than twice the other."""
    low, high = sorted((abs(a or 0), abs(b or 0)))
    return high < 2 * low


@lru_cache(maxsize=50_000)
def measure_words(measure: str) -> frozenset[str]:
    return content_stems(measure.replace("_", " "), "en")
