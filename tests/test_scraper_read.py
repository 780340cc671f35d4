"""Pages into articles. `pages/NAME.html` is a saved page, `pages/NAME.json` the article that it must become."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scraper import Source, page_from_bytes, page_from_file, read
from scraper.errors import ErrorPage, HomePage, NoBody, NotAnArticle, NotHtml, WallPage
from scraper.tidy import tidy

PAGES = Path(__file__).parent / "pages"


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.html")), ids=lambda path: path.stem)
def test_saved_pages(path):
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    facts = expected["article"]
    outlet = Source(
        "test", facts["outlet"], "pages", (expected["address"],), lang="en", timezone=expected.get("timezone")
    )
    article = read(page_from_file(path, expected["address"]), outlet)
    assert article.text.split("\n\n") == expected["paragraphs"]
    assert {name: getattr(article, name) for name in facts} == facts


STORY = "".join(
    f"<p>{sentence}</p>"
    for sentence in (
        "The ferry to Port Alder will not sail before Thursday, its owner said on Monday, as ice closed the channel.",
        "Some forty people who had come to claim asylum at the harbour were waiting in the hall on Mill Street.",
        "“They have been patient,” said Odile Tremblay-Roy, who was handing out soup. “More patient than I would be.”",
    )
)


def page(body: str, head: str = "", url: str = "https://ledger.example/ferry", **more):
    return page_from_bytes(f"<html><head>{head}</head><body>{body}</body></html>".encode(), url, **more)


@pytest.mark.parametrize(
    ("body", "url", "error", "why"),
    [
        (b"", "https://l.example/a", NotHtml, "empty"),
        (b"  \n ", "https://l.example/a", NotHtml, "blank"),
        (b"%PDF-1.7\n%\xe2\xe3 <p>", "https://l.example/a", NotHtml, "a PDF that is called HTML"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "https://l.example/a", NotHtml, "an image"),
        (bytes(range(256)) * 8, "https://l.example/a", NotHtml, "noise"),
        (b"just words, no markup", "https://l.example/a", NotHtml, "plain text"),
        (b'{"title": "x"}', "https://l.example/a", NotHtml, "JSON"),
        (b'<?xml version="1.0"?><rss version="2.0"></rss>', "https://l.example/a", NotHtml, "a feed"),
        (b'\xef\xbb\xbf<feed xmlns="http://www.w3.org/2005/Atom"></feed>', "https://l.example/a", NotHtml, "Atom, BOM"),
        (f"<html><body>{STORY}</body></html>".encode(), "https://l.example/", HomePage, "the address of a home page"),
        (f"<html><body>{STORY}</body></html>".encode(), "https://l.example/en/", HomePage, "its English half"),
        (b"<html><body><h1>Photos</h1><img src=a><img src=b></body></html>", "https://l.example/a", NoBody, "pictures"),
        (b"<html><body><ul><li><a href=/a>A</a></li><li><a href=/b>B</a></li></ul></body></html>",
         "https://l.example/city", NoBody, "links"),
        (b"<html></html>", "https://l.example/a", NoBody, "nothing in it"),
    ],
)  # fmt: skip
def test_pages_without_an_article(body, url, error, why):
    with pytest.raises(error) as caught:
        read(page_from_bytes(body, url))
    assert isinstance(caught.value, NotAnArticle), why
    assert str(caught.value).startswith(f"{url}: ")


def test_a_page_that_declares_itself_a_list_is_none():
    head = '<script type="application/ld+json">{"@type": "CollectionPage", "name": "City"}</script>'
    with pytest.raises(HomePage):
        read(page(STORY, head, "https://ledger.example/city"))


@pytest.mark.parametrize(
    "title", ["Page not found | Ledger", "404", "Error 404 - Ledger", "Story no longer available", "Page introuvable"]
)  # fmt: skip
def test_an_error_page_served_as_if_all_were_well(title):
    body = "<h1>Sorry</h1><p>We looked everywhere, but what you want is not where it used to be. Try the search.</p>"
    with pytest.raises(ErrorPage):
        read(page(body, f"<title>{title}</title>"))


@pytest.mark.parametrize(
    ("title", "body"),
    [
        (
            "Harbour Ledger",
            "<p>We value your privacy. We and our 812 partners store cookies on your device for personalised ads.</p>"
            "<p>You can accept all or reject all, and change your mind under privacy settings at any time.</p>",
        ),
        (
            "Just a moment...",
            "<p>The site is checking your browser before it lets you in. This takes a few seconds.</p>",
        ),
        (
            "Log in to continue",
            "<p>You have read all your free stories this month. Log in or take out a subscription.</p>",
        ),
    ],
)
def test_walls(title, body):
    with pytest.raises(WallPage):
        read(page(body, f"<title>{title}</title>"))


@pytest.mark.parametrize(
    "sentence",
    [
        "The privacy commissioner said on Monday that a wall of cookies asking for consent is no consent at all.",
        "A page not found on the ministry’s site was, it turns out, taken down on purpose in the autumn.",
    ],
)
def test_articles_about_walls_are_articles(sentence):
    article = read(page(f"<h1>Ledger</h1>{STORY}<p>{sentence}</p>", "<title>The ministry explains itself</title>"))
    assert article.text.endswith(sentence)


@pytest.mark.parametrize(
    ("extra", "why"),
    [
        ('<div style="color:red; display: none"><p>{}</p></div>', "style"),
        ("<div hidden><p>{}</p></div>", "attribute"),
        ('<div aria-hidden="true"><p>{}</p></div>', "hidden from readers of the page aloud"),
        ('<div role="dialog"><p>{}</p></div>', "dialog"),
        ("<dialog open><p>{}</p></dialog>", "dialog"),
        ('<div id="onetrust-banner-sdk"><p>{}</p></div>', "consent manager"),
        ('<section class="newsletter-signup"><p>{}</p></section>', "newsletter"),
        ('<span class="visually-hidden">{}</span>', "for screen readers"),
        ("<figure><img src=a><figcaption>{}</figcaption></figure>", "caption"),
        ("<template><p>{}</p></template>", "template"),
    ],
)
def test_what_readers_do_not_see_is_not_text(extra, why):
    secret = "Nobody who reads the story on its page would ever see this sentence in it."
    article = read(
        page(f"<article><h1>Ice</h1>{STORY}{extra.format(secret)}<p>The owner hopes for wind.</p></article>")
    )
    assert secret not in article.text, why
    assert article.text.count("\n\n") == 3 and article.text.endswith("The owner hopes for wind.")


def test_a_page_whose_article_sits_in_a_badly_named_box_is_kept():
    article = read(page(f'<div class="modal overlay"><h1>Ice</h1>{STORY}</div>'))
    assert article.text.startswith("The ferry to Port Alder") and "soup" in article.text


@pytest.mark.parametrize(
    ("lines", "kept", "why"),
    [
        (["Ice closes port", "By Mara Quill", "January 6, 2025", "It froze."], ["It froze."],
         "headline, byline, date"),
        (["Ice closes port", "A week without ferries.", "By Mara Quill", "It froze."],
         ["A week without ferries.", "It froze."], "what stands between headline and byline is the summary"),
        (["By midnight ice closed the port.", "It froze."], ["By midnight ice closed the port.", "It froze."],
         "a sentence that begins with By"),
        (["It froze.", "Related: Ferry sold", "Read more", "Advertisement", "Share this", "It thawed."],
         ["It froze.", "It thawed."], "furniture"),
        (["It froze.", "Read more carefully, she said, and the letter is a threat.", "It thawed."],
         ["It froze.", "Read more carefully, she said, and the letter is a threat.", "It thawed."],
         "a sentence that begins like furniture"),
        (["It froze.", "“Related: we are all related,” she said.", "It thawed."],
         ["It froze.", "“Related: we are all related,” she said.", "It thawed."], "a quotation is never furniture"),
        (["It froze.", "It thawed.", "More from Harbour Ledger", "Ferry sold to a bank", "Curling final"],
         ["It froze.", "It thawed."], "other stories at the end"),
        (["It froze.", "Mara Quill is a reporter with the Ledger."], ["It froze."], "who the author is"),
        (["It froze.", "Mara Quill is a suspect in the case."], ["It froze.", "Mara Quill is a suspect in the case."],
         "what the author does"),
        (["The pier in winter. (Vic Osgood/Getty Images)", "It froze."], ["It froze."], "caption"),
        (["It froze.", "She has photos: hundreds of them, and none is kind to the ministry or to its minister, or so "
          "everyone who has seen them says."], None, "photos in the text"),
        (["Yes."], ["Yes."], "the last line stays"),
    ],
)  # fmt: skip
def test_tidy(lines, kept, why):
    found, left_out = tidy(lines, "Ice closes port", ["Mara Quill"])
    assert found == (lines if kept is None else kept), why
    assert sorted([*found, *(line for _, line in left_out)]) == sorted(lines), "each is kept or told"


def test_every_quotation_mark_of_a_page_survives():
    quotes = '“One,” she said. ‘Two,’ he said. "Three," they said. « Quatre », dit-elle. It’s five.'
    assert quotes in read(page(f"<article><h1>Ice</h1>{STORY}<p>{quotes}</p></article>")).text


def test_a_saved_page_without_an_address_takes_the_one_it_declares(tmp_path):
    path = tmp_path / "saved.html"
    head = '<link rel="canonical" href="https://ledger.example/ferry"><title>Ice</title>'
    path.write_text(f"<html><head>{head}</head><body><h1>Ice</h1>{STORY}</body></html>")
    assert read(page_from_file(path)).url == "https://ledger.example/ferry"
    path.write_text(f"<html><body>{STORY}</body></html>")
    assert read(page_from_file(path)).url is None
