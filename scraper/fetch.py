"""URL → Page, as a guest: robots.txt, one request at a time to a host, limits on everything.

with Fetcher(contact="news-desk@example.org") as fetcher:
    page = fetcher.get("https://news.example/story", source=source)
"""

from __future__ import annotations

import logging
import os
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import NoReturn
from urllib.parse import urlsplit

import requests
from requests.utils import get_environ_proxies

from scraper import addresses, charset, urls
from scraper.clock import Clock
from scraper.errors import (
    AddressRefused,
    FetchError,
    Gone,
    HttpError,
    NotFound,
    RedirectRefused,
    SchemeRefused,
    ServerError,
    TlsFailed,
    TooSlow,
    TryLater,
    Unreachable,
)
from scraper.hosts import HostMemory, Hosts
from scraper.page import Page
from scraper.robots import Robots
from scraper.sources import Source
from scraper.transport import Transport, read_body

log = logging.getLogger(__name__)

PRODUCT = "OnRecord"
VERSION = "0.1"
_REDIRECTS = {301, 302, 303, 307, 308}
_SOFT = {408, 425, 500, 502, 503, 504, 520, 521, 522, 523, 524}
_DEFAULT_PAUSE = timedelta(minutes=15)
_LONGEST_PAUSE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds and bytes that one page may cost. `patience`: the longest pause waited for rather than put off."""

    connect: float = 10.0
    read: float = 30.0
    total: float = 90.0
    transferred: int = 20 * 1024 * 1024
    decoded: int = 30 * 1024 * 1024
    redirects: int = 10
    attempts: int = 3
    backoff: float = 2.0
    patience: float = 120.0


class _Session(requests.Session):
    """Leaves redirects to us: requests would read their bodies whole, whatever our limits."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Memory:
    """What a fetcher knows of hosts: when each last answered and until when it is to be left alone; and the robots.txt
    of each origin, until when it is good and its text (None where there is none)."""

    hosts: Mapping[str, HostMemory]
    robots: Mapping[str, tuple[datetime, str | None]]


