"""Articles straight to the output: `onrecord read` and `onrecord extract PATH`, without a database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from jobs.summary import Progress, Summary, plain
from scraper import Article, Fetcher, ScrapeError, Source, archive, read
from scraper.urls import host_of, is_web


def read_pages(names: Iterable[str], summary: Summary, *, allow_private: bool = False) -> Iterator[Article]:
    """The article of each saved page or URL. What cannot be read is noted in `summary`, and the rest follows."""
    with Fetcher() as fetcher:
        for name in names:
            try:
                if is_web(name):
                    source = Source("read", host_of(name), "pages", (name,), delay=1.0, allow_private=allow_private)
                    yield read(fetcher.get(name, source=source))
                else:
                    yield read(archive.page(name))
            except Exception as error:  # one odd page never costs the others
                summary.fail(name, error)


def extract_files(
    paths: Iterable[str | Path],
    summary: Summary,
    *,
    published: str | None = None,
    workers: int = 1,
    progress: Progress = plain,
) -> Iterator[dict[str, Any]]:
    """What `extract --json` prints, for each article of text files, saved pages and archives, in their order.

    `published` is the day of articles that state none; `workers` processes share the work. What cannot be read is noted
    in `summary`, and the rest follows.
    """
    from extract.parallel import find_all

    for about, found in find_all(_asked(paths, published, progress), workers):
        if isinstance(found, Exception):  # one odd file never costs the others
            summary.fail(str(about["path"]), found)
        else:
            yield {"article": about, **found.as_dict()}


def _asked(
    paths: Iterable[str | Path], published: str | None, progress: Progress
) -> Iterator[tuple[dict[str, Any], str | Exception, Any]]:
    from extract.sections import sections

    for path in progress(paths, desc="extract"):
        for article in archive.load(path, read):
            if isinstance(article, ScrapeError):
                yield {"path": str(path)}, article, None
                continue
            day = article.published or published
            about = {"id": article.id, "url": article.url, "path": str(path), "title": article.title}
            about |= {"outlet": article.outlet, "published": day, "text": article.text}
            yield about, article.text, sections([(s.start, s.published) for s in article.segments], day) or day
