"""Words, numbers and addresses, as the daemon reads them: by the rules of C, not by those of an RFC.

A single space ends a word, so two of them have an empty word between them. A number ends where its digits do, and
what follows it is ignored; what stands before it may be white space and a sign. The end of a word does not end a
number: that of an empty word is the one behind it.
"""

import ipaddress
import re
from itertools import accumulate

__all__: list[str] = []

_NUMBER = re.compile(r"[ \t\n\v\f\r]*([+-]?)([0-9]+)")
_MOST = 2**64 - 1
_LONGEST_ADDRESS = 63


def words_in(value: str, count: int) -> list[str]:
    """Return the first `count` words and what is left behind them; fewer if there are not as many."""
    parts = value.split(" ", count)
    # The daemon takes an empty rest for no word.
    return parts[:-1] if len(parts) <= count and not parts[-1] else parts


def starts_of(words: list[str]) -> list[int]:
    """Return where each word of `words_in` begins."""
    return [0, *accumulate(len(word) + 1 for word in words)][: len(words)]


def number_at(text: str, start: int = 0) -> int | None:
    """Return the number that begins at `start`, as an unbounded integer as far as C tells it apart; else None."""
    match = _NUMBER.match(text, start)
    if match is None:
        return None
    digits = match[2].lstrip("0")
    size = int(digits or "0") if len(digits) <= 20 else _MOST + 1
    return -size if match[1] == "-" else size


def end_of_number(text: str, start: int = 0) -> int:
    """Return where the number ends that begins at `start`; `start` itself if there is none."""
    match = _NUMBER.match(text, start)
    return start if match is None else match.end()


def signed(number: int) -> int:
    """Return what is left of a number in C's `long`: it is cut off at both ends."""
    return max(-(2**63), min(number, 2**63 - 1))


def unsigned(number: int) -> int:
    """Return what is left of a number in C's `unsigned long`: a negative one wraps, a large one is cut off."""
    return _MOST if abs(number) > _MOST else number % (_MOST + 1)


def wrapped(number: int) -> int:
    """Return what is left of an `unsigned long` in an `unsigned int`."""
    return unsigned(number) % 2**32


def small(text: str, *, bare: bool = False) -> int | None:
    """Return the number at the beginning of a word, if it fits C's `int`; else None. The word ends the number.

    A `bare` number must be all of the word.
    """
    number = number_at(text)
    if number is None or not -(2**31) <= number < 2**31 or (bare and end_of_number(text) < len(text)):
        return None
    return number


def address_family(text: str) -> str:
    """Return ``IP4`` or ``IP6`` for an address that the daemon can read, and an empty string for any other text."""
    # A NUL ends the text of an address.
    text = text.partition("\0")[0] if len(text) <= _LONGEST_ADDRESS else ""
    if "%" in text:
        return ""
    if text.startswith("["):
        inside, bracket, _ = text[1:].partition("]")
        return "IP6" if bracket and address_family(inside) == "IP6" and not inside.startswith("[") else ""
    try:
        return f"IP{ipaddress.ip_address(text).version}"
    except ValueError:
        return ""
