"""What one asks of a body, and the answers that gateways act on."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from rtpe_ng import Leg, UsageError, sdp
from rtpe_ng.testing import bodies as examples
from tests.support.descriptions import HASH, bodies

BROWSER = examples.offer(Leg.WEB)
PHONE = examples.offer(Leg.SIP)
TOP = "v=0\r\no=- 1 2 IN IP4 198.51.100.7\r\ns=-\r\n"


def body(*sections: str, session: str = "") -> str:
    """Return a body with these media sections, whose lines are separated by ``|``."""
    lines = [*TOP.split("\r\n")[:-1], "t=0 0", *filter(None, session.split("|"))]
    return "".join(f"{line}\r\n" for line in [*lines, *"|".join(sections).split("|")])


def audio(address: str = "198.51.100.7", port: int = 4000, *attributes: str, protocol: str = "RTP/AVP") -> str:
    family = 6 if ":" in address else 4
    attributes = tuple(f"|a={it}" for it in attributes)
    return f"m=audio {port} {protocol} 0|c=IN IP{family} {address}{''.join(attributes)}"


def test_which_leg_and_why() -> None:
    assert sdp.leg(BROWSER) == (Leg.WEB, "audio 0 is UDP/TLS/RTP/SAVPF with ICE and a DTLS fingerprint")
    assert sdp.leg(PHONE) == (Leg.SIP, "audio 0 is RTP/AVP without ICE and DTLS")
    assert sdp.is_webrtc(BROWSER.encode())
    assert not sdp.is_webrtc(sdp.parse(PHONE))


@pytest.mark.parametrize(
    ("text", "leg", "reason"),
    [
        (body(audio(protocol="RTP/SAVP")), Leg.SIP, "audio 0 is RTP/SAVP without ICE and DTLS"),
        # A phone with ICE, a phone with DTLS: neither makes a browser.
        (
            body(audio("198.51.100.7", 4000, "ice-ufrag:abcd", "ice-pwd:" + "p" * 22)),
            Leg.SIP,
            "audio 0 is RTP/AVP without DTLS",
        ),
        (
            body(audio("198.51.100.7", 4000, f"fingerprint:{HASH}", protocol="UDP/TLS/RTP/SAVP")),
            Leg.SIP,
            "audio 0 is UDP/TLS/RTP/SAVP without ICE",
        ),
        # ICE and DTLS said for all, as Firefox did; a rejected section first; only a data channel.
        (
            body(
                "m=audio 0 RTP/AVP 0",
                "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
                session=f"a=ice-ufrag:abcd|a=fingerprint:{HASH}",
            ),
            Leg.WEB,
            "application 1 is UDP/DTLS/SCTP with ICE and a DTLS fingerprint",
        ),
        (body("m=audio 0 RTP/AVP 0"), Leg.SIP, "it has no media section in use"),
    ],
)
def test_legs_that_are_less_plain(text: str, leg: Leg, reason: str) -> None:
    assert sdp.leg(text) == sdp.LegFound(leg, reason)


@pytest.mark.parametrize(
    ("text", "held"),
    [
        (body(audio()), False),
        (body(audio("198.51.100.7", 4000, "sendonly")), True),
        (body(audio("198.51.100.7", 4000, "inactive")), True),
        (body(audio("198.51.100.7", 4000, "recvonly")), False),
        (body(audio(), session="a=inactive"), True),
        (body(audio("198.51.100.7", 4000, "sendrecv"), session="a=inactive"), False),
        # RFC 2543's hold, and what only looks like it: trickle ICE without an address yet.
        (body(audio("0.0.0.0", 4000)), True),
        (body(audio("::", 4000)), True),
        (body(audio("0.0.0.0", 9)), False),
        (body(audio("0.0.0.0", 9, "sendonly")), True),
        # One of two is no hold; rejected sections and what is no RTP do not count.
        (body(audio("198.51.100.7", 4000, "sendonly"), audio()), False),
        (body(audio("198.51.100.7", 4000, "sendonly"), audio("198.51.100.7", 0)), True),
        (body("m=image 4000 udptl t38|c=IN IP4 198.51.100.7|a=inactive"), False),
        (body("m=audio 0 RTP/AVP 0|a=inactive"), False),
        (BROWSER, False),
        (PHONE, False),
        (sdp.hold(PHONE), True),
    ],
)
def test_who_is_on_hold(text: str, held: bool) -> None:
    assert sdp.is_on_hold(text) is held


def test_one_section_is_on_hold() -> None:
    text = body(audio("198.51.100.7", 4000, "sendonly"), audio())
    assert [sdp.is_on_hold(text, media=index) for index in (0, 1)] == [True, False]
    with pytest.raises(UsageError, match="no media section 2; the body has 2, counted from 0"):
        sdp.is_on_hold(text, media=2)


@pytest.mark.parametrize(
    ("address", "is_private"),
    [
        ("10.0.0.1", True),
        ("172.15.0.1", False),
        ("172.16.0.1", True),
        ("172.31.255.255", True),
        ("172.32.0.1", False),
        ("192.168.1.1", True),
        ("192.169.1.1", False),
        ("100.63.255.255", False),
        ("100.64.0.1", True),
        ("100.128.0.1", False),
        ("169.254.1.1", True),
        ("127.0.0.1", True),
        ("198.51.100.7", False),
        ("0.0.0.0", False),
        ("fe80::1", True),
        ("fd12::1", True),
        ("::1", True),
        ("2001:db8::1", False),
        ("::ffff:10.0.0.1", True),
        ("::ffff:198.51.100.7", False),
        ("pbx.example.com", False),
    ],
)
def test_private_addresses(address: str, is_private: bool) -> None:
    assert sdp.private_addresses(body(audio(address))) == ((address,) if is_private else ())


def test_where_private_addresses_are_looked_for() -> None:
    text = body(
        audio(
            "10.0.0.1",
            4000,
            "rtcp:4001 IN IP4 10.0.0.2",
            "candidate:1 1 udp 1 10.0.0.3 4000 typ host",
            "candidate:2 1 udp 1 198.51.100.9 4000 typ srflx raddr 10.9.9.9 rport 4000",
            "candidate:3 1 udp 1 2c1f.local 4000 typ host",
            "candidate:4 1 udp 1 10.0.0.1 4000 typ host",
        ),
        audio("10.0.0.8", 0),
        session="c=IN IP4 10.0.0.9",
    )
    assert sdp.private_addresses(text) == ("10.0.0.1", "10.0.0.3", "10.0.0.2")


@pytest.mark.parametrize(
    ("text", "options", "needed"),
    [
        (body(audio()), {}, False),
        (body(audio()), {"source": "198.51.100.7"}, False),
        (body(audio()), {"source": "203.0.113.1"}, True),
        (body(audio("10.0.0.1")), {}, True),
        (body(audio("10.0.0.1")), {"source": "10.0.0.1"}, True),
        (body(audio("2001:db8::1")), {"source": "[2001:DB8:0::1]"}, False),
        (body(audio("0.0.0.0", 9)), {"source": "203.0.113.1"}, False),
        # A name cannot be compared with an address: nothing says that they are the same.
        (body(audio("pbx.example.com")), {"source": "203.0.113.1"}, True),
        (body(audio("198.51.100.7", 0)), {"source": "203.0.113.1"}, False),
    ],
)
def test_when_media_needs_a_proxy(text: str, options: dict[str, Any], needed: bool) -> None:
    assert sdp.needs_media_proxy(text, **options) is needed


def test_a_source_is_an_address() -> None:
    with pytest.raises(UsageError, match="no IP address: source='wss'"):
        sdp.needs_media_proxy(PHONE, source="wss")


TRICKLE = ("ice-ufrag:abcd", "ice-pwd:" + "p" * 22, "ice-options:trickle")
MDNS = "candidate:1 1 udp 1 2c1f.local 4000 typ host"
HOST = "candidate:1 1 udp 1 198.51.100.7 4000 typ host"


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        (BROWSER, ()),
        (PHONE, ("audio 0: no ICE",)),
        (
            body(audio("0.0.0.0", 9, *TRICKLE)),
            ("audio 0: no candidate yet: they trickle, and the end has not come",),
        ),
        (body(audio("0.0.0.0", 9, *TRICKLE, "end-of-candidates")), ("audio 0: no candidate",)),
        (body(audio("0.0.0.0", 9, *TRICKLE[:2])), ("audio 0: no candidate",)),
        (body(audio("0.0.0.0", 9, *TRICKLE, MDNS)), ("audio 0: no candidate but names of mDNS",)),
        (body(audio("0.0.0.0", 9, *TRICKLE, MDNS, HOST)), ()),
        # What is bundled is carried by the first section of the group that is in use.
        (
            body(
                audio("0.0.0.0", 9, *TRICKLE, HOST, "mid:0"),
                audio("0.0.0.0", 9, *TRICKLE, "mid:1"),
                session="a=group:BUNDLE 0 1",
            ),
            (),
        ),
        (
            body(audio("0.0.0.0", 0, "mid:0"), audio("0.0.0.0", 9, "mid:1"), session="a=group:BUNDLE 0 1"),
            ("audio 1: no ICE",),
        ),
        (body("m=audio 0 RTP/AVP 0"), ("no media section in use",)),
        (TOP + "t=0 0\r\n", ("no media section in use",)),
    ],
)
def test_candidates_that_can_be_used(text: str, problems: tuple[str, ...]) -> None:
    assert sdp.candidate_problems(text) == problems
    assert sdp.has_usable_candidates(text) is (not problems)


def test_size_on_the_wire() -> None:
    text = body(audio()).replace("s=-", "s=é")
    assert sdp.size_on_wire(text) == len(text.encode()) == len(text) + 1
    assert sdp.fits_datagram(text)
    assert not sdp.fits_datagram(BROWSER)
    assert sdp.fits_datagram(text, headers=1300 - len(text.encode()))
    assert not sdp.fits_datagram(text, headers=1301 - len(text.encode()))
    assert sdp.fits_datagram(BROWSER, limit=65_000)


def test_what_a_browser_would_refuse() -> None:
    assert sdp.web_problems(BROWSER) == ()
    (muxed,) = sdp.web_problems(sdp.set_rtcp_mux(BROWSER, "demux"))
    assert (muxed.section, muxed.reason, muxed.cure) == ("audio 0", "no rtcp-mux", "rtcp_mux=['offer', 'require']")
    second = BROWSER[BROWSER.index("m=audio") :].replace("a=mid:0", "a=mid:1").replace("b8f8a2d5", "b8f8a2d6")
    two = BROWSER + second
    assert sdp.web_problems(two) == ()
    (unnamed,) = sdp.web_problems(two.replace("a=mid:1\r\n", ""))
    assert str(unnamed).startswith(
        "audio 1, line 36: no mid, but others have (RFC 8829, section 5.2.1): generate_mid=True"
    )
    (same,) = sdp.web_problems(two.replace("a=mid:1", "a=mid:0"))
    assert (same.section, same.text) == ("audio 1", "a=mid:0")
    # Where no section has one, browsers count for themselves.
    assert sdp.web_problems(sdp.remove_bundle(BROWSER).replace("a=mid:0\r\n", "")) == ()
    assert len(sdp.web_problems(PHONE)) == 3


@given(bodies())
def test_every_question_has_an_answer(text: str) -> None:
    session = sdp.parse(text)
    found = sdp.leg(session)
    assert (found.leg is Leg.WEB) == sdp.is_webrtc(session)
    assert found.reason
    assert sdp.needs_media_proxy(session) == bool(sdp.private_addresses(session))
    assert sdp.has_usable_candidates(session) != bool(sdp.candidate_problems(session))
    assert sdp.size_on_wire(session) == len(text.encode())
    sdp.needs_media_proxy(session, source="198.51.100.7")
    sdp.web_problems(session)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a=rtpmap:0 PCMU/8000", "a=rtpmap:0 G711U/8000"),
        ("m=audio 50004 ", "m=audio 50004/2 "),
        ("t=0 0", "i=\r\nt=0 0"),
        ("a=rtcp-mux\r\n", "a=rtcp-mux\r\na= x\r\n"),
        ("a=rtcp-rsize\r\n", "a=rtcp-rsize\r\ni=\r\n"),
    ],
)
def test_what_a_browser_refuses_without_a_word(before: str, after: str) -> None:
    assert len(sdp.web_problems(BROWSER.replace(before, after, 1))) > 0
    assert sdp.web_problems(BROWSER) == ()


def test_a_browser_refuses_a_rejected_section_without_a_format() -> None:
    for line, is_refused in (("m=video 0 RTP/AVP ", True), ("m=video 0 RTP/AVP 0", False)):
        assert bool(sdp.web_problems(f"{BROWSER}{line}\r\na=mid:1\r\n")) == is_refused
