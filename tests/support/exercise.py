"""Every command and key, once: what the tests send to real daemons, and what docs/reference/coverage.md says of it.

The commands follow each other: they find the calls "c" (parties "a" and "b", labelled "caller" and "callee") and
"d" (parties "x" and "y") established, with audio.
"""

from __future__ import annotations

import io
import wave
from typing import Any

import attrs

from rtpe_ng import Flags, Leg, Participant
from rtpe_ng.messages import (
    Answer,
    BlockDtmf,
    BlockMedia,
    Cli,
    Command,
    Connect,
    Create,
    CreateAnswer,
    CreateMedia,
    Delete,
    InjectStart,
    InjectStop,
    List,
    Mesh,
    Offer,
    PauseRecording,
    Payload,
    Ping,
    PlayDtmf,
    PlayMedia,
    Publish,
    Query,
    SilenceMedia,
    StartForwarding,
    StartRecording,
    Statistics,
    StopForwarding,
    StopMedia,
    StopRecording,
    SubscribeAnswer,
    SubscribeRequest,
    Transform,
    TransformMedia,
    UnblockDtmf,
    UnblockMedia,
    UnsilenceMedia,
    Unsubscribe,
    is_older,
)
from rtpe_ng.testing import bodies

VERSIONS = ("10.5", "12.5", "26.0")
"""The daemons that the commands are sent to."""


def sound(seconds: int = 1) -> bytes:
    """Return a WAV file with this much silence."""
    with io.BytesIO() as file:
        with wave.open(file, "wb") as wav:
            wav.setnchannels(1)
            wav.setsampwidth(2)
            wav.setframerate(8000)
            wav.writeframes(bytes(16_000 * seconds))
        return file.getvalue()


PHONE = bodies.offer(Leg.SIP)
ANSWER = bodies.answer(Leg.SIP, PHONE)
SENDS, RECEIVES = PHONE.replace("sendrecv", "sendonly"), PHONE.replace("sendrecv", "recvonly")
A, B = Participant.tag("a"), Participant.tag("b")
LABEL, ADDRESS = Participant.label("callee"), Participant.address("127.0.2.1")
INJECTED = Flags(inject_dtmf=True)
PAYLOADS = (
    Payload(codec="PCMU", payload_type=0, clock_rate=8000, format="x=1"),
    Payload(codec="PCMA", payload_type=8, clock_rate=8000, channels=1),
)


@attrs.frozen
class Step:
    """A command and what it comes back with: `refused` is the daemon's reason where it refuses on purpose."""

    command: Command[Any]
    refused: str = ""
    versions: tuple[str, ...] = VERSIONS
    """The daemons that refuse."""

    def reason(self, version: str) -> str:
        """Return why a daemon of this version refuses; empty where it does not."""
        return self.refused if self.versions == VERSIONS or short(version) in self.versions else ""


def short(version: str) -> str:
    """Return the first two numbers of a version."""
    return ".".join(version.split(".")[:2])


BEGIN = [
    Step(Offer(sdp=PHONE, call_id="c", from_tag="a", via_branch="z", received_from="127.0.0.1", flags=INJECTED)),
    Step(Answer(sdp=ANSWER, call_id="c", from_tag="a", to_tag="b", flags=INJECTED)),
    Step(Offer(sdp=PHONE, call_id="c", from_tag="a", to_tag="b", flags=INJECTED | Flags(label="caller"))),
    Step(
        Answer(
            sdp=ANSWER,
            call_id="c",
            from_tag="a",
            to_tag="b",
            via_branch="z",
            received_from="127.0.0.1",
            flags=INJECTED | Flags(label="callee"),
        )
    ),
    Step(Offer(sdp=PHONE, call_id="d", from_tag="x")),
    Step(Answer(sdp=ANSWER, call_id="d", from_tag="x", to_tag="y")),
]
"""What makes the two calls; audio comes after it."""

