"""Addresses of the API and of its keys."""

from django.urls import URLPattern, URLResolver, path

from tellonce.openapi.api import api
from tellonce.openapi.tmf.api import tmf_api
from tellonce.openapi.web import keys

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", api.urls),
    path("tmf-api/", tmf_api.urls),
    path("admin/keys", keys.keys, name="admin_keys"),
    path("admin/keys/<int:key_id>/end", keys.key_end, name="admin_key_end"),
]
