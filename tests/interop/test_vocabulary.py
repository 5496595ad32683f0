"""Every key and word that `Flags` can build is known to a daemon that is new enough: its log is the witness."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import anyio
import pytest

from rtpe_ng import Client, Flags
from rtpe_ng.flags.conflicts import since_of
from rtpe_ng.legs import Leg
from rtpe_ng.testing import Rtpengine, bodies
from rtpe_ng.versions import version_of
from tests.support.samples import OPTIONS, everything

pytestmark = pytest.mark.anyio

UNKNOWN = re.compile(
    r"\[((?:asyncio|trio)-\w+)\]: \[core\] "
    r"(?:Unknown (?:flag|dictionary key|.* flag|.* operation|.* mode) encountered: "
    r"|SDP manipulations: unsupported SDP section )'(.*?)'"
)

BACKPORTED: dict[tuple[int, ...], set[str]] = {
    # Late patches of a series, to which an option of a later one came back.
    (12, 5): {"Flags(t38_version=0)"},
}


def strings(value: Any) -> Iterator[str]:
    """Yield every key and word of a document."""
    if isinstance(value, dict):
        yield from value
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, str):
        yield value


def is_known(flags: Flags, version: tuple[int, ...]) -> bool:
    """Return whether a daemon of this version should know these flags, which are one option."""
    ((_, option, value),) = flags.given()
    if version < version_of(since_of(option, value)):
        return False
    ends = [end for word, end in option.ended.items() if isinstance(value, tuple) and word in value]
    return all(version < version_of(end) for end in ends)


async def complaints(daemon: Rtpengine, documents: dict[str, dict[str, Any]]) -> dict[str, list[str]]:
    """Offer each of these in a call of its own; return what the daemon's log calls unknown, by the call."""
    # The log may be long by now.
    seen = len(daemon.log)
    async with Client(daemon.url, timeout=20) as client:
        for call_id, document in documents.items():
            offer = {"command": "offer", "sdp": bodies.offer(Leg.SIP), "call-id": call_id, "from-tag": "a"}
            await client.request(offer | {"received-from": ["IP4", "127.0.0.1"]} | document)
            await client.request({"command": "delete", "call-id": call_id, "from-tag": "a", "delete-delay": 0})
    # The last one is a witness that speaks up; what was before it is in the log when it is.
    with anyio.fail_after(20):
        while f"[{call_id}]: [core] Unknown" not in daemon.log[seen:]:
            await anyio.sleep(0.05)
    found: dict[str, list[str]] = {}
    for name, word in UNKNOWN.findall(daemon.log[seen:]):
        found.setdefault(name, []).append(word)
    return found


async def test_a_daemon_that_is_new_enough_knows_every_word(any_daemon: Rtpengine, anyio_backend: str) -> None:
    version = version_of(any_daemon.version)[:2]
    asked = [flags for flags in everything() if any(option.sent for _, option, _ in flags.given())]
    documents = {f"{anyio_backend}-{number}": flags.to_ng() for number, flags in enumerate(asked)}
    witness = f"{anyio_backend}-witness"
    documents[witness] = {"xyzzy": "1", "flags": ["plugh"]}
    found = await complaints(any_daemon, documents)
    assert set(found.pop(witness)) == {"xyzzy", "plugh"}
    wrong, early = set(), set()
    for (name, document), flags in zip(documents.items(), asked, strict=False):
        unknown = found.get(name, [])
        assert set(unknown) <= {*strings(document), ""}, "the log is about something else"
        if unknown and is_known(flags, version):
            wrong.add(repr(flags))
        if not unknown and not is_known(flags, version):
            early.add(repr(flags))
    assert wrong == set()
    assert early <= BACKPORTED.get(version, set())


async def test_what_only_browsers_want_is_known_to_every_daemon(any_daemon: Rtpengine) -> None:
    seen = len(any_daemon.log)
    async with Client(any_daemon.url) as client:
        reply = await client.offer(
            sdp=bodies.offer(Leg.SIP), call_id="webrtc", from_tag="a", flags=Flags(webrtc=True)
        )
        await client.delete(call_id="webrtc", from_tag="a", delete_delay=0)
    assert "Unknown" not in any_daemon.log[seen:]
    assert "UDP/TLS/RTP/SAVPF" in reply.sdp
    assert "a=rtcp-mux" in reply.sdp


def test_there_is_a_sample_of_every_option() -> None:
    shown = {name for flags in everything() for name, _, _ in flags.given()}
    assert shown == set(OPTIONS) - {"webrtc"}
