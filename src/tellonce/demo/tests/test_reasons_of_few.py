"""The reason model of a provider that has hardly any contacts."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError

from tellonce.desk import reasons
from tellonce.desk.models import ReasonModel

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_below_five_hundred_contacts_nothing_is_learned() -> None:
    reasons.forget_what_was_read()
    assert not reasons.is_time_to_learn(at=NOW)
    assert reasons.learn_reasons(at=NOW) is None
    with pytest.raises(IntegrityError):
        ReasonModel.objects.create(learned_at=NOW, learned_until=NOW, contacts=499, model={}, report={})
