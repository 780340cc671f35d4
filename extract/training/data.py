"""Training examples from the corpora in `../shared/data`, all on spaCy tokens.

An `Example` is a Doc with label arrays, one value a token, IGNORE where its corpus says nothing.
- UD English EWT and GUM: tags, lemmas, trees, sentence starts; of GUM the mentions too, each head word with the head
  word of the mention before it of the same person or thing (Dobrovolskii 2021: coreference between words).
- PolNeAR: attribution (first annotator), with the links between a cue, its contents and its sources; CoreNLP's
  automatic entities and sentence starts on the same articles, projected by characters (silver).
- wikigold: entities.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import spacy
from spacy.tokens import Doc, DocBin

from extract.lemmas import lemma_rule

IGNORE = -100
ATTRIBUTION = ["O", "B-SOURCE", "I-SOURCE", "B-CUE", "I-CUE", "B-CONTENT", "I-CONTENT"]
ENTITIES = ["O", *(f"{p}-{label}" for label in ("PERSON", "ORG", "LOC", "MISC") for p in "BI")]
SILVER_ENTITIES = {"PERSON": "PERSON", "ORG": "ORG", "LOC": "LOC", "MISC": "MISC"}
WIKIGOLD_ENTITIES = {"PER": "PERSON", "ORG": "ORG", "LOC": "LOC", "MISC": "MISC"}

NLP = spacy.blank("en")


@dataclass
class Example:
    """`labels[head]` has one value a token: class indices for most heads, token indices for `arc`, `coref`,
    `cue`, `source`."""

    doc: Doc
    labels: dict[str, list[int]] = field(default_factory=dict)


@dataclass
class LabelSets:
    """The closed label lists that the treebanks give; they ship in `extract/model/labels.json`."""

    tag: list[str]
    pos: list[str]
    lemma: list[str]
    dep: list[str]
    entity: list[str] = field(default_factory=lambda: list(ENTITIES))
    attribution: list[str] = field(default_factory=lambda: list(ATTRIBUTION))


@dataclass
class Word:
    form: str
    lemma: str
    pos: str
    tag: str
    head: int  # index in the sentence, -1 for the root
    dep: str
    space: bool
    entity: str = ""  # GUM's brackets: "(1-person-new-…" opens mention 1, "1)" closes it


# ------------------------------------------------------------------------------------------------ treebanks
def read_conllu(path: Path) -> Iterator[list[tuple[bool, list[Word]]]]:
    """Documents as lists of (starts a paragraph, sentence). Multi-word tokens keep their surface letters."""
    document: list[tuple[bool, list[Word]]] = []
    paragraph = True
    with gzip.open(path, "rt", encoding="utf8") as lines:
        for block in _blocks(lines):
            comments = [line for line in block if line.startswith("#")]
            if any(c.startswith("# newdoc") for c in comments) and document:
                yield document
                document = []
            paragraph = not document or any(c.startswith("# newpar") for c in comments)
            document.append((paragraph, _sentence([line.split("\t") for line in block if not line.startswith("#")])))
    if document:
        yield document


def _blocks(lines: Iterable[str]) -> Iterator[list[str]]:
    block: list[str] = []
    for line in lines:
        if line.strip():
            block.append(line.rstrip("\n"))
        elif block:
            yield block
            block = []
    if block:
        yield block


def _sentence(rows: list[list[str]]) -> list[Word]:
    words: list[Word] = []
    surfaces = {}
    for row in rows:
        if "-" in row[0]:
            first, last = map(int, row[0].split("-"))
            surfaces[first] = (last, row[1], "SpaceAfter=No" not in row[9])
        elif "." not in row[0]:
            head = int(row[6]) - 1
            space = "SpaceAfter=No" not in row[9]
            words.append(Word(row[1], row[2], row[3], row[4], head, row[7], space, _misc(row[9], "Entity")))
    for first, (last, surface, space) in surfaces.items():
        parts = words[first - 1 : last]
        at = 0
        fits = sum(len(p.form) for p in parts) == len(surface)
        for part in parts:
            if fits:
                part.form = surface[at : at + len(part.form)]
                at += len(part.form)
            part.space = False
        parts[-1].space = space
    return words


def _misc(field: str, key: str) -> str:
    return next((v.removeprefix(key + "=") for v in field.split("|") if v.startswith(key + "=")), "")


CURLY = {"``": "“", "''": "”"}


def _curly(words: list[Word]) -> None:
    """Treebanks have almost no typographic marks, newspapers little else: re-set a sentence's straight ones."""
    for w in words:
        if w.form == '"':
            w.form = CURLY.get(w.tag, w.form)
        elif "'" in w.form:
            w.form = w.form.replace("'", "’")


