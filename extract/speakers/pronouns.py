"""He, she, they, it, who, we: the one who has the floor and agrees, not merely the last one named."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extract.findings import Claim
from extract.speakers.context import Context, Resolved, Spoken
from extract.speakers.descriptions import core_of, resolve_description
from extract.speakers.names import role_head
from extract.speakers.people import Person, pronoun_gender, weak_gender

_THIRD = {"he", "she", "him", "her", "his", "hers", "himself", "herself"}
_PLURAL = {"they", "them", "their", "theirs", "both", "themselves"}
_NEUTER = {"it", "its", "itself"}
_FIRST = {"i", "we", "me", "us", "my", "our"}
_RELATIVE = {"who", "which", "that"}
PRONOUNS = _THIRD | _PLURAL | _NEUTER | _FIRST | _RELATIVE
_FAR = 4  # paragraphs
_SURE = 0.5  # probability of the model's chain of mentions, below which it is not asked
_OFFICE = re.compile(r"\s*[Tt]he (?:[\w’'-]+ ){0,3}?(?:minister|premier|president|governor|mayor|leader|chief)\b")
_POINTED = 1.0  # its weight, that of a subject


@dataclass(frozen=True, slots=True)
class _Candidate:
    person: Person
    score: float


def resolve_third(phrase: str, context: Context, position: int, inside: tuple[int, int] | None) -> Resolved:
    """A person for "he" or "she". `inside` is the quotation that the pronoun stands in, if it does."""
    gender = pronoun_gender(re.split(r"\s", phrase.strip())[0]) or "m"
    pointed = _pointed(context, position)
    if pointed is not None and not pointed.persons:
        return Resolved((), "person", pointed.role, "pronoun", 0.3)
    candidates = _candidates(context, position, inside, gender, pointed)
    if not candidates:
        return Resolved((), "person", None, "pronoun", 0.3)
    ranked = sorted(candidates, key=lambda c: -c.score)
    best = ranked[0]
    rival = next((c for c in ranked[1:] if c.person is not best.person), None)
    margin = best.score - (rival.score if rival else best.score - 3)
    certainty = min(0.88, 0.55 + 0.12 * margin)
    return Resolved((best.person.canonical,), "person", None, "pronoun", certainty, (best.person,))


def _pointed(context: Context, position: int) -> Resolved | None:
    """Whom the model's chain of mentions leads to: somebody named, or an office whose holder may have no name here.
    None where it leads nowhere or is not sure."""
    head, chance = context.antecedents.get(context.chars.token(position), (None, 0.0))
    if head is None or chance < _SURE:
        return None
    token = context.doc[head]
    start, end = context.sentence(token.idx)
    named = next((p for n, p in context.people.within(start, end) if n.start <= token.idx < n.end), None)
    if named is not None:
        return Resolved((named.canonical,), "person", None, "pronoun", chance, (named,))
    phrase = context.doc[token.left_edge.i : token.right_edge.i + 1]
    if role_head(core_of(phrase.text)) is None or token.idx >= position:
        return None
    return resolve_description(phrase.text, context, phrase.start_char)


def _candidates(
    context: Context, position: int, inside: tuple[int, int] | None, gender: str, pointed: Resolved | None
) -> list[_Candidate]:
    line = context.line(position)
    sentence = context.sentence(position)
    best: dict[int, _Candidate] = {}

    def consider(person: Person, at: int, weight: float) -> None:
        score = weight + _agreement(person, gender) + (_POINTED if pointed and person in pointed.persons else 0.0)
        if score > -5 and (id(person) not in best or best[id(person)].score < score):
            best[id(person)] = _Candidate(person, score)

    for name, person in context.people.before(position):
        if line - context.line(name.start) > _FAR:
            break
        quotation = context.quotation_at(name.start)
        if (quotation is not None) != (inside is not None) and not (quotation and _is_short(quotation.inner)):
            continue
        consider(
            person,
            name.start,
            _nearness(context, name.start, position, line, sentence)
            + _grammar(context, name.start, name.end)
            - (0.8 if context.reported(name.start) and not context.reported(position) else 0.0),
        )
    office = _opening_office(context, position) if inside is None else None
    if office is not None:
        at, person = office
        consider(person, at, 1.0 + _nearness(context, at, position, line, sentence))
    for spoken in context.recent(position):
        if len(spoken.resolved.persons) == 1 and inside is None:
            if _quoted_inside(context, spoken) or line - context.line(spoken.position) > _FAR:
                continue
            consider(
                spoken.resolved.persons[0],
                spoken.position,
                1.6 + _nearness(context, spoken.position, position, line, sentence),
            )
    return list(best.values())


def _opening_office(context: Context, position: int) -> tuple[int, Person] | None:
    """Whom the sentence before begins with by office: "The premier took it. He …". Where, and the one person meant."""
    start = context.sentence(position)[0]
    if start <= context.lines[context.line(position)][0]:
        return None
    before = context.sentence(start - 1)[0]
    opening = _OFFICE.match(context.text, before, start)
    if opening is None or role_head(core_of(opening.group())) is None:
        return None
    found = resolve_description(opening.group(), context, before)
    return (before, found.persons[0]) if found is not None and len(found.persons) == 1 else None


def _is_short(inner: tuple[int, int]) -> bool:
    return inner[1] - inner[0] < 25


def _quoted_inside(context: Context, spoken: Spoken) -> bool:
    return context.quotation_at(spoken.position) is not None


def _nearness(context: Context, at: int, position: int, line: int, sentence: tuple[int, int]) -> float:
    """Less for every paragraph and sentence in between."""
    paragraphs = line - context.line(at)
    sentences = 0 if at >= sentence[0] else context.sentences.number(sentence[0]) - context.sentences.number(at)
    return -1.0 * min(paragraphs, 3) - 0.35 * min(sentences, 5) - min(position - at, 600) / 1200


def _grammar(context: Context, start: int, end: int) -> float:
    """Subjects have the floor; possessors and objects do not."""
    after = context.text[end : end + 2]
    if after[:1] in "’'" and after[1:2] == "s":
        return -0.8
    tokens = context.chars.tokens((start, end))
    if tokens[0] >= tokens[1] or not context.chars.tree:
        return 0.6 if context.sentence(start)[0] >= start - 40 else 0.0
    deps = {t.dep_ for t in context.doc[slice(*tokens)] if not (tokens[0] <= t.head.i < tokens[1]) or t.head.i == t.i}
    head = next((t for t in context.doc[slice(*tokens)] if not tokens[0] <= t.head.i < tokens[1]), None)
    while head is not None and head.dep_ in {"appos", "flat", "compound"} and head.head.i != head.i:
        head = head.head
        deps = {head.dep_}
    if deps & {"nsubj", "nsubj:pass", "nsubj:outer"}:
        return 1.0
    return -0.4 if deps & {"nmod:poss", "nmod", "obl"} else 0.0


def _agreement(person: Person, gender: str) -> float:
    if person.gender is not None:
        return 0.8 if person.gender == gender else -10.0
    weak = weak_gender(person)
    return 0.0 if weak is None else 0.5 if weak == gender else -3.0


def resolve_plural(context: Context, position: int) -> Resolved:
    """ "They": the joint speakers, group or body that spoke last, or two people named together."""
    last = context.last(position)
    spoken = [
        s
        for s in context.recent(position)
        if s.resolved.plural or s.resolved.class_ in {"group", "organisation", "document"}
    ]
    if spoken:
        latest = max(spoken, key=lambda s: s.position)
        near = context.line(position) - context.line(latest.position) <= _FAR
        if near and (latest is last or last is None or not last.resolved.persons or latest.resolved.persons):
            names, kind = latest.resolved.names, latest.resolved.class_
            class_ = "group" if len(latest.resolved.persons) > 1 else kind
            return Resolved(names, class_, None, "pronoun", 0.75, latest.resolved.persons, True)
    pair = _pair(context, position)
    if pair:
        return Resolved(tuple(p.canonical for p in pair), "group", None, "pronoun", 0.65, pair, True)
    if last is not None and last.resolved.class_ == "anonymous":
        return Resolved(last.resolved.names, "anonymous", None, "pronoun", 0.6)
    return Resolved((), "unknown", None, "pronoun", 0.3)


def _pair(context: Context, position: int) -> tuple[Person, ...]:
    near = [(n, p) for n, p in context.people.before(position) if context.line(position) - context.line(n.start) <= 2]
    names = near[::-1]
    for (one, first), (two, second) in reversed(list(zip(names[:-1], names[1:], strict=True))):
        if first is not second and re.match(r",?\s+and\b[^.!?\n]{0,60}$", context.text[one.end : two.start]):
            return first, second
    return ()


def resolve_neuter(context: Context, position: int) -> Resolved:
    """ "It": the body or document that spoke last."""
    spoken = [s for s in context.recent(position) if s.resolved.class_ in {"organisation", "document", "group"}]
    if spoken:
        latest = max(spoken, key=lambda s: s.position)
        if context.line(position) - context.line(latest.position) <= _FAR:
            return Resolved(
                latest.resolved.names, latest.resolved.class_, None, "pronoun", 0.7, latest.resolved.persons
            )
    return Resolved((), "unknown", None, "pronoun", 0.3)


def outer_speaker(claim: Claim, context: Context) -> Resolved | None:
    """Whose words "I" and "we" inside a quotation are."""
    return context.by_claim.get(claim.nested_in or "")
