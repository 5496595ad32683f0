"""What no reader and no helper may lose: odd candidates, words beyond the grammar, references to codecs."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rtpe_ng import Leg, SdpError, UsageError, sdp
from rtpe_ng.testing import bodies as examples
from tests.support.descriptions import bodies
from tests.support.examples import examples as examples_of
from tests.support.sdp_helpers import HELPERS, Helper

BROWSER = sdp.set_connection(sdp.set_candidates(examples.offer(Leg.WEB), []), "203.0.113.9")
few = examples_of(8)

# Candidates.

READ = {
    "the foundation is empty": " 1 udp 2113932031 192.168.1.7 19305 typ host generation 0",
    "an attribute has no value": "1 1 udp 2130706431 192.168.1.7 50004 typ host generation",
    "another component": "1 300 udp 1 192.168.1.7 443 typ host",
    "capitals": "1 1 UDP 1 192.168.1.7 443 TYP HOST",
    "TCP without its type": "1 1 tcp 1 192.168.1.7 9 typ host",
    "brackets": "1 1 udp 1 [fd00::7] 4000 typ host",
    "a zone": "1 1 udp 1 fe80::7%eth0 4000 typ host",
    "a port of no number": "1 1 udp 1 192.168.1.7 4000 typ host raddr 10.0.0.1 rport x",
    "two related addresses": "1 1 udp 1 192.168.1.7 4000 typ host raddr 10.0.0.1 rport 1 raddr 10.0.0.2",
    "more spaces": "1  1 udp 1   192.168.1.7 4000 typ host",
}
UNREADABLE = {
    "no type": "1 1 udp 1 192.168.1.7 4000",
    "the port missing": "1 1 udp 1 192.168.1.7 typ host",
    "a priority too high": "1 1 udp 4294967296 192.168.1.7 4000 typ host",
    "a port too high": "1 1 udp 1 192.168.1.7 70000 typ host",
    "the address alone": "192.168.1.7",
    "a negative component": "1 -1 udp 1 fe80::7%eth0 4000 typ host",
}


def shown(value: str) -> str:
    found = re.search(r"192\.168\.1\.7|\[?f[de][08]0::7(%eth0|\])?", value)
    assert found is not None
    return found[0]


@pytest.mark.parametrize("name", READ | UNREADABLE)
@pytest.mark.parametrize("above", [False, True], ids=["in its section", "above the sections"])
def test_no_candidate_hides_a_private_address(name: str, above: bool) -> None:
    value = (READ | UNREADABLE)[name]
    line = f"a=candidate:{value}\r\n"
    body = BROWSER.replace("m=", f"{line}m=", 1) if above else BROWSER + line
    assert str(sdp.parse(body)) == body
    assert sdp.private_addresses(body) == (shown(value),)
    assert sdp.needs_media_proxy(body)
    assert sdp.drop_candidates(body, address="private") == BROWSER
    assert sdp.drop_candidates(body, address=["public", "mdns"]) == body
    assert line not in sdp.remove_ice(body)
    assert sdp.candidate_problems(body) == (
        ("audio 0: no candidate yet: they trickle, and the end has not come",)
        if above
        else ()
        if name in READ
        else ("audio 0: no candidate that can be read",)
    )


@pytest.mark.parametrize("name", READ)
def test_a_view_has_what_a_browser_takes_and_writes_every_word_again(name: str) -> None:
    (candidate,) = sdp.parse(BROWSER + f"a=candidate:{READ[name]}\r\n").media[0].candidates
    assert sorted(str(candidate).split()) == sorted(READ[name].replace("TYP", "typ").split())
    assert sdp.Candidate.read(str(candidate)) == candidate
    assert sdp.parse(sdp.set_candidates(BROWSER, candidate)).media[0].candidates == (candidate,)


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_view_lacks_what_nobody_can_read(name: str) -> None:
    assert sdp.parse(BROWSER + f"a=candidate:{UNREADABLE[name]}\r\n").media[0].candidates == ()


def test_a_line_that_cannot_be_read_is_dropped_by_its_words() -> None:
    body = BROWSER + "a=candidate:1 2 TCP 1 4f1c.local. 70000 typ HOST raddr 10.0.0.1 rport 9\r\n"
    for options in ({"type": "host"}, {"transport": "tcp"}, {"component": 2}, {"address": "mdns"}):
        drop: Callable[..., str] = sdp.drop_candidates
        assert drop(body, **options) == BROWSER
    assert sdp.drop_candidates(body, type="relay") == sdp.drop_candidates(body, address="private") == body
    assert sdp.private_addresses(body) == ()
    assert sdp.set_rtcp_mux(body, "accept").count("a=candidate") == 0


@pytest.mark.parametrize("line", ["a=rtcp:4001 IP4 192.168.1.7", "c=IN IP4 203.0.113.9 192.168.1.7"])
def test_an_address_shows_in_other_lines_that_cannot_be_read(line: str) -> None:
    assert sdp.private_addresses(f"{BROWSER}{line}\r\n") == ("192.168.1.7",)


@given(st.lists(st.sampled_from(["1", "", "udp", "typ", "host", "192.168.1.7", "raddr", "::1%x", "x.local", "9"])))
def test_whatever_the_words_an_address_is_seen_or_behind_raddr(words: list[str]) -> None:
    body = f"{BROWSER}a=candidate:{' '.join(words)}\r\n"
    private = [
        word
        for before, word in zip(["", *filter(None, words)], filter(None, words), strict=False)
        if word in ("192.168.1.7", "::1%x") and before != "raddr"
    ]
    if not sdp.parse(body).media[0].candidates:
        assert set(sdp.private_addresses(body)) == set(private)
        assert (sdp.drop_candidates(body, address="private") == BROWSER) == bool(private)


# Words beyond the grammar.


@pytest.mark.parametrize(
    ("origin", "username", "address", "after"),
    [
        ("John Doe 7 1 IN IP4 192.0.2.1", "John Doe", "192.0.2.1", "John Doe 7 5 IN IP4 192.0.2.1"),
        ("- 7 1 IN IP6 2001:db8::1 x y", "-", "2001:db8::1", "- 7 5 IN IP6 2001:db8::1 x y"),
        ("A B C 7 1 IN IP4 h x", "A B C", "h", "A B C 7 5 IN IP4 h x"),
        ("- 7 1 ATM NSAP 47 x", "-", "47", "- 7 5 ATM NSAP 47 x"),
        (" 7 1 IN IP4 h", "", "h", " 7 5 IN IP4 h"),
    ],
)
def test_an_origin_keeps_all_its_words(origin: str, username: str, address: str, after: str) -> None:
    body = re.sub(r"o=.*\r", f"o={origin}\r", BROWSER)
    read = sdp.parse(body).origin
    assert read is not None
    assert (read.username, read.address, str(read)) == (username, address, origin)
    assert f"o={after}\r\n" in sdp.set_session_version(body, 5)
    assert sdp.set_session_version(body, 1) == body


VALUES: list[tuple[Callable[[str], object], str]] = [
    (sdp.Origin.parse, "- 1 2 IN IP4 198.51.100.7"),
    (sdp.Connection.parse, "IN IP4 224.2.1.1/127/3"),
    (sdp.Timing.parse, "0 0"),
    (sdp.Group.parse, "BUNDLE a v"),
    (sdp.Rtcp.parse, "9 IN IP6 host.example"),
    (sdp.ExtMap.parse, "1 urn:x"),
    (sdp.Candidate.read, "1 1 udp 1 192.0.2.1 9 typ host raddr 10.0.0.1 rport 1"),
    (sdp.Crypto.parse, "1 AES_CM_128_HMAC_SHA1_80 inline:k"),
    (sdp.Msid.parse, "s t"),
    (sdp.Ssrc.parse, "1 cname:a"),
]


@pytest.mark.parametrize(("parse", "value"), VALUES, ids=lambda it: it if isinstance(it, str) else "")
@given(st.lists(st.sampled_from(["x", "IN", "IP4", "10.0.0.1", "raddr"]), max_size=4))
def test_a_value_writes_every_word_that_it_read(
    parse: Callable[[str], object], value: str, more: list[str]
) -> None:
    text = " ".join([value, *more])
    assert str(parse(text)).split() == text.split()


def test_a_port_keeps_what_stands_beside_it() -> None:
    body = "v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\nt=0 0\r\nm=audio 4000/2x RTP/AVP 0\r\na=rtcp:4001 IN IP6 h x\r\n"
    assert sdp.set_port(body, 6000, media=0) == body.replace("4000/2x", "6000/2x").replace("4001", "6001")
    assert sdp.set_port(body, 4000, media=0) == body


WORD = "zz9"
"""A word that no helper writes and no line needs."""


@pytest.mark.parametrize("helper", HELPERS, ids=lambda it: it.name)
@few
@given(text=bodies(sections=1), data=st.data())
def test_no_helper_cuts_a_line_that_it_writes_again(helper: Helper, text: str, data: st.DataObject) -> None:
    lines = text.split("\n")
    kinds = ("m=", "c=", "o=", "a=group", "a=ice-options")
    places = [index for index, line in enumerate(lines) if line.startswith(kinds)]
    chosen = data.draw(st.sampled_from(places))
    end = "\r" * lines[chosen].endswith("\r")
    lines[chosen] = lines[chosen].rstrip("\r ") + f" {WORD}{end}"
    body = "\n".join(lines)
    # A helper that takes whole lines out may take this one.
    assume(not (lines[chosen].startswith("a=") and helper.name.startswith(("remove_", "clean_"))))
    try:
        after = helper.call(body)
    except UsageError as error:
        if "no codec would be left" not in str(error):
            raise
        return
    assert after.count(WORD) >= 1


@pytest.mark.parametrize("helper", HELPERS, ids=lambda it: it.name)
@few
@given(text=bodies())
def test_a_helper_that_has_nothing_to_do_gives_the_same_back(helper: Helper, text: str) -> None:
    try:
        done = helper.call(sdp.parse(text))
    except UsageError as error:
        if "no codec would be left" not in str(error):
            raise
        return
    assert helper.call(done) is done


# Payload types.

VIDEO = """v=0
o=- 1 1 IN IP4 203.0.113.9
s=-
t=0 0
m=video 40000 RTP/AVPF 96 98 99 100
c=IN IP4 203.0.113.9
a=rtpmap:96 VP8/90000
a=rtpmap:98 H264/90000
a=rtpmap:99 rtx/90000
a=fmtp:99 apt=96
a=rtpmap:100 rtx/90000
a=fmtp:100 apt=98
a=imageattr:96 send * recv [x=[1:1920],y=[1:1080]]
a=imageattr:* send *
a=framesize:96 640-480
a=bw-info:96,98 send MaxSup=35
a=rtcp-fb:96 nack
a=rtcp-fb:* nack pli
a=ptime:20
a=rid:hi send pt=96;max-width=1280
a=rid:lo send max-width=320;pt=96,98
a=rid:up send pt=98;depend=hi
a=rid:all send
a=simulcast:send hi,lo;~up;all recv hi
"""


def test_a_codec_takes_every_reference_to_it_along() -> None:
    after = sdp.drop_codecs(VIDEO, ["VP8"])
    assert after == "".join(
        line
        for line in VIDEO.replace("96 98 99 100", "98 100")
        .replace("96,98", "98")
        .replace("send hi,lo;~up;all recv hi", "send lo;all")
        .splitlines(keepends=True)
        if not re.match(r"a=(\w+:9[69] |imageattr:96|framesize|rtcp-fb:96|rid:(hi|up))", line)
    )
    assert sdp.drop_codecs(after, ["VP8"]) == after
    assert sdp.keep_codecs(VIDEO, ["VP8", "H264", "rtx"]) == VIDEO


def test_simulcast_goes_with_its_last_stream() -> None:
    body = VIDEO.replace("send hi,lo;~up;all recv hi", "send hi")
    assert "simulcast" not in sdp.drop_codecs(body, ["VP8"])
    draft = VIDEO.replace("send hi,lo;~up;all recv hi", " send pt=96;98")
    assert "a=simulcast:send pt=98\n" in sdp.drop_codecs(draft, ["VP8"])


REFERENCE = re.compile(
    r"a=(?:rtpmap|fmtp|rtcp-fb|imageattr|framesize|gpmd):(\d+)|(?:pt=|bw-info:)([\d,]+)", re.ASCII
)
PAYLOAD = st.sampled_from(["96", "97", "98", "99"])


@given(
    st.lists(
        st.one_of(
            st.builds("a={}:{} x".format, st.sampled_from(["imageattr", "framesize", "rtcp-fb", "fmtp"]), PAYLOAD),
            st.builds("a=bw-info:{},{} send".format, PAYLOAD, PAYLOAD),
            st.builds("a=rid:{} send pt={},{}".format, st.sampled_from("abc"), PAYLOAD, PAYLOAD),
            st.builds("a=rid:{} send depend={}".format, st.sampled_from("de"), st.sampled_from("abc")),
            st.builds("a=fmtp:{} apt={}".format, PAYLOAD, PAYLOAD),
            st.builds("a=simulcast:send {};{},~{}".format, *[st.sampled_from("abcde")] * 3),
        ),
        max_size=8,
    ),
    st.sets(PAYLOAD, min_size=1, max_size=3),
)
def test_no_line_speaks_of_a_payload_type_that_is_gone(lines: list[str], unwanted: set[str]) -> None:
    head = "v=0\no=- 1 1 IN IP4 h\ns=-\nt=0 0\nm=video 9 RTP/AVPF 96 97 98 99\nc=IN IP4 h\n"
    body = head + "".join(f"{line}\n" for line in lines)
    try:
        after = sdp.drop_codecs(body, unwanted)
    except UsageError:
        return
    left = set(sdp.parse(after).media[0].formats)
    assert not left & unwanted
    for found in REFERENCE.finditer(after):
        assert set((found[1] or found[2]).split(",")) <= left
    assert set(re.findall(r"apt=(\d+)", after)) <= left
    names = set(re.findall(r"a=rid:(\w)", body)) - set(re.findall(r"a=rid:(\w)", after))
    for streams in re.findall(r"a=simulcast:send (.*)", after):
        assert not names & set(re.split("[;,~]+", streams))
    assert not names & set(re.findall(r"depend=(\w)", after))
    assert sdp.drop_codecs(after, unwanted) == after
    # What it says of other payload types only stays.
    for line in lines:
        speaks = set(re.findall(r"\d+", line))
        if line.startswith(("a=imageattr", "a=framesize", "a=bw-info", "a=rtcp-fb")) and speaks <= left:
            assert line in after


def test_a_value_that_cannot_be_read_leniently_is_an_error() -> None:
    for value in UNREADABLE.values():
        with pytest.raises(SdpError):
            sdp.Candidate.read(value)
