"""Tables out of the database: the contract's columns, spreadsheet safety, filters, streaming and the manifest."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import io
import json
import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db import open_db
from db.export import FILTERS, BadFilter, Filters, csv_texts, defuse, export
from db.save import save_article, save_findings
from extract.findings import Claim, DateMention, Figure, Findings, Interval, Span, Speaker
from scraper.article import Article

LINKS = "label,a_url,a_kind,a_start,a_end,a_text,b_url,b_kind,b_start,b_end,b_text,score,explanation"
FACTS = (
    "fact_id,outlet,url,published,speaker,role,said_on,modality,measure,counted,place,period_start,period_end,"
    "value,low,high,unit,kind,modifier,direction,figure_text,quote,context,origins,agrees,conflicts"
)


def store(db, key: str, text: str, quote: str, number: str, name: str, published: str, outlet: str, **figure) -> None:
    """An article with one claim by `name`, one figure and one date, all on the given words."""
    article = Article(text=text, url=f"https://{key}.example/1", outlet=outlet, published=published, title=key)
    version = save_article(db, article).version_id
    at = text.index(quote)
    content = Span.cut(text, at, at + len(quote))
    claim = Claim(
        id="c1",
        kind="direct",
        content=content,
        parts=((content.start, content.end),),
        quoted=(),
        cue=None,
        speaker=Speaker(None, (name,), "person", "mayor", "named"),
        said_on=None,
        negated=False,
        modality="asserted",
        nested_in=None,
        confidence=0.75,
    )
    place = text.index(number)
    span = (place, place + len(number), number)
    period = Interval("2024-01-01", "2024-12-31", "in 2024")
    found = Figure(*span, id="f1", claim="c1", speaker=(name,), period=period, **figure)
    date = DateMention(*span, value="2024", from_="2024-01-01", to="2024-12-31")
    save_findings(db, version, Findings((claim,), (found,), (date,)), "m", "0")


@pytest.fixture
def db(tmp_path):
    db = open_db(tmp_path / "t.db")
    text = "Before.\n\n=SUM(A1) was 5,000 in “rent, at last”, said Zoé Lindqvist-Marsh.\n\nAfter."
    store(db, "one", text, "=SUM(A1) was 5,000", "5,000", "Zoé Lindqvist-Marsh", "2024-05-01", "Première", value=5000.0)
    text = "Costs changed by -5.5 per cent, Bram Okonjo-Hale said."
    store(db, "two", text, "-5.5 per cent", "-5.5", "Bram Okonjo-Hale", "2024-06-01T09:00:00-04:00", "Second",
          value=-5.5, unit="percent", measure="cost", low=-6.0)  # fmt: skip
    ids = [row["id"] for row in db["claim"].rows]
    link = {"a_kind": "claim", "b_kind": "claim", "score": 0.5, "explanation": "+ same words", "found_at": "2024-07-01"}
    for label, a, b in (("same_quote", *ids), ("conflicting_figure", *reversed(ids))):
        db["link"].insert({**link, "public_id": label, "label": label, "a_id": a, "b_id": b})
    figure = next(db.query("SELECT id FROM figure WHERE value = 5000"))["id"]
    db["figure_standing"].insert({"figure_id": figure, "origins": 2, "agrees": 1, "conflicts": 0})
    return db


def run(db, table, fmt="csv", **filters):
    out = io.BytesIO()
    manifest = export(db, table, out, fmt, Filters(**filters), version="0.1")
    return out.getvalue(), manifest


def rows(db, table, **filters):
    return list(csv.DictReader(io.StringIO(run(db, table, **filters)[0].decode())))


@pytest.mark.parametrize(("table", "header"), [("links", LINKS), ("facts", FACTS)])
def test_columns_are_those_of_the_contract(db, table, header):
    assert run(db, table)[0].decode().split("\n", 1)[0] == header


def test_a_fact_row_says_it_all(db):
    first, second = rows(db, "facts")
    assert first["quote"] == "'=SUM(A1) was 5,000", "a formula is defused"
    assert first["context"].startswith("'=SUM(A1) was 5,000 in “rent, at last”"), "the paragraph, defused as well"
    assert (first["value"], first["origins"], first["agrees"], first["conflicts"]) == ("5000", "2", "1", "0")
    assert (second["value"], second["low"], second["high"]) == ("-5.5", "-6", ""), "negative numbers stay numbers"
    assert second["figure_text"] == "-5.5", "and so does text that is only a negative number"
    assert second["quote"] == "'-5.5 per cent"
    assert second["origins"] == "", "not cross-checked yet: unknown, not nought"
    assert (second["period_start"], second["said_on"], second["role"]) == ("2024-01-01", "2024-06-01", "mayor")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+41 22", "'+41 22"),
        ("@cmd", "'@cmd"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("-2+3", "'-2+3"),
        ("＝1", "'＝1"),
        ("-12", "-12"),
        ("-0.5", "-0.5"),
        ("- a list item", "'- a list item"),
        ("plain = text", "plain = text"),
        ("", ""),
        (None, None),
        (-3.0, -3),
        (2.5, 2.5),
        (1e300, 1e300),
    ],
)
def test_defuse(cell, expected):
    assert defuse(cell) == expected


CELL = st.one_of(
    st.none(),
    st.integers(-10, 10),
    st.sampled_from([-3.0, 2.5, 1e300, 17.0, -0.0]),
    st.text(st.sampled_from('=+-@\t\r\n＝,"a1.0 '), max_size=4),
)


@given(st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=8))
@settings(max_examples=400, deadline=None)
def test_texts_of_csv_are_those_of_their_cells(table):
    """Whole texts without a doubtful beginning are not looked at cell by cell; none is taken for one by mistake."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE t (a, b, c)")
    connection.executemany("INSERT INTO t VALUES (?, ?, ?)", table)
    stored = connection.execute("SELECT * FROM t").fetchall()
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(
        [["a", "b", "c"], *([defuse(cell) for cell in row] for row in stored)]
    )
    texts = list(csv_texts(["a", "b", "c"], connection.execute("SELECT * FROM t")))
    assert "".join(text for _, text in texts) == out.getvalue()
    assert sum(rows for rows, _ in texts) == len(table)


