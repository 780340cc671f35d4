"""Shared fixtures. Tests talk to this machine only: every other address is blocked."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import pytest_socket
from http_host import Host, host
from sqlite_utils import Database

from db import open_db

SHARED = Path(__file__).resolve().parents[2] / "shared"


def pytest_configure(config: pytest.Config) -> None:
    pytest_socket.socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The real articles and corpora, which are not part of the project; CI has them beside the checkout."""
    if not SHARED.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"{SHARED} is absent, and CI must have it")
        pytest.skip(f"{SHARED} is absent: this test reads the real articles and corpora from there")
    return SHARED


@pytest.fixture(scope="session")
def nlp():
    """The pipeline as shipped, loaded once."""
    import extract

    return extract.load()


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """An empty database in a file, with every migration."""
    database = open_db(tmp_path / "onrecord.db")
    yield database
    database.close()


@pytest.fixture
def served() -> Iterator[Host]:
    """A web server on this machine, whose pages a test sets and whose log it reads."""
    with host() as running:
        yield running
