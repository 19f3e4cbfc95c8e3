"""Fills a database with any number of customers by SQL alone: alike in shape, moments over two years."""

from dataclasses import dataclass

import psycopg

_TREE = """
INSERT INTO record_area (id, kind, name, code, parent_id)
SELECT 1, 'region', 'North', 'bench-r', NULL UNION ALL
SELECT 2, 'area', 'Eastmoor', 'bench-a', 1 UNION ALL
SELECT 2 + n, 'node', 'Eastmoor-' || n, 'bench-n' || n, 2 FROM generate_series(1, 500) n
"""

_CUSTOMERS = """
INSERT INTO record_customer (id, kind, name, languages, time_zone, since, source, external_id, created_at, facts)
SELECT n, 'household', 'Customer ' || n, ARRAY['en'], 'UTC', date '2019-01-01' + (n %% 2000)::int, 'bench', n::text,
       now(), '{}'
FROM generate_series(%(first)s::bigint, %(last)s::bigint) n
"""

_HAVING = (
    """INSERT INTO record_account (id, customer_id, number, cycle_day, currency)
       SELECT n, n, 'A' || n, 1 + n %% 28, 'USD' FROM generate_series(%(first)s::bigint, %(last)s::bigint) n""",
    """INSERT INTO record_personofrecord (id, customer_id, name, authority, language, since)
       SELECT n, n, 'Person ' || n, 'decide', 'en', date '2019-01-01'
       FROM generate_series(%(first)s::bigint, %(last)s::bigint) n""",
    """INSERT INTO record_contactpoint (customer_id, person_id, kind, value, since)
       SELECT n, n, kind, value || n, date '2019-01-01'
       FROM generate_series(%(first)s::bigint, %(last)s::bigint) n,
            (VALUES ('phone', '+1503'), ('mail', 'p')) AS v(kind, value)""",
    """INSERT INTO record_premise (id, area_id, line, unit, town, state, postcode, country)
       SELECT n, 3 + n %% 500, n || ' Juniper Court', '', 'Eastmoor', 'OR', '97' || n %% 1000, 'US'
       FROM generate_series(%(first)s::bigint, %(last)s::bigint) n""",
    """INSERT INTO record_occupancy (customer_id, premise_id, since)
       SELECT n, n, date '2019-01-01' FROM generate_series(%(first)s::bigint, %(last)s::bigint) n""",
    """INSERT INTO record_service (customer_id, account_id, premise_id, kind, plan, price_minor, currency, status,
                                   since, external_id)
       SELECT n, n, n, kind, plan, price, 'USD', 'active', date '2019-01-01', ''
       FROM generate_series(%(first)s::bigint, %(last)s::bigint) n,
            (VALUES ('internet', 'Fibre 500', 5900), ('tv', 'TV Family', 3340)) AS v(kind, plan, price)""",
    """INSERT INTO record_device (customer_id, kind, maker, model, serial, mac, is_ours)
       SELECT n, kind, 'Hitron', model, kind || n, '', TRUE
       FROM generate_series(%(first)s::bigint, %(last)s::bigint) n,
            (VALUES ('modem', 'HX-20'), ('box', 'TV-3')) AS v(kind, model)""",
    """INSERT INTO care_contact (id, customer_id, channel, direction, state, reached_from, said_name, said, matter_id,
                                 began_at, answered_at, ended_at, transfers, source, external_id, note, taken_by_name,
                                 facts)
       SELECT n, n, 'call', 'from', 'ended', '', '', '', (SELECT min(id) FROM care_matter WHERE level = 2),
              at, at + interval '2 minutes', at + interval '12 minutes', 0, '', '', '', 'Sam Ortiz', '{}'
       FROM generate_series(%(first)s::bigint, %(last)s::bigint) n,
            LATERAL (SELECT now() - make_interval(hours => 30 + (n %% 500)::int) AS at) t""",
    """INSERT INTO care_case (id, customer_id, matter_id, title, state, waiting_on, opened_at, opened_in_id,
                              opened_by_name, solved_by_name, reopened, words)
       SELECT n, n, (SELECT min(id) FROM care_matter WHERE level = 2), 'Internet drops every evening', 'open', '',
              now() - interval '9 days', n, 'Sam Ortiz', '', 0, ''
       FROM generate_series(%(first)s::bigint, %(last)s::bigint) n""",
    """INSERT INTO care_promise (customer_id, case_id, contact_id, kind, what, made_at, made_by_name, due_at, state,
                                 settled_by_name, last_words)
       SELECT n, n, n, 'call', 'Call whether the new modem works', now() - interval '1 day', 'Sam Ortiz',
              now() + interval '3 hours', 'due', '', ''
       FROM generate_series(%(first)s::bigint, %(last)s::bigint) n""",
)

_MOMENTS = """
INSERT INTO record_moment (customer_id, id, at, kind, channel, direction, by_kind, by_id, by_name, about, about_id,
                           data, words)
SELECT n, (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7000' || '8000'
           || lpad(to_hex(k), 12, '0'))::uuid,
       at, kind, channel, direction, 'person', 1, 'Sam Ortiz', '', NULL, data,
       CASE WHEN k %% 3 = 0 THEN 'Drops every evening around nine; levels at the tap are fine, note ' || n || '.'
            ELSE '' END
FROM generate_series(%(first)s::bigint, %(last)s::bigint) n, generate_series(1, %(each)s::int) k,
     LATERAL (SELECT now() - make_interval(days => 36 * k + (n %% 30)::int, secs => n %% 86400) AS at) t,
     LATERAL (SELECT (%(kinds)s::text[])[1 + k %% 4] AS kind, (%(data)s::jsonb[])[1 + k %% 4] AS data,
                     CASE WHEN k %% 4 = 0 THEN 'call' ELSE '' END AS channel,
                     CASE WHEN k %% 4 = 0 THEN 'from' ELSE 'inside' END AS direction) s
"""

_TABLES = (
    "record_moment, record_device, record_service, record_occupancy, record_premise, record_contactpoint, "
    "record_personofrecord, record_account, record_customer, record_area, care_case, care_promise, care_contact"
)


@dataclass(frozen=True, slots=True)
class Sample:
    """Kinds of moments and their data, as the product itself would write them: four of each."""

    kinds: list[str]
    data: list[str]


def grow(
    connection: psycopg.Connection, *, have: int, want: int, moments: int, sample: Sample, chunk: int = 50_000
) -> None:
    """Adds customers until there are `want`; the tables are analysed afterwards."""
    if have == 0:
        connection.execute(_TREE)
    for first in range(have + 1, want + 1, chunk):
        span = {"first": first, "last": min(first + chunk - 1, want)}
        connection.execute(_CUSTOMERS, span)
        for statement in _HAVING:
            connection.execute(statement, span)
        connection.execute(_MOMENTS, {**span, "each": moments, "kinds": sample.kinds, "data": sample.data})
        connection.commit()
    connection.autocommit = True
    connection.execute(f"VACUUM ANALYZE {_TABLES}")
    connection.autocommit = False
