"""Bodies that speak: governments by their place or level, organisations by name or by what they are called later."""

from __future__ import annotations

import re
from functools import cache

from extract.lexicon import lexicon, words
from extract.speakers.context import Context, Resolved
from extract.speakers.names import bare, fold, role_head

_BODIES = "|".join(lexicon("governments")["bodies"])
_LONGEST_NAME = 160  # characters of what an acronym stands for
_POSSESSIVE = re.compile(r"[’']s?$")
_GOVERNMENT = re.compile(
    rf"(?P<place>.+?)(?:[’']s)?\s+(?:provincial |federal |own |state |national )?(?P<body>{_BODIES})", re.IGNORECASE
)
_OF_PLACE = re.compile(
    r"(?:government|province|state|city|republic|authorities|officials) (?:of|in) (?P<place>.+)", re.IGNORECASE
)
_MINISTRY = re.compile(r"(?P<place>.+?)(?:[’']s)?\s+(?P<field>\w+) (?:ministry|department)", re.IGNORECASE)
_OFFICE_OF = re.compile(r"office of (?P<who>.+)", re.IGNORECASE)
_OFFICE = re.compile(r"(?P<who>.+?)[’']s? office", re.IGNORECASE)
_CUT = re.compile(r",\s|\s(?:who|which|that|whose|based|led|responsible)\s")
_LEADS = {"prime minister": "federal", "president": "federal", "premier": "provincial", "governor": "provincial"}


@cache
def _places() -> dict[str, str]:
    """Folded name of a place, capital or adjective → the place whose government speaks."""
    table = lexicon("governments")
    found = {
        fold(str(p).removeprefix("the ")): str(p)
        for key in ("provinces", "territories", "states", "countries")
        for p in table[key]
    }
    found |= {fold(str(k)): str(v) for key in ("capitals", "adjectives") for k, v in table[key].items()}
    found[fold("Québec")] = "Quebec"
    return found


@cache
def _named() -> dict[str, str]:
    return {fold(short): str(full) for short, full in lexicon("organisations")["names"].items()}


def place_of(phrase: str) -> str | None:
    """The place that a name, a capital or an adjective stands for: "Ottawa" → Canada."""
    return _places().get(fold(_POSSESSIVE.sub("", bare(phrase))))


def government(place: str) -> str:
    return "European Union" if "European Union" in place else f"Government of {place}"


def resolve_body(phrase: str, context: Context, position: int) -> Resolved | None:
    """The organisation that a mention means; None where it names none."""
    core = bare(_CUT.split(phrase.strip(" ,.;:"), maxsplit=1)[0])
    core = re.sub(r"^(?:his|her|their|its|our|that|this)\s+", "", core, flags=re.IGNORECASE)
    core = _POSSESSIVE.sub("", core)
    for rule in (_official, _place, _government, _office, _ministry, _named_body, _anaphor):
        if (found := rule(core, phrase, context, position)) is not None:
            return found
    return None


def _body(name: str, certainty: float = 0.9, role: str | None = None) -> Resolved:
    return Resolved((name,), "organisation", role, "named", certainty)


def _official(core: str, phrase: str, context: Context, position: int) -> Resolved | None:
    full = _named().get(fold(core)) or _spelled_out(core, context)
    return _body(full) if full else None


def _spelled_out(core: str, context: Context) -> str | None:
    """What an acronym stands for where the article says it: "Refugee Aid Network (RAN)"."""
    if not re.fullmatch(r"[A-Z][A-Za-z&]{1,7}", core) or core.islower() or sum(c.isupper() for c in core) < 2:
        return None
    if core not in context.acronyms:
        before = r"(?<![\w’'-])(?:[A-ZÀ-Ý][\w’'-]+[,]? (?:and |of |for |the |de |du )*){2,8}\Z"
        places = (m.start() for m in re.finditer(re.escape(f"({core})"), context.text))
        found = (re.search(before, context.text[max(0, at - _LONGEST_NAME) : at]) for at in places)
        match = next(filter(None, found), None)
        context.acronyms[core] = bare(match.group().strip()) if match else None
    return context.acronyms[core]


