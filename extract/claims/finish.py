"""From a draft to a claim: its cue read, what is no claim left out, each claim given the one that contains it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from spacy.tokens import Doc
from spacy.tokens import Span as Tokens

from extract.claims.cues import Reporting, lemma_of, modality, read_cue
from extract.claims.draft import Draft, Quotations, joined, trim
from extract.claims.mention import find_mention
from extract.claims.naming import is_name
from extract.claims.sentences import Sentences
from extract.claims.syntax import Characters
from extract.findings import Claim, Cue, Kind, Span, Speaker
from extract.lexicon import words

NOBODY = Speaker(mention=None, names=(), class_="unknown", role=None, basis="named")
_UNNAMED = re.compile(
    r"\bnot\b.{0,20}\b(?:names?d?|identif\w+|quoted)\b|\banonymity\b|\bnames? (?:not )?(?:be )?used\b", re.IGNORECASE
)
_NO_ONE = re.compile(r"(?:^|\W)(?:no|none|nobody|neither)\b(?=[^,.;:]*\Z)", re.IGNORECASE)
_INNER_MARKS = {"‘’", "“”", "''", '""', "«»"}
_NOTHING = {"nothing", "nobody", "none"}


def make_claim(doc: Doc, chars: Characters, quotations: Quotations, sentences: Sentences, draft: Draft) -> Claim | None:
    """The claim of a draft, without its number and its speaker's name; None where nobody says anything."""
    draft = replace(draft, parts=joined(quotations, draft.parts))
    draft = _with_withheld(doc, chars, quotations, draft)
    cue = _cue(doc, chars, draft)
    draft = _without_particle(quotations, draft, cue)
    kind: Kind = _inner_kind(chars.text, draft) if draft.within else quotations.kind(draft.parts)
    mention = find_mention(doc, chars, sentences, draft, cue)
    draft = _without_speaker(quotations, draft, mention)
    pieces = [doc[slice(*chars.tokens(part))] for part in draft.parts]
    content = next((p for p in pieces if any(t.tag_[:1] in {"V", "M"} for t in p)), pieces[0])
    if kind == "indirect" and not _says(chars, content, draft, cue, mention):
        return None
    if kind != "indirect" and not draft.within and is_name(quotations, draft, kind, cue, mention):
        return None
    text = chars.text
    how = modality(cue, content)
    return Claim(
        id="",
        kind=kind,
        content=Span.cut(text, draft.start, draft.end),
        parts=draft.parts,
        quoted=tuple(q for part in draft.parts for q in quotations.quoted(*part)),
        cue=Cue(cue.start, cue.end, text[cue.start : cue.end], cue.lemma) if cue else None,
        speaker=replace(NOBODY, mention=mention, basis=draft.basis or "named"),
        said_on=None,
        negated=(cue is not None and (cue.negated or _by_nobody(text, mention))) or how == "denied",
        modality=how,
        nested_in=None,
        confidence=round(draft.score, 3),
    )


def _without_speaker(quotations: Quotations, draft: Draft, mention: Span | None) -> Draft:
    """The draft without parts that are its speaker's name and no more: "[The city] had asked for [$4 million]"."""
    if mention is None:
        return draft
    kept = tuple(p for p in draft.parts if quotations.quoted(*p) or not (mention.start <= p[0] and p[1] <= mention.end))
    return replace(draft, parts=kept) if kept else draft


def _inner_kind(text: str, draft: Draft) -> Kind:
    """The kind of a claim within another: direct where inner marks stand right around it."""
    around = text[draft.start - 1 : draft.start] + text[draft.end : draft.end + 1]
    return "direct" if len(around) == 2 and around in _INNER_MARKS else "indirect"


def _by_nobody(text: str, mention: Span | None) -> bool:
    """ "No official said", "Neither the mayor nor the premier said": the subject negates."""
    return mention is not None and _NO_ONE.search(text[max(0, mention.start - 8) : mention.end]) is not None


def _cue(doc: Doc, chars: Characters, draft: Draft) -> Reporting | None:
    if draft.cue is None:
        return None
    start, end = chars.tokens(draft.cue)
    after = min((s for s, _ in draft.parts if s >= draft.cue[1]), default=None)
    first = None if after is None else chars.token(after)
    if first is not None and doc[first].lower_ in {"for", "on", "upon", "of", "with"}:
        first += 1
    return read_cue(doc, start, end, first)


