"""What a customer hears from us: what is said, one after the other, over music or nothing."""

from collections import deque
from collections.abc import Callable
from typing import Protocol

GAP_S = 0.1
"""Between two things that are said: the last packets of the first are still on their way."""

Later = Callable[[float, Callable[[], None]], None]
"""Does something after so many seconds."""


class Player(Protocol):
    """Plays recordings to one phone; a new one replaces that before."""

    def play(self, path: str, *, is_endless: bool) -> None: ...

    def stop_playing(self) -> None: ...


class Speech:
    """Of one customer. `music` is what is played endlessly."""

    def __init__(self, player: Player, later: Later, music: str) -> None:
        self._player, self._later, self._music_path = player, later, music
        self._waiting: deque[tuple[str, float, bool]] = deque()
        self._is_saying_notice = False
        self._after_notice: Callable[[], None] | None = None
        self._is_heard = self._is_saying = self._is_music_wanted = self._is_music_on = False
        self._afterwards: list[Callable[[], None]] = []

    def begin(self) -> None:
        """The customer hears from now on; what was to be said before is said now."""
        self._is_heard = True
        self._go_on()

    def say(self, path: str, seconds: float, *, is_notice: bool = False) -> None:
        """Once, after what is being said. A notice must be heard before anybody is connected."""
        self._waiting.append((path, seconds, is_notice))
        self._go_on()

    @property
    def has_notice(self) -> bool:
        """Whether a notice is being said, or is to be."""
        return self._is_saying_notice or any(is_notice for _path, _seconds, is_notice in self._waiting)

    def after_notice(self, act: Callable[[], None]) -> None:
        """Does it once every notice has been heard to its end, instead of what was to be done then before."""
        self._after_notice = act
        self._look_after_notice()

    def _look_after_notice(self) -> None:
        if self._after_notice is not None and not self.has_notice:
            act, self._after_notice = self._after_notice, None
            act()

    def drop_waiting(self) -> None:
        """What has not begun is not said any more: somebody is there."""
        self._waiting.clear()

    def music(self, is_wanted: bool) -> None:
        """Whether there is music while nothing is said."""
        self._is_music_wanted = is_wanted
        self._go_on()

    def then(self, act: Callable[[], None]) -> None:
        """Does it once all is said, or at once if nobody hears."""
        if self._is_heard:
            self._afterwards.append(act)
            self._go_on()
        else:
            act()

    def end(self) -> None:
        """Nobody hears any more."""
        self._is_heard = False
        self._after_notice = None

    def _go_on(self) -> None:
        if self._is_saying or not self._is_heard:
            return
        if self._waiting:
            path, seconds, self._is_saying_notice = self._waiting.popleft()
            self._is_saying, self._is_music_on = True, False
            self._player.play(path, is_endless=False)
            self._later(seconds + GAP_S, self._said)
        elif self._afterwards:
            acts, self._afterwards = self._afterwards, []
            for act in acts:
                act()
            self._go_on()
        elif self._is_music_wanted != self._is_music_on:
            self._is_music_on = self._is_music_wanted
            if self._is_music_on:
                self._player.play(self._music_path, is_endless=True)
            else:
                self._player.stop_playing()

    def _said(self) -> None:
        self._is_saying = self._is_saying_notice = False
        self._look_after_notice()
        self._go_on()
