"""The daemon's own flag string: what it says, and the string for what `Flags` say."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtpe_ng import Direction, Flags, UsageError, profiles
from rtpe_ng.flags import Routing
from tests.support.samples import OPTIONS, SAMPLES

RTPP: Any = "rtpp-flags"


def parse(text: str, *, strict: bool = True) -> Flags:
    return Flags.parse(text, dialect=RTPP, strict=strict)


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        ("", Flags()),
        ("trust-address  ICE=force", Flags(ice="force", trust_address=True)),
        ("ice=remove dtls=off sdes=off", Flags(ice="remove", dtls="off", sdes=["off"])),
        ("SDES=off,pad replace=origin", Flags(sdes=["off", "pad"], replace=["origin"])),
        ("transcode-PCMU codec-strip=opus", Flags(codec={"transcode": ["PCMU"], "strip": ["opus"]})),
        ("codec=[strip=[PCMA PCMU] mask=all]", Flags(codec={"strip": ["PCMA", "PCMU"], "mask": ["all"]})),
        ("transcode-a--b..c codec-consume-d--e", Flags(codec={"transcode": ["a=b c"], "consume": ["d=e"]})),
        ("codec-except-a--b codec-except=c=d", Flags(codec={"except": ["a--b", "c=d"]})),
        ("sdp-attr-add-audio-x:1..y--2", Flags(sdp_attr={"audio": {"add": ["x:1 y=2"]}})),
        (
            "sdp-attr=[none=[remove=[x y]]] sdp-attr-substitute-none-a>b",
            Flags(sdp_attr={"none": {"remove": ["x", "y"], "substitute": [["a", "b"]]}}),
        ),
        ("extmap=[strip=all mask=[a b]]", Flags(extmap={"strip": ["all"], "mask": ["a", "b"]})),
        ("moh=[file=/x mode=sendrecv]", Flags(moh={"file": "/x", "mode": "sendrecv"})),
        ("direction=a direction=b", Flags(direction=["a", "b"])),
        ("internal external", Flags(direction=["internal", "external"])),
        ("direction=[a b]", Flags(direction=["a", "b"])),
        ("direction=a", Flags(from_interface="a")),
        ("ICE=[force lite-both] TOS=184 ptime=20", Flags(ice=["force", "lite-both"], tos=184, ptime=20)),
        ("BUNDLE-offer T.38-decode OSRTP-offer", Flags(bundle=["offer"], t38=["decode"], osrtp=["offer"])),
        ("endpoint-learning-off record-call", Flags(endpoint_learning="off", record_call="on")),
        ("trickle-ice no-RTCP-attribute", Flags(trickle_ice=True, extra={"flags": ["no-RTCP-attribute"]})),
        ("to-tag from-tag=f directional", Flags(routing=Routing(to_tag=True, from_tag="f", directional=True))),
        ("call-id=c to-tag=t", Flags(routing=Routing(call_id="c", to_tag="t"))),
        ("via-branch=z9hG4bK", Flags(routing=Routing(via_branch_param="z9hG4bK"))),
        ("received-from=192.0.2.9", Flags(routing=Routing(received_from="192.0.2.9"))),
        ("received-from=[IP6 2001:db8::9]", Flags(routing=Routing(received_from="2001:db8::9"))),
        ("from-tags-a from-tags=[b c]", Flags(routing=Routing(from_tags=["a", "b", "c"]))),
        ("metadata=a=b sip-message-type=sip-reply", Flags(metadata="a=b", sip_message_type="sip-reply")),
    ],
)  # fmt: skip
def test_what_a_string_says(text: str, flags: Flags) -> None:
    assert parse(text, strict=False) == flags
    assert parse(flags.format(dialect=RTPP), strict=False) == flags


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("RTP/AVP", "transport-protocol=RTP/AVP"),
        ("SRTP DTLS", "write transport-protocol="),
        ("=x ICE=force", "ignores what begins with '='"),
        ("ICE=force ICE=remove", "takes the last"),
        ("ICE=", "without a value"),
        ("codec-strip=PCMA,PCMU", "write each by itself"),
        ("codec-strip=[PCMA PCMU]", "write codec-strip-"),
        ("transcode-opus/48000/2//bitrate=1", "write transcode=opus/48000/2//bitrate=1"),
        ("direction=a direction=b direction=c", "the second the receiver's"),
        ("direction", "the second the receiver's"),
        ("label=[a b]", "write a text"),
        ("codec=[strip=PCMA PCMU]", "give each item one"),
        ("sdp-attr-substitute-audio-a", "a>b"),
        ("sdp-attr-audio-add-a", "no daemon knows this flag"),
        ("x=[a", "not closed"),
        ("call-id", "write call-id="),
        ("sdp=x", "leave it out"),
        ("received-from=x", "an IPv4 or IPv6 address"),
        ("via_branch", "no daemon knows"),
        ("force-answer", "no daemon knows"),
        ("trust-addres", "did you mean 'trust-address'"),
        ("trust-address=yes", "write trust-address"),
        ("sdp-media-remove=video", "write sdp-media-remove=[video]"),
        ("x=" + "[" * 20 + "]" * 20, "levels of brackets"),
    ],
)
def test_what_is_no_string_to_write(text: str, why: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse(text)
    assert why in str(refused.value)


def test_on_the_wire_it_is_the_string_itself() -> None:
    flags = parse("trust-address ICE=force")
    assert flags.to_ng(dialect=RTPP) == {"rtpp-flags": "trust-address ICE=force"}
    assert flags.to_ng() == {"ICE": "force", "flags": ["trust-address"]}
    assert Flags().to_ng(dialect=RTPP) == {}
    assert parse("ICE=force trust-address") == flags


def test_what_flags_cannot_say_stays_in_the_string() -> None:
    odd = parse("ICE=force ICE=remove x=1 =y", strict=False)
    assert odd.to_ng() == {"ICE": "remove", "x": "1"}
    assert parse(odd.format(dialect=RTPP), strict=False) == odd


# A string says "directional" about the message: it is in `routing`, as in the other dialects.
@pytest.mark.parametrize("name", [name for name, key in OPTIONS.items() if key.sent and name != "directional"])
def test_each_option_can_be_said(name: str) -> None:
    flags = Flags(**{name: SAMPLES.get(name, True)})
    text = flags.format(dialect=RTPP)
    assert parse(text) == flags
    assert flags.to_ng(dialect=RTPP) == {"rtpp-flags": text}


@given(st.sampled_from(Direction), st.sampled_from([profiles.MODERN, profiles.ARTICLE]), st.booleans())
def test_the_profiles_can_be_said(direction: Direction, profile: Any, offer: bool) -> None:
    flags: Flags = (profile.offer_flags if offer else profile.answer_flags)(direction)
    assert parse(flags.format(dialect=RTPP)) == flags


WORDS = st.text("ab-.=>,[] /", min_size=1, max_size=6)


LISTS = st.lists(WORDS, min_size=1, max_size=2)
OPERATIONS = st.sampled_from(["strip", "transcode", "except", "consume"])
ANY = {
    "codec": st.dictionaries(OPERATIONS, LISTS, min_size=1),
    "metadata": WORDS,
    "sdp_attr": st.fixed_dictionaries({"audio": st.fixed_dictionaries({"add": LISTS})}),
    "extra": st.dictionaries(st.sampled_from(["new", "newer"]), WORDS | st.lists(WORDS)),
}


@given(st.fixed_dictionaries({}, optional=ANY))
def test_what_is_written_is_read_as_the_same_or_refused(options: dict[str, Any]) -> None:
    flags = Flags(**options)
    try:
        text = flags.format(dialect=RTPP)
    except UsageError:
        return
    assert parse(text, strict=False) == flags
