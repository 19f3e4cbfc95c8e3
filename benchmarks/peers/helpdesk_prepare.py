"""Fills the peer: one ticket with as many follow-ups as asked; prints its path, a session, the query count."""

import json
import sys

import django

django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from helpdesk.models import FollowUp, Queue, Ticket

ENTRIES = int(sys.argv[1])

call_command("migrate", verbosity=0)
users = get_user_model()
user, _ = users.objects.get_or_create(username="peer", is_staff=True, is_superuser=True, email="peer@example.com")
queue, _ = Queue.objects.get_or_create(title="Care", slug="care")
ticket = Ticket.objects.create(
    title="Internet drops every evening", queue=queue, submitter_email="maria@example.com", created=timezone.now()
)
FollowUp.objects.bulk_create(
    FollowUp(ticket=ticket, title="Comment", comment=f"Line test {n} was fine; modem replaced.", user=user)
    for n in range(ENTRIES)
)
session = SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.create()
client = Client()
client.force_login(user)
path = f"/tickets/{ticket.pk}/"
client.get(path)
with CaptureQueriesContext(connection) as queries:
    status = client.get(path).status_code
print(
    json.dumps({"path": path, "cookie": f"sessionid={session.session_key}", "queries": len(queries), "status": status})
)
