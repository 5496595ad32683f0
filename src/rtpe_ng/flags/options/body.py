"""What the SDP says: codecs, lines that are replaced, added or removed, T.38."""

from collections.abc import Sequence

import attrs

from ... import keys as k
from .. import nested as n
from .. import vocabulary as v

_OFFER = ("offer",)
_ENGAGES = ("offer", "subscribe request", "publish")


@attrs.frozen(kw_only=True, slots=False)
class BodyOptions:
    """Options of the SDP that goes out."""

    codec: n.Codec | None = attrs.field(
        default=None,
        converter=n.codec,
        metadata=k.metadata(k.Key(key="codec", toward="both", spellings=("codecs",))),
    )
    """Codec operations: a `Codec`, or a dictionary such as ``{"transcode": ["PCMU"]}``."""
    replace: Sequence[v.Replace] = k.words(
        "replace",
        v.Replace,
        words={"force-increment-sdp-ver": "11.2", "origin-full": "12.5"},
        ended={"session-connection": "26.1"},
    )
    """Which other lines the daemon rewrites; ``force-increment-sdp-ver`` is known since 11.2, ``origin-full`` since
    12.5; ``session-connection`` has no effect since 12.5 and is unknown since 26.1."""
    sdp_attr: n.SdpAttr | None = attrs.field(
        default=None, converter=n.sdp_attr, metadata=k.metadata(k.Key(key="sdp-attr", since="11.3"))
    )
    """Attribute lines to add, remove or substitute: an `SdpAttr`, or a dictionary such as
    ``{"audio": {"remove": ["ptime:20"]}}``. Since 11.3."""
    sdp_media_remove: Sequence[v.MediaType] = k.words(
        "sdp-media-remove", v.MediaType, since="13.1", commands=_OFFER
    )
    """Kinds of sections that the receiver does not see; the answer has them rejected. Since 13.1."""
    extmap: n.Extmap | None = attrs.field(
        default=None, converter=n.extmap, metadata=k.metadata(k.Key(key="extmap", since="14.0"))
    )
    """RTP header extensions to strip or to mask: an `Extmap`, or a dictionary. Since 14.0."""
    ptime: int | None = k.integer("ptime", 1, 1000, commands=_OFFER)
    """Packet time toward the receiver, in milliseconds; engages transcoding."""
    ptime_reverse: int | None = k.integer(
        "ptime-reverse", 1, 1000, toward="sender", commands=_OFFER, spellings=("reverse-ptime",)
    )
    """Packet time toward the sender of this offer, in milliseconds."""
    t38: Sequence[v.T38] = k.words("T.38", v.T38, spellings=("T38",), toward="both", commands=_ENGAGES)
    """The T.38 gateway: ``decode`` fax to audio, ``force`` audio to fax, ``stop``, and what of T.38 is off."""
    t38_version: int | None = k.integer(
        "T.38-version", 0, 3, since="13.3", spellings=("T38-version",), toward="both"
    )
    """The version of T.38 that the gateway speaks, whatever the SDP says. Since 13.3."""

    no_rtcp_attribute: bool = k.flag("no-rtcp-attribute")
    """No ``a=rtcp`` line (RFC 3605) in what goes out."""
    full_rtcp_attribute: bool = k.flag("full-rtcp-attribute")
    """The ``a=rtcp`` line with its address."""
    generate_mid: bool = k.flag("generate-mid")
    """Add ``a=mid`` (RFC 5888) where there is none."""
    strip_extmap: bool = k.flag("strip-extmap")
    """Remove ``a=extmap`` (RFC 8285)."""
    loop_protect: bool = k.flag("loop-protect", toward="message")
    """Mark the SDP, so that the daemon processes it only once."""
    original_sendrecv: bool = k.flag("original-sendrecv")
    """Leave ``a=sendrecv`` and the other directions as they came."""
    single_codec: bool = k.flag("single-codec", commands=("answer",))
    """Leave only the first codec in an answer."""
    reuse_codecs: bool = k.flag(
        "reuse-codecs", spellings=("no-codec-renegotiation",), toward="both", commands=_OFFER
    )
    """Keep the earlier codecs in a re-offer."""
    static_codecs: bool = k.flag("static-codecs", since="12.2", spellings=("static-codec",), commands=_OFFER)
    """Offer the receiver the codecs that it had before, not those of this offer. Since 12.2."""
    always_transcode: bool = k.flag("always-transcode", toward="sender", obsolete="codec={'accept': ['all']}")
    """Legacy word for codec-accept=all."""
    force_transcoding: bool = k.flag("force-transcoding", since="13.3", toward="both")
    """Transcode even between two legs of the same codec, so that each has loss figures of its own. Since 13.3."""
    allow_transcoding: bool = k.flag("allow-transcoding", commands=("subscribe answer", "publish", "connect"))
    """Transcode where the answer to a subscription took only some of the codecs, instead of refusing it."""
    allow_asymmetric_codecs: bool = k.flag(
        "allow-asymmetric-codecs", since="11.5", spellings=("allow-asymmetric-codec",), toward="both"
    )
    """Take an answer whose payload type numbers are not those of the offer. Since 11.5."""
    allow_no_codec_media: bool = k.flag(
        "allow-no-codec-media",
        since="13.1",
        spellings=("allow-no-codec-medias", "allow-empty-codec-media", "allow-empty-codec-medias"),
    )
    """Reject a section that has no codec left, instead of restoring its codecs. Since 13.1."""
    fragment: bool = k.flag("fragment", toward="message", commands=_OFFER)
    """The body is a trickle ICE fragment (RFC 8840), not a whole SDP."""
