"""Addresses of the phone's pages."""

from django.urls import path

from tellonce.modules.phone.web import floor, missed, queues

urlpatterns = [
    path("floor", floor.floor, name="floor"),
    path("floor/help", floor.floor_help, name="floor_help"),
    path("missed", missed.missed, name="missed"),
    path("missed/<int:contact_id>", missed.missed_caller, name="missed_caller"),
    path("missed/<int:contact_id>/call-back", missed.missed_call_back, name="missed_call_back"),
    path("missed/<int:contact_id>/done", missed.missed_done, name="missed_done"),
    path("admin/queues", queues.admin_queues, name="admin_queues"),
    path("admin/queues/<int:queue_id>", queues.admin_queue, name="admin_queue"),
    path("admin/queues/<int:queue_id>/staff", queues.admin_queue_staff, name="admin_queue_staff"),
    path("admin/queues/<int:queue_id>/retire", queues.admin_queue_retire, name="admin_queue_retire"),
]
