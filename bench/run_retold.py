"""How rarely texts that are no copies tell their names and numbers in one order: `python -m bench.run_retold`.

All pairs of PolNeAR's articles (training and development part, political news of one season) that share two pairs of
numbers are compared by `db.crosscheck.translations` and by their five-word runs. None is a translation, so whatever
keeps the order of its landmarks should share its words as well.
"""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from pathlib import Path

from db.crosscheck.copies import COPY, RUN
from db.crosscheck.translations import KEPT, landmarks, number_pairs, order_kept
from db.crosscheck.words import containment, runs, words
from extract.training.data import read_polnear

PARTS = ("train", "dev")
CORPUS = Path("../shared/data/attribution")
LEAST = 2  # pairs of numbers in common
SHOWN = 10


def main() -> None:
    texts = [article["text"] for part in PARTS for article in read_polnear(CORPUS / f"polnear_{part}.jsonl.gz")]
    marks = [landmarks(text, "en") for text in texts]
    together = Counter(pair for found in map(number_pairs, marks) for pair in found)
    of_pair: dict[tuple[str, str], list[int]] = {pair: [] for pair, count in together.items() if count > 1}
    for n, some in enumerate(marks):
        for pair in number_pairs(some) & of_pair.keys():
            of_pair[pair].append(n)
    shared = Counter(two for found in of_pair.values() for two in combinations(found, 2))
    compared = []
    for a, b in (two for two, count in shared.items() if count >= LEAST):
        kept, fewest = order_kept(marks[a], marks[b])
        if fewest:
            same = containment(*(runs(words(texts[n]), RUN) for n in (a, b)))
            compared.append((kept / fewest, fewest, same))
    compared.sort(reverse=True)
    retold = [same for share, _, same in compared if share >= KEPT]
    print(f"{len(texts)} articles, {len(compared)} pairs that share numbers and can be told by their order")
    print(f"{len(retold)} keep it to {KEPT:.0%}, {sum(same >= COPY for same in retold)} of them copies by their words")
    print("order kept   runs   five-word runs in common")
    for share, fewest, same in compared[:SHOWN]:
        print(f"{share:10.1%}  {fewest:5}   {same:.1%}")


if __name__ == "__main__":
    main()
