"""`sources.yml`: which outlets are read, how their articles are found, and which of them are on the topic."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from scraper import urls as addresses
from scraper.errors import SourcesError
from scraper.templates import BadTemplate, Template
from scraper.templates import parse as parse_template

Kind = Literal["feed", "sitemap", "listing", "pages"]
KINDS: tuple[Kind, ...] = ("feed", "sitemap", "listing", "pages")
DELAY = 5.0
MAX_ITEMS = 100


@dataclass(frozen=True, slots=True)
class Keywords:
    """A topic: an article is on it when a term of `include` occurs (all articles, when there are none) and none of
    `exclude`. A term matches whole words, whatever their case and accents; `*` stands for the rest of a word."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """One entry of `sources.yml`.

    `delay`: least number of seconds between two requests to a host; robots.txt may ask for more. `selector`: CSS, the
    links on a listing page. `timezone`: of dates that state no offset. `allow_private`: may be on a private address.
    `contact`: where the outlet reaches us, sent in the User-Agent. `max_items`: most articles taken in one run.
    `site`: the outlet's own host, where its pages are fetched from another one (a mirror, the demonstration): canonical
    addresses there are believed as well. `templates`: how the outlet's pages are read, see scraper.templates.
    """

    name: str
    outlet: str
    kind: Kind
    urls: tuple[str, ...]
    lang: str = "en"
    enabled: bool = True
    keywords: Keywords = Keywords()
    delay: float = DELAY
    selector: str | None = None
    allow_private: bool = False
    timezone: str | None = None
    contact: str | None = None
    max_items: int = MAX_ITEMS
    site: str | None = None
    templates: tuple[Template, ...] = ()

    @property
    def url(self) -> str:
        """The first address."""
        return self.urls[0]


def load_sources(path: str | Path) -> list[Source]:
    """The sources of a file, in its order, disabled ones included. Raises SourcesError naming file, line and key."""
    return _file(path).sources()


def _file(path: str | Path) -> _File:
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise SourcesError(str(path), f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SourcesError(str(path), f"is not UTF-8 text (byte {error.start})") from error
    return _File(str(path), text)


def load_topics(path: str | Path) -> dict[str, Keywords]:
    """The topics of a file by name. Raises SourcesError."""
    return _file(path).topics()


def add_entry(path: str | Path, name: str, entry: str) -> None:
    """Put `entry` (YAML of one source, as it stands under `sources:`) behind the last source of a file, or begin one.

    Nothing else in the file changes, comments and line ends included; it is replaced when all sources that were there
    are still the same. Raises SourcesError.
    """
    path = Path(path)
    before = load_sources(path) if path.exists() else []
    if name in {source.name for source in before}:
        raise SourcesError(str(path), "is there already; choose another --name", key=f"sources.{name}")
    part = path.with_name(f".{path.name}.part")
    try:
        data = path.read_bytes().decode("utf-8") if path.exists() else "sources:\n"
        end = "\r\n" if "\r\n" in data else "\n"
        lines = data.replace("\r\n", "\n").rstrip("\n").split("\n")
        at, indent = _end_of_sources(data.removeprefix("\ufeff"), len(lines))
        lines[at:at] = [" " * indent + line for line in entry.rstrip("\n").split("\n")]
        part.write_bytes((end.join(lines) + end).encode())
        try:
            after = load_sources(part)
        except SourcesError as error:
            raise SourcesError(str(path), f"the entry does not fit in ({error.reason}); put it in by hand") from error
        if after[:-1] != before or after[-1].name != name:
            raise SourcesError(str(path), "the entry would change another source; put it in by hand")
        if path.exists():
            part.chmod(path.stat().st_mode)
        part.replace(path)
    except OSError as error:
        raise SourcesError(str(path), f"cannot be written: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)


def _end_of_sources(text: str, lines: int) -> tuple[int, int]:
    """The line behind the last source, counted from 0, and by how much its key is indented."""
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    entries = next((value for key, value in pairs if key.value == "sources"), None)
    if not isinstance(entries, yaml.MappingNode) or not entries.value:
        return lines, 2
    last_key, last_value = entries.value[-1]
    deepest: yaml.Node = last_value
    while isinstance(deepest, yaml.MappingNode | yaml.SequenceNode) and deepest.value:
        last = deepest.value[-1]
        key, deepest = last if isinstance(last, tuple) else (last, last)
        if deepest.start_mark.line < key.start_mark.line:  # an alias: what it stands for is somewhere above
            return key.end_mark.line + 1, last_key.start_mark.column
    end = deepest.end_mark  # of a block text it is the beginning of the next line
    return end.line + (end.column > 0), last_key.start_mark.column


def matches(source: Source, *texts: str | None) -> bool:
    """Whether `texts` (title, summary, body; None is skipped) are on the topic of `source`, taken together."""
    text = _fold("\n".join(text for text in texts if text))
    include, exclude = _pattern(source.keywords.include), _pattern(source.keywords.exclude)
    if exclude is not None and exclude.search(text):
        return False
    return include is None or include.search(text) is not None


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.replace("’", "'").casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


@lru_cache(maxsize=256)
def _pattern(terms: tuple[str, ...]) -> re.Pattern[str] | None:
    if not terms:
        return None
    bodies = (r"\s+".join(re.escape(word) for word in _fold(term).split()).replace(r"\*", r"\w*") for term in terms)
    return re.compile(rf"(?<!\w)(?:{'|'.join(bodies)})(?!\w)")


_TOP = ("contact", "topics", "defaults", "sources")
_DEFAULTS = ("lang", "enabled", "topic", "keywords", "delay", "timezone", "contact", "max_items")
_DEEPEST = 6  # levels of the file that are looked at: an alias may point at what holds it
_SETTINGS = ("outlet", *KINDS, *_DEFAULTS, "selector", "allow_private", "site", "templates")


class _File:
    """The file's data with the line of every key, and the checks on it."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self._lines: dict[tuple[Hashable, ...], int] = {}
        try:
            node = yaml.compose(text, Loader=yaml.SafeLoader)
            self._locate(node, ())
            data = yaml.safe_load(text)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            problem = getattr(error, "problem", None) or str(error)
            raise SourcesError(path, f"is not YAML: {problem}", line=mark.line + 1 if mark else None) from error
        self._data = self._mapping((), data, _TOP)

    def topics(self) -> dict[str, Keywords]:
        found = self._mapping(("topics",), self._data.get("topics") or {})
        return {name: self._keywords(("topics", name), value) for name, value in found.items()}

    def sources(self) -> list[Source]:
        self._topics = self.topics()
        defaults = self._mapping(("defaults",), self._data.get("defaults") or {}, _DEFAULTS)
        entries = self._mapping(("sources",), self._data.get("sources"))
        if not entries:
            self._fail(("sources",), "lists no source; add one, see the comments at the top of the file")
        return [self._source(str(name), entry, defaults) for name, entry in entries.items()]

    def _source(self, name: str, entry: Any, defaults: dict[str, Any]) -> Source:
        key = ("sources", name)
        own = self._mapping(key, entry, _SETTINGS)
        kinds = [kind for kind in KINDS if kind in own]
        if len(kinds) != 1:
            self._fail(key, f"needs exactly one of {', '.join(KINDS)}; it has {', '.join(kinds) or 'none'}")
        kind = kinds[0]
        given = {**defaults, **own}
        settings = {name: value for name, value in given.items() if name in _FIELDS}
        for setting, value in settings.items():
            self._check(key if setting in own else ("defaults",), setting, value)
        if kind == "listing" and "selector" not in own:
            self._fail(key, "a listing needs `selector`, the CSS selector of its links")
        settings.setdefault("contact", self._contact())
        settings["keywords"] = self._topic(key, given, own)
        settings["templates"] = self._templates((*key, "templates"), own.get("templates") or [])
        settings.setdefault("outlet", name)
        return Source(name=name, kind=kind, urls=self._urls((*key, kind), own[kind]), **settings)

    def _topic(self, key: tuple[str, ...], given: dict[str, Any], own: dict[str, Any]) -> Keywords:
        if "keywords" in own or ("keywords" in given and "topic" not in own):
            where = key if "keywords" in own else ("defaults",)
            listed = self._keywords((*where, "keywords"), given["keywords"])
            if not given["keywords"].get("extend"):
                return listed
            topic = self._named_topic(key, given, own)
            return Keywords(topic.include + listed.include, topic.exclude + listed.exclude)
        return self._named_topic(key, given, own)

    def _named_topic(self, key: tuple[str, ...], given: dict[str, Any], own: dict[str, Any]) -> Keywords:
        topic = given.get("topic")
        if topic is None:
            return Keywords()
        if topic not in self._topics:
            where = key if "topic" in own else ("defaults",)
            self._fail((*where, "topic"), f"{topic!r} is not under `topics`: {', '.join(self._topics) or 'none there'}")
        return self._topics[topic]

    def _keywords(self, key: tuple[str, ...], value: Any) -> Keywords:
        known = ("include", "exclude", *(("extend",) if key[-1] == "keywords" else ()))
        lists = dict(self._mapping(key, value, known))
        if not isinstance(lists.pop("extend", False), bool):
            self._fail((*key, "extend"), "must be true or false")
        for name, terms in lists.items():
            if not isinstance(terms, list) or not all(isinstance(term, str) and term.strip(" *") for term in terms):
                self._fail((*key, name), "must be a list of words or phrases")
        return Keywords(tuple(lists.get("include", ())), tuple(lists.get("exclude", ())))

    def _templates(self, key: tuple[str, ...], value: Any) -> tuple[Template, ...]:
        found = []
        for entry in value if isinstance(value, list) else [value]:
            try:
                found.append(parse_template(entry))
            except BadTemplate as error:
                self._fail(key, str(error))
        return tuple(found)

    def _urls(self, key: tuple[str, ...], value: Any) -> tuple[str, ...]:
        found = value if isinstance(value, list) else [value]
        for url in found:
            if not isinstance(url, str) or not addresses.is_web(url):
                self._fail(key, f"{url!r} is not an address that starts with http:// or https://")
        if not found:
            self._fail(key, "has no address")
        return tuple(found)

    def _contact(self) -> str | None:
        contact = self._data.get("contact")
        self._check((), "contact", contact)
        return cast("str | None", contact)

    def _check(self, key: tuple[str, ...], name: str, value: Any) -> None:
        """Types and ranges of the plain settings."""
        wrong = _FIELDS[name](value)
        if wrong:
            self._fail((*key, name), f"{value!r} is not {wrong}")

    def _mapping(self, key: tuple[str, ...], value: Any, allowed: tuple[str, ...] | None = None) -> dict[str, Any]:
        if not isinstance(value, dict):
            self._fail(key, "must be a mapping of names to settings" if key else "must have a `sources:` mapping")
        for name in value:
            if allowed is not None and name not in allowed:
                self._fail((*key, name), f"unknown setting; there are {', '.join(allowed)}")
        return cast("dict[str, Any]", value)

    def _locate(self, node: yaml.Node | None, key: tuple[Hashable, ...]) -> None:
        """Note the line of every key; a key given twice is an error, as YAML would silently drop the first."""
        if not isinstance(node, yaml.MappingNode) or len(key) > _DEEPEST:
            return
        for name, value in node.value:
            path = (*key, name.value)
            if path in self._lines:
                self._fail(path, f"given twice, first in line {self._lines[path]}", name.start_mark.line + 1)
            self._lines[path] = name.start_mark.line + 1
            self._locate(value, path)

    def _fail(self, key: tuple[Hashable, ...], reason: str, line: int | None = None) -> Any:
        where = next((self._lines[key[:n]] for n in range(len(key), 0, -1) if key[:n] in self._lines), None)
        raise SourcesError(self.path, reason, line=line or where, key=".".join(map(str, key)) or None)


