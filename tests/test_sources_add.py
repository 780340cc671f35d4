"""From a site's address to an entry of sources.yml; what `sources check` advises; `--since`; topics with additions."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
import yaml
from click.testing import CliRunner
from http_host import Host, Reply, fetcher, html, redirect, source

import jobs
from db import open_db
from onrecord import main
from scraper import Keywords, Source, check, discover, load_sources, matches
from scraper.errors import NotFound, RobotsDisallowed, SourcesError
from scraper.seek import NothingFound, entry, name_for, seek
from scraper.sources import add_entry


def rss(served: Host, *items: tuple[str, str, str | None]) -> Reply:
    """A feed of (path, title, day)."""
    entries = ""
    for path, title, day in items:
        stamp = format_datetime(datetime.fromisoformat(day).replace(tzinfo=UTC)) if day else ""
        dated = f"<pubDate>{stamp}</pubDate>" if day else ""
        entries += f"<item><title>{title}</title><link>{served.base}{path}</link>{dated}</item>"
    text = f"<?xml version='1.0'?><rss version='2.0'><channel><title>Ledger – News</title>{entries}</channel></rss>"
    return Reply(text.encode(), headers={"Content-Type": "application/rss+xml"})


def sitemap(*entries: tuple[str, str], index: bool = False) -> Reply:
    inner, outer = ("sitemap", "sitemapindex") if index else ("url", "urlset")
    parts = "".join(f"<{inner}><loc>{url}</loc><lastmod>{day}</lastmod></{inner}>" for url, day in entries)
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return Reply(f"<{outer} xmlns='{space}'>{parts}</{outer}>".encode(), headers={"Content-Type": "application/xml"})


ON = ("/a", "Asylum shelter waits", "2025-01-05")
OFF = ("/b", "Library opens", "2025-01-04")
HOME = '<html lang=fr><head><meta property="og:site_name" content="The Ledger">{}</head><body>{}</body></html>'
TOPIC = Keywords(("asylum",))


def sought(served: Host, url: str = "", **more: object):
    with fetcher(served) as asking:
        return seek(asking, url or served.base, "ledger", TOPIC, allow_private=True, **more)


def listed(served: Host, found) -> list[tuple[str, str, int]]:
    return [(one.source.kind, one.source.url.removeprefix(served.base), one.report.on_topic) for one in found]


def test_feeds_that_the_page_links_are_tried_and_the_best_comes_first(served):
    links = (
        '<link rel=alternate type="application/rss+xml" href="/all.xml">'
        '<link rel=alternate type="application/rss+xml" href="/comments/feed.xml">'
        '<link rel=alternate type="application/atom+xml" href="/dead.xml">'
    )
    served.routes |= {
        "/": html(HOME.format(links, '<a href="/rss">Feeds</a><a href="/news/feed.xml">News</a>')),
        "/all.xml": rss(served, OFF),
        "/news/feed.xml": rss(served, ON, OFF),
    }
    found = sought(served)
    assert listed(served, found) == [("feed", "/news/feed.xml", 1), ("feed", "/all.xml", 0)]
    assert (found[0].source.outlet, found[0].source.lang) == ("The Ledger", "fr")
    assert "/comments/feed.xml" not in served.paths()


def test_sitemaps_of_robots_txt_are_tried(served):
    served.routes |= {
        "/robots.txt": Reply(f"User-agent: *\nSitemap: {served.base}/news.xml\n".encode(), headers={}),
        "/": html(HOME.format("", "")),
        "/news.xml": sitemap((served.base + "/a", "2025-01-05")),
    }
    assert listed(served, sought(served)) == [("sitemap", "/news.xml", 0)]


def test_customary_addresses_are_asked_for_only_when_the_site_says_nothing(served):
    served.routes |= {
        "/": html(HOME.format("", "")),
        "/rss.xml": rss(served, ON),
        "/sitemap.xml": sitemap((served.base + "/a", "2025-01-05")),
    }
    assert listed(served, sought(served)) == [("feed", "/rss.xml", 1), ("sitemap", "/sitemap.xml", 0)]
    assert "/atom.xml" not in served.paths(), "the first that answers is enough"
    pauses = [later.at - sooner.at for sooner, later in zip(served.log, served.log[1:], strict=False)]
    assert all(pause >= 1 for pause in pauses), "politely"


def test_an_address_that_is_a_feed_or_a_sitemap_itself(served):
    served.routes |= {"/f": rss(served, ON), "/s": sitemap((served.base + "/a", "2025-01-05"))}
    assert listed(served, sought(served, served.base + "/f"))[0] == ("feed", "/f", 1)
    assert ("sitemap", "/s", 0) in listed(served, sought(served, served.base + "/s"))


@pytest.mark.parametrize(
    ("routes", "error"),
    [
        ({}, NotFound),
        ({"/robots.txt": Reply(b"User-agent: *\nDisallow: /", headers={})}, RobotsDisallowed),
        ({"/": html(HOME.format("", ""))}, NothingFound),
    ],
)
def test_what_cannot_be_listed_is_named(served, routes, error):
    served.routes |= routes
    with pytest.raises(error):
        sought(served)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.ledger.ca/", "ledger"),
        ("montreal.ledger.ca", "montreal-ledger"),
        ("https://news.ledger.co.uk/a", "news-ledger"),
        ("http://127.0.0.1:8001/", "127-0-0"),
    ],
)
def test_names_for_sites(url, name):
    assert name_for(url) == name


# Into the file

FILE = """\
# Our sources.
topics:
  asylum: {include: [asylum]}
