"""Names of people as they stand in a text, with the titles, roles and genders printed beside them.

Character-level rules over capitalised words, with the encoder's entities as evidence where there are any: they must
hold on a text without entities as well. Developed on the cross-check corpus, the three articles and PolNeAR's sources.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import dropwhile

from spacy.lang.en.stop_words import STOP_WORDS
from spacy.tokens import Doc

from extract.lexicon import lexicon, words

_CAP = r"[A-ZÀ-ÖØ-Þ](?:[\w]*(?:[’'][A-ZÀ-ÖØ-Þ]\w+)?(?:-\w+)*)\.?"
_PARTICLE = r"(?:de la|de los|de|du|des|della|di|da|dos|la|le|van der|van den|van|von|der|den|bin|ben|al|el|ter)"
_SEQUENCE = re.compile(rf"(?<![\w’'-]){_CAP}(?:[ \u00a0](?:{_PARTICLE}[ \u00a0])?{_CAP})*")
_TOKEN = re.compile(r"\S+")
_ABBREVIATED = re.compile(
    r"(?:[A-Z]\.)+$|(?:Mr|Mrs|Ms|Dr|St|Ste|Jr|Sr|Hon|Rt|Prof|Rev|Sen|Gov|Rep|Gen|Col|Capt|Lt|Sgt)\.$"
)
_LEFT_WORD = re.compile(r"([\w’'.&-]+)[ \u00a0]$")
_AFTER = re.compile(
    r",\s+([^\s,.;:“”\"()–—]{1,40}(?:\s[^\s,.;:“”\"()–—]{1,40}){0,13}?)(?=[,.;:“”\"()–—\n]|$|\s(?:said|says|told|who|and|has|is|was)\b)"
)
_BEFORE = re.compile(r"((?:[Tt]he|[Aa]n?|[Oo]ur|\w+[’']s)\s(?:[\w’'.-]{1,40}\s){0,8}[\w’'.-]{1,40}),\s$")
_THE = re.compile(r"\b[Tt]he\s\Z")
_PREPOSITIONS = {"of", "for", "at", "in", "from", "with", "on", "to", "who", "that", "near", "responsible"}
_RELATIVE_TO = {"counterpart", "colleague", "rival", "predecessor", "successor", "ally", "partner", "deputy"}
_GENTLE = {"male": "m", "female": "f"}


@dataclass(frozen=True, slots=True)
class Name:
    """One person's name in the text. `start`..`end` hold the name alone, `tokens` its words.

    `role` is printed beside it, without a leading article; `gender` is m or f by a title of address. `evidence` says
    how sure it is that this is a person: 0 for capitalised words with nothing else, which `People` takes for a person
    only when there are several of them or when they repeat a known surname.
    """

    start: int
    end: int
    tokens: tuple[str, ...]
    role: str | None
    titled: bool
    gender: str | None
    evidence: float

    @property
    def key(self) -> str:
        """The folded surname."""
        return fold(self.tokens[-1])


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int

    @property
    def low(self) -> str:
        return self.text.casefold().rstrip(".")


def fold(text: str) -> str:
    """Lower case without accents, apostrophes made one: "LeBlanc" and "Leblanc" are one person."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "'"))
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold().strip(" .'")


@cache
def given_names() -> dict[str, str]:
    """Folded given name → m or f."""
    rows = files("extract").joinpath("patterns", "genders.tsv").read_text(encoding="utf-8").splitlines()
    return {fold(name): sex for name, sex in (row.split("\t") for row in rows if not row.startswith("#"))}


@cache
def honorifics() -> dict[str, str | None]:
    table = lexicon("roles")["honorifics"]
    return {str(word): _GENTLE.get(kind) for kind, entries in table.items() for word in entries}


def is_role(word: str) -> bool:
    """Whether a word is a role's head, singular or plural."""
    low = word.casefold()
    known = words("roles", "heads") | words("roles", "spokespeople")
    return low in known or (low.endswith("s") and low[:-1] in known)


