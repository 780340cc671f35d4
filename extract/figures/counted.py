"""What a figure counts: the noun it stands before, or the one that is left out.

Order of the search: the noun the number stands before ("380 asylum seekers"); the phrase after "of" ("17 per cent of
asylum requests"); for a change, what changes (object or subject of its verb); for money, what it is spent on; else the
noun is left out ("65,570 were received", "160,651 of the 289,047") and is taken over: from the clause before, from the
figure before, from an earlier mention of the same number. `basis` says which.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import takewhile

from spacy.tokens import Doc, Token

from .frame import Frame
from .lexicon import Lexicon
from .measures import noun_of
from .phrases import chunk, chunk_after_of, describe, head_of, left_of, tail, text_of
from .recognise import Quantity

_SUBJECTS = ("nsubj", "nsubj:pass", "nsubj:outer", "csubj")
_NOUNS = ("NOUN", "PROPN")
_HYPHENS = frozenset("-–‑")
_FEW = 13


@dataclass(frozen=True, slots=True)
class Counted:
    """The counted phrase, its head word, the whole a share is taken from, and where the phrase comes from."""

    phrase: str | None = None
    head: str | None = None
    of: str | None = None
    basis: str = ""
    anchor: int | None = None


class CountedFinder:
    """Finds what the figures of one document count, in the order of the text, and remembers for those to come."""

    def __init__(self, frame: Frame, words: Lexicon) -> None:
        self.frame = frame
        self.words = words
        self.doc: Doc = frame.doc
        self.tagged = frame.doc.has_annotation("TAG") or frame.doc.has_annotation("POS")
        self.parsed = frame.parsed
        self._before: Counted | None = None
        self._part: tuple[Counted, tuple[int, int]] | None = None  # a member of a list behind a colon, its sentence
        self._last: Counted | None = None  # also of a change: "them" may be what rose or fell
        self._money_before: tuple[Counted, int] = (Counted(), -1)
        self._by_value: dict[tuple[float | None, float | None], Counted] = {}
        self._phrases: dict[str, list[tuple[int, int]]] = {}

    def find(self, quantity: Quantity, kind: str) -> Counted:
        """What `quantity` (of this kind: level, share, change_…) counts."""
        tokens = self.frame.tokens(*quantity.core)
        if not tokens:
            return Counted()
        found = self._own(tokens, quantity, kind) if self.tagged else _lexical(tokens, self.words.phrase_ends)
        if found is None or self._says_nothing(found):
            taken = (
                self._of_pronoun(tokens)
                or self._by_vocabulary(found, quantity)
                or self._taken_over(tokens, quantity)
                or self._plural_before(found, tokens)
            )
            found = taken if taken is not None else found
        found = self._with_whole(found or Counted(), tokens, kind)
        if found.phrase and quantity.kind != "money" and not kind.startswith("change"):
            sentence = self.frame.sentence(quantity.start)
            listed = self._before is not None and ":" in self.frame.text[sentence[0] : quantity.start]
            self._part = (found, sentence) if listed else None
            self._before = self._before if listed else found
        if found.phrase and quantity.kind != "money":
            self._last = found
        if quantity.kind == "money":
            self._money_before = (found, quantity.start)
        if found.phrase:
            self._by_value.setdefault((quantity.value or quantity.low, quantity.high), found)
        return found

    def full_name(self, found: Counted) -> str | None:
        """The counted phrase, or for a bare noun its last fuller mention before it: "permits" → "study permits"."""
        if not self.tagged or found.phrase is None or found.anchor is None or " " in found.phrase:
            return found.phrase
        fuller = self._fuller(found.head or "")
        n = bisect_left(fuller, max(0, found.anchor - 1), key=lambda span: span[1] - 1) - 1
        return text_of(list(self.doc[slice(*fuller[n])])) if n >= 0 else found.phrase

    def _fuller(self, head: str) -> list[tuple[int, int]]:
        """The noun phrases of several words that end in the noun `head`, in order."""
        if head not in self._phrases:
            spans = (left_of(self.doc[i]) for i in self._nouns.get(head, ()))
            self._phrases[head] = [span for span in spans if span[1] - span[0] > 1]
        return self._phrases[head]

    @cached_property
    def _nouns(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for token in self.doc:
            if token.pos_ in _NOUNS:
                found.setdefault(token.lower_, []).append(token.i)
        return found

    def _own(self, tokens: list[Token], quantity: Quantity, kind: str) -> Counted | None:
        """What the figure's own clause says it counts."""
        if kind.startswith("change"):
            return self._changed(tokens, quantity)
        if quantity.kind == "money":
            return (
                self._after(tokens, hyphen_only=True)
                or self._same_money(tokens)
                or self._price(tokens)
                or self._money(tokens)
                or self._equated(tokens)
            )
        if quantity.kind == "percent":
            return self._share(tokens)
        return (
            self._after(tokens)
            or self._predicate(tokens)
            or self._of(tokens)
            or self._moved(tokens)
            or self._equated(tokens)
        )

    def _predicate(self, tokens: list[Token]) -> Counted | None:
        """ "Among them, 190 were nurses": the noun behind "were"."""
        at = tokens[-1].i + 2
        if _next(tokens) not in ("are", "were") or at >= len(self.doc) or self.doc[at].pos_ == "VERB":
            return None
        return self._from_chunk(chunk(self.doc, at), "predicate")

    def _equated(self, tokens: list[Token]) -> Counted | None:
        """ "The deficit hit $40 billion", "the annual intake would be 365,000": the subject, where the verb equates."""
        first = tokens[0]
        while first.i and first.nbor(-1).pos_ in ("ADV", "DET", "SYM"):
            first = first.nbor(-1)
        verb = first.nbor(-1) if first.i else None
        if verb is None or verb.lower_ not in self.words.context["equating"]:
            return None
        subject = self._subject(tokens[-1])
        if subject is None or subject.pos_ not in ("NOUN", "VERB") or subject.lower_ in self.words.context["actors"]:
            return None
        return self._from_chunk(left_of(subject), "subject") if subject.pos_ == "NOUN" else None

    def _moved(self, tokens: list[Token]) -> Counted | None:
        """ "claims rose from 260 to almost 24,000": the subject of the verb, where the number is its level."""
        before = [t.lower_ for t in self.doc[max(0, tokens[0].i - 3) : tokens[0].i]]
        if not {"from", "to", "at"} & set(before):
            return None
        subject = self._subject(tokens[-1])
        return self._from_chunk(left_of(subject), "subject") if subject is not None and subject.pos_ == "NOUN" else None

    def _after(self, tokens: list[Token], hyphen_only: bool = False) -> Counted | None:
        """The noun right behind the number ("380 asylum seekers", "a $1-billion program")."""
        at = tokens[-1].i + 1
        if at < len(self.doc) and self.doc[at].text in _HYPHENS:
            at += 1
        elif hyphen_only and not any(t.text in _HYPHENS for t in tokens) and not self._is_modifier(tokens):
            return None
        return self._from_chunk(chunk(self.doc, at), "noun")

    def _is_modifier(self, tokens: list[Token]) -> bool:
        """Whether the amount stands before a noun of its own ("the $5 million grant")."""
        root = _root(tokens)
        return self.parsed and root.head.i > tokens[-1].i and root.head.pos_ in _NOUNS and root.dep_ != "nsubj"

    def _from_chunk(self, span: tuple[int, int] | None, basis: str) -> Counted | None:
        if span is None:
            return None
        head = head_of(self.doc, span)
        if head.lower_ in self.words.context["empty_nouns"]:
            inner = chunk_after_of(head)
            if inner is not None:
                span, head = inner, head_of(self.doc, inner)
        return Counted(describe(self.doc, span), head.lower_, basis=basis, anchor=self._end(span, head))

    def _end(self, span: tuple[int, int], head: Token) -> int:
        """The last token of what hangs behind a noun: people named inside it are not the ones counted."""
        return max(span[1] - 1, head.right_edge.i if self.parsed and head.right_edge.i - head.i < 10 else 0)

    def _of(self, tokens: list[Token]) -> Counted | None:
        """The noun phrase behind "of" ("half of Quebec's asylum seekers", "dozens of families")."""
        span = chunk_after_of(tokens[-1])
        found = self._from_chunk(span, "of")
        if found is None and _next(tokens) in ("the", "all") and span is None:
            found = self._from_chunk(chunk(self.doc, tokens[-1].i + 2), "of")
        return found

    def _share(self, tokens: list[Token]) -> Counted | None:
        found = self._of(tokens)
        generic = found is not None and found.head in self.words.context["wholes"]
        beside = tokens[0].i > 0 and tokens[0].nbor(-1).lower_ == "with"  # "… with 22 per cent of its people"
        if found is not None and (beside or not (generic or self._is_empty(found.head))):
            return found
        if any(t.text in _HYPHENS for t in tokens) or _next(tokens) in _HYPHENS:
            return self._after(tokens)
        subject = self._subject(tokens[-1])
        if subject is not None and subject.pos_ == "NOUN" and subject.lower_ not in self.words.context["actors"]:
            own = self._from_chunk(left_of(subject), "subject")
            return replace(own, of=found.phrase) if own and found else own
        if generic and found is not None and self._before is not None:
            return replace(self._before, of=found.phrase, basis="figure before")
        return found

    def _changed(self, tokens: list[Token], quantity: Quantity) -> Counted | None:
        """What rises or falls: behind a noun of change ("a 50-per-cent cut in …"), else an argument of the verb."""
        own = self._after(tokens) if quantity.kind is None else None
        if own is not None and not self._is_empty(own.head):
            return own
        at = tokens[-1].i + (2 if _next(tokens) in _HYPHENS else 1)
        if _next(tokens) in ("fewer", "more", "less"):
            compared = self._from_chunk(chunk(self.doc, at + 1), "noun")
            if compared is not None:
                return compared
        span = chunk(self.doc, at)
        if span is not None and self._is_empty(head_of(self.doc, span).lower_):
            inner = self.doc[span[1]] if span[1] < len(self.doc) else None
            if inner is not None and inner.lower_ in ("in", "of", "to"):
                skip = 1 + (self.doc[min(span[1] + 1, len(self.doc) - 1)].pos_ == "DET")
                return self._from_chunk(chunk(self.doc, span[1] + skip), "change")
        return self._argument(tokens)

    def _argument(self, tokens: list[Token]) -> Counted | None:
        return self._argument_in_tree(tokens) or self._noun_before_verb(tokens)

    def _noun_before_verb(self, tokens: list[Token]) -> Counted | None:
        """ "Spending rose 3.5 points": the noun before a verb of change, where the tree of a short line went wrong."""
        moves = self.words.up_words["verbs"] | self.words.down_words["verbs"]
        before = reversed(self.doc[max(1, tokens[0].i - 3) : tokens[0].i])
        verb = next((t for t in before if t.lower_ in moves), None)
        noun = verb.nbor(-1) if verb is not None else None
        return self._from_chunk(left_of(noun), "noun before") if noun is not None and noun.pos_ == "NOUN" else None

    def _argument_in_tree(self, tokens: list[Token]) -> Counted | None:
        above = self.frame.above(_root(tokens)) if self.parsed else []
        verb = next((t for t in above if t.pos_ in ("VERB", "AUX") and t.dep_ not in ("aux", "cop")), None)
        if verb is None:
            return None
        inside = {t.i for t in tokens}
        thing = next((c for c in verb.children if c.dep_ == "obj" and c.i not in inside and c.pos_ in _NOUNS), None)
        if thing is None and verb.lower_ in self.words.money_nouns:  # "spent twice as much"
            noun = self.words.money_nouns[verb.lower_]
            return Counted(noun, noun, basis="verb", anchor=verb.i)
        thing = thing or self._subject(tokens[-1])
        if thing is None or thing.pos_ not in _NOUNS:
            return None
        return self._from_chunk(left_of(thing), "argument")

    def _money(self, tokens: list[Token]) -> Counted | None:
        """ "spending on social services" for "spent $5 million on social services": the verb as a noun, and its aim."""
        start, end = self.frame.sentence(tokens[0].idx)
        nouns = self.words.money_nouns
        before = takewhile(lambda t: t.idx >= start, reversed(self.doc[: tokens[0].i]))
        verb = next((t for t in before if t.pos_ in ("VERB", "NOUN", "ADJ") and _money_word(t) in nouns), None)
        aim = self._aim(tokens, end)
        aimed = tail(aim) if aim is not None else ""
        if verb is None:
            return (
                Counted(aimed.split(" ", 1)[-1], None, basis="aim", anchor=aim.i) if aim is not None and aimed else None
            )
        noun = nouns[_money_word(verb)]
        if noun == "worth":
            return self._from_chunk(self._chunk_before(verb), "worth")
        return Counted(f"{noun} {aimed}".strip(), noun, basis="verb", anchor=verb.i)

    def _price(self, tokens: list[Token]) -> Counted | None:
        """ "drew social assistance, at a cost of $33 million": the cost of what the verb before it takes."""
        before = [t.lower_ for t in self.doc[max(0, tokens[0].i - 4) : tokens[0].i]]
        if "of" not in before or not {"cost", "total", "price", "sum"} & set(before) or not self.parsed:
            return None
        verb = next((t for t in self.frame.above(_root(tokens))[1:] if t.pos_ == "VERB"), None)
        thing = verb and next((c for c in verb.children if c.dep_ == "obj" and c.pos_ == "NOUN"), None)
        found = self._from_chunk(left_of(thing), "price") if thing is not None and thing.i < tokens[0].i else None
        return found and replace(found, phrase=f"cost of {found.phrase}", head="cost")

    def _same_money(self, tokens: list[Token]) -> Counted | None:
        """ "$5 million, up from $4 million": the other end of a change in the same sentence."""
        start, _ = self.frame.sentence(tokens[0].idx)
        before = self.doc[tokens[0].i - 1].lower_ if tokens[0].i else ""
        last, at = self._money_before
        return (
            replace(last, basis="figure before")
            if before in ("from", "against") and last.phrase and at >= start
            else None
        )

    def _aim(self, tokens: list[Token], end: int) -> Token | None:
        """The preposition of what the money is for, before any mark or "and"."""
        for token in self.doc[tokens[-1].i + 1 : tokens[-1].i + 9]:
            if token.idx >= end or token.is_punct or token.lower_ in ("and", "but", "or"):
                return None
            if token.lower_ in ("on", "for", "toward", "towards", "to"):
                return token
        return None

    def _chunk_before(self, token: Token) -> tuple[int, int] | None:
        """The noun phrase that ends before `token`, over one comma: "the accord, worth …"."""
        nouns = [t for t in self.doc[max(0, token.i - 3) : token.i] if t.pos_ in _NOUNS]
        return left_of(nouns[-1]) if nouns else None

    def _subject(self, token: Token) -> Token | None:
        """The subject of the clause around `token`, or of the clause it shares one with."""
        if not self.parsed:
            return None
        for node in self.frame.above(token):
            if node.dep_ in ("acl:relcl", "acl") and node.head.i < token.i:
                return node.head
            subject = next((c for c in node.children if c.dep_ in _SUBJECTS), None)
            if subject is not None and subject.i < token.i and token not in subject.subtree:
                return subject
        return None

    def _says_nothing(self, found: Counted) -> bool:
        """Whether what is counted must be found elsewhere: an empty noun, or "places" and the like by itself."""
        alone = found.phrase is not None and " " not in found.phrase
        return self._is_empty(found.head) or (alone and found.head in self.words.context["bare_nouns"])

    def _by_vocabulary(self, found: Counted | None, quantity: Quantity) -> Counted | None:
        """ "immigration target", "the target" under the run-in heading "Permanent residence.": its measure's noun."""
        if found is None or found.phrase is None or quantity.kind is not None:
            return None
        if found.basis == "noun" and (found.head or "").endswith("s") and (quantity.value or 0) < _FEW:
            return found  # "the three targets": of these themselves
        for phrase, basis in (found.phrase, "vocabulary"), (f"{self._heading(quantity)} {found.phrase}", "heading"):
            noun = noun_of(phrase, self.words)
            if noun is not None:
                return replace(found, phrase=noun, head=noun.rsplit(" ", 1)[-1], basis=basis)
        return None

    def _heading(self, quantity: Quantity) -> str:
        """The run-in heading of the paragraph: a first sentence of up to five words without a verb."""
        start, _ = self.frame.paragraph(quantity.start)
        low, high = self.frame.sentence(start)
        tokens = self.frame.tokens(low, high)
        short = tokens and high <= quantity.start and len(tokens) <= 6
        return self.frame.text[low:high] if short and not any(t.pos_ in ("VERB", "AUX") for t in tokens) else ""

    def _plural_before(self, found: Counted | None, tokens: list[Token]) -> Counted | None:
        """ "a cap on study permits, cutting the number issued by 35 per cent": things named before "the number"."""
        if found is None or found.head not in self.words.context["totals"]:
            return None
        start, _ = self.frame.sentence(tokens[0].idx)
        before = takewhile(lambda t: t.idx >= start, reversed(self.doc[: tokens[0].i]))
        plural = next((t for t in before if t.tag_ == "NNS" and t.lower_ not in self.words.context["actors"]), None)
        return self._from_chunk(left_of(plural), "plural before") if plural is not None else None

    def _is_empty(self, head: str | None) -> bool:
        """Nouns that say nothing about what is counted ("number", "target", "drop"): it is named elsewhere."""
        words = self.words
        return head is not None and (
            head in words.context["empty_nouns"] or head in words.up_words["nouns"] or head in words.down_words["nouns"]
        )

    def _taken_over(self, tokens: list[Token], quantity: Quantity) -> Counted | None:
        """The noun is left out here: the same number earlier, the figure before, people named before it."""
        same = self._by_value.get((quantity.value or quantity.low, quantity.high))
        if same is not None and (quantity.value or 0) >= 1000:
            return replace(same, basis="same number before")
        if quantity.kind == "money":
            return None
        named = self._people_before(tokens)
        if (
            named is not None
            and named.anchor is not None
            and named.anchor > ((self._before and self._before.anchor) or -1)
        ):
            return named
        before = self._part[0] if self._part and self._part[1] == self.frame.sentence(tokens[0].idx) else self._before
        return replace(before, of=None, basis="figure before") if before is not None else named

    def _of_pronoun(self, tokens: list[Token]) -> Counted | None:
        """ "140 of them", "provinces, two of which": what the pronoun stands for, in the same paragraph."""
        after = [t.lower_ for t in self.doc[tokens[-1].i + 1 : tokens[-1].i + 3]]
        if len(after) < 2 or after[0] != "of":
            return None
        if after[1] in self.words.context["relatives"]:
            before = self.doc[tokens[0].i - 1] if tokens[0].i else None
            noun = before.nbor(-1) if before is not None and before.text == "," and before.i else None
            named = self._from_chunk(left_of(noun), "relative") if noun is not None and noun.pos_ in _NOUNS else None
            return named and replace(named, anchor=None)
        if after[1] not in self.words.context["them"]:
            return None
        named = self._people_before(tokens, self.frame.paragraph(tokens[0].idx)[0])
        last = self._last
        if named is None or last is None:
            return named or (last and replace(last, of=None, basis="pronoun"))
        return named if (named.anchor or 0) > (last.anchor or -1) else replace(last, of=None, basis="pronoun")

    def _people_before(self, tokens: list[Token], since: int | None = None) -> Counted | None:
        """The people named last before the figure, in its sentence or from character `since` on."""
        start = self.frame.sentence(tokens[0].idx)[0] if since is None else since
        for token in reversed(self.doc[: tokens[0].i]):
            if token.idx < start:
                return None
            low = token.lower_
            if (
                low in self.words.person
                and low.endswith("s")
                and token.pos_ in _NOUNS
                and low not in self.words.context["actors"]
            ):
                return self._from_chunk(left_of(token), "clause before")
        return None

    def _with_whole(self, found: Counted, tokens: list[Token], kind: str) -> Counted:
        """`of`: the printed whole of a share ("160,651 of the 289,047", "17 per cent of asylum requests")."""
        if _next(tokens) != "of":
            return found
        at = tokens[-1].i + 2
        while at < len(self.doc) and self.doc[at].lower_ in ("the", "all", "its", "their", "those"):
            at += 1
        if at < len(self.doc) and self.doc[at].text[0].isdigit():
            return replace(found, of=text_of([self.doc[at]]))
        return replace(found, of=found.phrase) if kind == "share" and found.basis == "of" else found


