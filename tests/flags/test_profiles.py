"""The flag sets that ship, word for word, and profiles of one's own."""

from __future__ import annotations

import copy
import json
import os
import pickle
from pathlib import Path
from typing import Any

import pytest

from rtpe_ng import Direction, Flags, Leg, Profile, UsageError, profiles

MODERN, ARTICLE = profiles.MODERN, profiles.ARTICLE

TO_WEB = {
    "transport-protocol": "UDP/TLS/RTP/SAVPF",
    "ICE": "force",
    "rtcp-mux": ["offer", "require"],
    "SDES": ["off"],
    "replace": ["origin"],
    "flags": ["trickle-ICE", "no-rtcp-attribute", "generate-mid"],
}
MODERN_SETS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "web→web": (TO_WEB, {"replace": ["origin"]}),
    "web→sip": (
        {
            "transport-protocol": "RTP/AVP",
            "ICE": "remove",
            "DTLS": "off",
            "SDES": ["off"],
            "rtcp-mux": ["demux"],
            "replace": ["origin"],
            "flags": ["strip-extmap"],
        },
        {"replace": ["origin"]},
    ),
    "sip→web": (TO_WEB, {"replace": ["origin"], "flags": ["strip-extmap"]}),
    "sip→sip": ({"ICE": "remove", "replace": ["origin"]}, {"replace": ["origin"], "flags": ["strip-extmap"]}),
}
BASE: dict[str, Any] = {"flags": ["trust-address"], "replace": ["origin", "session-connection"]}
PLAIN = BASE | {"ICE": "remove", "rtcp-mux": ["demux"], "transport-protocol": "RTP/AVP"}
ARTICLE_SETS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "web→web": (BASE | {"ICE": "force", "SDES": ["off"]}, BASE | {"ICE": "force", "SDES": ["off"]}),
    "web→sip": (PLAIN, BASE | {"ICE": "force", "rtcp-mux": ["require"], "transport-protocol": "RTP/SAVPF"}),
    "sip→web": (
        BASE
        | {
            "ICE": "force",
            "rtcp-mux": ["offer"],
            "codec": {"transcode": ["PCMU", "G722"]},
            "SDES": ["off"],
            "transport-protocol": "UDP/TLS/RTP/SAVP",
        },
        PLAIN,
    ),
    "sip→sip": (PLAIN, PLAIN),
}


@pytest.mark.parametrize("direction", Direction, ids=str)
@pytest.mark.parametrize(("profile", "sets"), [(MODERN, MODERN_SETS), (ARTICLE, ARTICLE_SETS)], ids=str)
def test_the_sets_word_for_word(profile: Profile, sets: dict[str, Any], direction: Direction) -> None:
    offer, answer = sets[str(direction)]
    assert profile.offer_flags(direction).to_ng() == offer
    assert profile.answer_flags(direction).to_ng() == answer


