"""Nouns that report: "his claim that …", "a warning from the auditor that …", "the request came in a letter: that …".

The noun says what was done (claimed, requested), its possessor or a "by", "from" or "of" who did it, its clause what
was said. Developed on invented passages.
"""

from __future__ import annotations

from dataclasses import replace

from spacy.tokens import Doc, Token

from extract.claims.cues import is_verb, lemma_of, noun_of, reporting_verbs
from extract.claims.draft import Draft, Offsets, Quotations, trim
from extract.claims.sentences import Sentences
from extract.claims.syntax import Characters, phrase
from extract.lexicon import words

_CLAUSES = {"acl", "acl:relcl", "ccomp"}
_AUTHOR_CASES = {"by", "from", "of"}
_FINITE = {"VBD", "VBZ", "VBP", "MD"}
_UNFINISHED = {"MD", "IN", "TO", "DT"}  # where a clause cannot end
_POSSESSIVES = {"his", "her", "its", "their", "our", "my", "your"}
_REACH = 12  # tokens between a noun and its "that"
_SCORE = 0.6


class Nominal:
    """Adds and corrects the drafts whose cue is a noun. Does nothing without tags and a tree."""

    def __init__(self, doc: Doc, chars: Characters, quotations: Quotations, sentences: Sentences) -> None:
        self.doc = doc
        self.chars = chars
        self.quotations = quotations
        self.sentences = sentences

    def repair(self, drafts: list[Draft]) -> list[Draft]:
        """The drafts with nouns for cues where nouns report, their clauses cut, and those that were missed."""
        if not (self.chars.tree and self.chars.tagged):
            return drafts
        drafts = [self._by_noun(d) for d in drafts]
        found = [d for noun in self.doc if noun_of(noun) if (d := self._draft(noun)) is not None]
        near: dict[int, list[Draft]] = {}
        for draft in drafts:
            near.setdefault(self._sentence(draft), []).append(draft)
        for new in found:
            near[self._sentence(new)] = self._added(near.get(self._sentence(new), []), new)
        return [draft for _, group in sorted(near.items()) for draft in group]

    def _sentence(self, draft: Draft) -> int:
        return self.sentences.number(draft.cue[0] if draft.cue else draft.start)

    def _by_noun(self, draft: Draft) -> Draft:
        """ "The request came …: that …": a verb that reports nothing leaves the reporting to its subject."""
        if draft.cue is None:
            return draft
        start, end = self.chars.tokens(draft.cue)
        verbs = [t for t in self.doc[start:end] if is_verb(t)]
        if not verbs or any(lemma_of(t) in reporting_verbs() or noun_of(t) for t in self.doc[start:end]):
            return draft
        noun = next((c for v in verbs for c in v.children if c.dep_.startswith("nsubj") and noun_of(c)), None)
        if noun is None or self._inside(draft, noun):
            return draft
        author = self._author(noun) or self._document(verbs)
        return replace(draft, cue=self.chars.chars(noun.i, noun.i + 1), sources=(author,) if author else ())

    def _inside(self, draft: Draft, token: Token) -> bool:
        return any(s <= token.idx < e for s, e in draft.parts)

    def _draft(self, noun: Token) -> Draft | None:
        """A noun with a clause and an author, outside of quotation marks."""
        clause, author = self._clause(noun), self._author(noun)
        if clause is None and (clause := self._after_colon(noun)):
            author = author or self._document([noun.head])
        if clause is None or author is None or self.quotations.at(noun.idx) is not None:
            return None
        span = trim(self.quotations, self.chars.chars(*clause))
        return span and Draft((span,), self.chars.chars(noun.i, noun.i + 1), (author,), _SCORE)

    def _clause(self, noun: Token) -> Offsets | None:
        """The tokens of the finite clause after "that": what hangs from the noun, to the end of its own words."""
        that = self._that(noun)
        if that is None:
            return None
        heads = self.doc[noun.i : that.i]  # parsers hang the clause from the author too
        verb = next((c for h in heads for c in h.children if c.dep_ in _CLAUSES and self._opened(c, that)), None)
        if verb is None or not self._has_subject(verb, that):
            return None
        inside = {t.i for t in verb.subtree}
        end = that.i + 1
        while end in inside:
            end += 1
        if self.doc[end - 1].tag_ in _UNFINISHED or not any(t.tag_ in _FINITE for t in self.doc[that.i + 1 : end]):
            return None
        return that.i + 1, end

    def _after_colon(self, noun: Token) -> Offsets | None:
        """ "The request came in a letter: that …": to the end of the sentence."""
        last = self.chars.tokens(self.sentences.at(noun.idx))[1]
        colon = next((t.i for t in self.doc[noun.i : last] if t.text == ":"), last)
        opens = colon + 2 < last and self.doc[colon + 1].lower_ == "that"
        return (colon + 2, last) if opens and noun.dep_.startswith("nsubj") else None

    def _that(self, noun: Token) -> Token | None:
        """The next "that" of the sentence, unless a verb stands between."""
        for token in self.doc[noun.i + 1 : noun.i + 1 + _REACH]:
            if token.lower_ == "that" and token.tag_ != "DT":
                return token
            if token.tag_ in _FINITE or token.is_sent_start or token.text in '.;:“”"':
                return None
        return None

    def _opened(self, verb: Token, that: Token) -> bool:
        return verb.i > that.i and verb.left_edge.i in {that.i, that.i + 1}

    def _has_subject(self, verb: Token, that: Token) -> bool:
        """Whether the clause is whole without its "that": not "the claim that was made"."""
        return any(c.dep_.startswith(("nsubj", "csubj", "expl")) and c.i != that.i for c in verb.children)

    def _author(self, noun: Token) -> Offsets | None:
        """Whose the noun is: "the mayor's claim", "a warning from the auditor"; not the verb's subject."""
        for child in noun.children:
            if child.dep_ == "nmod:poss":
                return self._phrase(child)
            case = next((c.lower_ for c in child.children if c.dep_ == "case"), None)
            if child.dep_ == "nmod" and case in _AUTHOR_CASES and child.pos_ in {"NOUN", "PROPN", "PRON"}:
                return self._phrase(child)
        return None

    def _phrase(self, head: Token) -> Offsets:
        start, end = phrase(head)
        edge = {c.i for c in head.children if c.dep_ == "case"}
        while start in edge:
            start += 1
        while end - 1 in edge:
            end -= 1
        return self.chars.chars(start, end)

    def _document(self, verbs: list[Token]) -> Offsets | None:
        """ "… came in a letter": the document speaks where no author is named."""
        for verb in verbs:
            for child in verb.children:
                case = any(c.lower_ == "in" for c in child.children if c.dep_ == "case")
                if child.dep_ == "obl" and case and child.lower_ in words("documents", "heads"):
                    return self._phrase(child)
        return None

    def _added(self, drafts: list[Draft], new: Draft) -> list[Draft]:
        """`new` beside the others, or in the place of those that it makes whole: of the same cue or without one."""
        assert new.cue is not None
        holders = [d for d in drafts if d.cue and d.cue[0] <= new.cue[0] < d.cue[1] or self._same(d, new)]
        keep = [d for d in holders if d.cue is not None and not self._overruns(d, new)]
        if keep:
            return [self._by_author(d, new) if any(d is k for k in keep) else d for d in drafts]
        lone = [d for d in drafts if d.cue is None and not d.sources and _overlaps(d, new)]
        rest = [d for d in drafts if not any(d is one for one in (*holders, *lone))]
        old = next(iter(holders), None)
        within = any(all(_held(d, p) for p in new.parts) for d in rest)
        if within and self.chars.text[slice(*new.sources[0])].lower() in _POSSESSIVES:
            return drafts  # "reiterated | his view that …" is one claim
        sources = old.sources if old is not None and old.sources else new.sources
        cue = old.cue if old is not None and old.cue else new.cue
        return [*rest, replace(new, cue=cue, sources=sources, score=old.score if old else new.score, within=within)]

    def _by_author(self, draft: Draft, new: Draft) -> Draft:
        """ "ignored a warning by X": X warned, not who ignored it."""
        assert draft.cue is not None and new.cue is not None
        inside = self.doc[slice(*self.chars.tokens(draft.cue))]
        if new.cue[0] >= draft.cue[1] or any(is_verb(t) and lemma_of(t) in reporting_verbs() for t in inside):
            return draft
        return replace(draft, cue=new.cue, sources=new.sources)

    def _same(self, draft: Draft, new: Draft) -> bool:
        """Whether a draft has the new one's content: it begins where the clause does."""
        return draft.cue is not None and abs(draft.start - new.start) <= len("that ") and len(draft.parts) == 1

    def _overruns(self, draft: Draft, new: Draft) -> bool:
        """Whether a content runs on into the main clause: "his promise that no one would go | has been broken"."""
        if draft.end <= new.end:
            return draft.end < new.end and not self._same(draft, new)
        following = self.doc[self.chars.token(new.end) + 1 : self.chars.token(new.end) + 3]
        return self._same(draft, new) and any(t.tag_ in _FINITE for t in following)


def _overlaps(one: Draft, other: Draft) -> bool:
    return any(a < d and c < b for a, b in one.parts for c, d in other.parts)


def _held(draft: Draft, part: Offsets) -> bool:
    return any(s <= part[0] and part[1] <= e for s, e in draft.parts)
