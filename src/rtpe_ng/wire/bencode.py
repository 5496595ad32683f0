"""A strict, iterative decoder of bencode for bytes that arrive from a network.

Numbers and lengths must be in their shortest form; no daemon writes them otherwise. Unsorted keys are accepted,
because every daemon sends them. Duplicate keys are accepted too: the reply to a query has them when branches of
the call share a tag. The decoder never recurses, and its time is linear in the length of the input: a hostile
datagram can neither overflow the stack nor keep the process busy.

It has two halves. `decode_strictly` decides what is accepted, and finds the place of what is not. A reply to a
query has hundreds of small values, and it takes its time for each. `decode_plain` reads nearly all of these
replies, in less time, and gives up on everything else. One regular expression finds all the pieces of a document,
in one call. It cannot count the bytes of a string by the number before them; but it can have one alternative for
each length, and few strings in these replies are longer than some tens of bytes. What fits no alternative is one
piece, up to the end. So the document is made of pieces that are well-formed if the last one is an ``e``.
"""

import re
from typing import TypeAlias

from ..errors import WireError

Value: TypeAlias = "str | int | list[Value] | dict[str, Value]"
"""A string, a 64-bit integer, a list or a dictionary."""
Document: TypeAlias = dict[str, Value]
"""A whole request or reply."""

MAX_DEPTH = 64
"""How deep lists and dictionaries may be nested; the daemon's own replies need eight levels."""
MAX_SAME = 16
"""How often a key may occur in one dictionary; its second value is kept under ``key (2)``."""

MAX_PLAIN = 65_507
"""More bytes come from no datagram, and `decode_plain` needs memory for all the pieces of a document."""

_BODY = b"d3:sdp"
"""The beginning of a reply with a body, which is too long for `decode_plain`."""
_FEW = 48
"""Up to so many bytes, as in the reply to a ping, `decode_strictly` takes no longer."""

# One look-up both reads a length and checks that it is canonical; longer strings take the slow path.
_LENGTHS = {str(number): number for number in range(10_000)}
_MAX_DIGITS = 19


def decode(data: bytes) -> Document:
    """Return the dictionary that `data` encodes.

    Raises `WireError`, with the offset in bytes, unless `data` is one whole dictionary and nothing else.
    """
    document = None
    if _FEW < len(data) <= MAX_PLAIN and not data.startswith(_BODY):
        document = decode_plain(data)
    return decode_strictly(data) if document is None else document


def _strings(digit: int) -> str:
    """Return the expression of the strings whose length is `digit`, or has two digits of which it is the first."""
    longer = "|".join(f"{unit}:.{{{10 * digit + unit}}}" for unit in range(10))
    return f"{digit}(?::.{{{digit}}}|{longer})"


# Any number of 18 digits fits into 64 bits.
_PIECES = re.compile(
    "d|e|l|i(?:0|-?[1-9][0-9]{0,17})e|0:|" + "|".join(map(_strings, range(1, 10))) + "|.+", re.DOTALL
)


def decode_plain(data: bytes) -> Document | None:  # noqa: C901 - one loop, as below
    """Return the dictionary that the bytes `data` encode, or None where `decode_strictly` has to decide.

    That is where a string has 100 bytes or more, or more than ASCII, a number has more than 18 digits, a key stands
    twice, or something is malformed.
    """
    if not data.isascii():
        return None
    pieces: list[str] = _PIECES.findall(data.decode("ascii"))
    if pieces[-1:] != ["e"] or pieces[0] != "d":
        return None
    root: Document = {}
    container: Document | list[Value] = root
    outer: list[Document | list[Value]] = []
    remaining = iter(pieces)
    next(remaining)
    for piece in remaining:
        if piece == "e":
            if not outer:
                return None if next(remaining, None) else root
            container = outer.pop()
        elif isinstance(container, dict):
            _, colon, key = piece.partition(":")
            if not colon or key in container:
                return None
            # There is a next piece, because the last one is no key.
            value = next(remaining)
            # In the alphabet, digits come before the colon, and letters behind it.
            if value < ":":
                container[key] = value.partition(":")[2]
            elif value[0] == "i":
                container[key] = int(value[1:-1])
            elif value == "e" or len(outer) >= MAX_DEPTH - 1:
                return None
            else:
                inner: Document | list[Value] = {} if value == "d" else []
                outer.append(container)
                container[key] = inner
                container = inner
        elif piece < ":":
            container.append(piece.partition(":")[2])
        elif piece[0] == "i":
            container.append(int(piece[1:-1]))
        elif len(outer) >= MAX_DEPTH - 1:
            return None
        else:
            inner = {} if piece == "d" else []
            outer.append(container)
            container.append(inner)
            container = inner
    return None


