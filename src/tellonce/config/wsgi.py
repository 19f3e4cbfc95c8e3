"""The pages, as a WSGI application."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tellonce.config.settings")
application = get_wsgi_application()

# What was loaded stays for good: looking at it again and again cost a page a sixth of its time, and some a pause.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 50)
