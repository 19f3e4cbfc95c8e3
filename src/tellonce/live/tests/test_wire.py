"""What goes over NOTIFY: never too long, never lost, read back as it was said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tellonce.live.wire import Event, SignOut, payloads, read_payload


def events_of(payload: str) -> list[Event]:
    said = read_payload(payload)
    assert isinstance(said, list)
    return said


_events = st.builds(
    Event,
    topics=st.lists(st.text(max_size=60), min_size=1, max_size=300).map(tuple),
    kind=st.sampled_from(["care.promise_kept", "record.customer_renamed"]),
    ids=st.fixed_dictionaries({"customer_id": st.integers(min_value=1, max_value=2**62)}),
)


@given(st.lists(_events, max_size=30))
def test_every_topic_arrives_in_payloads_that_postgresql_takes(events: list[Event]) -> None:
    said = list(payloads(events))
    assert all(len(payload.encode()) < 8000 for payload in said)
    heard = [event for payload in said for event in events_of(payload)]
    assert [topic for event in heard for topic in event.topics] == [t for event in events for t in event.topics]


def test_a_small_batch_is_one_payload() -> None:
    events = [Event(topics=(f"customer:{n}",), kind="care.case_opened", ids={"customer_id": n}) for n in range(100)]
    assert len(list(payloads(events))) == 1


def test_a_sign_out_is_read() -> None:
    assert read_payload('{"signed_out":"abc"}') == SignOut(session="abc")


@pytest.mark.parametrize("payload", ["", "1", "{}", "[1]", '[["a"]]', "null"])
def test_what_is_not_ours_is_refused(payload: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the message is Python's own for some of them
        read_payload(payload)
