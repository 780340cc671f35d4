"""A scrape that goes on while a site is read: `python -m bench.site_writer FILE` saves new articles until it is ended.

Ten a second, which is more than the network and the extraction give; each with ten claims and twenty figures, saved as
`onrecord run` saves them, in two transactions. All words and names are invented.
"""

from __future__ import annotations

import sys
import time
from datetime import date

from db import open_db
from db.save import save_article, save_findings
from extract.findings import Claim, Cue, Figure, Findings, Interval, Span, Speaker
from scraper.article import Article

CLAIMS, FIGURES, A_SECOND = 10, 20, 10


def article(number: int) -> tuple[Article, Findings]:
    """An article of its own address and words, and what is found in it."""
    text, claims, figures = "", [], []
    today = date.today().isoformat()
    period = Interval(f"{today[:4]}-01-01", f"{today[:4]}-12-31", "this year")
    for n in range(CLAIMS):
        quote = f"Town {number * 31 % 997} will pay for winter {n}"
        start = len(text) + 1
        text += f"“{quote},” said Mayor Odo Marl{n}. "
        said = text.rindex("said")
        speaker = Speaker(None, (f"Odo Marl{n}",), "person", "mayor", "named")
        claims.append(
            Claim(
                f"c{n + 1}",
                "direct",
                Span(start, start + len(quote), quote),
                ((start, start + len(quote)),),
                ((start, start + len(quote)),),
                Cue(said, said + 4, "said", "say"),
                speaker,
                None,
                negated=False,
                modality="asserted",
                nested_in=None,
                confidence=0.9,
            )
        )
    for n in range(FIGURES):
        value = 1000 + (number * 7919 + n * 104729) % 90_000
        printed = f"{value:,} people"
        start = len(text) + len("It counted ")
        text += f"It counted {printed} by then. "
        figures.append(
            Figure(start, start + len(printed), printed, id=f"f{n + 1}", value=float(value), unit="person",
                   counted="people", measure=f"measure_{1 + n}", place="Place 1", period=period)
        )  # fmt: skip
    url = f"https://writer.example/{time.time_ns()}"
    about = Article(text.strip(), url, title=f"Report {number}", outlet="Outlet 1", published=today)
    return about, Findings(tuple(claims), tuple(figures), ())


def main() -> None:
    db, number = open_db(sys.argv[1]), 0
    while True:
        number += 1
        about, found = article(number)
        save_findings(db, save_article(db, about).version_id, found, "bench", "bench")
        print(number, flush=True)
        time.sleep(1 / A_SECOND)


if __name__ == "__main__":
    main()