sources:
  # the first one
  ledger:
    outlet: Ledger      # a comment
    feed: https://ledger.example/feed
# the end
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (FILE, FILE.replace("# the end", "  new:\n    outlet: N\n    feed: https://n.example/f\n# the end")),
        ("sources:\n    a:\n        pages:\n            - https://a.example/1\ncontact: x@a.example\n",
         "sources:\n    a:\n        pages:\n            - https://a.example/1\n    new:\n      outlet: N\n"
         "      feed: https://n.example/f\ncontact: x@a.example\n"),
        ("sources:\n  a: {feed: 'https://a.example/1'}",
         "sources:\n  a: {feed: 'https://a.example/1'}\n  new:\n    outlet: N\n    feed: https://n.example/f\n"),
        ("sources:\n  a:\n    feed: https://a.example/1\n    outlet: |\n      A\n",
         "sources:\n  a:\n    feed: https://a.example/1\n    outlet: |\n      A\n  new:\n    outlet: N\n    feed: https://n.example/f\n"),
        (None, "sources:\n  new:\n    outlet: N\n    feed: https://n.example/f\n"),
    ],
    ids=["comments", "wide-indent", "flow", "block-text", "no-file"],
)  # fmt: skip
def test_an_entry_is_put_behind_the_last_and_nothing_else_changes(tmp_path, text, expected):
    path = tmp_path / "sources.yml"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    add_entry(path, "new", entry(Source("new", "N", "feed", ("https://n.example/f",)), None))
    assert path.read_text(encoding="utf-8") == expected
    assert load_sources(path)[-1].name == "new"


def test_line_ends_mode_and_aliases_are_left_alone(tmp_path):
    path = tmp_path / "sources.yml"
    text = (
        "sources:\r\n  a:\r\n    feed: https://a.example/1\r\n    keywords: &k {include: [asylum]}\r\n    delay: 30\r\n"
        "  b:\r\n    feed: https://b.example/1\r\n    keywords: *k\r\n"
    )
    path.write_bytes(text.encode())
    path.chmod(0o640)
    before = load_sources(path)
    add_entry(path, "new", entry(Source("new", "N", "feed", ("https://n.example/f",)), None))
    assert path.read_bytes().startswith(text.encode()) and b"\n" not in path.read_bytes().replace(b"\r\n", b"")
    assert load_sources(path)[:-1] == before and path.stat().st_mode & 0o777 == 0o640