@pytest.mark.parametrize("value", [5000.0, -6.0, -5.5, 0.1, 2.0**53, 2.0**53 - 1, 1e300, 0.0])
def test_numbers_are_whole_where_they_can_be(db, value):
    db.execute("UPDATE figure SET value = ?", [value])
    expected = defuse(value)
    assert {row["value"] for row in rows(db, "facts")} == {str(expected)}
    printed = [json.loads(line)["value"] for line in run(db, "facts", "json")[0].splitlines()]
    assert printed == [expected, expected] and {type(one) for one in printed} == {type(expected)}


def test_links_tell_both_ends_by_offsets(db):
    quote = next(r for r in rows(db, "links") if r["label"] == "same_quote")
    text = next(db.query("SELECT text FROM article_version WHERE title = 'two'"))["text"]
    assert quote["b_url"] == "https://two.example/1" and quote["a_kind"] == "claim"
    assert text[int(quote["b_start"]) : int(quote["b_end"])] == "-5.5 per cent"
    assert quote["explanation"] == "'+ same words"


@pytest.mark.parametrize(
    ("table", "filters", "count", "why"),
    [
        ("claims", {}, 2, "everything"),
        ("claims", {"speaker": "lindqvist-marsh"}, 1, "case aside, part of a name"),
        ("claims", {"speaker": "zoe lindqvist marsh"}, 1, "accents and hyphens aside"),
        ("claims", {"speaker": "lind"}, 0, "but whole words only"),
        ("facts", {"speaker": "Okonjo-Hale"}, 1, "the speaker of a figure"),
        ("facts", {"outlet": "premiere"}, 1, "an outlet, accents aside"),
        ("facts", {"outlet": "prem"}, 0, "an outlet is named in full"),
        ("dates", {"since": "2024-06-01"}, 1, "the first day counts, with a time of day as well"),
        ("dates", {"until": "2024-06-01"}, 2, "and the last"),
        ("figures", {"measure": "cost"}, 1, "a measure's key"),
        ("figures", {"measure": "cost", "until": "2024-05-31"}, 0, "filters add up"),
        ("links", {"label": "same_quote"}, 1, "one label"),
        ("links", {"outlet": "Second"}, 2, "either end"),
        ("links", {"since": "2024-06-02"}, 0, "neither end"),
    ],
)
def test_filters(db, table, filters, count, why):
    assert len(rows(db, table, **filters)) == count, why


