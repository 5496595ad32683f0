"""Flags: nothing misspelt gets through, merging has its laws, and the wire gets exactly what was said."""

from __future__ import annotations

from typing import Any, get_args

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtpe_ng import Codec, Flags, UsageError
from rtpe_ng.flags import vocabulary as v
from rtpe_ng.wire import decode_document
from samples import SAMPLES

WORDS = st.text("abcdefg-/0123456789", min_size=1, max_size=8)


def some(allowed: Any) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(get_args(allowed) or allowed), unique=True, max_size=4)


CODECS = st.fixed_dictionaries(
    {}, optional={field.name: st.lists(WORDS, unique=True, max_size=3) for field in attrs.fields(Codec)}
)
OPTIONS: dict[str, st.SearchStrategy[Any]] = {
    "transport_protocol": st.sampled_from(get_args(v.TransportProtocol)),
    "ice": st.sampled_from(get_args(v.ICE)),
    "ice_lite": st.sampled_from(get_args(v.ICELite)),
    "dtls": st.sampled_from(get_args(v.DTLS)),
    "dtls_reverse": st.sampled_from(get_args(v.DTLS)),
    "dtls_fingerprint": WORDS,
    "sdes": some(v.SDES_KNOWN),
    "osrtp": some(v.OSRTP),
    "rtcp_mux": some(v.RtcpMux),
    "codec": CODECS,
    "replace": some(v.Replace),
    "direction": st.lists(WORDS, min_size=2, max_size=2),
    "address_family": st.sampled_from(get_args(v.AddressFamily)),
    "media_address": st.ip_addresses().map(str),
    "ptime": st.integers(1, 1000),
    "ptime_reverse": st.integers(1, 1000),
    "tos": st.integers(-1, 256),
    "record_call": st.sampled_from(get_args(v.YesNo)),
    "metadata": WORDS,
    "label": WORDS,
    "generate_rtcp": st.sampled_from(get_args(v.OnOff)),
    "xmlrpc_callback": st.ip_addresses().map(str),
    "extra": st.fixed_dictionaries(
        {},
        optional={"flags": st.lists(WORDS, max_size=4) | st.lists(WORDS).map(tuple), "new-key": st.integers(0, 9)},
    ),
}
FIELDS = {field.name: field for field in attrs.fields(Flags)}
FLAGS = st.fixed_dictionaries({}, optional={name: OPTIONS.get(name, st.booleans()) for name in FIELDS}).map(
    lambda options: Flags(**options)
)


@given(FLAGS)
def test_the_repr_makes_the_same_flags_again(flags: Flags) -> None:
    assert eval(repr(flags), {"Flags": Flags, "Codec": Codec}) == flags
    assert "\n" not in repr(flags)


@given(FLAGS)
def test_what_is_encoded_once_is_what_was_said(flags: Flags) -> None:
    assert decode_document(b"d" + flags.encoded + b"e") == flags.to_ng()


@given(FLAGS, FLAGS, FLAGS)
def test_merging_is_associative_and_has_an_identity(a: Flags, b: Flags, c: Flags) -> None:
    assert (a | b) | c == a | (b | c)
    assert a | Flags() == a == Flags() | a
    assert a | a == a


@given(FLAGS, FLAGS)
def test_of_scalars_the_right_one_wins_and_lists_are_joined(a: Flags, b: Flags) -> None:
    merged = a | b
    for name in FIELDS:
        mine, theirs, both = getattr(a, name), getattr(b, name), getattr(merged, name)
        if isinstance(mine, bool):
            assert both is (mine or theirs)
        elif isinstance(mine, tuple) and name != "direction":
            assert both == tuple(dict.fromkeys((*mine, *theirs)))
        elif name not in ("codec", "extra"):
            assert both == (mine if theirs is None else theirs)


@given(FLAGS)
def test_equal_flags_have_equal_hashes_and_evolving_nothing_changes_nothing(flags: Flags) -> None:
    again = flags.evolve()
    assert again == flags
    assert hash(again) == hash(flags)


def test_codecs_and_extra_merge_by_their_parts() -> None:
    a = Flags(codec={"transcode": ["PCMU"], "mask": ["all"]}, extra={"x": 1, "flags": ["new"]})
    b = Flags(codec=Codec(transcode=["G722", "PCMU"]), extra={"y": 2, "flags": ["newer"]}, debug=True)
    assert (a | b).to_ng() == {
        "codec": {"mask": ["all"], "transcode": ["PCMU", "G722"]},
        "x": 1,
        "y": 2,
        "flags": ["debug", "new", "newer"],
    }


@pytest.mark.parametrize("name", [name for name in FIELDS if name != "extra"])
def test_a_field_is_the_ng_key_in_lower_case_with_underscores(name: str) -> None:
    document = Flags(**{name: SAMPLES.get(name, True)}).to_ng()
    (key,) = document.get("flags", document)
    assert key.casefold().replace("-", "_") == name


