"""Articles and findings as rows: versions, pages, stable ids, and that repeating changes nothing."""

from __future__ import annotations

import dataclasses
import json
import zlib
from dataclasses import dataclass

import pytest

from db.ids import day, public_id
from db.rows import paragraph
from db.save import BadArticle, BadSpan, save_article, save_failure, save_findings
from extract.findings import Claim, Cue, DateMention, Figure, Findings, Interval, Span, Speaker
from scraper.article import Article

TEXT = (
    "Premier Odile Tremblay-Roy said 4,200 people filed asylum claims in March.\n\n"
    "“We need a plan,” she said. Minister Anders Whitlock said the count is 4,100."
)
ARTICLE = Article(
    text=TEXT,
    url="https://gazette.example/a",
    title="Claims rise",
    published="2024-09-24T08:00:00-04:00",
    outlet="The Gazette",
)


@dataclass
class FakePage:
    """The two fields of a fetched page that the store reads."""

    body: bytes
    content_type: str = "text/html"


def span(words: str, kind=Span, nth: int = 0, **more):
    start = -1
    for _ in range(nth + 1):
        start = TEXT.index(words, start + 1)
    return kind(start=start, end=start + len(words), text=words, **more)


def claim(id_: str, words: str, name: str | None, mention: str | None, **more) -> Claim:
    fields = {
        "id": id_,
        "kind": "indirect",
        "content": span(words),
        "parts": ((span(words).start, span(words).end),),
        "quoted": (),
        "cue": span("said", Cue, lemma="say"),
        "speaker": Speaker(span(mention) if mention else None, (name,) if name else (), "person", "premier", "named"),
        "said_on": None,
        "negated": False,
        "modality": "asserted",
        "nested_in": None,
        "confidence": 0.9,
    }
    return Claim(**{**fields, **more})


FIRST = claim("c1", "4,200 people filed asylum claims in March", "Odile Tremblay-Roy", "Odile Tremblay-Roy")
SECOND = claim("c2", "the count is 4,100", "Anders Whitlock", "Anders Whitlock", nested_in="c1")
FIGURE = span(
    "4,200 people",
    Figure,
    id="f1",
    value=4200.0,
    unit="person",
    measure="asylum_claims",
    period=Interval("2024-03-01", "2024-03-31", "in March"),
    claim="c1",
    speaker=("Odile Tremblay-Roy",),
)
DATE = span("March", DateMention, type="DATE", value="2024-03", from_="2024-03-01", to="2024-03-31")
FOUND = Findings((FIRST, SECOND), (FIGURE,), (DATE,))


def save(db, article=ARTICLE, found=FOUND, **more) -> int:
    saved = save_article(db, article)
    save_findings(db, saved.version_id, found, "m1", "0.1", **more)
    return saved.version_id


def dump(db) -> dict[str, list]:
    """Every row of every table of ours; instants of running left out."""
    tables = [t for t in db.table_names() if "_fts" not in t and not t.startswith("_")]
    return {t: [{k: v for k, v in row.items() if k != "at"} for row in db[t].rows] for t in tables}


def test_saving_twice_changes_nothing(db):
    save(db)
    before = dump(db)
    save(db)
    assert dump(db) == before
    assert len(before["claim"]) == 2 and len(before["figure"]) == 1 and len(before["date_mention"]) == 1


def test_rows_hold_the_findings(db):
    save(db)
    row = next(db.query("SELECT * FROM claims WHERE nested_in IS NULL"))
    assert (row["speaker"], row["claim"], row["said_on"]) == ("Odile Tremblay-Roy", FIRST.content.text, "2024-09-24")
    fact = next(db.query("SELECT * FROM facts"))
    assert (fact["value"], fact["measure"], fact["period_end"]) == (4200, "asylum_claims", "2024-03-31")
    assert fact["quote"] == FIRST.content.text
    assert fact["context"] == TEXT.split("\n\n")[0]
    nested = next(db.query("SELECT nested_in FROM claims WHERE nested_in IS NOT NULL"))
    assert nested["nested_in"] == row["claim_id"]


@pytest.mark.parametrize(
    ("change", "outcome", "why"),
    [
        ({}, "unchanged", "the same object again"),
        ({"text": TEXT + " It grew."}, "changed", "another text is another version"),
        ({"title": "Claims fall"}, "changed", "a corrected headline is a correction"),
        ({"title": None}, "unchanged", "a headline that was not found is no correction"),
        ({"published": "2024-09-25"}, "unchanged", "a date stated anew does not make another version"),
        ({"url": "https://gazette.example/b"}, "new", "another address is another article"),
        ({"id": "x1"}, "unchanged", "the address counts before the importer's id"),
    ],
)
def test_versions(db, change, outcome, why):
    save_article(db, ARTICLE)
    assert save_article(db, dataclasses.replace(ARTICLE, **change)).outcome == outcome, why


