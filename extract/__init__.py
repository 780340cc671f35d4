"""From an article's text to findings: who said what, every figure, every date.

>>> import extract
>>> nlp = extract.load()
>>> found = extract.find(nlp, "Roberge said 65,570 people came.", published="2024-02-21")
>>> [claim.cue.text for claim in found.claims]
['said']
"""

from extract.pipeline import find, load

__all__ = ["find", "load"]