def _text(value: Any) -> str | None:
    return None if isinstance(value, str) and value.strip() else "a text"


def _optional_text(value: Any) -> str | None:
    return None if value is None else _text(value)


def _flag(value: Any) -> str | None:
    return None if isinstance(value, bool) else "true or false"


def _seconds(value: Any) -> str | None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return None if number and 0 <= value <= 86400 else "a number of seconds from 0 to 86400"


def _count(value: Any) -> str | None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return None if whole and value > 0 else "a whole number above 0"


def _timezone(value: Any) -> str | None:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        return "the name of a time zone, such as America/Toronto"
    return None


def _language(value: Any) -> str | None:
    return None if isinstance(value, str) and re.fullmatch(r"[a-z]{2}(-[A-Z]{2})?", value) else "a language, such as en"


def _host(value: Any) -> str | None:
    named = isinstance(value, str) and re.fullmatch(r"[\w-]+(\.[\w-]+)+", value)
    return None if named else "a host, such as news.example"


def _selector(value: Any) -> str | None:
    from soupsieve import SelectorSyntaxError
    from soupsieve import compile as compile_selector

    try:
        compile_selector(value)
    except (SelectorSyntaxError, TypeError, AttributeError):
        return "a CSS selector, such as article h2 a"
    return None


# What is wrong with a value of each plain setting, None when nothing is.
_FIELDS = {
    "outlet": _text,
    "lang": _language,
    "enabled": _flag,
    "delay": _seconds,
    "selector": _selector,
    "allow_private": _flag,
    "timezone": _timezone,
    "contact": _optional_text,
    "max_items": _count,
    "site": _host,
}
assert set(_FIELDS) <= {field.name for field in fields(Source)}