def test_a_version_hides_the_one_before_in_the_views(db):
    save(db)
    later = dataclasses.replace(ARTICLE, text=TEXT.replace("4,200", "4,300"))
    saved = save_article(db, later)
    assert list(db.query("SELECT * FROM claims")) == []
    assert db["claim"].count == 2, "the first version's claims stay for the link `revised`"
    assert next(db.query("SELECT number FROM article_version WHERE id = ?", [saved.version_id]))["number"] == 2


def test_an_archive_imported_twice_keeps_its_versions(db):
    archive = [ARTICLE, dataclasses.replace(ARTICLE, text=TEXT + " Corrected.")]
    first = [save_article(db, a) for a in archive]
    again = [save_article(db, a) for a in archive]
    assert [s.outcome for s in first] == ["new", "changed"]
    assert [s.outcome for s in again] == ["unchanged", "unchanged"]
    current = next(db.query("SELECT current_version FROM article"))["current_version"]
    assert current == first[1].version_id


def test_a_page_that_goes_back_to_its_first_text_brings_that_version_back(db):
    first = save_article(db, ARTICLE, FakePage(b"1"))
    save_article(db, dataclasses.replace(ARTICLE, text=TEXT + " More."), FakePage(b"2"))
    back = save_article(db, ARTICLE, FakePage(b"1"))
    assert back == dataclasses.replace(first, outcome="changed")
    assert db["article_version"].count == 2


def test_articles_without_address_are_known_by_their_id(db):
    plain = Article(text="One.", id="a.txt")
    assert save_article(db, plain).outcome == "new"
    assert save_article(db, plain).outcome == "unchanged"
    assert save_article(db, Article(text="One.", id="b.txt")).outcome == "new"
    assert [r["external_id"] for r in db["article"].rows] == ["a.txt", "b.txt"]


def test_raw_page_is_kept_once_and_compressed(db):
    page = FakePage(b"<html>" + b"x" * 5000)
    save_article(db, ARTICLE, page)
    save_article(db, dataclasses.replace(ARTICLE, url="https://gazette.example/copy"), page)
    (row,) = db["raw_page"].rows
    assert zlib.decompress(row["body"]) == page.body
    assert row["bytes"] == len(page.body) > len(row["body"])
    assert {v["page_hash"] for v in db["article_version"].rows} == {row["hash"]}


def test_re_extraction_keeps_the_rows_of_what_it_finds_again(db):
    version = save(db)
    before = {r["text"]: (r["id"], r["public_id"]) for r in db["claim"].rows}
    link = {"public_id": "l1", "label": "same_quote", "a_kind": "claim", "b_kind": "claim", "score": 1.0}
    ids = [before[c.content.text][0] for c in (FIRST, SECOND)]
    db["link"].insert({**link, "a_id": ids[0], "b_id": ids[1], "explanation": "x", "found_at": "2024"})
    third = claim("c1", "We need a plan", None, None)
    moved = dataclasses.replace(FIRST, id="c2", modality="denied")
    save_findings(db, version, Findings((third, moved), (), ()), "m2", "0.2")
    after = {r["text"]: (r["id"], r["public_id"]) for r in db["claim"].rows}
    assert set(after) == {"We need a plan", FIRST.content.text}
    assert after[FIRST.content.text] == before[FIRST.content.text]
    assert db["figure"].count == db["date_mention"].count == 0
    assert db["link"].count == 0, "a link goes with the claim it led to"
    assert next(db.query("SELECT model, code FROM extraction_run")) == {"model": "m2", "code": "0.2"}


def test_full_text_follows_the_claims(db):
    version = save(db)
    found = "SELECT count(*) AS n FROM claim_fts WHERE claim_fts MATCH ?"
    assert next(db.query(found, ["tremblay roy"]))["n"] == 1
    assert next(db.query(found, ["count"]))["n"] == 1
    save_findings(db, version, Findings((FIRST,), (), ()), "m1", "0.1")
    assert next(db.query(found, ["count"]))["n"] == 0
    db.execute("INSERT INTO claim_fts(claim_fts) VALUES ('integrity-check')")


def test_speakers_aliases_and_roles_follow_the_claims(db):
    version = save(db)
    speakers = {r["name"]: r for r in db["speaker"].rows}
    assert set(speakers) == {"Odile Tremblay-Roy", "Anders Whitlock"}
    roles = {r["speaker"]: r for r in db.query("SELECT * FROM roles")}
    assert roles["Anders Whitlock"]["role"] == "premier"
    assert roles["Anders Whitlock"]["from_date"] == roles["Anders Whitlock"]["to_date"] == "2024-09-24"
    save_findings(db, version, Findings((FIRST,), (), ()), "m1", "0.1")
    assert [r["name"] for r in db["speaker"].rows] == ["Odile Tremblay-Roy"], "nobody else speaks any more"
    assert [r["alias"] for r in db["speaker_alias"].rows] == ["Odile Tremblay-Roy"]
    assert db["speaker_role"].count == 1


