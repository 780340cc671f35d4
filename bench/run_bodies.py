"""Article bodies: `python -m bench.run_bodies` prints a table and writes bench/results/bodies.json.

On article_bodies the measure of the article-extraction-benchmark: precision and recall of 4-grams of words, averaged
over pages. On article_paragraphs: share of gold paragraphs that come back exactly, and lines that are none of them.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from statistics import mean

from bench.page_systems import Reader, installed, pages, timed
from bench.results_file import Row, write

COMMAND = "python -m bench.run_bodies"
LIVE_BLOG = 120  # paragraphs


def shingles(text: str, n: int = 4) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[i : i + n]) for i in range(max(len(words) - n + 1, 1)))


def body_scores(reader: Reader) -> tuple[dict[str, float], float]:
    """Precision, recall and F1 of word 4-grams; pages a CPU second."""
    precisions, recalls, seconds = [], [], 0.0
    for body, gold in pages("article_bodies"):
        found, spent = timed(reader, body, gold["url"])
        seconds += spent
        expected, got = shingles(gold["articleBody"]), shingles("\n".join(found))
        hits = (expected & got).total()
        precisions.append(hits / max(got.total(), 1))
        recalls.append(hits / max(expected.total(), 1))
    precision, recall = mean(precisions), mean(recalls)
    f1 = 2 * precision * recall / (precision + recall)
    return {"P": precision, "R": recall, "F": f1}, len(precisions) / seconds


def paragraph_scores(reader: Reader) -> tuple[float, int, float]:
    """Share of gold paragraphs that came back exactly, junk lines, and their share of all lines.

    Over ordinary articles; a live blog of hundreds of paragraphs would outweigh the others. Gold lines in [brackets]
    (captions, notes) may be taken or left.
    """
    exact = total = junk = lines = 0
    for body, gold in pages("article_paragraphs"):
        if len(gold["body"]) > LIVE_BLOG:
            continue
        found = {fold(line) for line in timed(reader, body, gold["url"])[0]}
        optional = {fold(line[1:-1]) for line in gold["body"] if line.startswith("[") and line.endswith("]")}
        expected = {fold(line) for line in gold["body"] if not (line.startswith("[") and line.endswith("]"))}
        exact += len(expected & found)
        total += len(expected)
        junk += len(found - expected - optional)
        lines += len(found)
    return exact / total, junk, junk / max(lines, 1)


def fold(line: str) -> str:
    return " ".join(html.unescape(line).split()).removeprefix("- ")


def main() -> None:
    print(f"{'system':30} {'P':>6} {'R':>6} {'F':>6} {'exact':>7} {'junk':>5} {'pages/CPU-s':>12}")
    rows, our_speed = [], 0.0
    for name, reader in installed().items():
        body, speed = body_scores(reader)
        exact, junk, junk_share = paragraph_scores(reader)
        our_speed = our_speed or speed
        numbers = f"{body['P']:6.3f} {body['R']:6.3f} {body['F']:6.3f} {exact:7.1%} {junk:5d} {speed:12.1f}"
        print(f"{name:30} {numbers}")
        rows.append(Row(name, "article_bodies", {**body, "speed": speed / our_speed}, COMMAND))
        rows.append(Row(name, "article_paragraphs", {"exact": exact, "junk": junk_share}, COMMAND))
    write("bodies", rows)


if __name__ == "__main__":
    main()
