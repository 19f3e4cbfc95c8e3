"""How people sign in: django-allauth's settings, from the one `Setup`."""

from typing import Any

from tellonce.config.setup import Setup

HOUR_S = 3600
_ADAPTERS = "tellonce.modules.staff.web.adapters"
_FORMS = "tellonce.modules.staff.web.forms"


def sign_in_settings(setup: Setup) -> dict[str, Any]:
    """Password by mail address, second factors, passkeys, OpenID Connect where configured; nobody signs up."""
    return {
        "ACCOUNT_ADAPTER": f"{_ADAPTERS}.AccountAdapter",
        "ACCOUNT_CHANGE_EMAIL": False,
        "ACCOUNT_EMAIL_SUBJECT_PREFIX": "",
        "ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS": False,
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        "ACCOUNT_FORMS": {
            "change_password": f"{_FORMS}.OtherPasswordForm",
            "login": f"{_FORMS}.SignInForm",
            "reauthenticate": f"{_FORMS}.PasswordAgainForm",
            "reset_password": f"{_FORMS}.ForgottenForm",
            "reset_password_from_key": f"{_FORMS}.NewPasswordForm",
            "set_password": f"{_FORMS}.FirstPasswordForm",
        },
        "ACCOUNT_LOGIN_METHODS": {"email"},
        "ACCOUNT_LOGOUT_REDIRECT_URL": "account_login",
        # By account the product counts itself (staff.actions.lock_out); by address there is a wide net only,
        # since a whole centre may sit behind one.
        "ACCOUNT_RATE_LIMITS": {
            "login": "300/m/ip",
            "login_failed": "100/10m/ip",
            "reset_password": "60/10m/ip,5/10m/key",
            "reset_password_from_key": "60/10m/ip",
            "change_password": "10/m/user",
            "reauthenticate": "20/m/user",
        },
        "ACCOUNT_REAUTHENTICATION_TIMEOUT": 600,
        "ACCOUNT_SESSION_REMEMBER": True,
        "ACCOUNT_SIGNUP_FIELDS": ["email*", "password1*"],
        "ACCOUNT_USER_DISPLAY": f"{_ADAPTERS}.display_name",
        "ACCOUNT_USER_MODEL_USERNAME_FIELD": None,
        # One proxy in front, which says whom it speaks for, when there is TLS in front of us.
        "ALLAUTH_TRUSTED_PROXY_COUNT": 1 if setup.behind_tls else 0,
        "LOGIN_REDIRECT_URL": "/",
        "LOGIN_URL": "account_login",
        "MFA_ADAPTER": f"{_ADAPTERS}.FactorAdapter",
        "MFA_ALLOW_UNVERIFIED_EMAIL": True,  # an administrator entered the address: there is nothing to verify
        "MFA_FORMS": {
            "activate_totp": f"{_FORMS}.FirstCodeForm",
            "add_webauthn": f"{_FORMS}.NewPasskeyForm",
            "authenticate": f"{_FORMS}.SecondFactorForm",
            "authenticate_webauthn": f"{_FORMS}.PasskeySecondForm",
            "login_webauthn": f"{_FORMS}.PasskeySignInForm",
            "reauthenticate": f"{_FORMS}.SecondFactorAgainForm",
            "reauthenticate_webauthn": f"{_FORMS}.PasskeyAgainForm",
        },
        "MFA_PASSKEY_LOGIN_ENABLED": True,
        "MFA_PASSKEY_SIGNUP_ENABLED": False,
        "MFA_RATE_LIMITS": {"webauthn_login": "100/m/ip"},
        "MFA_RECOVERY_CODES_SHOW_ONCE": False,
        "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
        "MFA_TOTP_ISSUER": setup.provider,
        "MFA_TOTP_TOLERANCE": 1,
        # Browsers themselves allow passkeys without TLS on localhost only.
        "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": not setup.behind_tls,
        "SESSION_COOKIE_AGE": 12 * HOUR_S,
        "SOCIALACCOUNT_ADAPTER": f"{_ADAPTERS}.OpenIdAdapter",
        "SOCIALACCOUNT_EMAIL_AUTHENTICATION": False,  # the adapter matches, by verified addresses only
        # A link, not a form: the policy's form-action would stop the way to the other house.
        "SOCIALACCOUNT_LOGIN_ON_GET": True,
        "SOCIALACCOUNT_STORE_TOKENS": False,
        "USERSESSIONS_ADAPTER": f"{_ADAPTERS}.SessionAdapter",
    }


def openid_connect(setup: Setup) -> dict[str, Any]:
    """The company's sign-in, where it is configured."""
    if not setup.oidc_issuer:
        return {}
    app = {
        "provider_id": "company",
        "name": setup.oidc_name or setup.provider,
        "client_id": setup.oidc_client_id,
        "secret": setup.oidc_secret,
        "settings": {"server_url": setup.oidc_issuer, "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
