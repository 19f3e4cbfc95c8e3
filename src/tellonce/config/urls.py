"""Every address of the product."""

from django.urls import URLPattern, URLResolver, include, path

from tellonce.config.health import healthz
from tellonce.config.metrics import metrics

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("metrics", metrics, name="metrics"),
    path("", include("tellonce.desk.urls")),
    path("", include("tellonce.modules.staff.web.urls")),
    path("", include("tellonce.modules.record.web.urls")),
    path("", include("tellonce.modules.care.web.urls")),
    path("", include("tellonce.modules.network.web.urls")),
    path("", include("tellonce.modules.billing.web.urls")),
    path("", include("tellonce.modules.phone.web.urls")),
    path("", include("tellonce.modules.planning.web.urls")),
    path("", include("tellonce.modules.planning.web.decision_urls")),
    path("", include("tellonce.intake.web.urls")),
    path("", include("tellonce.openapi.urls")),
]

handler403 = "tellonce.modules.staff.web.errors.not_allowed"
handler404 = "tellonce.modules.staff.web.errors.not_found"
