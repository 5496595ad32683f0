"""`CodecOptions`: what a request says about codecs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import attrs

__all__ = ["CodecOptions"]


@attrs.frozen(kw_only=True)
class CodecOptions:
    """The members of the option ``codec``, and the words in ``flags`` about codecs."""

    strip: tuple[str, ...] = ()
    offer: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    """What ``except`` names."""
    ignore: tuple[str, ...] = ()
    accept: tuple[str, ...] = ()
    consume: tuple[str, ...] = ()
    mask: tuple[str, ...] = ()
    transcode: tuple[str, ...] = ()
    reuse: bool = False
    """``reuse codecs``: the list of before stays, as far as it is still sent."""
    single: bool = False
    """``single codec``: an answer has one codec."""
    static: bool = False
    """``static codecs``: the answerer's list of before stays."""
    asymmetric: bool = False
    """``allow asymmetric codecs``: each side has its own payload types."""
    may_be_empty: bool = False
    """``allow no codec media``: all codecs may be stripped."""
    forced: bool = False
    """``force transcoding``."""
    accept_any: bool = False
    """``accept any``: of a publisher, also a codec that cannot be transcoded."""

    @classmethod
    def from_ng(cls, document: Mapping[str, Any]) -> Self:
        """Read them from an ng document; what is not known is ignored."""
        said: dict[str, list[str]] = {name: [] for name in _OPERATIONS}
        switches: set[str] = set()
        codec = document.get("codec")
        if isinstance(codec, Mapping):
            for key, value in codec.items():
                said.get(key, []).extend(_texts(value))
        for word in _texts(document.get("flags")):
            spelt = word.replace(" ", "-")
            if spelt in _SWITCHES:
                switches.add(_SWITCHES[spelt])
            elif spelt == "always-transcode":
                said["accept"].append("all")
            elif found := next((it for it in _PREFIXES if spelt.startswith(it)), None):
                said[_PREFIXES[found]].append(word[len(found) :])
        said["kept"] = said.pop("except")
        return cls(
            **{name: tuple(_unescaped(word) for word in words) for name, words in said.items()},  # type: ignore[arg-type]
            **dict.fromkeys(switches, True),  # type: ignore[arg-type]
        )


_OPERATIONS = ("strip", "offer", "except", "ignore", "accept", "consume", "mask", "transcode")
_PREFIXES = {f"codec-{name}-": name for name in _OPERATIONS} | {"transcode-": "transcode"}
_SWITCHES = {
    "reuse-codecs": "reuse",
    "no-codec-renegotiation": "reuse",
    "single-codec": "single",
    "static-codec": "static",
    "static-codecs": "static",
    "allow-asymmetric-codec": "asymmetric",
    "allow-asymmetric-codecs": "asymmetric",
    "allow-no-codec-media": "may_be_empty",
    "allow-no-codec-medias": "may_be_empty",
    "allow-empty-codec-media": "may_be_empty",
    "allow-empty-codec-medias": "may_be_empty",
    "force-transcoding": "forced",
    "accept-any": "accept_any",
}


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return value.split(",")
    return [word for word in value if isinstance(word, str)] if isinstance(value, list | tuple) else []


def _unescaped(word: str) -> str:
    """Return the word as it is meant: some proxies cannot write ``=`` and blanks in a flag."""
    return word.replace("--", "=").replace("..", " ")
