"""People by description: "the minister", "both leaders", "a provincial official who asked not to be named"."""

from __future__ import annotations

import re

from extract.lexicon import words
from extract.speakers.bodies import place_of
from extract.speakers.context import Context, Resolved
from extract.speakers.names import bare, fold, role_head
from extract.speakers.people import Person, weak_gender

_CUT = re.compile(r",|\s(?:who|which|that|whose|granted|speaking|asking)\s")
_INDEFINITE = re.compile(
    r"(?:an?|one|another|some|our|my|her|his|their|two|three|four|five|several|many|most|few|at least|more than"
    r"|others?)\b",
    re.IGNORECASE,
)
_DEFINITE = re.compile(r"(?:the|both|this|that|these|those|each)\b|[A-ZÀ-Ý][\w-]*[’']s?\s", re.IGNORECASE)
_COUNTED = re.compile(r"\b(?:two|both|pair|duo)\b", re.IGNORECASE)
_AGE = re.compile(r"\b\d+-year-old\s+")
_OF_ONE = re.compile(r"\b(?:of|for|at|from|in)\s+an?\b", re.IGNORECASE)
_STOP = {"the", "a", "an", "two", "both", "his", "her", "their", "our", "new", "former", "of", "s"}


def core_of(phrase: str) -> str:
    """The mention up to a comma or a relative clause."""
    return _CUT.split(phrase.strip(" ,.;:"), maxsplit=1)[0].strip()


def resolve_description(phrase: str, context: Context, position: int) -> Resolved | None:
    """Named people for a definite description, a label for an indefinite one, None where it is no person at all."""
    core = core_of(phrase)
    head = role_head(core)
    plural = _is_plural(core)
    if _is_anonymous(phrase, core, head):
        return _unnamed(phrase, core, head, plural)
    if plural and (found := _several(core, head, context, position)) is not None:
        return found
    if plural and not _DEFINITE.match(core):
        return _group(core)
    if head is not None:
        return _one(core, head, context, position)
    if _head_word(core) in words("roles", "anonymous"):
        return Resolved((_label(core),), "anonymous", bare(core), "description", 0.8)
    return _group(core) if plural else None


def _head_word(core: str) -> str:
    segment = re.split(r"\s(?:of|for|at|in|from|with|on|to|near)\s", f"{core} ", maxsplit=1)[0]
    tokens = segment.split()
    return re.sub(r"[’']s?$", "", tokens[-1]).casefold() if tokens else ""


def _is_plural(core: str) -> bool:
    word = _head_word(core)
    return (
        word in words("roles", "groups")
        or word in words("roles", "people")
        or (
            word.endswith("s")
            and (
                role_head(word) is not None
                or word[:-1] in words("organisations", "heads")
                or word in words("roles", "anonymous")
            )
        )
    )


def _is_anonymous(phrase: str, core: str, head: str | None) -> bool:
    """Whether the bearer is left unnamed: indefinite, one of many, or the holder of a post of some body unnamed."""
    if re.search(
        r"anonym|not (?:want|be) (?:\w+ ){0,3}name|background|not authori[sz]ed|declined to be named",
        phrase,
        re.IGNORECASE,
    ):
        return True
    if head in words("roles", "spokespeople"):
        return True
    if _head_word(core) in {"source", "sources", "insider", "insiders"}:
        return True
    if _INDEFINITE.match(core):
        return True
    return bool(head and _OF_ONE.search(core))


def _unnamed(phrase: str, core: str, head: str | None, plural: bool) -> Resolved:
    if plural and not re.match(r"one\b", core, re.IGNORECASE) and _head_word(core) not in words("roles", "anonymous"):
        return _group(core)
    body = _head_word(core) in words("organisations", "heads")
    if body:
        return _group(core)
    role = None
    if head is not None or _head_word(core) in words("roles", "anonymous"):
        stripped = re.sub(r"^(?:her|his|their|my)\s+", "", core, flags=re.IGNORECASE)
        role = _AGE.sub("", bare(core)) if stripped == core else None
    return Resolved((_label(core),), "anonymous", role, "description", 0.85, plural=plural)


def _group(core: str) -> Resolved:
    return Resolved((_label(core),), "group", None, "description", 0.8, plural=True)


def _label(core: str) -> str:
    """The mention as a label: a common noun's first letter made small."""
    first, _, rest = core.partition(" ")
    small = first if place_of(first) or (first.isupper() and len(first) > 1) else first[:1].lower() + first[1:]
    return f"{small} {rest}".strip()


def _one(core: str, head: str, context: Context, position: int) -> Resolved:
    """The person of whom the article says that office: the last speaker among them, else the one named last."""
    role = bare(core)
    fitting = [p for p in context.people.all if head in p.heads and not _conflict(core, head, p)]
    if not any(p.names[0].start < position for p in fitting):
        left = None if re.match(r"(?:its|his|her|their)\b", core, re.IGNORECASE) else _left_over(head, context)
        if left is not None:
            return Resolved((left.canonical,), "person", role, "description", 0.5, (left,))
        if fitting and (before := _last_without_office(context, position)) is not None:
            return Resolved((before.canonical,), "person", role, "description", 0.5, (before,))
    if not fitting:
        return _unnamed_before(head, context, position) or Resolved((), "person", role, "description", 0.3)
    best = _salient(fitting, context, position, core)
    certainty = 0.85 if len(fitting) == 1 else 0.7
    return Resolved((best.canonical,), "person", role, "description", certainty, (best,))


