"""Text from outside as HTML: marks nest, cross and stay apart, and nothing of the text becomes a tag."""

from __future__ import annotations

import random
import re
from html.parser import HTMLParser

import pytest
from markupsafe import Markup

from db.site.highlight import Mark, differences, highlight, paragraphs, snippet


class Tree(HTMLParser):
    """Reads HTML back: the text, what is open at each character, the ids; complains when tags do not nest."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.ids, self.open, self.covers = "", [], [], []
        self.feed(str(html))
        self.close()
        assert self.open == [], "tags left open"

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "a":
            assert all(other != "a" for other, _ in self.open), "a link within a link"
        if "id" in attributes:
            self.ids.append(attributes["id"])
        self.open.append((tag, attributes.get("class", "")))

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag, "tags cross"

    def handle_data(self, data):
        if self.open and self.open[-1][1] == "ref":
            return
        self.text += data
        self.covers += [{kind.split()[1] for _, kind in self.open}] * len(data)


def mark(kind: str, *ranges: tuple[int, int], **more) -> Mark:
    return Mark(f"{kind[0]}-{ranges[0][0]}", kind, ranges, **more)


CASES = [
    ("apart", [mark("figure", (0, 3)), mark("date", (4, 7))]),
    ("touching", [mark("figure", (0, 3)), mark("date", (3, 7))]),
    ("a figure within a claim", [mark("claim", (0, 9), number=1), mark("figure", (2, 5))]),
    ("both begin together: the wider one opens first", [mark("figure", (0, 4)), mark("claim", (0, 9), number=1)]),
    ("both end together", [mark("claim", (0, 9), number=1), mark("figure", (5, 9))]),
    ("the same span twice", [mark("figure", (1, 6)), mark("date", (1, 6))]),
    ("a date runs over the end of a claim", [mark("claim", (0, 6), number=1), mark("date", (4, 9))]),
    ("a date begins before a claim", [mark("date", (0, 5)), mark("claim", (3, 9), number=1)]),
    ("three that cross", [mark("claim", (0, 6), number=1), mark("figure", (2, 8)), mark("date", (4, 10))]),
    ("a claim in two parts", [mark("claim", (0, 3), (6, 9), number=1), mark("figure", (2, 7))]),
    ("past the end of the text", [mark("figure", (8, 400))]),
    ("an empty span shows nothing", [mark("figure", (4, 4))]),
]


def expected(text: str, marks: list[Mark]) -> list[set[str]]:
    return [{m.kind for m in marks for a, b in m.ranges if a <= i < b} for i in range(len(text))]


@pytest.mark.parametrize("marks", [case[1] for case in CASES], ids=[case[0] for case in CASES])
def test_every_character_is_covered_by_its_marks(marks: list[Mark]) -> None:
    text = "ab<cd>&\"e'"
    tree = Tree(highlight(text, marks))
    assert tree.text == text
    assert tree.covers == expected(text, marks)
    assert len(tree.ids) == len(set(tree.ids))


def test_any_marks_at_all() -> None:
    """Five hundred draws: whatever crosses whatever, the HTML nests, the text comes back and the covers are right."""
    draw = random.Random(7)
    for _ in range(500):
        text = "".join(draw.choice("ab <>&\"'\n\u202eé") for _ in range(draw.randint(0, 30)))
        marks = []
        for number in range(draw.randint(0, 6)):
            kind = draw.choice(("claim", "figure", "date"))
            ends = sorted(draw.randint(0, 32) for _ in range(2 * draw.randint(1, 2)))
            ranges = tuple(zip(ends[::2], ends[1::2], strict=True))
            marks.append(Mark(f"{kind}-{number}", kind, ranges, number=number if kind == "claim" else None))
        tree = Tree(highlight(text, marks))
        assert tree.text == text
        assert tree.covers == expected(text, marks)
        assert len(tree.ids) == len(set(tree.ids))


def test_the_parts_of_a_text_are_the_text() -> None:
    """A mark that runs over two paragraphs has its id in the first and its number in the second."""
    text = "one two\n\nthree four"
    claim = Mark("c-1", "claim", ((4, 14),), number=3)
    first, second = (highlight(text, [claim], *place) for place in paragraphs(text))
    assert 'id="c-1"' in first and "#note-c-1" not in first
    assert 'id="c-1"' not in second and '<a class="ref" href="#note-c-1" aria-label="Claim 3">3</a></span>' in second
    assert (Tree(first).text, Tree(second).text) == ("one two", "three four")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("\n\n \n", []),
        ("one", ["one"]),
        ("one\ntwo", ["one\ntwo"]),
        ("one\n\n\n two\n \nthree\n", ["one", "two", "three"]),
    ],
)
def test_paragraphs(text: str, found: list[str]) -> None:
    assert [text[start:end].strip() for start, end in paragraphs(text)] == found


def test_tip_and_id_cannot_leave_their_attributes() -> None:
    html = highlight("five", [Mark('f-"><script>', "figure", ((0, 4),), tip='" onfocus="alert(1)')])
    assert "<script" not in html
    assert 'onfocus="' not in html


@pytest.mark.parametrize(
    ("raw", "html"),
    [
        ("plain", "plain"),
        ("a \x02hit\x03 here", "a <mark>hit</mark> here"),
        ('\x02<script>\x03 & "', "<mark>&lt;script&gt;</mark> &amp; &#34;"),
        ("stray \x03 close", "stray  close"),
        ("\x02never closed", "<mark>never closed</mark>"),
        ("\x02twice \x02opened\x03", "<mark>twice </mark><mark>opened</mark>"),
    ],
)
def test_snippet(raw: str, html: str) -> None:
    assert snippet(raw) == Markup(html)


@pytest.mark.parametrize(
    ("a", "b", "only_a", "only_b"),
    [
        ("about 30 came", "some 30 came", ["about"], ["some"]),
        ("38,900 claims", "39,800 claims", ["38,900"], ["39,800"]),
        ("It’s true", "it's true", [], []),
        ("55 per cent", "55 %", ["per cent"], ["%"]),
        ("", "one", [], ["one"]),
        ("fell by -30 per cent", "fell by 30 per cent", ["-"], []),
        ("a −$5 note, 2030-31", "a $5 note, 2030-31", ["−"], []),
    ],
)
def test_differences(a: str, b: str, only_a: list[str], only_b: list[str]) -> None:
    ranges_a, ranges_b = differences(a, b)
    assert [a[i:j] for i, j in ranges_a] == only_a
    assert [b[i:j] for i, j in ranges_b] == only_b


def test_a_long_word_and_many_marks_stay_quick() -> None:
    """Sixty thousand characters with two thousand marks: one pass, no quadratic copying of the text."""
    text = "word " * 12_000
    marks = [Mark(f"f-{i}", "figure", ((30 * i, 30 * i + 4),)) for i in range(2_000)]
    assert len(re.findall("<a ", highlight(text, marks))) == 2_000
