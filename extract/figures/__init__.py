"""Figures: every quantity of an article with what it counts, of what, where, when, how hedged and who states it.

The spaCy component `onrecord_figures` runs after dates, claims and speakers and sets `doc._.figures`. Its parts, in
the order they run: `lexer` (text → lexemes), `numbers` (the grammar), `amounts` (currency, unit), `recognise`
(hedges, ranges), `codes` and `negatives` (what is no figure), `change` (kind, direction), `counted` (what it counts),
`places`, `context` (claim, period), `modality`, `measures` (the key by which two sources' figures meet).
"""

from extract.figures.component import FigureFinder, create_figures, find_figures

__all__ = ["FigureFinder", "create_figures", "find_figures"]