def _last_without_office(context: Context, position: int) -> Person | None:
    """Who has just spoken, when the article prints no office for them: "the minister" has been named before, so that
    somebody named only later under that office is the less likely one."""
    last = context.last(position)
    if last is None or len(last.resolved.persons) != 1 or context.line(position) - context.line(last.position) > 2:
        return None
    person = last.resolved.persons[0]
    return None if person.roles else person


def _unnamed_before(head: str, context: Context, position: int) -> Resolved | None:
    """ "The official said": the unnamed official who spoke before."""
    for spoken in reversed(context.recent(position)):
        label = spoken.resolved.names[0] if spoken.resolved.names else ""
        if spoken.resolved.class_ == "anonymous" and re.search(rf"\b{re.escape(head)}\b", label):
            return Resolved(spoken.resolved.names, "anonymous", spoken.resolved.role, "description", 0.75)
    return None


def _left_over(head: str, context: Context) -> Person | None:
    """The only speaker without a printed role: an office too well known to be printed, which fits nobody else."""
    if head not in words("roles", "leaders"):
        return None
    free = [p for p in context.speakers if not p.roles]
    return free[0] if len(free) == 1 else None


def _salient(fitting: list[Person], context: Context, position: int, core: str) -> Person:
    specific = {fold(w) for w in re.split(r"\W+", core)} - _STOP
    overlap = {id(p): max((len(specific & _role_words(r)) for r in p.roles), default=0) for p in fitting}
    best = max(overlap.values())
    fitting = [p for p in fitting if overlap[id(p)] == best]
    for spoken in reversed(context.recent(position)):
        persons = spoken.resolved.persons
        if len(persons) == 1 and persons[0] in fitting:
            return persons[0]
    before = [p for _, p in context.people.before(position) if p in fitting]
    return before[0] if before else fitting[0]


def _role_words(role: str) -> set[str]:
    return {fold(w) for w in re.split(r"\W+", role)}


def _conflict(core: str, head: str, person: Person) -> bool:
    """Whether the description names another portfolio or place than the roles printed for the person."""
    said = _modifiers(core, head)
    known = [_modifiers(r, head) for r in person.roles if role_head(r) == head]
    clashes = [_clash(said, theirs) for theirs in known if said and theirs]
    return bool(clashes) and all(clashes)


def _modifiers(description: str, head: str) -> set[str]:
    return {fold(w) for w in re.split(r"\W+", description)} - _STOP - {*head.split(), f"{head.split()[-1]}s", ""}


def _clash(one: set[str], other: set[str]) -> bool:
    levels = words("governments", "federal") | words("governments", "provincial")
    a, b = ({w for w in side if place_of(w) or w in levels} for side in (one, other))
    portfolio = bool(one - a and other - b and not (one - a) & (other - b))
    return portfolio or bool(a and b and _levels_differ(a, b))


def _levels_differ(one: set[str], other: set[str]) -> bool:
    """Federal against a province; two names of one place do not differ."""
    a = {place_of(w) or w for w in one}
    b = {place_of(w) or w for w in other}
    return not a & b and not ({"federal", "Canada"} >= a | b)


def _several(core: str, head: str | None, context: Context, position: int) -> Resolved | None:
    """ "The federal ministers", "both leaders", "the two men": those who spoke jointly, else those named that fit."""
    if not re.match(r"(?:the|both|these|those)\b", core, re.IGNORECASE) and core.casefold() not in words(
        "roles", "people"
    ):
        return None
    singular = head or ("person" if _head_word(core) in words("roles", "people") else None)
    if singular is None:
        return None
    fits = [p for p in context.people.all if _fits(core, singular, p)]
    joint = _joint(context, position, fits)
    if joint:
        return _joined(joint, core)
    named = list(dict.fromkeys(p for _, p in context.people.before(position) if p in fits))
    if _COUNTED.search(core):
        return _joined(tuple(reversed(named[:2])), core) if len(named) >= 2 else _nobody(core)
    coordinated = _coordinated(context, position, fits)
    if coordinated:
        return _joined(coordinated, core)
    return _joined(tuple(reversed(named)), core) if 2 <= len(named) <= 3 else _nobody(core)


def _nobody(core: str) -> Resolved:
    return Resolved((), "group", bare(core), "description", 0.3, plural=True)


def _joined(persons: tuple[Person, ...], core: str) -> Resolved:
    ordered = tuple(sorted(persons, key=lambda p: p.names[0].start))
    return Resolved(tuple(p.canonical for p in ordered), "group", bare(core), "description", 0.8, ordered, True)


def _fits(core: str, head: str, person: Person) -> bool:
    if head == "person":
        low = _head_word(core)
        sex = person.gender or weak_gender(person)
        return not (low == "men" and sex == "f") and not (low == "women" and sex == "m")
    if head in person.heads:
        return not _conflict(core, head, person) or not person.roles
    return (
        head == "leader" and bool(person.heads & words("roles", "leaders")) or (head == "leader" and not person.heads)
    )


def _joint(context: Context, position: int, fits: list[Person]) -> tuple[Person, ...]:
    """The last who spoke jointly, unless one of them is known by another office."""
    for spoken in reversed(context.recent(position)):
        if len(spoken.resolved.persons) > 1:
            persons = spoken.resolved.persons
            return persons if all(p in fits or not p.roles for p in persons) else ()
    return ()


def _coordinated(context: Context, position: int, fits: list[Person]) -> tuple[Person, ...]:
    """The last two fitting names joined by "and" before `position`."""
    names = context.people.before(position)[::-1]
    for (one, first), (two, second) in reversed(list(zip(names[:-1], names[1:], strict=True))):
        between = context.text[one.end : two.start]
        if first in fits and second in fits and first is not second and re.match(r",?\s+and\b[^.!?\n]{0,60}$", between):
            return first, second
    return ()
