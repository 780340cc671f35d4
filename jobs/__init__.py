"""The jobs: scrape, import, extract, cross-check, export. Each can be repeated, and goes on where it was cut off.

They tie the packages together, and are where errors end: each is counted in the summary, stored as a row, and the rest
goes on.
"""

from jobs.archives import export_pages, import_files
from jobs.demonstration import demonstrate
from jobs.extraction import crosscheck, extract, extractor, measures
from jobs.locking import Busy, is_writing, writing
from jobs.scraping import scrape
from jobs.summary import Progress, Summary, plain

__all__ = [
    "Busy",
    "Progress",
    "Summary",
    "crosscheck",
    "demonstrate",
    "export_pages",
    "extract",
    "extractor",
    "import_files",
    "is_writing",
    "measures",
    "plain",
    "scrape",
    "writing",
]