def _place(core: str, phrase: str, context: Context, position: int) -> Resolved | None:
    if core[:1].isupper() and (place := place_of(core)):
        return _body(government(place), 0.9)
    if (
        re.fullmatch(r"[A-ZÀ-Ý][\w-]+(?: [A-ZÀ-Ý][\w-]+)?", core)
        and phrase.strip()[:1] == core[:1]
        and context.is_place(core)
    ):
        return _body(government(core), 0.75)
    low = core.casefold()
    if low in {"feds", "federal government", "national government"}:
        return _level("federal", context, position)
    if low in {"province", "provincial government", "state", "state government"}:
        return _level("provincial", context, position)
    if low in {"city", "city hall", "municipality", "town"}:
        return _city(context, position)
    return None


def _level(level: str, context: Context, position: int, certainty: float = 0.85) -> Resolved | None:
    place = context.country if level == "federal" else context.province(position)
    return _body(government(place), certainty) if place else None


def _city(context: Context, position: int) -> Resolved | None:
    """ "City hall": the town named last."""
    before = context.last_town(position, lambda name: not place_of(name))
    return _body(f"City of {before}", 0.6) if before else None


def _government(core: str, phrase: str, context: Context, position: int) -> Resolved | None:
    match = _GOVERNMENT.fullmatch(core) or _OF_PLACE.fullmatch(core)
    if match is None:
        return _bare_government(core, context, position)
    whose = match["place"]
    role = (
        None
        if match.groupdict().get("body", "government").casefold() in {"government", "administration", "feds"}
        else match["body"]
    )
    low = _POSSESSIVE.sub("", whose.casefold())
    if place := place_of(whose):
        return _body(government(place), 0.9, role)
    if low in words("governments", "federal") or low in words("governments", "provincial"):
        found = _level("federal" if low in words("governments", "federal") else "provincial", context, position)
        return found and _body(found.names[0], found.certainty, role)
    if core.casefold().startswith(("government of", "province of", "state of")) and whose[:1].isupper():
        return _body(government(whose), 0.85)
    headed = _headed(whose, context, position)
    return headed or (_body(core, 0.7, role) if whose[:1].isupper() else None)


def _bare_government(core: str, context: Context, position: int) -> Resolved | None:
    """ "The government": the one that spoke last, by itself or through its head."""
    if core.casefold() not in {"government", "administration"}:
        return None
    for spoken in reversed(context.recent(position)):
        name = next(iter(spoken.resolved.names), "")
        if name.startswith("Government of"):
            return _body(name, 0.55)
        office = role_head(spoken.resolved.role or "")
        if office in _LEADS:
            return _level(_LEADS[office], context, position, 0.55)
    return None


def _headed(whose: str, context: Context, position: int) -> Resolved | None:
    """ "The Whitlock government": of the place or level that the leader's role says."""
    surname = fold(_POSSESSIVE.sub("", whose).split()[-1])
    person = context.people.by_first_key.get(surname)
    if person is None:
        return None
    for role in person.roles:
        place = next((p for word in re.split(r"\W+", role) if (p := place_of(word))), None)
        if place:
            return _body(government(place), 0.85)
    level = next((_LEADS[head] for head in sorted(person.heads) if head in _LEADS), None)
    return _level(level, context, position, 0.75) if level else None


