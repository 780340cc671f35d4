"""Reading beyond the general rules: outlets' templates, live blogs, paywalls and texts that break off, lines that
recur. The pages are ours, and so are the people on them."""

from __future__ import annotations

import json
from datetime import date

import pytest

from db import open_db
from db.reading import recurring, save_reading, segments
from db.save import save_article
from scraper import Article, Source, page_from_bytes, read
from scraper.recurring import FEWEST, edge_lines, without_recurring
from scraper.sources import SourcesError, load_sources
from scraper.templates import BadTemplate, Template, parse, template_for

STORY = (
    "The ferry to Port Alder will not sail before Thursday, its owner said on Monday, as ice closed the channel.",
    "Some forty people who had come to claim asylum at the harbour were waiting in the hall on Mill Street.",
    "“They have been patient,” said Odile Tremblay-Roy, who was handing out soup. “More patient than I would be.”",
)
URL = "https://ledger.example/ferry"


def page(body: str, head: str = "", url: str = URL):
    return page_from_bytes(f"<html><head>{head}</head><body>{body}</body></html>".encode(), url)


def article(*lines: str) -> str:
    return "<article>" + "".join(f"<p>{line}</p>" for line in lines) + "</article>"


def json_ld(*objects: dict) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(one)}</script>' for one in objects)


def paragraphs(found: Article) -> list[str]:
    return found.text.split("\n\n")


# Templates


def source(*templates: Template) -> Source:
    return Source("ledger", "The Ledger", "pages", (URL,), templates=templates)


def test_a_template_says_where_the_text_stands_and_what_is_not_part_of_it():
    plea = "Readers keep this paper alive, and we would be glad to count you among them before the winter comes."
    body = f"<div class=x>{article(*STORY[:2], plea)}<div class=more><p>{STORY[2]}</p></div></div>"
    assert plea in read(page(body), source()).text
    dropped = read(page(body), source(Template(drop=("article p:last-child",))))
    assert plea not in dropped.text and ("template", plea) in dropped.left_out
    text = Template(text="article, div.more", drop=("article p:last-child",))
    assert paragraphs(read(page(body), source(text))) == list(STORY)


def test_a_template_states_headline_byline_and_date():
    stated = "<h3>The boat stays in</h3><i class=by>Mara Quill</i><i class=by>Ned Oake</i><u>24 September 2024</u>"
    head = '<meta property="og:title" content="Ledger"><meta name="author" content="webmaster">'
    found = read(page(stated + article(*STORY), head), source(Template(title="h3", byline="i.by", published="u")))
    assert (found.title, found.byline) == ("The boat stays in", "Mara Quill, Ned Oake")
    assert (found.published, found.published_source) == ("2024-09-24", "template")


def test_a_selector_that_finds_nothing_is_told_and_the_general_rules_read_the_page():
    found = read(page(article(*STORY)), source(Template(text="main.story", title="h3")))
    assert found.missed == ("title: h3", "text: main.story")
    assert paragraphs(found) == list(STORY)


def test_each_design_has_its_first_day():
    old, new = Template(date(2020, 1, 1), text=".old"), Template(date(2024, 6, 1), text=".new")
    of = lambda day: (found := template_for(URL, day, (new, old))) and found.template  # noqa: E731
    assert [of(date(2024, 6, 1)), of(date(2024, 5, 31)), of(date(2019, 1, 1))] == [new, old, None]


def test_the_shipped_templates_are_sound_and_found_by_host():
    found = template_for("https://www.saltmarshdispatch.example/news/x", date(2024, 9, 1))
    assert found is not None and found.template.drop


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ("main", "must be a mapping"),
        ({"body": "main"}, "body: not a setting"),
        ({"text": "p:::x"}, "text: 'p:::x' is not a CSS selector"),
        ({"drop": [".a", 4]}, "drop: 4 is not a CSS selector"),
        ({"drop": {"a": 1}}, "drop: must be a CSS selector or a list"),
        ({"since": "2024"}, "since: '2024' is not a day"),
    ],
)
def test_bad_templates_are_named(entry, why):
    with pytest.raises(BadTemplate, match=why.split("'")[0]):
        parse(entry)


def test_templates_in_sources_yml(tmp_path):
    path = tmp_path / "sources.yml"
    path.write_text(
        "sources:\n  ledger:\n    pages: https://ledger.example/a\n    templates:\n      - since: 2024-06-01\n"
        "        text: main.story\n        drop: .plea\n",
        encoding="utf-8",
    )
    (found,) = load_sources(path)
    assert found.templates == (Template(date(2024, 6, 1), text="main.story", drop=(".plea",)),)
    path.write_text(path.read_text(encoding="utf-8").replace("main.story", "main["), encoding="utf-8")
    with pytest.raises(SourcesError, match=r"sources\.yml:4: sources\.ledger\.templates: text: 'main\['"):
        load_sources(path)


