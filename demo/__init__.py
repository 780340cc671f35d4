"""A demonstration newsroom on loopback. Every outlet, person, office, event and quotation in it is invented."""

from demo.content import NOTICE, DemoArticle, load_articles, load_outlets
from demo.newsroom import Newsroom, serve

__all__ = ["NOTICE", "DemoArticle", "Newsroom", "load_articles", "load_outlets", "serve"]
