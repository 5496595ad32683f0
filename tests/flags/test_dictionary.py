"""Other clients' dictionaries: what `Flags` make of them, and what is said of versions that ignore something."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtpe_ng import Flags
from rtpe_ng.errors import UsageError
from rtpe_ng.flags import as_read, spellings_of
from rtpe_ng.flags.dictionary import read
from rtpe_ng.keys import folded
from rtpe_ng.versions import MEASURED
from tests.support.examples import examples
from tools.spellings import cases

CASES = list(cases())

DICTIONARIES: list[tuple[dict[str, Any], Flags]] = [
    ({"transport protocol": "RTP/AVP"}, Flags(transport_protocol="RTP/AVP")),
    ({"transport-protocol": "rtp/savpf"}, Flags(transport_protocol="RTP/SAVPF")),
    ({"SDES": "off"}, Flags(sdes=["off"])),
    ({"sdes": ["off"], "flags": ["SDES-pad"]}, Flags(sdes=["off", "pad"])),
    ({"rtcp-mux": "offer,require"}, Flags(rtcp_mux=["offer", "require"])),
    ({"flags": "generate-mid"}, Flags(generate_mid=True)),
    ({"flags": ["trust address", "inject DTMF"]}, Flags(trust_address=True, inject_dtmf=True)),
    ({"flags": ["codec-strip-PCMU", "transcode-opus"]}, Flags(codec={"strip": ["PCMU"], "transcode": ["opus"]})),
    ({"codec": {"strip": "PCMU,PCMA"}}, Flags(codec={"strip": ["PCMU", "PCMA"]})),
    ({"flags": ["rtcp-mux-offer", "replace-origin"]}, Flags(rtcp_mux=["offer"], replace=["origin"])),
    ({"replace": ["session name"]}, Flags(replace=["session-name"])),
    ({"TOS": "184", "ptime": " 30"}, Flags(tos=184, ptime=30)),
    ({"code": 11}, Flags(digit="#")),
    ({"DTLS": "disabled", "ICE-lite": "bkw"}, Flags(dtls="disable", ice_lite="backward")),
    ({"flags": ["no player", "record call"]}, Flags(audio_player="off", record_call="on")),
    ({"endpoint learning": "off"}, Flags(endpoint_learning="off")),
    ({"frequency": [400, "500"]}, Flags(frequencies=[400, 500])),
    ({"sdp-attr": {"global": {"add": "x"}}}, Flags(sdp_attr={"none": {"add": ["x"]}})),
    ({"moh": {"db-id": "7"}}, Flags(moh={"db-id": 7})),
    ({"SIP_response_code": "183"}, Flags(sip_code=183)),
    ({"transport protocol": "RTP/SAVP", "transport-protocol": "RTP/AVPF"}, Flags(transport_protocol="RTP/AVPF")),
    ({"flags": ["endpoint-learning-delayed"]}, Flags(endpoint_learning="delayed")),
    # What no version reads stays as it was.
    ({"transport_protocol": "RTP/AVP"}, Flags(unchecked={"transport_protocol": "RTP/AVP"})),
    ({"label": 5, "rtcp mux": ["offer"]}, Flags(unchecked={"label": 5, "rtcp mux": ["offer"]})),
    ({"SDES": ["off", "foo"]}, Flags(sdes=["off"], unchecked={"SDES": ["foo"]})),
    ({"new": 1, "flags": ["xyzzy"]}, Flags(extra={"new": 1, "flags": ["xyzzy"]})),
]


@pytest.mark.parametrize(("dictionary", "flags"), DICTIONARIES, ids=str)
def test_a_dictionary_means_these_flags(dictionary: dict[str, Any], flags: Flags) -> None:
    assert Flags.from_ng(dictionary) == flags
    assert Flags.from_ng(flags.to_ng()) == flags


def ordered(dictionary: dict[str, Any]) -> dict[str, Any]:
    """Return a dictionary with the words of ``flags`` in one order, which means nothing."""
    return dictionary | {"flags": sorted(set(dictionary.get("flags", [])))}


def test_flags_say_what_each_version_reads_in_a_dictionary() -> None:
    for dictionary in CASES:
        flags = Flags.from_ng(dictionary)
        assert Flags.from_ng(flags.to_ng()) == flags, dictionary
        for version in MEASURED:
            plain = as_read(dict(sorted(dictionary.items())), version)
            assert as_read(plain, version) == plain, dictionary
            # Until 13.2 a space becomes a hyphen in a line to add, which no dictionary says for all versions.
            if "two words" in str(dictionary) or any(entry.lost for entry in read(dictionary, version)):
                continue
            assert ordered(as_read(flags.to_ng(), version)) == ordered(plain), (dictionary, version)


def test_merging_makes_no_second_key_of_one() -> None:
    others = (Flags(transport_protocol="RTP/AVP", sdes=["pad"], ice="force", dtls="off"), Flags(label="y", tos=0))
    for dictionary in CASES:
        for other in others:
            # What contradicts the other is no question of spelling.
            try:
                keys = list(map(folded, (Flags.from_ng(dictionary) | other).to_ng()))
            except UsageError:
                continue
            assert len(keys) == len(set(keys)), dictionary
    old = Flags.from_ng({"transport_protocol": "RTP/AVP", "label": 5})
    assert (old | Flags(transport_protocol="RTP/SAVP", label="x")).to_ng() == {
        "transport-protocol": "RTP/SAVP",
        "label": "x",
    }


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["strip", "audio", "add", "x", "file"]), inner, max_size=3)
    ),
    max_leaves=6,
)
NAMES = st.sampled_from(sorted({*spellings_of("12.5").keys, "flags", "transport_protocol", "x"}))


@examples(150)
@given(st.dictionaries(NAMES, JSON, max_size=4), st.sampled_from(MEASURED))
def test_whatever_it_holds_it_is_read_and_explained_or_refused(dictionary: dict[str, Any], version: str) -> None:
    plain = as_read(dictionary, version)
    assert as_read(plain, version) == plain
    try:
        flags = Flags.from_ng(dictionary)
    except UsageError:
        assert "flags" in dictionary
        return
    assert Flags.from_ng(flags.to_ng()).to_ng() == flags.to_ng()
    assert str(flags.explain())
    assert str(Flags.explain_ng(dictionary, engine=version))


# The page for those who come from other clients.

PAGE = Path(__file__).parents[2] / "docs/howto/other-clients.md"
ROWS = re.findall(
    r"^\| `(.*?)` \|.*\| `(.*?)` \| (by all|by none|since [0-9.]+|until [0-9.]+).* \|$",
    PAGE.read_text("utf-8"),
    re.MULTILINE,
)


@pytest.mark.parametrize(("entry", "arguments", "readers"), ROWS)
def test_the_table_of_the_page_is_true(entry: str, arguments: str, readers: str) -> None:
    dictionary = ast.literal_eval(f"{{{entry}}}")
    flags: Flags = eval(f"Flags({arguments})", {"Flags": Flags})
    kind, version = readers.split(" ", 1)
    if readers != "by none":
        assert Flags.from_ng(dictionary) == flags
        plain = flags.to_ng()
        readers_ = {"all": MEASURED, "since": (version, "26.2"), "until": ("10.5", "13.1")}
        assert all(as_read(dictionary, it) == plain for it in readers_["all" if kind == "by" else kind])
    ignoring = {"by all": (), "by none": ("10.5", "13.2", "26.2")}
    edges = {"11.2": "11.1", "12.3": "12.2", "12.4": "12.3", "13.1": "13.0", "26.2": "26.1"}
    last = ignoring.get(readers, (edges.get(version, ""),) if kind == "since" else (version,))
    assert not any(as_read(dictionary, it) == flags.to_ng() for it in last)


def test_the_page_has_a_table() -> None:
    assert len(ROWS) > 20


# What is said of versions.


def told(dictionary: dict[str, Any], engine: str | None = None) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    problems = Flags.explain_ng(dictionary, engine=engine).problems
    return [(problem.options, problem.engines) for problem in problems if problem.engines]


@pytest.mark.parametrize(
    ("dictionary", "expected"),
    [
        ({"transport protocol": "RTP/AVP", "flags": ["generate mid", "SDES-off", "codec-strip-PCMU"]}, []),
        ({"SDES": "off"}, [(("sdes",), ("10.5",))]),
        ({"flags": "generate-mid"}, [((), ("10.5",))]),
        ({"flags": ["SDES off"]}, [(("sdes",), ("26.0",))]),
        ({"flags": ["rtcp-mux-offer"]}, [(("rtcp_mux",), ("10.5",))]),
        ({"codec": {"strip": "PCMU", "mask": ["all"]}}, [(("codec",), ("10.5",))]),
        ({"bundle": ["offer"]}, [(("bundle",), ("10.5", "12.5"))]),
        ({"rtcp_mux": ["offer"]}, [(("rtcp_mux",), MEASURED)]),
        ({"DTLS reverse": "passive"}, [(("dtls_reverse",), ("26.0",))]),
        ({"label": 5}, [(("label",), MEASURED)]),
    ],
    ids=str,
)
def test_it_is_said_which_version_ignores_what(dictionary: dict[str, Any], expected: list[Any]) -> None:
    assert told(dictionary) == expected
    for version in MEASURED:
        ignoring = [(options, (version,)) for options, engines in expected if version in engines]
        assert told(dictionary, version) == ignoring


def test_the_cure_is_the_spelling_that_every_version_reads() -> None:
    (problem,) = Flags.explain_ng({"SDES": "off"}).problems
    assert "write 'SDES': ['off']" in str(problem)
    (problem,) = Flags.explain_ng({"transport protocol": "RTP/SAVP", "transport-protocol": "RTP/AVPF"}).problems
    assert "the second counts" in str(problem)


def test_explaining_says_nothing_false_of_what_some_version_reads() -> None:
    text = str(Flags.parse("SDES=off", dialect="opensips", strict=False).explain())
    assert "10.5 ignores 'SDES': 'off'" in text
    assert "Where it is read, it means 'SDES': ['off']" in text
    assert "the sender's side alone" in str(Flags.from_ng({"direction": ["pub"]}).explain())
    assert "a word in the list 'flags'" in str(Flags.from_ng({"trust-address": "yes"}).explain())


def test_a_whole_request_is_explained_by_its_own_command() -> None:
    request = {"command": "answer", "call-id": "c", "sdp": "v=0", "codec": {"transcode": ["PCMU"]}}
    explanation = Flags.explain_ng(request)
    assert explanation.command == "answer"
    assert explanation.message == ("command", "call-id", "sdp")
    assert "an answer ignores 'transcode'" in str(explanation)
    assert "v=0" not in str(explanation)
    assert not Flags.explain_ng(request, "offer").problems


def test_flags_are_asked_what_a_version_does_not_know() -> None:
    flags = Flags(bundle=["require"], sdes=["nonew"], no_tls_id=True, replace=["session-connection"])
    unknown = [it.options for it in flags.problems(engine="10.5") if it.engines]
    assert sorted(unknown) == [("bundle",), ("no_tls_id",), ("sdes",)]
    assert [it.options for it in flags.problems(engine="26.1.1.1") if it.engines] == [("replace",)]
    assert "10.5 ignores 'no-tls-id', which is known since 26.0" in str(flags.explain(engine="10.5"))
    with pytest.raises(UsageError):
        flags.problems(engine="new")


def test_a_long_list_of_unknown_words_makes_no_text_that_is_longer_by_its_square() -> None:
    few, many = (len(str(Flags.explain_ng({"SDES": [f"x{n}" for n in range(size)]}))) for size in (100, 200))
    assert many < 3 * few


@pytest.mark.parametrize("key", ["some-key", "codec", "ICE", "SDES"])
def test_what_has_too_many_levels_is_refused(key: str) -> None:
    deep: Any = {}
    for _ in range(900):
        deep = {"a": deep}
    with pytest.raises(UsageError, match="levels"):
        Flags.from_ng({key: deep})
