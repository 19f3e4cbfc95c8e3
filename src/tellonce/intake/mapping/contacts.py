"""Rows of a file to contacts, by a mapping: who is looked up later, the matter is told by rules alone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from tellonce.intake.mapping.compiling import Header
from tellonce.intake.mapping.model import Mapping, MatterRule
from tellonce.intake.mapping.parts import Fields, TakePart, Unfit, compile_facts, compile_part
from tellonce.intake.mapping.transforms import UnfitError
from tellonce.modules.care.contracts import NewContact


@dataclass(frozen=True, slots=True)
class ContactSeen:
    """A contact as the file tells it, and how its customer and matter are named there."""

    contact: NewContact
    matter: str = ""
    customer_external_id: str = ""
    account_number: str = ""

    @property
    def external_id(self) -> str:
        """Its id in the source system."""
        return self.contact.external_id


class _Rule:
    """One rule of a mapping: its phrases are looked for at the beginning of words, in any case."""

    def __init__(self, rule: MatterRule) -> None:
        self.matter = rule.matter
        self._any = _phrases(rule.any)
        self._none = _phrases(rule.none) if rule.none else None

    def fits(self, words: str) -> bool:
        """Whether the rule says what these words are about."""
        return bool(self._any.search(words)) and not (self._none and self._none.search(words))


def _phrases(phrases: Sequence[str]) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(phrase) for phrase in phrases) + ")", re.IGNORECASE)


@dataclass(slots=True)
class ContactShape:
    """Makes a contact of a row."""

    mapping: Mapping
    header: Header
    _whole: TakePart = field(init=False)
    _facts: TakePart = field(init=False)
    _rules: list[_Rule] = field(init=False)

    def __post_init__(self) -> None:
        assert self.mapping.contact is not None
        self._whole = compile_part(self.mapping.contact, self.header)
        self._facts = compile_facts(self.mapping.facts, self.header)
        self._rules = [_Rule(rule) for rule in self.mapping.rule]

    def __call__(self, row: Sequence[str], unfit: Unfit) -> ContactSeen | None:
        """The contact of this row; None, with what does not fit collected, where it cannot be made."""
        fields = self._whole(row, unfit) or {}
        facts = self._facts(row, unfit) or {}
        who = {key: fields.pop(key, "") for key in ("customer_external_id", "account_number")}
        matter = fields.pop("matter", "") or self._matter(fields.get("said", ""))
        is_waiting = fields.pop("is_waiting", False)
        if not is_waiting and "began_at" in fields:
            fields.setdefault("ended_at", fields.get("answered_at", fields["began_at"]))
        _times_in_order(fields, unfit)
        if unfit:
            return None
        return ContactSeen(NewContact(source=self.mapping.source, facts=facts, **fields), matter=matter, **who)

    def _matter(self, words: str) -> str:
        return next((rule.matter for rule in self._rules if rule.fits(words)), "")


def _times_in_order(fields: Fields, unfit: Unfit) -> None:
    began: datetime | None = fields.get("began_at")
    for name in ("answered_at", "ended_at"):
        then: datetime | None = fields.get(name)
        if began is not None and then is not None and then < began:
            unfit.append(
                UnfitError(
                    _("It lies before the contact began."),
                    _("Correct one of the two times."),
                    column=name,
                    value=then.isoformat(),
                )
            )
