"""Signing in: the mail address, then the password; the demo's one click."""

from typing import Any

from allauth.account.utils import get_next_redirect_url, perform_login
from allauth.account.views import LoginView, PasswordResetView
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from tellonce.kernel.errors import NotFoundError
from tellonce.modules.staff import queries
from tellonce.modules.staff.web.forms import MailStepForm


class SignInView(LoginView):
    """Two steps on one address: what is asked next depends on what came."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The first step."""
        return self._ask_for_mail(MailStepForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """An address alone leads to the second step, whether anybody has it or not; both are a try."""
        if "password" in request.POST:
            response: HttpResponse = super().post(request, *args, **kwargs)
            return response
        step = MailStepForm(request.POST)
        if not step.is_valid():
            return self._ask_for_mail(step)
        form = self.get_form_class()(request=request, initial={"login": step.cleaned_data["login"]})
        answer: HttpResponse = self.render_to_response(self.get_context_data(form=form))
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the page offers beside the password."""
        setup = settings.SETUP
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["company"] = (setup.oidc_name or setup.provider) if settings.SOCIALACCOUNT_PROVIDERS else ""
        context["can_reset"] = bool(setup.smtp_url)
        return context

    def _ask_for_mail(self, form: MailStepForm) -> HttpResponse:
        context = self.get_context_data(form=form, is_first_step=True)
        if settings.SETUP.demo:
            context["groups"] = queries.people_to_sign_in_as()
        answer: HttpResponse = self.render_to_response(context)
        return answer


class PasskeySignInView(LoginWebAuthnView):
    """A passkey instead of a password leads where one wanted to go, as the password does."""

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """The page that was asked for, once the passkey has signed in."""
        response: HttpResponse = super().form_valid(form)
        wanted = get_next_redirect_url(self.request)
        return HttpResponseRedirect(wanted) if wanted and self.request.user.is_authenticated else response


class ForgottenView(PasswordResetView):
    """A link by mail; there is no such page where no mail can be sent."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Not found without a mail server."""
        if not settings.SETUP.smtp_url:
            raise Http404
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response


sign_in = SignInView.as_view()
passkey_sign_in = PasskeySignInView.as_view()
forgotten = ForgottenView.as_view()


@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """One click signs in as one of the made-up people; there is no such page outside the demo."""
    if not settings.SETUP.demo:
        raise Http404
    person = queries.people().filter(pk=request.POST.get("person") or 0, is_active=True).first()
    if person is None:
        raise NotFoundError(gettext("There is no such person in this demo."))
    response: HttpResponse = perform_login(request, person, email_verification="none", redirect_url="/")
    return response
