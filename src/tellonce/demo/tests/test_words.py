"""What made-up people say and write: whole sentences, in their language, of one piece within a case."""

import re
from collections import defaultdict
from itertools import pairwise

import numpy as np
import pytest

from tellonce.demo import callers, errands, present
from tellonce.demo.provider import PLANS
from tellonce.demo.reasons import INDEX, REASON_OF, REASONS
from tellonce.demo.tests.made import Made, made
from tellonce.demo.writing import _SLOT, Speaker, Topic, Voice, topic_of, words

_AMOUNT = re.compile(r"\b\d+\.\d\d\b")
_NOT_A_SENTENCE = re.compile(
    r" {2}|[.!?] +[a-záéíóúñ]|[.!?] +[¿¡][a-záéíóúñ]|[{}]|\.\.|[?!]\.| [.,;:?!]|^[\s]|^[¿¡]?[a-záéíóúñ]|\n[a-záéíóúñ]"
)


@pytest.fixture(scope="module")
def provider() -> Made:
    return made()


def lists_of(section: dict[str, object], part: str) -> list[str]:
    threads = section.get("thread", [])
    assert isinstance(threads, list)
    found: list[str] = []
    for place in (section, *threads):
        found += place.get(part, [])
    return found


def titles() -> dict[str, set[str]]:
    return {code: set(lists_of(section, "title")) for code, section in words("en").items() if code in REASON_OF}


def test_whatever_is_told_is_made_of_whole_sentences(provider: Made) -> None:
    texts = provider.texts()
    assert len(texts) > 20_000
    assert not [text for text in texts if _NOT_A_SENTENCE.search(text)][:5]


@pytest.mark.parametrize(
    "wrong", ["It drops. since Monday", "No  signal", "I pay for {plan}", "when?. Now", "call back"]
)
def test_a_broken_sentence_would_be_found(wrong: str) -> None:
    assert _NOT_A_SENTENCE.search(wrong)


def test_whatever_is_told_outside_the_history_is_made_of_whole_sentences_too() -> None:
    texts = [said for _, _, said, _ in present._STRANGERS] + [title for _, _, title, _ in present.ASKED]
    texts += [
        *present._LINES,
        present._ANY_LINE,
        *errands._ANSWERS,
        *(line.format(street="5 Elm Way") for line in callers.STRANGERS),
    ]
    assert not [text for text in texts if _NOT_A_SENTENCE.search(text.replace("{name}", "Hale"))]


def test_each_title_is_one_of_its_matter_and_of_no_other(provider: Made) -> None:
    by_matter = titles()
    for case in provider.cases:
        assert case.title in by_matter[provider.codes[case.matter_id]], case.title
    owner: dict[str, str] = {}
    for code, own in by_matter.items():
        for title in own:
            assert owner.setdefault(title, code) == code, title


def test_within_a_case_all_speak_of_the_same_amount(provider: Made) -> None:
    promised = defaultdict(list)
    for promise in provider.promises:
        promised[promise.case_id].append(promise.what)
    checked = 0
    for number, case in enumerate(provider.cases):
        code = provider.codes[case.matter_id]
        contacts = [provider.contacts[contact] for contact in case.contact_ids]
        if not code.startswith("billing.wrong") or len(contacts) < 2:
            continue
        spoken = [text for contact in contacts for text in (contact.said, contact.note)]
        amounts = set(_AMOUNT.findall(" ".join([*spoken, case.solved_note, *promised[number]])))
        assert len(amounts) < 2, amounts
        checked += len(amounts)
    assert checked > 30


def test_those_who_speak_spanish_are_heard_in_spanish_and_noted_in_english(provider: Made) -> None:
    heard = {True: 0, False: 0}
    english = re.compile(r"\b(the|and|is|my|you|not|for|we|it)\b")
    for contact in provider.contacts:
        if not contact.said or contact.customer_id is None:
            continue
        topic = topic_of(contact.said)
        spanish = provider.households.speakers[contact.customer_id].spanish
        assert topic is not None, contact.said
        assert not (spanish and english.search(contact.said)), contact.said
        assert spanish or english.search(contact.said) or not re.search(r"[¿¡]", contact.said), contact.said
        assert not re.search(r"[¿¡]", contact.note)
        heard[spanish] += 1
    share = heard[True] / sum(heard.values())
    assert 0.08 < share < 0.30


def test_what_is_said_is_varied_and_understood_again(provider: Made) -> None:
    rng = np.random.default_rng(3)
    texts, understood = set(), 0
    problems = provider.world.problems
    for number in range(500):
        topic = Topic(int(problems.reason[number]), provider.world.matter[number])
        speaker = provider.households.speaker_at(int(problems.who[number]), float(problems.at[number]))
        voice = Voice(topic=topic, speaker=speaker, seed=number)
        text = voice.said(again=False, channel="call", draws=rng.integers(0, 1 << 30, 12).tolist())
        texts.add(text)
        heard = topic_of(text)
        understood += heard is not None and heard.reason == topic.reason
    assert len(texts) > 440
    assert understood > 470