def _next(tokens: list[Token]) -> str:
    last = tokens[-1]
    return last.nbor().lower_ if last.i + 1 < len(last.doc) else ""


def _money_word(token: Token) -> str:
    """A verb with the particle behind it ("put up"), else the word alone."""
    behind = token.nbor().lower_ if token.i + 1 < len(token.doc) else ""
    return f"{token.lower_} {behind}" if behind in ("up", "in", "aside", "out", "over") else token.lower_


def _root(tokens: list[Token]) -> Token:
    """The token of a span whose head lies outside it."""
    inside = {t.i for t in tokens}
    return next((t for t in reversed(tokens) if t.head.i not in inside or t.head.i == t.i), tokens[-1])


def _lexical(tokens: list[Token], stops: frozenset[str]) -> Counted | None:
    """Without tags: the words that follow, up to a mark or a word that is no part of a noun phrase."""
    doc = tokens[-1].doc
    at = tokens[-1].i + 1
    while at < len(doc) and doc[at].lower_ in ("of", "the", "all", "a", "-"):
        at += 1
    run: list[Token] = []
    for token in doc[at : at + 4]:
        if token.lower_ in stops or not (token.text[0].isalpha() or token.text in _HYPHENS):
            break
        run.append(token)
    return Counted(text_of(run), run[-1].lower_, None, "words after") if run else None
