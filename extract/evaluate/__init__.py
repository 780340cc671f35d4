"""Precision, recall and F1 of each kind of finding against an annotated corpus."""
