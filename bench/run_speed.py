"""Speed, memory and size: `python -m bench.run_speed [articles] [growth] [nonsense]` (half an hour, idle).

Everything that is compared is measured in one run, by turns, and the medians are compared: a busy moment hits both
sides. The README shows ratios and sizes, no times of one machine. Writes `results/speed.json`; with --quick everything
is a tenth as long, and nothing is written.

- whole to encoder: `extract.find` against the encoder's forward passes alone, same chunks, same number of threads;
- two processes: articles a second with two processes against one, encoders of one thread each;
- load: seconds until a fresh process has the pipeline, files in the disk's cache;
- memory: the peak of a fresh process that loads the pipeline and reads 20 articles;
- dates and figures: what the two components add to the time of the rest of the pipeline;
- growth: the time a quote of an article of 10,000 quotes takes, for that of one of 1,250;
- growth, of dates and figures alone: the time a character of 1 MB of digits, of commas, of "and" and of figures and
  dates takes the two components, for that in an eighth of it, at the worst.
"""

from __future__ import annotations

import gzip
import json
import os
import platform
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy
from spacy import Language
from spacy.tokens import Doc

import extract
from bench.results_file import Row, write
from extract.encoder import MODEL, OUTPUTS, Encoder
from extract.inputs import chunks
from extract.parallel import Workers
from extract.pipeline import day_of

DEV = Path(__file__).parents[2] / "shared" / "data" / "attribution" / "polnear_dev.jsonl.gz"
COMMAND = "python -m bench.run_speed"
ARTICLES, ROUNDS = 24, 5
SHARED_WORK = 48  # articles for one and for two processes
WARM_UP = 8  # articles before them, until every process has loaded
MEASURED_APART = 20  # articles for peak memory
LONGEST = 10_000  # quotes
MEGABYTE = 10**6  # bytes
SHORTEST = 0.5  # seconds: below, a quotient of two times says nothing
DATES_AND_FIGURES = ("onrecord_dates", "onrecord_figures")
DEVICE = f"{platform.machine()}, {os.cpu_count()} cores"


def texts(count: int) -> list[str]:
    """The first articles of PolNeAR's development part."""
    with gzip.open(DEV, "rt", encoding="utf8") as lines:
        return [json.loads(line)["text"] for _, line in zip(range(count), lines, strict=False)]


def seconds(work: Callable[..., object], *given: object) -> float:
    start = time.perf_counter()
    work(*given)
    return time.perf_counter() - start


# ------------------------------------------------------------------------------------------------ whole to encoder
def whole_to_encoder(nlp: Language, rounds: int) -> float:
    """Seconds of `find` for a second of forward passes: an article's two measurements follow each other."""
    encoder: Any = nlp.get_pipe("onrecord_encoder")
    articles = texts(ARTICLES)
    fed = [list(inputs(nlp, encoder, text)) for text in articles]
    ratios = []
    for turn in range(rounds + 1):  # the first one warms up
        whole = alone = 0.0
        for text, arrays in zip(articles, fed, strict=True):
            alone += seconds(_forward, encoder, arrays)
            whole += seconds(extract.find, nlp, text, "2016-10-01")
        ratios += [whole / alone] if turn else []
    print(f"whole to encoder, by rounds: {', '.join(f'{r:.3f}' for r in ratios)}", flush=True)
    return statistics.median(ratios)


def _forward(encoder: Any, fed: list[dict[str, Any]]) -> None:
    for arrays in fed:
        encoder.session.run(list(OUTPUTS), arrays)


def inputs(nlp: Language, encoder: Encoder, text: str) -> Iterator[dict[str, Any]]:
    """What the network is given for an article, chunk by chunk, as in `Encoder._read`."""
    for chunk in chunks(nlp.make_doc(text), encoder.pieces):
        lists = {"ids": chunk.ids, "quote": chunk.quote, "shape": chunk.shape, "first": chunk.first, "last": chunk.last}
        lists["mask"] = [1] * len(chunk.ids)
        yield {name: numpy.array([values], numpy.int64) for name, values in lists.items()}


