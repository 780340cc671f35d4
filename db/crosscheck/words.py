"""Words, stems and runs of words: what texts are compared by.

Numbers are words of their own and keep their decimal point ("6.5" is never "65"); commas that part thousands go, as do
accents, case and the shape of quotation marks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import blake2b
from importlib.resources import files
from math import log

import snowballstemmer
import yaml

WORD = re.compile(
    r"""
      (?P<number> \d+ (?:[,\u00a0\u202f]\d{3})+ (?:\.\d+)? | \d+ (?:\.\d+)? )
    | (?P<percent> per[ ]cent\b | % | pour[ ]cent\b )
    | (?P<word> [^\W\d_]+ (?:['’][^\W\d_]+)* )
    """,
    re.VERBOSE | re.IGNORECASE,
)
PLAIN_MARKS = str.maketrans({"’": "'"} | dict.fromkeys("“”—–…", " "))
# WORD for what most texts are when their marks are plain: ASCII, which is read three times as fast.
PLAIN_WORD = re.compile(r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|per cent\b|%|pour cent\b|[a-z]+(?:'[a-z]+)*")
STEMMERS = {"en": "english", "fr": "french"}
STATEMENTS = 400  # in a news cycle: a stem that is expected once among them weighs 1


@dataclass(frozen=True)
class Lexicon:
    """The word lists of one language; `stop` holds words and their stems."""

    stop: frozenset[str]
    negation: frozenset[str]
    numbers: dict[str, float]
    fractions: dict[str, float]
    also: frozenset[str]
    money: frozenset[str]
    measured: frozenset[str]
    scales: dict[str, float]
    links: frozenset[str]
    offices: frozenset[str]
    former: frozenset[str]
    places: frozenset[str]
    of_whole: tuple[str, ...]
    of_them: tuple[str, ...]
    peoples: tuple[str, ...]
    by: tuple[str, ...]
    title: frozenset[str]
    organisation: frozenset[str]

    @cached_property
    def counting(self) -> frozenset[str]:
        """Words that are numbers or parts of them."""
        return frozenset({*self.numbers, *self.scales, *self.fractions})


@cache
def lexicon(lang: str) -> Lexicon:
    lists = yaml.safe_load(files(__package__).joinpath("words.yml").read_text("utf-8"))
    data = lists[lang if lang in STEMMERS else "en"]
    stop = frozenset(data["stop"].split())
    return Lexicon(
        stop | {stem(w, lang) for w in stop},
        frozenset(data["negation"].split()),
        {str(k): float(v) for k, v in data["numbers"].items()},
        {str(k): float(v) for k, v in data["fractions"].items()},
        frozenset(data["also"].split()),
        frozenset(data["money"].split()),
        frozenset(data["measured"].split()),
        {str(k): float(v) for k, v in data["scales"].items()},
        frozenset(data["links"].split()),
        frozenset(data["offices"].split()),
        frozenset(data["former"].split()),
        frozenset(data["places"].split()),
        tuple(data["of_whole"]),
        tuple(data["of_them"]),
        tuple(data["peoples"].split()),
        tuple(data["by"].split()),
        frozenset(lists["names"]["title"].split()),
        frozenset(lists["names"]["organisation"].split()),
    )


def fold(text: str) -> str:
    """Lower case, no accents, one shape of apostrophe: `Fréchette’s` → `frechette's`."""
    if text.isascii():
        return text.casefold()
    plain = unicodedata.normalize("NFKD", text.replace("’", "'").replace("œ", "oe"))
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()


def words(text: str) -> list[str]:
    """The words of a text in order, folded; numbers without their thousands' commas, every per cent sign `percent`."""
    plain = text.translate(PLAIN_MARKS)
    if not plain.isascii():
        return [word for word, _, _ in words_at(text)]
    return [token if token.isalpha() else _shaped(token) for token in PLAIN_WORD.findall(plain.casefold())]


def _shaped(token: str) -> str:
    if token[0].isdigit():
        return token.replace(",", "")
    return "percent" if token in ("%", "per cent", "pour cent") else token.removesuffix("'s")


def words_at(text: str) -> Iterator[tuple[str, int, int]]:
    """Each word with its offsets into `text`."""
    for match in WORD.finditer(text):
        raw = match.group()
        if match.lastgroup == "number":
            word = re.sub(r"[,\u00a0\u202f]", "", raw)
        elif match.lastgroup == "percent":
            word = "percent"
        else:
            word = fold(raw).removesuffix("'s")
        yield word, match.start(), match.end()


@cache
def _stemmer(lang: str) -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer(STEMMERS.get(lang, "english"))


@cache
def stem(word: str, lang: str = "en") -> str:
    """The Snowball stem of a folded word; numbers stay as they are."""
    return word if word[0].isdigit() else _stemmer(lang).stemWord(word)


def stems(text: str, lang: str = "en") -> list[str]:
    return [stem(w, lang) for w in words(text)]


def content_stems(text: str, lang: str = "en") -> frozenset[str]:
    """The stems that say what a text is about: no function words, no verbs of reporting, no numbers."""
    found = {_content_stem(word, lang) for word in words(text)}
    return frozenset(found - {None})  # type: ignore[arg-type]


@cache
def _content_stem(word: str, lang: str) -> str | None:
    listed, root = lexicon(lang), stem(word, lang)
    number = word[0].isdigit() or word in listed.counting
    return None if number or len(word) == 1 or listed.stop & {word, root} else root


@cache
def _common(lang: str) -> dict[str, float]:
    """Stem → statements in a thousand that have it."""
    tiers = yaml.safe_load(files(__package__).joinpath("common.yml").read_text("utf-8"))[
        lang if lang in STEMMERS else "en"
    ]
    return {word: float(share) for share, listed in tiers.items() for word in listed.split()}


@cache
def weight(stem: str, lang: str = "en") -> float:
    """How telling a stem is, 0..1: the square of its relative inverse frequency among `STATEMENTS` statements, so that
    common words weigh little."""
    smoothed = STATEMENTS * 1.5
    count = _common(lang).get(stem, 0.0) * STATEMENTS / 1000 + 0.5
    return min(1.0, (log(smoothed / count) / log(smoothed)) ** 2)


def runs(tokens: Sequence[str], n: int) -> frozenset[tuple[str, ...]]:
    """The n-grams of a list of words."""
    return frozenset(tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1))


def containment(a: frozenset, b: frozenset) -> float:
    """The share of the smaller set that stands in the other: 1.0 for a part of a whole, where Jaccard would be low."""
    smaller = min(len(a), len(b))
    return len(a & b) / smaller if smaller else 0.0


def stable_hash(*parts: object) -> int:
    """A hash, 0 to 2⁶³-1, that is the same in every process (Python's own is salted)."""
    digest = blake2b("\x1f".join(map(str, parts)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1