def decode_strictly(data: bytes) -> Document:  # noqa: C901 - one loop over one cursor; calls would double its time
    """Return what `decode` returns, for any bytes; raise `WireError` where it does."""
    # Latin-1 maps each byte to one character, so offsets stay true and slices of plain ASCII are already text.
    text = data.decode("latin-1")
    plain = data.isascii()
    size = len(text)
    lengths = _LENGTHS
    find = text.find

    if not text.startswith("d"):
        raise WireError("no dictionary", offset=0, data=data)
    root: Document = {}
    container: Document | list[Value] = root
    outer: list[tuple[Document | list[Value], str | None]] = []
    keyed = True  # whether the container is a dictionary
    key: str | None = None  # in a dictionary, the key whose value comes next
    value: Value
    position = 1
    while position < size:
        mark = text[position]
        if mark == "e":
            if key is not None:
                raise WireError(f"the key {key[:40]!r} has no value", offset=position, data=data)
            position += 1
            if not outer:
                if position != size:
                    raise WireError("bytes after the end of the document", offset=position, data=data)
                return root
            container, key = outer.pop()
            keyed = key is not None
            key = None
            continue
        if mark == "i" and (key is not None or not keyed):
            # The search is bounded, because converting a very long number takes quadratic time.
            end = find("e", position, position + _MAX_DIGITS + 3)
            if end < 0:
                raise WireError("an integer without end", offset=position, data=data)
            value = _integer(text[position + 1 : end], position, data)
            position = end + 1
        elif mark in "dl" and (key is not None or not keyed):
            if len(outer) >= MAX_DEPTH - 1:
                raise WireError(f"nested deeper than {MAX_DEPTH} levels", offset=position, data=data)
            inner: Document | list[Value] = {} if mark == "d" else []
            if keyed:
                container[key] = inner  # type: ignore[call-overload, index]
            else:
                container.append(inner)  # type: ignore[union-attr]
            # A list is pushed without a key, a dictionary with the key whose value this is. The key tells them
            # apart when they are popped.
            outer.append((container, key))
            container = inner
            keyed = mark == "d"
            key = None
            position += 1
            continue
        else:
            colon = find(":", position, position + _MAX_DIGITS + 1)
            length = lengths.get(text[position:colon], -1)
            if length < 0 or colon < 0:
                length = _length(text[position:colon] if colon > 0 else mark, position, data)
            start = colon + 1
            position = start + length
            if position > size:
                raise WireError(
                    f"a string of {length} bytes, of which {size - start} are there",
                    offset=start - len(str(length)) - 1,
                    data=data,
                )
            value = text[start:position]
            # Back to bytes, and from there to the text that they encode. In most replies there is nothing to do.
            if not plain and not value.isascii():
                value = value.encode("latin-1").decode("utf-8", "surrogateescape")
            if keyed and key is None:
                if value in container:
                    value = _another(value, container, start, data)  # type: ignore[arg-type]
                key = value
                continue
        if keyed:
            container[key] = value  # type: ignore[call-overload, index]
            key = None
        else:
            container.append(value)  # type: ignore[union-attr]
    raise WireError("the document ends too early", offset=size, data=data)


def _another(key: str, container: Document, start: int, data: bytes) -> str:
    """Return the name for one more value of a duplicate key, so that nothing that was sent is lost."""
    for number in range(2, MAX_SAME + 1):
        if (name := f"{key} ({number})") not in container:
            return name
    raise WireError(f"the key {key[:40]!r} stands more than {MAX_SAME} times", offset=start, data=data)


def _integer(digits: str, position: int, data: bytes) -> int:
    bare = digits.removeprefix("-")
    if bare.isascii() and bare.isdecimal() and (bare[0] != "0" or digits == "0"):
        number = int(digits)
        if -(2**63) <= number < 2**63:
            return number
    raise WireError("not a canonical 64-bit integer", offset=position, data=data)


def _length(digits: str, position: int, data: bytes) -> int:
    if not digits[:1].isdecimal() or not digits[:1].isascii():
        raise WireError("a string or another value expected", offset=position, data=data)
    if digits.isascii() and digits.isdecimal() and digits[0] != "0" and len(digits) > 1:
        return int(digits)
    raise WireError("not a canonical length", offset=position, data=data)
