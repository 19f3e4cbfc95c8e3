"""Addresses of care's own pages; contacts and cases are shown by the desk."""

from django.urls import path

from tellonce.modules.care.web import answers, matters

urlpatterns = [
    path("admin/answers", answers.admin_answers, name="admin_answers"),
    path("admin/answers/<int:answer_id>", answers.admin_answer, name="admin_answer"),
    path("admin/answers/<int:answer_id>/retire", answers.admin_answer_retire, name="admin_answer_retire"),
    path("admin/matters", matters.admin_matters, name="admin_matters"),
    path("admin/matters/add", matters.admin_matter_add, name="admin_matter_add_top"),
    path("admin/matters/<int:matter_id>", matters.admin_matters, name="admin_matter"),
    path("admin/matters/<int:matter_id>/add", matters.admin_matter_add, name="admin_matter_add"),
    path("admin/matters/<int:matter_id>/move", matters.admin_matter_move, name="admin_matter_move"),
    path("admin/matters/<int:matter_id>/rename", matters.admin_matter_rename, name="admin_matter_rename"),
    path("admin/matters/<int:matter_id>/retire", matters.admin_matter_retire, name="admin_matter_retire"),
]
