"""`unmet`: the flags that a daemon ignored, found by comparing its SDP with what they ask for.

A daemon replies ``ok`` even if it does not know an option, is too old for it, or cannot carry it out.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import attrs

from .. import sdp
from ..errors import SdpError
from ..flags import Codec, Flags


@attrs.frozen(kw_only=True)
class Unmet:
    """An option that the daemon did not carry out. `str` returns that as a sentence, with the cure."""

    option: str
    """The option as it is written in Python, such as ``rtcp_mux=['require']``."""
    media: str
    """The media section, such as ``audio 0``."""
    found: str
    """What came back instead."""
    since: str
    """The first version of the daemon that knows the option; ``10.5`` also stands for older ones."""
    cure: str
    """What to do."""

    def __str__(self) -> str:
        return (
            f"{self.media}: the daemon ignored {self.option}, known since {self.since}: {self.found} came back; "
            f"{self.cure}"
        )


class _Lack(NamedTuple):
    option: str
    found: str
    cure: str = "its log says why"
    since: str = "10.5"


# The ng document, "`offer` Message", says what the alias WebRTC stands for. Daemons before 12.5 do not know it.
_WEBRTC = Flags(transport_protocol="UDP/TLS/RTP/SAVPF", ice="force", rtcp_mux=["offer"], sdes=["off"])
_ALIAS = "extra={'flags': ['WebRTC']}"
_SPELT = "spell it out, as profiles.MODERN does: transport_protocol='UDP/TLS/RTP/SAVPF', ice='force', ..."


def unmet(flags: Flags, body: str | sdp.Session, *, answer: bool = False) -> tuple[Unmet, ...]:
    """Return those of `flags` that had no effect on `body`, which the daemon made from an offer or an `answer`.

    Checks the RTP sections that are not rejected: protocol, ICE, rtcp-mux, DTLS, SDES, codecs to add or remove,
    mids, header extensions, ``a=rtcp`` and trickle ICE. In an answer, only removals are checked, because all else
    follows what the offerer had sent. A body that is no SDP gives an empty result. Raises nothing.
    """
    try:
        session = sdp.parse(body) if isinstance(body, str) else body
    except SdpError:
        return ()
    unmet_options = []
    for index, media in enumerate(session.media):
        if media.is_rtp and not media.is_rejected:
            lacks = list(_lacks(flags, media, answer=answer))
            if "WebRTC" in flags.extra.get("flags", ()) and any(_lacks(_WEBRTC, media, answer=answer)):
                lacks.append(_Lack(_ALIAS, media.protocol, _SPELT, "12.5"))
            unmet_options += [Unmet(media=f"{media.type} {index}", **lack._asdict()) for lack in lacks]
    return tuple(unmet_options)


def _lacks(flags: Flags, media: sdp.Media, *, answer: bool) -> Iterator[_Lack]:
    wanted = flags.transport_protocol
    if wanted not in (None, "accept", media.protocol):
        yield _Lack(f"transport_protocol={wanted!r}", media.protocol)
    if _first(flags.ice) == "remove" and media.ice_ufrag is not None:
        yield _Lack("ice='remove'", "ICE credentials")
    if "off" in flags.sdes and media.cryptos:
        yield _Lack("sdes=['off']", "an SDES key")
    if flags.dtls == "off" and media.fingerprints and "TLS" not in media.protocol:
        yield _Lack("dtls='off'", "a DTLS fingerprint")
    if flags.strip_extmap and media.extmaps:
        yield _Lack("strip_extmap=True", "a=extmap", "sdp.clean_for_sip removes it")
    # What the daemon adds to an answer depends on the offer that it answers, which is not known here.
    if not answer:
        yield from _lacks_of_offer(flags, media)


def _first(ice: str | Sequence[str] | None) -> str | None:
    # In a list, the word for ICE itself comes first.
    return ice if isinstance(ice, str) or ice is None else ice[0]


def _lacks_of_offer(flags: Flags, media: sdp.Media) -> Iterator[_Lack]:
    if _first(flags.ice) == "force" and not (media.ice_ufrag and media.candidates):
        yield _Lack("ice='force'", "no ICE")
    if "TLS" in (flags.transport_protocol or "") and not (media.fingerprints and media.setup):
        yield _Lack(f"transport_protocol={flags.transport_protocol!r}", "no DTLS fingerprint")
    mux = list(flags.rtcp_mux)
    if "demux" in mux and media.rtcp_mux:
        yield _Lack(f"rtcp_mux={mux!r}", "a=rtcp-mux", "sdp.set_rtcp_mux(body, 'demux') removes it")
    if "demux" not in mux and not {"offer", "require"}.isdisjoint(mux) and not media.rtcp_mux:
        yield _Lack(f"rtcp_mux={mux!r}", "no a=rtcp-mux")
    if flags.generate_mid and not media.mid:
        yield _Lack("generate_mid=True", "no a=mid", "sdp.set_mids adds it")
    if flags.no_rtcp_attribute and media.rtcp is not None:
        yield _Lack("no_rtcp_attribute=True", "a=rtcp")
    if flags.trickle_ice and media.ice_ufrag and "trickle" not in media.ice_options:
        yield _Lack("trickle_ice=True", "no ice-options:trickle", "sdp.set_trickle adds it")
    if media.type == "audio" and isinstance(flags.codec, Codec):
        yield from _lacks_of_codecs(flags.codec, media)


def _lacks_of_codecs(codec: Codec, media: sdp.Media) -> Iterator[_Lack]:
    names = {present.name.lower() for present in media.codecs}
    for wanted in codec.transcode:
        if _name(wanted) not in names and _name(wanted) not in _SETS:
            cure = "rtpengine --codecs lists what this build can transcode"
            yield _Lack(f"codec={{'transcode': [{wanted!r}]}}", f"no {wanted}", cure)
    added = {_name(wanted) for wanted in (*codec.transcode, *codec.offer)}
    for operation, codecs in (("strip", codec.strip), ("mask", codec.mask)):
        for unwanted in codecs:
            # By clock rate and channels too: of several codecs of a name, others may stay.
            found = next((present for present in media.codecs if present.matches(unwanted)), None)
            if found is not None and _name(unwanted) not in added:
                shown = str(found) if "/" in unwanted else unwanted
                yield _Lack(f"codec={{{operation!r}: [{unwanted!r}]}}", shown, _cure(unwanted, found))


def _cure(unwanted: str, found: sdp.RtpCodec) -> str:
    if "/" not in unwanted:
        return "its log shows the order of operations"
    whole = f"{found.name}/{found.clock_rate}" + (f"/{found.channels}" if found.channels != 1 else "")
    by_name = f"daemons compare all of {whole!r}" if whole != unwanted else "some daemons strip it by its name only"
    return f"{by_name}; sdp.drop_codecs(reply.sdp, [{unwanted!r}]) drops it from the body"


_SETS = frozenset({"all", "full"})
"""Words that stand for several codecs."""


def _name(codec: str) -> str:
    return codec.partition("/")[0].lower()