@pytest.mark.parametrize("table", FILTERS)
def test_a_filter_the_table_lacks_is_refused(db, table):
    wrong = next(name for name in ("measure", "label") if name not in FILTERS[table])
    with pytest.raises(BadFilter, match=f"{table} cannot be filtered by {wrong}"):
        run(db, table, **{wrong: "x"})


def test_a_filter_is_a_value_and_never_sql(db):
    assert rows(db, "facts", measure="' OR 1=1 --") == []


@pytest.mark.parametrize("table", FILTERS)
def test_json_lines_and_csv_hold_the_same(db, table):
    data, manifest = run(db, table, "json")
    objects = [json.loads(line) for line in data.splitlines()]
    printed = rows(db, table)
    assert len(objects) == len(printed) == manifest.rows == 2
    for one, row in zip(objects, printed, strict=True):
        assert list(one) == list(row)
        assert ["" if v is None else str(defuse(v)) for v in one.values()] == list(row.values())


def test_json_is_not_defused(db):
    first = json.loads(run(db, "facts", "json")[0].splitlines()[0])
    assert first["quote"].startswith("=SUM") and first["value"] == 5000 and first["low"] is None


@pytest.mark.parametrize("fmt", ["csv", "json"])
def test_manifest_describes_the_bytes(db, fmt):
    data, manifest = run(db, "facts", fmt, speaker="Okonjo-Hale")
    assert manifest.rows == 1 and manifest.bytes == len(data)
    assert manifest.sha256 == hashlib.sha256(data).hexdigest()
    assert json.loads(manifest.as_json())["filters"] == {"speaker": "Okonjo-Hale"}
    assert manifest.columns == FACTS.split(",")


def test_byte_order_mark_only_when_asked(db):
    plain, marked = io.BytesIO(), io.BytesIO()
    export(db, "facts", plain)
    manifest = export(db, "facts", marked, bom=True)
    assert marked.getvalue() == b"\xef\xbb\xbf" + plain.getvalue()
    assert manifest.sha256 == hashlib.sha256(marked.getvalue()).hexdigest()


def test_only_current_versions_are_exported(db):
    article = Article(text="Nothing any more.", url="https://one.example/1")
    assert save_article(db, article).outcome == "changed"
    assert [row["url"] for row in rows(db, "facts")] == ["https://two.example/1"]
    assert len(rows(db, "links")) == 2, "links reach earlier versions"


def test_rows_are_written_as_they_are_read(db, monkeypatch):
    """A consumer that stops after two writes stops the export: no more than one text is gathered first."""
    monkeypatch.setattr("db.export.AT_ONCE", 1)

    class Stopped(Exception):
        pass

    class Consumer(io.BytesIO):
        writes = 0

        def write(self, data):
            self.writes += 1
            if self.writes > 2:
                raise Stopped
            return super().write(data)

    consumer = Consumer()
    with pytest.raises(Stopped):
        export(db, "facts", consumer)
    assert consumer.getvalue().count(b"fact") and consumer.writes == 3


def test_manifest_is_frozen(db):
    with pytest.raises(dataclasses.FrozenInstanceError):
        run(db, "dates")[1].rows = 3


def test_an_article_without_address_goes_by_its_id(tmp_path):
    db = open_db(tmp_path / "ids.db")
    version = save_article(db, Article(text="Ten houses.", id="a.txt")).version_id
    save_findings(db, version, Findings((), (Figure(0, 10, "Ten houses", id="f1", value=10.0),), ()), "m", "0")
    assert rows(db, "facts")[0]["url"] == "a.txt"
