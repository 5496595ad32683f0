"""Every key and word that `Flags` can build is known to the daemon: its log is the witness."""

from __future__ import annotations

import re

import attrs
import pytest

from rtpe_ng import Client, Flags
from rtpe_ng.legs import Leg
from rtpe_ng.testing import Rtpengine, bodies
from samples import SAMPLES

pytestmark = pytest.mark.anyio

LATER = {
    # What a daemon of this version does not know yet.
    "10.5": {
        *("offer-RFC", "offer-legacy", "accept-RFC", "accept-legacy"),
        *("nonew", "prefer", "only-AES_CM_128_HMAC_SHA1_80", "ignore"),
    },
    "12.5": {"ignore"},
}


async def test_no_word_of_the_vocabulary_is_unknown_to_the_daemon(any_daemon: Rtpengine) -> None:
    fields = [field for field in attrs.fields(Flags) if field.name != "extra"]
    everything = {field.name: SAMPLES.get(field.name, True) for field in fields}
    seen = len(any_daemon.log)
    async with Client(any_daemon.url) as client:
        await client.offer(
            sdp=bodies.offer(Leg.SIP),
            call_id="all-words",
            from_tag="a",
            received_from="127.0.0.1",
            flags=Flags(**everything),
        )
        await client.request(
            {
                "command": "offer",
                "sdp": bodies.offer(Leg.SIP),
                "call-id": "all-words",
                "from-tag": "a",
                "xyzzy": "1",
            }
        )
        await client.delete(call_id="all-words", from_tag="a", delete_delay=0)
    log = any_daemon.log[seen:]
    # The witness speaks up when something is wrong.
    assert "Unknown dictionary key encountered: 'xyzzy'" in log
    unknown = {word for line in log.splitlines() for word in re.findall(r"Unknown .* encountered: '(.*)'", line)}
    version = ".".join(any_daemon.version().split(".")[:2])
    assert unknown - {"xyzzy"} == LATER.get(version, set())
