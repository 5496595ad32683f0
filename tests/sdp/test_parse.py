"""Parse then render is the identity, and whatever is no description says which line is to blame."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtpe_ng import SdpError, sdp
from tests.support.descriptions import CAPTURED, bodies, damaged

PHONE = "v=0\r\no=- 1 1 IN IP4 198.51.100.7\r\ns=-\r\nc=IN IP4 198.51.100.7\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n"


@given(bodies())
def test_parse_then_render_is_the_identity(text: str) -> None:
    session = sdp.parse(text)
    assert str(session) == text
    assert bytes(session) == text.encode()
    assert sdp.parse(text.encode()) == session


@pytest.mark.parametrize("name", CAPTURED)
def test_what_browsers_and_daemons_write_comes_back_byte_for_byte(name: str) -> None:
    session = sdp.parse(CAPTURED[name])
    assert bytes(session) == CAPTURED[name]
    assert sdp.problems(session) == ()
    assert [media.type for media in session.media] == (
        ["video"]
        if "simulcast" in name
        else ["audio"]
        if "-audio" in name and "video" not in name
        else ["audio", "video", "application"]
    )
    if "-to-sip" not in name:
        assert sdp.is_webrtc(session)


@given(bodies())
def test_every_line_is_in_one_section(text: str) -> None:
    session = sdp.parse(text)
    lines = [*session.lines, *(line for media in session.media for line in media.lines)]
    assert "".join(lines) + session.trailer == text
    assert all(line.count("\n") <= 1 for line in lines)
    assert [media.lines[0] for media in session.media] == [line for line in lines if line.startswith("m=")]


@given(damaged() | st.text() | st.text(alphabet="vosmac=0 19\r\n/IPR\x00"))
def test_any_text_gives_a_session_or_our_error(text: str) -> None:
    try:
        session = sdp.parse(text)
    except SdpError:
        return
    assert str(session) == text
    bytes(session)
    views(session)


def views(session: sdp.Session) -> None:
    """Look at everything there is to see: no view raises, whatever the lines say."""
    for thing in (session, *session.media):
        assert repr(thing).count("\n") == 0
        for name in dir(type(thing)):
            if isinstance(getattr(type(thing), name), property):
                getattr(thing, name)
    sdp.problems(session)


@given(st.binary())
def test_any_bytes_survive(data: bytes) -> None:
    body = PHONE.encode() + b"a=x:" + data.replace(b"\n", b"") + b"\r\n"
    assert bytes(sdp.parse(body)) == body
    assert str(sdp.parse(body)).encode("utf-8", "surrogateescape") == body


@pytest.mark.parametrize("odd", ["\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\r", "\x00", "\udcff"])
def test_lines_end_at_lf_alone(odd: str) -> None:
    text = PHONE.replace("s=-", f"s=a{odd}m=b")
    session = sdp.parse(text)
    assert str(session) == text
    assert session.name == f"a{odd}m=b"
    assert len(session.media) == 1


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("", 1, "begins with v=0"),
        ("\r\n" + PHONE, 1, "begins with v=0"),
        ("o=- 1 1 IN IP4 192.0.2.1\r\n", 1, "begins with v=0"),
        ("v=1\r\n", 1, "begins with v=0"),
        ("hello", 1, "a type letter, an equals sign and a value"),
        (PHONE + "sendrecv\r\na=ptime:20\r\n", 7, "a type letter, an equals sign and a value"),
        (PHONE + " a=sendrecv\r\n", 7, "a type letter, an equals sign and a value"),
        (PHONE + "f=x\r\n", 7, "no line type of SDP: 'f'"),
        (PHONE + "A=x\r\n", 7, "no line type of SDP: 'A'"),
        (PHONE + "m=audio\r\n", 7, "m=type port protocol format"),
        (PHONE + "m=audio PORT RTP/AVP 0\r\n", 7, "m=type port protocol format"),
        (PHONE + "m=audio 65536 RTP/AVP 0\r\n", 7, "m=type port protocol format"),
        (PHONE + "m=audio -1 RTP/AVP 0\r\n", 7, "m=type port protocol format"),
        (PHONE + "c=IN IP4\r\n", 7, "network type, address type and address"),
        (PHONE.replace("o=- 1 1 IN IP4 198.51.100.7", "o=-"), 2, "username, session id"),
        (PHONE + "a=x:\ud800\r\n", 7, "lone surrogate"),
    ],
)
def test_what_is_no_description_says_which_line_is_to_blame(text: str, line: int, expected: str) -> None:
    with pytest.raises(SdpError, match=expected) as caught:
        sdp.parse(text)
    assert caught.value.line == line
    assert f"line {line}: " in str(caught.value)


def test_the_error_shows_the_line_but_no_key() -> None:
    with pytest.raises(SdpError) as caught:
        sdp.parse(PHONE + "crypto:1 AES_CM_128_HMAC_SHA1_80 inline:topsecret\r\n")
    assert caught.value.text == "crypto:1 AES_CM_128_HMAC_SHA1_80 inline:*********"
    assert "topsecret" not in str(caught.value) + repr(caught.value)


@pytest.mark.parametrize(
    "line", [" a=crypto:1 AES_CM_128 topsecret", "A=crypto:1 AES_CM_128 topsecret|2^20", "x a=ice-pwd:topsecret"]
)
def test_not_even_a_malformed_line_shows_a_key(line: str) -> None:
    with pytest.raises(SdpError) as caught:
        sdp.parse(PHONE + line + "\r\n")
    assert "topsecret" not in str(caught.value) + repr(caught.value)


@pytest.mark.parametrize(
    "lines",
    [
        "m=audio 4000/2 RTP/AVP 0",
        "m=audio 4000x RTP/AVP 0",
        "m=audio 0 RTP/AVP",
        "m=audio 9 RTP/AVP 0 ",
        "a=",
        "b=",
    ],
)
def test_what_the_daemon_lets_pass_passes(lines: str) -> None:
    assert str(sdp.parse(f"{PHONE}{lines}")) == f"{PHONE}{lines}"


def test_what_follows_an_empty_line_is_kept_unread() -> None:
    text = PHONE + "\r\n--boundary\r\nm=nonsense"
    session = sdp.parse(text)
    assert session.trailer == "\r\n--boundary\r\nm=nonsense"
    assert str(session) == text
    assert len(session.media) == 1


def test_a_body_has_a_greatest_length() -> None:
    with pytest.raises(SdpError, match="at most 262144 are read"):
        sdp.parse(PHONE + "a=" + "x" * 2**18)
    with pytest.raises(SdpError, match="line 1006: 1001 media sections; at most 1000 are read"):
        sdp.parse(PHONE + PHONE.splitlines(keepends=True)[-1] * 1000)


def test_a_long_hostile_body_is_read_in_linear_time() -> None:
    """Twice the lines take about twice the steps, whatever is asked of them: none of it compares all with all."""
    import sys

    def steps(number: int) -> int:
        attributes = "".join(
            f"a=rtpmap:{96 + n % 30} x/1\r\na=candidate:{n}\r\na=ssrc:{n} cname:x\r\na=mid:{n}\r\n"
            for n in range(number)
        )
        attributes += "".join(f"a=rid:{n} send pt={n % 99};depend={n - 1}\r\n" for n in range(number))
        above = "".join(f"a=fingerprint:{n}\r\na=group:x {n}\r\na=x:{n}\r\n" for n in range(number))
        told = "".join(f"m=x 9 RTP/AVP 0\r\na=mid:{n}\r\na=candidate:{n}\r\n" for n in range(number))
        many = "".join(f"m=audio {n + 1} RTP/AVP {n}\r\na=mid:{n}\r\n" for n in range(number))
        count = 0

        def count_calls(frame: object, event: str, argument: object) -> None:
            nonlocal count
            count += 1

        sys.setprofile(count_calls)
        try:
            phone = PHONE.replace("t=0 0\r\n", f"t=0 0\r\n{above}").replace("RTP/AVP 0", "RTP/AVP 0 8")
            session = sdp.parse(phone + attributes + many)
            views(session)
            sdp.diff(session, sdp.remove_ice(session))
            sdp.clean_for_sip(sdp.set_mids(session))
            sdp.candidate_problems(session)
            sdp.leg(session)
            sdp.apply_fragment(session, told)
            sdp.private_addresses(session)
            sdp.set_connection(session, "192.0.2.1")
            sdp.drop_codecs(session, ["PCMU"], media=0)
            sdp.drop_candidates(session, address="private")
            sdp.set_bundle(sdp.set_mids(session))
            glued = sdp.parse(
                f"v=0\r\no=- 1 1 IN IP4 h{' x' * number}\r\nc=IN IP4 h\r\nm=audio 9 RTP/AVP 0\r\n" * 20
            )
            sdp.set_session_version(sdp.hold(sdp.remove_bundle(glued)), 7)
            sdp.candidate_problems(sdp.parse("v=0\r\na=group:BUNDLE a b\r\nm=x 9 RTP/AVP 0\r\n" * number))
        finally:
            sys.setprofile(None)
        return count

    assert steps(200) < 2.2 * steps(100)
