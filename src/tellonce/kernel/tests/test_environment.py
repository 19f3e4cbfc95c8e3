"""A bad setting is refused by its name."""

import pytest

from tellonce.kernel.environment import BadSettingError, Environment


def test_values_are_typed() -> None:
    environment = Environment({"FLAG": "Yes", "COUNT": "3", "WORDS": "a, b,,", "TEXT": "x"})
    assert environment.flag("FLAG", default=False)
    assert environment.whole("COUNT", default=1, least=0, most=9) == 3
    assert environment.words("WORDS") == ("a", "b")
    assert environment.text("TEXT") == "x"


def test_what_is_not_set_has_its_default() -> None:
    environment = Environment({"EMPTY": ""})
    assert environment.flag("EMPTY", default=True)
    assert environment.whole("EMPTY", default=4, least=0, most=9) == 4
    assert environment.choice("EMPTY", default="en", among=("en", "es")) == "en"


def read_all(environment: Environment) -> None:
    environment.flag("FLAG", default=False)
    environment.whole("COUNT", default=1, least=-5, most=9)
    environment.choice("CHOICE", default="en", among=("en", "es"))


@pytest.mark.parametrize(
    ("name", "value"), [("FLAG", "perhaps"), ("COUNT", "ten"), ("COUNT", "10"), ("COUNT", "--1"), ("CHOICE", "fr")]
)
def test_a_bad_value_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(BadSettingError, match=name):
        read_all(Environment({name: value}))


def test_a_missing_text_without_default_is_refused() -> None:
    with pytest.raises(BadSettingError, match="SECRET is not set"):
        Environment({}).text("SECRET")