def treebank_examples(path: Path, labels: LabelSets, curly: random.Random | None = None) -> Iterator[Example]:
    for document in read_conllu(path):
        if curly is not None and curly.random() < 0.5:
            for _, sentence in document:
                _curly(sentence)
        yield _treebank_example(document, labels)


def _treebank_example(document: list[tuple[bool, list[Word]]], labels: LabelSets) -> Example:
    words: list[str] = []
    spaces: list[bool] = []
    y: dict[str, list[int]] = {k: [] for k in ("tag", "pos", "lemma", "dep", "arc", "start")}
    index = {k: {v: i for i, v in enumerate(getattr(labels, k))} for k in ("tag", "pos", "lemma", "dep")}
    mentions: list[tuple[int, str]] = []
    for paragraph, sentence in document:
        if paragraph and words:
            spaces[-1] = False
            words.append("\n\n")
            spaces.append(False)
            for values in y.values():
                values.append(IGNORE)
        offset = len(words)
        for i, w in enumerate(sentence):
            words.append(w.form)
            spaces.append(w.space)
            y["tag"].append(index["tag"].get(w.tag, IGNORE))
            y["pos"].append(index["pos"].get(w.pos, IGNORE))
            y["lemma"].append(index["lemma"].get(lemma_rule(w.form, w.lemma), IGNORE))
            y["dep"].append(index["dep"].get(_dep(w), IGNORE))
            y["arc"].append(offset + (w.head if w.head >= 0 else i))
            y["start"].append(int(i == 0))
        mentions += [(offset + head, entity) for head, entity in _mentions(sentence)]
    if mentions:
        y["coref"] = _antecedents(mentions, len(words))
    return Example(Doc(NLP.vocab, words=words, spaces=spaces), y)


_BRACKET = re.compile(r"\((?P<opened>\d+)-[^()]*(?P<at_once>\)?)|(?P<closed>\d+)\)")


def _mentions(sentence: list[Word]) -> list[tuple[int, str]]:
    """(head word, entity) of each mention, in the order of the heads; of two mentions with one head the shorter."""
    opened: dict[str, list[int]] = {}
    shortest: dict[int, tuple[int, str]] = {}
    for i, word in enumerate(sentence):
        for m in _BRACKET.finditer(word.entity):
            entity = m["opened"] or m["closed"]
            if m["opened"]:
                opened.setdefault(entity, []).append(i)
            if (m["closed"] or m["at_once"]) and opened.get(entity):
                start = opened[entity].pop()
                head = next((k for k in range(start, i + 1) if not start <= sentence[k].head <= i), start)
                shortest[head] = min(shortest.get(head, (i + 1 - start, entity)), (i + 1 - start, entity))
    return [(head, entity) for head, (_, entity) in sorted(shortest.items())]


def _antecedents(mentions: list[tuple[int, str]], tokens: int) -> list[int]:
    """Each mention's head points at the head of the entity's mention before it, at itself when it is the first."""
    out = [IGNORE] * tokens
    last: dict[str, int] = {}
    for head, entity in mentions:
        out[head] = last.get(entity, head)
        last[entity] = head
    return out


def _dep(word: Word) -> str:
    return "ROOT" if word.dep == "root" else word.dep


def label_sets(paths: Iterable[Path], least: int = 3) -> LabelSets:
    """The labels seen at least `least` times in the treebanks, commonest first."""
    counts: dict[str, Counter[str]] = {k: Counter() for k in ("tag", "pos", "lemma", "dep")}
    for path in paths:
        for document in read_conllu(path):
            for w in (w for _, sentence in document for w in sentence):
                counts["tag"][w.tag] += 1
                counts["pos"][w.pos] += 1
                counts["lemma"][lemma_rule(w.form, w.lemma)] += 1
                counts["dep"][_dep(w)] += 1
    kept = {k: [v for v, n in c.most_common() if n >= least and v != "_"] for k, c in counts.items()}
    return LabelSets(**kept)


# ------------------------------------------------------------------------------------------------ PolNeAR
def read_polnear(path: Path) -> list[dict]:
    with gzip.open(path, "rt", encoding="utf8") as lines:
        return [json.loads(line) for line in lines]


def polnear_examples(path: Path, silver: Path | None = None) -> Iterator[Example]:
    articles = read_polnear(path)
    automatic = _silver_by_article([a["text"] for a in articles], silver) if silver else {}
    for n, article in enumerate(articles):
        doc = NLP(article["text"])
        example = Example(doc, _attribution_labels(doc, article["annotations"][0]["attributions"]))
        if n in automatic:
            example.labels.update(_silver_labels(doc, automatic[n]))
        yield example