FLOW = "Media flow not found (to-tag not subscribed)"
DIALLED: tuple[tuple[Participant, str | int, dict[str, Any]], ...] = (
    (A, "5", {}),
    (B, 11, {"duration": 200, "volume": -10, "pause": 100}),
    (LABEL, "#", {}),
    (ADDRESS, "D", {}),
    (Participant.ALL, "0", {}),
)
STEPS = [
    Step(Ping()),
    Step(List(limit=500)),
    Step(Statistics()),
    Step(Query(call_id="c", from_tag="a", to_tag="b")),
    # First of all: what changes the codecs' set-up makes the daemon forget what it heard.
    *(Step(PlayDtmf(call_id="c", participant=party, code=code, **more)) for party, code, more in DIALLED),
    Step(StartRecording(call_id="c", recording_file="/srv/f.wav", recording_dir="/srv", recording_pattern="%c")),
    Step(PauseRecording(call_id="c", flags=Flags(metadata="what it is about"))),
    Step(StartRecording(call_id="c")),
    Step(StopRecording(call_id="c", discard_recording=True)),
    *(
        Step(kind(call_id="c", participant=party))
        for kind in (
            *(StartForwarding, StopForwarding, BlockDtmf, UnblockDtmf),
            *(BlockMedia, UnblockMedia, SilenceMedia, UnsilenceMedia),
        )
        for party in (None, A, LABEL, ADDRESS, Participant.ALL)
    ),
    *(
        Step(kind(call_id="c", participant=A, **choice), refused, ("12.5",))
        for kind in (BlockMedia, UnblockMedia, SilenceMedia, UnsilenceMedia)
        for choice, refused in (
            ({"toward": B}, FLOW),
            ({"toward": LABEL}, FLOW),
            ({"flows": "offer-answer"}, ""),
            ({"flows": "flows"}, ""),
        )
    ),
    Step(
        BlockDtmf(
            call_id="c",
            participant=A,
            dtmf_security="tone",
            digit="5",
            frequency=300,
            frequencies=[400, 500],
            volume=10,
            trigger="12",
            trigger_end="34",
            trigger_end_time=1000,
            trigger_end_digits=3,
            delay_buffer=100,
        )
    ),
    Step(UnblockDtmf(call_id="c", participant=A, delay_buffer=0)),
    Step(PlayMedia(call_id="c", participant=A, blob=sound(), repeat_times=2, repeat_duration=900, start_pos=0)),
    Step(StopMedia(call_id="c", participant=A)),
    Step(PlayMedia(call_id="c", participant=LABEL, blob=sound(), block_egress=True)),
    Step(StopMedia(call_id="c", participant=LABEL)),
    Step(PlayMedia(call_id="c", participant=ADDRESS, blob=sound())),
    Step(StopMedia(call_id="c", participant=ADDRESS)),
    Step(PlayMedia(call_id="c", participant=Participant.ALL, blob=sound())),
    Step(StopMedia(call_id="c", participant=Participant.ALL)),
    Step(PlayMedia(call_id="c", participant=A, file="/none.wav"), "Failed to start media playback from file"),
    Step(PlayMedia(call_id="c", participant=A, db_id=1), "Failed to start media playback from database"),
    Step(Publish(sdp=SENDS), "No call-id in message", ("10.5", "12.5")),
    Step(Publish(sdp=SENDS, call_id="p", from_tag="p", bidirectional=True)),
    Step(SubscribeRequest(call_id="p", participant=Participant.tag("p"), to_tag="L", set_label="ear")),
    Step(SubscribeAnswer(sdp=RECEIVES, call_id="p", to_tag="L", allow_transcoding=True, bidirectional=True)),
    Step(Unsubscribe(call_id="p", to_tag="L")),
    *(
        Step(SubscribeRequest(call_id="c", participant=party, siprec=True, bidirectional=True))
        for party in (Participant.tags("a", "b"), LABEL, ADDRESS, Participant.ALL)
    ),
    Step(InjectStart(call_id="c", to_tag="a", source_tag="y", source_call_id="d")),
    Step(InjectStop(call_id="c", to_tag="a", source_tag="y", source_call_id="d")),
    Step(Connect(call_id="c", participant=Participant.tags("a", "b"), to_tag="new", directional=True)),
    Step(Connect(call_id="c", participant=A, to_tag="new", directional=True, bidirectional=True)),
    *(
        Step(Connect(call_id="c", participant=party, to_tag="new", directional=True))
        for party in (LABEL, ADDRESS, Participant.ALL)
    ),
    Step(Connect(call_id="c", participant=A, to_tag="x", to_call_id="d")),
    Step(Cli(line="list totals")),
    Step(Create()),
    Step(
        Create(
            call_id="made",
            from_tag="m",
            medias=[CreateMedia(type="audio", codecs=["PCMU"]), CreateMedia(type="video", codecs=["VP8"])],
        )
    ),
    Step(Create(call_id="made-2", from_tag="m")),
    Step(CreateAnswer(sdp=ANSWER, call_id="made-2", from_tag="m")),
    Step(
        Transform(
            call_id="transformed",
            from_tag="t",
            instance="another",
            interface="pub",
            media=[TransformMedia(id="one", address="127.0.0.1", port=4444, codecs=[PAYLOADS])],
        )
    ),
    Step(Mesh(calls=["c", "d"], tags={"a": ["x"]}, unsubscribe=True, bidirectional=True)),
    Step(Delete(call_id="p", from_tag="p", delete_delay=0, flags=Flags(metadata="over"))),
    Step(Delete(call_id="d", fast=True, discard_recording=True, delete_delay=0)),
    Step(
        Delete(call_id="nobody", from_tag="a", to_tag="b", via_branch="z", fatal=True),
        "Call-ID not found or tags didn't match",
    ),
    Step(Delete(call_id="c", delete_delay=0)),
]
NOT_SENT = {("play media", "blob64"): "26.1"}
"""Keys that no daemon of ours knows yet."""


def fitting(command: Command[Any], version: str) -> Command[Any]:
    """Return the command without the keys that a daemon of this version does not know."""
    changes = {}
    for attribute in attrs.fields(type(command)):
        key = attribute.metadata.get("key")
        if key and key.since and is_older(version, key.since) and attribute.default is not attrs.NOTHING:
            changes[attribute.name] = attribute.default
    return attrs.evolve(command, **changes)
