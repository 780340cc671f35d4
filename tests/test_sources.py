"""sources.yml: what is read from it, and what its errors say."""

from __future__ import annotations

from pathlib import Path

import pytest

from scraper import Keywords, Source, SourcesError, load_sources, matches

GOOD = """
contact: desk@courier.example
topics:
  immigration:
    include: [immigra*, "asylum seeker*", réfugié]
    exclude: ["migrant bird*"]
defaults:
  topic: immigration
  delay: 2.5
  timezone: America/Toronto
sources:
  ledger:
    outlet: Harbour Ledger
    feed: https://ledger.example/rss
  bulletin:
    outlet: Port Bulletin
    listing: [https://bulletin.example/latest, https://bulletin.example/city]
    selector: main h3 a
    enabled: false
    delay: 0
    topic: null
  gazette:
    sitemap: https://gazette.example/news.xml
    keywords: {include: [visa]}
    contact: https://courier.example/bot
"""


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "sources.yml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_settings_defaults_and_topics(tmp_path):
    ledger, bulletin, gazette = load_sources(write(tmp_path, GOOD))
    assert ledger == Source(
        name="ledger",
        outlet="Harbour Ledger",
        kind="feed",
        urls=("https://ledger.example/rss",),
        keywords=Keywords(("immigra*", "asylum seeker*", "réfugié"), ("migrant bird*",)),
        delay=2.5,
        timezone="America/Toronto",
        contact="desk@courier.example",
    )
    assert (bulletin.kind, bulletin.selector, bulletin.enabled, bulletin.delay) == ("listing", "main h3 a", False, 0)
    assert bulletin.keywords == Keywords(), "`topic: null` takes everything"
    assert len(bulletin.urls) == 2 and bulletin.url == "https://bulletin.example/latest"
    assert gazette.keywords == Keywords(("visa",)), "own keywords go before the topic"
    assert (gazette.outlet, gazette.contact) == ("gazette", "https://courier.example/bot")


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "says"),
    [
        ("feed: https://ledger", "feed: ledger", 14, "sources.ledger.feed", "http"),
        ("feed: https://ledger", "rss: https://ledger", 14, "sources.ledger.rss", "unknown setting"),
        ("    feed: https://ledger.example/rss\n", "", 12, "sources.ledger", "exactly one of feed, sitemap"),
        ("    selector: main h3 a\n", "", 15, "sources.bulletin", "selector"),
        ("selector: main h3 a", 'selector: "main >> a["', 18, "sources.bulletin.selector", "CSS selector"),
        ("delay: 2.5", "delay: fast", 9, "defaults.delay", "seconds"),
        ("delay: 0", "delay: -1", 20, "sources.bulletin.delay", "seconds"),
        ("enabled: false", "enabled: maybe", 19, "sources.bulletin.enabled", "true or false"),
        ("America/Toronto", "America/Torronto", 10, "defaults.timezone", "time zone"),
        ("topic: immigration", "topic: imigration", 8, "defaults.topic", "not under `topics`"),
        ("topic: null", "topic: sport", 21, "sources.bulletin.topic", "not under `topics`"),
        ("{include: [visa]}", "{include: visa}", 24, "sources.gazette.keywords.include", "list of words"),
        ("  bulletin:", "  ledger:", 15, "sources.ledger", "given twice"),
        ("sources:", "source:", 11, "source", "unknown setting"),
        ("contact: desk@courier.example", "contact: 5", 2, "contact", "text"),
    ],
)
def test_errors_name_file_line_and_key(tmp_path, old, new, line, key, says):
    path = write(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(SourcesError) as caught:
        load_sources(path)
    error = caught.value
    assert (error.line, error.key) == (line, key)
    assert str(error).startswith(f"{path}:{line}: {key}: ") and says in str(error)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("sources: [", "is not YAML"),
        ("\tsources:", "is not YAML"),
        ("", "must have a `sources:` mapping"),
        ("- a\n- b", "must have a `sources:` mapping"),
        ("sources: {}", "lists no source"),
        ("sources:\n  a: 5", "must be a mapping"),
        (b"sources:\n  \xff\xfe: x", "is not UTF-8"),
        ("sources:\n  a: !!python/object:os.system {}", "is not YAML"),
    ],
)
def test_files_that_are_no_sources(tmp_path, text, says):
    path = write(tmp_path, text)
    with pytest.raises(SourcesError, match=says) as caught:
        load_sources(path)
    assert str(caught.value).startswith(str(path))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(SourcesError, match=r"nowhere\.yml: cannot be read"):
        load_sources(tmp_path / "nowhere.yml")


@pytest.mark.parametrize(
    ("texts", "expected", "why"),
    [
        (("Immigration levels to fall",), True, "the rest of a word"),
        (("IMMIGRANTS welcome",), True, "case"),
        (("An asylum\nseeker’s case",), True, "words of a phrase across a line"),
        (("Un refugie arrive",), True, "accents left out"),
        (("Les RÉFUGIÉ",), True, "accents in capitals"),
        (("Les réfugiées",), False, "whole words only, where no star says otherwise"),
        (("Reimmigration",), False, "not in the middle of a word"),
        (("City budget passes", None, "It spoke of immigration once."), True, "any of the texts; None is skipped"),
        (("Immigration office", "and migrant birds return"), False, "an excluded term wins"),
        ((None,), False, "nothing to go by"),
    ],
)
def test_topic(tmp_path, texts, expected, why):
    ledger = load_sources(write(tmp_path, GOOD))[0]
    assert matches(ledger, *texts) is expected, why


def test_without_keywords_everything_is_on_topic(tmp_path):
    assert matches(load_sources(write(tmp_path, GOOD))[1], "Curling final")


def test_the_file_that_ships():
    sources = load_sources(Path(__file__).parents[1] / "sources.yml")
    names = [source.name for source in sources]
    assert len(names) == len(set(names)) and len(names) >= 20
    assert {source.lang for source in sources if source.enabled} == {"en"}, "the extraction reads English"
    assert {"fr", "en"} == {source.lang for source in sources}
    assert all(source.url.startswith("https://") and not source.allow_private for source in sources)
    assert all(source.delay >= 1 for source in sources)
    politics = next(source for source in sources if source.name == "cbc-politics")
    assert matches(politics, "Ottawa to cap study permits", None)
    assert not matches(politics, "Finance minister tables budget", "Deficit grows")
