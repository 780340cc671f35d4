"""An article over time: what is another version and what is churn, stubs, removals and returns, other addresses."""

from __future__ import annotations

import pytest
from http_host import Host, Reply, fetcher, html, redirect, source

import jobs
from scraper.churn import compare, folded, related
from scraper.urls import canonical, normalise

STORY = (
    "The ferry to Port Alder will not sail before Thursday, its owner said on Monday, as ice closed the channel.",
    "Some 40 people who had come to claim asylum at the harbour were waiting in the hall on Mill Street.",
    "“They have been patient,” said Odile Tremblay-Roy, who was handing out soup. “More patient than I would be.”",
    "The town council did not say when it would meet. It had asked the province for $6.5 million in the spring.",
)


def with_(*changes: tuple[str, str]) -> list[str]:
    text = "\n".join(STORY)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text.split("\n")


@pytest.mark.parametrize(
    ("after", "verdict", "why"),
    [
        (list(STORY), "same", "nothing"),
        (with_(("“", '"'), ("”", '"')), "same", "straight quotation marks instead of curly ones"),
        (with_((" the ", "  the\u00a0")), "same", "white space"),
        ([*STORY, "Advertisement"], "same", "an advertisement"),
        ([*STORY[:2], "Story continues below", *STORY[2:]], "same", "a break in the middle"),
        (["Updated Sept. 24, 2024 3:15 p.m.", *STORY], "same", "a date stamp"),
        (["3 hours ago", *STORY, "1.2K shares"], "same", "an age and a count"),
        ([*STORY, "Comments (12)"], "same", "another count"),
        ([*STORY, "Read more: Ice closes the northern channel"], "same", "a line of related stories"),
        ([*STORY, "À lire aussi : le chenal est fermé"], "same", "the same in French"),
        (with_(("6.5", "65")), "changed", "a decimal point is everything"),
        (with_(("did not say", "did say")), "changed", "a negation"),
        (with_(("patient,”", "very patient,”")), "changed", "a word of a quotation"),
        (with_(("Monday", "Tuesday")), "changed", "a day"),
        (list(STORY[:3]), "changed", "a paragraph taken out"),
        (list(STORY[1:]), "changed", "the first one taken out"),
        ([*STORY, "Correction: An earlier version gave the wrong sum."], "changed", "a correction"),
        ([STORY[1], STORY[0], *STORY[2:]], "changed", "another order"),
        ([*STORY, "“Advertisement,” he said."], "changed", "a quotation is never furniture"),
        ([*STORY, "Related to that, the mayor said that the council had asked for more money for the winter shelter."],
         "changed", "a sentence that begins like a box"),
        ([STORY[0]], "stub", "only the first paragraph"),
        ([STORY[0][:60] + "…"], "stub", "not even that"),
        ([STORY[1]], "changed", "another paragraph alone is no beginning"),
        (["The ferry sails again."], "changed", "another text, though short"),
    ],
)  # fmt: skip
def test_what_is_another_version(after, verdict, why):
    assert compare(STORY, after) == verdict, why
    if verdict == "same":
        assert compare(after, STORY) == "same", "and back"


def test_a_text_that_says_it_breaks_off_is_a_stub_sooner():
    assert compare(STORY, STORY[:3]) == "changed"
    assert compare(STORY, STORY[:3], broken_off=True) == "stub"
    assert compare(STORY, STORY, broken_off=True) == "same"


def test_a_stub_that_is_completed_is_a_version():
    assert compare(STORY[:1], STORY) == "changed"


def test_a_line_that_came_to_be_known_as_furniture_is_no_change():
    motto = "Write to us if you know more about the ferry."
    assert compare([*STORY, motto], STORY) == "changed"
    assert compare([*STORY, motto], STORY, furniture=[motto]) == "same"


def test_two_renderings_of_one_headline():
    assert folded("Ferry  waits – ‘not before Thursday’") == folded("Ferry waits - 'not before Thursday'")
    assert folded(None) == ""


def test_what_moved_and_what_was_replaced():
    assert related(STORY, [*STORY[:2], "And more."])
    assert not related(STORY, ["Something else altogether stands there now."])


# A run


def page(*lines: str, title: str = "The boat stays in", head: str = "", more: str = "") -> str:
    body = "".join(f"<p>{line}</p>" for line in lines or STORY)
    article = f"<article><h1>{title}</h1>{body}</article>"
    return f"<html><head><title>{title}</title>{head}</head><body>{article}{more}</body></html>"


def scrape(db, served: Host, *paths: str, minutes: float = 0, due: bool = False) -> dict[str, int]:
    served.clock.passed += 60 * minutes
    pages = source(urls=tuple(served.base + path for path in paths or ["/story"]))
    with fetcher(served) as asking:
        found = jobs.scrape(db, [pages], asking, due=due)
    return {name: count for name, count in found.counts.items() if count and name not in ("discovered", "fetched")}