def role_head(phrase: str) -> str | None:
    """The head of a description, singular and folded: "the federal immigration ministers" → "minister".

    Words after a preposition or a comma do not count; compounds stay whole ("prime minister").
    """
    tokens = re.split(r"[ \u00a0]+", re.split(r",|\s(?:who|that|which)\s", phrase.strip(), maxsplit=1)[0].strip())
    cut = next((n for n, t in enumerate(tokens) if n and t.casefold() in _PREPOSITIONS), len(tokens))
    kept = [re.sub(r"[’']s?$", "", t).casefold() for t in tokens[:cut]]
    if not kept:
        return None
    compound = " ".join(kept[-2:])
    for form in (compound, compound.removesuffix("s"), compound.replace("-", " ")):
        if form in words("roles", "compounds") or form in words("roles", "heads"):
            return form
    last = kept[-1]
    if not is_role(last):
        return None
    known = words("roles", "heads") | words("roles", "spokespeople")
    return last if last in known else last[:-1]


def find_names(doc: Doc) -> list[Name]:
    """The names of people in order. Names of bodies and places are left out as far as words and entities tell."""
    text = doc.text
    labels = _labels(doc)
    found = []
    for match in _SEQUENCE.finditer(text):
        for tokens in _cut(_words(text, match.start(), match.end())):
            name = _name(text, tokens, labels)
            if name is not None:
                found.append(name)
    return found


def _labels(doc: Doc) -> dict[int, str]:
    """Character → label of the entity there."""
    return {i: ent.label_ for ent in doc.ents for i in range(ent.start_char, ent.end_char)}


def _words(text: str, start: int, end: int) -> list[_Word]:
    found = []
    for match in _TOKEN.finditer(text, start, end):
        word, stop = match.group(), match.end()
        if word.endswith(".") and not (_ABBREVIATED.match(word) and stop < len(text)):
            word, stop = word[:-1], stop - 1
        found.append(_Word(word, match.start(), stop))
    return found


def _cut(tokens: list[_Word]) -> Iterator[list[_Word]]:
    """A sequence cut where a sentence ends within it: a word with a period that is no abbreviation."""
    piece: list[_Word] = []
    for n, token in enumerate(tokens):
        piece.append(token)
        following = tokens[n + 1] if n + 1 < len(tokens) else None
        if following is not None and following.start - token.end > 1:
            yield piece
            piece = []
    if piece:
        yield piece


def _name(text: str, tokens: list[_Word], labels: dict[int, str]) -> Name | None:
    tokens = list(dropwhile(lambda t: t.low in STOP_WORDS and t.low not in honorifics(), tokens))
    gender, titled, role_start = None, False, None
    cut = 0
    for n, token in enumerate(tokens):
        if token.low in honorifics() and n + 1 < len(tokens):
            gender, titled, cut = honorifics()[token.low] or gender, True, n + 1
        elif is_role(token.text) and not _label(tokens[n : n + 1], labels, "PERSON"):
            titled, role_start, cut = True, tokens[0].start, n + 1
    named = tokens[cut:]
    if not named or len(named) > 5 or not _plausible(named):
        return None
    role = text[role_start : named[0].start].strip() if role_start is not None and titled else None
    if role is not None:
        role = _left(text, role_start or 0) + _without_honorific(role)
    role = role or _role_before(text, named[0].start)
    evidence = _evidence(named, labels, titled or role is not None)
    if role is None and (len(named) > 1 or evidence > 0):
        role = _role_after(text, named[-1].end)
        evidence += 1.0 if role else 0.0
    doubtful = evidence < 0 and len(named) > 1  # a single name may still repeat a known surname
    if not titled and (doubtful or (evidence < 2 and _THE.search(text[max(0, named[0].start - 5) : named[0].start]))):
        return None
    return Name(named[0].start, named[-1].end, tuple(w.text for w in named), role or None, titled, gender, evidence)


def _plausible(named: list[_Word]) -> bool:
    """Whether the words can be a name at all: no place, body, month or weekday among them."""
    whole = " ".join(w.text for w in named)
    if fold(whole) in _places():
        return False
    last = named[-1].low
    return not any(w.low in _not_names() for w in named) and last not in words("organisations", "heads")