def test_both_languages_have_the_same_words_at_the_same_places() -> None:
    english, spanish = words("en"), words("es")
    assert set(spanish) <= set(english)
    for name in ("slots", "business"):
        assert {key: len(value) for key, value in spanish[name].items()} == {
            key: len(english[name][key]) for key in spanish[name]
        }
    for code, section in english.items():
        threads = section.get("thread", [])
        assert len(spanish.get(code, {}).get("thread", [])) == len(threads), code
        for own, theirs in zip(threads, spanish.get(code, {}).get("thread", []), strict=True):
            assert len(own["open"]) == len(theirs["open"]), code
        for key in {"charge", "amount", "tried"} & set(section):
            assert len(spanish[code][key]) == len(section[key]), code


def test_every_reason_has_words_for_everything_that_may_come_of_it() -> None:
    assert len(INDEX) == len(REASONS)
    for reason in REASONS:
        for matter in reason.says:
            for spanish in (False, True):
                speaker = Speaker("Ann", spanish, "Eastmoor", "Elm Way", "Fibre Gigabit", 0, is_business=True)
                for seed in range(12):
                    voice = Voice(topic=Topic(INDEX[reason.key], matter), speaker=speaker, seed=seed)
                    draws = [seed] * 12
                    said = voice.said(again=True, channel="call", draws=draws)
                    written = [voice.note(draws), voice.solution(draws), voice.title(draws), voice.handed(draws)]
                    written += [voice.promised(kind, draws) for kind in reason.promise]
                    written += [voice.done(kind, draws) for kind in reason.promise]
                    assert not [text for text in (said, *written) if not text or _NOT_A_SENTENCE.search(text)], matter


def test_nobody_speaks_of_what_they_do_not_have(provider: Made) -> None:
    for contact in provider.contacts:
        if contact.customer_id is None or not contact.said:
            continue
        speaker = provider.households.speakers[contact.customer_id]
        assert "cancel the TV" not in contact.said or "tv" in speaker.kinds
        assert "drop the phone" not in contact.said or "phone" in speaker.kinds
        assert not speaker.is_business or not re.search(r"\b(my wife|my mother|the kids)\b", contact.said)


def test_the_next_plan_is_faster_and_the_price_rises_by_what_the_promotion_took_off() -> None:
    topic = Topic(INDEX["change_plan"], "order.upgrade")
    ranks = {plan.name: plan.rank for plan in PLANS if plan.kind == "internet"}
    for plan, rank in ranks.items():
        speaker = Speaker("Ann", False, "Eastmoor", "Elm Way", plan, 3, frozenset({"internet", "tv", "mobile"}))
        for seed in range(40):
            said = Voice(topic=topic, speaker=speaker, seed=seed).said(again=False, channel="call", draws=[seed] * 12)
            named = [name for name in ranks if name in said]
            if len(named) == 2:
                assert max(ranks[name] for name in named) == rank + 1


def test_years_are_said_as_people_say_them() -> None:
    line = "I have been with you for {years}."
    topic = Topic(INDEX["leave"], "leaving.wish")
    said = []
    for years in (0, 1, 7):
        voice = Voice(topic=topic, speaker=Speaker("Ann", False, "x", "y", "Cable 100", years), seed=1)
        said.append(voice._slots("en").filled(line))
    assert [text.removeprefix("I have been with you for ") for text in said] == ["a few months.", "a year.", "7 years."]


def test_slots_are_all_known() -> None:
    known = {"town", "street", "plan", "provider", "mood", "speed", "clock", "years", "modem", "Modem"}
    known |= {"faster", "smaller", "rise", "amount", "charge", *words("en")["slots"]}
    for language in ("en", "es"):
        for section in words(language).values():
            for part in ("open", "more", "note", "solved", "done", "visited", "title"):
                for line in lists_of(section, part) if part in section or "thread" in section else ():
                    assert set(_SLOT.findall(re.sub(r"^\{\?!?\w+\}", "", line))) <= known, line


def test_the_same_seed_speaks_the_same() -> None:
    speaker = Speaker("Ann", False, "Eastmoor", "Elm Way", "Cable 300", 4)
    topic = Topic(INDEX["wrong_charge"], "billing.wrong.rental")
    for one, other in pairwise([Voice(topic=topic, speaker=speaker, seed=9) for _ in range(3)]):
        assert one.note([4] * 12) == other.note([4] * 12)
