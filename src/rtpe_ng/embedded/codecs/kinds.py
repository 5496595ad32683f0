"""`CodecKind`: an encoding that the daemon can both decode and encode, and the table of them for each version."""

from collections.abc import Mapping

import attrs

__all__ = ["KINDS_10_5", "KINDS_12_5", "KINDS_26_0", "CodecKind"]


@attrs.frozen(kw_only=True)
class CodecKind:
    """An encoding that the daemon can transcode to and from. All are audio."""

    name: str
    clock_rate: int | None = None
    """In Hz, for a request that gives none; None if the daemon never offers the encoding by itself."""
    channels: int = 1
    parameters: str = ""
    """The fmtp parameters that the daemon writes when it adds the codec to an offer."""
    payload_type: int | None = None
    """Its static payload type (RFC 3551, section 6)."""
    supplemental: bool = False
    """It accompanies other codecs of its clock rate, as telephone-event and CN do."""
    any_parameters: bool = False
    """Two codecs of this kind are the same even if their parameters differ."""
    family: str = ""
    """Codecs of one family are the same even if their names differ."""


_COMMON = (
    CodecKind(name="PCMA", clock_rate=8000, payload_type=8),
    CodecKind(name="PCMU", clock_rate=8000, payload_type=0),
    CodecKind(name="G723", clock_rate=8000, payload_type=4),
    CodecKind(name="G722", clock_rate=8000, payload_type=9),
    CodecKind(name="G729", clock_rate=8000, payload_type=18, parameters="annexb=no"),
    CodecKind(name="G729a", clock_rate=8000, payload_type=18),
    CodecKind(name="speex", clock_rate=16000),
    CodecKind(name="GSM", clock_rate=8000, payload_type=3),
    CodecKind(name="opus", clock_rate=48000, channels=2, any_parameters=True),
    CodecKind(name="telephone-event", clock_rate=8000, parameters="0-15", supplemental=True, any_parameters=True),
    CodecKind(name="CN", clock_rate=8000, payload_type=13, supplemental=True, any_parameters=True),
    *(CodecKind(name=name) for name in ("vorbis", "ac3", "eac3", "PCM-U8", "MP3")),
)
_OPUS = CodecKind(name="opus", clock_rate=48000, channels=2, parameters="useinbandfec=1", any_parameters=True)


def _by_name(*kinds: CodecKind) -> Mapping[str, CodecKind]:
    """Return the common kinds and these, by name in lower case; of two with one name the last counts."""
    return {kind.name.lower(): kind for kind in (*_COMMON, *kinds)}


KINDS_10_5 = _by_name(CodecKind(name="PCM-S16LE"))
KINDS_12_5 = _by_name(
    CodecKind(name="PCM-S16LE"),
    CodecKind(name="G722", clock_rate=8000, payload_type=9, any_parameters=True),
    CodecKind(name="G729", clock_rate=8000, payload_type=18, parameters="annexb=no", any_parameters=True),
    CodecKind(name="G729a", clock_rate=8000, payload_type=18, any_parameters=True),
    _OPUS,
)
KINDS_26_0 = _by_name(
    CodecKind(name="PCMA", clock_rate=8000, payload_type=8, any_parameters=True),
    CodecKind(name="PCMU", clock_rate=8000, payload_type=0, any_parameters=True),
    CodecKind(name="G722", clock_rate=8000, payload_type=9, any_parameters=True),
    *(
        CodecKind(
            name=name,
            clock_rate=8000,
            payload_type=18,
            parameters=parameters,
            any_parameters=True,
            family="G729",
        )
        for name, parameters in (("G729", "annexb=yes"), ("G729a", "annexb=no"))
    ),
    _OPUS,
    *(CodecKind(name=f"G726-{rate}", clock_rate=8000) for rate in (16, 24, 32, 40)),
    CodecKind(name="L16", clock_rate=44100, payload_type=10),
    CodecKind(name="X-L16", clock_rate=44100),
)
