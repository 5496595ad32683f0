"""The embedded engine against records of what the real daemons made of the same bodies."""

from __future__ import annotations

import pytest

from tests.support.neutral import neutral
from tools.goldens import folder, outcomes, percentage, read

LEAST = {"26.0.1.26": 99.0, "12.5.1.31": 97.0, "10.5.3.5": 97.0}


@pytest.mark.parametrize("version", LEAST)
def test_bodies_are_rewritten_as_the_daemon_does(version: str) -> None:
    goldens = folder()
    if goldens is None or not goldens.exists():
        pytest.skip("RTPE_NG_CORPUS names no folder with recorded bodies")
    results = list(outcomes(read(goldens / f"{version}.jsonl"), version))
    different = [str(it) for it in results if not it.same]
    assert percentage(results) >= LEAST[version], "\n".join(different[:5])


def test_neutral_keeps_lines_and_what_was_given() -> None:
    body = (
        "v=0\r\no=- 1 1 IN IP4 203.0.113.1\r\nm=audio 30000 RTP/AVP 0\r\nc=IN IP4 203.0.113.1\r\na=rtcp:30001\r\n"
        "a=ice-ufrag:abcd\r\na=fingerprint:sha-256 AA:BB\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:c2VjcmV0\r\n"
        "a=candidate:1 1 UDP 2130706431 203.0.113.1 30000 typ host\r\n"
        "m=application 31000 DTLS/SCTP 5000\r\na=ice-ufrag:given\r\nm=image 0 udptl t38\r\n"
    )
    assert neutral(
        body, given="v=0\r\no=- 1 1 IN IP4 198.51.100.7\r\na=ice-ufrag:given\r\n", address="203.0.113.1"
    ).split("\n") == [
        "v=0",
        "o=- 1 1 IN IP4 ADDRESS",
        "m=audio PORT RTP/AVP 0",
        "c=IN IP4 ADDRESS",
        "a=rtcp:PORT+1",
        "a=ice-ufrag:SECRET",
        "a=fingerprint:sha-256 FINGERPRINT",
        "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:KEY",
        "a=candidate:FOUNDATION 1 UDP 2130706431 ADDRESS PORT typ host",
        "m=application PORT DTLS/SCTP 5000",
        "a=ice-ufrag:given",
        "m=image 0 udptl t38",
        "",
    ]


def test_neutral_tells_ports_that_do_not_belong_together() -> None:
    apart = "m=audio 30000 RTP/AVP 0\r\na=rtcp:30000\r\n"
    assert neutral(apart) != neutral(apart.replace("a=rtcp:30000", "a=rtcp:30001"))