def _office(core: str, phrase: str, context: Context, position: int) -> Resolved | None:
    whole = bare(phrase.strip(" ,.;:"))
    match = _OFFICE_OF.fullmatch(whole) or _OFFICE.fullmatch(core)
    if match is None:
        return None
    who = match["who"].strip()
    head = role_head(_CUT.split(who)[0])
    if head == "prime minister":
        return _body("Prime Minister’s Office")
    if head == "premier":
        place = next((p for word in re.split(r"[^\w-]+", who) if (p := place_of(word))), None) or context.province(
            position
        )
        return _body(f"Office of the Premier of {place}", 0.85) if place else None
    start = context.text.find(who, max(0, position - 5), position + len(phrase) + 5)
    named = context.people.within(start, start + len(who)) if start >= 0 else []
    if named:
        return _body(f"Office of {named[-1][1].canonical}", 0.85)
    if core[:1].isupper() or any(w[:1].isupper() for w in core.split()[1:]):
        return _body(core, 0.8)
    return None


def _ministry(core: str, phrase: str, context: Context, position: int) -> Resolved | None:
    match = _MINISTRY.fullmatch(core)
    place = place_of(match["place"]) if match else None
    if match is None or place is None:
        return None
    field = str(lexicon("organisations")["ministries"].get(match["field"].casefold(), match["field"].title()))
    return _body(f"Ministry of {field} of {place}", 0.85)


def _named_body(core: str, phrase: str, context: Context, position: int) -> Resolved | None:
    """A body by its own name: capitalised words, an entity or with a head such as "Board"."""
    tokens = [t for t in re.split(r"\s+", core) if t]
    capitals = [t for t in tokens if t[:1].isupper()]
    if not capitals or not tokens[0][:1].isupper():
        return None
    labels = {t.ent_type_ for t in context.tokens(position, position + len(phrase))} - {""}
    last = fold(_POSSESSIVE.sub("", capitals[-1]))
    headed = any(fold(t) in words("organisations", "heads") for t in tokens)
    small = [
        t
        for t in tokens
        if not t[:1].isupper() and t not in {"of", "and", "for", "the", "de", "du", "des", "la", "on", "in"}
    ]
    if phrase.strip()[:2] in {"A ", "a "} or phrase.strip()[:3] in {"An ", "an "}:
        return None
    if small and not headed:
        return None
    if small and last not in words("organisations", "heads") and "ORG" not in labels:
        return None
    if "ORG" in labels or headed or (len(capitals) == len(tokens) and "PERSON" not in labels):
        return _body(core, 0.85 if "ORG" in labels or headed else 0.6)
    return None


def _anaphor(core: str, phrase: str, context: Context, position: int) -> Resolved | None:
    """ "The agency", "his department": a body named before whose name or kind fits, or the minister's department."""
    head = core.casefold().split()[-1] if core else ""
    if head not in words("organisations", "heads") or core != core.casefold():
        return None
    if len(core.split()) > 2 or not re.match(r"(?:the|his|her|their|its|that|this)\s", phrase.strip(), re.IGNORECASE):
        return None
    spoken = [s.resolved for s in context.recent(position) if s.resolved.class_ == "organisation" and s.resolved.names]
    for resolved in reversed(spoken):
        if fold(head) in fold(resolved.names[0]):
            return _body(resolved.names[0], 0.8)
    name = context.last_body(position, lambda text: fold(head) in fold(text).split())
    if name is not None:
        full = _named().get(fold(bare(name)), bare(name))
        return _body(full, 0.75)
    if head in {"department", "ministry"} and (found := _portfolio(context, position)):
        return _body(found, 0.7)
    generic = head in {
        "agency",
        "organization",
        "organisation",
        "group",
        "union",
        "company",
        "board",
        "institute",
        "firm",
        "service",
    }
    if generic and spoken and not spoken[-1].names[0].startswith("Government of"):
        return _body(spoken[-1].names[0], 0.65)
    return None


def _portfolio(context: Context, position: int) -> str | None:
    """The federal department of the minister named last: "the department" beside an immigration minister."""
    if context.country != "Canada":
        return None
    for _, person in context.people.before(position):
        if "minister" not in person.heads or any(
            place_of(w) not in {None, "Canada"} for r in person.roles for w in r.split()
        ):
            continue
        for field, department in lexicon("organisations")["portfolios"].items():
            if any(field in role.casefold() for role in person.roles):
                return str(department)
        return None
    return None
