"""A page that was read becomes a version of the article that is known under any of its addresses, or a new article: the
same for a page that was fetched now and for one out of an archive."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlite_utils import Database

from db import transaction, versions
from db.ids import utc
from db.reading import save_reading
from db.save import save_article
from scraper import Article, Page, churn
from scraper.recurring import edge_lines
from scraper.urls import normalise


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a page: new, changed, unchanged or stub, with the reason where that needs one. `page_hash` is that
    of the version that stands for it; `returned` says that its article had been marked removed."""

    outcome: str
    page_hash: str | None
    reason: str | None = None
    returned: bool = False


def keep(db: Database, page: Page, article: Article) -> Kept:
    """Store `article` as it was read from `page`, in one transaction. Raises BadArticle."""
    with transaction(db):
        led_here = [normalise(url) for url in (page.url, *page.aliases, page.final_url)]
        known = versions.known(db, [article.url] if article.url else [])
        if known is None:
            moved = versions.known(db, led_here)
            known = moved if moved and churn.related(_paragraphs(moved.text), _paragraphs(article.text)) else None
        if known is None:
            return _save(db, page, article, led_here, "changed", past=False)
        past = utc(page.fetched_at or known.fetched_at) < known.fetched_at
        others = versions.texts(db, known.article_id) if past else [(known.number, known.title, known.text)]
        verdicts = [_verdict(title, text, article) for _, title, text in others]
        article = replace(article, url=known.url)
        if "same" in verdicts:
            _, title, text = others[verdicts.index("same")]
            article = replace(article, text=text, title=title, segments=(), left_out=())
            return _save(db, page, article, led_here, "same", past=past, known=known)
        if "stub" in verdicts:
            number, _, text = others[verdicts.index("stub")]
            words, were = len(article.text.split()), len(text.split())
            reason = f"{words} of the {were} words that version {number} has, which stays"
            return Kept("stub", known.page_hash, reason)
        return _save(db, page, article, led_here, "changed", past=past, known=known)


def _save(
    db: Database,
    page: Page,
    article: Article,
    led_here: list[str],
    verdict: churn.Verdict,
    *,
    past: bool,
    known: versions.Known | None = None,
) -> Kept:
    at = utc(page.fetched_at) if page.fetched_at else None
    returned = bool(known and at and not past and versions.mark_returned(db, known.article_id, at))
    saved = save_article(db, article, page, past=past)
    if verdict == "changed":
        save_reading(db, saved.version_id, article, edge_lines(_paragraphs(article.text)))
    (kept, article_id) = db.execute(
        "SELECT page_hash, article_id FROM article_version WHERE id = ?", [saved.version_id]
    ).fetchone()
    versions.save_aliases(db, article_id, led_here)
    return Kept(saved.outcome, kept, returned=returned)


def _verdict(title: str | None, text: str, article: Article) -> churn.Verdict:
    """Whether what was read is another version than the one with this headline and text."""
    furniture = [line for reason, line in article.left_out if reason == "recurring"]
    found = churn.compare(
        _paragraphs(text), _paragraphs(article.text), broken_off=bool(article.truncated), furniture=furniture
    )
    headline = not article.title or churn.folded(article.title) == churn.folded(title)
    return "changed" if found == "same" and not headline else found


def _paragraphs(text: str) -> list[str]:
    return text.split("\n\n")
