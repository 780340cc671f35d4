"""Every kind of page that a run may be answered with, served on loopback: what is stored, and what is said of it."""

from __future__ import annotations

import json

import pytest
from http_host import Host, Reply, fetcher, html, redirect, source

import jobs

STORY = (
    "The ferry to Port Alder will not sail before Thursday, its owner said on Monday, as ice closed the channel.",
    "Some forty people who had come to claim asylum at the harbour were waiting in the hall on Mill Street.",
    "“They have been patient,” said Odile Tremblay-Roy, who was handing out soup. “More patient than I would be.”",
)
BODY = "<article><h1>The boat stays in</h1>" + "".join(f"<p>{line}</p>" for line in STORY) + "</article>"
TEXT = "\n\n".join(STORY)


def story(head: str = "", body: str = BODY) -> str:
    return f"<!doctype html><html lang=en><head><title>The boat stays in</title>{head}</head><body>{body}</body></html>"


def json_ld(*blocks: str) -> str:
    return "".join(f'<script type="application/ld+json">{block}</script>' for block in blocks)


def article_ld(**more: object) -> str:
    return json.dumps({"@type": "NewsArticle", "headline": "The boat stays in", **more})


def scrape(db, served: Host, *paths: str, **limits: object) -> jobs.Summary:
    pages = source(urls=tuple(served.base + path for path in paths or ["/story"]))
    with fetcher(served, **limits) as asking:
        return jobs.scrape(db, [pages], asking)


def stored(db) -> list[tuple]:
    return db.execute("SELECT title, text, published, modified FROM article_version ORDER BY id").fetchall()


CONSENT = """<h1>Before you continue</h1><p>We and our 212 partners store cookies to show personalised advertising.
  Accept all or manage preferences; some partners rely on their legitimate interest.</p><button>Accept all</button>"""
CHALLENGE = """<h1>Checking your browser</h1><p>This will take a moment. Please enable JavaScript, so that we can verify
  you are human. Ray ID 7f00aa</p>"""
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"


@pytest.mark.parametrize(
    ("reply", "error", "status"),
    [
        (html(story("", CONSENT)), "WallPage", 200),
        (html(story("", CHALLENGE).replace("The boat stays in", "Just a moment...")), "WallPage", 200),
        (Reply(story("", CHALLENGE).encode(), 403), "HttpError", 403),
        (html(PDF), "NotHtml", 200),
        (html(story("", "<h1>Sorry</h1><p>We looked for it everywhere, and it is not there.</p>").replace(
            "The boat stays in", "Page not found")), "ErrorPage", 200),
        (html(b""), "NotHtml", 200),
        (html(story("", "<div id=root></div><noscript>Please switch on scripts.</noscript>")), "NoBody", 200),
        (Reply(b"<h1>gone</h1>", 410), "Gone", 410),
        (Reply(b"<h1>not here</h1>", 404), "NotFound", 404),
    ],
    ids=["consent", "challenge", "challenge-403", "pdf", "soft-404", "empty", "scripts-only", "410", "404"],
)  # fmt: skip
def test_what_is_no_article_is_never_stored_and_named(db, served, reply, error, status):
    served.routes["/story"] = reply
    summary = scrape(db, served)
    assert stored(db) == []
    ((url, reason),) = summary.failures
    assert url == served.base + "/story" and reason
    ((kind, noted),) = db.execute("SELECT error, status FROM fetch").fetchall()
    assert kind.startswith(f"{error}: ") and noted == status


@pytest.mark.parametrize("wall", [html(story("", CONSENT)), html(PDF), html(story("", "<div id=root></div>"))],
                         ids=["consent", "pdf", "redesign"])  # fmt: skip
def test_an_article_that_was_there_outlives_what_comes_in_its_place(db, served, wall):
    served.routes["/story"] = html(story())
    scrape(db, served)
    before = stored(db)
    served.routes["/story"] = wall
    assert scrape(db, served).counts["failed"] == 1
    assert stored(db) == before
    assert db.execute("SELECT status FROM article").fetchall() == [("live",)]


FRENCH = "<article><p>" + "</p><p>".join(
    ("Le traversier ne partira pas avant jeudi, a dit lundi sa propriétaire, car la glace a fermé le chenal.",
     "« Ils ont été patients », a dit Odile Tremblay-Roy, qui servait la soupe aux gens arrivés à l’automne.")
) + "</p></article>"  # fmt: skip


