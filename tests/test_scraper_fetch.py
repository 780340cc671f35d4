"""Fetching, against real servers on this machine."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import trustme
from http_host import Host, Reply, fetcher, html, redirect, source

from scraper import Fetcher, Limits, TryLater, addresses
from scraper.errors import (
    AddressRefused,
    Gone,
    HttpError,
    NotFound,
    RedirectRefused,
    SchemeRefused,
    ScrapeError,
    ServerError,
    TlsFailed,
    TooLarge,
    TooSlow,
    Truncated,
    Unreachable,
)
from scraper.fetch import retry_after


def get(served: Host, path: str, **limits: object):
    with fetcher(served, **limits) as fetch:
        return fetch.get(served.base + path, source=source())


def test_a_page_comes_with_what_the_server_said(served):
    served.routes["/a"] = html("<p>Hello</p>", ETag='"v1"', **{"Last-Modified": "Mon, 06 Jan 2025 10:00:00 GMT"})
    page = get(served, "/a")
    assert (page.status, page.text, page.etag) == (200, "<p>Hello</p>", '"v1"')
    assert page.last_modified == "Mon, 06 Jan 2025 10:00:00 GMT"
    assert page.fetched_at == "2025-01-06T12:00:00+00:00"
    assert page.final_url == page.url == served.base + "/a"


def test_the_user_agent_says_who_asks_and_where_to_complain(served):
    served.routes["/a"] = html("x")
    with fetcher(served) as fetch:
        fetch.get(served.base + "/a", source=source())
        fetch.get(served.base + "/a", source=source(contact="https://ledger.example/bot"))
    agents = [request.headers["user-agent"] for request in served.log]
    assert all(agent.startswith("OnRecord/") for agent in agents)
    assert "(+desk@courier.example)" in agents[1]
    assert "(+https://ledger.example/bot)" in agents[-1], "a source's own contact goes first"


def test_an_unchanged_page_costs_a_304(served):
    def answer(request):
        same = request.headers.get("if-none-match") == '"v1"'
        return Reply(b"", 304, {"ETag": '"v1"'}) if same else html("news", ETag='"v1"')

    served.routes["/a"] = answer
    with fetcher(served) as fetch:
        first = fetch.get(served.base + "/a", source=source())
        second = fetch.get(served.base + "/a", first.etag, "Mon, 06 Jan 2025 10:00:00 GMT", source=source())
    assert not first.not_modified
    assert second.not_modified and second.status == 304 and second.body == b""
    assert served.log[-1].headers["if-modified-since"] == "Mon, 06 Jan 2025 10:00:00 GMT"


def test_redirects_are_followed_and_remembered(served):
    served.routes |= {"/old": redirect("/newer", 301), "/newer": redirect("/new"), "/new": html("here")}
    page = get(served, "/old")
    assert page.final_url == served.base + "/new"
    assert page.url == served.base + "/old"
    assert page.aliases == (served.base + "/old", served.base + "/newer")


@pytest.mark.parametrize(
    ("routes", "error", "why"),
    [
        ({"/a": redirect("/b"), "/b": redirect("/a")}, RedirectRefused, "a loop"),
        ({"/a": redirect("/a")}, RedirectRefused, "a loop of one"),
        ({"/a": Reply(b"", 302, {})}, RedirectRefused, "no Location"),
        ({"/a": redirect("file:///etc/passwd")}, SchemeRefused, "not the web"),
        ({"/a": redirect("ftp://127.0.0.1/x")}, SchemeRefused, "not the web"),
        ({"/a": redirect("http://[broken/")}, RedirectRefused, "no address at all"),
    ],
)
def test_bad_redirects_are_refused(served, routes, error, why):
    served.routes |= routes
    with pytest.raises(error) as caught:
        get(served, "/a")
    assert "://" in str(caught.value), why


@pytest.mark.parametrize("address", ["10.1.2.3", "169.254.169.254", "[::1]", "192.168.0.1"])
def test_a_redirect_to_a_private_address_is_refused_at_that_hop(served, monkeypatch, address):
    served.routes["/a"] = redirect(f"http://{address}/secret")
    real = addresses.is_public
    monkeypatch.setattr(addresses, "is_public", lambda found: found == "127.0.0.1" or real(found))
    with fetcher(served, attempts=1) as fetch, pytest.raises(AddressRefused, match="not a public address"):
        fetch._follow(served.base + "/a", {}, source(allow_private=False), robots=False)
    assert served.paths() == ["/a"]


def test_a_chain_of_redirects_ends(served):
    served.routes |= {f"/{n}": redirect(f"/{n + 1}") for n in range(20)}
    with pytest.raises(RedirectRefused, match="more than 4"):
        get(served, "/0", redirects=4)


def test_a_cookie_set_on_the_way_is_no_loop(served):
    def gate(request):
        if "seen=1" in request.headers.get("cookie", ""):
            return html("inside")
        return Reply(b"", 302, {"Location": "/a", "Set-Cookie": "seen=1"})

    served.routes["/a"] = gate
    assert get(served, "/a").text == "inside"


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost", "[::1]", "10.1.2.3", "169.254.169.254", "192.168.0.1"])
def test_private_addresses_are_refused_before_a_byte_is_sent(served, address):
    port = served.base.rsplit(":", 1)[1]
    with fetcher(served) as fetch, pytest.raises(AddressRefused, match="allow_private"):
        fetch.get(f"http://{address}:{port}/a", source=source(allow_private=False))
    assert served.log == []


def test_a_name_that_turns_private_after_the_check_is_refused(served, monkeypatch):
    # The name resolves to a public address when asked first and to this machine when connected to.
    monkeypatch.setattr("scraper.addresses.check", lambda *args, **kwargs: None)
    served.routes["/a"] = html("secret")
    with fetcher(served, attempts=1) as fetch, pytest.raises(AddressRefused):
        fetch.get(served.base + "/a", source=source(allow_private=False))
    assert served.log == []


@pytest.mark.parametrize(
    ("status", "error", "soft"),
    [(404, NotFound, False), (410, Gone, False), (403, HttpError, False), (500, ServerError, True)],
)
def test_error_statuses_are_told_apart(served, status, error, soft):
    served.routes["/a"] = Reply(b"no", status)
    with pytest.raises(error) as caught:
        get(served, "/a")
    assert caught.value.soft is soft
    assert str(caught.value).startswith(f"{served.base}/a: HTTP {status}")


def test_soft_errors_are_retried_with_growing_pauses(served):
    replies = iter([Reply(b"", 503), Reply(b"", 502), html("at last")])
    served.routes["/a"] = lambda request: next(replies)
    assert get(served, "/a", attempts=3, backoff=2.0).text == "at last"
    first, second = served.clock.slept
    assert 2.0 <= first <= 3.0 and 4.0 <= second <= 6.0, "doubled, with up to half as much again"


def test_hard_errors_are_not_retried(served):
    with pytest.raises(NotFound):
        get(served, "/missing")
    assert served.paths() == ["/missing"]


@pytest.mark.parametrize("form", ["seconds", "date"])
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_handed_back_and_kept(served, status, form):
    until = served.clock.now() + timedelta(minutes=20)
    value = "1200" if form == "seconds" else format_datetime(until, usegmt=True)
    served.routes["/a"] = Reply(b"", status, {"Retry-After": value})
    served.routes["/b"] = html("x")
    with fetcher(served) as fetch:
        with pytest.raises(TryLater) as caught:
            fetch.get(served.base + "/a", source=source())
        assert caught.value.until == until
        with pytest.raises(TryLater):
            fetch.get(served.base + "/b", source=source())
        assert served.paths() == ["/a"], "the whole host is left alone"
        assert served.clock.slept == [], "and nobody sleeps through it"
        served.clock.passed += 1201
        assert fetch.get(served.base + "/b", source=source()).text == "x"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("120", 120), (" 5 ", 5), ("-3", 0), ("999999999", 86400), ("Mon, 06 Jan 2025 12:01:00 GMT", 60), ("soon", None)],
)
def test_retry_after_forms(value, seconds):
    from http_host import StillClock

    now = StillClock().now()
    assert retry_after(value, now) == (None if seconds is None else now + timedelta(seconds=seconds))


def test_429_without_retry_after_is_a_pause_too(served):
    served.routes["/a"] = Reply(b"", 429)
    with pytest.raises(TryLater):
        get(served, "/a")


def test_one_request_at_a_time_with_the_delay_between(served):
    served.routes |= {f"/{n}": html(str(n)) for n in range(3)}
    with fetcher(served) as fetch:
        for n in range(3):
            fetch.get(f"{served.base}/{n}", source=source(delay=7))
    times = [request.at for request in served.log]
    assert all(later - earlier >= 7 for earlier, later in zip(times, times[1:], strict=False))


def test_threads_wait_for_each_other_at_one_host(served):
    at_once, most = 0, 0
    guard = threading.Lock()

    def answer(request):
        nonlocal at_once, most
        with guard:
            at_once += 1
            most = max(most, at_once)
        time.sleep(0.02)
        with guard:
            at_once -= 1
        return html("x")

    served.routes |= {f"/{n}": answer for n in range(6)}
    with fetcher(served) as fetch:
        threads = [threading.Thread(target=fetch.get, args=(f"{served.base}/{n}",), kwargs={"source": source()})
                   for n in range(6)]  # fmt: skip
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert most == 1
    assert sorted(served.paths()) == [f"/{n}" for n in range(6)]


def test_a_slow_drip_is_cut_at_the_deadline(served):
    def drip(handler):
        for _ in range(200):
            handler.wfile.write(b"<p>.</p>")
            handler.wfile.flush()
            time.sleep(0.02)

    served.routes["/a"] = Reply(stream=drip)
    with pytest.raises(TooSlow, match="not finished after"):
        get(served, "/a", total=0.3, attempts=1)


def test_headers_that_drip_are_cut_too():
    """A server that sends one header byte now and then would never trip a read timeout."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        connection, _ = listener.accept()
        connection.recv(4096)
        try:
            connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
            for _ in range(200):
                connection.sendall(b"x")
                time.sleep(0.02)
        except OSError:
            pass
        connection.close()

    threading.Thread(target=serve, daemon=True).start()
    limits = Limits(total=0.3, attempts=1)
    with Fetcher(limits=limits) as fetch, pytest.raises(ScrapeError, match="not finished after"):
        fetch._follow(f"http://127.0.0.1:{listener.getsockname()[1]}/a", {}, source(), robots=False)
    listener.close()