# Paywalls and texts that break off


@pytest.mark.parametrize(
    ("head", "lines", "paywalled", "truncated"),
    [
        ("", STORY, None, None),
        (json_ld({"@type": "NewsArticle", "isAccessibleForFree": "False"}), STORY, True, None),
        (json_ld({"@type": "NewsArticle", "isAccessibleForFree": "https://schema.org/True"}), STORY, False, None),
        ('<meta property="article:content_tier" content="metered">', STORY, True, None),
        ('<meta name="article:content_tier" content="free">', STORY, False, None),
        ("", (*STORY, "Subscribe now to read the full story."), None, "the page offers the rest"),
        ("", (*STORY, "Cet article est réservé aux abonnés."), None, "the page offers the rest"),
        ("", (*STORY, "The mayor said that the town had no more beds and would ask the …"), None, "breaks off"),
        (json_ld({"@type": "NewsArticle", "wordCount": 900}), STORY, None, "of the 900 words"),
        (json_ld({"@type": "NewsArticle", "wordCount": "70"}), STORY, None, None),
        (json_ld({"@type": "NewsArticle", "isAccessibleForFree": False, "wordCount": 900}), STORY, True, "900 words"),
    ],
)  # fmt: skip
def test_a_declared_paywall_and_a_text_that_breaks_off_are_told_apart(head, lines, paywalled, truncated):
    found = read(page(article(*lines), head))
    assert found.paywalled is paywalled
    assert (truncated is None) == (found.truncated is None) and (truncated or "") in (found.truncated or "")


def test_an_article_about_subscriptions_does_not_break_off():
    lines = (
        *STORY,
        "“People subscribe to read, not to be counted,” said Ned Oake, who sells the paper at the landing.",
    )
    found = read(page(article(*lines)))
    assert found.truncated is None and paragraphs(found) == list(lines)


# Live blogs

UPDATES = (
    ("u2", "Ice is back", "2024-09-25T07:10:00-04:00", "The channel froze again overnight, the harbour master said."),
    ("u1", "Ferry waits", "2024-09-24T18:00:00-04:00", "“We sail tomorrow,” said the owner, Ned Oake, in the hall."),
)


def live_page(markup: str, *updates, **more) -> Article:
    blog = {
        "@type": "LiveBlogPosting",
        "headline": "The ice, hour by hour",
        "datePublished": "2024-09-24T12:00:00-04:00",
    }
    stated = [
        {"@type": "BlogPosting", "headline": title, "datePublished": at, "articleBody": text, "url": f"{URL}#{anchor}"}
        for anchor, title, at, text in updates
    ]
    return read(page(markup, json_ld({**blog, "liveBlogUpdate": stated, **more})))


def pieces(found: Article) -> list[tuple]:
    return [(s.anchor, s.title, s.published, found.text[s.start : s.end]) for s in found.segments]


def test_the_updates_of_a_live_blog_are_segments_with_instants_of_their_own():
    printed = "".join(
        f"<section id={anchor}><h2>{title}</h2><time datetime={at}>{at[11:16]}</time><p>{text}</p></section>"
        for anchor, title, at, text in UPDATES
    )
    found = live_page(f"<h1>The ice, hour by hour</h1>{article(*STORY)}<main>{printed}</main>", *UPDATES)
    assert pieces(found) == [(a, title, at, f"{title}\n\n{text}") for a, title, at, text in UPDATES]
    assert paragraphs(found)[:3] == list(STORY)
    assert found.published == "2024-09-24T12:00:00-04:00" and found.truncated is None


def test_a_live_blog_that_only_declares_its_updates():
    found = live_page("<div id=app></div>", *UPDATES)
    assert pieces(found) == [(a, title, at, f"{title}\n\n{text}") for a, title, at, text in UPDATES]


def test_a_live_blog_in_microdata():
    printed = "".join(
        f'<div itemprop="liveBlogUpdate" itemtype="https://schema.org/BlogPosting" id={anchor}><h3>{title}</h3>'
        f'<meta itemprop="datePublished" content="{at}"><div>{text}</div></div>'
        for anchor, title, at, text in UPDATES
    )
    found = read(page(f'<main itemscope itemtype="https://schema.org/LiveBlogPosting">{printed}</main>'))
    assert pieces(found) == [(a, title, at, f"{title}\n\n{text}") for a, title, at, text in UPDATES]


def test_an_update_dated_after_it_was_fetched_has_no_date():
    found = live_page("<div id=app></div>", ("u3", "Later", "2099-01-01T00:00:00Z", STORY[0]))
    assert [s.published for s in found.segments] == [None]