@pytest.mark.parametrize(
    ("options", "cure"),
    [
        ({"trust_addres": True}, "did you mean 'trust_address'"),
        ({"rtcp-mux": ["offer"]}, "did you mean 'rtcp_mux'"),
        ({"xyzzy": 1}, "known are address_family"),
        ({"ice": "focre"}, "did you mean 'force'"),
        ({"ice": "FORCE"}, "did you mean 'force'"),
        ({"ice": ["force"]}, "known are|did you mean"),
        ({"dtls": "pasive"}, "did you mean 'passive'"),
        ({"transport_protocol": "RTP/SAVPX"}, "did you mean 'RTP/SAVP"),
        ({"rtcp_mux": ["demx"]}, "did you mean 'demux'"),
        ({"rtcp_mux": "of"}, "'of' is unknown; did you mean 'offer'"),
        ({"sdes": ["of"]}, "did you mean 'off'"),
        ({"sdes": ["no-AES_CM_128_HMAC_SHA1_23"]}, "did you mean 'no-AES_CM_128_HMAC_SHA1_32'"),
        ({"replace": ["orgin"]}, "did you mean 'origin'"),
        ({"replace": [1]}, "a list of strings"),
        ({"replace": 1}, "a list of strings"),
        ({"replace": [""]}, "a list of strings"),
        ({"codec": {"trans": ["PCMU"]}}, "did you mean 'transcode'"),
        ({"codec": {"transcode": 3}}, "a list of strings"),
        ({"codec": "PCMU"}, "a dictionary of lists"),
        ({"direction": ["pub"]}, "two interface names"),
        ({"direction": "pub"}, "two interface names"),
        ({"direction": ["pub", ""]}, "two interface names"),
        ({"media_address": "example.org"}, "IPv4 or IPv6"),
        ({"ptime": "20"}, "an integer from 1 to 1000"),
        ({"ptime": 0}, "an integer from 1 to 1000"),
        ({"tos": True}, "an integer"),
        ({"label": ""}, "not empty"),
        ({"debug": "yes"}, "True or False"),
        ({"debug": None}, "True or False"),
        ({"extra": {"ICE": "force"}}, "say ice="),
        ({"extra": {"transport protocol": "RTP/AVP"}}, "say transport_protocol="),
        ({"extra": {"from-tag": "x"}}, "belongs to the message"),
        ({"extra": {"To Tag": "x"}}, "belongs to the message"),
        ({"extra": {"flags": "x"}}, "a list of words"),
        ({"extra": {"flags": [["x"]]}}, "a list of words"),
        ({"codec": {1: ["PCMU"]}}, "'1' is no option"),
        ({"extra": [1]}, "a dictionary"),
    ],
)
def test_what_the_daemon_would_ignore_is_refused_with_the_cure(options: dict[str, Any], cure: str) -> None:
    with pytest.raises(UsageError, match=cure):
        Flags(**options)
    with pytest.raises(UsageError, match=cure):
        Flags().evolve(**options)


@given(st.sampled_from([*v.SDES_KNOWN, *get_args(v.RtcpMux), *get_args(v.ICE)]), st.data())
def test_a_misspelt_word_never_gets_through(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 1))
    misspelt = word[:at] + data.draw(st.sampled_from("xq_ ")) + word[at + 1 :]
    everything = {*v.SDES_KNOWN, *get_args(v.RtcpMux), *get_args(v.ICE)}
    if misspelt not in everything:
        for options in ({"sdes": [misspelt]}, {"rtcp_mux": [misspelt]}, {"ice": misspelt}):
            with pytest.raises(UsageError):
                Flags(**options)


def test_options_are_given_by_name() -> None:
    with pytest.raises(UsageError, match="by name"):
        Flags("ICE=force")  # type: ignore[arg-type, call-arg]


@pytest.mark.parametrize(
    ("options", "cure"),
    [
        ({"trancode": ["PCMU"]}, "did you mean 'transcode'"),
        ({"xyzzy": ["PCMU"]}, "known are accept"),
        ({"strip": [None]}, "a list of strings"),
    ],
)
def test_a_misspelt_codec_operation_is_refused_with_the_cure(options: dict[str, Any], cure: str) -> None:
    with pytest.raises(UsageError, match=cure) as error:
        Codec(**options)
    # There is no way round for codecs.
    assert "extra" not in str(error.value)


def test_a_single_word_is_a_list_of_one_and_repeats_are_kept_once() -> None:
    assert Flags(rtcp_mux="demux") == Flags(rtcp_mux=["demux", "demux"])  # type: ignore[arg-type]


def test_what_was_not_said_is_not_sent() -> None:
    assert Flags().to_ng() == {}
    assert Flags(ice=None, sdes=[], codec={}, debug=False, extra={}).to_ng() == {}
    assert Flags().encoded == b""


def test_nobody_can_change_flags_from_outside() -> None:
    inner = {"new-key": [1]}
    flags = Flags(rtcp_mux=["demux"], codec={"strip": ["x"]}, extra=inner)
    inner["new-key"].append(2)
    document = flags.to_ng()
    document["rtcp-mux"].append("offer")
    document["codec"]["strip"].append("y")
    document["new-key"].append(3)
    assert flags.to_ng() == {"rtcp-mux": ["demux"], "codec": {"strip": ["x"]}, "new-key": [1]}
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        flags.ice = "force"  # type: ignore[misc]
    with pytest.raises(TypeError):
        flags.extra["x"] = 1  # type: ignore[index]


def test_merging_with_something_else_is_a_type_error() -> None:
    with pytest.raises(TypeError):
        Flags() | {"ICE": "force"}  # type: ignore[operator]
    with pytest.raises(TypeError):
        Codec() | {"strip": []}  # type: ignore[operator]
