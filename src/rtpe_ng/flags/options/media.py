"""What happens to media on its way: echo, music, audio player, and how a subscription flows."""

import attrs

from ... import keys as k
from .. import nested as n
from .. import vocabulary as v

_SUBSCRIBE = ("subscribe request",)


@attrs.frozen(kw_only=True, slots=False)
class MediaOptions:
    """Options of the media itself."""

    media_echo: v.MediaEcho | None = k.choice("media-echo", v.MediaEcho, toward="both")
    """Send media back to where it came from: toward the receiver (``forward``), the sender (``backwards``) or
    ``both``; ``blackhole`` drops it."""
    drop_traffic: v.StartStop | None = k.choice("drop-traffic", v.StartStop, toward="call")
    """Drop all RTP of the call, until ``stop``."""
    passthrough: v.OnOff | None = k.choice(
        "passthrough", v.OnOff, spellings=("passthru",), bare="on", toward="both"
    )
    """Whether packets are passed on as they are, SRTP and RTCP too; ``off`` forbids it where it is possible."""
    moh: n.Moh | None = attrs.field(
        default=None, converter=n.moh, metadata=k.metadata(k.Key(key="moh", since="13.2", toward="sender"))
    )
    """Music on hold that the sender of this message brings: a `Moh`, or a dictionary such as
    ``{"file": "/srv/music.wav"}``. Since 13.2."""
    audio_player: v.AudioPlayer | None = k.choice(
        "audio-player", v.AudioPlayer, since="11.3", spellings=("player",), bare="on", toward="both"
    )
    """Whether the daemon itself produces the audio that is sent, from all that comes in: where transcoding is
    engaged (``on``), ``always``, ``off``. Since 11.3."""
    delay_buffer: int | None = k.integer("delay-buffer", 0, 60_000, unit="ms", toward="both")
    """For how many milliseconds all media is held back; 0 ends it."""
    generate_rtcp: v.OnOff | None = k.choice("generate-RTCP", v.OnOff, bare="on", toward="both")
    """Whether the daemon consumes RTCP and writes its own."""

    early_media: bool = k.flag("early-media", since="11.3", commands=("offer",))
    """Let the audio player start with the offer, not with the answer. Since 11.3."""
    no_jitter_buffer: bool = k.flag("no-jitter-buffer", toward="call")
    """No jitter buffer for this call, where the daemon is configured to have one."""
    block_egress: bool = k.flag("block-egress", since="12.3")
    """Keep other media from the receiver while something is played to it. Since 12.3."""
    inactive: bool = k.flag("inactive", since="11.3", commands=_SUBSCRIBE)
    """Offer the subscriber ``inactive`` media, which pauses it. Since 11.3."""
    mix: bool = k.flag("mix", since="26.1", spellings=("mixed",), commands=_SUBSCRIBE)
    """Send the media of all sources in one section of each kind. Since 26.1."""
    bidirectional: bool = k.flag(
        "bidirectional", since="26.0", toward="both", commands=("publish", "subscribe request", "connect")
    )
    """Let media flow both ways: ``sendrecv``. Since 26.0."""
    directional: bool = k.flag(
        "directional",
        since="12.4",
        commands=(
            *("block DTMF", "unblock DTMF", "block media", "unblock media", "silence media", "unsilence media"),
            *("start forwarding", "stop forwarding", "connect"),
        ),
    )
    """The from-tag that is given selects one participant; without it these commands mean the whole call. Since
    12.4."""
    egress: bool = k.flag("egress", commands=("block media", "unblock media", "silence media", "unsilence media"))
    """Block or silence what goes to the participant instead of what comes from it."""
    rtcp_mirror: bool = k.flag("RTCP-mirror", spellings=("mirror-RTCP",), toward="sender", commands=_SUBSCRIBE)
    """Let the source have the RTCP of the subscriber."""
    siprec: bool = k.flag("SIPREC", toward="message", commands=_SUBSCRIBE)
    """Prepare the SDP and the reply for a SIPREC recorder (RFC 7866)."""
    unsubscribe: bool = k.flag("unsubscribe", since="26.1", commands=("subscribe request", "connect"))
    """End what the subscriber was subscribed to before. Since 26.1."""