def test_an_ordinary_page_has_no_segments():
    assert read(page(article(*STORY))).segments == ()


def test_dates_in_an_update_count_from_that_update(tmp_path):
    import jobs

    found = live_page("<div id=app></div>", *((*u[:3], u[3] + " It had been clear yesterday.") for u in UPDATES))
    db = open_db(tmp_path / "o.db")
    saved = save_article(db, found)
    save_reading(db, saved.version_id, found, [])
    assert segments(db, saved.version_id) == [(s.start, s.published) for s in found.segments]
    jobs.extract(db)
    rows = db.execute("SELECT text, from_date FROM date_mention WHERE text = 'yesterday' ORDER BY start").fetchall()
    assert rows == [("yesterday", "2024-09-24"), ("yesterday", "2024-09-23")]


# What is left out


def test_every_paragraph_that_is_left_out_is_told_with_its_reason():
    body = f"""
      <nav><p>All of our stories about the harbour and its people</p></nav>
      <article><h1>The boat stays in</h1><p>The boat stays in</p><p>By Mara Quill</p>
        <p>{STORY[0]}</p><p>{STORY[1]}</p>
        <figure><figcaption>The ferry at its pier in a winter long gone by</figcaption></figure>
        <div class="cookie-banner"><p>We use cookies to make this site work for you</p></div>
        <p style="display:none">What only machines read of this story today</p>
        <p>{STORY[2]}</p><p>Photo by the harbour office of Port Alder</p></article>
      <footer><p>The Ledger has been printed at the old mill since 1904.</p></footer>"""
    found = read(page(body, '<meta name="author" content="Mara Quill"><title>The boat stays in</title>'))
    assert paragraphs(found) == list(STORY)
    told = {line: reason for reason, line in found.left_out}
    assert told["We use cookies to make this site work for you"] == "overlay"
    assert told["What only machines read of this story today"] == "hidden"
    assert told["The ferry at its pier in a winter long gone by"] == "beside the text"
    assert told["The Ledger has been printed at the old mill since 1904."] == "outside the article"
    assert told["Photo by the harbour office of Port Alder"] in ("furniture", "caption")
    assert told["The boat stays in"] == "headline" and told["By Mara Quill"] == "byline"
    assert not set(told) & set(paragraphs(found))


# Lines that recur


@pytest.mark.parametrize(
    ("line", "may", "why"),
    [
        ("Write to our desk at the old mill if you know more about the ferry and the ice.", True, "speaks to readers"),
        ("The bay’s own paper", True, "no sentence"),
        ("Abonnez-vous à l’infolettre du matin.", True, "the same in French"),
        ("The ministry is still looking at what the town asked for last spring.", False, "background is news"),
        ("We have told you so, the mayor said on Monday.", False, "reported speech"),
        ("“We will,” he told us.", False, "a quotation"),
        ("Our town took in 40 of them", False, "a figure"),
        ("Write to us " + "about the ferry " * 20, False, "too long"),
    ],
)
def test_only_what_can_hold_no_claim_and_no_figure_may_recur(line, may, why):
    assert (edge_lines([line]) == [line]) is may, why


def test_a_line_in_the_middle_stays_and_an_article_of_nothing_else_stays():
    motto = "The bay’s own paper"
    middle = [*STORY, motto, *"abcdefgh"]
    assert without_recurring(middle, {motto}) == (middle, [])
    assert without_recurring([motto], {motto}) == ([motto], [])
    assert without_recurring([*STORY, motto], {motto}) == (list(STORY), [motto])


def test_a_line_that_recurs_is_left_out_from_the_fourth_article_on(tmp_path):
    db = open_db(tmp_path / "o.db")
    motto = "Write to our desk at the old mill if you know more than we do about the ferry and the ice."

    def known(url: str, lines):
        return recurring(db, FEWEST, url, lines)

    def scrape(n: int) -> Article:
        url = f"https://ledger.example/story-{n}"
        found = read(page(article(f"Story number {n} is about the harbour.", *STORY, motto), url=url), recurring=known)
        save_reading(db, save_article(db, found).version_id, found, edge_lines([*paragraphs(found), motto]))
        return found

    first = [scrape(n) for n in range(1, 6)]
    assert [motto in found.text for found in first] == [True, True, True, False, False]
    assert first[3].left_out == (("recurring", motto),)
    assert list(db.execute("SELECT reason, text FROM left_out")) == [("recurring", motto)] * 2
    assert scrape(5) == first[4], "read again, it is the same"
    elsewhere = read(page(article(*STORY, motto), url="https://courier.example/a"), recurring=known)
    assert motto in elsewhere.text, "another site's line"