def _attribution_labels(doc: Doc, attributions: list[dict]) -> dict[str, list[int]]:
    """BIO tags (of overlapping spans the first and longest wins) and links by first token: a content's or a source's
    cue under `cue`, a cue's source under `source`; a cue without a source points at itself."""
    tags = [0 if not t.is_space else IGNORE for t in doc]
    cue = [IGNORE] * len(doc)
    source = [IGNORE] * len(doc)
    spans = []
    for n, a in enumerate(attributions):
        for role in ("source", "cue", "content"):
            for start, end in a[role]:
                span = doc.char_span(start, end, alignment_mode="expand")
                if span is not None:
                    spans.append((span.start, span.end, role.upper(), n))
    spans.sort(key=lambda s: (s[0], -s[1]))
    taken: set[int] = set()
    first: dict[tuple[int, str], list[int]] = {}
    for start, end, role, n in spans:
        while start < end and doc[start].is_space:
            start += 1
        words = [i for i in range(start, end) if not doc[i].is_space]
        if not words or taken.intersection(words):
            if words and role != "CONTENT":  # a source shared by two cues is one span with two links
                first.setdefault((n, role), []).append(words[0])
            continue
        taken.update(words)
        for i in words:
            tags[i] = ATTRIBUTION.index(("B-" if i == words[0] else "I-") + role)
        first.setdefault((n, role), []).append(words[0])
    for (n, role), starts in first.items():
        cues = first.get((n, "CUE"), [])
        if role != "CUE":
            for i in starts:
                cue[i] = cues[0] if cues else i
        else:
            for i in starts:
                source[i] = first.get((n, "SOURCE"), [i])[0]
    return {"attribution": tags, "cue": cue, "source": source}


def _silver_by_article(texts: list[str], path: Path) -> dict[int, list[tuple[int, Doc]]]:
    """CoreNLP's pieces with their character offset in the article that holds them."""
    found: dict[int, list[tuple[int, Doc]]] = {}
    n = 0
    for doc in DocBin(store_user_data=True).from_disk(path).get_docs(NLP.vocab):
        piece = doc.text.strip()
        for step in range(len(texts)):
            k = (n + step) % len(texts)
            at = texts[k].find(piece)
            if at >= 0:
                found.setdefault(k, []).append((at - (len(doc.text) - len(doc.text.lstrip())), doc))
                n = k
                break
    return found


def _silver_labels(doc: Doc, pieces: list[tuple[int, Doc]]) -> dict[str, list[int]]:
    entity = [IGNORE] * len(doc)
    start = [IGNORE] * len(doc)
    at = {t.idx: t.i for t in doc if not t.is_space}
    for offset, piece in pieces:
        low, high = offset, offset + len(piece.text)
        for t in doc:
            if low <= t.idx < high and not t.is_space:
                entity[t.i], start[t.i] = 0, 0
        for t in piece:
            if t.is_sent_start and not t.is_space and offset + t.idx in at:
                start[at[offset + t.idx]] = 1
        for e in piece.ents:
            label = SILVER_ENTITIES.get(e.label_)
            span = doc.char_span(offset + e.start_char, offset + e.end_char, alignment_mode="expand")
            if label and span is not None:
                for i in range(span.start, span.end):
                    entity[i] = ENTITIES.index(("B-" if i == span.start else "I-") + label)
    return {"entity": entity, "start": start}


# ------------------------------------------------------------------------------------------------ flat entities
def wikigold_examples(path: Path, sentences: int = 8) -> Iterator[Example]:
    """Sentences in groups, as the file has no paragraphs; dates and numbers are plain O there as here."""
    with gzip.open(path, "rt", encoding="utf8") as lines:
        blocks = list(_blocks(line for line in lines if not line.startswith("-DOCSTART-")))
    for n in range(0, len(blocks), sentences):
        words, entity = [], []
        for block in blocks[n : n + sentences]:
            previous = "O"
            for line in block:
                word, tag = line.rsplit(" ", 1)
                words.append(word)
                label = "O" if tag == "O" else WIKIGOLD_ENTITIES[tag[2:]]
                prefix = "" if label == "O" else "I-" if previous == label else "B-"
                entity.append(ENTITIES.index(prefix + label))
                previous = label
        yield Example(Doc(NLP.vocab, words=words), {"entity": entity})


def uner_examples(path: Path) -> Iterator[Example]:
    with gzip.open(path, "rt", encoding="utf8") as lines:
        for block in _blocks(lines):
            rows = [line.split("\t") for line in block if not line.startswith("#")]
            entity = [
                ENTITIES.index(r[2][:2] + WIKIGOLD_ENTITIES[r[2][2:]]) if r[2][2:] in WIKIGOLD_ENTITIES else 0
                for r in rows
            ]
            yield Example(Doc(NLP.vocab, words=[r[1] for r in rows]), {"entity": entity})
