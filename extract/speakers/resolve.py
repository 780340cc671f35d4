"""One mention → who it means. The order of the rules: pronoun, joint names, name, document, body, description."""

from __future__ import annotations

import re

from extract.findings import Claim
from extract.lexicon import words
from extract.speakers import pronouns
from extract.speakers.bodies import place_of, resolve_body
from extract.speakers.context import NOBODY, Context, Resolved
from extract.speakers.descriptions import core_of, resolve_description
from extract.speakers.names import Name, bare, fold, is_role, role_head
from extract.speakers.papers import paper_head, resolve_paper
from extract.speakers.people import Person

_WORD = re.compile(r"[\w’'-]+")
_GOES_ON = re.compile(r"[’']s?\s+\w|\s+(?!who|himself|herself|and|of|at|in|from|for|on|,)[a-z]")


def resolve(phrase: str, position: int, claim: Claim, context: Context) -> Resolved:
    """Who the mention `phrase` at character `position` means."""
    low = phrase.strip(" ,.;:").casefold()
    if low in pronouns.PRONOUNS or low.split()[:1] and low.split()[0] in {"he", "she", "they"}:
        return _pronoun(low, position, claim, context)
    rules = (_joint, _named, _owned, _paper, _description, _body)
    for rule in rules:
        if (found := rule(phrase, position, context)) is not None:
            return found
    return Resolved((), "unknown", certainty=0.3)


def _pronoun(low: str, position: int, claim: Claim, context: Context) -> Resolved:
    word = low.split()[0]
    quotation = context.quotation_at(position)
    inside = quotation.inner if quotation else None
    if word in {"i", "we", "me", "us", "my", "our"}:
        return pronouns.outer_speaker(claim, context) or NOBODY
    if word in {"who", "which", "that"}:
        return _antecedent(position, claim, context)
    if word in {"they", "them", "their", "both", "theirs"}:
        return pronouns.resolve_plural(context, position)
    if word in {"it", "its"}:
        return pronouns.resolve_neuter(context, position)
    return pronouns.resolve_third(low, context, position, inside)


def _antecedent(position: int, claim: Claim, context: Context) -> Resolved:
    """ "who": the noun phrase right before it."""
    end = position
    while end and context.text[end - 1] in " ,":
        end -= 1
    named = [(n, p) for n, p in context.people.before(position) if n.end == end]
    if named:
        return _person(*named[-1])
    start = max(context.sentence(position)[0], 0)
    phrase = re.search(
        r"(?:\b(?:[Aa]n?|[Tt]he|[Oo]ne|[Ss]ome)\s)?(?:[\w’'-]+\s){0,4}[\w’'-]+$", context.text[start:end]
    )
    if phrase is None:
        return NOBODY
    return resolve(phrase.group(), start + phrase.start(), claim, context)


def _person(name: Name, person: Person, role: str | None = None) -> Resolved:
    certainty = 0.95 if person.is_full else 0.6
    return Resolved((person.canonical,), "person", role or name.role or person.role, "named", certainty, (person,))


def _joint(phrase: str, position: int, context: Context) -> Resolved | None:
    """ "X and Y": two or more people, or a person and a body, none of them within another's role."""
    core = phrase.rstrip(" ,")
    if not re.search(r"\band\b", core):
        return None
    named = context.people.within(position, position + len(core))
    persons = list(dict.fromkeys(p for _, p in named))
    if len(persons) < 2:
        return None
    for (one, _), (two, _) in zip(named[:-1], named[1:], strict=True):
        between = context.text[one.end : two.start]
        if not re.match(r"(?:,[^,]*)*,?\s*(?:and\b|,)", between) or re.search(
            r"\b(?:of|for|to|with|about|by)\s", between
        ):
            return None
    if _heads_a_body(core[: named[0][0].start - position]):
        return None
    roles = [n.role for n, _ in named if n.role]
    return Resolved(
        tuple(p.canonical for p in persons), "group", "; ".join(roles) or None, "named", 0.9, tuple(persons), True
    )


def _heads_a_body(lead: str) -> bool:
    """Whether words before a name make it an owner or an object: "the office of", "a spokesperson for"."""
    return re.search(r"\b(?:of|for|to|from|with|by)\s+(?:[\w’'-]+\s+)*$", lead) is not None


