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
QUOTE = re.compile('[“”«»"]')
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


def paragraph_scores(reader: Reader) -> dict[str, float]:
    """Share of gold paragraphs that came back exactly, the same of those that quote somebody, and the share of lines
    that are junk.

    Over ordinary articles: a live blog, declared as one or of hundreds of paragraphs, would outweigh the others, and
    of some the gold has only what stood there first. Gold lines in [brackets]
    (captions, notes) may be taken or left.
    """
    exact = total = quoted = quotes = junk = lines = 0
    for body, gold in pages("article_paragraphs"):
        if len(gold["body"]) > LIVE_BLOG or b"LiveBlogPosting" in body:
            continue
        found = {fold(line) for line in timed(reader, body, gold["url"])[0]}
        optional = {fold(line[1:-1]) for line in gold["body"] if line.startswith("[") and line.endswith("]")}
        expected = {fold(line) for line in gold["body"] if not (line.startswith("[") and line.endswith("]"))}
        exact += len(expected & found)
        total += len(expected)
        quoting = {line for line in expected if QUOTE.search(line)}
        quoted += len(quoting & found)
        quotes += len(quoting)
        junk += len(found - expected - optional)
        lines += len(found)
    return {"exact": exact / total, "quotations": quoted / quotes, "junk": junk / max(lines, 1)}


def fold(line: str) -> str:
    return " ".join(html.unescape(line).split()).removeprefix("- ")


def main() -> None:
    print(f"{'system':30} {'P':>6} {'R':>6} {'F':>6} {'exact':>6} {'quoted':>6} {'junk':>6} {'pages/CPU-s':>12}")
    rows, our_speed = [], 0.0
    for name, reader in installed().items():
        body, speed = body_scores(reader)
        lines = paragraph_scores(reader)
        our_speed = our_speed or speed
        print(
            f"{name:30} " + " ".join(f"{score:6.3f}" for score in [*body.values(), *lines.values()]), f"{speed:12.1f}"
        )
        rows.append(Row(name, "article_bodies", {**body, "speed": speed / our_speed}, COMMAND))
        rows.append(Row(name, "article_paragraphs", lines, COMMAND))
    write("bodies", rows)


if __name__ == "__main__":
    main()
