"""How django-allauth meets staff: who may come in, what is counted, and who hears of a sign-out."""

from collections.abc import Sequence
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tellonce.modules.staff import actions, queries
from tellonce.modules.staff.contracts import LockedOutError
from tellonce.modules.staff.models import Person


def display_name(person: Person) -> str:
    """What allauth calls a person."""
    return person.name


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by mail address and password; nobody signs up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("You may not sign in any more. Ask an administrator."),
        "email_password_mismatch": _("The mail address or the password is wrong."),
        "incorrect_password": _("The password is wrong."),
        "enter_current_password": _("This is not your present password."),
        "too_many_login_attempts": _("Too many wrong tries from here. Try again in ten minutes."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: administrators add people."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Counts the try before the password is looked at; refuses while the account is locked."""
        super().pre_authenticate(request, **credentials)
        try:
            actions.begin_try(account=credentials["email"], at=timezone.now())
        except LockedOutError as error:
            raise ValidationError(str(error), code=error.code) from error

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Person | None:
        """A right password clears the count; the wrong one that locks the account says so at once."""
        person: Person | None = super().authenticate(request, **credentials)
        if person is not None:
            actions.clear_tries(account=credentials["email"])
        return person

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Tells of the lock that this try brought."""
        refuse_if_locked_out(credentials["email"])

    def reauthenticate(self, user: Person, password: str) -> bool:
        """The password again, before something delicate; counted like a sign-in."""
        person = self.authenticate(context.request, email=user.email, password=password)
        return person is not None and person.pk == user.pk

    def set_password(self, user: Person, password: str) -> None:
        """A new password: the lock-out ends, and so does every session but the one it is changed in."""
        super().set_password(user, password)
        actions.clear_tries(account=user.email)
        actions.end_sessions(person_id=user.pk, but_session_key=context.request.session.session_key or "")

    def logout(self, request: HttpRequest) -> None:
        """Signs out here, and lets the live streams of this session know."""
        key = request.session.session_key
        super().logout(request)
        if key:
            UserSession.objects.filter(session_key=key).delete()
            actions.announce_sign_out(session_keys=[key])

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to one's own page."""
        return reverse("me")


def refuse_if_locked_out(account: str) -> None:
    """ValidationError, with the time to try again, while the account is locked."""
    try:
        actions.refuse_if_locked_out(account=account, at=timezone.now())
    except LockedOutError as error:
        raise ValidationError(str(error), code=error.code) from error


class FactorAdapter(DefaultMFAAdapter):
    """Second factors: our words for what goes wrong."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("That did not match. Check the clock of your phone, or use another way."),
    }


class SessionAdapter(DefaultUserSessionsAdapter):
    """Sessions that are ended from elsewhere."""

    def end_sessions(self, sessions: Sequence[UserSession]) -> None:
        """Ends them, and lets their live streams know."""
        keys = [session.session_key for session in sessions]
        super().end_sessions(sessions)
        actions.announce_sign_out(session_keys=keys)


class OpenIdAdapter(DefaultSocialAccountAdapter):
    """OpenID Connect lets in people who are on staff already, matched by a verified mail address."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Never: administrators add people."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Finds the person at their first sign-in this way; says why not when there is none."""
        if sociallogin.state.get("process", "login") != "login":
            raise _refused(request, gettext("This way is for signing in only."))
        if sociallogin.is_existing:
            return
        verified = [address.email for address in sociallogin.email_addresses if address.verified]
        if not verified:
            raise _refused(request, gettext("Your company's sign-in did not confirm a mail address of yours."))
        person = queries.person_by_mail(verified[0])
        if person is None:
            words = gettext("Nobody on staff has the mail address {email}. Ask an administrator to add you.")
            raise _refused(request, words.format(email=verified[0]))
        sociallogin.connect(request, person)


def _refused(request: HttpRequest, why: str) -> ImmediateHttpResponse:
    page = render(request, "socialaccount/authentication_error.html", {"why": why}, status=403)
    return ImmediateHttpResponse(page)
