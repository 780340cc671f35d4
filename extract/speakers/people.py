"""The people of one article: which names are one person, what they are called in full, their roles and gender."""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from spacy.tokens import Doc

from extract.lexicon import lexicon
from extract.speakers.names import Name, find_names, fold, given_names, role_head

_PRONOUN = re.compile(r"\b(he|him|his|himself|she|her|hers|herself)\b", re.IGNORECASE)
_PLACED = re.compile(
    r"\b(?:in|across|outside|throughout|near|(?:government|province|city|town|state|people|capital) of) "
    r"([A-ZÀ-Ý][\w-]+(?: [A-ZÀ-Ý][\w-]+)*)(?![\w’'])"
)
_RESIDENT = re.compile(
    r"\b(?i:an?|one|two|three|some|several|many|most) (?P<place>[A-ZÀ-Ý][\w-]+(?: [A-ZÀ-Ý][\w-]+)?) "
    r"(?:resident|landlord|tenant|homeowner)s?\b"
)
_MEMORY = 40  # names: nobody means one from further back
_FEMALE = {"she", "her", "hers", "herself"}


@dataclass(eq=False)
class Person:
    """Someone named in an article. What follows from `names` is kept once it is asked for: by then all are known."""

    names: list[Name] = field(default_factory=list)
    gender: str | None = None
    genders: set[str] = field(default_factory=set)  # by the names' titles of address
    starts: list[int] = field(default_factory=list)  # of the names, in order

    def add(self, name: Name) -> None:
        self.names.append(name)
        insort(self.starts, name.start)
        if name.gender:
            self.genders.add(name.gender)

    @cached_property
    def canonical(self) -> str:
        """The longest form's most frequent spelling; the first printed on a tie."""
        full = [n for n in self.names if len(n.tokens) > 1] or self.names
        counts = Counter(" ".join(n.tokens) for n in full)
        return max(counts, key=lambda name: counts[name])

    @cached_property
    def is_full(self) -> bool:
        return any(len(n.tokens) > 1 for n in self.names)

    @property
    def role(self) -> str | None:
        """As printed at the first name that has one."""
        return self.roles[0] if self.roles else None

    @cached_property
    def roles(self) -> list[str]:
        """All that are printed, each once."""
        return list(dict.fromkeys(n.role for n in self.names if n.role))

    @cached_property
    def heads(self) -> set[str]:
        return {head for role in self.roles if (head := role_head(role))}


class People:
    """All persons of a text, looked up by where their names stand."""

    def __init__(self, doc: Doc) -> None:
        self.all: list[Person] = []
        self._by_key: dict[str, list[Person]] = {}
        self._by_given: dict[str, Person] = {}
        self.mentions: list[tuple[Name, Person]] = []
        self.places = places(doc)
        names = [n for n in find_names(doc) if n.titled or n.evidence >= 3 or " ".join(n.tokens) not in self.places]
        for name in sorted(names, key=lambda n: (len(n.tokens) == 1, n.start)):
            person = self._known(name)
            if person is None and (len(name.tokens) > 1 or name.evidence >= 1):
                person = self._add(name)
            if person is not None:
                person.add(name)
                self.mentions.append((name, person))
        self.mentions.sort(key=lambda m: m[0].start)
        self._starts = [name.start for name, _ in self.mentions]
        for person in self.all:
            person.names.sort(key=lambda n: n.start)
            person.gender = _gender(person)

    def _add(self, name: Name) -> Person:
        person = Person()
        self.all.append(person)
        self._by_key.setdefault(name.key, []).append(person)
        if len(name.tokens) > 1:
            self._by_given.setdefault(fold(name.tokens[0]), person)
        return person

    def _known(self, name: Name) -> Person | None:
        """The person whose name this is: same surname and no other first name or gender."""
        matching = [p for p in self._by_key.get(name.key, ()) if _same(p, name)]
        if len(name.tokens) > 1 or len(matching) < 2:
            return matching[0] if matching else self._by_first(name)
        before = [p for p in matching if p.names[0].start < name.start]
        if not before:
            return max(matching, key=lambda p: p.starts[-1])
        return max(before, key=lambda p: p.starts[bisect_left(p.starts, name.start) - 1])

    def _by_first(self, name: Name) -> Person | None:
        if len(name.tokens) > 1 or name.titled:
            return None
        return self._by_given.get(name.key)

    @cached_property
    def by_first_key(self) -> dict[str, Person]:
        """Folded surname of a person's first mention → the first such person."""
        return {person.names[0].key: person for person in reversed(self.all)}

    def within(self, start: int, end: int) -> list[tuple[Name, Person]]:
        """The names that stand wholly in `start`..`end`, in order."""
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return [(n, p) for n, p in self.mentions[first:last] if n.end <= end]

    def before(self, position: int) -> list[tuple[Name, Person]]:
        """The last names that end before `position`, nearest first, at most `_MEMORY` of them."""
        last = bisect_left(self._starts, position)
        return [(n, p) for n, p in reversed(self.mentions[max(0, last - _MEMORY) : last]) if n.end <= position]

    def after(self, position: int) -> list[tuple[Name, Person]]:
        """The next names from `position` on, at most a dozen."""
        first = bisect_left(self._starts, position)
        return self.mentions[first : first + 12]


def places(doc: Doc) -> frozenset[str]:
    """Names that the article treats as places: entities, "in X", "the government of X", "an X landlord"."""
    named = {e.text.removeprefix("the ") for e in doc.ents if e.label_ == "LOC"}
    return frozenset(named | {name for _, name in home_towns(doc)} | {m[1] for m in _PLACED.finditer(doc.text)})


def home_towns(doc: Doc) -> list[tuple[int, str]]:
    """The ends and names of places that only their people tell: "a Port Ellen landlord", not "a Catholic landlord"."""
    beliefs = {e.text for e in doc.ents if e.label_ == "MISC"}
    return [(m.end("place"), m["place"]) for m in _RESIDENT.finditer(doc.text) if m["place"] not in beliefs]


def _same(person: Person, name: Name) -> bool:
    known = person.names[0]
    if name.gender and person.genders - {name.gender}:
        return False
    if len(name.tokens) == 1 or len(known.tokens) == 1:
        return True
    one, other = fold(known.tokens[0]), fold(name.tokens[0])
    return one == other or (min(len(one), len(other)) == 1 and one[0] == other[0])


def _gender(person: Person) -> str | None:
    """By title of address, else by a gendered role; a given name is used only in doubt, see `weak_gender`."""
    titles = Counter(n.gender for n in person.names if n.gender)
    if titles:
        return titles.most_common(1)[0][0]
    table = lexicon("roles")["gendered"]
    for role in person.roles:
        tokens = {fold(t) for t in role.split()}
        if tokens & set(table["female"]):
            return "f"
        if tokens & set(table["male"]):
            return "m"
    return None


def weak_gender(person: Person) -> str | None:
    """What a list of given names suggests."""
    full = next((n for n in person.names if len(n.tokens) > 1), None)
    if full is None:
        return None
    first = fold(full.tokens[0])
    return given_names().get(first) or given_names().get(first.split("-")[0])


def pronoun_gender(text: str) -> str | None:
    """m, f or None for a mention that is a third-person pronoun."""
    match = _PRONOUN.fullmatch(text.strip())
    if match is None:
        return None
    return "f" if match[1].casefold() in _FEMALE else "m"
