"""`Kind`: what the daemon knows of an encoding that it can both decode and encode."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from ..behaviour import Behaviour

__all__ = ["Kind", "kind_of"]


@attrs.frozen(kw_only=True)
class Kind:
    """An encoding that can be transcoded to and from; all of them are audio."""

    name: str
    clock_rate: int | None = None
    """In Hz, where none is given; None means that it is never offered by the daemon itself."""
    channels: int = 1
    parameters: str = ""
    """What the daemon writes in an fmtp line when it offers it of its own."""
    payload_type: int | None = None
    """Its static payload type (RFC 3551, section 6)."""
    supplemental: bool = False
    """It goes with other codecs of its clock rate: telephone-event and CN."""
    any_parameters: bool = False
    """Two codecs are the same whatever their parameters are."""
    family: str = ""
    """Codecs of one family are the same whatever they are called."""


_COMMON = (
    Kind(name="PCMA", clock_rate=8000, payload_type=8),
    Kind(name="PCMU", clock_rate=8000, payload_type=0),
    Kind(name="G723", clock_rate=8000, payload_type=4),
    Kind(name="G722", clock_rate=8000, payload_type=9),
    Kind(name="G729", clock_rate=8000, payload_type=18, parameters="annexb=no"),
    Kind(name="G729a", clock_rate=8000, payload_type=18),
    Kind(name="speex", clock_rate=16000),
    Kind(name="GSM", clock_rate=8000, payload_type=3),
    Kind(name="opus", clock_rate=48000, channels=2, any_parameters=True),
    Kind(name="telephone-event", clock_rate=8000, parameters="0-15", supplemental=True, any_parameters=True),
    Kind(name="CN", clock_rate=8000, payload_type=13, supplemental=True, any_parameters=True),
    *(Kind(name=name) for name in ("vorbis", "ac3", "eac3", "PCM-U8", "MP3")),
)
_TABLES: Mapping[str, tuple[Kind, ...]] = {
    "10.5": (*_COMMON, Kind(name="PCM-S16LE")),
    "12.5": (
        *_COMMON,
        Kind(name="PCM-S16LE"),
        Kind(name="G722", clock_rate=8000, payload_type=9, any_parameters=True),
        Kind(name="G729", clock_rate=8000, payload_type=18, parameters="annexb=no", any_parameters=True),
        Kind(name="G729a", clock_rate=8000, payload_type=18, any_parameters=True),
        Kind(name="opus", clock_rate=48000, channels=2, parameters="useinbandfec=1", any_parameters=True),
    ),
    "26.0": (
        *_COMMON,
        Kind(name="PCMA", clock_rate=8000, payload_type=8, any_parameters=True),
        Kind(name="PCMU", clock_rate=8000, payload_type=0, any_parameters=True),
        Kind(name="G722", clock_rate=8000, payload_type=9, any_parameters=True),
        Kind(
            name="G729",
            clock_rate=8000,
            payload_type=18,
            parameters="annexb=yes",
            any_parameters=True,
            family="G729",
        ),
        Kind(
            name="G729a",
            clock_rate=8000,
            payload_type=18,
            parameters="annexb=no",
            any_parameters=True,
            family="G729",
        ),
        Kind(name="opus", clock_rate=48000, channels=2, parameters="useinbandfec=1", any_parameters=True),
        *(Kind(name=f"G726-{rate}", clock_rate=8000) for rate in (16, 24, 32, 40)),
        Kind(name="L16", clock_rate=44100, payload_type=10),
        Kind(name="X-L16", clock_rate=44100),
    ),
}
_KINDS = {major: {kind.name.lower(): kind for kind in table} for major, table in _TABLES.items()}


def kind_of(name: str, media_type: str, behaviour: Behaviour) -> Kind | None:
    """Return the kind of an encoding in sections of that type, or None where it cannot be transcoded."""
    if media_type != "audio":
        return None
    return _KINDS[".".join(behaviour.version.split(".")[:2])].get(name.lower())
