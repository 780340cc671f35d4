"""From findings to rows, from rows to links, and out again as pages and tables."""

from db.connect import CannotWrite, DatabaseError, NoDatabase, NotADatabase, check_path, open_db, transaction

__all__ = ["CannotWrite", "DatabaseError", "NoDatabase", "NotADatabase", "check_path", "open_db", "transaction"]
