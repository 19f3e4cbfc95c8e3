"""New bills are announced to whoever checks them against what is watched."""

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

CHECK_NEW_BILLS = "billing.check_new_bills"
"""The job that checks every bill whose `checked_at` is empty (tasks.py)."""


def bills_arrived() -> None:
    """Has new bills (those whose `checked_at` is empty) checked soon, in the caller's transaction; one job for many."""
    job = app.configure_task(CHECK_NEW_BILLS, lock=CHECK_NEW_BILLS, queueing_lock=CHECK_NEW_BILLS)
    try:
        with transaction.atomic():
            job.defer()
    except AlreadyEnqueued:
        return
