"""From findings to rows, from rows to links, and out again as pages and tables."""