def test_no_answer_is_a_timeout(served):
    served.routes["/a"] = lambda request: (time.sleep(0.5), html("late"))[1]
    with pytest.raises(TooSlow):
        get(served, "/a", read=0.1, attempts=1)


def test_bytes_on_the_wire_are_limited(served):
    served.routes["/a"] = html(b"x" * 50_000)
    with pytest.raises(TooLarge, match="on the wire"):
        get(served, "/a", transferred=10_000)


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_compression_bomb_is_not_unpacked(served, coding):
    bomb = b"\0" * 20_000_000
    packed = gzip.compress(bomb) if coding == "gzip" else zlib.compress(bomb)
    served.routes["/a"] = html(packed, **{"Content-Encoding": coding})
    with pytest.raises(TooLarge, match="when unpacked"):
        get(served, "/a", decoded=1_000_000)


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda data: zlib.compress(data)[2:-4]),
        ("identity", bytes),
    ],
)
def test_compressed_bodies_are_unpacked(served, coding, pack):
    text = "<p>Ils sont arrivés — “tous”.</p>" * 50
    served.routes["/a"] = html(pack(text.encode()), **{"Content-Encoding": coding})
    assert get(served, "/a").text == text


@pytest.mark.parametrize(
    "reply",
    [
        Reply(headers={"Content-Length": "400"}, stream=lambda handler: handler.wfile.write(b"half")),
        html(gzip.compress(b"x" * 100_000)[:-40], **{"Content-Encoding": "gzip"}),
        html(b"not gzip at all", **{"Content-Encoding": "gzip"}),
    ],
    ids=["shorter than announced", "gzip cut off", "no gzip"],
)  # fmt: skip
def test_a_body_that_breaks_off_is_not_taken_for_whole(served, reply):
    served.routes["/a"] = reply
    with pytest.raises(Truncated):
        get(served, "/a", attempts=1)


