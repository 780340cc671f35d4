"""What a figure counts, from the parse: the noun it stands before, or the one that is left out.

Order of the search: the noun the number modifies ("380 asylum seekers"); the phrase after "of" ("17 per cent of asylum
requests"); for a change, what changes (subject or object of its verb); for money, what it is spent on; else the noun is
left out and is taken from the clause before it or from the figure before it. `basis` says which.
"""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Token

from .frame import Frame
from .lexicon import Lexicon
from .recognise import Quantity

_SUBJECTS = ("nsubj", "nsubj:pass", "nsubj:outer", "csubj")
_LEFT = ("amod", "compound", "nmod", "nmod:desc", "flat")
_RIGHT = ("nmod", "acl", "obl", "amod")
_EMPTY = frozenset(
    "number total amount share percentage proportion rate count part level majority sum figure tally volume".split()
)
_PRONOUNS = frozenset("those these them it they that which who all this he she we i you what one ones".split())
_PUNCTUATION = " ,.;:!?()[]“”\"'’—–"
_STOPS = frozenset(
    "of in on at to by from for with is are was were be been has have had and or but who which that while than as when since "
    "until during before after between because will would could may might must can do does did per each every".split()
)


@dataclass(frozen=True, slots=True)
class Counted:
    """The counted phrase, its head word, the whole a share is taken from, and where the phrase comes from."""

    phrase: str | None = None
    head: str | None = None
    of: str | None = None
    basis: str = ""
    anchor: int | None = None


def counted(quantity: Quantity, kind: str, frame: Frame, words: Lexicon, before: Counted | None) -> Counted:
    """What `quantity` counts; `before` is what the figure before it in the same paragraph counted."""
    tokens = frame.tokens(*quantity.core)
    if not tokens or not frame.doc.has_annotation("DEP"):
        return _lexical(quantity, frame, before)
    root = _root(tokens)
    if kind.startswith("change"):
        found = _changed(root, tokens)
    elif quantity.kind == "money":
        found = _money(root, tokens, words)
    elif quantity.kind == "percent":
        found = _share(root, tokens)
    else:
        found = _noun(root, tokens)
    return found or _inherited(root, tokens, quantity, frame, words, before) or Counted()


def _root(tokens: list[Token]) -> Token:
    """The token of a span whose head lies outside it."""
    inside = {t.i for t in tokens}
    return next((t for t in reversed(tokens) if t.head.i not in inside or t.head.i == t.i), tokens[-1])


def _noun(root: Token, tokens: list[Token]) -> Counted | None:
    """The noun that the number modifies, or the phrase after "of" where that noun is empty ("a number of")."""
    head = (
        root.head if root.dep_ in ("nummod", "nummod:gov", "compound", "amod", "det") and root.head.i > root.i else None
    )
    if head is None or head.pos_ in ("NUM", "VERB", "AUX", "SYM") or head.lower_ in _PRONOUNS:
        return _of_phrase(root, tokens)
    if head.lemma_.lower() in _EMPTY or head.lower_ in _EMPTY:
        return _of_phrase(head, tokens) or Counted(phrase(head, tokens), head.lower_, basis="noun")
    return Counted(phrase(head, tokens), head.lower_, basis="noun", anchor=head.i)


def _of_phrase(token: Token, tokens: list[Token]) -> Counted | None:
    """The noun phrase after "of" or "among" below `token`."""
    inside = {t.i for t in tokens}
    for child in token.children:
        if child.dep_.startswith(("nmod", "obl")) and child.i > token.i and child.i not in inside:
            case = next((c.lower_ for c in child.children if c.dep_ == "case"), "")
            if case == "of" and child.lower_ not in _PRONOUNS and child.pos_ != "NUM":
                text = phrase(child, tokens)
                return Counted(text, child.lower_, text, "of", child.i)
    return None


def _share(root: Token, tokens: list[Token]) -> Counted | None:
    found = _of_phrase(root, tokens)
    if found is None:
        for token in tokens:
            found = found or _of_phrase(token, tokens)
    if found is not None and found.head not in _EMPTY:
        return found
    if (
        root.dep_ in ("compound", "nmod", "amod", "nummod")
        and root.head.i > root.i
        and root.head.pos_ in ("NOUN", "PROPN")
    ):
        return Counted(phrase(root.head, tokens), root.head.lower_, basis="noun", anchor=root.head.i)
    subject = _subject(root)
    if subject is None or subject.lower_ in _PRONOUNS or subject.pos_ in ("PROPN", "NUM"):
        return None
    return _filled(subject, tokens, "subject")