def added_by_dates_and_figures(nlp: Language, rounds: int) -> float:
    """The time of the two components for the time of the others on the same articles."""
    articles = texts(ARTICLES)
    ratios = []
    for turn in range(rounds + 1):  # the first one warms up
        took = dict.fromkeys(nlp.pipe_names, 0.0)
        rest = 0.0
        for text in articles:
            rest += seconds(nlp.make_doc, text)
            doc = nlp.make_doc(text)
            doc._.published = day_of("2016-10-01")
            for name, component in nlp.pipeline:
                took[name] += seconds(component, doc)
        ours = sum(took.pop(name) for name in DATES_AND_FIGURES)
        ratios += [ours / (rest + sum(took.values()))] if turn else []
    print(f"dates and figures to the rest, by rounds: {', '.join(f'{r:.3f}' for r in ratios)}", flush=True)
    return statistics.median(ratios)


# ------------------------------------------------------------------------------------------------ processes
def two_processes(rounds: int) -> float:
    """How many times the articles of one process two of them read in the same time, without their start."""
    ratios = []
    for _ in range(rounds):
        one, two = _steady(1), _steady(2)
        ratios.append(two / one)
    print(f"two processes to one, by rounds: {', '.join(f'{r:.3f}' for r in ratios)}", flush=True)
    return statistics.median(ratios)


def _steady(workers: int) -> float:
    """Articles a second of processes of their own, from the first answer of a warm-up on."""
    articles = texts(SHARED_WORK)
    asked = [(n, text, "2016-10-01") for n, text in enumerate([*articles[:WARM_UP], *articles])]
    start = 0.0
    for n, answer in Workers(workers).answers(asked):
        if isinstance(answer, Exception):
            raise answer
        if n == WARM_UP - 1:
            start = time.perf_counter()
    return len(articles) / (time.perf_counter() - start)


# ------------------------------------------------------------------------------------------------ fresh processes
def fresh(code: str) -> float:
    """The number that a fresh Python prints last."""
    root = Path(__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])


def load_seconds() -> float:
    code = "import time; t = time.perf_counter(); import extract; extract.load(); print(time.perf_counter() - t)"
    fresh(code)
    return statistics.median(fresh(code) for _ in range(ROUNDS))


def peak_megabytes() -> float:
    return fresh("from bench.run_speed import read_apart; print(read_apart())")


def read_apart() -> float:
    """Runs in a fresh process: its peak memory in MB after loading and reading."""
    nlp = extract.load()
    for text in texts(MEASURED_APART):
        extract.find(nlp, text, "2016-10-01")
    scale = 1 if sys.platform == "darwin" else 1024  # macOS counts bytes, Linux kilobytes
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale / MEGABYTE


def model_megabytes() -> float:
    return sum(p.stat().st_size for p in MODEL.iterdir() if p.is_file()) / MEGABYTE


# ------------------------------------------------------------------------------------------------ growth
def quotes(count: int, seed: int = 7) -> str:
    """An invented article of so many quotations, three to a paragraph, with figures, dates and pronouns."""
    chance = random.Random(seed)
    first, last = ("Mira", "Tobin", "Edda", "Jonas", "Paola", "Sunniva"), ("Voss", "Lark", "Quill", "Reed", "Winter")
    roles = ("the mayor of Port Ellen", "the minister of harbours", "a spokesperson for the Pier Board")
    written = []
    for n in range(count):
        who = f"{chance.choice(first)} {chance.choice(last)}"
        number, day = chance.randrange(20, 90_000), chance.choice(("Tuesday", "June 3", "last week"))
        written.append(
            chance.choice(
                (
                    f"“We took in {number:,} people, and there is room for more,” said {who}, {chance.choice(roles)}.",
                    f"{who} said on {day} that “the pier cannot wait” for another ${number:,}.",
                    f"“Nobody asked us,” she added. “In 2023 it was {number % 97} per cent.”",
                )
            )
            + ("\n\n" if n % 3 == 2 else " ")
        )
    return "".join(written)


