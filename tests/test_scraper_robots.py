"""robots.txt is obeyed."""

from __future__ import annotations

import time

import pytest
from http_host import Reply, fetcher, host, html, redirect, source

from scraper import TryLater
from scraper.errors import RobotsDisallowed, Unreachable


@pytest.fixture
def served():
    with host() as running:
        running.routes["/a"] = html("a")
        running.routes["/b"] = html("b")
        yield running


def robots(text: str | bytes) -> Reply:
    return Reply(text if isinstance(text, bytes) else text.encode(), headers={"Content-Type": "text/plain"})


@pytest.mark.parametrize(
    ("text", "path", "why"),
    [
        ("User-agent: *\nDisallow: /a", "/a", "plain"),
        (b"\xef\xbb\xbfUser-agent: *\nDisallow: /a", "/a", "a byte-order mark must not hide the first line"),
        ("User-agent: OnRecord\nDisallow: /", "/a", "named"),
        ("User-agent: onrecord\nDisallow: /\n\nUser-agent: *\nAllow: /", "/a", "named, case ignored, before the star"),
        ("User-agent: *\nDisallow: /*?print=", "/a?print=1", "wildcard"),
        ("User-agent: *\nDisallow: /*.pdf$", "/x.pdf", "end of the address"),
    ],
)
def test_disallowed_paths_are_not_asked_for(served, text, path, why):
    served.routes["/robots.txt"] = robots(text)
    with fetcher(served) as fetch, pytest.raises(RobotsDisallowed, match=r"robots\.txt"):
        fetch.get(served.base + path, source=source())
    assert served.paths() == [], why


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("User-agent: *\nDisallow:", "nothing disallowed"),
        ("User-agent: SomeOtherBot\nDisallow: /", "somebody else"),
        ("User-agent: *\nDisallow: /\nAllow: /a", "the longer rule wins"),
        ("<html><body>welcome</body></html>", "an HTML page in its place"),
        (b"\xff\xfe\x00\x01garbage", "garbage"),
    ],
)
def test_what_is_allowed_is_fetched(served, text, why):
    served.routes["/robots.txt"] = robots(text)
    with fetcher(served) as fetch:
        assert fetch.get(served.base + "/a", source=source()).text == "a", why


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_4xx_allows_all(served, status):
    served.routes["/robots.txt"] = Reply(b"", status)
    with fetcher(served) as fetch:
        assert fetch.get(served.base + "/a", source=source()).text == "a"


def test_5xx_means_not_now_and_is_not_asked_again_at_once(served):
    served.routes["/robots.txt"] = Reply(b"", 503)
    with fetcher(served, attempts=1) as fetch:
        for _ in range(2):
            with pytest.raises(TryLater, match=r"robots\.txt is not available") as caught:
                fetch.get(served.base + "/a", source=source())
        assert caught.value.until > served.clock.now()
        assert len(served.log) == 1 and served.paths() == []
        served.clock.passed += 3600
        served.routes["/robots.txt"] = robots("User-agent: *\nAllow: /")
        assert fetch.get(served.base + "/a", source=source()).text == "a"


def test_a_timeout_means_not_now(served):
    served.routes |= {"/robots.txt": Reply(stream=lambda _: time.sleep(0.6)), "/a": html("<p>a")}
    with fetcher(served, attempts=1, read=0.2) as fetch, pytest.raises(TryLater, match="robots.txt is not available"):
        fetch.get(served.base + "/a", source=source())
    assert served.paths() == [], "the page itself is not asked for"


def test_a_dead_host_is_called_dead(served):
    def dead(url):
        raise Unreachable(url, "connection refused")

    with fetcher(served) as fetch, pytest.raises(Unreachable) as caught:
        fetch._robots.check(served.base + "/a", dead)
    assert caught.value.url == served.base + "/a"


def test_it_is_kept_for_a_day(served):
    served.routes["/robots.txt"] = robots("User-agent: *\nAllow: /")
    with fetcher(served) as fetch:
        for _ in range(3):
            fetch.get(served.base + "/a", source=source())
        assert [request.path for request in served.log].count("/robots.txt") == 1
        served.clock.passed += 25 * 3600
        fetch.get(served.base + "/a", source=source())
    assert [request.path for request in served.log].count("/robots.txt") == 2


@pytest.mark.parametrize(
    ("stated", "own", "least"), [("12", 5, 12), ("0.5", 5, 5), ("2.5", 1, 2.5), ("nonsense", 3, 3)]
)
def test_the_longer_of_crawl_delay_and_our_own_is_kept(served, stated, own, least):
    served.routes["/robots.txt"] = robots(f"User-agent: *\nCrawl-delay: {stated}")
    with fetcher(served) as fetch:
        for path in ("/a", "/b", "/a"):
            fetch.get(served.base + path, source=source(delay=own))
    times = [request.at for request in served.log]
    gaps = [round(later - earlier, 3) for earlier, later in zip(times, times[1:], strict=False)]
    assert min(gaps) == least


def test_a_crawl_delay_beyond_patience_is_put_off(served):
    served.routes["/robots.txt"] = robots("User-agent: *\nCrawl-delay: 3600")
    with fetcher(served) as fetch, pytest.raises(TryLater, match="crawl-delay"):
        fetch.get(served.base + "/a", source=source())
    assert served.clock.slept == []


def test_redirects_are_checked_at_every_hop(served):
    served.routes["/robots.txt"] = robots("User-agent: *\nDisallow: /b")
    served.routes["/a"] = redirect("/b")
    with fetcher(served) as fetch, pytest.raises(RobotsDisallowed):
        fetch.get(served.base + "/a", source=source())
    assert served.paths() == ["/a"]
