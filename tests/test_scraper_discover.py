"""Feeds, sitemaps, listing pages, single pages: what they announce, and what they say when they are something else."""

from __future__ import annotations

import gzip
import json

import pytest
from http_host import Reply, fetcher, html, source

from scraper import Item, check, discover
from scraper.errors import NotAFeed, NotASitemap, SelectorFailed

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>Harbour Ledger</title>
<item><title>Shelter asks for &lt;b&gt;help&lt;/b&gt;</title><link>{base}/shelter?utm_source=rss</link>
<description><![CDATA[<p>The <em>shelter</em> in Port Alder is “full”.</p>]]></description>
<pubDate>Mon, 06 Jan 2025 08:30:00 -0500</pubDate></item>
<item><title>Shelter asks for help</title><link>{base}/shelter</link></item>
<item><title>No link at all</title></item>
<item><title>Ferry late again</title><link>/ferry</link></item>
</channel></rss>"""

ATOM = """<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Dispatch</title>
<entry><title>Talks resume</title><id>tag:dispatch,1</id><link href="{base}/talks"/>
<published>2025-01-05T09:00:00Z</published><updated>2025-01-06T09:00:00Z</updated><summary>They met.</summary></entry>
</feed>"""

NEWS_SITEMAP = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>{base}/older</loc><lastmod>2025-01-03</lastmod></url>
<url><loc>{base}/newest</loc><image:image><image:title>A pier</image:title></image:image>
<news:news><news:publication_date>2025-01-06T07:00:00-05:00</news:publication_date>
<news:title>Newest story</news:title></news:news></url>
<url><loc>ftp://elsewhere.example/x</loc></url>
</urlset>"""

INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>{base}/gone.xml</loc></sitemap>
<sitemap><loc>{base}/news.xml.gz</loc><lastmod>2025-01-06</lastmod></sitemap></sitemapindex>"""


def found(served, kind: str, path: str, **changes) -> list[Item]:
    with fetcher(served, attempts=1) as fetch:
        return list(discover(fetch, source(kind=kind, urls=(served.base + path,), **changes)))


def serve(served, path: str, text: str, content_type: str = "application/xml") -> None:
    served.routes[path] = Reply(text.format(base=served.base).encode(), headers={"Content-Type": content_type})


def test_rss(served):
    serve(served, "/rss", RSS, "application/rss+xml")
    first, second = found(served, "feed", "/rss")
    assert first == Item(
        url=f"{served.base}/shelter?utm_source=rss",
        title="Shelter asks for help",
        summary="The shelter in Port Alder is “full”.",
        published="2025-01-06T13:30:00+00:00",
    ), "markup out, typographic quotes kept, instant in UTC"
    assert second.url == f"{served.base}/ferry", "relative to the feed; the same story under a tracking address once"


def test_atom(served):
    serve(served, "/atom", ATOM, "application/atom+xml")
    assert found(served, "feed", "/atom") == [
        Item(f"{served.base}/talks", "Talks resume", "They met.", "2025-01-05T09:00:00+00:00")
    ]


def test_json_feed(served):
    entry = {"id": "1", "url": "/a", "title": "Pier reopens", "date_published": "2025-01-06T07:00:00-05:00"}
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [entry, {"id": "2"}, 5]}
    served.routes["/feed.json"] = Reply(json.dumps(feed).encode(), headers={"Content-Type": "application/json"})
    assert found(served, "feed", "/feed.json") == [
        Item(f"{served.base}/a", "Pier reopens", None, "2025-01-06T07:00:00-05:00")
    ]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("<!doctype html><html><body><h1>Our feeds have moved</h1></body></html>", "an HTML page"),
        ("", "an empty answer"),
        ("just words", "neither RSS nor Atom"),
        ('{"items": []}', "not a JSON feed"),
        ('{"items": [', "broken JSON"),
        ("<rss version='2.0'><channel><item><title>cut o", "broken feed"),
    ],
)
def test_a_feed_that_is_none(served, body, says):
    served.routes["/rss"] = Reply(body.encode(), headers={"Content-Type": "application/rss+xml"})
    with pytest.raises(NotAFeed, match=says) as caught:
        found(served, "feed", "/rss")
    assert str(caught.value).startswith(f"{served.base}/rss: ")


def test_a_feed_with_a_fault_in_it_is_read_as_far_as_possible(served):
    serve(served, "/rss", RSS.replace("</channel>", "<item><title>AT&T & others</title></channel>"))
    assert [item.title for item in found(served, "feed", "/rss")][0] == "Shelter asks for help"


def test_a_feed_without_entries_is_empty_not_broken(served):
    serve(served, "/rss", '<?xml version="1.0"?><rss version="2.0"><channel><title>Quiet day</title></channel></rss>')
    assert found(served, "feed", "/rss") == []


def test_news_sitemap_newest_first(served):
    serve(served, "/news.xml", NEWS_SITEMAP)
    assert found(served, "sitemap", "/news.xml") == [
        Item(f"{served.base}/newest", "Newest story", None, "2025-01-06T07:00:00-05:00"),
        Item(f"{served.base}/older", None, None, None, "2025-01-03"),
    ]


def test_sitemap_index_with_a_gzipped_child_and_a_dead_one(served):
    serve(served, "/index.xml", INDEX)
    packed = gzip.compress(NEWS_SITEMAP.format(base=served.base).encode())
    served.routes["/news.xml.gz"] = Reply(packed, headers={"Content-Type": "application/x-gzip"})
    urls = [item.url for item in found(served, "sitemap", "/index.xml")]
    assert urls == [f"{served.base}/newest", f"{served.base}/older"], "what is dead does not cost the rest"


def test_a_sitemap_index_that_points_at_itself_ends(served):
    serve(served, "/index.xml", INDEX.replace("/gone.xml", "/index.xml").replace("/news.xml.gz", "/index.xml"))
    assert found(served, "sitemap", "/index.xml") == []
    assert len(served.paths()) < 20


@pytest.mark.parametrize("body", ["<html><body>No map</body></html>", "", "\x1f\x8bnot really gzip"])
def test_a_sitemap_that_is_none(served, body):
    served.routes["/map.xml"] = Reply(body.encode("latin-1"), headers={"Content-Type": "text/xml"})
    with pytest.raises(NotASitemap):
        found(served, "sitemap", "/map.xml")


def test_a_sitemap_may_not_read_our_files(served, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("https://secret.example/key")
    entity = f'<!DOCTYPE urlset [<!ENTITY x SYSTEM "file://{secret}">]>'
    served.routes["/map.xml"] = Reply(f"{entity}<urlset><url><loc>&x;</loc></url></urlset>".encode())
    assert found(served, "sitemap", "/map.xml") == []


LISTING = """<html><head><base href="/city/"></head><body><nav><a href="/about">About</a></nav>
<main><article><h3><a href="one">First <b>story</b></a></h3></article>
<article><h3><a href="/two#comments">Second story</a></h3><a href="/ad">Buy</a></article>
<article><h3><a href="javascript:void(0)">Menu</a></h3></article></main></body></html>"""


def test_listing(served):
    served.routes["/latest"] = html(LISTING)
    items = found(served, "listing", "/latest", selector="main h3 a")
    assert items == [
        Item(f"{served.base}/city/one", "First story"),
        Item(f"{served.base}/two#comments", "Second story"),
    ]


def test_a_selector_may_name_what_holds_the_links(served):
    served.routes["/latest"] = html(LISTING)
    assert len(found(served, "listing", "/latest", selector="main h3")) == 2


def test_a_selector_that_matches_nothing_is_an_error(served):
    served.routes["/latest"] = html(LISTING)
    with pytest.raises(SelectorFailed, match="redesigned"):
        found(served, "listing", "/latest", selector="div.headlines a")


def test_single_pages_are_announced_unread(served):
    pages = source(kind="pages", urls=(f"{served.base}/a", f"{served.base}/b"))
    with fetcher(served) as fetch:
        assert [item.url for item in discover(fetch, pages)] == list(pages.urls)
    assert served.log == []


def test_an_unchanged_feed_yields_nothing(served):
    def feed(request):
        if request.headers.get("if-none-match") == '"f1"':
            return Reply(b"", 304)
        return Reply(RSS.format(base=served.base).encode(), headers={"ETag": '"f1"'})

    served.routes["/rss"] = feed
    feeds = source(kind="feed", urls=(f"{served.base}/rss",))
    seen = []
    with fetcher(served) as fetch:
        assert len(list(discover(fetch, feeds, on_page=seen.append))) == 2
        assert list(discover(fetch, feeds, validators=lambda url: (seen[0].etag, None))) == []


def test_no_more_than_asked_for(served):
    serve(served, "/rss", RSS)
    assert len(found(served, "feed", "/rss", max_items=1)) == 1


def test_check_reports(served):
    serve(served, "/rss", RSS)
    served.routes["/page"] = html("<h1>Moved</h1>")
    with fetcher(served, attempts=1) as fetch:
        alive = check(fetch, source(name="ledger", kind="feed", urls=(f"{served.base}/rss",)))
        dead = check(fetch, source(name="gone", kind="feed", urls=(f"{served.base}/nothing",)))
        wrong = check(fetch, source(name="moved", kind="feed", urls=(f"{served.base}/page",)))
    assert alive.ok and (alive.items, alive.on_topic, alive.newest) == (2, 2, "2025-01-06T13:30:00+00:00")
    assert str(alive) == "ledger: 2 items, 2 on topic, newest 2025-01-06T13:30:00+00:00"
    assert not dead.ok and "HTTP 404" in str(dead)
    assert not wrong.ok and "HTML page" in str(wrong)
