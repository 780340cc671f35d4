"""Who speaks by the layout alone: signatures beside or below a quotation, headlines with a colon.

“…” — Name, Office · “…” and the name on the next line · Name: what they say · What they say: name.
Developed on invented passages.
"""

from __future__ import annotations

import re
from dataclasses import replace

from spacy.tokens import Doc, Token

from extract.claims.draft import Draft, Offsets, Quotations, trim
from extract.claims.quotes import paragraphs
from extract.claims.syntax import Characters
from extract.lexicon import words

_SIGNATURE = re.compile(r"(?:[–—-]\s*)?[A-ZÀ-Ý].{2,140}", re.DOTALL)
_TURN = re.compile(r"([A-ZÀ-Ý][\w.’'-]*+(?: [A-ZÀ-Ý][\w.’'-]*+){0,3}): *")
_DASH = re.compile(r"[\s,]*(?:—|–|--|-)\s*")
_LONGEST_SIGNATURE = 18
_LONGEST_HEADLINE = 24
_LONGEST_SOURCE = 6
_FINITE = {"VBD", "VBZ", "VBP", "MD"}
_PREDICATES = _FINITE | {"VBN", "TO"}  # headlines leave out "is" and "will"
_SCORE = 0.6


def signature(text: str, start: int, end: int) -> Offsets | None:
    """The characters of a line that names a speaker and has no verb or period: "– Ilse Brandt, Mayor of Brill"."""
    line = text[start:end]
    if not line or len(line.split()) > _LONGEST_SIGNATURE or line[-1] in ".!?:" or not _SIGNATURE.fullmatch(line):
        return None
    names = re.findall(r"[A-ZÀ-Ý][\w’'-]+", line)
    if len(names) < 2 or not ("," in line or line[0] in "–—-"):
        return None
    return start + len(line) - len(line.lstrip("–—- ")), end


def named_before(text: str, start: int, end: int) -> Offsets | None:
    """The name that alone stands between the start of a line and a quotation: 'Brandt: “…”'."""
    found = _TURN.fullmatch(text, start, end)
    return found and found.span(1)


def signed_beside(text: str, start: int, end: int) -> Offsets | None:
    """The signature after a dash, from the end of a quotation to the end of its line: “…” — Ilse Brandt."""
    dash = _DASH.match(text, start, end)
    if dash is None:
        return None
    while end > dash.end() and text[end - 1] in ". ":
        end -= 1
    found = signature(text, dash.end(), end)
    return found or signature(text, dash.end() - len(dash.group().lstrip(" ,")), end)


def is_headline(text: str, start: int, end: int) -> bool:
    """Whether a paragraph is a short line without a period, as headlines and subheads are."""
    line = text[start:end].rstrip()
    return bool(line) and line[-1] not in ".!?…:;," and len(line.split()) <= _LONGEST_HEADLINE


def with_headline(doc: Doc, chars: Characters, quotations: Quotations, drafts: list[Draft]) -> list[Draft]:
    """The drafts with that of a first line in which a colon parts the speaker from what is said."""
    first = next(iter(paragraphs(chars.text)), None)
    if first is None or not chars.tagged or not is_headline(chars.text, *first):
        return drafts
    found = _by_colon(doc, chars, quotations, first)
    if found is None:
        return drafts
    here = [d for d in drafts if d.start < first[1]]
    if any(d.cue is not None and any(c.isalpha() for c in chars.text[slice(*d.cue)]) for d in here):
        return drafts
    score = max((d.score for d in here), default=_SCORE)
    return [replace(found, score=score), *(d for d in drafts if d.start >= first[1])]


def _by_colon(doc: Doc, chars: Characters, quotations: Quotations, line: Offsets) -> Draft | None:
    start, end = chars.tokens(line)
    colons = [t.i for t in doc[start:end] if t.text == ":" and quotations.at(t.idx) is None]
    if len(colons) != 1:
        return None
    before, after = (start, colons[0]), (colons[0] + 1, end)
    for source, content in ((before, after), (after, before)):
        if content[0] < content[1] and _speaks(doc, *source) and _is_said(doc, quotations, *content):
            span = trim(quotations, chars.chars(*content))
            return span and Draft((span,), None, (chars.chars(*source),), _SCORE)
    return None


def _speaks(doc: Doc, start: int, end: int) -> bool:
    """A short phrase for someone: a name of a person or body, or a noun for an office or a document; no label."""
    tokens = doc[start:end]
    if not 0 < len(tokens) <= _LONGEST_SOURCE or any(t.tag_ in _FINITE or t.text in ',“”"' for t in tokens):
        return False
    if tokens.text.lower() in words("cues", "labels"):
        return False
    head = next((n for n, t in enumerate(tokens) if t.tag_ == "IN"), len(tokens)) - 1  # "an inspector on the fire"
    if all(t.tag_ == "NNP" for t in tokens) and _is_known(doc, end):
        return True
    return head >= 0 and (_is_someone(tokens[head]) or _is_someone(tokens[0]))


def _is_known(doc: Doc, end: int) -> bool:
    """Whether the last name of a headline's phrase is a person's further down: a surname alone may be a town's."""
    return any(t.text == doc[end - 1].text and t.ent_type_ == "PERSON" for t in doc[end:])


def _is_someone(token: Token) -> bool:
    low = token.lower_
    singular = low[:-1] if low.endswith("s") else low
    known = words("roles", "heads") | words("documents", "heads")
    return token.ent_type_ in {"PERSON", "ORG"} or low in known or singular in known


def _is_said(doc: Doc, quotations: Quotations, start: int, end: int) -> bool:
    """A clause, or words in marks; a question is the paper's own."""
    tokens = doc[start:end]
    if quotations.quoted(tokens.start_char, tokens.end_char):
        return True
    return tokens[0].tag_ not in {"WRB", "WP"} and any(t.tag_ in _PREDICATES for t in tokens)
