"""Addresses: one article, one URL."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}
_TRACKING = re.compile(
    r"""^(?:
        utm_\w+ | ns_\w+ | at_(?:medium|campaign|link\w*|ptr\w*|bbc\w*|format)      # campaign tags of analytics suites
      | \w*clid | msclkid | [gw]braid | gclsrc | igsh(?:id)? | mc_[ce]id | _hs\w+ | vero_\w+ | oly_\w+
      | cmp | cmpid | ocid | icid | ncid | smid | smtyp | sref | s_cid | ito | ftag | xtor
      | __vfz | __twitter_impression | guccounter | guce_\w+ | traffic_source | mbid | sr_share
      | outputtype | amp | rss | ref | referrer | soc_\w+ | emci | emdi | ceid
    )$""",
    re.I | re.X,
)
_AMP_SUFFIX = re.compile(r"(?:/amp(?:\.html)?|\.amp(?:\.html)?)/?$", re.I)
_PRINT_SUFFIX = re.compile(r"/(?:print|imprimer)/?$", re.I)
_HOME = re.compile(r"^/?(?:(?:en|fr|eng|fra|en-ca|fr-ca|home|accueil)/?)?(?:(?:index|default|home)\.\w{2,5})?$", re.I)


def is_web(url: str) -> bool:
    """Whether `url` is absolute, http or https, with a host and, if any, a port that is a number."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises ValueError on a port that is none
    except ValueError:
        return False
    return parts.scheme in _DEFAULT_PORTS and bool(parts.hostname)


def normalise(url: str) -> str:
    """The same address written one way: no fragment, default port or tracking parameter, host in lower case.

    >>> normalise("HTTPS://News.Example:443/a?utm_source=x&id=7#top")
    'https://news.example/a?id=7'
    """
    parts = urlsplit(url.strip())
    scheme = parts.scheme.lower()
    host = (parts.hostname or "").rstrip(".")
    host = f"[{host}]" if ":" in host else host
    if parts.port and parts.port != _DEFAULT_PORTS.get(scheme):
        host = f"{host}:{parts.port}"
    query = [
        (name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(name)
    ]
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    return urlunsplit((scheme, host, path, urlencode(query), ""))


def join(base: str, link: str) -> str | None:
    """`link` as found on the page `base`, absolute; None when it is empty or leads nowhere on the web."""
    url = join_any(base, link)
    return url if url and is_web(url) else None


def join_any(base: str, link: str) -> str | None:
    """`link` made absolute whatever its scheme, so that a redirect to `file:` can be refused by name."""
    try:
        return urljoin(base, link.strip()) if link.strip() else None
    except ValueError:
        return None


def host_of(url: str) -> str:
    """Host and, where it is not the default, port: the unit of politeness."""
    parts = urlsplit(url)
    port = parts.port or _DEFAULT_PORTS.get(parts.scheme)
    return f"{parts.hostname}:{port}"


def is_home(url: str) -> bool:
    """Whether the address is a site's front page (also `/en/`, `/index.html`).

    >>> is_home("https://news.example/en/"), is_home("https://news.example/en/story-1")
    (True, False)
    """
    parts = urlsplit(url)
    return bool(_HOME.match(parts.path)) and not parts.query


def canonical(url: str, declared: str | None, site: str | None = None) -> str:
    """The address under which the article is kept: what the page declares as canonical, where that can be believed.

    A canonical that points at a home page, at another site (than the page's or `site`, a host that its source names) or
    nowhere is refused: many templates get it wrong, and it would fold every article into one. Without one, an AMP or
    print suffix is taken off.
    """
    target = join(url, declared) if declared else None
    own = (url, f"https://{site}") if site else (url,)
    if target and not is_home(target) and any(_same_site(address, target) for address in own):
        return normalise(target)
    parts = urlsplit(normalise(url))
    path = _PRINT_SUFFIX.sub("", _AMP_SUFFIX.sub("", parts.path)) or "/"
    host = parts.netloc
    if host.startswith("amp."):
        host = "www." + host.removeprefix("amp.")
    return urlunsplit((parts.scheme, host, path if not _HOME.match(path) else parts.path, parts.query, ""))


def _same_site(a: str, b: str) -> bool:
    """Whether both hosts share their last two labels (three under `co.uk`, `gc.ca`, `qc.ca` and the like)."""
    return _site(a) == _site(b)


def _is_number(url: str) -> bool:
    return bool(re.fullmatch(r"[\d.]+|.*:.*", urlsplit(url).hostname or ""))


def _site(url: str) -> str:
    if _is_number(url):
        return host_of(url)
    host = (urlsplit(url).hostname or "").rstrip(".")
    labels = host.split(".")
    second_level = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVELS
    return ".".join(labels[-3:] if second_level else labels[-2:])


_SECOND_LEVELS = {
    "co",
    "com",
    "org",
    "net",
    "gov",
    "gc",
    "ac",
    "qc",
    "on",
    "bc",
    "ab",
    "mb",
    "sk",
    "ns",
    "nb",
    "nl",
    "pe",
}