def rows(db, sql: str) -> list[tuple]:
    return db.execute(sql).fetchall()


def test_a_page_that_only_churns_stays_one_version(db, served):
    served.routes["/story"] = html(page())
    assert scrape(db, served) == {"new": 1}
    for n, more in enumerate(
        ("<aside class=related-stories><a href=/x>Ice</a></aside>", "<div>12 views</div>", "<!-- 7 -->")
    ):
        served.routes["/story"] = html(page("Updated 3 minutes ago", *STORY, "Advertisement", more=more))
        assert scrape(db, served, minutes=20) == {"unchanged": 1}, n
    served.routes["/story"] = html(page(*with_(("6.5", "65"))))
    assert scrape(db, served, minutes=20) == {"changed": 1}
    assert [n for (n,) in rows(db, "SELECT number FROM article_version ORDER BY id")] == [1, 2]


def test_a_stub_never_replaces_the_fuller_text(db, served):
    served.routes["/story"] = html(page())
    scrape(db, served)
    served.routes["/story"] = html(page(STORY[0], "Subscribe to read the full story."))
    assert scrape(db, served, minutes=20) == {"stub": 1}
    assert rows(db, "SELECT text FROM article_version") == [("\n\n".join(STORY),)]
    ((reason,),) = rows(db, "SELECT error FROM fetch WHERE outcome = 'stub'")
    assert "words that version 1 has, which stays" in reason
    served.routes["/story"] = html(page(*with_(("40", "44"))))
    assert scrape(db, served, minutes=20) == {"changed": 1}


def test_a_stub_that_came_first_gives_way(db, served):
    served.routes["/story"] = html(page(STORY[0], "Subscribe to read the full story."))
    scrape(db, served)
    served.routes["/story"] = html(page())
    assert scrape(db, served, minutes=20) == {"changed": 1}


def test_a_headline_is_a_version_and_its_rendering_is_not(db, served):
    served.routes["/story"] = html(page(title="The ‘boat’ stays in"))
    scrape(db, served)
    served.routes["/story"] = html(page(title="The 'boat'  stays in"))
    assert scrape(db, served, minutes=20) == {"unchanged": 1}
    served.routes["/story"] = html(page(title="The boat sails"))
    assert scrape(db, served, minutes=20) == {"changed": 1}


def test_a_server_that_ignores_validators_costs_no_second_reading(db, served, monkeypatch):
    served.routes["/story"] = html(page())
    scrape(db, served)
    monkeypatch.setattr("jobs.scraping.read", lambda *_: pytest.fail("read again"))
    assert scrape(db, served, minutes=20) == {"unchanged": 1}


def test_a_page_off_the_topic_is_judged_anew(db, served):
    served.routes["/story"] = Reply(page().encode(), headers={"Content-Type": "text/html", "ETag": '"1"'})
    off = source(urls=(served.base + "/story",), keywords=jobs_keywords("tariffs"))
    with fetcher(served) as asking:
        assert jobs.scrape(db, [off], asking).counts["off_topic"] == 1
    assert scrape(db, served, minutes=20) == {"new": 1}
    assert "if-none-match" not in served.log[-1].headers


def jobs_keywords(*include: str):
    from scraper import Keywords

    return Keywords(include)


@pytest.mark.parametrize("status", [404, 410])
def test_what_is_gone_is_marked_kept_and_may_return(db, served, status):
    served.routes["/story"] = html(page())
    scrape(db, served)
    served.routes["/story"] = Reply(b"<h1>no</h1>", status)
    first = scrape(db, served, minutes=20)
    if status == 404:
        assert first == {"failed": 1}, "it may be a slip"
        assert scrape(db, served, minutes=10) == {"failed": 1}, "and still may"
        first = scrape(db, served, minutes=75)
    assert first == {"failed": 1, "removed": 1}
    assert rows(db, "SELECT status, removed_at IS NOT NULL, returned_at FROM article") == [("removed", 1, None)]
    assert rows(db, "SELECT text FROM article_version") == [("\n\n".join(STORY),)]
    served.routes["/story"] = html(page())
    assert scrape(db, served, minutes=60 * 24 * 8) == {"unchanged": 1, "returned": 1}
    assert rows(db, "SELECT status, returned_at > removed_at FROM article") == [("live", 1)]


def test_what_returns_corrected_is_a_version(db, served):
    served.routes["/story"] = html(page())
    scrape(db, served)
    served.routes["/story"] = Reply(b"", 410)
    scrape(db, served, minutes=20)
    served.routes["/story"] = html(page(*with_(("40", "44"))))
    assert scrape(db, served, minutes=20) == {"changed": 1, "returned": 1}
    assert rows(db, "SELECT status FROM article") == [("live",)]