class Fetcher:
    """Fetches pages for sources. May be shared by threads: a host still gets one request at a time.

    `contact` (an address or e-mail where a site's owner reaches us) goes into the User-Agent unless the source has its
    own; `user_agent` replaces the whole line. `clock` and `jitter` are arguments so that tests need not wait.
    """

    def __init__(
        self,
        user_agent: str | None = None,
        contact: str | None = None,
        limits: Limits | None = None,
        clock: Clock | None = None,
        jitter: random.Random | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self.clock = clock or Clock()
        self._user_agent = user_agent
        self._warned = False
        self._contact = contact
        self._jitter = jitter or random.Random()
        self._hosts = Hosts(self.clock, self.limits.patience)
        token = re.split(r"[/\s]", user_agent or PRODUCT, maxsplit=1)[0]
        self._robots = Robots(token, self.clock)
        self._transport = Transport()
        self._session = _Session()
        # No .netrc: a scraper must not log in anywhere by accident. Proxies are asked for by name below.
        self._session.trust_env = False
        self._session.mount("http://", self._transport)
        self._session.mount("https://", self._transport)

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        self._session.close()

    def sitemaps(self, url: str) -> list[str]:
        """The sitemaps that the robots.txt of a host that was asked already names."""
        return self._robots.sitemaps(url)

    def crawl_delay(self, url: str) -> float:
        """The pause, in seconds, that the robots.txt of a host that was asked already wants between two requests."""
        return self._robots.crawl_delay(url)

    def memory(self) -> Memory:
        """What is to be kept for the next run, so that it is as polite as if this one had gone on."""
        return Memory(self._hosts.known(), self._robots.known())

    def restore(self, memory: Memory) -> None:
        """Go on from an earlier run."""
        self._hosts.restore(memory.hosts, _LONGEST_PAUSE)
        self._robots.restore(memory.robots)

    def user_agent(self, source: Source | None = None) -> str:
        """Who we say we are: product, version and where to complain."""
        if self._user_agent:
            return self._user_agent
        contact = (source.contact if source else None) or self._contact
        if not contact and not self._warned and not (source and source.allow_private):
            self._warned = True
            log.warning("no `contact` in sources.yml: site owners cannot reach you and may block the scraper")
        return f"{PRODUCT}/{VERSION} (+{contact})" if contact else f"{PRODUCT}/{VERSION}"

    def get(
        self, url: str, etag: str | None = None, last_modified: str | None = None, *, source: Source | None = None
    ) -> Page:
        """Fetch `url` for `source`, following redirects hop by hop; with the validators of an earlier answer, a page
        that has not changed comes back with `not_modified` and no body.

        Raises a FetchError: Refused, Unreachable, TlsFailed, TooSlow, TooLarge, Truncated, RedirectRefused, HttpError
        or TryLater. Soft ones have been retried already, with growing pauses.
        """
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {name: value for name, value in conditions.items() if value}
        return self._follow(url, headers, source, robots=True)

    def _follow(self, url: str, headers: dict[str, str], source: Source | None, robots: bool) -> Page:
        hops: list[str] = []
        permanent = True
        seen: set[tuple[str, int]] = set()
        address = url
        while True:
            self._check_scheme(address)
            delay = source.delay if source else 0.0
            if robots:
                delay = max(delay, self._robots.check(address, lambda at: self._follow(at, {}, source, robots=False)))
            # Coming back to an address is only a loop when nothing, such as a cookie, was gained on the way.
            seen.add((address, len(self._session.cookies)))
            page = self._ask_patiently(address, headers, source, delay)
            if page.status not in _REDIRECTS:
                return replace(page, url=url, aliases=tuple(hops), moved=bool(hops) and permanent)
            permanent = permanent and page.status in (301, 308)
            hops.append(address)
            address = self._next_hop(address, page, hops, seen)

    def _next_hop(self, address: str, page: Page, hops: list[str], seen: set[tuple[str, int]]) -> str:
        target = urls.join_any(address, page.headers.get("location", ""))
        if not target:
            raise RedirectRefused(address, f"HTTP {page.status} without a usable Location")
        if (target, len(self._session.cookies)) in seen:
            raise RedirectRefused(hops[0], f"redirect loop through {target}")
        if len(hops) > self.limits.redirects:
            raise RedirectRefused(hops[0], f"more than {self.limits.redirects} redirects")
        return target

    @staticmethod
    def _check_scheme(url: str) -> None:
        if urlsplit(url).scheme not in ("http", "https"):
            raise SchemeRefused(url, "only http and https are fetched")
        if not urls.is_web(url):
            raise SchemeRefused(url, "not a complete address")

    def _ask_patiently(self, url: str, headers: dict[str, str], source: Source | None, delay: float) -> Page:
        """Ask up to `limits.attempts` times, as long as the failure is of the kind that passes."""
        for attempt in range(1, self.limits.attempts + 1):
            try:
                with self._hosts.turn(url, delay):
                    return self._ask(url, headers, source)
            except TryLater as error:
                self._hosts.pause(url, error.until)
                raise
            except FetchError as error:
                if not error.soft or attempt == self.limits.attempts:
                    raise
                pause = self.limits.backoff * 2 ** (attempt - 1) * (1 + self._jitter.random() / 2)
                log.info("%s; attempt %d, again in %.1f s", error, attempt, pause)
                self.clock.sleep(pause)
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _ask(self, url: str, headers: dict[str, str], source: Source | None) -> Page:
        """One request. Returns 2xx, 3xx; raises for the rest."""
        allow_private = bool(source and source.allow_private)
        proxies = get_environ_proxies(url)
        if not allow_private:
            addresses.check(url, resolve=urlsplit(url).scheme not in proxies)
        sent = {
            "User-Agent": self.user_agent(source),
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5",
            "Accept-Encoding": "gzip, deflate",
            "Accept-Language": f"{source.lang if source else 'en'},*;q=0.5",
            **headers,
        }
        with self._transport.exchange(url, self.limits.total, allow_private):
            try:
                return self._exchange(url, sent, dict(proxies))
            except requests.RequestException as error:
                _raise_typed(url, error)

    def _exchange(self, url: str, headers: dict[str, str], proxies: dict[str, str]) -> Page:
        with self._session.get(
            url,
            headers=headers,
            proxies=proxies,
            stream=True,
            allow_redirects=False,
            timeout=(self.limits.connect, self.limits.read),
            verify=os.environ.get("REQUESTS_CA_BUNDLE") or True,
        ) as response:
            self._check_status(url, response)
            body = b""
            if response.status_code not in _REDIRECTS | {304}:
                body = read_body(response, url, self.limits.transferred, self.limits.decoded)
        received = {name.lower(): value for name, value in response.headers.items()}
        return Page(
            url=url,
            final_url=url,
            status=response.status_code,
            headers=received,
            body=body,
            content_type=received.get("content-type"),
            encoding=charset.detect(body, received.get("content-type")),
            etag=received.get("etag"),
            last_modified=received.get("last-modified"),
            fetched_at=self.clock.now().isoformat(timespec="seconds"),
            not_modified=response.status_code == 304,
        )

    def _check_status(self, url: str, response: requests.Response) -> None:
        status, reason = response.status_code, response.reason or ""
        if status < 400:
            return
        now = self.clock.now()
        until = retry_after(response.headers.get("Retry-After"), now)
        if status in (429, 503) and until is not None:
            raise TryLater(url, until, f"HTTP {status} {reason}".strip())
        if status == 429:
            raise TryLater(url, now + _DEFAULT_PAUSE, f"HTTP {status} {reason}".strip())
        if status in _SOFT:
            raise ServerError(url, status, reason)
        raise {404: NotFound, 410: Gone}.get(status, HttpError)(url, status, reason)


def retry_after(value: str | None, now: datetime) -> datetime | None:
    """The instant a Retry-After header means, in seconds or as an HTTP date; None when it is neither.

    A pause is never longer than a day, so that a mistyped year does not silence a source.
    """
    if value is None:
        return None
    try:
        until = now + timedelta(seconds=float(value.strip()))
    except (ValueError, OverflowError):
        try:
            until = parsedate_to_datetime(value)
        except (ValueError, TypeError):
            return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(until, now), now + _LONGEST_PAUSE)


def _raise_typed(url: str, error: requests.RequestException) -> NoReturn:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, AddressRefused):
            raise AddressRefused(url, cause.reason) from error
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, requests.exceptions.SSLError):
        raise TlsFailed(url, f"no secure connection ({_innermost(error)})") from error
    if isinstance(error, requests.Timeout):
        raise TooSlow(url, f"no answer in time ({_innermost(error)})") from error
    raise Unreachable(url, f"no connection ({_innermost(error)})") from error


def _innermost(error: BaseException) -> BaseException:
    while (inner := error.__cause__ or error.__context__) is not None:
        error = inner
    return error
