"""The wire: a requests adapter that looks at the address it is really connected to and can be cut off at a deadline."""

from __future__ import annotations

import contextlib
import socket
import threading
import zlib
from collections.abc import Iterator
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError as Urllib3Error

from scraper import addresses
from scraper.errors import AddressRefused, TooLarge, TooSlow, Truncated

_CHUNK = 64 * 1024


class Transport(HTTPAdapter):
    """Connects for one thread at a time, within `exchange`: the addresses allowed and the time left hold for that."""

    def __init__(self) -> None:
        self._local = threading.local()
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {
            "http": type("Pool", (HTTPConnectionPool,), {"ConnectionCls": _guarded(HTTPConnection, self)}),
            "https": type("Pool", (HTTPSConnectionPool,), {"ConnectionCls": _guarded(HTTPSConnection, self)}),
        }

    @contextlib.contextmanager
    def exchange(self, url: str, seconds: float, allow_private: bool) -> Iterator[None]:
        """One request and its answer. After `seconds` the connection is shut, whatever drips through it: TooSlow."""
        self._local.allow_private, self._local.wire = allow_private, _Wire()
        wire = self._local.wire
        timer = threading.Timer(seconds, wire.cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        except Exception as error:
            if wire.was_cut:
                raise TooSlow(url, f"not finished after {seconds:g} s") from error
            raise
        finally:
            timer.cancel()
        if wire.was_cut:
            raise TooSlow(url, f"not finished after {seconds:g} s")

    def admit(self, connection: socket.socket, host: str) -> None:
        """Called with every new connection, before a byte is sent: a name may resolve differently the second time."""
        address = connection.getpeername()[0]
        if not self._local.allow_private and not addresses.is_public(address):
            connection.close()
            raise AddressRefused(
                host, f"connected to {address}, not a public address; see allow_private in sources.yml"
            )

    def watch(self, connection: socket.socket | None) -> None:
        """Called with the connection that carries the request."""
        wire = self._local.wire
        wire.connection = connection
        if wire.was_cut:  # the time ran out while connecting
            wire.cut()


class _Wire:
    """The connection in use, and whether its time ran out."""

    def __init__(self) -> None:
        self.connection: socket.socket | None = None
        self.was_cut = False

    def cut(self) -> None:
        self.was_cut = True
        if self.connection is not None:
            with contextlib.suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)


def _guarded(base: type[HTTPConnection], transport: Transport) -> type[HTTPConnection]:
    class Guarded(base):  # type: ignore[valid-type, misc]
        def _new_conn(self) -> socket.socket:
            connection: socket.socket = super()._new_conn()
            transport.admit(connection, self.host)
            return connection

        def request(self, *args: Any, **kwargs: Any) -> None:
            if self.sock is None:
                self.connect()
            transport.watch(self.sock)
            super().request(*args, **kwargs)

    return Guarded


def read_body(response: requests.Response, url: str, max_transferred: int, max_decoded: int) -> bytes:
    """The whole body, undone from gzip or deflate, refusing more bytes on the wire or after than the limits.

    Raises TooLarge, or Truncated when it ends early or its compression is broken.
    """
    decoder = _decoder(response.headers.get("Content-Encoding", ""))
    body, transferred = bytearray(), 0
    try:
        while chunk := response.raw.read1(_CHUNK, decode_content=False):
            transferred += len(chunk)
            if transferred > max_transferred:
                raise TooLarge(url, f"more than {max_transferred:,} bytes on the wire")
            body += decoder.decompress(chunk, max_decoded - len(body) + 1) if decoder else chunk
            if len(body) > max_decoded:
                raise TooLarge(url, f"more than {max_decoded:,} bytes when unpacked")
    except Urllib3Error as error:
        raise Truncated(url, f"the body broke off after {transferred:,} bytes ({error})") from error
    except zlib.error as error:
        raise Truncated(url, f"its compression is broken ({error})") from error
    announced = response.headers.get("Content-Length", "")
    if announced.isdigit() and transferred < int(announced):
        raise Truncated(url, f"the body has {transferred:,} of {int(announced):,} bytes")
    if decoder and transferred and not decoder.eof:
        raise Truncated(url, "its compressed body is not complete")
    return bytes(body)


class _Deflate:
    """`deflate` as sent: with the zlib header of the standard, or, by some servers, without."""

    def __init__(self) -> None:
        self._decoder: Any = None

    def decompress(self, data: bytes, limit: int) -> bytes:
        if self._decoder is None:
            zlib_header = len(data) > 1 and data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0
            self._decoder = zlib.decompressobj(zlib.MAX_WBITS if zlib_header else -zlib.MAX_WBITS)
        return bytes(self._decoder.decompress(data, limit))

    @property
    def eof(self) -> bool:
        return bool(self._decoder.eof)


def _decoder(content_encoding: str) -> Any:
    coding = content_encoding.strip().lower()
    if coding in ("gzip", "x-gzip"):
        return zlib.decompressobj(zlib.MAX_WBITS | 16)
    return _Deflate() if coding == "deflate" else None