def _named(phrase: str, position: int, context: Context) -> Resolved | None:
    named = context.people.within(position, position + len(phrase))
    for name, person in named:
        lead = context.text[position : name.start]
        tail = context.text[name.end : position + len(phrase)]
        if _GOES_ON.match(tail) or (_heads_a_body(lead) and "," not in lead):
            continue
        if _heads_a_body(lead.rsplit(",", 1)[-1]) or _of_a_body(lead, tail):
            continue
        return _person(name, person, _role_at(lead, tail))
    return None


def _of_a_body(lead: str, tail: str) -> bool:
    """ "The Whitlock government", "the office of the premier, X"."""
    following = _WORD.match(tail.strip()) if tail.startswith(" ") else None
    if following and fold(following.group()) in words("organisations", "heads"):
        return True
    before = lead.rsplit(",", 1)[0] if "," in lead else ""
    head = re.split(r"\s(?:of|for)\s", bare(before).casefold())[0].split() if before else []
    return bool(head and head[-1] in words("organisations", "heads"))


def _role_at(lead: str, tail: str) -> str | None:
    """The role printed in this mention, before or after the name."""
    before = bare(lead.rstrip(" ,")) if lead.strip() else ""
    if before and role_head(before):
        return " ".join(
            w for w in before.split() if fold(w) not in {"mr", "mrs", "ms", "dr", "rt", "hon"} or is_role(w)
        )
    after = re.match(r",\s+(?!who\b|which\b|whose\b)([^,]{3,90})", tail)
    return bare(after[1]) if after and role_head(after[1]) else None


def _owned(phrase: str, position: int, context: Context) -> Resolved | None:
    """A mention that ends as a possessive: "Premier X’s", "his government’s"."""
    match = re.fullmatch(r"(.+?)[’']s?", phrase.strip())
    if match is None or not match[1].strip():
        return None
    inner = re.fullmatch(r"(?:his|her|their) (government|department|ministry|administration)", match[1], re.IGNORECASE)
    if inner is not None:
        return _own_government(position, context)
    named = context.people.within(position, position + len(match[1]))
    return _person(*named[-1]) if named and named[-1][0].end == position + len(match[1]) else None


def _own_government(position: int, context: Context) -> Resolved | None:
    """The government of the place in the role of the person named last."""
    for _, person in context.people.before(position):
        for role in person.roles:
            place = next((p for w in re.split(r"\W+", role) if (p := place_of(w))), None)
            if place:
                return Resolved((f"Government of {place}",), "organisation", None, "description", 0.7)
        if person.roles:
            return None
    return None


def _paper(phrase: str, position: int, context: Context) -> Resolved | None:
    return resolve_paper(phrase, context, position) if paper_head(core_of(phrase)) else None


def _apposed(phrase: str, position: int, context: Context) -> Resolved | None:
    """ "its leader, X,": the name right after a description that a comma sets off."""
    end = position + len(phrase.rstrip(" ,"))
    following = next(iter(context.people.after(end)), None)
    if following is None or context.text[end : following[0].start] != ", " or not role_head(core_of(phrase)):
        return None
    if re.match(r"(?:an?|one|some)\s", phrase, re.IGNORECASE):
        return None
    return _person(*following, bare(core_of(phrase)))


def _description(phrase: str, position: int, context: Context) -> Resolved | None:
    core = core_of(phrase)
    if (named := _apposed(phrase, position, context)) is not None:
        return named
    if re.match(r"(?:his|her|their) (?:government|department|ministry|administration)\b", core, re.IGNORECASE):
        own = _own_government(position, context) if core.split()[-1] in {"government", "administration"} else None
        return own or resolve_body(phrase, context, position)
    if match := re.fullmatch(r"(his|her) office", core, re.IGNORECASE):
        holder = pronouns.resolve_third(match[1], context, position, None)
        return Resolved(
            tuple(f"Office of {n}" for n in holder.names), "organisation", None, "pronoun", holder.certainty
        )
    head = core.casefold().split()[-1] if core else ""
    if head in words("governments", "bodies") and (found := resolve_body(phrase, context, position)) is not None:
        return found
    return resolve_description(phrase, context, position)


def _body(phrase: str, position: int, context: Context) -> Resolved | None:
    return resolve_body(phrase, context, position)