@pytest.mark.parametrize(
    ("encoding", "content_type", "declared"),
    [
        ("utf-8", "text/html", ""),
        ("utf-8", "text/html; charset=iso-8859-1", ""),
        ("windows-1252", "text/html", '<meta charset="iso-8859-1">'),
        ("windows-1252", "text/html; charset=utf-8", ""),
        ("utf-8-sig", "text/html; charset=windows-1252", ""),
    ],
    ids=["missing", "wrong", "in-the-page", "latin-as-utf8", "bom"],
)
def test_the_marks_survive_a_missing_or_wrong_charset(db, served, encoding, content_type, declared):
    served.routes["/story"] = Reply(story(declared, FRENCH).encode(encoding), headers={"Content-Type": content_type})
    scrape(db, served)
    ((_, text, *_),) = stored(db)
    assert "« Ils ont été patients »" in text and "l’automne" in text and "\ufffd" not in text


@pytest.mark.parametrize(
    ("head", "published", "modified"),
    [
        (json_ld("{broken", article_ld(datePublished="2024-09-24T08:00:00-04:00")), "2024-09-24T08:00:00-04:00", None),
        (json_ld('{"@type": "Organization", "name": "L"}', article_ld(datePublished="2024-09-24"), article_ld()),
         "2024-09-24", None),
        (json_ld(article_ld(datePublished="2031-01-01T00:00:00Z")), None, None),
        (json_ld(article_ld(datePublished="2024-09-24T08:00:00Z", dateModified="2024-09-20T08:00:00Z")),
         "2024-09-24T08:00:00+00:00", None),
        (json_ld(article_ld(datePublished="2024-09-24T08:00:00Z", dateModified="2024-09-24T09:30:00Z")),
         "2024-09-24T08:00:00+00:00", "2024-09-24T09:30:00+00:00"),
        (json_ld(article_ld(datePublished="03/04/2024")), None, None),
    ],
    ids=["broken-json-ld", "several-json-ld", "future", "modified-before-published", "modified", "ambiguous"],
)  # fmt: skip
def test_no_date_rather_than_a_wrong_one(db, served, head, published, modified):
    served.routes["/story"] = html(story(head))
    scrape(db, served)
    assert stored(db) == [("The boat stays in", TEXT, published, modified)]


@pytest.mark.parametrize("address", ["/", "/index.html", "https://elsewhere.example/story"])
def test_a_canonical_that_cannot_be_believed_folds_nothing(db, served, address):
    for path in ("/story", "/other"):
        served.routes[path] = html(story(f'<link rel=canonical href="{address}">').replace("forty", path[1:]))
    scrape(db, served, "/story", "/other")
    urls = [url for (url,) in db.execute("SELECT url FROM article ORDER BY id")]
    assert urls == [served.base + "/story", served.base + "/other"]


def test_a_redirected_address_is_an_alias_and_its_wire_credit_is_kept(db, served):
    body = BODY.replace(
        "</article>", "<p>This report by The Canadian Press was first published Sept. 24, 2024.</p></article>"
    )
    served.routes |= {"/old": redirect("/story", 301), "/story": html(story("", body))}
    scrape(db, served, "/old", "/story")
    rows = db.execute("SELECT a.url, v.origin FROM article a JOIN article_version v ON v.article_id = a.id").fetchall()
    assert rows == [(served.base + "/story", "The Canadian Press")]


def test_a_live_blog_is_stored_with_its_updates(db, served):
    updates = [
        {
            "@type": "BlogPosting",
            "headline": f"Hour {n}",
            "datePublished": f"2024-09-24T{n:02}:00:00Z",
            "articleBody": text,
        }
        for n, text in enumerate(STORY, 8)
    ]
    head = json_ld(json.dumps({"@type": "LiveBlogPosting", "headline": "Hour by hour", "liveBlogUpdate": updates}))
    served.routes["/story"] = html(story(head, "<div id=app></div>"))
    scrape(db, served)
    rows = db.execute(
        "SELECT substr(v.text, s.start + 1, s.end - s.start), s.published FROM segment s JOIN article_version v"
        " ON v.id = s.version_id ORDER BY s.start"
    ).fetchall()
    assert rows == [(f"Hour {n}\n\n{text}", f"2024-09-24T{n:02}:00:00+00:00") for n, text in enumerate(STORY, 8)]