def _with_withheld(doc: Doc, chars: Characters, quotations: Quotations, draft: Draft) -> Draft:
    """ "refuses | to say when they met": the infinitive of speech belongs to the cue."""
    start, end = chars.tokens(draft.cue) if draft.cue else (0, 0)
    first = doc[end : end + 2]
    if start == end or lemma_of(doc[end - 1]) not in words("cues", "withheld") or len(first) < 2:
        return draft
    speaks = first[0].lower_ == "to" and lemma_of(first[1]) in words("cues", "report")
    if not speaks or not draft.start <= first[0].idx < draft.parts[0][1]:
        return draft
    cue = chars.chars(start, end + 2)
    rest = trim(quotations, (cue[1], draft.parts[0][1]))
    return replace(draft, cue=cue, parts=(rest, *draft.parts[1:])) if rest else draft


def _without_particle(quotations: Quotations, draft: Draft, cue: Reporting | None) -> Draft:
    """The draft without the preposition that belongs to its cue: "calls | for more boats"."""
    if cue is None:
        return draft
    cut = [
        trim(quotations, (max(s, cue.end), e)) if s < cue.end < e and s >= cue.start else (s, e) for s, e in draft.parts
    ]
    return replace(draft, parts=tuple(p for p in cut if p is not None) or draft.parts)


def _says(chars: Characters, content: Tokens, draft: Draft, cue: Reporting | None, mention: Span | None) -> bool:
    """Whether an indirect claim reports something: a cue of speech, a speaker, a content that says anything."""
    if cue is None:
        return mention is not None
    if mention is not None and mention.start <= draft.start and draft.end <= mention.end:
        return False
    if mention is not None and mention.text in {"Who", "What", "Which"}:
        return False
    if cue.phrase in words("cues", "silent") and not cue.noun:
        return False
    if _was_asked(chars.doc, cue):
        return False
    if {t.lower_ for t in chars.doc[max(0, cue.head - 2) : cue.head]} & _NOTHING:
        return False
    if cue.phrase.startswith("ask") and _UNNAMED.search(chars.text[draft.start : draft.end]):
        return False
    return not chars.tagged or _is_statement(content, cue)


def _was_asked(doc: Doc, cue: Reporting) -> bool:
    """ "Asked whether it would rain, she said …": the participle tells what others said to the speaker."""
    head = doc[cue.head]
    before = doc[cue.head - 1] if cue.head else None
    opens = head.text[:1].isupper() or (before is not None and before.lower_ in {"when", "if", "once"})
    spoken_to = cue.lemma in words("cues", "addressed") | {"question", "press"}
    return spoken_to and opens and head.tag_ in {"VBN", "VBD"}


def _is_statement(content: Tokens, cue: Reporting) -> bool:
    """Not a mere topic ("discussed trade"): a clause, an infinitive, a number, or what is demanded or denied."""
    if any(t.tag_[:1] == "V" or t.tag_ == "MD" or t.like_num for t in content):
        return True
    if any(c.isdigit() for c in content.text):
        return True
    wanted = words("cues", "demanded") | words("cues", "possible") | words("cues", "denied")
    return cue.phrase in wanted and any(t.tag_[:1] == "N" for t in content) and not cue.negated


def number(claims: Sequence[tuple[Claim, bool]]) -> list[Claim]:
    """Claims in order of their content, numbered, each with the smallest claim that holds all its parts.

    The flag says that a claim stands inside another, which decides where two have the same content ("X, citing Y").
    """
    ordered = sorted(claims, key=lambda c: (c[0].content.start, -c[0].content.end, c[0].parts, c[1]))
    done: list[Claim] = []
    open_: list[Claim] = []
    for n, (claim, within) in enumerate(ordered, 1):
        open_ = [c for c in open_ if c.content.end > claim.content.start]
        holders = [c for c in open_ if _holds(c, claim) and (within or c.parts != claim.parts)]
        holder = min(holders, key=lambda c: c.content.end - c.content.start, default=None)
        done.append(replace(claim, id=f"c{n}", nested_in=holder.id if holder else None))
        open_.append(done[-1])
    return done


def _holds(outer: Claim, inner: Claim) -> bool:
    return all(any(s <= start and end <= e for s, e in outer.parts) for start, end in inner.parts)
