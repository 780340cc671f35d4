"""What a cue does: its lemma, whether it is negated, and the modality that it gives its content."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Doc, Span, Token

from extract.findings import Modality
from extract.lexicon import lexicon, words

_VERB_TAGS = {"VB", "VBD", "VBG", "VBN", "VBP", "VBZ"}
_INTERROGATIVE = {"why", "how", "when", "where", "who", "what", "which"}
_BY_NOUN: tuple[Modality, ...] = ("demanded", "projected", "possible", "denied")
_NEGATIVE = re.compile(r"\b(?:not|never|nor|neither|no longer)\b|n[’']t\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reporting:
    """A cue as read: `head` is the word that reports, `start` and `end` its characters without auxiliaries.

    `phrase` is the lemma with its particle or preposition ("call for"), which the word lists are keyed by.
    """

    head: int
    start: int
    end: int
    lemma: str
    phrase: str
    negated: bool
    noun: bool = False


@cache
def forms() -> dict[str, str]:
    """Every inflected form of the verbs in cues.yml → its lemma, for texts without a tagger."""
    table: dict[str, str] = {}
    for key in ("report", "attitude", "demanded", "projected", "possible", "denied", "silent", "withheld", "names"):
        for entry in lexicon("cues")[key]:
            lemma = str(entry).split()[0]
            if lemma not in {"according", "would", "not", "per", "keep"}:
                table.update(dict.fromkeys(_inflect(lemma), lemma))
    table.update(lexicon("cues")["irregular"])
    return table


def _inflect(lemma: str) -> tuple[str, ...]:
    if lemma.endswith("e"):
        return lemma, lemma + "s", lemma + "d", lemma[:-1] + "ing"
    if re.search(r"[^aeiou]y$", lemma):
        return lemma, lemma[:-1] + "ies", lemma[:-1] + "ied", lemma + "ing"
    third = lemma + ("es" if re.search(r"(?:s|x|ch|sh)$", lemma) else "s")
    return lemma, third, lemma + "ed", lemma + "ing"


def lemma_of(token: Token) -> str:
    """The lemma of a word of a cue; `forms` decides for known verbs, the tagger for others."""
    low = token.lower_
    if (noun := noun_of(token)) is not None:
        return noun
    return forms().get(low) or (token.lemma_.lower() if token.lemma_ else low)


def noun_of(token: Token) -> str | None:
    """The reporting noun that a word tagged as a noun is a form of: "warnings" is no form of "warn" then."""
    if token.tag_[:1] != "N":
        return None
    nouns, low = words("cues", "noun"), token.lower_
    return low if low in nouns else low[:-1] if low.endswith("s") and low[:-1] in nouns else None


def is_verb(token: Token) -> bool:
    """Whether a token can be a reporting verb: by its tag, or by its form where there is none."""
    return token.tag_ in _VERB_TAGS if token.tag_ else token.lower_ in forms()


def reports(token: Token) -> bool:
    """Whether a word reports as a finite verb would, whatever its tag: "notes that" and a final "states" are verbs."""
    if token.lower_ not in forms():
        return False
    if not token.tag_ or token.tag_ in {"VBD", "VBZ", "VBP"}:
        return True
    following = token.doc[token.i + 1] if token.i + 1 < len(token.doc) else None
    if token.tag_ == "VBG":
        before = [t.lower_ for t in token.doc[max(0, token.i - 3) : token.i]]
        return bool({"is", "are", "was", "were"} & set(before))
    if token.tag_ not in {"NN", "NNS", "VBN", "VB"}:
        return False
    return following is None or following.lower_ == "that" or following.text in {".", "\n\n", "\n"}


@cache
def reporting_verbs() -> frozenset[str]:
    """Lemmas of all verbs that a content can hang from: of speech, demand, expectation, denial and belief."""
    keys = ("report", "demanded", "projected", "denied", "attitude")
    return frozenset(e.split()[0] for key in keys for e in words("cues", key)) - words("cues", "silent")


def read_cue(doc: Doc, start: int, end: int, stop: int | None = None) -> Reporting | None:
    """The reporting word of the cue at tokens `start`..`end`; None where there is only punctuation.

    A preposition that belongs to the verb is taken in if it stands before token `stop`, where the content begins.
    """
    inside = [t for t in doc[start:end] if any(c.isalpha() for c in t.text)]
    if inside and all(t.pos_ == "ADV" for t in inside) and end < len(doc) and is_verb(doc[end]):
        inside.append(doc[end])  # "again asked", predicted as far as the adverb
    if not inside:
        return None
    head = _head(inside)
    lemma = lemma_of(head)
    phrase, last = _phrase(doc, head, lemma)
    last = head.i if stop is not None and head.i < stop <= last else last
    first, negated = _negation(doc, head)
    noun = not is_verb(head) and lemma in words("cues", "noun")
    begin, final = doc[first], doc[last]
    return Reporting(head.i, begin.idx, final.idx + len(final), lemma, phrase, negated, noun)


def _head(inside: list[Token]) -> Token:
    """The word that reports: a known reporting verb before any other verb, a noun where there is no verb."""
    known = _known()
    verbs = [t for t in inside if is_verb(t) and t.lower_ not in words("cues", "auxiliary")]
    for n, token in enumerate(verbs):
        withheld = lemma_of(token) in words("cues", "withheld") and n + 1 < len(verbs)
        if lemma_of(token) in known and not withheld:
            return token
    noun = next((t for t in inside if noun_of(t)), None)
    if verbs or noun is not None:
        return noun or verbs[0]
    for token in inside:
        if token.lower_ in forms() or lemma_of(token) in words("cues", "noun"):
            return token
    return inside[0]


@cache
def _known() -> frozenset[str]:
    keys = ("report", "attitude", "demanded", "projected", "possible", "denied")
    return frozenset(entry.split()[0] for key in keys for entry in words("cues", key))


@cache
def _phrases() -> frozenset[str]:
    keys = ("report", "attitude", "demanded", "projected", "possible", "denied", "silent")
    return frozenset(entry for key in keys for entry in words("cues", key) if " " in entry)


def _phrase(doc: Doc, head: Token, lemma: str) -> tuple[str, int]:
    """The longest entry of the word lists that begins with the head: "call for", "plead with", "according to"."""
    best, last = lemma, head.i
    if head.lower_ == "according" and head.i + 1 < len(doc) and doc[head.i + 1].lower_ == "to":
        return "according to", head.i + 1
    grown = lemma
    for follower in doc[head.i + 1 : min(head.i + 4, len(doc))]:
        grown = f"{grown} {follower.lower_}"
        if grown in _phrases():
            best, last = grown, follower.i
    if head.i and doc[head.i - 1].lower_ == "would" and f"would {best}" in _phrases():
        best = f"would {best}"
    return best, last


def _negation(doc: Doc, head: Token) -> tuple[int, bool]:
    """(first token of the cue, negated): "did not say" and "declined to say" are whole, "has said" leaves "has" out."""
    if head.i > 1 and doc[head.i - 1].lower_ == "to" and lemma_of(doc[head.i - 2]) in words("cues", "withheld"):
        return head.i - 2, True
    begin = head.i
    while begin > 0 and head.i - begin < 5:
        before = doc[begin - 1]
        adverb = before.pos_ == "ADV" or before.lower_ in {"also", "yet", "still", "again"}
        if not (before.lower_ in words("cues", "auxiliary") or _NEGATIVE.fullmatch(before.text) or adverb):
            break
        begin -= 1
    group = doc[begin : head.i]
    if not _NEGATIVE.search(group.text):
        return head.i, False
    while begin < head.i and doc[begin].pos_ == "ADV" and not _NEGATIVE.search(doc[begin].text):
        begin += 1
    return begin, True


def modality(cue: Reporting | None, content: Span | None) -> Modality:
    """How the content is put forward: by the cue where that decides, else by the content's first verb group.

    "denied that …" is denied, "asked that …" demanded, "expects …" and "… will …" projected, "… could …" possible.
    Developed on the cross-check corpus.
    """
    by_cue = cue and _cue_modality(cue)
    if cue is not None and cue.phrase == "ask" and content is not None and (asked := _question(content)):
        return asked
    return by_cue or _content_modality(content)


def _question(content: Span) -> Modality | None:
    """Who asks a question demands no deed: "asked whether it rained" leaves open if it did, "asked why" does not."""
    before = content.doc[content.start - 1].lower_ if content.start else ""
    low = before if before in _INTERROGATIVE else content[0].lower_
    if low in {"whether", "if"} or content.doc[content.end - 1].text == "?":
        return "possible"
    return _content_modality(content) if low in _INTERROGATIVE else None


def _cue_modality(cue: Reporting) -> Modality | None:
    if cue.noun:
        return next((name for name in _BY_NOUN if cue.lemma in words("cues", f"noun_{name}")), None)
    phrase = f"not {cue.phrase}" if cue.negated else cue.phrase
    if phrase in words("cues", "possible") or cue.phrase in words("cues", "possible"):
        return "possible"
    order: tuple[Modality, ...] = ("denied", "demanded", "projected")
    for name in order:
        if name == "denied" and cue.negated:
            continue  # who did not deny a thing says nothing against it
        if cue.phrase in words("cues", name) or (cue.lemma in words("cues", name) and cue.phrase == cue.lemma):
            return name
    return None


def _content_modality(content: Span | None) -> Modality:
    if content is None:
        return "asserted"
    verb = _main_verb(content)
    group = _verb_group(content, verb)
    if group & words("cues", "content_possible"):
        return "possible"
    if group & words("cues", "content_demanded") or "have-to" in group:
        return "demanded"
    if group & words("cues", "content_projected") or "be-to" in group:
        return "projected"
    return "asserted"


def _main_verb(content: Span) -> Token | None:
    if not content[0].dep_:
        return None
    first = content[0].sent
    inside = [t for t in content if first.start <= t.i < max(first.end, content.start + 1)]
    for token in inside:
        outside = token.head.i < content.start or token.head.i >= content.end or token.head.i == token.i
        if outside and token.pos_ in {"VERB", "AUX", "ADJ", "NOUN"} and any(c.pos_ == "AUX" for c in token.children):
            return token
    return next((t for t in inside if t.pos_ == "VERB"), None)


def _verb_group(content: Span, verb: Token | None) -> frozenset[str]:
    """The lower-case auxiliaries of the main verb, with "have-to" and "be-to" where they stand before "to"."""
    if verb is not None:
        heads = [verb, *(t for t in verb.children if t.dep_ == "conj" and t.pos_ == "VERB")][:1]
        group = {c.lower_ for h in heads for c in h.children if c.dep_.startswith(("aux", "cop"))} | {verb.lower_}
        group |= {c.lower_ for c in verb.children if c.lower_ in {"perhaps", "possibly"}}
        begin = min([t.i for t in verb.children if t.dep_.startswith("aux")] + [verb.i])
        tail = content.doc[max(content.start, begin - 1) : min(verb.i + 3, content.end)]
    else:
        tail = _first_auxiliary(content)
        group = {t.lower_ for t in tail}
    for one, two in zip(tail[:-1], tail[1:], strict=False):
        if two.lower_ == "to":
            if one.lower_ in words("cues", "content_have_to"):
                group.add("have-to")
            elif one.lower_ in words("cues", "content_be_to"):
                group.add("be-to")
    return frozenset(group)


def _first_auxiliary(content: Span) -> Span:
    """Without a tree: from the first auxiliary or modal of the content, three words."""
    keys = ("content_projected", "content_possible", "content_demanded", "content_be_to", "content_have_to")
    known = frozenset().union(*(words("cues", key) for key in keys), words("cues", "auxiliary")) - {"to"}
    at = next((t.i for t in content if t.lower_ in known), None)
    return content[0:0] if at is None else content.doc[at : min(at + 2, content.end)]