def test_what_would_break_the_file_is_not_written(tmp_path):
    path = tmp_path / "sources.yml"
    path.write_text(FILE, encoding="utf-8")
    for name, text in (("ledger", "ledger:\n  feed: https://x.example/f"), ("b", "b:\n  feed: nowhere"), ("c", "c: [")):
        with pytest.raises(SourcesError):
            add_entry(path, name, text)
    assert path.read_text(encoding="utf-8") == FILE and [p.name for p in tmp_path.iterdir()] == ["sources.yml"]


def test_the_command_prints_and_writes(served, tmp_path):
    path = tmp_path / "sources.yml"
    path.write_text(FILE, encoding="utf-8")
    served.routes |= {"/feed/": rss(served, ON), "/": html(HOME.format("", ""))}
    arguments = [
        "sources",
        "add",
        served.base,
        "--topic",
        "asylum",
        "--name",
        "new",
        "--allow-private",
        "--sources",
        str(path),
    ]
    shown = CliRunner().invoke(main, arguments)
    assert shown.exit_code == 0 and path.read_text(encoding="utf-8") == FILE, shown.output
    assert yaml.safe_load(shown.stdout)["new"] | {"feed": ""} == {
        "outlet": "The Ledger", "feed": "", "topic": "asylum", "lang": "fr", "allow_private": True
    }  # fmt: skip
    assert CliRunner().invoke(main, [*arguments, "--write"]).exit_code == 0
    added = load_sources(path)[-1]
    assert (added.name, added.url, added.keywords) == ("new", f"{served.base}/feed/", TOPIC)
    again = CliRunner().invoke(main, [*arguments, "--write"])
    assert again.exit_code == 2 and "is listed already, as new" in again.output
    private = CliRunner().invoke(main, ["sources", "add", served.base, "--sources", str(path)])  # before a byte is sent
    assert private.exit_code == 2 and "not a public address" in private.output


# Check


@pytest.mark.parametrize(
    ("items", "advice"),
    [
        ((ON, OFF), []),
        ((("/a", "Asylum shelter waits", "2024-11-01"),), ["nothing new for 66 days"]),
        ((("/a", "Asylum shelter waits", None),), ["no dates"]),
        ((OFF,), ["nothing of it is on the topic"]),
        ((), ["announces nothing"]),
    ],
)  # fmt: skip
def test_what_is_advised_about_a_feed(served, items, advice):
    served.routes["/feed"] = rss(served, *items)
    listed = source(kind="feed", urls=(served.base + "/feed",), keywords=TOPIC)
    with fetcher(served) as asking:
        report = check(asking, listed)
    assert len(report.advice) == len(advice) and all(
        part in said for part, said in zip(advice, report.advice, strict=True)
    )


def test_a_feed_that_moved_for_good_and_one_that_moved_for_now(served):
    served.routes |= {"/new": rss(served, ON), "/old": redirect("/new", 301), "/now": redirect("/new", 302)}
    with fetcher(served) as asking:
        for path, moved in (("/old", served.base + "/new"), ("/now", None)):
            assert check(asking, source(kind="feed", urls=(served.base + path,))).moved == moved


def test_a_delay_that_robots_txt_asks_for_is_told(served):
    served.routes |= {"/robots.txt": Reply(b"User-agent: *\nCrawl-delay: 2.5", headers={}), "/feed": rss(served, ON)}
    with fetcher(served) as asking:
        report = check(asking, source(kind="feed", urls=(served.base + "/feed",)))
    assert report.crawl_delay == 2.5 and "asks for 2.5 s" in str(report)


@pytest.mark.parametrize(
    ("reply", "advice"),
    [
        (html("<p>We moved."), "onrecord sources add"),
        (Reply(b"", 403), "in a browser"),
        (Reply(b"", 429, {"Retry-After": "60"}), "nothing to do"),
    ],
)
def test_what_is_advised_about_a_feed_that_fails(served, reply, advice):
    served.routes["/feed"] = reply
    with fetcher(served, attempts=1) as asking:
        report = check(asking, source(kind="feed", urls=(served.base + "/feed",)))
    assert not report.ok and advice in str(report)


