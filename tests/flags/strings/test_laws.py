"""Laws of flag strings: whatever the text, whatever the dialect."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rtpe_ng import Flags, UsageError
from rtpe_ng.flags import Routing
from rtpe_ng.flags.strings import brackets
from rtpe_ng.flags.strings.commands import COMMANDS
from tests.support.examples import examples

DIALECTS: list[Any] = ["kamailio", "kamailio-5.6", "opensips", "rtpp-flags"]
TOKENS = [
    "trust-address", "symmetric", "replace-origin", "replace-zero-address", "replace=origin", "replace", "replace=",
    "ICE=force", "ICE=", "ICE=x", "ice=force", "RTP", "AVP", "SRTP", "AVPF", "DTLS", "RTP/AVP", "RTP/SAVPF",
    "UDP/TLS/RTP/SAVP", "UDP/TLS/RTP/SAVPF", "rtcp-mux-demux", "rtcp-mux-offer", "rtcp-mux-x", "rtcp-mux=offer",
    "SDES-off", "SDES-pad", "SDES-x", "SDES=off", "SDES", "SDES-", "T38-stop", "T.38=decode", "T38=", "OSRTP-offer",
    "transcode-PCMU", "codec-mask-all", "codec-transcode=opus/48000/2//bitrate=32000", "codec-set-opus=1",
    "codec-accept-PCMU", "codec-except=PCMA", "direction=pub", "direction=priv", "internal", "external",
    "in-iface=a", "out-iface=b", "media-address=192.0.2.1", "media-address", "address-family=IP6", "TOS=184",
    "TOS=x", "ptime=20", "label=x", "record-call=on", "metadata=a", "delete-delay=30", "repacketize=20ms",
    "call-id=C", "from-tag=F", "from-tag=", "from-tags=F", "to-tag", "to-tag=T", "directional", "force-answer",
    "via-branch=1", "via-branch=auto", "via-branch=extra", "via-branch=next-auto", "via-branch-param=z",
    "received-from=192.0.2.9", "received-from=2001:db8::9", "received-from=x", "command=delete", "flags=x",
    "x", "x=1", "x=2", "x=[a b]", "codec=[transcode=[PCMA PCMU]]", "x=[a=1 b]", "x=[a", "x=[]", "via_branch=x",
    "sdp-attr-remove-audio-ptime:20", "sdp-attr-add-audio-x:1..y--2", "sdp-attr-substitute-none-a>b",
    "sdp-attr=[audio=[add=[x:1 y]]]", "sdp-attr=[x", "codec-strip=PCMA,PCMU", "extmap=[strip=all]", "moh=[file=/x]",
    "ICE=[force trickle]", "frequencies=[425 450]", "endpoint-learning-off", "from-tags-F", "sdes=off", "label=[a]",
    "transport-protocol=RTP/SAVP", "via-branch=z9hG4bK-1", "direction=[pub priv]", "codec-consume-a--b",
    "trickle-ice", "WebRTC", "passthrough", "=x", "<null>", 'a="b', "\t", "all", "bundle=accept",
]  # fmt: skip
JOINED = st.lists(st.sampled_from(TOKENS), max_size=8).map(" ".join)
TEXTS = JOINED | st.text() | st.text("ab=[]. -", max_size=40)
CALLS = st.tuples(TEXTS, st.sampled_from(DIALECTS), st.sampled_from(COMMANDS))


def parse(text: str, dialect: Any, command: str, *, strict: bool = False) -> Flags | None:
    try:
        return Flags.parse(text, dialect=dialect, command=command, strict=strict)
    except UsageError:
        return None


@given(CALLS)
@example(("\ud800", "kamailio", "offer"))
@example(("a\0b", "kamailio", "offer"))
def test_any_text_gives_flags_or_a_usage_error(call: tuple[str, Any, str]) -> None:
    if (flags := parse(*call)) is not None:
        document = flags.to_ng()
        assert not document.keys() & {
            "call-id",
            "from-tag",
            "to-tag",
            "via-branch",
            "received-from",
            "command",
            "sdp",
        }
        flags.to_ng(dialect=call[1])
        assert flags.encoded or not document


@given(CALLS)
def test_what_is_strict_is_lax_too(call: tuple[str, Any, str]) -> None:
    strict = parse(*call, strict=True)
    if strict is not None:
        lax = parse(*call)
        assert lax == strict
        assert lax.to_ng(dialect=call[1]) == strict.to_ng(dialect=call[1])


@given(CALLS)
@example(("=", "kamailio", "offer"))
@example(("0 =", "kamailio", "offer"))
@example(("= trust-address =", "kamailio", "offer"))
def test_what_is_printed_is_read_as_the_same(call: tuple[str, Any, str]) -> None:
    _, dialect, command = call
    if (flags := parse(*call)) is not None:
        again = parse(flags.format(dialect=dialect), dialect, command)
        assert again == flags
        assert again.to_ng(dialect=dialect) == flags.to_ng(dialect=dialect)


@given(CALLS, st.sampled_from(DIALECTS))
def test_what_was_said_in_one_dialect_is_the_same_in_another_or_an_error(
    call: tuple[str, Any, str], other: Any
) -> None:
    if (flags := parse(*call)) is not None:
        try:
            text = flags.format(dialect=other, command="offer")
        except UsageError:
            return
        again = parse(text, other, "offer")
        assert again is not None
        assert again.to_ng() == flags.to_ng()
        assert again.routing == flags.routing


WORDS = st.sampled_from(
    ["a", "b", "a=b", "=", "x:1", "a>b", "all", "add", "add=", "substitute=", "global=", "audio="]
)
NESTED = st.recursive(WORDS, lambda inner: st.lists(inner, max_size=3).map(lambda items: f"[{' '.join(items)}]"))
KEYED = st.tuples(
    st.sampled_from(["", "add=", "remove=", "substitute=", "global=", "audio=", "transcode=", "strip=", "a="]),
    NESTED,
).map("".join)
KEYS = [
    "sdp-attr",
    "codec",
    "extmap",
    "flags",
    "replace",
    "SDES",
    "direction",
    "frequencies",
    "from-tags",
    "moh",
    "x",
]
CHANGES = st.tuples(
    st.sampled_from(KEYS),
    KEYED
    | st.lists(KEYED | st.lists(KEYED, max_size=2).map(lambda x: f"global=[{' '.join(x)}]"), max_size=3).map(
        lambda x: f"[{' '.join(x)}]"
    ),
).map("=".join)


@examples(200)
@given(st.lists(CHANGES | st.sampled_from(TOKENS), max_size=4).map(" ".join), st.sampled_from(DIALECTS))
@example("sdp-attr=[global=[substitute=[a=b]]] sdp-attr=[global=[substitute=[[a b]]]]", "rtpp-flags")
@example("sdp-attr=[add=[x]]", "rtpp-flags")
@example("sdp-attr=[add=[x]]", "opensips")
@example("codec=[[a] b]", "opensips")
@example("flags=[[a]]", "opensips")
def test_any_nesting_gives_flags_or_a_usage_error(text: str, dialect: Any) -> None:
    for strict in (True, False):
        if (flags := parse(text, dialect, "offer", strict=strict)) is None:
            continue
        for other in DIALECTS:
            try:
                said = flags.format(dialect=other)
            except UsageError:
                continue
            assert parse(said, other, "offer") is not None


def test_tags_that_a_proxy_does_not_send_with_an_offer_are_refused() -> None:
    flags = Flags.parse("from-tags=[a b]", dialect="rtpp-flags")
    with pytest.raises(UsageError, match="subscribe request only"):
        flags.format(dialect="kamailio")
    text = flags.format(dialect="kamailio", command="subscribe request")
    assert Flags.parse(text, command="subscribe request").routing == flags.routing


@given(CALLS, st.sampled_from(DIALECTS))
def test_what_is_said_to_another_has_no_trap(call: tuple[str, Any, str], other: Any) -> None:
    if (flags := parse(*call, strict=True)) is not None:
        try:
            text = flags.format(dialect=other, command=call[2])
        except UsageError:
            return
        assert parse(text, other, call[2], strict=True) is not None


@given(CALLS)
def test_a_copy_says_the_same(call: tuple[str, Any, str]) -> None:
    if (flags := parse(*call, strict=True)) is not None:
        copy = flags.evolve()
        assert copy == flags == flags | Flags() == Flags() | flags
        assert hash(copy) == hash(flags)


def test_long_texts_take_little_time() -> None:
    for text in (
        "SDES-off " * 20_000,
        "x=1 " * 20_000,
        "y " * 20_000,
        "x=[" * 20_000,
        "x=[a b] " * 20_000,
        "[" * 99_999,
    ):
        parse(text, "opensips", "offer")
        parse(text, "kamailio", "offer")


VALUES = st.recursive(
    st.text("ab .-", min_size=1, max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, min_size=1, max_size=3)
    ),
    max_leaves=6,
)


@given(st.lists(VALUES, max_size=3) | st.dictionaries(st.sampled_from("abc"), VALUES, min_size=1, max_size=3))
def test_brackets_say_what_they_can(value: Any) -> None:
    flags = Flags(extra={"x": value})
    try:
        text = flags.format(dialect="opensips")
    except UsageError:
        return
    assert Flags.parse(text, dialect="opensips", strict=False) == flags
    ignored: list[str] = []
    assert brackets.read(brackets.write(value), ignored) == value
    assert ignored == []


ROUTINGS = st.builds(
    Routing,
    call_id=st.none() | st.text("ab"),
    from_tag=st.none() | st.text("ab"),
    to_tag=st.booleans() | st.text("ab"),
    via_branch=st.none() | st.sampled_from(["1", "2", "auto", "extra", "next", "auto-next", "auto-extra"]),
    received_from=st.none() | st.ip_addresses().map(str),
    force_answer=st.booleans(),
    directional=st.booleans(),
)


@given(ROUTINGS, ROUTINGS, ROUTINGS)
def test_routings_merge(a: Routing, b: Routing, c: Routing) -> None:
    assert (a | b) | c == a | (b | c)
    assert a | Routing() == a == Routing() | a
    assert eval(repr(a), {"Routing": Routing}) == a
    with pytest.raises(TypeError):
        a | {}  # type: ignore[operator]


@given(ROUTINGS, st.sampled_from(DIALECTS))
def test_routings_are_said(routing: Routing, dialect: Any) -> None:
    flags = Flags(ice="force", routing=routing)
    assert flags.to_ng() == {"ICE": "force"}
    try:
        text = flags.format(dialect=dialect)
    except UsageError:
        return
    assert Flags.parse(text, dialect=dialect, strict=False) == flags
