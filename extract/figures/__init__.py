"""Figures: every quantity of an article with what it counts, of what, where, when, how hedged and who states it.

The spaCy component `onrecord_figures` runs after dates, claims and speakers and sets `doc._.figures`. The parts, in the order
they run: `lexer` (text → lexemes), `numbers` (the grammar), `recognise` (number + hedge + unit), `negatives` (what is no
figure), `change` (kind, direction), `counted` (what it counts), `places`, `context` (period, modality, claim), `measures`.
"""

from extract.figures.component import FigureFinder, create_figures, find_figures

__all__ = ["FigureFinder", "create_figures", "find_figures"]
