"""Addresses of intake."""

from django.urls import URLPattern, URLResolver, path

from tellonce.intake.web import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/imports", views.imports, name="admin_imports"),
    path("admin/imports/<int:run_id>", views.import_run, name="admin_import"),
    path("admin/imports/<int:run_id>/start", views.import_start, name="admin_import_start"),
    path("admin/imports/<int:run_id>/undo", views.import_undo, name="admin_import_undo"),
]
