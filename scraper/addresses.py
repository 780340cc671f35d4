"""Which network addresses may be asked: public ones, unless a source says otherwise."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

from scraper.errors import AddressRefused, Unreachable

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Whether an IP address is reachable on the public Internet; IPv4 inside IPv6 is judged as IPv4.

    >>> is_public("192.0.78.9"), is_public("127.0.0.1"), is_public("::ffff:10.0.0.1")
    (True, False, False)
    """
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = (
            ip.ipv4_mapped or ip.sixtofour or (ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None)
        )
        if inner is not None:
            ip = inner
    return ip.is_global and not ip.is_multicast


def check(url: str, *, resolve: bool = True) -> None:
    """Raise AddressRefused when the host of `url` has a non-public address, Unreachable when it has none.

    With `resolve` off (a proxy looks names up for us) only addresses written as such are judged.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if not resolve and not _is_literal(host):
        return
    try:
        found = socket.getaddrinfo(host, parts.port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(url, f"no address for host {host} ({error})") from error
    for *_, address in found:
        if not is_public(str(address[0])):
            raise AddressRefused(url, f"{host} is {address[0]}, not a public address; see allow_private in sources.yml")


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