def _changed(root: Token, tokens: list[Token]) -> Counted | None:
    """What rises or falls: the object of a verb that changes things, else its subject; "of"/"in" after a noun of change."""
    noun = root.head if root.head.pos_ == "NOUN" and root.dep_ in ("compound", "nmod", "nummod", "amod") else None
    if noun is not None and noun.i > root.i:
        inner = next((c for c in noun.children if c.dep_.startswith("nmod") and c.i > noun.i), None)
        if inner is not None and inner.lower_ not in _PRONOUNS:
            return _filled(inner, tokens, "change")
        return Counted(phrase(noun, tokens), noun.lower_, basis="noun", anchor=noun.i)
    verb = _verb(root)
    if verb is None:
        return None
    things = [c for c in verb.children if c.dep_ == "obj" and c.i not in {t.i for t in tokens}]
    subject = things[0] if things else _subject(root)
    if subject is None or subject.lower_ in _PRONOUNS:
        return None
    return _filled(subject, tokens, "object" if things else "subject")


def _filled(noun: Token, tokens: list[Token], basis: str) -> Counted:
    """The noun, or what stands after "of" where the noun is empty ("the number of asylum requests")."""
    if noun.lower_ in _EMPTY or noun.lemma_.lower() in _EMPTY:
        inner = _of_phrase(noun, tokens)
        if inner is not None:
            return Counted(inner.phrase, inner.head, None, basis, inner.anchor)
    return Counted(phrase(noun, tokens), noun.lower_, basis=basis, anchor=noun.i)


def _money(root: Token, tokens: list[Token], words: Lexicon) -> Counted | None:
    """Money: "spending on social services" for "spent $5 million on social services"; "a $5-million program"."""
    if (
        root.head.i > root.i
        and root.head.pos_ in ("NOUN", "PROPN")
        and root.dep_ in ("compound", "nmod", "nummod", "amod")
    ):
        return Counted(phrase(root.head, tokens), root.head.lower_, basis="noun", anchor=root.head.i)
    last = tokens[-1].i
    inner = next((c for c in root.children if c.dep_.startswith("nmod") and c.i > last and c.pos_ == "NOUN"), None)
    verb = _verb(root)
    noun = words.context["money_nouns"].get(verb.lemma_.lower() if verb is not None else "", None)
    if verb is None or noun is None:
        return Counted(phrase(inner, tokens), inner.lower_, basis="noun", anchor=inner.i) if inner is not None else None
    aims = [
        c
        for c in [*root.children, *verb.children]
        if c.dep_ in ("obl", "nmod", "advcl", "xcomp") and c.i > tokens[-1].i
    ]
    aim = next(
        (c for c in aims if _case(c) in ("on", "for", "to", "toward", "towards") and c.pos_ in ("NOUN", "PROPN")), None
    )
    if aim is None:
        aim = next((c for c in aims if c.dep_ in ("advcl", "xcomp")), None)
    text = noun if aim is None else f"{noun} {_tail(aim)}"
    return Counted(text, noun, basis="verb", anchor=verb.i)


def _case(token: Token) -> str:
    return next((c.lower_ for c in token.children if c.dep_ in ("case", "mark")), "")


def _tail(aim: Token) -> str:
    """The words of a purpose, up to eight of them, without what hangs on by a comma."""
    kept: list[Token] = []
    for token in sorted(aim.subtree, key=lambda t: t.i):
        if token.is_punct or len(kept) == 8 or "\n" in token.text:
            break
        kept.append(token)
    return _text(kept)


def _verb(token: Token) -> Token | None:
    return next(
        (t for t in [token, *token.ancestors] if t.pos_ in ("VERB", "AUX") and t.dep_ not in ("aux", "cop")), None
    )


def _subject(token: Token) -> Token | None:
    """The subject of the clause around `token`, or of the clause it shares one with."""
    node = token
    for ancestor in [token, *token.ancestors]:
        subject = next((c for c in ancestor.children if c.dep_ in _SUBJECTS), None)
        if subject is not None and subject.i != node.i and subject.i < token.i:
            return subject
        if ancestor.dep_ == "acl:relcl" or (ancestor.dep_ == "acl" and ancestor.pos_ == "VERB"):
            return ancestor.head
        node = ancestor
    return None


