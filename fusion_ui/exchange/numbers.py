"""A map of whole numbers to whole numbers that takes some thirty bytes each, where a dict takes a hundred and more.

Millions of judgements are told apart by it. Open addressing with linear probing (Knuth, TAOCP 3, 6.4).
"""

from array import array

_FREE = -1
_SPREAD = 0x9E3779B97F4A7C15  # 2**64 over the golden ratio: multiples of it lie far apart (Knuth, loc. cit.)
_BITS = 64
_LOW = (1 << _BITS) - 1
_FIRST_BITS = 10


class Numbers:
    """Keys and values are from 0 to 2**63 - 1; a key that was put in stays."""

    def __init__(self) -> None:
        self._count = 0
        self._begin(_FIRST_BITS)

    def get(self, key: int) -> int | None:
        """The value under this key, None if there is none."""
        at = self._place(key)
        return self._values[at] if self._keys[at] == key else None

    def put_new(self, key: int, value: int) -> int | None:
        """The value that was under this key already, or None, and the new value is there now."""
        at = self._place(key)
        if self._keys[at] == key:
            return self._values[at]
        self._keys[at], self._values[at] = key, value
        self._count += 1
        if self._count > self._most:
            self._grow()
        return None

    def replace(self, key: int, value: int) -> None:
        """Puts another value under a key that is there."""
        self._values[self._place(key)] = value

    def __len__(self) -> int:
        return self._count

    def _place(self, key: int) -> int:
        """Where this key is, or would be."""
        keys = self._keys
        at = (key * _SPREAD & _LOW) >> self._shift
        while (there := keys[at]) != key and there != _FREE:
            at = at + 1 & self._last
        return at

    def _begin(self, bits: int) -> None:
        self._shift, self._last, self._most = _BITS - bits, (1 << bits) - 1, (1 << bits) * 2 // 3
        self._keys = array("q", [_FREE]) * (1 << bits)
        self._values = array("q", [0]) * (1 << bits)

    def _grow(self) -> None:
        keys, values = self._keys, self._values
        self._begin(_BITS - self._shift + 1)
        for key, value in zip(keys, values, strict=True):
            if key != _FREE:
                at = self._place(key)
                self._keys[at], self._values[at] = key, value
