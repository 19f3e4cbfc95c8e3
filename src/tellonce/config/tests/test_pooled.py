"""The pool after a restart of the database."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

DEAD = 6  # one after the other, with the pool's own pauses, they take longer than anybody waits


@pytest.mark.django_db(transaction=True)
def test_after_the_database_went_away_the_next_page_has_a_living_connection() -> None:
    together = threading.Barrier(DEAD)

    def use() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            together.wait(30)
            pid = cursor.fetchone()[0]
        connection.close()
        return int(pid)

    connection.close()
    with ThreadPoolExecutor(DEAD) as threads:
        pids = list(threads.map(lambda _: use(), range(DEAD)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s) AS pid WHERE pid <> pg_backend_pid()", [pids])
    with ThreadPoolExecutor(1) as threads:  # this thread has the only living one
        assert threads.submit(_answer).result() == 1


def _answer() -> int:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return int(cursor.fetchone()[0])
    finally:
        connection.close()
