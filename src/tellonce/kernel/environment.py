"""A typed reader of environment variables that refuses bad values and says which."""

from collections.abc import Mapping
from dataclasses import dataclass

from tellonce.kernel.errors import DomainError

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off"})


class BadSettingError(DomainError):
    """A setting has a value that cannot be used; the text names it and what it takes."""

    code = "bad_setting"


@dataclass(frozen=True, slots=True)
class Environment:
    """Reads typed values from a mapping of strings; every refusal names the variable and what it takes."""

    values: Mapping[str, str]

    def text(self, name: str, *, default: str | None = None) -> str:
        """The text of `name`, or `default`; BadSettingError when it is missing and has no default."""
        value = self.values.get(name, "")
        if value:
            return value
        if default is None:
            raise BadSettingError(f"{name} is not set; it needs a value.")
        return default

    def flag(self, name: str, *, default: bool) -> bool:
        """True for 1/true/yes/on, False for 0/false/no/off."""
        value = self.values.get(name, "").strip().lower()
        if not value:
            return default
        if value in _TRUE:
            return True
        if value in _FALSE:
            return False
        raise BadSettingError(f"{name}={value!r} is not a yes or no; use 1 or 0.")

    def whole(self, name: str, *, default: int, least: int, most: int) -> int:
        """A whole number from `least` to `most`, both included."""
        value = self.values.get(name, "").strip()
        if not value:
            return default
        if not value.removeprefix("-").isdecimal() or not least <= int(value) <= most:
            raise BadSettingError(f"{name}={value!r} is not a whole number from {least} to {most}.")
        return int(value)

    def choice(self, name: str, *, default: str, among: tuple[str, ...]) -> str:
        """One of the words in `among`."""
        value = self.values.get(name, "").strip() or default
        if value not in among:
            raise BadSettingError(f"{name}={value!r} is not one of: {', '.join(among)}.")
        return value

    def words(self, name: str, *, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """A comma-separated list, blanks removed."""
        value = self.values.get(name, "")
        return tuple(word.strip() for word in value.split(",") if word.strip()) if value else default