def test_a_dead_variant_does_not_remove_the_article(db, served):
    served.routes |= {"/story": html(page()), "/story/amp": html(page(head='<link rel=canonical href="/story">'))}
    scrape(db, served, "/story/amp", "/story")
    served.routes["/story/amp"] = Reply(b"", 410)
    assert scrape(db, served, "/story", "/story/amp", minutes=20) == {"unchanged": 1, "failed": 1}
    assert rows(db, "SELECT status FROM article") == [("live",)]


def test_a_moved_article_is_the_same_article(db, served):
    served.routes["/story"] = html(page())
    scrape(db, served)
    served.routes |= {"/story": redirect("/2024/09/story", 301), "/2024/09/story": html(page(*with_(("40", "44"))))}
    assert scrape(db, served, minutes=20) == {"changed": 1}
    assert scrape(db, served, "/2024/09/story", minutes=20) == {"unchanged": 1}
    assert rows(db, "SELECT url FROM article") == [(served.base + "/story",)]
    assert rows(db, "SELECT url FROM article_alias") == [(served.base + "/2024/09/story",)]


def test_a_redirect_to_another_story_is_another_article(db, served):
    served.routes["/story"] = html(page())
    scrape(db, served)
    other = html(
        page(
            "The library opens on Sundays from now on, the town said.",
            "It had been closed since the spring, when asylum seekers slept there.",
        )
    )
    served.routes |= {"/story": redirect("/library", 301), "/library": other}
    assert scrape(db, served, minutes=20) == {"new": 1}
    assert len(rows(db, "SELECT id FROM article")) == 2


def test_variants_of_one_address_are_one_article(db, served):
    canonical_link = f'<link rel=canonical href="{served.base}/story">'
    variants = (
        "/story",
        "/story/amp",
        "/story?utm_source=feed",
        "/story?outputType=amp",
        "/story/print",
        "/story?fbclid=1",
    )
    for path in variants:
        served.routes[path] = html(page(head=canonical_link))
    assert scrape(db, served, *variants) == {"new": 1, "unchanged": 2}, "tracking variants are not even asked for"
    assert rows(db, "SELECT url FROM article") == [(served.base + "/story",)]


@pytest.mark.parametrize(
    ("url", "declared", "expected", "why"),
    [
        ("https://l.example/a/amp", None, "https://l.example/a", "an AMP page without a canonical"),
        ("https://amp.l.example/a", None, "https://www.l.example/a", "an AMP host"),
        ("https://l.example/a/print", None, "https://l.example/a", "a print page"),
        ("https://l.example/a?utm_medium=x&gclid=2&page=2", None, "https://l.example/a?page=2", "tracking, not paging"),
        ("https://l.example/a", "https://l.example/", "https://l.example/a", "a canonical to the home page"),
        ("https://l.example/a", "https://other.example/a", "https://l.example/a", "to another site"),
        ("https://m.l.example/a", "https://www.l.example/b", "https://www.l.example/b", "within the site"),
    ],
)
def test_the_address_under_which_an_article_is_kept(url, declared, expected, why):
    assert canonical(url, declared) == expected, why
    assert normalise(expected) == expected


def test_rechecks_thin_out(db, served):
    """Every quarter of an hour for a month: some twenty requests, most of them on the first day."""
    served.routes["/story"] = html(page())
    asked = []
    for _ in range(30 * 24 * 4):
        before = len(served.paths())
        scrape(db, served, minutes=15, due=True)
        asked += [served.clock.passed / 3600] * (len(served.paths()) - before)
    first_day = sum(hour <= 24 for hour in asked)
    assert 7 <= first_day <= 14 and 15 <= len(asked) <= 26
    gaps = [later - sooner for sooner, later in zip(asked, asked[1:], strict=False)]
    assert all(later >= sooner for sooner, later in zip(gaps, gaps[1:], strict=False)), "ever more seldom"
    assert gaps[0] <= 0.5 and gaps[-1] >= 72, "minutes at first, days later"


def test_a_corrected_quotation_is_extracted_again_and_linked(db, served):
    served.routes["/story"] = html(page(head='<meta property="article:published_time" content="2024-09-24T08:00:00Z">'))
    scrape(db, served)
    jobs.extract(db)
    served.routes["/story"] = html(
        page(
            *with_(("patient,”", "calm,”")),
            head='<meta property="article:published_time" content="2024-09-24T08:00:00Z">',
        )
    )
    assert scrape(db, served, minutes=20) == {"changed": 1}
    assert jobs.extract(db).counts["extracted"] == 1
    assert jobs.crosscheck(db).counts["revised"] >= 1
    explained = " ".join(text for (text,) in rows(db, "SELECT explanation FROM link WHERE label = 'revised'"))
    assert "calm" in explained and "patient" in explained
