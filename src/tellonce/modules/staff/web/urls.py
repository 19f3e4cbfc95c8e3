"""Addresses of staff: signing in, one's own page, people and places, the access log."""

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as openid
from django.urls import URLPattern, URLResolver, path, re_path

from tellonce.modules.staff.web import admin_access, admin_people, admin_places, me, policy_reports, reasons, signing_in

# The names are allauth's where it looks for them; the addresses are ours.
urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/access", admin_access.access, name="admin_access"),
    path("admin/access.csv", admin_access.access_csv, name="admin_access_csv"),
    path("admin/people", admin_people.people, name="admin_people"),
    path("admin/people/add", admin_people.person_add, name="admin_person_add"),
    path("admin/people/<int:person_id>", admin_people.person, name="admin_person"),
    path("admin/people/<int:person_id>/<slug:deed>", admin_people.person_deed, name="admin_person_deed"),
    path("admin/places", admin_places.places, name="admin_places"),
    path("admin/places/departments/add", admin_places.department_add, name="admin_department_add"),
    path("admin/places/departments/<int:department_id>", admin_places.department, name="admin_department"),
    path("admin/places/partners/add", admin_places.partner_add, name="admin_partner_add"),
    path("admin/places/sites/add", admin_places.site_add, name="admin_site_add"),
    path("admin/places/sites/<int:site_id>", admin_places.site, name="admin_site"),
    path("admin/places/sites/<int:site_id>/holidays", admin_places.site_holiday, name="admin_site_holiday"),
    path("admin/places/sites/<int:site_id>/hours", admin_places.site_hours, name="admin_site_hours"),
    path("admin/places/teams/add", admin_places.team_add, name="admin_team_add"),
    path("admin/places/teams/<int:team_id>", admin_places.team, name="admin_team"),
    path("csp-report", policy_reports.csp_report, name="csp_report"),
    path("me", me.me, name="me"),
    path("me/app", totp.activate_totp, name="mfa_activate_totp"),
    path("me/app/remove", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("me/factors", me.back_to_me, name="mfa_index"),
    path("me/passkeys", me.back_to_me, name="mfa_list_webauthn"),
    path("me/passkeys/add", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("me/passkeys/<int:pk>", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("me/passkeys/<int:pk>/remove", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path("me/password", account.password_change, name="account_change_password"),
    path("me/password/first", account.password_set, name="account_set_password"),
    path("me/recovery", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("me/recovery/file", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("me/recovery/new", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("me/sessions", me.end_other_sessions, name="usersessions_list"),
    path("sign-in", signing_in.sign_in, name="account_login"),
    path("sign-in/again", account.reauthenticate, name="account_reauthenticate"),
    path("sign-in/again/code", factors.reauthenticate, name="mfa_reauthenticate"),
    path("sign-in/again/passkey", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("sign-in/as", signing_in.demo_sign_in, name="demo_sign_in"),
    path("sign-in/cancelled", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("sign-in/failed", social.login_error, name="socialaccount_login_error"),
    path("sign-in/forgotten", signing_in.forgotten, name="account_reset_password"),
    path("sign-in/forgotten/sent", account.password_reset_done, name="account_reset_password_done"),
    path("sign-in/link/done", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^sign-in/link/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("sign-in/inactive", account.account_inactive, name="account_inactive"),
    path("sign-in/passkey", signing_in.passkey_sign_in, name="mfa_login_webauthn"),
    path("sign-in/second", factors.authenticate, name="mfa_authenticate"),
    path("sign-in/with/<slug:provider_id>", openid.login, name="openid_connect_login"),
    path("sign-in/with/<slug:provider_id>/back", openid.callback, name="openid_connect_callback"),
    path("sign-out", account.logout, name="account_logout"),
    path("why", reasons.view_reason, name="view_reason"),
]
