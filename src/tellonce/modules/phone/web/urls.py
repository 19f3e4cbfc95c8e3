"""Addresses of the phone's pages."""

from django.urls import path

from tellonce.modules.phone.web import floor, missed, queues, rules, told

urlpatterns = [
    path("floor", floor.floor, name="floor"),
    path("floor/help", floor.floor_help, name="floor_help"),
    path("floor/listen/<str:contact>/<slug:how>", floor.floor_listen, name="floor_listen"),
    path("floor/told", told.told_waits, name="told_waits"),
    path("floor/told/<int:queue_id>/<int:hour>", told.told_hour, name="told_hour"),
    path("missed", missed.missed, name="missed"),
    path("missed/<int:contact_id>", missed.missed_caller, name="missed_caller"),
    path("missed/<int:contact_id>/call-back", missed.missed_call_back, name="missed_call_back"),
    path("missed/<int:contact_id>/done", missed.missed_done, name="missed_done"),
    path("admin/queues", queues.admin_queues, name="admin_queues"),
    path("admin/queues/rules", rules.admin_rules, name="admin_rules"),
    path("admin/queues/<int:queue_id>", queues.admin_queue, name="admin_queue"),
    path("admin/queues/<int:queue_id>/staff", queues.admin_queue_staff, name="admin_queue_staff"),
    path("admin/queues/<int:queue_id>/menu", queues.admin_queue_menu, name="admin_queue_menu"),
    path("admin/queues/<int:queue_id>/retire", queues.admin_queue_retire, name="admin_queue_retire"),
]