@cache
def _places() -> frozenset[str]:
    table = lexicon("governments")
    entries = [*table["capitals"], *table["provinces"], *table["territories"], *table["states"], *table["countries"]]
    return frozenset(fold(str(e).removeprefix("the ")) for e in [*entries, *table["adjectives"]])


@cache
def _not_names() -> frozenset[str]:
    days = "monday tuesday wednesday thursday friday saturday sunday"
    months = "january february march april june july august september october november december"
    others = "canada quebec québec street avenue road act bill university college police board press post times news"
    return frozenset(f"{days} {months} {others}".split()) | frozenset(
        w
        for w in words("organisations", "heads")
        if w not in {"force", "state", "town", "crown", "house", "bank", "church", "village"}
    )


def _label(tokens: list[_Word], labels: dict[int, str], label: str) -> bool:
    return bool(tokens) and all(labels.get(t.start) == label for t in tokens)


def _evidence(named: list[_Word], labels: dict[int, str], titled: bool) -> float:
    evidence = 2.0 if titled else 0.0
    seen = {labels.get(w.start) for w in named}
    if "PERSON" in seen:
        evidence += 2.0 if seen == {"PERSON"} else 0.5
    elif seen & {"ORG", "LOC", "MISC"}:
        evidence -= 1.5
    if len(named) > 1 and fold(named[0].text) in given_names():
        evidence += 1.0
    if len(named) > 3:
        evidence -= 0.5
    return evidence


def _without_honorific(role: str) -> str:
    return " ".join(w for w in role.split() if w.casefold().rstrip(".") not in honorifics() or is_role(w))


def _left(text: str, start: int) -> str:
    """Words before a capitalised role that belong to it: "federal", "Quebec’s newly named"."""
    kept: list[str] = []
    position = start
    while len(kept) < 5 and (match := _LEFT_WORD.search(text, max(0, position - 40), position)):
        word = match[1]
        possessive = re.search(r"[’']s$", word) is not None
        modifier = (
            word.islower() and word not in STOP_WORDS and word.endswith(("al", "er", "ed", "ly", "ing", "im", "ime"))
        )
        if not (possessive and word[0].isupper()) and not modifier and word not in {"newly", "then", "city", "state"}:
            break
        kept.append(word)
        position = match.start(1)
        if possessive:
            break
    return "".join(f"{word} " for word in reversed(kept))


def _role_before(text: str, start: int) -> str | None:
    """A role in small letters right before the name ("Quebec lieutenant X"), or set off by a comma ("the mayor, X")."""
    near = text[max(0, start - 60) : start]
    if (match := _BEFORE.search(near)) and role_head(match[1]):
        return bare(match[1])
    kept: list[str] = []
    position = start
    while len(kept) < 6 and (match := _LEFT_WORD.search(text, max(0, position - 40), position)):
        word = match[1]
        if not kept and not (is_role(word) and word.casefold() not in _RELATIVE_TO):
            return None
        if kept and (word.casefold() in STOP_WORDS or word.endswith((".", ","))):
            break
        if kept and word.islower() and re.search(r"(?:ed|ing|s)$", word) and not re.search(r"ss$", word):
            break
        kept.append(word)
        position = match.start(1)
    return " ".join(reversed(kept)) or None


def _role_after(text: str, end: int) -> str | None:
    """A role set off after the name: "X, the province’s immigration minister,"."""
    match = _AFTER.match(text, end)
    if match is None:
        return None
    phrase = match[1].strip()
    head = role_head(phrase)
    if head is None or phrase.split()[0].casefold() in {"and", "or", "but", "when", "as", "who"}:
        return None
    return bare(phrase)


def bare(phrase: str) -> str:
    """A description without its article or number: "the two federal ministers" → "federal ministers"."""
    tokens = phrase.strip().split()
    lead = {"the", "a", "an", "two", "three", "four", "both", "all", "one", "some", "several"}
    while len(tokens) > 1 and tokens[0].casefold() in lead:
        tokens = tokens[1:]
    return " ".join(tokens)