def phrase(head: Token, tokens: list[Token]) -> str:
    """The noun with its modifiers, compounds and short phrases behind it; without article, number, place and time."""
    inside = {t.i for t in tokens}
    kept = {head.i}
    for child in head.children:
        if child.i in inside or child.is_punct:
            continue
        if child.i < head.i and child.dep_ in _LEFT and child.pos_ not in ("NUM", "DET", "PRON") and not _case(child):
            kept.update(t.i for t in child.subtree if not t.is_punct or t.text == "-")
        elif child.i < head.i and child.dep_ in _LEFT and child.dep_ == "amod":
            kept.add(child.i)
        elif child.i > head.i and child.dep_ in _RIGHT and _belongs(child):
            kept.update(t.i for t in child.subtree)
    run = [head.doc[i] for i in sorted((kept - inside) | {head.i})]
    return _text(_unbroken(run, head))


def _belongs(child: Token) -> bool:
    """A short phrase after the noun that says which things are counted; places and times have fields of their own."""
    size = sum(1 for _ in child.subtree)
    if child.dep_ == "amod":
        return size == 1
    if child.dep_ == "acl":
        return size <= 5
    return size <= 7 and _case(child) in ("of", "from", "by", "with", "for", "on", "among", "without")


def _unbroken(run: list[Token], head: Token) -> list[Token]:
    """The tokens around the head, without anything behind a line end or a comma, and without articles at the front."""
    at = run.index(head)
    left = at
    while (
        left > 0 and run[left - 1].i >= run[left].i - 2 and not run[left - 1].is_punct | (run[left - 1].pos_ == "DET")
    ):
        left -= 1
    right = at
    while right + 1 < len(run) and run[right + 1].i == run[right].i + 1 and run[right + 1].text not in ",;:()":
        right += 1
    return run[left : right + 1]


def _text(run: list[Token]) -> str:
    joined = "".join(
        t.text_with_ws if i < len(run) - 1 and run[i + 1].i == t.i + 1 else t.text + " " for i, t in enumerate(run)
    )
    return " ".join(joined.split()).strip(_PUNCTUATION)


def _inherited(
    root: Token, tokens: list[Token], quantity: Quantity, frame: Frame, words: Lexicon, before: Counted | None
) -> Counted | None:
    """The noun is left out: "65,570 were received", "160,651 of the 289,047"."""
    if quantity.kind == "money":
        return None
    start, _ = frame.sentence(quantity.start)
    people = [
        t
        for t in frame.doc[frame.tokens(start, start + 1)[0].i if frame.tokens(start, start + 1) else 0 : tokens[0].i]
        if t.lower_ in words.person
        and t.lower_.endswith("s")
        and t.pos_ in ("NOUN", "PROPN")
        and t.dep_ not in _SUBJECTS
    ]
    if before is not None and before.phrase and (before.anchor or 0) >= (people[-1].i if people else 0):
        return Counted(before.phrase, before.head, None, "inherited: figure before", before.anchor)
    if people:
        return Counted(phrase(people[-1], tokens), people[-1].lower_, None, "inherited: clause before", people[-1].i)
    subject = _subject(root)
    if subject is not None and subject.pos_ == "NOUN" and subject.lower_ not in _PRONOUNS | _EMPTY:
        return Counted(phrase(subject, tokens), subject.lower_, None, "inherited: subject", subject.i)
    if before is not None and before.phrase:
        return Counted(before.phrase, before.head, None, "inherited: figure before", before.anchor)
    return None


def _lexical(quantity: Quantity, frame: Frame, before: Counted | None) -> Counted:
    """Without a parse: the words that follow, up to a function word or a mark."""
    tokens = frame.tokens(*quantity.core)
    following = frame.doc[tokens[-1].i + 1 :] if tokens else []
    run: list[Token] = []
    skipped = 0
    for token in following:
        low = token.lower_
        if not run and skipped < 3 and (low in ("of", "the", "all", "a", "-") or (low == "in" and False)):
            skipped += 1
            continue
        if not token.text[0].isalpha() and token.text != "-" or low in _STOPS or len(run) == 4:
            break
        run.append(token)
    if run:
        return Counted(_text(run), run[-1].lower_, None, "words after")
    if before is not None and quantity.kind is None:
        return Counted(before.phrase, before.head, None, "inherited: figure before")
    return Counted()
