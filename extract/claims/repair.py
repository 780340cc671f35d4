"""What punctuation and trees say about an attribution where the encoder's spans stop short of it.

Three constructions leave no doubt: an attribution set off after its content ("…, the department estimates."),
"according to", and a second reporting verb joined to the cue ("said … and noted …"). Developed on the cross-check
corpus and the three articles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import replace

from spacy.tokens import Doc, Span, Token

from extract.claims.cues import forms, is_verb, lemma_of, reporting_verbs, reports
from extract.claims.draft import Draft, Offsets, Quotations, trim
from extract.claims.layout import is_headline
from extract.claims.sentences import Sentences
from extract.claims.syntax import Characters
from extract.lexicon import words

_DATELINE = re.compile(
    r"[A-ZÀ-Ý][A-ZÀ-Ý .,’'-]{2,40}(?:\([^)]*\)\s*)?\s*[—–-]+\s+|(?:And|But|Yet|So|Still|Meanwhile),?\s"
)
_FOLLOWS = {
    "on",
    "in",
    "at",
    "when",
    "during",
    "after",
    "as",
    "to",
    "before",
    "earlier",
    "late",
    "early",
    "this",
    "last",
}
_CLAUSE = {"who", "which", "that", "because", "if", "while", "although", "whether", "what", "how"}
_LONGEST_SOURCE = 16
_FINITE = {"VBD", "VBZ", "VBP", "MD"}
_SCORE = 0.6


class Repairer:
    """Adds and corrects drafts of one document."""

    def __init__(self, doc: Doc, chars: Characters, quotations: Quotations, sentences: Sentences) -> None:
        self.doc = doc
        self.chars = chars
        self.quotations = quotations
        self.sentences = sentences

    def repair(self, drafts: list[Draft]) -> list[Draft]:
        """The drafts with postposed contents completed and coordinated cues parted."""
        parted = [piece for draft in drafts for piece in self._coordinated(draft)]
        near: dict[int, list[Draft]] = {}
        for draft in parted:
            near.setdefault(self.sentences.number(draft.cue[0] if draft.cue else draft.start), []).append(draft)
        for found in self._postposed():
            number = self.sentences.number(found.start)
            near[number] = self._merged(near.get(number, []), found)
        return [draft for _, group in sorted(near.items()) for draft in group]

    def _merged(self, drafts: list[Draft], found: Draft) -> list[Draft]:
        """`found` instead of a draft with its cue and another content; dropped where another draft has its words.

        `drafts` are those of the same sentence.
        """
        assert found.cue is not None
        same = [d for d in drafts if d.cue is not None and _touch(d.cue, found.cue)]
        others = [d for d in drafts if not any(d is one for one in same)]
        rivals = [d for d in others if d.cue is not None and not _one_reports_other(d, found)]
        if any(_shared(d.parts, found.parts) > 0.5 for d in rivals):
            return drafts
        others = [d for d in others if d.cue is not None or _shared(d.parts, found.parts) <= 0.5]
        if not same:
            return [*others, found]
        if max(_shared(d.parts, found.parts) for d in same) > 0.7 and not any(self._only_that(d) for d in same):
            return [*others, *same]
        return [*others, replace(same[0], parts=found.parts, sources=same[0].sources or found.sources)]

    def _only_that(self, draft: Draft) -> bool:
        """Whether a part is the bare "that" of a clause which "according to" interrupts."""
        return any(self.chars.text[s:e].lower() == "that" for s, e in draft.parts)

    def _postposed(self) -> Iterator[Draft]:
        if not self.chars.tagged:
            return
        for start, end in self.sentences.spans:
            first, last = self.chars.tokens((start, end))
            for token in self.doc[first:last]:
                if self.quotations.at(token.idx) is not None:
                    continue
                if token.lower_ == "according" and token.i + 1 < last and self.doc[token.i + 1].lower_ == "to":
                    yield from self._according_inside(token, first, last)
                    found = self._according(token, first, last)
                elif self._reports(token, last):
                    found = self._set_off(token, first, last)
                else:
                    continue
                if found is not None:
                    yield found

    def _reports(self, token: Token, last: int) -> bool:
        """Whether a finite reporting verb; at the very end of a sentence a tagger takes "estimates" for a noun."""
        if token.lower_ not in forms() or lemma_of(token) not in words("cues", "postposed"):
            return False
        at_end = token.i + 1 >= last or self.doc[token.i + 1].is_sent_start or self.doc[token.i + 1].text in {".", ","}
        return token.tag_ in {"VBD", "VBZ", "VBP"} or (token.tag_ in {"NNS", "NN", "VBN", "VB"} and at_end)

    def _according(self, token: Token, first: int, last: int) -> Draft | None:
        """ "…, according to X." and "According to X, …"."""
        cue = (token.i, token.i + 2)
        commas = [t.i for t in self.doc[token.i : last] if t.text == ","]
        relative = {"who", "which", "whose", "where"}
        while len(commas) > 1 and commas[0] + 1 < last and self.doc[commas[0] + 1].lower_ in relative:
            commas = commas[1:]
        comma = commas[0] if commas else last
        ending = last
        while ending > token.i + 2 and self.doc[ending - 1].is_punct:
            ending -= 1
        if token.i == first:
            return self._draft([(comma + 1, last)], cue, (token.i + 2, comma)) if comma < last else None
        if self._opens_clause(token, first):
            return self._draft([(comma + 1, last)], cue, (token.i + 2, comma)) if comma < last else None
        parts = [(first, token.i)]
        if comma + 1 < ending and not any(t.tag_ in _FINITE for t in self.doc[first : token.i]):
            parts.append((comma + 1, last))  # "Most of them, according to X, had left."
        return self._draft(parts, cue, (token.i + 2, min(comma, ending)), {"VBN"} if len(parts) > 1 else frozenset())

    def _opens_clause(self, token: Token, first: int) -> bool:
        """ "… said that, according to X, …": what follows is said, not what stands before."""
        before = [t.lower_ for t in self.doc[max(first, token.i - 2) : token.i]]
        return "that" in before

    def _according_inside(self, token: Token, first: int, last: int) -> Iterator[Draft]:
        """The claim that holds such a clause: "Y said | that, according to X, …"."""
        if not self._opens_clause(token, first):
            return
        that = max(t.i for t in self.doc[first : token.i] if t.lower_ == "that")
        verb = self.doc[that - 1] if that > first else None
        if verb is None or not reports(verb) or lemma_of(verb) not in reporting_verbs():
            return
        found = self._draft([(that, last)], (verb.i, verb.i + 1), (first, verb.i))
        if found is not None:
            yield found

    def _set_off(self, verb: Token, first: int, last: int) -> Draft | None:
        """ "…, X said." and "…, said X.": the verb with its subject between a comma and the end, no clause after it."""
        begin = verb.i
        while begin > first and self.doc[begin - 1].text != ",":
            begin -= 1
            if verb.i - begin > _LONGEST_SOURCE or self._is_clause(self.doc[begin]):
                return None
        if begin == first or begin - 1 == first:
            return None
        source = (begin, verb.i) if begin < verb.i else self._after(verb, last)
        if source is None or not self._names_someone(source):
            return None
        rest = self._rest(verb, last) if begin < verb.i else last
        if rest is None:
            return None
        parts = [(first, begin - 1)]
        if last - rest > 3 and self.doc[rest].text == ",":
            parts.append((rest + 1, last))
        return self._draft(parts, (verb.i, verb.i + 1), source)

    def _is_clause(self, token: Token) -> bool:
        return token.lower_ in _CLAUSE or is_verb(token) and token.tag_ != "VBN" or token.text in '“”";:'

    def _after(self, verb: Token, last: int) -> Offsets | None:
        stop = verb.i + 1
        while stop < last and not self.doc[stop].is_punct and self.doc[stop].lower_ not in _FOLLOWS | _CLAUSE:
            stop += 1
        if stop == verb.i + 1 or any(is_verb(t) and t.tag_ not in {"VBN", "VBG"} for t in self.doc[verb.i + 1 : last]):
            return None
        return verb.i + 1, stop

    def _rest(self, verb: Token, last: int) -> int | None:
        """Where the attribution ends: at a comma or the end, after at most a time, a place or listeners."""
        at = verb.i + 1
        if at < last and lemma_of(verb) == "tell":
            at += 1
        if at >= last or self.doc[at].is_punct:
            return at
        word = self.doc[at]
        if (
            word.lower_ not in _FOLLOWS
            and word.ent_type_ == ""
            and not re.fullmatch(r"\w+day|then|now|again|too", word.text)
        ):
            return None
        while at < last and self.doc[at].text != ",":
            at += 1
        return at if at < last else last

    def _names_someone(self, source: Offsets) -> bool:
        tokens = self.doc[slice(*source)]
        return any(t.pos_ in {"NOUN", "PROPN", "PRON"} or not t.tag_ for t in tokens) and len(tokens) <= _LONGEST_SOURCE

    def _draft(self, parts: list[Offsets], cue: Offsets, source: Offsets, also: Set[str] = frozenset()) -> Draft | None:
        """A draft of ranges of tokens, if a finite verb stands in them; `also` are tags that do as well."""
        spans = []
        for low, high in parts:
            if low >= high:
                return None
            start, end = self.chars.chars(low, high)
            opening = _DATELINE.match(self.chars.text, start, end)
            span = trim(self.quotations, (opening.end() if opening else start, end))
            if span is not None:
                spans.append(span)
        if not spans or source[0] >= source[1] or self._is_quoted(spans):
            return None
        said = {t.tag_ for span in spans for t in self.doc[slice(*self.chars.tokens(span))]}
        also = {"VBN", "TO"} if self._in_headline(spans[0]) else also
        if not said & (_FINITE | also):
            return None
        return Draft(tuple(spans), self.chars.chars(*cue), (self.chars.chars(*source),), _SCORE)

    def _in_headline(self, span: Offsets) -> bool:
        start, end = self.sentences.at(span[0])
        line = self.chars.text.find("\n", start, end + 1)
        return is_headline(self.chars.text, start, end) and (line >= 0 or start == 0)

    def _is_quoted(self, spans: list[Offsets]) -> bool:
        """Whether most of a content stands in quotation marks: that has an attribution of its own."""
        inside = sum(e - s for span in spans for s, e in self.quotations.quoted(*span))
        return 2 * inside > sum(e - s for s, e in spans)

    def _coordinated(self, draft: Draft) -> list[Draft]:
        """ "said … and noted …": the second verb hangs from the cue by the tree and takes what follows it."""
        if draft.cue is None or len(draft.parts) != 1 or not self.chars.tagged:
            return [draft]
        heads = self.doc[slice(*self.chars.tokens(draft.cue))]
        start, end = self.chars.tokens(draft.parts[0])
        for verb in self.doc[start + 1 : end - 1]:
            if not (reports(verb) and lemma_of(verb) in reporting_verbs()):
                continue
            joined = self.chars.tree and verb.dep_ == "conj" and any(verb.head.i == h.i for h in heads)
            if (joined or self._parallel(verb, heads)) and self.quotations.at(verb.idx) is None:
                before = verb.i - 1 if self.doc[verb.i - 1].lower_ in {"and", "but"} else verb.i
                one = self._cut(start, before)
                two = self._cut(verb.i + 1, end)
                if one and two:
                    second = replace(draft, parts=(two,), cue=self.chars.chars(verb.i, verb.i + 1))
                    return [replace(draft, parts=(one,)), *self._coordinated(second)]
        return [draft]

    def _parallel(self, verb: Token, heads: Span) -> bool:
        """ "insists … and demands that …": joined by "and", with a clause and the cue's tense."""
        beside = self.doc[verb.i - 1].lower_ == "and" and self.doc[min(verb.i + 1, len(self.doc) - 1)].lower_ == "that"
        present = verb.lower_.endswith("s")
        return beside and any(is_verb(h) and h.lower_.endswith("s") == present for h in heads)

    def _cut(self, low: int, high: int) -> Offsets | None:
        return trim(self.quotations, self.chars.chars(low, high)) if low < high else None


def _one_reports_other(one: Draft, other: Draft) -> bool:
    """Whether the cue of either stands in what the other reports: a claim within a claim."""
    return any(a.cue is not None and s <= a.cue[0] < e for a, b in ((one, other), (other, one)) for s, e in b.parts)


def _touch(one: Offsets, other: Offsets) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _shared(one: tuple[Offsets, ...], other: tuple[Offsets, ...]) -> float:
    """How much of the characters of both lists of spans is shared: their Jaccard index."""
    shared = sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in one for b in other)
    total = sum(e - s for s, e in (*one, *other)) - shared
    return shared / total if total else 0.0
