"""The public views, in SQL: the site and the exporter read the same ones, so a page and a CSV cannot differ.

All but `links` and `roles` show current versions only: a correction replaces what it corrected, and the
link `revised` still reaches the version before. `url` is the id of an article that was imported without an address.

Findings come first and what belongs to them is joined LEFT, though it is always there: SQLite keeps that order, so the
indexes of db/summaries.py, which have a finding's outlet and day of publication, give the rows sorted.
"""

VIEWS = """
CREATE VIEW claims AS
SELECT c.public_id AS claim_id, c.outlet, coalesce(a.url, a.external_id) AS url, v.title, c.published,
       CASE c.names WHEN '[]' THEN NULL ELSE (SELECT group_concat(value, '; ') FROM json_each(c.names)) END AS speaker,
       c.speaker_class, c.role, c.kind, c.text AS claim, c.cue, c.mention,
       c.said_from, c.said_to, c.said_on, c.said_basis,
       c.negated, c.modality, c.basis, c.confidence,
       n.public_id AS nested_in, v.origin, c.start, c."end", v.number AS version,
       v.public_id AS version_id, a.public_id AS article_id
FROM claim c
LEFT JOIN article_version v ON v.id = c.version_id
LEFT JOIN article a ON a.id = v.article_id
LEFT JOIN claim n ON n.id = c.nested_in
WHERE c.current = 1;

CREATE VIEW figures AS
SELECT f.public_id AS figure_id, f.outlet, coalesce(a.url, a.external_id) AS url, v.title, f.published,
       f.text AS figure, f.value, f.low, f.high, f.unit, f.kind, f.modifier, f.direction,
       m.key AS measure, f.counted, f.whole AS "of", f.place,
       f.period_from, f.period_to, f.period_basis, f.unit_basis, f.counted_basis, f.place_basis,
       CASE f.names WHEN '[]' THEN NULL ELSE (SELECT group_concat(value, '; ') FROM json_each(f.names)) END AS speaker,
       c.public_id AS claim_id, f.modality, v.origin, f.start, f."end", v.number AS version,
       v.public_id AS version_id, a.public_id AS article_id
FROM figure f
LEFT JOIN article_version v ON v.id = f.version_id
LEFT JOIN article a ON a.id = v.article_id
LEFT JOIN measure m ON m.id = f.measure_id
LEFT JOIN claim c ON c.id = f.claim_id
WHERE f.current = 1;

CREATE VIEW dates AS
SELECT d.public_id AS date_id, d.outlet, coalesce(a.url, a.external_id) AS url, v.title, d.published,
       d.text AS date, d.type, d.value, d.from_date, d.to_date, d.anchor, d.start, d."end", v.number AS version,
       v.public_id AS version_id, a.public_id AS article_id
FROM date_mention d
LEFT JOIN article_version v ON v.id = d.version_id
LEFT JOIN article a ON a.id = v.article_id
WHERE d.current = 1;

CREATE VIEW links AS
SELECT l.public_id AS link_id, l.label,
       a.outlet AS a_outlet, coalesce(a.url, a.external_id) AS a_url, l.a_kind,
       coalesce(ac.start, af.start, 0) AS a_start,
       coalesce(ac."end", af."end", length(av.text)) AS a_end,
       coalesce(ac.text, af.text, av.title, substr(av.text, 1, 120)) AS a_text,
       b.outlet AS b_outlet, coalesce(b.url, b.external_id) AS b_url, l.b_kind,
       coalesce(bc.start, bf.start, 0) AS b_start,
       coalesce(bc."end", bf."end", length(bv.text)) AS b_end,
       coalesce(bc.text, bf.text, bv.title, substr(bv.text, 1, 120)) AS b_text,
       l.score, l.explanation, l.found_at, av.number AS a_version, bv.number AS b_version,
       coalesce(ac.public_id, af.public_id, av.public_id) AS a_id,
       coalesce(bc.public_id, bf.public_id, bv.public_id) AS b_id,
       a.public_id AS a_article, b.public_id AS b_article, av.published AS a_published, bv.published AS b_published
FROM link l
LEFT JOIN claim ac ON l.a_kind = 'claim' AND ac.id = l.a_id
LEFT JOIN figure af ON l.a_kind = 'figure' AND af.id = l.a_id
JOIN article_version av ON av.id = CASE l.a_kind
    WHEN 'claim' THEN ac.version_id WHEN 'figure' THEN af.version_id ELSE l.a_id END
JOIN article a ON a.id = av.article_id
LEFT JOIN claim bc ON l.b_kind = 'claim' AND bc.id = l.b_id
LEFT JOIN figure bf ON l.b_kind = 'figure' AND bf.id = l.b_id
JOIN article_version bv ON bv.id = CASE l.b_kind
    WHEN 'claim' THEN bc.version_id WHEN 'figure' THEN bf.version_id ELSE l.b_id END
JOIN article b ON b.id = bv.article_id;

CREATE VIEW facts AS
SELECT f.public_id AS fact_id, f.outlet, coalesce(a.url, a.external_id) AS url, f.published,
       CASE f.names WHEN '[]' THEN NULL ELSE (SELECT group_concat(value, '; ') FROM json_each(f.names)) END AS speaker,
       c.role, c.said_on, f.modality, m.key AS measure, f.counted, f.place,
       f.period_from AS period_start, f.period_to AS period_end,
       f.value, f.low, f.high, f.unit, f.kind, f.modifier, f.direction, f.text AS figure_text,
       c.text AS quote, substr(v.text, f.context_start + 1, f.context_end - f.context_start) AS context,
       s.origins, s.agrees, s.conflicts,
       v.number AS version, f.start AS figure_start, f."end" AS figure_end, c.public_id AS claim_id,
       v.public_id AS version_id, a.public_id AS article_id
FROM figure f
LEFT JOIN article_version v ON v.id = f.version_id
LEFT JOIN article a ON a.id = v.article_id
LEFT JOIN measure m ON m.id = f.measure_id
LEFT JOIN claim c ON c.id = f.claim_id
LEFT JOIN figure_standing s ON s.figure_id = f.id
WHERE f.current = 1;

CREATE VIEW roles AS
SELECT s.public_id AS speaker_id, s.name AS speaker, r.role, r.organisation, r.from_date, r.to_date, r.claims,
       c.public_id AS claim_id
FROM (SELECT speaker_id, role, organisation, min(from_date) AS from_date, max(to_date) AS to_date,
             count(*) AS claims, min(claim_id) AS first_claim
      FROM speaker_role GROUP BY speaker_id, role, organisation) r
JOIN speaker s ON s.id = r.speaker_id
JOIN claim c ON c.id = r.first_claim;

CREATE VIEW speakers AS
SELECT s.public_id AS speaker_id, s.name AS speaker, s.class AS speaker_class,
       (SELECT group_concat(alias, '; ') FROM speaker_alias WHERE speaker_id = s.id) AS aliases,
       n.claims, n.outlets, n.first_said, n.last_said
FROM (SELECT speaker_id, count(*) AS claims, count(DISTINCT outlet) AS outlets,
             min(said_on) AS first_said, max(said_on) AS last_said
      FROM spoken GROUP BY speaker_id) n
JOIN speaker s ON s.id = n.speaker_id;
"""
