"""Addresses of the pages of bills."""

from django.urls import path

from tellonce.modules.billing.web import allowing, bills, causes, findings, giving

urlpatterns = [
    path("bills", bills.bills, name="bills"),
    path("bills/credits/<int:credit_id>", giving.credit, name="credit"),
    path("bills/credits/<int:credit_id>/grant", giving.credit_grant, name="credit_grant"),
    path("bills/credits/<int:credit_id>/refuse", giving.credit_refuse, name="credit_refuse"),
    path("bills/credits/<int:credit_id>/pay-out", giving.credit_pay_out, name="credit_pay_out"),
    path("bills/credits/<int:credit_id>/cancel", giving.credit_cancel, name="credit_cancel"),
    path("bills/findings/<int:finding_id>", findings.finding, name="finding"),
    path("bills/findings/<int:finding_id>/confirm", findings.finding_confirm, name="finding_confirm"),
    path("bills/findings/<int:finding_id>/dismiss", findings.finding_dismiss, name="finding_dismiss"),
    path("bills/causes/new", causes.cause_new, name="cause_new"),
    path("bills/causes/<int:cause_id>", causes.cause, name="cause"),
    path("bills/causes/<int:cause_id>/own", causes.cause_own, name="cause_own"),
    path("bills/causes/<int:cause_id>/settle", causes.cause_settle, name="cause_settle"),
    path("bills/causes/<int:cause_id>/look", causes.cause_look, name="cause_look"),
    path("bills/causes/<int:cause_id>/correct", causes.cause_correct, name="cause_correct"),
    path("bills/causes/<int:cause_id>/accounts/<int:account_id>", causes.cause_account, name="cause_account"),
    path("bills/corrections/<int:correction_id>/approve", causes.correction_approve, name="correction_approve"),
    path("bills/corrections/<int:correction_id>/refuse", causes.correction_refuse, name="correction_refuse"),
    path("admin/credit-limits", allowing.admin_credit_limits, name="admin_credit_limits"),
]
