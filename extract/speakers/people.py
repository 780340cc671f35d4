"""The people of one article: which names are one person, what they are called in full, their roles and gender."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field

from spacy.tokens import Doc

from extract.lexicon import lexicon
from extract.speakers.names import Name, find_names, fold, given_names, role_head

_PRONOUN = re.compile(r"\b(he|him|his|himself|she|her|hers|herself)\b", re.IGNORECASE)
_PLACED = re.compile(
    r"\b(?:in|across|outside|throughout|near|(?:government|province|city|town|state|people|capital) of) "
    r"([A-ZÀ-Ý][\w-]+(?: [A-ZÀ-Ý][\w-]+)*)(?![\w’'])"
)
_MEMORY = 40  # names: nobody means one from further back
_FEMALE = {"she", "her", "hers", "herself"}


@dataclass(eq=False, slots=True)
class Person:
    """Someone named in an article. `full` is set while no first name is known to differ."""

    names: list[Name] = field(default_factory=list)
    gender: str | None = None

    @property
    def canonical(self) -> str:
        """The longest form's most frequent spelling; the first printed on a tie."""
        full = [n for n in self.names if len(n.tokens) > 1] or self.names
        counts = Counter(" ".join(n.tokens) for n in full)
        return max(counts, key=lambda name: counts[name])

    @property
    def is_full(self) -> bool:
        return any(len(n.tokens) > 1 for n in self.names)

    @property
    def role(self) -> str | None:
        """As printed at the first name that has one."""
        return next((n.role for n in self.names if n.role), None)

    @property
    def roles(self) -> list[str]:
        return [n.role for n in self.names if n.role]

    @property
    def heads(self) -> set[str]:
        return {head for role in self.roles if (head := role_head(role))}


class People:
    """All persons of a text, looked up by where their names stand."""

    def __init__(self, doc: Doc) -> None:
        self.all: list[Person] = []
        self._by_key: dict[str, list[Person]] = {}
        self.mentions: list[tuple[Name, Person]] = []
        self.places = places(doc)
        names = [n for n in find_names(doc) if n.titled or n.evidence >= 3 or " ".join(n.tokens) not in self.places]
        for name in sorted(names, key=lambda n: (len(n.tokens) == 1, n.start)):
            person = self._known(name)
            if person is None and (len(name.tokens) > 1 or name.evidence >= 1):
                person = self._add(name.key)
            if person is not None:
                person.names.append(name)
                self.mentions.append((name, person))
        self.mentions.sort(key=lambda m: m[0].start)
        self._starts = [name.start for name, _ in self.mentions]
        for person in self.all:
            person.names.sort(key=lambda n: n.start)
            person.gender = _gender(person)

    def _add(self, key: str) -> Person:
        self.all.append(Person())
        self._by_key.setdefault(key, []).append(self.all[-1])
        return self.all[-1]

    def _known(self, name: Name) -> Person | None:
        """The person whose name this is: same surname and no other first name or gender."""
        matching = [p for p in self._by_key.get(name.key, ()) if _same(p, name)]
        if len(name.tokens) > 1 or len(matching) < 2:
            return matching[0] if matching else self._by_first(name)
        before = [p for p in matching if p.names[0].start < name.start]
        return max(
            before or matching, key=lambda p: max(n.start for n in p.names if n.start < name.start or not before)
        )

    def _by_first(self, name: Name) -> Person | None:
        if len(name.tokens) > 1 or name.titled:
            return None
        return next((p for p in self.all if p.is_full and fold(p.names[0].tokens[0]) == name.key), None)

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
    """Names that the article treats as places: entities, "in X", "the government of X"."""
    named = {e.text.removeprefix("the ") for e in doc.ents if e.label_ == "LOC"}
    return frozenset(named | {m[1] for m in _PLACED.finditer(doc.text)})


def _same(person: Person, name: Name) -> bool:
    known = person.names[0]
    if name.gender and any(n.gender and n.gender != name.gender for n in person.names):
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
