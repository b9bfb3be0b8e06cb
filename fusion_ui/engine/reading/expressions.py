"""The values of a mathematical expression at fixed points, in floats and in bounded time whatever it says.

Expressions with the same values are taken for the same, as in randomised identity testing (Schwartz 1980). Nothing is
simplified and no big integer is built. What cannot be read for certain (matrices, inequalities, 1/2x) gives None.
"""

import cmath
import math
import re
import zlib
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

Value: TypeAlias = float | complex

_MOST_TOKENS = 200
_DEEPEST = 40
_LARGEST_FACTORIAL = 170  # 171! is beyond a float
_LONGEST_PRODUCT = 2  # letters: ab is a·b, but abc may be a word

_TOKEN = re.compile(r"\s*(?:(\d+\.\d*|\.\d+|\d+)|(\\[a-zA-Z]+)|([a-zA-Z]+)|(\*\*|[-+*/^(){}\[\]|!_√×·÷]|[Α-Ωα-ω]))\s*")
_FUNCTIONS: dict[str, Callable[[Value], complex]] = {
    "sin": cmath.sin, "cos": cmath.cos, "tan": cmath.tan, "sinh": cmath.sinh, "cosh": cmath.cosh, "tanh": cmath.tanh,
    "arcsin": cmath.asin, "arccos": cmath.acos, "arctan": cmath.atan, "exp": cmath.exp, "ln": cmath.log,
    "sec": lambda x: 1 / cmath.cos(x), "csc": lambda x: 1 / cmath.sin(x), "cot": lambda x: 1 / cmath.tan(x),
}  # fmt: skip
_CONSTANTS: dict[str, Value] = {"π": math.pi, "e": math.e, "i": 1j}
_GREEK = re.compile(r"\\(?:alpha|beta|gamma|delta|theta|lambda|mu|omega|phi|varphi|rho|sigma|tau|epsilon)")
_CLOSING = {"(": ")]", "[": ")]", "{": "}"}
FUNCTION_NAMES = frozenset(_FUNCTIONS) | {"sqrt", "log", "frac", "binom"}


class Values(NamedTuple):
    """What an expression comes to where its letters take two different sets of fixed values."""

    first: Value
    second: Value


def values(text: str) -> Values | None:
    """The expression's values, or None where it is not certain what it says, or too long, or not finite."""
    try:
        tokens = _tokens(text)
        both = Values(_Reader(tokens, 1.3717).whole(), _Reader(tokens, -1.6181).whole())
    except (_UnreadableError, ArithmeticError, ValueError):
        return None
    return both if all(map(cmath.isfinite, both)) else None


class _UnreadableError(Exception):
    """The text is no expression that this module is sure about."""


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found or len(tokens) >= _MOST_TOKENS:
            raise _UnreadableError
        word = found[3]
        if word and word not in FUNCTION_NAMES:
            if len(word) > _LONGEST_PRODUCT:
                raise _UnreadableError
            tokens.extend(word)
        else:
            token = found[0].strip()
            tokens.append(token[1:] if token[1:] in FUNCTION_NAMES else token)
        at = found.end()
    return tokens


