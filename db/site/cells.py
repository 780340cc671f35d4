"""Cells of Datasette's table pages: public ids lead to our pages, addresses are links only when they are http(s)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from markupsafe import Markup, escape

from db.site.words import anchor, minute, number, web_url

ADDRESSES = {"url", "a_url", "b_url", "official_url"}
ARTICLES = {"article_id", "a_article", "b_article"}
ANCHORS = {  # column -> what it names, and the columns of its article and version
    "claim_id": ("claim", "article_id", "version"),
    "nested_in": ("claim", "article_id", "version"),
    "figure_id": ("figure", "article_id", "version"),
    "fact_id": ("figure", "article_id", "version"),
    "date_id": ("date", "article_id", "version"),
    "a_id": ("a_kind", "a_article", "a_version"),
    "b_id": ("b_kind", "b_article", "b_version"),
}
INSTANTS = {
    "published",
    "a_published",
    "b_published",
    "found_at",
    "fetched_at",
    "started_at",
    "finished_at",
    "first_seen",
}
FIRST = (
    "label",
    "figure_text",
    "figure",
    "date",
    "claim",
    "value",
    "unit",
    "counted",
    "place",
    "speaker",
)
LATE = {"url", "a_url", "b_url", "title", "start", "end", "a_start", "a_end", "b_start", "b_end", "figure_start"}
LATE |= {"figure_end", "version", "a_version", "b_version", "text_hash", "page_hash"}
PRIVATE_KEYS = {"page_hash"}  # of a table that is not published: Datasette would link to a page that is refused
OWN_PAGES = {"link_id": "link", "speaker_id": "speaker"}


def render(row: Any, value: Any, column: str, table: str | None, datasette: Any) -> Markup | None:
    """HTML for one cell; None leaves it to Datasette, which escapes it. An address that is not http(s) stays text."""
    if isinstance(value, float):
        return escape(number(value))
    if isinstance(value, dict):
        return _key(value, column, datasette)
    if not isinstance(value, str) or not value:
        return None
    if column in INSTANTS:
        instant = escape(value)
        return Markup(f'<time datetime="{instant}" title="{instant}">{escape(minute(value))}</time>')
    if column in ADDRESSES:
        return _outside(value)
    if column in ARTICLES or (table, column) == ("article", "public_id"):
        return _inside(datasette.urls.path(f"/-/article/{quote(value, safe='')}"), value)
    if column in OWN_PAGES:
        return _inside(datasette.urls.path(f"/-/{OWN_PAGES[column]}/{quote(value, safe='')}"), value)
    if column == "measure" or (table, column) == ("measure", "key"):
        return _named(datasette.urls.path("/-/measure/") + quote(value, safe=""), value)
    if column == "outlet":
        return _named(datasette.urls.path("/-/outlet") + "?name=" + quote(value, safe=""), value)
    if column in ANCHORS:
        return _anchor(row, value, column, datasette)
    return escape(value) if value.startswith(("http://", "https://")) else None


def reading_order(columns: list[dict[str, Any]]) -> list[int]:
    """Places of a table's columns in the order in which they are shown: the row's own key, what was printed, what it
    means and by whom, the rest, and behind it addresses, offsets and the keys of other tables."""
    names = [column["name"] for column in columns]

    def rank(place: int) -> tuple[int, int]:
        name = names[place]
        if place == 0 or name in FIRST:
            return 0, 0 if place == 0 else FIRST.index(name) + 1
        return 2 if name in LATE or name.endswith("_id") else 1, place

    return sorted(range(len(names)), key=rank)


def _key(expanded: dict[str, Any], column: str, datasette: Any) -> Markup | None:
    """A key of another table, which Datasette hands over with the label of its row."""
    if column in PRIVATE_KEYS:
        return escape(expanded["value"])
    if column in ARTICLES:
        return _inside(
            datasette.urls.path(f"/-/article/{quote(str(expanded['label']), safe='')}"), str(expanded["label"])
        )
    return None


def _named(path: str, name: str) -> Markup:
    return Markup(f'<a href="{escape(path)}">{escape(name)}</a>')


def body(rows: Iterable[Any], places: Sequence[int]) -> Markup:
    """The lines of a table with their cells at these places, as Jinja would write them: asynchronous templates take ten
    times as long for it, most of a page's time."""
    return Markup("\n").join(Markup(f"<tr>{''.join(_cell(row.cells[place]) for place in places)}</tr>") for row in rows)


def _cell(cell: dict[str, Any]) -> str:
    kind = cell["value_type"] + (" empty" if cell["raw"] in (None, "") else "")
    return f'<td data-column="{escape(cell["column"])}" class="type-{kind}">{escape(cell["value"])}</td>'


def _outside(url: str) -> Markup:
    if web_url(url) is None:
        return escape(url)
    shown = url if len(url) <= 60 else url[:57] + "…"
    return Markup(f'<a href="{escape(url)}" rel="noopener noreferrer nofollow">{escape(shown)}</a>')


def _anchor(row: Any, value: str, column: str, datasette: Any) -> Markup | None:
    kind, article_column, version_column = ANCHORS[column]
    known = row.keys()
    article, version = (row[name] if name in known else None for name in (article_column, version_column))
    if not article:
        return None
    path = datasette.urls.path(f"/-/article/{quote(str(article), safe='')}")
    asked = f"?version={version}" if isinstance(version, int) else ""
    place = anchor(value, str(row[kind]) if kind.endswith("_kind") else kind)
    return _inside(path + asked + (f"#{quote(place, safe='')}" if place else ""), value)


def _inside(path: str, public_id: str) -> Markup:
    """A link that shows the beginning of a public id; the whole of it is in the CSV and the JSON."""
    return Markup(f'<a href="{escape(path)}" title="{escape(public_id)}">{escape(public_id[:8])}</a>')
