"""Other ways to find who said what, by our scorer on PolNeAR dev: `python -m bench.run_quotes` (extra `bench`).

- text in quotation marks;
- a dependency rule on our own trees: a reporting verb, its subject, its clausal complement;
- textacy's `direct_quotations` on our own trees, a paragraph at a time; where it raises, the paragraph counts as empty
  and is counted in the note;
- one human annotator against another, on PolNeAR train's articles with several.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from spacy.tokens import Doc, Span

from bench.results_file import Row, write
from bench.run_onrecord import attribution_scores
from extract import load
from extract.evaluate import attribution as scorer
from extract.evaluate.attribution import Triple
from extract.inputs import INSIDE, quote_states

DATA = Path(__file__).parents[2] / "shared" / "data" / "attribution"
COMMAND = "python -m bench.run_quotes"
REPORTING = {"say", "tell", "add", "write", "note", "claim", "argue", "state", "explain", "insist", "announce", "warn"}
System = Callable[[Doc], list[Triple]]


def in_marks(doc: Doc) -> list[Triple]:
    """Every stretch inside quotation marks is a content without cue or source."""
    states = quote_states(doc.text)
    out = []
    for inside, group in itertools.groupby(enumerate(states), key=lambda pair: pair[1] == INSIDE):
        places = [i for i, _ in group]
        if inside:
            out.append(Triple((), (), _trimmed(doc, places[0], places[-1] + 1)))
    return [t for t in out if t.content]


def by_tree(doc: Doc) -> list[Triple]:
    """Reporting verb + subject + clausal complement."""
    out = []
    for verb in (t for t in doc if t.lemma_ in REPORTING and t.pos_ == "VERB"):
        subject = next((c for c in verb.children if c.dep_.startswith("nsubj")), None)
        clause = next((c for c in verb.children if c.dep_ in ("ccomp", "parataxis")), None)
        if clause is not None:
            source = _subtree(doc, subject) if subject is not None else ()
            out.append(Triple(source, ((verb.idx, verb.idx + len(verb)),), _subtree(doc, clause)))
    return out


def _subtree(doc: Doc, token) -> tuple[tuple[int, int], ...]:
    words = list(token.subtree)
    return _trimmed(doc, words[0].idx, words[-1].idx + len(words[-1]))


def _trimmed(doc: Doc, start: int, end: int) -> tuple[tuple[int, int], ...]:
    span = scorer.trim(doc.text, start, end)
    return (span,) if span[0] < span[1] else ()


class Textacy:
    """`raised` counts the paragraphs on which the library gave up."""

    def __init__(self) -> None:
        self.raised = 0

    def __call__(self, doc: Doc) -> list[Triple]:
        from textacy.extract.triples import direct_quotations

        out = []
        for paragraph in _paragraphs(doc):
            piece = paragraph.as_doc()
            try:
                found = list(direct_quotations(piece))
            except Exception:  # what a peer cannot read is counted, not hidden
                self.raised += 1
                continue
            out += [_triple(doc, piece, quote, paragraph.start_char) for quote in found]
        return out


def _triple(doc: Doc, piece: Doc, quote: Any, offset: int) -> Triple:
    speaker = piece[quote.speaker[0].i : quote.speaker[-1].i + 1]
    cue = piece[quote.cue[0].i : quote.cue[-1].i + 1]
    return Triple(*(tuple(_shift(doc, span, offset)) for span in (speaker, cue, quote.content)))


def _shift(doc: Doc, span: Span, offset: int) -> Iterator[tuple[int, int]]:
    yield from _trimmed(doc, offset + span.start_char, offset + span.end_char)


def _paragraphs(doc: Doc) -> Iterator[Span]:
    start = 0
    for token in doc:
        if token.is_space and "\n" in token.text:
            if token.i > start:
                yield doc[start : token.i]
            start = token.i + 1
    if start < len(doc):
        yield doc[start:]


def human_pairs() -> Row:
    """The second annotator judged against the first, and so on for every pair."""
    counts: Counter[str] = Counter()
    for row in scorer.load_rows(DATA / "polnear_train.jsonl.gz"):
        layers = [scorer.gold_triples({**row, "annotations": [a]}) for a in row["annotations"]]
        for one, other in itertools.combinations(layers, 2):
            counts.update(scorer.count(row["text"], one, other))
    scores = attribution_scores(scorer.summary(counts))
    return Row("one human annotator against another", "PolNeAR train, shared articles", scores, COMMAND)


def main() -> None:
    nlp = load()
    rows = scorer.load_rows(DATA / "polnear_dev.jsonl.gz")
    with nlp.select_pipes(enable=["onrecord_encoder"]):
        docs = [nlp(row["text"]) for row in rows]
    textacy = Textacy()
    systems: dict[str, System] = {
        "text in quotation marks": in_marks,
        "reporting verb + clause, our trees": by_tree,
        "textacy direct_quotations, our trees": textacy,
    }
    out = []
    for name, system in systems.items():
        counts: Counter[str] = Counter()
        for row, doc in zip(rows, docs, strict=True):
            counts.update(scorer.count(row["text"], scorer.gold_triples(row), system(doc)))
        note = f"raised on {textacy.raised} paragraphs" if system is textacy and textacy.raised else ""
        out.append(Row(name, "PolNeAR dev", attribution_scores(scorer.summary(counts)), COMMAND, note))
    out.append(human_pairs())
    write("attribution", out)
    for r in out:
        print(r.system, r.scores, r.note)


if __name__ == "__main__":
    main()
