"""Articles from files: what a good one becomes and what each bad one says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scraper import ScrapeError, TryLater, archive, schedule
from scraper.article import Article
from scraper.errors import NotFound, ServerError
from scraper.parallel import side_by_side

NOW = datetime(2024, 9, 24, 12, tzinfo=UTC)


def write(tmp_path: Path, name: str, data: str | bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def no_page(page):
    raise AssertionError("not a page")


@pytest.mark.parametrize(
    ("line", "article", "why"),
    [
        ('{"id": "1", "text": "A b."}', Article("A b.", id="1"), "an id is enough"),
        ('{"url": "https://a.example/", "text": "A"}', Article("A", url="https://a.example/"), "or an address"),
        ('\ufeff{"id": "1", "text": "A"}', Article("A", id="1"), "a byte order mark is none of the text"),
        ('{"id": "1", "text": "A\\r\\nB “c”"}', Article("A\r\nB “c”", id="1"), "the text is unchanged"),
        (
            '{"id": "1", "text": "A", "title": "", "claims": []}',
            Article("A", id="1"),
            "empty is absent",
        ),
        (
            '{"id": "1", "text": "A", "published": "2024-09-24T08:00:00Z"}',
            Article("A", id="1", published="2024-09-24T08:00:00Z"),
            "dates come back as given",
        ),
    ],
)
def test_objects(tmp_path, line, article, why):
    assert list(archive.articles(write(tmp_path, "a.jsonl", line + "\n"))) == [article], why


@pytest.mark.parametrize(
    ("data", "where", "words"),
    [
        (b"", "", "is empty"),
        (b"\n \n", "", "is empty"),
        (b"\x00\x01\x02", ":1", "binary data"),
        (b'[{"id": "1", "text": "A"}]', ":1", "one JSON array"),
        (b'[\n{"id": "1", "text": "A"}\n]', ":1", "one JSON array"),
        (b'{"id": "1", "text"', ":1", "malformed JSON"),
        (b'\n{"id": 1, "text": "A"}', ":2", "`id` must be text, not int"),
        (b'"text"', ":1", "not an object"),
        (b'{"id": "1"}', ":1", "no `text`"),
        (b'{"id": "1", "text": " "}', ":1", "no `text`"),
        (b'{"text": "A"}', ":1", "neither `url` nor `id`"),
        (b'{"id": "1", "text": "A", "published": "24 Sept"}', ":1", "not ISO 8601: '24 Sept'"),
        (b'{"id": "1", "text": "\xe9"}', ":1", "not UTF-8 at byte 21"),
        (b"[" * 100_000, ":1", "nested too deeply"),
    ],
)
def test_bad_objects_say_where_and_why(tmp_path, data, where, words):
    path = write(tmp_path, "a.jsonl", data)
    (error,) = archive.articles(path)
    assert isinstance(error, ScrapeError)
    assert error.url == f"{path}{where}"
    assert words in error.reason


def test_a_bad_line_costs_only_itself(tmp_path):
    lines = '{"id": "1", "text": "A"}\nnonsense\n{"id": "2", "text": "B"}\n'
    found = list(archive.articles(write(tmp_path, "a.jsonl", lines)))
    assert [getattr(one, "id", None) for one in found] == ["1", None, "2"]


def test_a_text_is_unchanged(tmp_path):
    text = "One “two”.\r\n\r\n  Three\u2028four. "
    assert list(archive.load(write(tmp_path, "a.txt", text), no_page)) == [Article(text)]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.txt", b"", "is empty"),
        ("a.txt", b" \n", "is empty"),
        ("a.txt", b"\x89PNG\r\n\x00\x00", "binary data"),
        ("a.txt", b"caf\xe9 ferm\xe9", "not UTF-8 at byte 3"),
    ],
)
def test_bad_texts_say_why(tmp_path, name, data, words):
    path = write(tmp_path, name, data)
    (error,) = archive.load(path, no_page)
    assert isinstance(error, ScrapeError) and error.url == str(path) and words in error.reason


@pytest.mark.parametrize("name", ["none.txt", "none.html", "none.jsonl"])
def test_absent_files_and_folders_are_named(tmp_path, name):
    (error,) = archive.load(tmp_path / name, no_page)
    assert isinstance(error, ScrapeError) and "No such file" in str(error) and name in str(error)
    (tmp_path / name).mkdir()
    (error,) = archive.load(tmp_path / name, no_page)
    assert isinstance(error, ScrapeError) and "Is a directory" in str(error)


def test_a_saved_page_is_given_to_the_reader(tmp_path):
    path = write(tmp_path, "a.HTML", "<p>x")
    assert list(archive.load(path, lambda page: Article(page.text))) == [Article("<p>x")]


@pytest.mark.parametrize(
    ("age", "wait", "why"),
    [
        (timedelta(0), timedelta(minutes=10), "a new page after ten minutes"),
        (timedelta(minutes=15), timedelta(minutes=10), "never sooner"),
        (timedelta(hours=10), timedelta(hours=5), "after half its age"),
        (timedelta(days=15), timedelta(days=30), "monthly when it has stood still for two weeks"),
        (None, timedelta(days=30), "and so what is off the topic"),
    ],
)
def test_answers_are_looked_at_again(age, wait, why):
    changed = None if age is None else NOW - age
    assert schedule.after_answer(NOW, changed) - NOW == wait, why


@pytest.mark.parametrize(
    ("error", "failures", "wait", "why"),
    [
        (ServerError("u", 500), 1, timedelta(minutes=15), "what may pass is tried soon"),
        (ServerError("u", 500), 3, timedelta(hours=1), "then later and later"),
        (ServerError("u", 500), 5000, timedelta(days=1), "at least daily"),
        (NotFound("u", 404), 1, timedelta(hours=1), "a first 404 may be a slip"),
        (NotFound("u", 404), 2, timedelta(days=7), "what will not pass, in a week"),
        (ValueError("a fault of ours"), 1, timedelta(days=7), "nor does a fault of ours"),
        (TryLater("u", NOW + timedelta(minutes=3)), 9, timedelta(minutes=3), "the host's word counts"),
    ],
)
def test_failures_are_tried_again(error, failures, wait, why):
    assert schedule.after_failure(NOW, error, failures) - NOW == wait, why


def test_what_failed_together_is_not_asked_for_together():
    pauses = [schedule.after_failure(NOW, ServerError("u", 500), 2, chance / 10) - NOW for chance in range(10)]
    assert pauses == sorted(set(pauses)) and timedelta(minutes=30) <= pauses[0] < pauses[-1] < timedelta(minutes=38)


def test_side_by_side_keeps_the_order_within_a_group_and_yields_errors():
    def halve(number: int) -> int:
        if number % 2:
            raise ValueError(number)
        return number // 2

    found = list(side_by_side([[2, 3, 4], [6], []], halve))
    assert sorted(number for number, _ in found) == [2, 3, 4, 6]
    assert [number for number, _ in found if number < 6] == [2, 3, 4]
    results = dict(found)
    assert (results[2], results[6]) == (1, 3) and isinstance(results[3], ValueError)


def test_side_by_side_stops_with_its_consumer():
    done: list[int] = []
    results = side_by_side([range(1000)], lambda n: done.append(n) or n, workers=1)
    next(results)
    results.close()
    assert len(done) < 1000
