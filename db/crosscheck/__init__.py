"""The cross-check: how claims and figures of different sources relate.

Reads only the database, and writes only `link` and `figure_standing`. It never says who is right: every link names both
printings and says, in words a reader can check, why they were put side by side.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from sqlite_utils import Database

from db.connect import transaction
from db.decisions import rejected_links

from .copies import wire_copies
from .derived import derived
from .figures import figure_links
from .origins import standings, write_standings
from .quotes import same_quotes
from .records import Records, load
from .revisions import revisions
from .roles import role_conflicts
from .store import Link, write_links

__all__ = ["crosscheck", "find_links"]

STEPS: tuple[tuple[str, Callable[[Records], Iterator[Link]]], ...] = (
    ("copies", wire_copies),
    ("revisions", revisions),
    ("quotes", same_quotes),
    ("figures", figure_links),
    ("derived figures", derived),
    ("roles", role_conflicts),
)

Progress = Callable[..., Any]


def crosscheck(db: Database, progress: Progress | None = None) -> Counter[str]:
    """Find all links and the standing of every figure, write them in one transaction, and count the links by label.

    `progress`, when given, wraps the list of steps as `tqdm` does. The result depends on the rows only, not on their
    order or on earlier runs, but for links that people rejected: a link that is found again keeps its row, one that is
    not found again is deleted.
    """
    records = load(db)
    rejected = rejected_links(db)
    links = [link for link in find_links(records, progress) if link.public_id not in rejected]
    standing = standings(records, links)
    with transaction(db):
        write_links(db, links)
        write_standings(db, standing)
    return Counter(link.label for link in links)


def find_links(records: Records, progress: Progress | None = None) -> list[Link]:
    """All links between the given rows, sorted by public id; at most one for a label and a pair of ends."""
    found: dict[str, Link] = {}
    for _, step in progress(STEPS) if progress else STEPS:
        for link in step(records):
            kept = found.setdefault(link.public_id, link)
            if link.score > kept.score:
                found[link.public_id] = link
    return [found[key] for key in sorted(found)]
