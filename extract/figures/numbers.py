"""The grammar of numbers: digits, words and mixtures of both → a value or a range of values.

`parse` reads one number that begins at a lexeme; it never looks at units, hedges or what the number is about. What it
reads: "59,735", "1.2 million", "twenty-one", "a dozen", "half a million", "hundreds of thousands", "three-quarters",
"one in five", "3 1/2", "13.6M". Orders of magnitude ("tens of thousands") are a range, as in the NewsQuant corpus.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .lexer import Lexeme
from .lexicon import Lexicon

HYPHENS = frozenset("-–—‑")


@dataclass(frozen=True, slots=True)
class Number:
    """A number at lexemes `start` to `end` (exclusive). `style`: digits, words, vague, fraction (value in percent)."""

    start: int
    end: int
    value: float | None
    style: str
    low: float | None = None
    high: float | None = None
    scaled: bool = False


def parse(lx: Sequence[Lexeme], i: int, words: Lexicon, money: bool = False) -> Number | None:
    """The longest number that begins at lexeme `i`, or None. `money` allows the suffixes m, b and t for millions…"""
    kind = lx[i].kind
    if kind == "num":
        return _ratio(lx, i, words) or _digits(lx, i, words, money)
    if kind == "glyph":
        return Number(i, i + 1, words.numbers["glyphs"][lx[i].text] * 100, "fraction")
    if kind == "word":
        return _article(lx, i, words) or _vague(lx, i, words) or _ratio(lx, i, words) or _cardinal(lx, i, words)
    return None


def word_at(lx: Sequence[Lexeme], i: int) -> str:
    """The word at lexeme `i` in lower case, "" beyond the ends or at another kind."""
    return lx[i].low if 0 <= i < len(lx) and lx[i].kind == "word" else ""


def text_at(lx: Sequence[Lexeme], i: int) -> str:
    """Whatever stands at lexeme `i`, in lower case, "" beyond the ends."""
    return lx[i].low if 0 <= i < len(lx) else ""


def _digits(lx: Sequence[Lexeme], i: int, words: Lexicon, money: bool) -> Number | None:
    value = lx[i].value
    if value is None:
        return None
    end = i + 1
    if end < len(lx) and lx[end].kind == "glyph" and lx[end].start - lx[i].end <= 1:
        value, end = value + words.numbers["glyphs"][lx[end].text], end + 1
    else:
        part = _slash(lx, end)
        if part is not None and lx[end].start - lx[i].end == 1 and value.is_integer():
            value, end = value + part, end + 3
    return _scaled(lx, i, end, value, words, money, "digits")


def _scaled(
    lx: Sequence[Lexeme], i: int, end: int, value: float, words: Lexicon, money: bool, style: str, read: float = 1.0
) -> Number:
    """The number (`read`: its last scale word, where one was read) with the scale words or the suffix that follow it:
    "1.2 million", "$1-billion", "13.6M"."""
    value, end = _and_part(lx, end, value, read, words)
    scaled, last = False, 1.0
    for _ in range(2):
        at = end + 1 if end < len(lx) and lx[end].text in HYPHENS and lx[end].glued else end
        scale = words.numbers["scales"].get(word_at(lx, at))
        if not scale:
            break
        value, end, scaled, last = value * scale, at + 1, True, scale
    value, end = _and_part(lx, end, value, last, words) if scaled else (value, end)
    if not scaled and end < len(lx) and lx[end].kind == "word":
        suffix = words.numbers["suffixes"].get(lx[end].text)
        suffix = suffix or (words.numbers["money_suffixes"].get(lx[end].text) if money else None)
        loose = money and lx[end].text in ("bn", "mn", "mln", "tn") and lx[end].start - lx[end - 1].end == 1
        if (
            suffix
            and (lx[end].glued or loose)
            and not (end + 1 < len(lx) and lx[end + 1].kind == "num" and lx[end + 1].glued)
        ):
            value, end, scaled = value * suffix, end + 1, True
    return Number(i, end, round(value, 6), style, scaled=scaled)


def _and_part(lx: Sequence[Lexeme], end: int, value: float, scale: float, words: Lexicon) -> tuple[float, int]:
    """The number with the half or the quarter that follows it: "two and a half", "a million and a half"."""
    if word_at(lx, end) != "and" or word_at(lx, end + 1) not in ("a", "one", "three") or not value.is_integer():
        return value, end
    if scale > 1 and word_at(lx, end + 3) in words.numbers["scales"]:
        return value, end  # "a billion and a half million"
    top, bottom = words.numbers["units"].get(word_at(lx, end + 1), 1), word_at(lx, end + 2)
    part = words.numbers["fractions"].get(bottom)
    whole = word_at(lx, end + 3) in ("of", "party", "person", "man", "woman", "country")  # a part of something else
    plain = bottom == "half" or bottom == ("quarter" if top == 1 else "quarters")
    return (value + scale * top / part, end + 3) if part and plain and not whole else (value, end)


def _slash(lx: Sequence[Lexeme], i: int) -> float | None:
    """The value of "a/b" at lexeme `i`, where it can only be a fraction."""
    if i + 2 >= len(lx) or lx[i + 1].text != "/" or not lx[i + 1].glued or not lx[i + 2].glued:
        return None
    top, bottom = lx[i].value, lx[i + 2].value
    if top is None or bottom is None or not 0 < top < bottom or bottom not in (2, 3, 4, 5, 6, 8, 10, 16):
        return None
    return top / bottom


def _ratio(lx: Sequence[Lexeme], i: int, words: Lexicon) -> Number | None:
    """Fractions of a whole, in percent: "two-thirds", "a quarter", "one in five", "9 out of 10", "1/3"."""
    part = _slash(lx, i) if lx[i].kind == "num" else None
    if part is not None and not (i + 3 < len(lx) and lx[i + 3].glued and lx[i + 3].text == "/"):
        return Number(i, i + 3, part * 100, "fraction")
    if word_at(lx, i) in ("half", "halves"):
        return None if word_at(lx, i) == "halves" else Number(i, i + 1, 50.0, "fraction")
    top = lx[i].value if lx[i].kind == "num" else words.numbers["units"].get(lx[i].low)
    if top is None or not 1 <= top <= 99:
        return None
    hyphen = i + 1 < len(lx) and lx[i + 1].text in HYPHENS and lx[i + 1].glued
    at = i + 2 if hyphen else i + 1
    bottom = words.numbers["fractions"].get(word_at(lx, at))
    if bottom and (top > 1 or word_at(lx, at) != "second") and (top == 1) != word_at(lx, at).endswith("s"):
        return Number(i, at + 1, top / bottom * 100, "fraction") if top < bottom else None
    return _one_in(lx, i, at, top, words, hyphen)


def _one_in(lx: Sequence[Lexeme], i: int, at: int, top: float, words: Lexicon, hyphen: bool) -> Number | None:
    if word_at(lx, at) == "out" and word_at(lx, at + 1) == "of":
        at += 2
    elif word_at(lx, at) == "in" and top <= 10:
        at += 2 if hyphen and at + 1 < len(lx) and lx[at + 1].text in HYPHENS else 1
    else:
        return None
    if word_at(lx, at) == "every":
        at += 1
    if at >= len(lx):
        return None
    below = lx[at].value if lx[at].kind == "num" else _plain_word(lx, at, words)
    if below is None or not top < below or below > 1000 or (below > 10 and below % 5 and below != 12):
        return None
    return Number(i, at + 1, top / below * 100, "fraction")


def _plain_word(lx: Sequence[Lexeme], i: int, words: Lexicon) -> float | None:
    word = word_at(lx, i)
    value = words.numbers["units"].get(word, words.numbers["tens"].get(word))
    return 100.0 if word == "hundred" else value


def _article(lx: Sequence[Lexeme], i: int, words: Lexicon) -> Number | None:
    """Numbers that open with an article or a quantifier: "a dozen", "half a million", "a third", "several hundred"."""
    word = word_at(lx, i)
    nxt = word_at(lx, i + 1)
    scales = words.numbers["scales"]
    if word in ("half", "quarter") and (part := _part_of_scale(lx, i, i, words)):
        return part
    if word in ("several", "few") and nxt in scales and nxt != "dozen":
        return _few(lx, i, i + 2, words)
    if word not in ("a", "an"):
        return None
    if nxt == "few" and word_at(lx, i + 2) in scales:
        return _few(lx, i, i + 3, words)
    if nxt == "couple" and word_at(lx, i + 2) == "of" and word_at(lx, i + 3) in scales:
        return Number(i, i + 4, 2.0 * scales[word_at(lx, i + 3)], "words", scaled=True)
    if nxt in scales and not nxt.endswith("s"):
        return _scaled(lx, i, i + 2, float(scales[nxt]), words, False, "words")
    if nxt in ("half", "quarter") and (part := _part_of_scale(lx, i, i + 1, words)):
        return part
    bottom = words.numbers["fractions"].get(nxt)
    if bottom and not nxt.endswith("s") and (_whole_follows(lx, i + 2) or _is_amount(lx, i)):
        return Number(i, i + 2, 100.0 / bottom, "fraction")
    return None


def _part_of_scale(lx: Sequence[Lexeme], i: int, at: int, words: Lexicon) -> Number | None:
    """ "half a million", "half million", "a quarter of a million": `at` is the half or the quarter, `i` its article."""
    end = at + 1
    if lx[end : end + 1] and lx[end].text in HYPHENS and lx[end].glued:
        end += 1
    of = word_at(lx, end) == "of"
    end += of
    end += (of or lx[at].low == "half") and word_at(lx, end) in ("a", "an")  # not "in the quarter a million came"
    scale = words.numbers["scales"].get(word_at(lx, end))
    if not scale or scale < 1000 and word_at(lx, end - 1) not in ("a", "an") or word_at(lx, end).endswith("s"):
        return None
    return Number(i, end + 1, scale / (2 if lx[at].low == "half" else 4), "words", scaled=True)


def _few(lx: Sequence[Lexeme], i: int, end: int, words: Lexicon) -> Number:
    scale = words.numbers["scales"][word_at(lx, end - 1)]
    return Number(i, end, None, "vague", 2.0 * scale, 10.0 * scale, True)


_TIME_FOLLOWS = frozenset({"in", "since", "from", "over", "between", "during", "compared", "to", "on", "after", "and"})


def _whole_follows(lx: Sequence[Lexeme], i: int) -> bool:
    """ "a third of", "a quarter more", "by a third.": a fraction; "a third country", "a quarter later": not."""
    if i >= len(lx) or lx[i].kind in ("line", "sign"):
        return i >= len(lx) or lx[i].kind == "line" or lx[i].text in '.,;:)”"—–'
    return lx[i].low in ("of", "more", "less", "fewer", "higher", "lower", "were", "are", "have", "said", "say", "the")


def _is_amount(lx: Sequence[Lexeme], i: int) -> bool:
    """ "by (more than) a third last year": an amount of change with its time, not "by a third party"."""
    by = "by" in [word_at(lx, k) for k in range(max(0, i - 3), i)]
    return by and i + 2 < len(lx) and (lx[i + 2].kind == "date" or lx[i + 2].low in _TIME_FOLLOWS)


def _vague(lx: Sequence[Lexeme], i: int, words: Lexicon) -> Number | None:
    """Orders of magnitude: "dozens", "hundreds of thousands", "tens of millions"."""
    bounds = words.numbers["vague"].get(word_at(lx, i))
    if bounds is None or (i and lx[i - 1].kind == "num"):
        return None
    low, high = map(float, bounds)
    end = i + 1
    for _ in range(2):
        if word_at(lx, end) != "of":
            break
        scale = words.numbers["scales"].get(word_at(lx, end + 1)) or words.numbers["scales"].get(
            word_at(lx, end + 1).rstrip("s")
        )
        if not scale:
            break
        low, high, end = low * scale, high * scale, end + 2
    if word_at(lx, i) in ("tens", "scores") and end == i + 1:
        return None
    return Number(i, end, None, "vague", low, high, True)


def _cardinal(lx: Sequence[Lexeme], i: int, words: Lexicon) -> Number | None:
    """A cardinal in words: "twenty-one", "three hundred and five thousand". Its scales go down: what follows "one
    hundred and" in "one hundred and one hundred and …" is another number."""
    units, tens, scales = words.numbers["units"], words.numbers["tens"], words.numbers["scales"]
    total, current, end, at = 0.0, 0.0, i, i
    last = above = float("inf")  # the last word's size; the last scale beyond a hundred
    while True:
        word = word_at(lx, at)
        if word == "and" and end > i and last >= 100 and (word_at(lx, at + 1) in units or word_at(lx, at + 1) in tens):
            at += 1
            continue
        if word in units and last >= 10 and (last != 10.5 or units[word] < 10):
            current, last = current + units[word], 1.0
        elif word in tens and last >= 100:
            current, last = current + tens[word], 10.5
        elif word in scales and 0 < current < scales[word] < above and not word.endswith("s"):
            if scales[word] == 100:
                current, last = current * 100, 100.0
            else:
                total, current, last = total + current * scales[word], 0.0, float(scales[word])
                above = last
        else:
            break
        end = at = at + 1
        if at < len(lx) and lx[at].text in HYPHENS and lx[at].glued and _continues(lx, at + 1, words):
            at += 1
    if end == i:
        return None
    number = _scaled(lx, i, end, total + current, words, False, "words", last if 1000 <= last < 1e15 else 1.0)
    return number if last < 100 or number.end > end else Number(i, end, total + current, "words", scaled=True)


def _continues(lx: Sequence[Lexeme], i: int, words: Lexicon) -> bool:
    word = word_at(lx, i)
    return word in words.numbers["units"] or word in words.numbers["scales"]
