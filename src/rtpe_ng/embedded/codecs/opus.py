"""Parameters of opus (RFC 7587, section 6.1), as the daemon writes them since it reads them."""

from __future__ import annotations

import re

from ..versions import Behaviour

__all__ = ["opus_answer", "opus_parameters"]

_SWITCHES = ("stereo", "sprop-stereo", "useinbandfec", "usedtx", "cbr")
_NUMBERS = ("maxplaybackrate", "maxaveragebitrate", "sprop-maxcapturerate", "minptime")


def opus_parameters(text: str, behaviour: Behaviour) -> str:
    """Return the parameters that the daemon knows, in its order; switches other than 0 and 1 are dropped."""
    return _written(_read(text, behaviour))


def opus_answer(text: str, behaviour: Behaviour, *, channels: int) -> str:
    """Return what the daemon answers to an offer of these parameters when it transcodes from a codec to opus.

    `channels` is how many that codec has.
    """
    offered = _read(text, behaviour)
    answered = {"stereo": offered.get("sprop-stereo", "0" if channels == 1 else "1"), "useinbandfec": "1"}
    if "stereo" in offered:
        answered["sprop-stereo"] = offered["stereo"]
    return _written(answered)


def _read(text: str, behaviour: Behaviour) -> dict[str, str]:
    said: dict[str, str] = {}
    for word in text.split(";"):
        key, equals, value = word.partition("=")
        key, value = key.strip(" "), value.strip(" ")
        if key == "usedtx" and behaviour.takes_usedtx_for_fec:
            key = "useinbandfec"
        if equals and key in _SWITCHES and value in ("0", "1"):
            said[key] = value
        elif equals and key in _NUMBERS:
            found = re.match(r"\s*[+-]?\d+", value, re.ASCII)
            said[key] = found[0].strip() if found else "0"
    return said


def _written(said: dict[str, str]) -> str:
    known = [(key, said[key]) for key in (*_SWITCHES, *_NUMBERS) if key in said]
    return "; ".join(f"{key}={value}" for key, value in known if key in _SWITCHES or value != "0")
