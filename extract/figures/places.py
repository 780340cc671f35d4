"""Places in a text and the place a figure is about."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from spacy.tokens import Doc

from .lexer import Lexeme
from .lexicon import Lexicon
from .numbers import word_at

_OUTSIDE = frozenset({"outside", "excluding", "except", "beyond"})
_LONGEST = 5
_DASHES = frozenset("—–-")
_CURRENCY = "$€£¥"  # "US$" is none, though the model may say so
_ROLES = {"province word": "place", "country word": "place", "entity": "place", "federal word": "government"}
_IN = frozenset({"in", "across", "by", "throughout", "within", "at", "into", "inside", "around"}) | _OUTSIDE
_WHERE = _IN | {"to", "of", "for", "from", "with", "between"}


@dataclass(frozen=True, slots=True)
class Place:
    """A mention of a place, `printed` so. `role`: place, government (who acts), adjective (where something comes from),
    word; `also`: the place joined to it by "and"."""

    start: int
    end: int
    name: str
    role: str
    case: str
    also: str = ""
    printed: str = ""


@dataclass(frozen=True, slots=True)
class Located:
    """The place of a figure and what that rests on."""

    name: str | None = None
    basis: str | None = None

    def passed_on(self, scope: str) -> Located:
        """The same for a figure that takes it over; `scope` says from where."""
        return Located(self.name, f"{(self.basis or '').split(' (')[0]} ({scope})".strip() if self.name else None)


Gazetteer = dict[tuple[str, ...], tuple[str, str]]


def gazetteer(places: dict[str, object]) -> Gazetteer:
    """Phrase in lower case → (canonical name, role), from places.yml."""
    table: Gazetteer = {}
    for group in ("countries", "regions", "provinces"):
        for name, others in places[group].items():  # type: ignore[attr-defined]
            for other in others:
                table[_key(other)] = (name, "place" if len(other.replace(".", "")) <= 3 else "adjective")
            table[_key(name)] = (name, "place")
    for cities in places["cities"].values():  # type: ignore[attr-defined]
        for city in cities:
            table[_key(city)] = (city.title(), "place")
    for name, bodies in places["governments"].items():  # type: ignore[attr-defined]
        for body in bodies:
            table[_key(body)] = (name, "government")
    for word in places["federal_words"]:  # type: ignore[attr-defined]
        table[_key(word)] = ("", "federal word")
    for word in places["country_words"]:  # type: ignore[attr-defined]
        table[_key(word)] = ("", "country word")
    for word in places["province_words"]:  # type: ignore[attr-defined]
        table[_key(word)] = ("", "province word")
    return table


def _key(name: str) -> tuple[str, ...]:
    return tuple(name.lower().rstrip(".").replace("’", "'").replace("-", " - ").split())


def find_places(doc: Doc, lx: Sequence[Lexeme], words: Lexicon, table: Gazetteer) -> list[Place]:
    """All mentions in order. "the province" is the province the article speaks of most; "the country" is the country of
    places.yml if the text names a place of it. What they stand for may be unknown: then their name is empty."""
    spoken = _Settings.of(words.places["settings"])
    raw = list(_matches(lx, table, spoken)) + _entities(doc, lx, table, spoken)
    raw.sort(key=lambda p: (p.start, -p.end))
    named, home = [p for p in raw if p.name], _home(words)
    provinces = Counter(p.name for p in named if p.name in words.places["provinces"])
    invented = Counter(p.name for p in named if p.role == "entity")
    named_times = provinces + invented
    first = {p.name: -p.start for p in reversed(named)}
    province = max(provinces or invented, key=lambda n: (named_times[n], first[n]), default="")
    country = str(words.places["country"]) if not home.isdisjoint(p.name for p in raw) else ""
    default = {"province word": province, "country word": country, "federal word": country}
    found: list[Place] = []
    for place in raw:
        name = place.name or default.get(place.role, "")
        role = _ROLES.get(place.role, place.role)
        if not (found and place.start < found[-1].end):
            found.append(Place(place.start, place.end, name, role, place.case))
    return [_printed(place, behind, doc.text) for place, behind in zip_longest(found, found[1:])]


def _printed(place: Place, behind: Place | None, text: str) -> Place:
    """With its words, and with the place that "and" joins to it: "in Quebec and Ontario" is in both."""
    joined = behind is not None and behind.role == place.role and text[place.end : behind.start] == " and "
    if behind is None or not joined or behind.name in ("", place.name):
        return replace(place, printed=text[place.start : place.end])
    return replace(place, also=behind.name, printed=text[place.start : behind.end])


def _home(words: Lexicon) -> frozenset[str]:
    """The names of the country of places.yml, its provinces and their cities."""
    provinces = words.places["provinces"]
    cities = (city.title() for name, group in words.places["cities"].items() if name in provinces for city in group)
    return frozenset({str(words.places["country"]), *provinces, *cities})


@dataclass(frozen=True, slots=True)
class _Settings:
    """Words before a place that make it the place where somebody speaks."""

    occasions: frozenset[str]
    said: frozenset[str]
    between: frozenset[str]

    @classmethod
    def of(cls, lists: dict[str, list[str]]) -> _Settings:
        return cls(*(frozenset(w.lower() for w in lists[key]) for key in ("occasions", "said", "between")))

    def hold(self, lx: Sequence[Lexeme], i: int, end: int) -> bool:
        """Whether lexemes `i` to `end` are the town of a news conference and no place of figures."""
        at = i - 1
        if word_at(lx, at) not in ("in", "at"):
            return False
        at -= 1
        while word_at(lx, at) in self.between:
            at -= 1
        ends = end >= len(lx) or lx[end].kind in ("sign", "line") or word_at(lx, end) in self.between
        return word_at(lx, at) in self.occasions or (ends and word_at(lx, at) in self.said)


def _matches(lx: Sequence[Lexeme], table: Gazetteer, spoken: _Settings) -> list[Place]:
    found: list[Place] = []
    openers = {key[0] for key in table}
    i = 0
    while i < len(lx):
        hit = _match(lx, i, table) if lx[i].low in openers or "'" in lx[i].low else None
        if hit is None:
            i += 1
            continue
        (name, role), end = hit
        if _is_compound(lx, i, table) or _is_dateline(lx, i, end) or spoken.hold(lx, i, end):
            i = end
            continue
        found.append(Place(lx[i].start, lx[end - 1].end, name, role, _case(lx, i)))
        i = end
    return found


def _match(lx: Sequence[Lexeme], i: int, table: Gazetteer) -> tuple[tuple[str, str], int] | None:
    if lx[i].kind != "word":
        return None
    for size in range(min(_LONGEST, len(lx) - i), 0, -1):
        key = tuple(
            x.low.removesuffix("'s").rstrip("'") if k == size - 1 else x.low for k, x in enumerate(lx[i : i + size])
        )
        hit = table.get(key)
        if hit is not None and (lx[i].text[0].isupper() or hit[1].endswith("word") or size > 1 or key[0] == "federal"):
            return None if key == ("us",) and not lx[i].text.isupper() else (hit, i + size)
    return None


def _is_compound(lx: Sequence[Lexeme], i: int, table: Gazetteer) -> bool:
    """ "Port-London" is not London; "the Ontario-Quebec border" is of both."""
    if i < 2 or lx[i - 1].text != "-" or not (lx[i].glued and lx[i - 1].glued):
        return False
    return lx[i - 2].text[0].isupper() and (lx[i - 2].low,) not in table


def _is_dateline(lx: Sequence[Lexeme], i: int, end: int) -> bool:
    """ "OTTAWA — …", "Port Amarell – …": where an article was written, not what it is about."""
    opens = i == 0 or lx[i - 1].kind == "line"
    dash = end < len(lx) and lx[end].text in _DASHES and not lx[end].glued
    return opens and (dash or (lx[i].text.isupper() and len(lx[i].text) > 3))


def _case(lx: Sequence[Lexeme], i: int) -> str:
    """The preposition before a place, articles and adjectives skipped."""
    at = i - 1
    for _ in range(3):
        word = word_at(lx, at)
        if word in _WHERE:
            return word
        if word not in ("the", "all", "western", "eastern", "northern", "southern", "and", "rest"):
            return ""
        at -= 1
    return ""


def _entities(doc: Doc, lx: Sequence[Lexeme], table: Gazetteer, spoken: _Settings) -> list[Place]:
    """Places the model knows and the gazetteer does not. A name that is a place once is one wherever it stands, though
    the model takes it for a body where it acts ("Northmark is sending a bill")."""
    found: list[Place] = []
    by_start = {x.start: i for i, x in enumerate(lx)}
    known = {e.text for e in doc.ents if e.label_ in ("LOC", "GPE")}
    for entity in doc.ents:
        if entity.text in known and entity.start_char in by_start:
            text = entity.text.strip()
            at = by_start[entity.start_char]
            end = next((n for n in range(at, len(lx)) if lx[n].start >= entity.end_char), len(lx))
            if _is_dateline(lx, at, end) or spoken.hold(lx, at, end):
                continue
            if _key(text) not in table and text[:1].isupper() and text[-1] not in _CURRENCY:
                found.append(Place(entity.start_char, entity.end_char, text, "entity", _case(lx, at)))
    return found


@dataclass(frozen=True, slots=True)
class Where:
    """Where a figure stands: its span; the characters of its clause, of the part of its sentence that its claim covers,
    of the sentence; where the next figure begins and the last one ended; whether it is a share, or money given away."""

    start: int
    end: int
    clause: tuple[int, int]
    part: tuple[int, int]
    sentence: tuple[int, int]
    after: int
    before: int
    share: bool = False
    money: bool = False


def place_of(where: Where, places: Sequence[Place], inherited: Located) -> Located:
    """The place of a figure: "in PLACE" behind it or before it, the subject of its clause ("Quebec hosts …"), who acts;
    in the clause, then in the sentence; then `inherited` (from the figure before, or what the article is about).
    `places` are in the order of the text. The basis is the name as printed, with how far off it stands."""
    spans = (where.clause, where.part, where.sentence)
    first, last = (bisect_left(places, at, key=lambda p: p.start) for at in (min(spans)[0], max(e for _, e in spans)))
    known = [p for p in places[first:last] if p.role != "adjective"]
    scopes = [[p for p in known if low <= p.start < high] for low, high in spans]
    clause, part, sentence = scopes
    order = [(_owner, clause), (_behind, clause), (_ahead, clause), (_subject, clause), (_recipient, clause)]
    order += [(_behind, part), (_ahead, part), (_subject, part), (_recipient, part), (_subject, sentence)]
    order += [] if where.money else [(_government, clause), (_government, part), (_government, sentence)]
    if where.share:
        order = [(_owner, clause), (_subject, clause), (_subject, part), *order]
    place = next(filter(None, (rule(where, near) for rule, near in order)), None)
    if place is None:
        return inherited
    return Located(scoped(place), place.printed + ("" if place in clause else " (sentence)"))


def _owner(where: Where, near: list[Place]) -> Place | None:
    """ "the country's 289,047 asylum seekers": whose they are."""
    return next((p for p in near if p.role == "place" and 0 <= where.start - p.end <= len("’s ")), None)


def _behind(where: Where, near: list[Place]) -> Place | None:
    """ "65,570 were received in Quebec": up to the next figure."""
    return next((p for p in near if where.end <= p.start < where.after and p.case in _IN), None)


def _ahead(where: Where, near: list[Place]) -> Place | None:
    """ "In Quebec, 65,570 were received": back to the figure before."""
    found = [
        p for p in near if where.before <= p.start and p.end <= where.start and p.case in _IN and p.role == "place"
    ]
    return found[-1] if found else None


def _subject(where: Where, near: list[Place]) -> Place | None:
    found = [p for p in near if p.end <= where.start and p.role == "place" and not p.case]
    own = [p for p in found if p.start >= where.before]
    return own[0] if own else found[-1] if found else None


def _recipient(where: Where, near: list[Place]) -> Place | None:
    """Money given to a place, or any other place named in the clause."""
    if not where.money:
        return None
    return next((p for p in near if p.role == "place" and p.case not in ("from", "of")), None)


def _government(where: Where, near: list[Place]) -> Place | None:
    found = [p for p in near if p.role == "government" and p.end <= where.start]
    return found[0] if found else next((p for p in near if p.role == "government"), None)


def default_place(places: Sequence[Place], words: Lexicon) -> str | None:
    """The country, province or unknown place that the article speaks of most: where its figures are by default. One
    mention of an unknown place is no subject."""
    home = _home(words)
    foreign = set(words.places["countries"]) | set(words.places["regions"])
    counts: Counter[str] = Counter()
    for place in places:
        if place.name and place.role != "adjective" and (place.name in home or place.name not in foreign):
            counts[place.name] += 1
    return next((name for name, n in counts.most_common() if n > 1 or name in home), None)


def scoped(place: Place) -> str | None:
    """The name, with "outside" where the figure leaves that place out; None for "the country" where nobody names it."""
    if not place.name:
        return None
    name = f"{place.name} and {place.also}" if place.also else place.name
    return f"outside {name}" if place.case in _OUTSIDE else name
