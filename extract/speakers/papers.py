"""Letters, reports and data that speak: they speak for whoever wrote them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.lexicon import lexicon, words
from extract.speakers.bodies import resolve_body
from extract.speakers.context import Context, Resolved, Spoken
from extract.speakers.names import Name
from extract.speakers.people import Person

_HEADS = sorted((str(h) for h in lexicon("documents")["heads"]), key=len, reverse=True)
_HEAD = re.compile(rf"\b(?:{'|'.join(map(re.escape, _HEADS))})s?\b", re.IGNORECASE)
_AUTHORED = "|".join(lexicon("documents")["authored_by"])
_PREPOSITION = re.compile(
    r"\s(?:of|for|to|from|by|on|in|at|about|dated|addressed|sent|drafted|released|published|obtained|that|which|prepared|signed)\s"
)
_IN_PAPER = re.compile(
    rf"\bin\s+(?:an?|the|his|her|their|its|that|this)\s+(?:[\w’'-]+\s){{0,3}}(?:{'|'.join(map(re.escape, _HEADS))})\b",
    re.IGNORECASE,
)
_UNAUTHORED = 0.35


def paper_head(phrase: str) -> str | None:
    """The head noun of a mention of a document, singular where the list has it so: "The letter to X" → "letter"."""
    segment = _PREPOSITION.split(f"{phrase.strip(' ,.')} ", maxsplit=1)[0].split(",")[0].strip()
    segment = re.sub(r"[’']s?$", "", segment)
    if " " in segment and not segment.split()[-1].islower():
        return None  # a newspaper's name rather than a thing that is read
    low = segment.casefold()
    for head in _HEADS:
        if low == head or low.endswith(f" {head}"):
            return head
        if low.endswith(f" {head}s") or low == f"{head}s":
            return head
    return None


def resolve_paper(phrase: str, context: Context, position: int) -> Resolved | None:
    """The authors of a document that a mention names; no names where the article does not say who wrote it."""
    head = paper_head(phrase)
    if head is None:
        return None
    found = _named_within(phrase, head, context, position) or authors(head, context, position)
    if found is None:
        return Resolved((), "document", None, "document", _UNAUTHORED)
    return Resolved(found.names, "document", None, "document", min(0.85, found.certainty), found.persons, True)


def _named_within(phrase: str, head: str, context: Context, position: int) -> Resolved | None:
    """An author in the mention itself: "the mayor’s letter", "federal estimates", "a plan drafted in Ottawa"."""
    if match := re.search(rf"\b(?:{_AUTHORED})\s", phrase, re.IGNORECASE):
        named = context.people.within(position + match.end(), position + len(phrase))
        if named:
            return _people(named)
        return resolve_body(phrase[match.end() :], context, position + match.end())
    lead = phrase[: phrase.casefold().rfind(head)].strip()
    owner = re.sub(r"^(?:(?:the|a|an|this|that|new|latest|recent|internal)(?:\s+|$))+", "", lead, flags=re.IGNORECASE)
    named = context.people.within(position, position + len(lead))
    if named:
        return _people(named[-1:])
    if owner.casefold() in {"federal", "provincial"}:
        return resolve_body(f"the {owner} government", context, position)
    owner = re.sub(r"[’']s?$", "", owner)
    if owner and owner[:1].isupper():
        return resolve_body(owner, context, position)
    if owner.casefold() in {"government", "official"}:
        return resolve_body("the government", context, position)
    drafted = re.search(r"\b(?:drafted|written|prepared|released|published) (?:in|by) ((?:[A-ZÀ-Ý][\w’-]+ ?)+)", phrase)
    return resolve_body(drafted[1].strip(), context, position) if drafted else None


def _people(named: Sequence[tuple[Name, Person]]) -> Resolved:
    persons = tuple(dict.fromkeys(p for _, p in named))
    return Resolved(tuple(p.canonical for p in persons), "person", persons=persons, certainty=0.85)


def authors(head: str, context: Context, position: int) -> Resolved | None:
    """Who wrote the document: said to be "from" or "by" someone, or someone said something in it or wrote it."""
    if head not in context.papers:
        context.papers[head] = _said_from(head, context)
    return context.papers[head] or _said_in(head, context, position) or _wrote(head, context, position)


def _said_from(head: str, context: Context) -> Resolved | None:
    """ "The letter … was from X and Y": the names after the first such preposition in the sentence.

    A bare "by" counts only right after the noun: letters are also obtained or seen by someone.
    """
    far = "|".join(a for a in lexicon("documents")["authored_by"] if a != "by")
    pattern = re.compile(rf"\b{re.escape(head)}\b(?:\s(?:\w+\s)?by\s|[^.!?\n]{{0,110}}?\b(?:{far})\s)", re.IGNORECASE)
    for match in pattern.finditer(context.text):
        named = _run_of_names(context, match.end())
        if named:
            return _people(named)
    return None


def _run_of_names(context: Context, start: int) -> list[tuple[Name, Person]]:
    """The names joined by commas and "and" from `start` on; a role may stand before each."""
    found: list[tuple[Name, Person]] = []
    at = start
    for name, person in context.people.after(start):
        between = context.text[at : name.start]
        if len(between) > 70 or re.search(r"[.!?\n]|\b(?:to|addressed|dated|that|which|who|about)\b", between):
            break
        if found and not re.match(r"\s*(?:,|and|,\s*and)\b|\s*,", between):
            break
        found.append((name, person))
        at = name.end
    return found


def _said_in(head: str, context: Context, position: int) -> Resolved | None:
    """Someone's claim in a sentence with "in a letter …"."""
    for spoken in [*reversed(context.recent(position)), *context.following(position)]:
        if spoken.resolved.class_ in {"document", "unknown"} or not spoken.resolved.names:
            continue
        start, end = context.sentence(spoken.position)
        if any(head in m.group().casefold() for m in _IN_PAPER.finditer(context.text, start, end)):
            return spoken.resolved
    return None


def _wrote(head: str, context: Context, position: int) -> Resolved | None:
    """The last who "wrote": a letter spoken of later is theirs."""
    if head not in words("documents", "signed"):
        return None
    verbs = words("documents", "written")
    wrote: list[Spoken] = [
        s
        for s in [*context.recent(position), *context.following(position)]
        if s.claim.cue and s.claim.cue.lemma in verbs and s.resolved.names and s.resolved.class_ != "document"
    ]
    before = [s for s in wrote if s.position <= position]
    return (before[-1] if before else wrote[0]).resolved if wrote else None
