"""Does an explanation say what the rows say? Every number, interval, share, expression, name and day that one prints is
read back from its words and made again from the two rows that the link names."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from typing import Any

from sqlite_utils import Database

from db.crosscheck.drift import numbers_in
from db.crosscheck.periods import period_text
from db.crosscheck.records import Claim, Figure, Records, Version
from db.crosscheck.translations import landmarks
from db.crosscheck.values import printed_range
from db.crosscheck.words import content_stems, stems, words

Side = tuple[str, float, float, str, str]  # text, low, high, outlet, period
SIDE = (
    r"“(?P<text{n}>[^”]*)”(?: \[(?P<low{n}>\S+) to (?P<high{n}>\S+)\])? \((?P<outlet{n}>.*?); (?P<period{n}>[^()]*)\)"
)
VERBS = {"same_figure": "agrees with", "conflicting_figure": "does not fit", "apparent_conflict": "differs from"}
RATIOS = {"ten": 10, "a hundred": 100, "a thousand": 1000, "a million": 1e6}
FIXED = {
    "if one of them was cut, not rounded",
    "one prints a range that holds the other",
    "one number is given for two different periods",
    "one of them names no period",
    "the currency differs: no rate is applied here",
    "the dates differ, so both may be right",
    "the periods are not quite the same",
    "two speakers, and neither number is dated",
    "what the change is measured from may differ",
}
OPERATORS: dict[type, Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def problems(db: Database) -> Iterator[str]:
    """One line for each link whose explanation cannot be made again from its rows."""
    records = Records(db)
    read = {"claim": records.claims, "figure": records.figures, "article": records.versions}
    rows = db.query("SELECT label, a_kind, a_id, b_kind, b_id, explanation FROM link ORDER BY id")
    for row in rows:
        a, b = (read[row[f"{end}_kind"]]([row[f"{end}_id"]])[row[f"{end}_id"]] for end in "ab")  # type: ignore[operator]
        for problem in _check(row["label"], a, b, row["explanation"], records):
            yield f"{row['label']} {a.public_id} {b.public_id}: {problem}: {row['explanation']}"


def _check(label: str, a: Any, b: Any, text: str, records: Records) -> Iterator[str]:
    old, new = (end if isinstance(end, Version) else end.version for end in (a, b))
    if label == "derived":
        yield from _derived(a, b, text)
    elif label == "wire_copy":
        yield from _copy(a, b, text, records)
    elif label == "role_conflict":
        yield from _offices(a, b, text)
    elif label == "revised" or (old.article == new.article and old.id != new.id):
        yield from _revised(a, b, text)
    elif label == "same_quote":
        yield from _quote(a, b, text)
    else:
        yield from _figures(label, a, b, text)


def _figures(label: str, a: Figure, b: Figure, text: str) -> Iterator[str]:
    sides = f"{SIDE.format(n=1)} {VERBS[label]} {SIDE.format(n=2)}"
    found = re.fullmatch(rf"(?P<head>.*?): {sides}(?:; (?P<notes>.*))?\.", text)
    if not found:
        yield "no two printings"
        return
    spans = []
    for n, figure in enumerate((a, b), 1):
        said = (found[f"text{n}"], found[f"outlet{n}"], found[f"period{n}"])
        if said != (figure.text, figure.version.outlet, period_text(figure)):
            yield f"says {said}"
        span = _ends(found[f"low{n}"], found[f"high{n}"], figure)
        spans.append(span)
        made = printed_range(figure)
        if made is None or any(_differ(x, y) for x, y in zip(span, (made.low, made.high), strict=True)):
            yield f"{span} is not {made}"
        if (
            figure.value is not None
            and not min(map(abs, span)) * 0.99 <= abs(figure.value) <= max(map(abs, span)) * 1.01
        ):
            yield f"{figure.value} does not lie in {span}"
    notes = found["notes"].split("; ") if found["notes"] else []
    meet = max(spans[0][0], spans[1][0]) <= min(spans[0][1], spans[1][1])
    two_periods = "one number is given for two different periods" in notes
    if label == "same_figure" and not meet:
        yield "the intervals do not meet"
    if label == "conflicting_figure" and not two_periods and meet and not _touch(spans):
        yield "the intervals meet"
    head = [x for x in ((a.measure or a.counted or "").replace("_", " "), a.place, a.modality) if x]
    if found["head"] != ", ".join(head):
        yield f"the head is not {head}"
    for note in notes:
        yield from () if note in FIXED else _figure_note(note, a, b)


def _figure_note(note: str, a: Figure, b: Figure) -> Iterator[str]:
    agency = re.fullmatch(r"both articles credit (.*): one origin", note)
    ratio = re.fullmatch(r"one is (.*) times the other: a slip of scale in one of them is possible", note)
    shared = re.fullmatch(r"equal to the digit, both of (.*)", note)
    if agency:
        right = a.version.origin == b.version.origin == agency[1]
    elif ratio:
        low, high = sorted(abs(f.value or 0) for f in (a, b))
        right = abs(high / low / RATIOS[ratio[1]] - 1) < 0.011
    elif shared:
        counted = [content_stems(f.counted or "", f.version.lang) for f in (a, b)]
        right = a.value == b.value and set(shared[1].split(", ")) == counted[0] & counted[1]
    elif note.startswith("the same digits in another order"):
        right = sorted(str(int(a.value or 0))) == sorted(str(int(b.value or 0))) and a.value != b.value
    elif note.startswith("the definition differs: "):
        right = note.split(": ")[1] == " against ".join((f.measure or "").replace("_", " ") for f in (a, b))
    elif note.startswith("the population differs: "):
        right = note.split(": ")[1] == " against ".join(f"“{f.counted}”" for f in (a, b))
    else:
        right = note == "both in one article, from different speakers" and a.version == b.version and a.names != b.names
    if not right:
        yield f"“{note}” does not follow"


def _derived(a: Figure, b: Figure, text: str) -> Iterator[str]:
    found = re.fullmatch(r"(.*?): ([a-z ]+), (.+) = (\S+), printed “(.*)”\.", text)
    made = printed_range(a)
    if not found or made is None or found[1] != a.text or found[5] != a.text:
        yield "no expression for this figure"
        return
    outcome = _value(found[3])
    if _differ(outcome, _number(found[4]), 1e-5) and abs(outcome - _number(found[4])) > 0.5:
        yield f"{found[3]} is {outcome}"
    span = sorted(map(abs, (made.low, made.high)))
    if not span[0] * (1 - 1e-9) <= abs(outcome) <= span[1] * (1 + 1e-9):
        yield f"{outcome} does not lie in {span}"
    if not any(not _differ(abs(_number(n)), b.value or 0, 1e-5) for n in re.findall(r"\d[\d,.]*", found[3])):
        yield f"{b.value} is no operand"


def _quote(a: Claim, b: Claim, text: str) -> Iterator[str]:
    same = re.match(
        r"The same words: (\d+)% of the three-word runs of the shorter claim stand in the other; both from", text
    )
    if same:
        runs = [_runs(stems(c.text, c.version.lang), 3) for c in (a, b)]
        if (share := _share(*runs) or 1.0) and f"{share:.0%}" != f"{same[1]}%":
            yield f"the share is {share:.0%}"
    else:
        listed = re.search(
            r"by its (?:words \((?P<words>.*?)\))?(?: and )?(?:numbers \((?P<numbers>.*?)\))?, its speaker", text
        )
        both = content_stems(a.text, a.version.lang) & content_stems(b.text, b.version.lang)
        if not listed or set((listed["words"] or "").split(", ")) - {""} != both:
            yield f"the words are {sorted(both)}"
        elif listed["numbers"] and not _all_in(listed["numbers"], a):
            yield "numbers that the first does not print"
    if not any(name in text for name in (*a.names, *b.names)) and "does not name" not in text:
        yield "nobody is named"
    yield from _drift(a, b, text)


def _drift(a: Claim, b: Claim, text: str) -> Iterator[str]:
    two = re.search(r"the numbers differ: (.*?) against (.*?)(?:; |\.$)", text)
    one = re.search(r"only the (first|second) prints (.*?)(?:; |\.$)", text)
    negation = re.search(r"only the (first|second) has a negation: “(.*?)”", text)
    if two and not (_all_in(two[1], a) and _all_in(two[2], b)):
        yield "numbers that are not printed"
    if one and not _all_in(one[2], a if one[1] == "first" else b):
        yield "numbers that are not printed"
    if negation:
        claim, other = (a, b) if negation[1] == "first" else (b, a)
        if negation[2] not in (*words(claim.text), "denied") or negation[2] in words(other.text):
            yield "no such negation"


def _copy(a: Version, b: Version, text: str, records: Records) -> Iterator[str]:
    found = re.match(r"(\d+)% of the (\d+) five-word runs of the shorter text \((.*?)\) stand in the other", text)
    credited = re.search(r"; (?:both credit|(?P<who>.*?) credits) (?P<agency>.*)\.$", text)
    retold = re.match(r"(\d+) of (\d+) runs of three of the names and numbers that both print stand in the same", text)
    if credited and credited["agency"] not in (a.origin, b.origin):
        yield "another agency"
    if retold:
        yield from _retold(a, b, (int(retold[1]), int(retold[2])), records)
        return
    if not found:
        yield "no share of the text"
    elif found[3] not in (a.outlet, b.outlet):
        yield "another outlet"
    own = [_own_runs(v, records) for v in (a, b)]
    if found and (found[1], found[2]) != (f"{100 * _share(*own):.0f}", str(min(map(len, own)))):
        yield f"{_share(*own):.0%} of {min(map(len, own))}"


def _retold(a: Version, b: Version, told: tuple[int, int], records: Records) -> Iterator[str]:
    """The names and numbers are those of `landmarks`; which both print, and their runs, are made again here."""
    marks = []
    for version in (a, b):
        spans = [span for c in records.claims_of(version) for span in c.quoted]
        inside = {at for start, end in spans for at in range(start, end)}
        pieces = "".join("\0" if at in inside else c for at, c in enumerate(version.text)).split("\0")
        marks.append([mark for piece in pieces for mark in landmarks(piece, version.lang)])
    mine, others = (
        {tuple(here[i : i + 3]) for i in range(len(here) - 2)}
        for here in ([m for m in some if m in marks[0] and m in marks[1]] for some in marks)
    )
    if told != (len(mine & others), min(len(mine), len(others))):
        yield f"{len(mine & others)} of {min(len(mine), len(others))} runs"


def _offices(a: Claim, b: Claim, text: str) -> Iterator[str]:
    gap = abs((a.version.day - b.version.day).days)
    when = "on one day" if not gap else f"{gap} day{'s' if gap > 1 else ''} apart"
    told = [f"“{c.role}” in {c.version.outlet} ({c.version.day})" for c in (a, b)]
    if f" is {told[0]} and {told[1]}, {when}" not in text or not text.startswith((*a.names, *b.names)):
        yield "not these offices"
    if (gap > 3) != ("both before and after" in text):
        yield "the days do not fit the reason"


def _revised(a: Any, b: Any, text: str) -> Iterator[str]:
    old, new = (end if isinstance(end, Version) else end.version for end in (a, b))
    if new.number != old.number + 1:
        yield "the versions do not follow each other"
    if isinstance(a, Version):
        x, y = words(old.text), words(new.text)
        same = sum(m.size for m in SequenceMatcher(None, x, y, autojunk=False).get_matching_blocks())
        share = 2 * same / max(1, len(x) + len(y))
        told = f"Version {new.number} of {new.outlet}'s article keeps {share:.0%} of the words of version {old.number}"
    elif text.startswith("Printed again"):
        told = f"Printed again in version {new.number} as in version {old.number} of one article"
        yield from _drift(a, b, text) if isinstance(a, Claim) else ()
    else:
        ends = f"version {old.number} ({old.day}) and version {new.number}"
        told = f"The {a.kind} changed between {ends} of one article: “{a.text[:119].rstrip()}"
    if not text.startswith(told):
        yield f"does not say: {told}"


def _ends(low: str | None, high: str | None, figure: Figure) -> tuple[float, float]:
    made = printed_range(figure)
    if low is None or high is None:  # no interval is printed where the number stands for itself alone
        return (made.value or 0.0, made.value or 0.0) if made else (0.0, 0.0)
    return _number(low), _number(high)


def _value(expression: str) -> float:
    """The value of an arithmetic expression as an explanation prints it."""
    plain = expression.replace(",", "").replace("×", "*").replace("−", "-")

    def value(node: ast.expr) -> float:
        match node:
            case ast.BinOp(left, op, right):
                return OPERATORS[type(op)](value(left), value(right))
            case ast.UnaryOp(ast.USub(), operand):
                return -value(operand)
            case ast.Constant(number):
                return float(number)  # type: ignore[arg-type]
        raise ValueError(expression)

    return value(ast.parse(plain, mode="eval").body)


def _number(text: str) -> float:
    plain = text.replace(",", "").replace("−", "-").replace("∞", "inf")
    return float(plain)


def _all_in(listed: str, claim: Claim) -> bool:
    printed = numbers_in(claim.text, claim.version.lang)
    return all(any(not _differ(_number(n), p, 1e-4) for p in printed) for n in listed.split(", "))


def _runs(tokens: list[str], n: int) -> set[tuple[str, ...]]:
    return {tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1)}


def _own_runs(version: Version, records: Records) -> set[tuple[str, ...]]:
    """Five-word runs outside all quotation marks; of the whole text where that leaves fewer than fifteen."""
    marked = [False] * len(version.text)
    for claim in records.claims_of(version):
        for start, end in claim.quoted:
            marked[start:end] = [True] * (end - start)
    text = "".join("\0" if out else c for c, out in zip(version.text, marked, strict=True))
    own = set().union(*(_runs(words(piece), 5) for piece in re.split("\0+", text)))
    return own if len(own) >= 15 else _runs(words(version.text), 5)


def _share(a: set, b: set) -> float:
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


def _differ(x: float, y: float, by: float = 1e-6) -> bool:
    return x != y and not abs(x - y) <= by * max(abs(x), abs(y))


def _touch(spans: list[tuple[float, float]]) -> bool:
    """Two intervals that share an end only do not overlap."""
    return max(spans[0][0], spans[1][0]) == min(spans[0][1], spans[1][1])
