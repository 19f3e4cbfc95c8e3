"""Forms of signing in, in our words."""

from collections.abc import Iterable
from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
)
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm as AskForCode
from allauth.mfa.base.forms import ReauthenticateForm as AskForCodeAgain
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tellonce.modules.staff import actions
from tellonce.modules.staff.contracts import LockedOutError
from tellonce.modules.staff.web.adapters import refuse_if_locked_out

_STUMBLES = (AttributeError, KeyError, TypeError)
_PASSWORD_HELP = _("At least ten characters. A few words that only you put together are best.")
_CODE = forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True})


class MailStepForm(forms.Form):
    """The first step of signing in."""

    login = forms.EmailField(
        label=_("Mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "username webauthn", "autofocus": True}),
    )


class SignInForm(LoginForm):
    """The second step: the password; the address travels along."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.EmailField(
            label=_("Mail address"), widget=forms.EmailInput(attrs={"autocomplete": "username", "readonly": True})
        )
        field = self.fields["password"]
        field.help_text = ""
        field.widget = forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True})


class PasswordAgainForm(ReauthenticateForm):
    """The password again, before something delicate."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].widget.attrs = {"autocomplete": "current-password", "autofocus": True}


class ForgottenForm(ResetPasswordForm):
    """Where to send the link to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Mail address")
        self.fields["email"].widget = forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})


def _ask_once(form: forms.Form) -> None:
    """One field for the new password: it can be shown, so it need not be typed twice."""
    del form.fields["password2"]
    form.fields["password1"].label = _("New password")
    form.fields["password1"].help_text = _PASSWORD_HELP
    form.fields["password1"].widget.attrs = {"autocomplete": "new-password"}


class NewPasswordForm(ResetPasswordKeyForm):
    """A new password, by the link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_once(self)


class FirstPasswordForm(SetPasswordForm):
    """A password for somebody who had none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_once(self)


class OtherPasswordForm(ChangePasswordForm):
    """Another password: the present one, and the new one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_once(self)
        self.fields["oldpassword"].label = _("Present password")
        self.fields["oldpassword"].help_text = ""
        self.fields["oldpassword"].widget.attrs = {"autocomplete": "current-password", "autofocus": True}


class _CountedCode(forms.Form):
    """Codes are counted like passwords: a million guesses are as easy as ten."""

    user: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code")
        self.fields["code"].widget = _CODE

    def clean_code(self) -> str:
        """The code, when it is right; else a ValidationError that says what to do."""
        account = f"second factor of {self.user.pk}"
        try:
            actions.begin_try(account=account, at=timezone.now())
        except LockedOutError as error:
            raise ValidationError(str(error), code=error.code) from error
        try:
            code: str = super().clean_code()  # type: ignore[misc]  # of the form that this is mixed into
        except ValidationError:
            refuse_if_locked_out(account)
            raise
        actions.clear_tries(account=account)
        return code


class SecondFactorForm(_CountedCode, AskForCode):
    """The code of the second factor, at sign-in."""


class SecondFactorAgainForm(_CountedCode, AskForCodeAgain):
    """The code of the second factor, before something delicate."""


class FirstCodeForm(ActivateTOTPForm):
    """The first code of an authenticator app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code that the app shows")
        self.fields["code"].widget = _CODE


class _CarefulCredential(forms.Form):
    """A credential comes from outside: where parts of it are missing or of another kind, the library stumbles."""

    def clean_credential(self) -> Any:
        """The credential, or a ValidationError where it is none."""
        try:
            return super().clean_credential()  # type: ignore[misc]  # of the form that this is mixed into
        except _STUMBLES as error:
            raise get_adapter().validation_error("incorrect_code") from error


class PasskeySignInForm(_CarefulCredential, LoginWebAuthnForm):
    """A passkey instead of a password."""


class PasskeySecondForm(_CarefulCredential, AuthenticateWebAuthnForm):
    """A passkey after the password."""


class PasskeyAgainForm(_CarefulCredential, ReauthenticateWebAuthnForm):
    """A passkey before something delicate."""


class NewPasskeyForm(AddWebAuthnForm):
    """A passkey that the browser has just made."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name, to tell it from others")
        self.fields["name"].required = False

    def clean(self) -> dict[str, Any]:
        """The credential and its name."""
        try:
            return dict(super().clean())
        except _STUMBLES as error:
            raise get_adapter().validation_error("incorrect_code") from error


class PersonalForm(forms.Form):
    """What a person chooses for themselves."""

    language = forms.ChoiceField(label=_("Language"), required=False)
    theme = forms.ChoiceField(
        label=_("Light or dark"),
        required=False,
        choices=[("", _("As the system")), ("light", _("Light")), ("dark", _("Dark"))],
    )

    def __init__(self, *args: Any, languages: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.is_choice_of_none = True  # type: ignore[attr-defined]  # read by components/field.html
        self.fields["language"].choices = [("", _("As the browser asks")), *languages]  # type: ignore[attr-defined]