def test_the_article_is_what_a_real_proxy_puts_on_the_wire() -> None:
    folder = os.environ.get("RTPE_NG_CORPUS")
    if not folder:
        pytest.skip("RTPE_NG_CORPUS names no folder with captured flags")
    added = {"supports", "sdp", "call-id", "received-from", "from-tag", "to-tag", "command", "sip-message-type"}
    compared = 0
    for line in Path(folder, "flags", "corpus.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        article, _, rest = record["section"].partition(" ")
        op, _, name = rest.partition(" ")
        if (
            article != "article"
            or op not in ("offer", "answer")
            or name == "in ACK"
            or "kamailio" not in record["peer"]
        ):
            continue
        direction = Direction.of(*(Leg(leg.lower()) for leg in name.split("-")))
        flags = ARTICLE.offer_flags(direction) if op == "offer" else ARTICLE.answer_flags(direction)
        assert flags.to_ng() == {key: value for key, value in record["dict"].items() if key not in added}
        compared += 1
    assert compared == 16


def test_what_goes_to_a_leg_depends_on_where_it_comes_from_only_where_it_must() -> None:
    assert MODERN.offer_flags(Direction.WEB_TO_WEB) == MODERN.offer_flags(Direction.SIP_TO_WEB)
    assert MODERN.offer_flags(Direction.WEB_TO_SIP) != MODERN.offer_flags(Direction.SIP_TO_SIP)


@pytest.mark.parametrize(
    ("transport", "dtls", "sdes"),
    [
        ("RTP/AVP", "off", ["off"]),
        ("RTP/AVPF", "off", ["off"]),
        ("RTP/SAVP", "off", None),
        ("RTP/SAVPF", "off", None),
        ("UDP/TLS/RTP/SAVP", None, ["off"]),
        ("UDP/TLS/RTP/SAVPF", None, ["off"]),
    ],
)
def test_another_protocol_toward_phones_brings_its_key_exchange(
    transport: Any, dtls: str | None, sdes: list[str] | None
) -> None:
    mine = MODERN.evolve(sip_transport=transport)
    sent = mine.offer_flags(Direction.WEB_TO_SIP).to_ng()
    assert (sent["transport-protocol"], sent.get("DTLS"), sent.get("SDES")) == (transport, dtls, sdes)
    for direction in (Direction.WEB_TO_WEB, Direction.SIP_TO_WEB, Direction.SIP_TO_SIP):
        assert mine.offer_flags(direction) == MODERN.offer_flags(direction)
    for direction in Direction:
        assert mine.answer_flags(direction) == MODERN.answer_flags(direction)


def test_a_leg_stands_for_all_that_goes_there_and_a_direction_wins() -> None:
    general, special = Flags(ice="force"), Flags(ice="remove")
    mine = Profile(
        name="mine",
        offers={Leg.WEB: general, Leg.SIP: general, Direction.SIP_TO_WEB: special},
        answers={Leg.WEB: Flags(), Leg.SIP: Flags(), Direction.WEB_TO_SIP: special},
    )
    assert mine.offer_flags(Direction.WEB_TO_WEB) is general
    assert mine.offer_flags(Direction.SIP_TO_WEB) is special
    # The answer of a browser to a phone: the call is SIP_TO_WEB, the message travels WEB_TO_SIP.
    assert mine.answer_flags(Direction.SIP_TO_WEB) is special
    assert repr(mine) == "<Profile mine>"


def test_evolving_merges_by_leg_or_direction() -> None:
    record = Flags(record_call="yes")
    mine = MODERN.evolve(name="recorded", offers={Leg.SIP: record}, answers={Direction.SIP_TO_WEB: record})
    assert mine.name == "recorded"
    for direction in Direction:
        base = MODERN.offer_flags(direction)
        assert mine.offer_flags(direction) == (base | record if direction.callee is Leg.SIP else base)
        base = MODERN.answer_flags(direction)
        assert mine.answer_flags(direction) == (base | record if direction is Direction.WEB_TO_SIP else base)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"offers": {"sip": Flags()}}, "offers: 'sip'"),
        ({"answers": {Leg.SIP: {"ICE": "force"}}}, "answers: Leg.SIP"),
        ({"answers": []}, "a dictionary"),
        ({"sip_transport": "RTP/SAVPX"}, "did you mean 'RTP/SAVP"),
        ({"sip_transport": 5}, "known are RTP/AVP"),
        ({"sip_transport": "accept"}, "for answers"),
        ({"clean_for_sip": "yes"}, "clean_for_sip='yes': True or False"),
        ({"keep_dtls": 1}, "keep_dtls=1: True or False"),
        ({"keep_ice": 0}, "keep_ice=0: True or False"),
    ],
)
def test_evolving_ignores_nothing(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(UsageError, match=why):
        MODERN.evolve(**changes)


def test_what_is_done_to_bodies_goes_with_the_profile() -> None:
    assert (MODERN.clean_for_sip, MODERN.keep_dtls) == (True, True)
    assert (ARTICLE.clean_for_sip, ARTICLE.keep_dtls) == (False, False)
    changed = MODERN.evolve(clean_for_sip=False)
    assert (changed.clean_for_sip, changed.keep_dtls) == (False, True)
    assert (changed.evolve(keep_dtls=False).clean_for_sip, changed.evolve(keep_dtls=False).keep_dtls) == (
        False,
        False,
    )
    assert ARTICLE.evolve(keep_dtls=True).keep_dtls
    assert (MODERN.keep_ice, ARTICLE.keep_ice, MODERN.evolve(keep_ice=False).keep_ice) == (True, False, False)
    assert ARTICLE.evolve(keep_ice=True).evolve(keep_dtls=True).keep_ice


def test_evolving_nothing_changes_nothing_but_the_name() -> None:
    same = MODERN.evolve(offers={}, answers=None)
    for direction in Direction:
        assert same.offer_flags(direction) == MODERN.offer_flags(direction)
        assert same.answer_flags(direction) == MODERN.answer_flags(direction)
    assert (same.name, MODERN.evolve(sip_transport="RTP/SAVP").name) == (
        "MODERN, changed",
        "MODERN (RTP/SAVP to SIP)",
    )


@pytest.mark.parametrize(
    ("offers", "answers", "why"),
    [
        ({Leg.WEB: Flags()}, {Leg.WEB: Flags(), Leg.SIP: Flags()}, "nothing for Direction.WEB_TO_SIP"),
        ({Leg.WEB: Flags(), Leg.SIP: Flags()}, {}, "nothing for Direction.WEB_TO_WEB"),
        ({"web": Flags(), Leg.SIP: Flags()}, {Leg.WEB: Flags(), Leg.SIP: Flags()}, "'web'"),
        ({Leg.WEB: {}, Leg.SIP: Flags()}, {Leg.WEB: Flags(), Leg.SIP: Flags()}, "Flags"),
        (None, {Leg.WEB: Flags(), Leg.SIP: Flags()}, "a dictionary"),
    ],
)
def test_an_incomplete_profile_is_refused(offers: Any, answers: Any, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        Profile(name="mine", offers=offers, answers=answers)


@pytest.mark.parametrize("profile", [MODERN, ARTICLE, MODERN.evolve(offers={Leg.SIP: Flags(extra={"x": [1]})})])
def test_a_profile_is_a_plain_value(profile: Profile) -> None:
    for other in (pickle.loads(pickle.dumps(profile)), copy.deepcopy(profile)):
        assert other == profile
        assert hash(other) == hash(profile)
        assert other.offer_flags(Direction.WEB_TO_SIP).to_ng() == profile.offer_flags(Direction.WEB_TO_SIP).to_ng()
    with pytest.raises(TypeError):
        profile.offers[Leg.WEB] = Flags()  # type: ignore[index]


def test_a_prompt_completes_profiles_with_profiles() -> None:
    assert dir(profiles) == sorted(profiles.__all__) == ["ARTICLE", "MODERN"]
    assert all(isinstance(getattr(profiles, name), Profile) for name in dir(profiles))