class _Reader:
    """Reads the tokens once from left to right; `point` is what its letters are made from."""

    def __init__(self, tokens: list[str], point: float) -> None:
        self._tokens = tokens
        self._point = point
        self._at = 0
        self._depth = 0

    def whole(self) -> Value:
        value = self._sum()
        if self._next() is not None:
            raise _UnreadableError
        return value

    def _next(self) -> str | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _take(self) -> str:
        if self._at >= len(self._tokens):
            raise _UnreadableError
        self._at += 1
        return self._tokens[self._at - 1]

    def _expect(self, allowed: str) -> None:
        if self._take() not in allowed:
            raise _UnreadableError

    def _took(self, *wanted: str) -> str | None:
        found = self._next()
        if found is None or found not in wanted:
            return None
        self._at += 1
        return found

    def _nested(self, read: Callable[[], Value]) -> Value:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _UnreadableError
        value = read()
        self._depth -= 1
        return value

    def _sum(self) -> Value:
        value = self._product()
        while sign := self._took("+", "-"):
            value = value + self._product() if sign == "+" else value - self._product()
        return value

    def _product(self) -> Value:
        value = self._signed()
        while True:
            if self._took("*", "×", "·"):
                value = value * self._signed()
            elif self._took("/", "÷"):
                value = value / self._signed()
                if self._starts_factor():  # 1/2x is read both ways
                    raise _UnreadableError
            elif self._starts_factor():
                value = value * self._juxtaposed()
            else:
                return value

    def _starts_factor(self) -> bool:
        token = self._next()
        return token is not None and (token[0].isalnum() or token[0] in "([{√\\")

    def _juxtaposed(self) -> Value:
        token = self._next() or ""
        if token[0].isdigit() or token[0] == ".":  # 1 234, or x2
            raise _UnreadableError
        if token == "frac" and self._tokens[self._at - 1][0].isdigit() and self._is_plain_fraction():  # 2½, or 2·½
            raise _UnreadableError
        return self._power()

    def _is_plain_fraction(self) -> bool:
        return all(token in "{}" or token.isdigit() for token in self._tokens[self._at + 1 : self._at + 7])

    def _signed(self) -> Value:
        is_negative = False
        while sign := self._took("-", "+"):
            is_negative ^= sign == "-"
        value = self._power()
        return -value if is_negative else value

    def _power(self) -> Value:
        value = self._atom()
        while self._took("!"):
            value = _factorial(value)
        return _power(value, self._nested(self._signed)) if self._took("^", "**") else value

    def _group(self) -> Value:
        closing = _CLOSING[self._take()]
        value = self._nested(self._sum)
        self._expect(closing)
        return value

    def _argument(self) -> Value:
        """What a command applies to: a group in braces, or the one sign after it."""
        token = self._next() or ""
        if token in _CLOSING:
            return self._group()
        if len(token) > 1 and token[0].isdigit():
            raise _UnreadableError
        return self._atom()

    def _atom(self) -> Value:
        token = self._next() or ""
        if token in _CLOSING:
            return self._group()
        self._take()
        if token[0].isdigit() or token[0] == ".":
            return float(token)
        if token in FUNCTION_NAMES or token == "√":
            return self._nested(lambda: self._applied(token))
        if token == "|":
            value = abs(self._nested(self._sum))
            self._expect("|")
            return value
        return self._letter(token)

    def _applied(self, name: str) -> Value:
        match name:
            case "frac":
                return self._argument() / self._argument()
            case "sqrt":
                degree = self._group() if self._next() == "[" else 2.0
                return _root(self._argument(), degree)
            case "√":
                return _root(self._atom(), 2.0)
            case "binom":
                return _binomial(self._argument(), self._argument())
            case _:
                return self._function(name)

    def _function(self, name: str) -> Value:
        base: Value | None = None
        if name == "log":
            self._expect("_")  # without a base it may be the natural or the common one
            base = self._argument()
        exponent = self._argument() if self._took("^") else 1.0
        if exponent == -1:
            raise _UnreadableError
        argument = self._operand()
        value = cmath.log(argument) / cmath.log(base) if base is not None else _FUNCTIONS[name](argument)
        return _power(_real(value), exponent)

    def _operand(self) -> Value:
        """The operand of a function: a group, or factors up to the next function or sign, as in sin 2x cos x."""
        if self._next() in ("(", "{"):
            return self._group()
        value = self._power()
        while self._starts_factor() and self._next() not in {*_CLOSING, *FUNCTION_NAMES}:
            value = value * self._juxtaposed()
        return value

    def _letter(self, token: str) -> Value:
        if not (token.isalpha() or _GREEK.fullmatch(token)):
            raise _UnreadableError
        name = token
        if self._took("_"):
            name += "_" + self._index()
        elif token in _CONSTANTS:
            return _CONSTANTS[token]
        return self._point + zlib.crc32(name.encode()) / 2**32

    def _index(self) -> str:
        if not self._took("{"):
            return self._take()
        index = ""
        while (token := self._take()) != "}":
            index += token
        return index


def _real(value: complex) -> Value:
    return value.real if abs(value.imag) <= 1e-15 * abs(value.real) else value


def _power(base: Value, exponent: Value) -> Value:
    if isinstance(base, complex) or isinstance(exponent, complex):
        return complex(base) ** exponent
    if base < 0 and not exponent.is_integer():
        raise _UnreadableError
    return float(base**exponent)


def _root(radicand: Value, degree: Value) -> Value:
    if isinstance(degree, complex) or not degree.is_integer() or degree < 1:
        raise _UnreadableError
    if degree == 2:
        return _real(cmath.sqrt(radicand))
    if isinstance(radicand, complex) or (radicand < 0 and degree % 2 == 0):
        raise _UnreadableError
    return math.copysign(abs(radicand) ** (1 / degree), radicand)


def _factorial(value: Value) -> float:
    if isinstance(value, complex) or not value.is_integer() or not 0 <= value <= _LARGEST_FACTORIAL:
        raise _UnreadableError
    return float(math.factorial(int(value)))


def _binomial(total: Value, chosen: Value) -> float:
    for value in (total, chosen):
        if isinstance(value, complex) or not value.is_integer() or not 0 <= value <= _LARGEST_FACTORIAL:
            raise _UnreadableError
    return float(math.comb(int(total.real), int(chosen.real)))
