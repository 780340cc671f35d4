"""The demonstration newsroom: real servers on loopback, every page labelled, every article as its file says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

import demo
from demo.content import HERE, DemoArticle, DemoContentError, edition, load_articles, load_outlets
from demo.site import article_path, build_site, canonical_url
from scraper import Article, Fetcher, discover, load_sources, matches, read

FIRST = edition(load_articles(), 1)
CORRECTED = next(a for a in load_articles() if a.version == 2)
DISCOVERY = {"ledger": "/rss.xml", "courier": "/sitemap-news.xml", "bulletin": "/latest", "dispatch": "/atom.xml"}


@pytest.fixture(scope="module")
def newsroom() -> Iterator[demo.Newsroom]:
    with demo.serve() as running:
        yield running


def fetch(url: str, **headers: str) -> requests.Response:
    return requests.get(url, headers={name.replace("_", "-"): value for name, value in headers.items()}, timeout=10)


def test_the_newsroom_is_large_enough_and_varied() -> None:
    assert len(FIRST) >= 12
    assert len({a.outlet for a in FIRST}) >= 4
    assert len({outlet.discovery for outlet in load_outlets().values()}) == 4


def test_every_page_carries_the_notice(newsroom: demo.Newsroom) -> None:
    for key, base in newsroom.base_urls.items():
        assert demo.NOTICE in fetch(base + "/").text, key
    for article in newsroom.articles:
        page = fetch(newsroom.url(article)).content.decode(article.encoding)
        assert f'role="note">{demo.NOTICE}' in page or f'class="demo-notice">{demo.NOTICE}' in page, article.slug


def test_every_page_holds_its_article_word_for_word(newsroom: demo.Newsroom) -> None:
    for article in newsroom.articles:
        page = fetch(newsroom.url(article)).content.decode(article.encoding)
        missing = [text for _, text in article.blocks if text.replace("'", "&#39;") not in page]
        assert not missing, article.slug


def test_canonical_addresses_do_not_depend_on_the_port(newsroom: demo.Newsroom) -> None:
    with demo.serve() as other:
        for here, there in zip(newsroom.articles, other.articles, strict=True):
            assert newsroom.url(here) != other.url(there)
            stated = [
                re.search(r'rel="canonical" href="([^"]+)"', fetch(url).text)
                for url in (newsroom.url(here), other.url(there))
            ]
            expected = canonical_url(load_outlets()[here.outlet], here)
            assert [found and found[1] for found in stated] == [expected, expected]
            assert ".example/" in expected


@pytest.mark.parametrize(("key", "entry"), DISCOVERY.items())
def test_every_article_is_announced(newsroom: demo.Newsroom, key: str, entry: str) -> None:
    announced = fetch(newsroom.base_urls[key] + entry).text
    own = [a for a in newsroom.articles if a.outlet == key]
    assert own and all(article_path(load_outlets()[key], a) in announced for a in own)


def test_charsets_are_what_the_servers_say(newsroom: demo.Newsroom) -> None:
    types = {a.slug: fetch(newsroom.url(a)).headers["Content-Type"] for a in newsroom.articles}
    old = [slug for slug, content_type in types.items() if "windows-1252" in content_type]
    assert old == [a.slug for a in newsroom.articles if a.encoding == "windows-1252"] and old
    bare = {a.outlet for a in newsroom.articles if "charset" not in types[a.slug]}
    assert bare == {"courier"}, "the Courier states its charset in the page only"


def test_conditional_requests(newsroom: demo.Newsroom) -> None:
    url = newsroom.url(FIRST[0])
    first = fetch(url)
    tag, date = first.headers["ETag"], first.headers["Last-Modified"]
    assert fetch(url, If_None_Match=tag).status_code == 304
    assert fetch(url, If_None_Match=f'"other", W/{tag}').status_code == 304
    assert fetch(url, If_Modified_Since=date).status_code == 304
    assert fetch(url, If_None_Match='"other"', If_Modified_Since=date).status_code == 200, "the tag decides"
    assert fetch(url, If_Modified_Since="not a date").status_code == 200
    assert fetch(url, If_Modified_Since="Mon, 01 Jan 2001 00:00:00 GMT").status_code == 200


def test_unknown_paths_and_head(newsroom: demo.Newsroom) -> None:
    base = newsroom.base_urls["ledger"]
    assert fetch(base + "/politics/no-such-story").status_code == 404
    head = requests.head(newsroom.url(FIRST[0]), timeout=10)
    assert head.status_code == 200 and not head.content and int(head.headers["Content-Length"]) > 1000


def test_robots_txt_allows_all_but_the_search(newsroom: demo.Newsroom) -> None:
    for base in newsroom.base_urls.values():
        robots = fetch(base + "/robots.txt").text
        assert "Crawl-delay: 0\nDisallow: /search\n" in robots


def test_advance_corrects_one_article_and_the_headlines_that_point_at_it() -> None:
    with demo.serve() as running:
        before = {running.url(a): fetch(running.url(a)) for a in running.articles}
        running.advance()
        after = {url: fetch(url, If_None_Match=page.headers["ETag"]) for url, page in before.items()}
        corrected = running.url(CORRECTED)
        changed = [url for url, page in after.items() if page.status_code == 200]
        assert corrected in changed and "$780 million toward" in after[corrected].text
        assert "$870 million" in before[corrected].text and "$870 million" not in after[corrected].text
        assert {url for url in changed if CORRECTED.title not in after[url].text} == set()
        assert all(url.startswith(running.base_urls["ledger"]) for url in changed)
        assert [a for a in running.articles if a.version == 2] == [CORRECTED]


def test_after_the_last_edition_nothing_changes() -> None:
    with demo.serve(version=2) as running:
        before = fetch(running.url(CORRECTED))
        running.advance()
        assert running.version == running.last == 2
        assert "$780 million toward" in before.text
        assert fetch(running.url(CORRECTED), If_None_Match=before.headers["ETag"]).status_code == 304


def test_sources_name_every_outlet(newsroom: demo.Newsroom) -> None:
    sources = load_sources(newsroom.sources_path)
    assert {source.outlet for source in sources} == {outlet.name for outlet in load_outlets().values()}
    assert {source.kind for source in sources} == {"feed", "sitemap", "listing", "pages"}
    assert all(source.allow_private and source.delay == 0 for source in sources)


@pytest.fixture(scope="module")
def scraped(newsroom: demo.Newsroom) -> dict[str, Article]:
    """What the ordinary scraper makes of every page that it finds by itself, by the address it asked for."""
    with Fetcher(contact="newsroom@harbourledger.example") as fetcher:
        return {
            item.url: read(fetcher.get(item.url, source=source), source)
            for source in load_sources(newsroom.sources_path)
            for item in discover(fetcher, source)
        }


@pytest.mark.parametrize("expected", FIRST, ids=lambda a: a.slug)
def test_the_scraper_reads_back_exactly_the_article(
    newsroom: demo.Newsroom, scraped: dict[str, Article], expected: DemoArticle
) -> None:
    got = scraped[newsroom.url(expected)]
    outlet = load_outlets()[expected.outlet]
    assert got.text.split("\n\n") == [text for _, text in expected.blocks]
    assert (got.title, got.byline, got.origin) == (expected.title, expected.byline, expected.origin)
    assert (got.url, got.outlet, got.lang) == (canonical_url(outlet, expected), outlet.name, "en")
    instant = expected.published.date() if expected.outlet == "dispatch" else expected.published
    assert got.published == instant.isoformat(), "the Dispatch's pages print the day in words and no offset"


def test_each_outlet_states_the_date_in_its_own_way(newsroom: demo.Newsroom, scraped: dict[str, Article]) -> None:
    where = {a.outlet: scraped[newsroom.url(a)].published_source for a in FIRST}
    assert where == {
        "ledger": "json-ld",
        "courier": "meta",
        "bulletin": "page",
        "dispatch": "page",
        "newsroom": "meta",
    }


def test_the_topic_filter_drops_the_odd_ones_out(newsroom: demo.Newsroom) -> None:
    by_outlet = {source.outlet: source for source in load_sources(newsroom.sources_path)}
    names = load_outlets()
    dropped = {a.slug for a in FIRST if not matches(by_outlet[names[a.outlet].name], a.title, a.summary, a.text)}
    assert dropped == {"ferry-terminal-roof-reopens", "lakers-win-curling-final"}
    by_headline = {a.slug for a in FIRST if not matches(by_outlet[names[a.outlet].name], a.title, a.summary)}
    assert by_headline == dropped, "a feed shows no more than that"


def test_the_sources_file_goes_with_the_newsroom() -> None:
    with demo.serve() as running:
        path = running.sources_path
    assert not path.exists()


def test_a_page_is_escaped() -> None:
    outlet = load_outlets()["ledger"]
    hostile = replace(FIRST[0], outlet="ledger", title='</script><script>x("')
    for path, reply in build_site(outlet, [hostile], "http://127.0.0.1:1").items():
        assert b'<script>x("' not in reply.body, path


BAD_FILES = [
    ("no front matter", "Just text.\n", "front matter"),
    ("no such key", "---\noutlet: ledger\ncolour: blue\n---\nText.\n", "colour"),
    ("a key is missing", "---\noutlet: ledger\n---\nText.\n", "slug"),
    ("not YAML", "---\ntitle: a: b\n---\nText.\n", "cannot be read"),
    ("a date that is none", "---\npublished: yesterday\n---\nText.\n", "yesterday"),
]


@pytest.mark.parametrize(("text", "named"), [case[1:] for case in BAD_FILES], ids=[case[0] for case in BAD_FILES])
def test_a_bad_article_file_is_named(tmp_path: Path, text: str, named: str) -> None:
    (tmp_path / "story.md").write_text(text, encoding="utf-8")
    with pytest.raises(DemoContentError, match=named) as caught:
        load_articles(tmp_path)
    assert "story.md" in str(caught.value)


def test_two_files_for_one_version_are_refused(tmp_path: Path) -> None:
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_bytes((HERE / "articles" / "ledger-ferry.md").read_bytes())
    with pytest.raises(DemoContentError, match="two files"):
        load_articles(tmp_path)


def relations() -> list[dict[str, Any]]:
    return yaml.safe_load((HERE / "relations.yml").read_text(encoding="utf-8"))


def article(name: str) -> DemoArticle:
    slug, _, version = name.partition("@")
    return next(a for a in load_articles() if a.slug == slug and a.version == int(version or 1))


@pytest.mark.parametrize("relation", relations(), ids=lambda r: f"{r['label']}:{r['a']['article'][:20]}")
def test_relations_quote_the_articles(relation: dict[str, Any]) -> None:
    """The table that the end-to-end test judges by says only what stands in the articles, once each."""
    for side in ("a", "b"):
        end = relation[side]
        if "words" in end:
            assert article(end["article"]).text.count(end["words"]) == 1, end
        else:
            assert article(end["article"]), end


def test_relations_cover_the_labels_of_the_contract() -> None:
    assert {r["label"] for r in relations()} == {
        "same_quote",
        "same_figure",
        "conflicting_figure",
        "apparent_conflict",
        "derived",
        "wire_copy",
        "role_conflict",
        "revised",
    }