def test_an_unreachable_host_is_named():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with Fetcher(limits=Limits(attempts=1)) as fetch, pytest.raises(Unreachable) as caught:
        fetch.get(f"http://127.0.0.1:{port}/a", source=source())
    assert f"http://127.0.0.1:{port}/a" in str(caught.value)


def test_a_host_without_an_address_is_named():
    with Fetcher(limits=Limits(attempts=1)) as fetch, pytest.raises(Unreachable, match="no address for host"):
        fetch.get("https://no-such-outlet.invalid/a")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://a.example/x", "javascript:alert(1)", "http://", "a.html"])
def test_only_the_web_is_fetched(url):
    with Fetcher() as fetch, pytest.raises(SchemeRefused):
        fetch.get(url)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@contextmanager
def over_tls(certificate: trustme.LeafCert) -> Iterator[str]:
    """A server on this machine that answers once, with this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve():
            connection, _ = listener.accept()
            try:
                with context.wrap_socket(connection, server_side=True) as secure:
                    secure.recv(4096)
                    secure.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
            except OSError:
                connection.close()

        threading.Thread(target=serve, daemon=True).start()
        yield f"https://127.0.0.1:{listener.getsockname()[1]}/"


LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("made", "trusted", "why"),
    [
        (lambda ca: ca.issue_cert("127.0.0.1"), True, None),
        (lambda ca: ca.issue_cert("127.0.0.1", not_after=LONG_AGO), True, "certificate has expired"),
        (lambda ca: ca.issue_cert("other.example"), True, "not valid for '127.0.0.1'"),
        (lambda ca: ca.issue_cert("127.0.0.1"), False, "unable to get local issuer certificate"),
        (lambda ca: trustme.CA().issue_cert("127.0.0.1"), True, "certificate"),
    ],
    ids=["good", "expired", "of-another-host", "unknown-authority", "another-authority"],
)
def test_certificates(served, authority, tmp_path, monkeypatch, made, trusted, why):
    """TLS is never switched off, and the error says what is wrong with the certificate."""
    if trusted:
        authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))
    with over_tls(made(authority)) as address, fetcher(served, attempts=1) as fetch:
        if why is None:
            assert fetch._follow(address, {}, source(), robots=False).body == b"ok"
            return
        with pytest.raises(TlsFailed, match=why) as caught:
            fetch._follow(address, {}, source(), robots=False)
    assert caught.value.url == address and not caught.value.soft


def test_a_fetcher_leaves_netrc_alone(served, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    served.routes["/a"] = html("x")
    get(served, "/a")
    assert all("authorization" not in request.headers for request in served.log)
