"""Results of pure functions, kept by their argument: names and titles are said again and again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")

_MOST: Final = 8192


class Memo(dict[Key, Value]):
    """What a function returns for each argument; emptied when it is full.

    Looking something up is a look into a dict and no call, which `lru_cache` cannot offer.

    Args:
        of: The function.
        most: Results kept at most.
    """

    def __init__(self, of: Callable[[Key], Value], most: int = _MOST) -> None:
        super().__init__()
        self._of = of
        self._most = most

    def __missing__(self, key: Key) -> Value:
        if len(self) >= self._most:
            self.clear()
        value = self[key] = self._of(key)
        return value
