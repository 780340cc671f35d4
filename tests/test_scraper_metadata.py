"""Title, authors, date, language, agency: what is believed, and what is not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from lxml import html

from scraper import charset, instants, jsonld
from scraper.credit import origin
from scraper.metadata import metadata

NOW = datetime(2025, 1, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "expected", "why"),
    [
        ("2025-01-06T16:42:10-05:00", "2025-01-06T16:42:10-05:00", "as stated"),
        ("2025-01-06T21:42:10.123Z", "2025-01-06T21:42:10+00:00", "Z, fractions"),
        ("2025-01-06T16:42:10-0500", "2025-01-06T16:42:10-05:00", "offset without colon"),
        ("2025-01-06 16:42 -05", "2025-01-06T16:42:00-05:00", "blanks, hours only"),
        ("20250106T164210Z", "2025-01-06T16:42:10+00:00", "basic form"),
        ("2025-01-06T16:42:10", "2025-01-06", "no offset, no zone: the day is all that is certain"),
        ("2025-01-06", "2025-01-06", "a day"),
        ("Mon, 06 Jan 2025 16:42:10 -0500", "2025-01-06T16:42:10-05:00", "RFC 5322"),
        ("January 6, 2025 at 4:42 p.m. EST", "2025-01-06T16:42:00-05:00", "in words"),
        ("Jan. 6, 2025 12:05 AM ET", "2025-01-06T00:05:00-05:00", "midnight; ET in winter"),
        ("July 6, 2024, 12:05 p.m. ET", "2024-07-06T12:05:00-04:00", "noon; ET in summer"),
        ("Posted: Sept 5th, 2024 | 9:30 am PDT", "2024-09-05T09:30:00-07:00", "with words around"),
        ("6 janvier 2025 à 16 h 42", "2025-01-06", "French, no zone"),
        ("1er mai 2024", "2024-05-01", "French ordinal"),
        ("03/04/2024", None, "March or April"),
        ("2025-13-40", None, "no such day"),
        ("2025-02-30T10:00:00Z", None, "no such day"),
        ("2025-01-06T25:00:00Z", None, "no such hour"),
        ("1970-01-01T00:00:00Z", None, "a zero that was taken for a date"),
        ("0000-00-00 00:00:00", None, "an empty column"),
        ("Monday", None, "no date"),
        ("", None, "nothing"),
        (None, None, "nothing"),
        (1736199730, None, "not text"),
    ],
)
def test_instants(value, expected, why):
    found = instants.parse(value)
    assert (found.iso if found else None) == expected, why


def test_a_time_without_offset_is_one_where_the_outlet_is():
    assert instants.parse("2025-01-06T16:42:10", "America/Vancouver").iso == "2025-01-06T16:42:10-08:00"
    assert instants.parse("2024-07-06 4:42 p.m.", "America/Toronto").iso == "2024-07-06T16:42:00-04:00"


def facts(head: str = "", body: str = "", zone: str | None = None):
    return metadata(html.document_fromstring(f"<html><head>{head}</head><body>{body}</body></html>"), NOW, zone)


def ld(data: str) -> str:
    return f'<script type="application/ld+json">{data}</script>'


ARTICLE = '{"@type": "NewsArticle", "headline": "Ice closes port", "datePublished": "2025-01-06T07:00:00-05:00"%s}'


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (ARTICLE % "", "plain"),
        (f"[{ARTICLE % ''}]", "in a list"),
        ('{"@graph": [{"@type": "WebPage"}, ' + ARTICLE % "" + "]}", "in a graph"),
        ('{"@type": "WebPage", "mainEntity": ' + ARTICLE % "" + "}", "inside the page's own"),
        ((ARTICLE % "").replace('"NewsArticle"', '["Article", "http://schema.org/NewsArticle"]'), "several types"),
        (f"<!-- {ARTICLE % ''} -->", "in a comment"),
        (f"//<![CDATA[\n{ARTICLE % ''}\n//]]>", "in CDATA"),
        (ARTICLE % ", ", "a comma too many"),
        (ARTICLE % ', "articleBody": "one\n two"', "a line break in a string"),
        ((ARTICLE % "").replace('"', "&quot;"), "escaped quotation marks"),
        (ARTICLE % "" + ARTICLE % "", "twice in a row"),
    ],
)
def test_json_ld_as_it_is_met(data, why):
    found = facts(ld(data))
    assert (found.title, found.published.iso) == ("Ice closes port", "2025-01-06T07:00:00-05:00"), why
    assert found.published_source == "json-ld" and found.is_article


@pytest.mark.parametrize("data", ["", "{", "null", "5", '"text"', "[[]]", '{"@type": 5, "author": [null, 5]}', "{]}"])
def test_json_ld_beyond_repair_costs_nothing(data):
    found = facts(ld(data) + "<title>Ice closes port</title>")
    assert found.title == "Ice closes port" and not found.is_article
    assert jsonld.articles(jsonld.objects(html.document_fromstring(f"<p>{ld(data)}</p>"))) == []


@pytest.mark.parametrize(
    ("head", "body", "expected", "source", "why"),
    [
        (ld(ARTICLE % "") + '<meta property="article:published_time" content="2025-01-08T09:00:00Z">', "",
         "2025-01-06T07:00:00-05:00", "json-ld", "JSON-LD before meta"),
        ('<meta property="article:published_time" content="2025-01-05T09:00:00+00:00">'
         '<meta property="article:modified_time" content="2025-01-07T09:00:00+00:00">', "",
         "2025-01-05T09:00:00+00:00", "meta", "published, not modified"),
        ('<meta name="pubdate" content="2025-01-05"><meta name="parsely-pub-date" content="2025-01-05T10:00:00Z">', "",
         "2025-01-05T10:00:00+00:00", "meta", "of one day the statement with a time"),
        ('<meta name="date" content="2031-01-01T00:00:00Z">', '<time itemprop="datePublished">2025-01-04</time>',
         "2025-01-04", "page", "a date to come is nobody's"),
        ("", "<h1>Ice</h1><p class=posted>Updated January 9, 2025</p><p class=posted>Posted January 4, 2025</p>",
         "2025-01-04", "page", "printed; what says updated is passed over"),
        ("", "<h1>Ice</h1><article><p>Text.</p></article><aside><time datetime='2025-01-09'>other story</time></aside>",
         "2025-01-09", "page", "the first time after the headline, for want of better"),
        ("", "<p>The treaty of 1648 ended a war.</p>", None, None, "no date rather than a wrong one"),
    ],
)  # fmt: skip
def test_publication(head, body, expected, source, why):
    found = facts(head, body)
    assert ((found.published.iso if found.published else None), found.published_source) == (expected, source), why


@pytest.mark.parametrize(
    ("head", "body", "expected", "why"),
    [
        ('<meta property="og:title" content="Ice closes port | Harbour Ledger">'
         '<meta property="og:site_name" content="Harbour Ledger">', "", "Ice closes port", "without the site"),
        ('<meta property="og:title" content="You won\'t believe this pier">' + ld(ARTICLE % ""),
         "<h1>Ice closes port</h1>", "Ice closes port", "the one that is printed"),
        ('<meta property="og:title" content="Ice closes port for a week">' + ld(ARTICLE % ""),
         "<h1>Ice closes port for a week</h1>", "Ice closes port for a week", "the one that is printed"),
        ("<title>Ice closes port - Government of Valenne</title>", "<h1>Ice closes port</h1>", "Ice closes port",
         "the heading that opens the window's title"),
        ("", "<h1> Ice\n closes <b>port</b></h1>", "Ice closes port", "the heading alone"),
        ("<title>Caf&eacute; &amp; bar</title>", "", "Café & bar", "entities"),
        ("", "<p>x</p>", None, "none"),
    ],
)  # fmt: skip
def test_title(head, body, expected, why):
    assert facts(head, body).title == expected, why


@pytest.mark.parametrize(
    ("head", "body", "expected", "why"),
    [
        (ld(ARTICLE % ', "author": {"name": "Mara Quill"}'), "", ("Mara Quill",), "an object"),
        (ld(ARTICLE % ', "author": ["Mara Quill", {"name": "Th\\u00e9o Lacasse"}]'), "", ("Mara Quill", "Théo Lacasse"),
         "a list of both kinds"),
        (ld(ARTICLE % ', "author": "By Mara Quill and Théo Lacasse"'), "", ("Mara Quill", "Théo Lacasse"), "one line"),
        ('<meta name="author" content="Mara Quill, Théo Lacasse">', "", ("Mara Quill", "Théo Lacasse"), "meta"),
        ('<meta property="article:author" content="https://facebook.example/mquill">', "", (), "an address is no name"),
        ('<meta name="author" content="admin">', "", (), "nor is a login"),
        ("", '<p class="byline">By Mara Quill | Jan. 6, 2025</p>', ("Mara Quill",), "printed, with the date behind it"),
        ("", "<h1>Ice</h1><div>By Mara Quill</div><p>By noon all ferries were in.</p>", ("Mara Quill",), "unmarked"),
        ("", "<h1>Ice</h1><p>By noon all ferries were in, said Mara Quill.</p>", (), "a sentence is no byline"),
    ],
)  # fmt: skip
def test_authors(head, body, expected, why):
    assert facts(head, body).authors == expected, why


@pytest.mark.parametrize(
    ("bylines", "paragraphs", "outlet", "expected", "why"),
    [
        (["The Canadian Press"], [], None, "The Canadian Press", "byline"),
        (["Mara Quill, The Associated Press"], [], None, "The Associated Press", "name and agency"),
        (["AP"], [], None, "The Associated Press", "short form alone"),
        (["CP Quill"], [], None, None, "initials of a person"),
        (["Mara Quill, with files from The Canadian Press"], [], None, None, "the outlet's own story"),
        (["Dominion Wire, with files from Mara Quill"], [], None, "Dominion Wire", "the agency's story, and unlisted"),
        ([], ["OTTAWA (Reuters) - The bridge closed."], None, "Reuters", "dateline"),
        ([], ["OTTAWA, Jan 6 (AFP) — It closed."], None, "Agence France-Presse", "dateline with a day"),
        ([], ["The party (CP) – said it closed."], None, "The Canadian Press", "dateline"),
        ([], ["It closed.", "This report by The Canadian Press was first published Feb. 30, 2025."], None,
         "The Canadian Press", "closing line"),
        ([], ["It closed.", "© 2025 Reuters"], None, "Reuters", "notice"),
        ([], ["It closed.", "— With files from Reuters"], None, None, "help is no origin"),
        ([], ["She told Reuters that it had closed.", "The Canadian Press reported it first."], None, None, "mentions"),
        (["The Canadian Press"], [], "The Canadian Press", None, "an agency's own site"),
    ],
)  # fmt: skip
def test_origin(bylines, paragraphs, outlet, expected, why):
    assert origin(bylines, paragraphs, outlet) == expected, why


CURLY = "“Café,” she said — it’s naïve."


@pytest.mark.parametrize(
    ("body", "content_type", "why"),
    [
        (CURLY.encode(), None, "nobody says"),
        (CURLY.encode(), "text/html; charset=iso-8859-1", "the server is wrong"),
        (b'<meta charset="windows-1252">' + CURLY.encode(), None, "the page is wrong"),
        (CURLY.encode("cp1252"), "text/html; charset=ISO-8859-1", "Latin-1 means Windows-1252"),
        (CURLY.encode("cp1252"), "text/html; charset=utf-8", "not UTF-8 at all"),
        (b'<meta http-equiv=x content="text/html; charset=windows-1252">' + CURLY.encode("cp1252"), None, "meta"),
        (b'<?xml version="1.0" encoding="windows-1252"?>' + CURLY.encode("cp1252"), None, "XML declaration"),
        (CURLY.encode("utf-8-sig"), "text/html; charset=windows-1252", "a byte-order mark wins"),
        (CURLY.encode("utf-16"), None, "UTF-16"),
        (CURLY.encode("cp1252"), "text/html; charset=no-such-thing", "an unknown name"),
        (CURLY.encode() * 40 + b"\xe9", "text/html; charset=utf-8", "one broken byte"),
    ],
)
def test_charset(body, content_type, why):
    assert CURLY in charset.decode(body, charset.detect(body, content_type)), why