# Since

STORY = (
    "<title>{0}</title>{1}<article><h1>{0}</h1><p>Forty people who had asked for asylum waited at the harbour, the "
    "town said on Monday.</p><p>The ferry had not come since Friday, and nobody could say when it would.</p></article>"
)


def test_since_leaves_out_what_is_known_to_be_older(served, tmp_path):
    page = STORY
    dated = '<meta property="article:published_time" content="2024-12-01T08:00:00Z">'
    served.routes |= {
        "/feed": rss(
            served,
            ("/new", "New asylum", "2025-01-05"),
            ("/old", "Old asylum", "2024-12-31"),
            ("/undated", "Undated asylum", None),
        ),
        "/new": html(page.format("T", "")),
        "/undated": html(page.format("T", dated)),
    }
    db = open_db(tmp_path / "s.db")
    feed = source(kind="feed", urls=(served.base + "/feed",))
    with fetcher(served) as asking:
        summary = jobs.scrape(db, [feed], asking, since="2025-01-01")
    assert served.paths() == ["/feed", "/new", "/undated"]
    assert (summary.counts["new"], summary.counts["too_old"]) == (1, 2)
    with fetcher(served) as asking:
        assert jobs.scrape(db, [feed], asking).counts["new"] == 1, "without --since the undated one is taken after all"


def test_since_asks_only_for_parts_of_an_index_that_may_hold_it(served):
    months = [f"2024-{month:02}" for month in range(1, 13)]
    served.routes["/index.xml"] = sitemap(*((f"{served.base}/{m}.xml", f"{m}-28") for m in months), index=True)
    for month in months:
        served.routes[f"/{month}.xml"] = sitemap((f"{served.base}/story-{month}", f"{month}-15"))
    listed = source(kind="sitemap", urls=(served.base + "/index.xml",))
    with fetcher(served) as asking:
        found = [item.url.removeprefix(served.base) for item in discover(asking, listed, since="2024-11-01")]
        assert found == ["/story-2024-12", "/story-2024-11"]
        assert served.paths() == ["/index.xml", "/2024-12.xml", "/2024-11.xml"]
        assert len(list(discover(asking, listed, since="2024-01-01"))) == 12, "all of them, not only the newest eight"


def test_since_takes_all_there_is_and_keeps_no_validators(served, tmp_path):
    entries = tuple((f"{served.base}/story-{n}", "2024-11-15") for n in range(150))
    served.routes["/all.xml"] = replace(sitemap(*entries), headers={"Content-Type": "application/xml", "ETag": '"1"'})
    listed = source(kind="sitemap", urls=(served.base + "/all.xml",))
    with fetcher(served) as asking:
        assert len(list(discover(asking, listed, since="2024-11-01"))) == 150
        assert len(list(discover(asking, listed))) == 100, "otherwise the newest"
        db = open_db(tmp_path / "v.db")
        jobs.scrape(db, [replace(listed, max_items=1)], asking, since="2025-01-01")
    assert db["fetch"].count == 0, "a later run is announced what this one left out"


def test_parts_of_an_index_are_looked_at_though_the_index_stands_still(served, tmp_path):
    unchanged = sitemap((served.base + "/part.xml", "2025-01-05"), index=True)

    def index(request):
        return Reply(b"", 304) if "if-none-match" in request.headers else replace(unchanged, headers={"ETag": '"1"'})

    served.routes |= {"/index.xml": index, "/part.xml": sitemap((served.base + "/a", "2025-01-05"))}
    db, listed = open_db(tmp_path / "i.db"), source(kind="sitemap", urls=(served.base + "/index.xml",))
    for path in ("/a", "/b"):
        served.routes |= {path: html(STORY.format(path, "")), "/part.xml": sitemap((served.base + path, "2025-01-05"))}
        with fetcher(served) as asking:
            jobs.scrape(db, [listed], asking)
    assert db["article"].count == 2


