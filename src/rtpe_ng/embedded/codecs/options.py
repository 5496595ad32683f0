"""`CodecOptions`: what a request says about codecs."""

from __future__ import annotations

from typing import Self

import attrs

from ..request import Options
from ..versions import Behaviour

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

    @classmethod
    def of(cls, options: Options, behaviour: Behaviour) -> Self:
        """Return what these options say about codecs to a daemon that behaves like this."""
        said = {name: tuple(map(_unescaped, options.codec.get(name, ()))) for name in _OPERATIONS}
        said["kept"] = tuple(options.codec.get("except", ()))
        if "always-transcode" in options.words:
            said["accept"] = (*said["accept"], "all")
        switches = {_SWITCHES[word] for word in options.words if word in _SWITCHES} - behaviour.unknown_codec_words
        return cls(**said, **dict.fromkeys(switches, True))  # type: ignore[arg-type]


_OPERATIONS = ("strip", "offer", "ignore", "accept", "consume", "mask", "transcode")
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
}


def _unescaped(word: str) -> str:
    """Return the word as it is meant: some proxies cannot write ``=`` and blanks in a flag."""
    return word.replace("--", "=").replace("..", " ")
