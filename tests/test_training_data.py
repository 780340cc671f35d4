"""Training examples from annotated files: what a treebank's brackets say about who is meant. Sentences of our own."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy
import pytest

from extract.decode import bio_spans
from extract.training import data

# "Odile Roy left . She took her dog ." with mentions 1 (Odile Roy, She, her) and 2 (her dog)
ROWS = [
    [("Odile", 3, "nsubj", "(1-person-new-cf1-1-coref"), ("Roy", 1, "flat", "1)"), ("left", 0, "root", ""),
     (".", 3, "punct", "")],
    [("She", 2, "nsubj", "(1-person-giv-cf1-1-ana)"), ("took", 0, "root", ""),
     ("her", 4, "nmod:poss", "(2-animal-new-cf2-2-sgl(1-person-giv-cf1-1-ana)"), ("dog", 2, "obj", "2)"),
     (".", 2, "punct", "")],
]  # fmt: skip


@pytest.fixture
def treebank(tmp_path: Path) -> Path:
    lines = ["# newdoc id = ours"]
    for sentence in ROWS:
        for n, (form, head, dep, entity) in enumerate(sentence, 1):
            misc = f"Entity={entity}" if entity else "_"
            lines.append("\t".join([str(n), form, form.lower(), "X", "X", "_", str(head), dep, "_", misc]))
        lines.append("")
    path = tmp_path / "ours.conllu.gz"
    with gzip.open(path, "wt", encoding="utf8") as out:
        out.write("\n".join(lines) + "\n")
    return path


def test_a_mention_points_at_the_mention_before_it(treebank: Path) -> None:
    labels = data.label_sets([treebank], least=1)
    (example,) = data.treebank_examples(treebank, labels)
    words = [t.text for t in example.doc]
    pointed = {words[i]: words[a] for i, a in enumerate(example.labels["coref"]) if a >= 0}
    assert pointed == {"Odile": "Odile", "She": "Odile", "her": "She", "dog": "dog"}
    assert example.labels["coref"][words.index("left")] == data.IGNORE


def test_a_treebank_without_mentions_says_nothing_about_them(treebank: Path) -> None:
    text = gzip.decompress(treebank.read_bytes()).decode()
    plain = "\n".join("\t".join([*row.split("\t")[:9], "_"]) if "\t" in row else row for row in text.split("\n"))
    treebank.write_bytes(gzip.compress(plain.encode()))
    (example,) = data.treebank_examples(treebank, data.label_sets([treebank], least=1))
    assert "coref" not in example.labels


def test_learned_steps_decide_where_the_words_do_not() -> None:
    names = ["O", "B-CUE", "I-CUE"]
    scores = numpy.log(numpy.array([[0.2, 0.7, 0.1], [0.45, 0.1, 0.45]]))
    longer, shorter = numpy.zeros((3, 3)), numpy.zeros((3, 3))
    longer[1, 2], shorter[1, 0] = 1.0, 1.0
    assert [s[:3] for s in bio_spans(scores, names, longer)] == [(0, 2, "CUE")]
    assert [s[:3] for s in bio_spans(scores, names, shorter)] == [(0, 1, "CUE")]