def test_one_dead_address_of_several_costs_itself_only(served):
    served.routes["/feed"] = rss(served, ON)
    with fetcher(served) as asking:
        for urls in (("/feed", "/dead"), ("/dead", "/feed")):
            listed = source(kind="feed", urls=tuple(served.base + url for url in urls))
            assert len(list(discover(asking, listed))) == 1
        with pytest.raises(NotFound):
            list(discover(asking, source(kind="feed", urls=(served.base + "/dead", served.base + "/gone"))))


def test_what_a_sitemap_calls_changed_is_no_date_of_publication(served, tmp_path):
    served.routes |= {"/s.xml": sitemap((served.base + "/a", "2025-01-05")), "/a": html(STORY.format("T", ""))}
    db = open_db(tmp_path / "l.db")
    with fetcher(served) as asking:
        jobs.scrape(db, [source(kind="sitemap", urls=(served.base + "/s.xml",))], asking)
    assert db.execute("SELECT published FROM article_version").fetchall() == [(None,)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"url": "/a", "title": 7}, "x"]}', ["/a"]),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "BASE/b", "title": "B"}]}', ["/b"]),
        (gzip.compress(b"<rss version='2.0'><channel><item><link>BASE/c</link></item></channel></rss>"), ["/c"]),
    ],
    ids=["odd-types", "address-in-id", "gzip-without-a-word"],
)
def test_feeds_as_they_are_met(served, body, expected):
    if not body.startswith(b"\x1f"):
        body = body.replace(b"BASE", served.base.encode())
    else:
        body = gzip.compress(gzip.decompress(body).replace(b"BASE", served.base.encode()))
    served.routes["/feed"] = Reply(body, headers={"Content-Type": "application/octet-stream"})
    with fetcher(served) as asking:
        found = [
            item.url.removeprefix(served.base)
            for item in discover(asking, source(kind="feed", urls=(served.base + "/feed",)))
        ]
    assert found == expected


def test_a_date_before_there_were_feeds_is_none(served):
    served.routes["/feed"] = rss(served, ("/a", "Asylum", "1970-01-01"))
    with fetcher(served) as asking:
        (item,) = discover(asking, source(kind="feed", urls=(served.base + "/feed",)), since="2024-01-01")
    assert item.published is None


# Topics with additions


def test_a_source_adds_to_its_topic(tmp_path):
    path = tmp_path / "sources.yml"
    path.write_text(
        "topics:\n  asylum:\n    include: [asylum]\n    exclude: [lottery]\ndefaults: {topic: asylum}\nsources:\n"
        "  more:\n    feed: https://a.example/f\n    keywords: {extend: true, include: [harbour], exclude: [curling]}\n"
        "  instead:\n    feed: https://b.example/f\n    keywords: {include: [harbour]}\n",
        encoding="utf-8",
    )
    more, instead = load_sources(path)
    assert [matches(more, text) for text in ("asylum", "the harbour", "asylum lottery", "asylum curling")] == [
        True, True, False, False
    ]  # fmt: skip
    assert [matches(instead, text) for text in ("asylum", "the harbour")] == [False, True]
    path.write_text(path.read_text(encoding="utf-8").replace("extend: true", "extend: yes please"), encoding="utf-8")
    with pytest.raises(SourcesError, match=r"sources\.more\.keywords\.extend: must be true or false"):
        load_sources(path)


def test_a_reused_entry_with_a_new_title_is_the_same_article(served, tmp_path):
    page = STORY
    db, feed = open_db(tmp_path / "r.db"), source(kind="feed", urls=(served.base + "/feed",))
    outcomes = []
    for title in ("Asylum seekers wait", "Asylum seekers wait on", "Asylum seekers wait on"):
        served.routes |= {"/feed": rss(served, ("/a", title, "2025-01-05")), "/a": html(page.format(title, ""))}
        served.clock.passed += 1200
        with fetcher(served) as asking:
            counts = jobs.scrape(db, [feed], asking).counts
        outcomes.append([name for name in ("new", "changed", "unchanged") if counts[name]])
    assert outcomes == [["new"], ["changed"], ["unchanged"]]
    assert db["article"].count == 1 and db["article_version"].count == 2