def growth(nlp: Language, longest: int, characters: int) -> float:
    """The time per quote of the longest article against that of one an eighth as long; prints the curves."""
    curve = _curve(nlp, f"up to {longest} quotes", [quotes(longest // n) for n in (8, 4, 2, 1)])
    paragraph = quotes(longest).replace("\n", " ")
    paragraph = (paragraph * (characters // len(paragraph) + 1))[:characters]
    _curve(nlp, "one paragraph", [paragraph[: characters // n] for n in (8, 4, 2, 1)])
    return curve


def growth_of_dates_and_figures(nlp: Language, characters: int) -> float:
    """The worst of the curves of the two components on text that is made to make patterns backtrack."""
    worst = 0.0
    for unit in ("1", "1,", ",", "and ", "1 and ", "one hundred and ", "last ", "2 per cent of 9 in May 2020, "):
        took = []
        for size in (characters // 8, characters):
            doc = nlp.make_doc((unit * (size // len(unit) + 1))[:size])
            doc._.claims = ()
            took.append(seconds(_dates_and_figures, nlp, doc))
        times = took[-1] / took[0] / 8
        print(f"{characters:,} characters of {unit!r}: {took[-1]:.1f} s, {times:.2f} for one", flush=True)
        worst = max(worst, times if took[-1] > SHORTEST else 0.0)
    return worst


def _dates_and_figures(nlp: Language, doc: Doc) -> None:
    for name in DATES_AND_FIGURES:
        nlp.get_pipe(name)(doc)


def _curve(nlp: Language, of: str, articles: list[str]) -> float:
    took = []
    for text in articles:
        took.append(seconds(extract.find, nlp, text, "2024-09-24"))
        doubled = f", ×{took[-1] / took[-2]:.2f}" if len(took) > 1 else ""
        print(f"{of}: {len(text):,} characters {took[-1]:.1f} s{doubled}", flush=True)
    return took[-1] / took[0] / (len(articles[-1]) / len(articles[0]))


def on_articles(quick: bool) -> Row:
    """What is measured on real articles."""
    nlp, rounds = extract.load(), 1 if quick else ROUNDS
    scores = {
        "whole to encoder": whole_to_encoder(nlp, rounds),
        "dates and figures, added": added_by_dates_and_figures(nlp, rounds),
        "two processes to one": two_processes(rounds),
        "load, s": load_seconds(),
        "memory, MB": peak_megabytes(),
        "model, MB": model_megabytes(),
    }
    return Row("On Record", "PolNeAR dev", scores, f"{COMMAND} articles", DEVICE)


def on_long_texts(quick: bool) -> Row:
    """What is measured on an invented article as long as none is printed."""
    longest, characters = (n // (10 if quick else 1) for n in (LONGEST, MEGABYTE))
    scores = {"growth": growth(extract.load(), longest, characters)}
    return Row("On Record", f"an invented article of {longest:,} quotes", scores, f"{COMMAND} growth", DEVICE)


def on_nonsense(quick: bool) -> Row:
    """What is measured on text that is made to make patterns backtrack."""
    scores = {"growth": growth_of_dates_and_figures(extract.load(), MEGABYTE // (10 if quick else 1))}
    return Row("On Record, dates and figures", "1 MB of digits, commas, “and”", scores, f"{COMMAND} nonsense", DEVICE)


def main() -> None:
    parts = {"articles": on_articles, "growth": on_long_texts, "nonsense": on_nonsense}
    quick = "--quick" in sys.argv[1:]
    for name in [arg for arg in sys.argv[1:] if arg in parts] or parts:
        row = parts[name](quick)
        print(row.system, row.corpus, {score: round(value, 3) for score, value in row.scores.items()}, row.note)
        if not quick:
            write("speed", [row])


if __name__ == "__main__":
    main()