def test_a_joint_speaker_is_two_speakers_and_lends_no_alias(db):
    joint = Speaker(span("Anders Whitlock"), ("Anders Whitlock", "Odile Tremblay-Roy"), "person", "ministers", "named")
    save(db, found=Findings((dataclasses.replace(SECOND, speaker=joint, nested_in=None),)))
    assert db["claim_speaker"].count == 2
    assert db["speaker_alias"].count == 0
    assert next(db.query("SELECT speaker FROM claims"))["speaker"] == "Anders Whitlock; Odile Tremblay-Roy"


def test_measures_take_label_and_definition_from_the_vocabulary(db):
    save(db)
    assert next(db["measure"].rows)["label"] == "asylum claims"
    vocabulary = {"asylum_claims": {"label": "Asylum claims", "definition": "Claims for protection, by filing date."}}
    save(db, measures=vocabulary)
    (row,) = db["measure"].rows
    assert (row["label"], row["definition"]) == ("Asylum claims", "Claims for protection, by filing date.")


def test_two_findings_on_one_span_are_two_rows(db):
    save(db, found=Findings((FIRST, dataclasses.replace(FIRST, id="c9", nested_in="c1"))))
    assert db["claim"].count == 2


@pytest.mark.parametrize(
    ("article", "words"),
    [
        (Article(text="Words."), "`url` or an `id`"),
        (Article(text=" \n ", id="empty.txt"), "empty.txt: the article has no text"),
        (Article(text="a\x00b", id="bin"), "bin: holds a NUL"),
        (Article(text="a\ud800b", id="half"), "'half': holds half of a surrogate"),
        (Article(text="ab", title="\ud800", id="half"), "half of a surrogate"),
    ],
)
def test_bad_articles_are_refused_by_name(db, article, words):
    with pytest.raises(BadArticle, match=words):
        save_article(db, article)
    assert db["article"].count == 0


def test_a_wrong_span_costs_the_whole_transaction(db):
    version = save(db)
    before = dump(db)
    wrong = dataclasses.replace(DATE, start=DATE.start + 1, end=DATE.end + 1)
    with pytest.raises(BadSpan, match="March"):
        save_findings(db, version, Findings((SECOND,), (), (wrong,)), "m2", "0.2")
    assert dump(db) == before


def test_a_failure_is_a_row_and_keeps_earlier_findings(db):
    version = save(db)
    save_failure(db, version, "ValueError: odd", "m2", "0.2")
    (run,) = db["extraction_run"].rows
    assert (run["status"], run["error"]) == ("failed", "ValueError: odd")
    assert db["claim"].count == 2


def test_a_day_of_publication_that_appears_asks_for_another_extraction(db):
    save(db, dataclasses.replace(ARTICLE, published=None))
    assert db["extraction_run"].count == 1
    assert save_article(db, ARTICLE).outcome == "unchanged"
    assert db["extraction_run"].count == 0
    assert next(db["article_version"].rows)["published_on"] == "2024-09-24"


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        ("2024-09-24T23:30:00-04:00", "2024-09-24"),
        ("2024-09-24", "2024-09-24"),
        ("24 September", None),
        ("2024-13-01", None),
        (None, None),
    ],
)
def test_day_is_the_day_at_the_place(instant, expected):
    assert day(instant) == expected


def test_the_instant_of_fetching_is_kept_in_utc(db):
    save_article(db, dataclasses.replace(ARTICLE, fetched_at="2024-09-24T23:30:00-04:00"))
    assert next(db["article_version"].rows)["fetched_at"] == "2024-09-25T03:30:00+00:00"


def test_public_ids_part_their_fields():
    assert public_id("a", "bc") != public_id("ab", "c")
    assert public_id("a") == public_id("a") and len(public_id("a")) == 16


def test_paragraph_ends_at_blank_lines_and_narrows_to_the_line_when_long():
    text = "One.\n\nTwo 2.\nStill two.\n\nThree."
    start, end = paragraph(text, text.index("2"), text.index("2") + 1)
    assert text[start:end] == "Two 2.\nStill two."
    long = "x" * 900 + "\n" + "y 7 " + "z" * 900
    start, end = paragraph(long, long.index("7"), long.index("7") + 1)
    assert long[start:end].startswith("y 7") and json.dumps(long[start:end]).count("\\n") == 0
