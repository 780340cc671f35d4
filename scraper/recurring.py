"""Lines that recur across an outlet's pages: a plea to subscribe, a tip line, the paper's own motto.

Reporters repeat themselves too: the background paragraph of last week stands in today's article word for word, and it
is news. So a line counts as furniture only at an edge of the text, where templates put it; only when it speaks to the
reader or is no sentence; and only when it can hold no claim and no figure that anybody would miss: short, without
quotation marks, without a digit, without a word that reports.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

FEWEST = 4  # articles of an outlet that must have ended or begun with a line before it is taken for furniture
_FIRST, _LAST = 3, 6  # paragraphs from either end where such lines stand
_LONGEST = 300  # characters
_TO_READERS = re.compile(
    r"""\b(?:you|yours?|us|ours?|we|subscribe|newsletters?|sign\s+up|log\s+in|e-?mail|advertisement|copyright
      | all\s+rights\s+reserved|vous|votre|vos|nous|notre|nos|abonne[rz]|infolettre|publicité)\b | [©@]
      | ^(?:follow|contact|download|click|join|support|donate|share|suivez|écrivez|partagez)\b""",
    re.I | re.X,
)
_SAYS_SOMETHING = re.compile(
    r"""[“”«»"\d] | \b(?:said|says?|told|tells|according|announced|wrote|claim\w*|argue\w*|warn\w*|report(?:s|ed)
      | a\s+dit|affirm\w*|selon|déclar\w*|annonc\w*)\b""",
    re.I | re.X,
)
_SENTENCE_END = (".", "!", "?", "…")


def edge_lines(paragraphs: Sequence[str]) -> list[str]:
    """The lines of an article that may turn out to be furniture when other articles have them too."""
    first, last = paragraphs[:_FIRST], paragraphs[max(len(paragraphs) - _LAST, _FIRST) :]
    return [line for line in dict.fromkeys([*first, *last]) if _may_recur(line)]


def without_recurring(paragraphs: Sequence[str], recurring: Collection[str]) -> tuple[list[str], list[str]]:
    """(kept, dropped) of an article's paragraphs, where `recurring` are lines known from the outlet's other pages. An
    article of nothing else keeps them all: a short notice that is printed each month is an article."""
    if not recurring:
        return list(paragraphs), []
    edges = {line for line in edge_lines(paragraphs) if line in recurring}
    kept = [line for line in paragraphs if line not in edges]
    if not kept:
        return list(paragraphs), []
    return kept, [line for line in paragraphs if line in edges]


def _may_recur(line: str) -> bool:
    furniture = not line.endswith(_SENTENCE_END) or bool(_TO_READERS.search(line))
    return furniture and len(line) <= _LONGEST and not _SAYS_SOMETHING.search(line)
