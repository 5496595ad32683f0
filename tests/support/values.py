"""`with_other_values`: the same body of another call, with other ports, addresses, keys and names of streams."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

_WHERE = (
    (re.compile(r"(?<=\n)(m=\w+ )([1-9]\d{3,4})(?= )"), "port"),
    (re.compile(r"(?<=\n)(a=rtcp:)([1-9]\d{3,4})\b"), "port"),
    (re.compile(r"(?<=\n)(a=candidate:)(\S+)"), "text"),
    (re.compile(r"(?<=\n)(a=candidate:\S+ \d \S+ )(\d+)"), "number"),
    (re.compile(r"(?<=\n)(a=candidate:\S+ \d \S+ \d+ \S+ )([1-9]\d{3,4})\b"), "port"),
    (re.compile(r"(?<=\n)(a=ssrc:)(\d+)"), "number"),
    (re.compile(r"(?<=\n)(a=ssrc-group:\w+ )(\d+)"), "number"),
    (re.compile(r"(?<=\n)(a=ssrc-group:\w+ \d+ )(\d+)"), "number"),
    (re.compile(r"(?<=\n)(a=ssrc:\d+ msid:|a=msid:)([\w{}-]{2,})"), "text"),
    (re.compile(r"(?<=\n)(a=ssrc:\d+ msid:\S+ |a=msid:\S+ )([\w{}-]{2,})"), "text"),
    (re.compile(r"(?<=\n)(a=ssrc:\d+ cname:)(\S+)"), "text"),
    (re.compile(r"(?<=\n)(a=ice-(?:ufrag|pwd):)([\w/+]{4,})"), "text"),
    (re.compile(r"(?<=\n)(a=crypto:\d+ \w+ inline:)([\w/+]{38,})"), "text"),
    (re.compile(r"(?<=\n)(o=\S+ )(\d+ \d+)(?= IN)"), "digits"),
    (re.compile(r"(?<=\n)(a=fingerprint:sha-256 )((?:[\dA-F]{2}:){31}[\dA-F]{2})"), "hash"),
    (re.compile(r"(?<=\n)(c=IN IP4 )(?!0\.0\.0\.0)((?:\d{1,3}\.){3}\d{1,3})(?=\r?\n)"), "address"),
)


def with_other_values(body: str, chance: random.Random) -> str:
    """Return `body` with other values. Where two were the same, they still are, and no others become so."""
    made: dict[tuple[str, str], str] = {}
    draw: dict[str, Callable[[str], str]] = {
        "port": lambda _: str(chance.randrange(1000, 65536)),
        "number": lambda _: str(chance.randrange(1, 2**31)),
        "digits": lambda _: f"{chance.randrange(10**12)} {chance.randrange(10**4)}",
        "text": lambda text: "".join(chance.choices("abcXYZ789", k=max(len(text), 6))),
        "hash": lambda _: ":".join(f"{chance.randrange(256):02X}" for _ in range(32)),
        "address": lambda _: f"198.51.100.{chance.randrange(256)}",
    }

    def other(kind: str, value: str) -> str:
        while (kind, value) not in made:
            drawn = draw[kind](value)
            # Whatever is there already stays another one.
            if (kind, drawn) not in made and drawn not in made.values() and not re.search(rf"\b{drawn}\b", body):
                made[kind, value] = drawn
        return made[kind, value]

    changed = body
    for where, kind in _WHERE:
        changed = where.sub(lambda found: found[1] + other(kind, found[2]), changed)  # noqa: B023 - called at once
    return changed
