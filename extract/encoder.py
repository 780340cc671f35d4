"""The encoder as a spaCy component: one pass of the quantised network a document, its heads turned into annotations.

Sets tags, parts of speech, lemmas, trees with sentence bounds, entities (PERSON, ORG, LOC, MISC),
`doc._.attributions` and `doc._.antecedents`. ONNX Runtime runs it; PyTorch is for training only.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy
import onnxruntime
from numpy.typing import NDArray
from spacy import Language
from spacy.attrs import DEP, HEAD, LEMMA, POS, TAG
from spacy.tokens import Doc, Span

from extract.attribution import LinkScores, TaggedSpan, link
from extract.decode import bio_spans, tree
from extract.inputs import Chunk, Pieces, WordPieces, chunks
from extract.lemmas import apply_lemma_rule
from extract.spans import chain_spans

MODEL = Path(__file__).parent / "model"
OUTPUTS = ("tag", "pos", "lemma", "start", "arc", "dep", "entity", "attribution", "cue", "source", "coref")
Outputs = dict[str, NDArray[Any]]


class ModelError(Exception):
    """The model's files are missing or do not fit together."""


@dataclass(slots=True)
class _Read:
    """A chunk with its outputs: [words], [words, labels] or [words, words]."""

    chunk: Chunk
    out: Outputs


class Encoder:
    def __init__(self, folder: Path = MODEL, threads: int | None = None) -> None:
        missing = [n for n in ("encoder.onnx", "labels.json", "vocab.txt") if not (folder / n).is_file()]
        if missing:
            raise ModelError(f"{folder}: {', '.join(missing)} missing; reinstall onrecord or train (extract/training)")
        self.labels = json.loads((folder / "labels.json").read_text(encoding="utf8"))
        self.pieces = WordPieces(folder / "vocab.txt")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads or min(4, os.cpu_count() or 1)
        self.session = onnxruntime.InferenceSession(
            str(folder / "encoder.onnx"), options, providers=["CPUExecutionProvider"]
        )
        lacking = {*OUTPUTS, "last"} - {x.name for x in (*self.session.get_inputs(), *self.session.get_outputs())}
        if lacking or "attribution_steps" not in self.labels:
            what = ", ".join(sorted(lacking)) or "attribution_steps"
            raise ModelError(f"{folder}: a model of another version ({what} missing); reinstall onrecord or train")
        self.steps = numpy.array(self.labels["attribution_steps"])

    def __call__(self, doc: Doc) -> Doc:
        read = list(self._read(doc))
        _set_syntax(doc, read, self.labels)
        doc.set_ents(list(_entities(doc, read, self.labels["entity"])))
        names = self.labels["attribution"]
        spans = [TaggedSpan(*s) for s in _tagged(read, "attribution", lambda y: chain_spans(y, names, self.steps))]
        links = [LinkScores(r.chunk.words, r.chunk.fresh, r.out["cue"], r.out["source"]) for r in read]
        doc._.attributions = link(spans, links)
        doc._.antecedents = dict(_antecedents(doc, read))
        return doc

    def _read(self, doc: Doc) -> Iterator[_Read]:
        """Chunk by chunk: on a CPU a batch only adds padding."""
        for chunk in chunks(doc, self.pieces):
            yield _Read(chunk, self.outputs(chunk))

    def outputs(self, chunk: Pieces) -> Outputs:
        """What the network says of a chunk."""
        inputs = {"ids": chunk.ids, "quote": chunk.quote, "shape": chunk.shape, "mask": [1] * len(chunk.ids)}
        inputs |= {"first": chunk.first, "last": chunk.last}
        outputs = self.session.run(list(OUTPUTS), {k: numpy.array([v], numpy.int64) for k, v in inputs.items()})
        return dict(zip(OUTPUTS, (o[0] for o in outputs), strict=True))


@Language.factory(
    "onrecord_encoder",
    assigns=["token.tag", "token.pos", "token.lemma", "token.dep", "token.head", "doc.sents", "doc.ents"],
    default_config={"folder": str(MODEL), "threads": None},
)
def create_encoder(nlp: Language, name: str, folder: str = str(MODEL), threads: int | None = None) -> Encoder:
    """`folder` has the model's files; `threads` is what one pass may use, by default up to four of the cores."""
    Doc.set_extension("attributions", default=[], force=True)
    Doc.set_extension("antecedents", default={}, force=True)
    return Encoder(Path(folder), threads)


