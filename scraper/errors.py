"""What can go wrong between a source and an article, as one tree.

Every error prints the URL and the cause. `soft` errors may pass by themselves (ask again later); the others will not.
"""

from __future__ import annotations

from datetime import datetime


class ScrapeError(Exception):
    """Something went wrong with `url`; `reason` says what, in words for whoever runs the scraper."""

    soft = False

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, reason)
        self.url = url
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.url}: {self.reason}"


class SourcesError(ScrapeError):
    """`sources.yml` cannot be used. `url` is the file, with the line where the fault stands; `key` is the setting."""

    def __init__(self, path: str, reason: str, *, line: int | None = None, key: str | None = None) -> None:
        super().__init__(f"{path}:{line}" if line else path, f"{key}: {reason}" if key else reason)
        self.path = path
        self.line = line
        self.key = key


class FetchError(ScrapeError):
    """No page came back."""


class Refused(FetchError):
    """We do not ask: the address, the scheme or robots.txt forbids it."""


class RobotsDisallowed(Refused):
    """The host's robots.txt does not allow this address to our User-Agent."""


class AddressRefused(Refused):
    """A private, loopback or otherwise non-public address, and the source does not set `allow_private`."""


class SchemeRefused(Refused):
    """Neither http nor https."""


class Unreachable(FetchError):
    """The host has no address, refuses the connection, or broke it off."""

    soft = True


class TlsFailed(FetchError):
    """The certificate or the handshake is wrong. It is never switched off."""


class TooSlow(FetchError):
    """A timeout, or the total time for one page was spent."""

    soft = True


class TooLarge(FetchError):
    """More bytes, transferred or decoded, than a page may have."""


class Truncated(FetchError):
    """The body ended before the length that the server announced, or its compression is broken."""

    soft = True


class RedirectRefused(FetchError):
    """A redirect loop, too many hops, or a redirect to nowhere."""


class HttpError(FetchError):
    """The server answered with an error status."""

    def __init__(self, url: str, status: int, reason: str = "") -> None:
        super().__init__(url, f"HTTP {status} {reason}".strip())
        self.status = status


class NotFound(HttpError):
    """404: nothing there, perhaps again later."""


class Gone(HttpError):
    """410: removed for good."""


class ServerError(HttpError):
    """5xx and 408, after all retries."""

    soft = True


class TryLater(FetchError):
    """Not before `until` (an aware datetime): the server, its robots.txt or its crawl-delay says so."""

    soft = True

    def __init__(self, url: str, until: datetime, reason: str = "the host asks for a pause") -> None:
        super().__init__(url, f"{reason}; not before {until.isoformat(timespec='seconds')}")
        self.until = until


class NotYet(TryLater):
    """We did not ask: the host's pause, or a crawl-delay longer than a run waits for, is not over."""


class DiscoveryError(ScrapeError):
    """A source's own page (feed, sitemap, listing) came, but no addresses could be read from it."""


class NotAFeed(DiscoveryError):
    """Neither RSS, Atom nor JSON feed; often an HTML page that stands where the feed was."""


class NotASitemap(DiscoveryError):
    """No sitemap, no sitemap index."""


class SelectorFailed(DiscoveryError):
    """A listing page on which the CSS selector matches nothing: probably redesigned."""


class NotAnArticle(ScrapeError):
    """The page came, but holds no article."""


class NotHtml(NotAnArticle):
    """A PDF, an image, a feed, an empty file: nothing that has paragraphs."""


class HomePage(NotAnArticle):
    """A home, section or search page."""


class ErrorPage(NotAnArticle):
    """'Page not found', served as if all were well."""


class WallPage(NotAnArticle):
    """A cookie wall, a challenge ("checking your browser") or a login form in the article's place."""


class NoBody(NotAnArticle):
    """No paragraph of running text."""
