"""From the web to an article: discover → fetch → read. Knows neither `extract` nor `db`."""
