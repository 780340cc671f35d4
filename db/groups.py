"""What belongs together: items that share something, directly or through others."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence


def connected(items: Sequence[Iterable[Hashable]]) -> list[int]:
    """The number of each item's group, from 0 in the order in which the groups first appear. Each item is given by what
    it may share with others.

    >>> connected(["ab", "c", "bd", "d", "e"])
    [0, 1, 0, 0, 2]
    """
    groups: list[tuple[set[Hashable], list[int]]] = []
    for place, item in enumerate(items):
        shared = set(item)
        near = [group for group in groups if not group[0].isdisjoint(shared)]
        groups = [group for group in groups if group[0].isdisjoint(shared)]
        groups.append((shared.union(*(g[0] for g in near)), sorted([place, *(p for g in near for p in g[1])])))
    groups.sort(key=lambda group: group[1])
    number = {place: n for n, (_, places) in enumerate(groups) for place in places}
    return [number[place] for place in range(len(items))]
