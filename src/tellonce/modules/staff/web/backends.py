"""Who is signed in, read at every page."""

from allauth.account.auth_backends import AuthenticationBackend

from tellonce.modules.staff.models import Person
from tellonce.modules.staff.web.sessions import brought_along


class SignInBackend(AuthenticationBackend):  # type: ignore[misc] # allauth has no types
    """allauth's, which reads the person together with team and site: every page asks for them."""

    def get_user(self, user_id: int) -> Person | None:
        """The person of a session, unless they may not sign in any more."""
        person = (
            brought_along(user_id) or Person.objects.select_related("team__site", "site").filter(pk=user_id).first()
        )
        return person if person is not None and self.user_can_authenticate(person) else None