# ------------------------------------------------------------------------------------------------ syntax
def _set_syntax(doc: Doc, read: list[_Read], labels: dict[str, list[str]]) -> None:
    strings = doc.vocab.strings
    values = numpy.zeros((len(doc), 5), dtype=numpy.uint64)
    heads = numpy.zeros(len(doc), dtype=numpy.int64)
    tags, parts = (numpy.array([strings.add(name) for name in labels[key]], numpy.uint64) for key in ("tag", "pos"))
    for r in read:
        words, fresh = r.chunk.words[r.chunk.fresh :], slice(r.chunk.fresh, None)
        values[words, 0], values[words, 1] = tags[r.out["tag"][fresh]], parts[r.out["pos"][fresh]]
        for i, rule in zip(words, r.out["lemma"][fresh], strict=True):
            form = doc[i].text
            values[i, 2] = strings.add(apply_lemma_rule(labels["lemma"][rule], form) or form)
        for a, b in _sentences(doc, r):
            for w, head in enumerate(tree(r.out["arc"][a:b, a:b]), a):
                i, j = r.chunk.words[w], r.chunk.words[a + head]
                heads[i] = j - i
                values[i, 3] = strings.add(_dependency(labels["dep"][r.out["dep"][w, a + head]], i == j))
    _attach_spaces(doc, values, heads)
    values[:, 4] = heads.view(numpy.uint64)
    doc.from_array([TAG, POS, LEMMA, DEP, HEAD], values)  # type: ignore[arg-type]


def _dependency(label: str, is_root: bool) -> str:
    if is_root:
        return "ROOT"
    return "dep" if label == "ROOT" else label


def _sentences(doc: Doc, r: _Read) -> Iterator[tuple[int, int]]:
    """Word ranges of the chunk's fresh sentences: where the model starts one, and always after a paragraph's end."""
    begin = r.chunk.fresh
    for w in range(begin + 1, len(r.chunk.words)):
        after_break = any("\n" in doc[i].text for i in range(r.chunk.words[w - 1] + 1, r.chunk.words[w]))
        if after_break or r.out["start"][w, 1] > r.out["start"][w, 0]:
            yield begin, w
            begin = w
    yield begin, len(r.chunk.words)


def _attach_spaces(doc: Doc, values: NDArray[numpy.uint64], heads: NDArray[numpy.int64]) -> None:
    """White space hangs on the word before it, at the document's start on the first word."""
    words = [t.i for t in doc if not t.is_space]
    space, dep = doc.vocab.strings.add("_SP"), doc.vocab.strings.add("dep")
    pos = doc.vocab.strings.add("SPACE")
    last = words[0] if words else None
    for t in doc:
        if not t.is_space:
            last = t.i
            continue
        values[t.i, :4] = space, pos, doc.vocab.strings.add(t.text), dep
        heads[t.i] = 0 if last is None else last - t.i


# ------------------------------------------------------------------------------------------------ spans
def _tagged(
    read: list[_Read], head: str, decode: Callable[[NDArray[Any]], Iterable[tuple[int, int, str, float]]]
) -> Iterator[tuple[int, int, str, float]]:
    """Spans of fresh words as token indices, without white space at their ends."""
    for r in read:
        words = r.chunk.words[r.chunk.fresh :]
        for a, b, label, chance in decode(r.out[head][r.chunk.fresh :]):
            yield words[a], words[b - 1] + 1, label, chance


def _entities(doc: Doc, read: list[_Read], names: list[str]) -> Iterator[Span]:
    """Names, cut at paragraph ends, which no name crosses, and whole where a hyphen without spaces parts them: the
    tokenizer splits "Tremblay-Roy", which the training data has in few names."""
    current: Span | None = None
    for start, end, label, _ in _tagged(read, "entity", lambda y: bio_spans(y, names)):
        stop = next((i for i in range(start, end) if "\n" in doc[i].text), end)
        if current is not None and current.label_ == label and _hyphenated(doc, current.end, start):
            current = Span(doc, current.start, stop, label=label)
            continue
        if current is not None:
            yield current
        current = Span(doc, start, stop, label=label)
    if current is not None:
        yield current


def _hyphenated(doc: Doc, end: int, start: int) -> bool:
    """Whether a lone hyphen, spaces on neither side, stands between tokens `end - 1` and `start`."""
    return start == end + 1 and doc[end].text in "-‑" and not doc[end - 1].whitespace_ and not doc[end].whitespace_


# ------------------------------------------------------------------------------------------------ mentions
PRONOUNS = {"he", "she", "him", "her", "his", "hers", "himself", "herself", "it", "its", "they", "them", "their"}


def _antecedents(doc: Doc, read: list[_Read]) -> Iterator[tuple[int, tuple[int, float]]]:
    """For each third-person pronoun the head word of what it stands for, with the probability of the way there: from
    mention to mention until one is no pronoun. None where the way ends at a pronoun."""
    for r in read:
        words = r.chunk.words
        for w in range(r.chunk.fresh, len(words)):
            if doc[words[w]].lower_ in PRONOUNS:
                at, chance = _follow(doc, words, r.out["coref"], w)
                if at is not None:
                    yield words[w], (words[at], chance)


def _follow(doc: Doc, words: list[int], scores: NDArray[Any], w: int) -> tuple[int | None, float]:
    chance = 1.0
    while doc[words[w]].lower_ in PRONOUNS:
        target = int(scores[w, :w].argmax()) if w else 0
        if not w or scores[w, target] < scores[w, w]:
            return None, chance
        chance *= float(numpy.exp(scores[w, target]))
        w = target
    return w, chance
