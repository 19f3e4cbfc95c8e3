"""Files that belong to a contact or case."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tellonce.desk.deeds.base import DeedForm, Place
from tellonce.modules.care import actions
from tellonce.modules.care.contracts import CannotDoError


def file_field() -> forms.FileField:
    """A field for one file."""
    return forms.FileField(label=_("File"), help_text=_("Pictures, PDF, text, sound and office files up to 20 MB."))


def keep_file(
    upload: "UploadedFile[Any]", place: Place, *, contact_id: int | None, case_id: int | None, customer_id: int | None
) -> None:
    """Keeps it outside the database; its size is asked before its bytes are read into memory."""
    actions.refuse_too_large(upload.size or 0)
    actions.attach(
        folder=settings.SETUP.attachments,
        name=upload.name or "",
        content=upload.read(),
        by=place.by,
        at=place.at,
        contact_id=contact_id,
        case_id=case_id,
        customer_id=customer_id,
    )


class AttachInContact(DeedForm):
    """A file that came with the conversation."""

    name = "attach"
    title = _("Attach a file")
    button = _("Attach")

    file = file_field()

    def do(self) -> str:
        """Keeps it with the contact."""
        if self.place.contact_id is None:
            raise CannotDoError(gettext("A file belongs to a contact or a case."))
        keep_file(
            self.cleaned_data["file"],
            self.place,
            contact_id=self.place.contact_id,
            case_id=None,
            customer_id=self.place.customer_id,
        )
        return gettext("Attached.")
