"""Flags: nothing misspelt gets through, merging has its laws, and the wire gets exactly what was said."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from typing import Any, get_args

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtpe_ng import Codec, Flags, UsageError
from rtpe_ng.flags import Attributes, Extmap, FlagString, Moh, Routing, SdpAttr
from rtpe_ng.flags import vocabulary as v
from rtpe_ng.flags.fields import Fields
from rtpe_ng.wire import decode_document
from tests.support.samples import CHOICES, LISTS, OPTIONS, SAMPLES

WORDS = st.text("abcdefg-/0123456789", min_size=1, max_size=8)


def some(allowed: Any) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(get_args(allowed) or allowed), unique=True, max_size=4)


CODECS = st.fixed_dictionaries(
    {}, optional={field.name: st.lists(WORDS, unique=True, max_size=3) for field in attrs.fields(Codec)}
)


def pick(allowed: Any, *, without: tuple[str, ...] = ()) -> st.SearchStrategy[Any]:
    return st.sampled_from([word for word in get_args(allowed) if word not in without])


ATTRIBUTES = st.fixed_dictionaries({}, optional={"add": st.lists(WORDS, max_size=2), "remove": st.lists(WORDS)})
# Of what contradicts itself in part, one side: any two of these can be merged.
VALUES: dict[str, st.SearchStrategy[Any]] = {
    **{name: pick(allowed) for name, allowed in CHOICES.items()},
    **{name: some(words) for name, words in LISTS.items()},
    "dtls": pick(v.DTLS, without=("off", "no", "disable")),
    "ice": pick(v.ICE) | st.lists(pick(v.ICEWord), min_size=1, max_size=3, unique=True),
    "rtcp_mux": some(("offer", "require", "accept", "reject")),
    "bundle": some(("offer", "require", "accept", "strict")),
    "codec": CODECS,
    "sdp_attr": st.fixed_dictionaries({}, optional={"none": ATTRIBUTES, "audio": ATTRIBUTES}),
    "extmap": st.fixed_dictionaries({}, optional={"strip": st.lists(WORDS), "mask": st.lists(WORDS)}),
    "moh": st.fixed_dictionaries({"file": WORDS}, optional={"mode": st.sampled_from(["sendonly", "sendrecv"])}),
    "ptime": st.integers(1, 1000),
    "tos": st.integers(-1, 256),
    "frequencies": st.lists(st.integers(1, 8000), max_size=3),
    "media_address": st.ip_addresses().map(str),
    "metadata": WORDS,
    "extra": st.fixed_dictionaries(
        {},
        optional={"flags": st.lists(WORDS, max_size=4) | st.lists(WORDS).map(tuple), "new-key": st.integers(0, 9)},
    ),
}
APART = {
    *("webrtc", "sip_source_address", "no_port_latching", "asymmetric", "full_rtcp_attribute"),
    *("from_interface", "to_interface", "inbound_peer", "outbound_peer", "peer", "frequency"),
}
"""What contradicts something else that is drawn."""
FIELDS = [*OPTIONS, "extra"]


def drawn(name: str) -> st.SearchStrategy[Any]:
    if name in VALUES:
        return VALUES[name]
    return st.just(SAMPLES[name]) if name in SAMPLES else st.booleans()


FLAGS = st.fixed_dictionaries({}, optional={name: drawn(name) for name in FIELDS if name not in APART}).map(
    lambda options: Flags(**options)
)


NAMES = {cls.__name__: cls for cls in (Flags, Codec, Extmap, Moh, SdpAttr, Attributes, Routing, FlagString)}


@given(FLAGS)
def test_the_repr_makes_the_same_flags_again(flags: Flags) -> None:
    assert eval(repr(flags), NAMES) == flags
    assert "\n" not in repr(flags)


UNCHECKED = st.fixed_dictionaries({}, optional={"ICE": st.just("x"), "replace": st.just({"a": [1]})})
STRINGS = st.sampled_from(["trust-address trust-address", "SDES-off debug ICE=x WebRTC", "to-tag debug", "x=1 y=2"])
WHOLE = st.builds(lambda flags, more: flags.evolve(unchecked=more, routing=Routing(to_tag=True)), FLAGS, UNCHECKED)
PARSED = st.builds(lambda text: Flags.parse(text, strict=False), STRINGS)


@given(FLAGS | WHOLE | PARSED)
def test_a_pickle_and_a_copy_are_equal_and_say_the_same(flags: Flags) -> None:
    _ = flags.encoded
    for other in (
        pickle.loads(pickle.dumps(flags)),
        copy.deepcopy(flags),
        copy.copy(flags),
        eval(repr(flags), NAMES),
    ):
        assert other == flags
        assert hash(other) == hash(flags)
        assert repr(other) == repr(flags)
        assert other.encoded == flags.encoded
        assert str(other.explain()) == str(flags.explain())
        assert said(other) == said(flags)


def said(flags: Flags) -> str:
    try:
        return f"{flags.format(dialect='opensips')} {flags.to_ng(dialect='opensips')}"
    except UsageError as error:
        return str(error)


@given(FLAGS)
def test_what_is_formatted_is_parsed_as_the_same(flags: Flags) -> None:
    for dialect in ("kamailio", "kamailio-5.6", "opensips"):
        try:
            text = flags.format(dialect=dialect)
        except UsageError:
            continue
        again = Flags.parse(text, dialect=dialect, strict=False)
        assert again == flags
        assert again.format(dialect=dialect) == text


def test_a_copy_shares_nothing_that_can_be_changed() -> None:
    flags = Flags(extra={"new": [1]})
    copied = copy.deepcopy(flags)
    copied.extra["new"].append(2)
    assert flags == Flags(extra={"new": [1]})


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
        elif isinstance(mine, tuple) and name not in ("direction", "ice", "frequencies"):
            assert both == tuple(dict.fromkeys((*mine, *theirs)))
        elif name not in ("codec", "sdp_attr", "extmap", "extra"):
            assert both == (mine if theirs in (None, ()) else theirs)


@given(FLAGS)
def test_equal_flags_have_equal_hashes_and_evolving_nothing_changes_nothing(flags: Flags) -> None:
    again = flags.evolve()
    assert again == flags
    assert hash(again) == hash(flags)


@given(FLAGS | WHOLE | PARSED)
def test_what_is_not_given_need_not_be_checked(flags: Flags) -> None:
    """The constructor that attrs has made, which converts and checks every field, makes the same flags."""
    whole = Flags.__new__(Flags)
    getattr(Fields.__init__, "__wrapped__")(whole, **attrs.asdict(flags, recurse=False))  # noqa: B009
    assert vars(whole) == {name: value for name, value in vars(flags).items() if name in attrs.fields_dict(Flags)}


def test_codecs_and_extra_merge_by_their_parts() -> None:
    a = Flags(codec={"transcode": ["PCMU"], "mask": ["all"]}, extra={"x": 1, "flags": ["new"]})
    b = Flags(codec=Codec(transcode=["G722", "PCMU"]), extra={"y": 2, "flags": ["newer"]}, debug=True)
    assert (a | b).to_ng() == {
        "codec": {"mask": ["all"], "transcode": ["PCMU", "G722"]},
        "x": 1,
        "y": 2,
        "flags": ["debug", "new", "newer"],
    }


@pytest.mark.parametrize("name", [name for name, option in OPTIONS.items() if option.sent])
def test_a_field_is_the_ng_key_in_lower_case_with_underscores(name: str) -> None:
    document = Flags(**{name: SAMPLES.get(name, True)}).to_ng()
    (key,) = document.get("flags", document)
    assert key.casefold().replace("-", "_").replace(".", "") == name


@pytest.mark.parametrize(
    ("options", "cure"),
    [
        ({"no_codec_renegotiation": True}, "say 'reuse_codecs'"),
        ({"trust_addres": True}, "did you mean 'trust_address'"),
        ({"rtcp-mux": ["offer"]}, "did you mean 'rtcp_mux'"),
        ({"xyzzy": 1}, "known are address_family"),
        ({"ice": "focre"}, "did you mean 'force'"),
        ({"ice": "FORCE"}, "did you mean 'force'"),
        ({"ice": ["force", "focre"]}, "'focre' is unknown; did you mean 'force'"),
        ({"ice": []}, "known are|did you mean"),
        ({"trigger": "1x"}, "DTMF digits expected"),
        ({"digit": "12"}, "one DTMF digit expected"),
        ({"frequencies": [0]}, "an integer from 1 to 8000"),
        ({"moh": {}}, "a source is missing"),
        ({"moh": {"file": "x", "db-id": 1}}, "one source"),
        ({"moh": {"fiel": "x"}}, "did you mean 'file'"),
        ({"moh": "x.wav"}, "a Moh or a dictionary"),
        ({"sdp_attr": {"audi": {"add": ["x"]}}}, "did you mean 'audio'"),
        ({"sdp_attr": {"audio": {"ad": ["x"]}}}, "did you mean 'add'"),
        ({"sdp_attr": {"audio": {"substitute": ["x"]}}}, "pairs expected"),
        ({"extmap": {"stirp": ["all"]}}, "did you mean 'strip'"),
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


@pytest.mark.parametrize(
    "call",
    [
        "Flags(icee='force')",
        "Flags(ice='focre')",
        "Flags(ice='force', codec={'transcod': ['PCMU']})",
        "Flags(webrtc=True, icee='force')",
        "Flags(rtcp_mux=['demux', 'offer'])",
        "Flags(extra={'ICE': 'force'})",
        "Flags().evolve(icee='force')",
        "Flags(ice='force').evolve(ice='focre')",
        "Flags.from_ng({'call-id': 'x'})",
        "Flags.parse('ICE=focre')",
        "Codec(transcod=['PCMU'])",
    ],
)
def test_a_misspelt_option_is_a_short_traceback(call: str) -> None:
    program = f"from rtpe_ng import Codec, Flags\n{call}\n"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    lines = run.stderr.splitlines()
    assert lines[-1].startswith("rtpe_ng.errors.UsageError: ")
    assert len(lines) <= 15
    # Nothing of the code that attrs generates, with a signature of all options.
    assert "attrs generated" not in run.stderr
    assert "During handling" not in run.stderr


def test_options_are_given_by_name() -> None:
    with pytest.raises(UsageError, match="by name"):
        Flags("ICE=force")  # type: ignore[call-arg]


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


def test_dictionaries_merge_by_their_parts() -> None:
    a = Flags(sdp_attr={"audio": {"add": ["x:1"]}, "global": {"remove": ["y"]}}, extmap={"strip": ["urn:a"]})
    b = Flags(sdp_attr={"audio": {"add": ["x:2"], "substitute": ["x:1", "x:3"]}}, extmap=Extmap(strip=["urn:b"]))
    assert (a | b).to_ng() == {
        "sdp-attr": {
            "none": {"remove": ["y"]},
            "audio": {"add": ["x:1", "x:2"], "substitute": [["x:1", "x:3"]]},
        },
        "extmap": {"strip": ["urn:a", "urn:b"]},
    }
    music = Flags(moh=Moh(file="/a.wav", mode="sendrecv"))
    assert (music | Flags(moh={"db-id": 7})).to_ng() == {"moh": {"db-id": 7}}


def test_the_alias_is_spelt_out_and_never_sent() -> None:
    assert Flags(webrtc=True).to_ng() == {
        "transport-protocol": "UDP/TLS/RTP/SAVPF",
        "ICE": "force",
        "rtcp-mux": ["offer", "require"],
        "SDES": ["off"],
        "flags": ["trickle-ICE", "no-rtcp-attribute", "generate-mid"],
    }
    assert (Flags(ice="remove") | Flags(webrtc=True)).ice == "force"
    assert Flags(webrtc=True, ice="default", label="x").evolve(ice="optional").to_ng()["ICE"] == "optional"
    assert Flags(symmetric=True).to_ng() == {}
