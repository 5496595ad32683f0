"""What does not go together is refused, and what is ignored is told."""

from __future__ import annotations

from typing import Any

import pytest

from rtpe_ng import Direction, Flags, UsageError, profiles
from rtpe_ng.flags import Problem, conflicts
from rtpe_ng.flags.fields import Fields


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"rtcp_mux": ["demux", "offer"]}, "demux offers the receiver no rtcp-mux"),
        ({"rtcp_mux": ["require", "demux"]}, "'demux' and 'require' contradict"),
        ({"bundle": ["reject", "offer"]}, "breaks up"),
        ({"transport_protocol": "UDP/TLS/RTP/SAVPF", "dtls": "off"}, "gets its keys by DTLS"),
        ({"transport_protocol": "RTP/SAVP", "dtls": "off", "sdes": ["off"]}, "both ways to get them are off"),
        ({"trust_address": True, "sip_source_address": True}, "contradict each other"),
        ({"port_latching": True, "no_port_latching": True}, "contradict each other"),
        ({"symmetric": True, "asymmetric": True}, "contradict each other"),
        ({"no_rtcp_attribute": True, "full_rtcp_attribute": True}, "contradict each other"),
        ({"direction": ["a", "b"], "to_interface": "b"}, "say the same twice"),
        ({"interface": "a", "peer": "127.0.0.1"}, "say the same twice"),
        ({"frequency": 400, "frequencies": [400]}, "say the same twice"),
    ],
)
def test_what_is_senseless_in_every_command_is_refused(options: dict[str, Any], why: str) -> None:
    with pytest.raises(UsageError, match=why):
        Flags(**options)
    for command in ("offer", "answer"):
        assert conflicts.problems(Fields(**options), command)[0].severity == "error"
    # Merging two sets that contradict each other is no way round it.
    if len(options) == 2:
        halves = [Flags(**{name: value}) for name, value in options.items()]
        with pytest.raises(UsageError, match=why):
            halves[0] | halves[1]


def found(flags: Flags, command: str) -> list[str]:
    return [str(problem) for problem in flags.problems(command)]


@pytest.mark.parametrize(
    ("options", "command", "why"),
    [
        ({"rtcp_mux": ["reject", "offer"]}, "offer", "the reverse of 'demux'"),
        ({"rtcp_mux": ["require", "reject"]}, "offer", "the reverse of 'demux'"),
        ({"rtcp_mux": ["demux", "accept"]}, "offer", "no effect beside 'demux'"),
        ({"rtcp_mux": ["demux", "reject"]}, "offer", "neither leg has rtcp-mux"),
        ({"rtcp_mux": ["accept", "reject"]}, "offer", "'accept' wins"),
        ({"codec": {"transcode": ["PCMU"]}}, "answer", "an answer ignores 'transcode'; it belongs into the offer"),
        ({"codec": {"accept": ["all"]}}, "answer", "an answer ignores 'accept'"),
        ({"ice_lite": "forward"}, "answer", "an answer ignores it; it acts in an offer only"),
        ({"ptime": 20}, "answer", "an answer ignores it"),
        ({"t38": ["force"]}, "answer", "it acts in an offer, a subscribe request or a publish only"),
        ({"rtcp_mux": ["demux"]}, "answer", "an answer ignores it"),
        ({"reset": True}, "answer", "an answer ignores it"),
        ({"direction": ["a", "b"]}, "answer", "the first offer settled the interfaces"),
        ({"dtls": "passive"}, "answer", "too late for the role"),
        ({"osrtp": ["offer-RFC"]}, "answer", "belongs into the offer"),
        ({"single_codec": True}, "offer", "it acts in an answer only"),
        ({"transport_protocol": "accept"}, "offer", "is for answers"),
        ({"sdes": ["static"]}, "offer", "acts in answers"),
        ({"ice": "remove", "trickle_ice": True}, "offer", "without ICE"),
        ({"transport_protocol": "RTP/AVP", "dtls": "active"}, "offer", "has no DTLS"),
        ({"sdes": ["off", "pad"]}, "offer", "pad has nothing to act on"),
        ({"sdes": ["nonew", "no-NULL_HMAC_SHA1_32"]}, "offer", "'nonew' wins"),
        ({"sdes": ["no-NULL_HMAC_SHA1_32", "only-NULL_HMAC_SHA1_80"]}, "offer", "does not look at 'no-...'"),
        ({"codec": {"strip": ["all"]}}, "offer", "no codec is left"),
        ({"codec": {"mask": ["PCMU"]}}, "offer", "acts only where something is transcoded"),
        ({"codec": {"offer": ["PCMU"]}, "static_codecs": True}, "offer", "stay as they were"),
        ({"record_call": "no", "recording_path": "/x"}, "offer", "nothing is recorded"),
        ({"output_destination": "/x/y", "recording_pattern": "%c"}, "offer", "names the whole path"),
        ({"recording_announcement": True}, "offer", "nothing to play"),
        ({"vsc_start_rec": "*1"}, "offer", "with recording_vsc=True only"),
        ({"dtmf_security": "tone", "digit": "5"}, "offer", "by dtmf_security='DTMF' only"),
        ({"dtmf_security": "zero", "frequencies": [400]}, "offer", "'tone' only"),
        ({"trigger_end": "1"}, "offer", "cannot end"),
        ({"early_media": True, "audio_player": "off"}, "offer", "cannot start early"),
        ({"t38": ["force", "decode"]}, "offer", "what arrives decides"),
        ({"t38": ["FEC"]}, "offer", "beside 'force' only"),
    ],
)
def test_what_has_no_effect_is_a_warning(options: dict[str, Any], command: str, why: str) -> None:
    problems = Flags(**options).problems(command)
    assert [problem.severity for problem in problems] == ["warning"]
    assert why in str(problems[0])
    assert set(problems[0].options) & set(options)


def test_what_nobody_needs_is_told() -> None:
    flags = Flags(trust_address=True, replace=["origin", "session-connection"])
    assert flags.problems() == (
        Problem(
            severity="obsolete",
            options=("replace",),
            why="'session-connection' has no effect since 12.5, and is unknown since 26.1",
        ),
        Problem(severity="obsolete", options=("trust_address",), why="nobody needs it: it is the default"),
    )


@pytest.mark.parametrize("direction", Direction, ids=str)
def test_the_profile_that_ships_has_no_problem(direction: Direction) -> None:
    assert found(profiles.MODERN.offer_flags(direction), "offer") == []
    assert found(profiles.MODERN.answer_flags(direction), "answer") == []
    assert {problem.severity for problem in profiles.ARTICLE.offer_flags(direction).problems()} == {"obsolete"}
