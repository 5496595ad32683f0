"""Parameters of opus (RFC 7587, section 6.1), as the daemon reads them and writes them again."""

import re

from ..versions import Behaviour

__all__ = ["opus_answer", "opus_parameters"]

_SWITCHES = ("stereo", "sprop-stereo", "useinbandfec", "usedtx", "cbr")
_NUMBERS = ("maxplaybackrate", "maxaveragebitrate", "sprop-maxcapturerate", "minptime")


def opus_parameters(text: str, behaviour: Behaviour) -> str:
    """Return the parameters that the daemon knows, in its own order; a switch that is not 0 or 1 is dropped."""
    return _written(_read(text, behaviour))


def opus_answer(text: str, behaviour: Behaviour, *, channels: int) -> str:
    """Return what the daemon answers to an offer of these parameters when it transcodes a codec to opus.

    `channels` is the number of channels of that codec.
    """
    offered = _read(text, behaviour)
    answered = {"stereo": offered.get("sprop-stereo", "0" if channels == 1 else "1"), "useinbandfec": "1"}
    if "stereo" in offered:
        answered["sprop-stereo"] = offered["stereo"]
    return _written(answered)


def _read(text: str, behaviour: Behaviour) -> dict[str, str]:
    parameters: dict[str, str] = {}
    for word in text.split(";"):
        key, equals, value = word.partition("=")
        key, value = key.strip(" "), value.strip(" ")
        if key == "usedtx" and behaviour.takes_usedtx_for_fec:
            key = "useinbandfec"
        if equals and key in _SWITCHES and value in ("0", "1"):
            parameters[key] = value
        elif equals and key in _NUMBERS:
            number = re.match(r"\s*[+-]?\d+", value, re.ASCII)
            parameters[key] = number[0].strip() if number else "0"
    return parameters


def _written(parameters: dict[str, str]) -> str:
    known = [(key, parameters[key]) for key in (*_SWITCHES, *_NUMBERS) if key in parameters]
    return "; ".join(f"{key}={value}" for key, value in known if key in _SWITCHES or value != "0")
