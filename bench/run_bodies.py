"""Article bodies: `python -m bench.run_bodies` prints a table and writes bench/results/bodies.json.

On article_bodies the measure of the article-extraction-benchmark: precision and recall of 4-grams of words, averaged
over pages. On article_paragraphs: share of gold paragraphs that come back exactly, and lines that are none of them.
"""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from pathlib import Path
from statistics import mean
from typing import Any

from bench.page_systems import Reader, installed, pages, timed

RESULTS = Path(__file__).parent / "results" / "bodies.json"
LIVE_BLOG = 120  # paragraphs


def shingles(text: str, n: int = 4) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[i : i + n]) for i in range(max(len(words) - n + 1, 1)))


def body_scores(reader: Reader) -> dict[str, float]:
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
    return {"P": precision, "R": recall, "F": f1, "pages_per_cpu_second": len(precisions) / seconds}


def paragraph_scores(reader: Reader) -> dict[str, float]:
    """Over ordinary articles; a live blog of hundreds of paragraphs would outweigh all the others. Gold lines in
    [brackets] (captions, notes) may be taken or left."""
    exact = total = junk = 0
    for body, gold in pages("article_paragraphs"):
        if len(gold["body"]) > LIVE_BLOG:
            continue
        found = {fold(line) for line in timed(reader, body, gold["url"])[0]}
        optional = {fold(line[1:-1]) for line in gold["body"] if line.startswith("[") and line.endswith("]")}
        expected = {fold(line) for line in gold["body"] if not (line.startswith("[") and line.endswith("]"))}
        exact += len(expected & found)
        total += len(expected)
        junk += len(found - expected - optional)
    return {"exact_paragraphs": exact / total, "junk_lines": junk}


def fold(line: str) -> str:
    return " ".join(html.unescape(line).split()).removeprefix("- ")


def main() -> None:
    results: dict[str, dict[str, Any]] = {}
    print(f"{'system':30} {'P':>6} {'R':>6} {'F':>6} {'exact':>7} {'junk':>5} {'pages/CPU-s':>12}")
    for name, reader in installed().items():
        row = results[name] = {**body_scores(reader), **paragraph_scores(reader)}
        print(
            f"{name:30} {row['P']:6.3f} {row['R']:6.3f} {row['F']:6.3f} {row['exact_paragraphs']:7.1%}"
            f" {row['junk_lines']:5d} {row['pages_per_cpu_second']:12.1f}"
        )
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
