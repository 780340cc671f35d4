"""`load()` gives an ordinary spaCy Language, `find()` runs it on one article."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from functools import partial
from itertools import pairwise

import spacy
from spacy import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab

from extract.encoder import MODEL
from extract.findings import Findings
from extract.sections import Sections, find_in_sections

COMPONENTS = ("onrecord_encoder", "onrecord_dates", "onrecord_claims", "onrecord_speakers", "onrecord_figures")
LONGEST = 10**8  # characters; spaCy's own limit is for parsers whose memory grows with the text
LONG_RUN = re.compile(r"\S{300}(?=\S)")
ISO_DAY = re.compile(r"\s*(\d{4}-\d{2}-\d{2})")


class BadDate(ValueError):
    """The day of publication is no ISO 8601 date."""


def load(threads: int | None = None) -> Language:
    """The pipeline: tokenizer → encoder → dates → claims → speakers → figures. Loading takes about a second.

    `threads` is what the encoder may use of the cores, up to four of them by default.
    """
    nlp = spacy.blank("en")
    nlp.max_length = LONGEST
    nlp.tokenizer = Tokenizer(nlp.tokenizer, nlp.vocab)
    Doc.set_extension("published", default=None, force=True)
    for component in COMPONENTS:
        nlp.add_pipe(component, config={"threads": threads} if component == "onrecord_encoder" else {})
    nlp.meta["version"] = model_version()
    return nlp


class Tokenizer:
    """spaCy's, with a run of signs without a space looked at in pieces: it peels them off one by one and copies the
    rest each time, which takes the square of the run's length."""

    def __init__(self, whole: Callable[[str], Doc], vocab: Vocab) -> None:
        self.whole = whole
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        cuts = [0, *(match.end() for match in LONG_RUN.finditer(text)), len(text)]
        if len(cuts) == 2:
            return self.whole(text)
        tokens = [t for start, end in pairwise(cuts) for t in self.whole(text[start:end])]
        return Doc(self.vocab, words=[t.text for t in tokens], spaces=[bool(t.whitespace_) for t in tokens])


def model_version() -> str:
    """The version of what ships in `extract/model`, as stored with every extraction."""
    return str(json.loads((MODEL / "meta.json").read_text(encoding="utf8"))["version"])


def find(nlp: Language, text: str, published: str | date | Sections | None = None) -> Findings:
    """Claims, figures and dates of one article.

    `published` (ISO 8601, a day or an instant) is what relative dates are resolved against; of an article in sections
    with days of their own (a live blog) it is the (start, day) of each. Offsets in the findings count characters of
    `text`, which is not changed. Raises BadDate.
    """
    if isinstance(published, tuple):
        return find_in_sections(partial(find, nlp), text, published)
    doc = nlp.make_doc(text)
    doc._.published = day_of(published)
    doc = nlp(doc)
    return Findings(tuple(doc._.claims), tuple(doc._.figures), tuple(doc._.dates))


def day_of(published: str | date | None) -> date | None:
    """The day in the words of whoever published: an instant keeps the date of its own offset."""
    if published is None or isinstance(published, date):
        return published
    found = ISO_DAY.match(published)
    if not found:
        raise BadDate(f"not an ISO 8601 date: {published!r} (write 2024-09-24 or 2024-09-24T08:00:00-04:00)")
    try:
        return date.fromisoformat(found[1])
    except ValueError as error:
        raise BadDate(f"not a date of the calendar: {published!r}") from error
