"""One article, one address; and addresses that are not asked."""

from __future__ import annotations

import pytest

from scraper.addresses import is_public
from scraper.urls import canonical, is_home, is_web, join, normalise


@pytest.mark.parametrize(
    ("url", "expected", "why"),
    [
        ("HTTPS://News.Example:443/Story?utm_source=x&utm_medium=y#top", "https://news.example/Story", "all at once"),
        ("http://news.example:8080/a", "http://news.example:8080/a", "another port stays"),
        ("https://news.example", "https://news.example/", "an empty path"),
        ("https://news.example./a", "https://news.example/a", "the dot of the root"),
        ("https://news.example/a?id=7&fbclid=abc&page=2", "https://news.example/a?id=7&page=2", "what finds it stays"),
        ("https://news.example/a?b=&c", "https://news.example/a?b=&c=", "empty values stay"),
        ("https://news.example/a?cmp=rss&outputType=amp", "https://news.example/a", "case ignored"),
        ("https://news.example/café au lait", "https://news.example/caf%C3%A9%20au%20lait", "escaped"),
        ("https://news.example/caf%C3%A9", "https://news.example/caf%C3%A9", "escaped once only"),
        ("http://[::1]:8000/a", "http://[::1]:8000/a", "IPv6"),
    ],
)
def test_normalise(url, expected, why):
    assert normalise(url) == expected, why
    assert normalise(expected) == expected, "and once is enough"


@pytest.mark.parametrize(
    ("url", "declared", "expected", "why"),
    [
        ("https://www.n.example/a?utm_id=1", "https://www.n.example/a", "https://www.n.example/a", "as declared"),
        ("https://www.n.example/a/amp", "/a", "https://www.n.example/a", "relative"),
        ("https://www.n.example/a", "https://www.n.example/", "https://www.n.example/a", "home page refused"),
        ("https://www.n.example/a", "https://www.n.example/en/", "https://www.n.example/a", "home page refused"),
        ("https://www.n.example/a", "https://other.example/a", "https://www.n.example/a", "another site refused"),
        ("https://www.a.co.uk/a", "https://www.b.co.uk/a", "https://www.a.co.uk/a", "co.uk is no site"),
        ("https://m.n.example/a", "https://www.n.example/a", "https://www.n.example/a", "mobile to main"),
        ("https://www.n.example/a", "javascript:void(0)", "https://www.n.example/a", "no address"),
        ("https://www.n.example/a/amp/", None, "https://www.n.example/a", "AMP"),
        ("https://www.n.example/a.amp.html", None, "https://www.n.example/a", "AMP"),
        ("https://amp.n.example/a", None, "https://www.n.example/a", "AMP"),
        ("https://www.n.example/a/print", None, "https://www.n.example/a", "print"),
        ("https://www.n.example/champ", None, "https://www.n.example/champ", "no AMP in a word"),
    ],
)
def test_canonical(url, declared, expected, why):
    assert canonical(url, declared) == expected, why


def test_a_source_may_name_the_site_of_a_mirror():
    declared = "https://harbourledger.example/a"
    assert canonical("http://127.0.0.1:8000/a", declared) == "http://127.0.0.1:8000/a"
    assert canonical("http://127.0.0.1:8000/a", declared, "harbourledger.example") == declared


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://n.example", True),
        ("https://n.example/fr/", True),
        ("https://n.example/index.html", True),
        ("https://n.example/?p=12", False),
        ("https://n.example/entry", False),
        ("https://n.example/news", False),
    ],
)
def test_is_home(url, expected):
    assert is_home(url) is expected


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("/a", "https://n.example/a"),
        (" b.html ", "https://n.example/x/b.html"),
        ("//other.example/c", "https://other.example/c"),
        ("mailto:a@n.example", None),
        ("javascript:x()", None),
        ("http://[bad/", None),
        ("http://n.example:port/", None),
    ],
)
def test_join(link, expected):
    assert join("https://n.example/x/", link) == expected


def test_is_web():
    assert is_web("https://n.example/") and not is_web("n.example/a") and not is_web("https://")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("10.0.0.8", False),
        ("172.16.1.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_public_addresses(address, public):
    assert is_public(address) is public
