"""What rarer options make of bodies, rule by rule, on the versions that have the rule."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.dialogue import ADDRESS, KEY, PHONE, SAVP, VERSIONS, WEB, Dialogue, medias, values

OTHER_KEY = "a=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:" + "B" * 40
NOT_80, NOT_32 = "no-AES_CM_128_HMAC_SHA1_80", "no-AES_CM_128_HMAC_SHA1_32"


@pytest.fixture(params=VERSIONS)
def dialogue(request: pytest.FixtureRequest) -> Dialogue:
    return Dialogue(request.param)


def held(*lines: str) -> tuple[str, ...]:
    """Return a body in which nothing can be sent anywhere."""
    return tuple("c=IN IP4 0.0.0.0" if line.startswith("c=") else line for line in lines)


def test_session_parameters_of_keys_are_for_offers(dialogue: Dialogue) -> None:
    asked: dict[str, Any] = {"SDES": ["unencrypted_srtcp"]}
    offered = values(dialogue.offer(*SAVP, **asked), "crypto")
    assert all(key.endswith(" UNENCRYPTED_SRTCP") for key in offered)
    other = Dialogue(dialogue.behaviour.version)
    other.offer(*SAVP)
    (answered,) = values(other.answer(*SAVP, **asked), "crypto")
    assert "UNENCRYPTED" not in answered


@pytest.mark.parametrize(
    ("version", "excluded", "answered"),
    [
        ("10.5", [NOT_80, NOT_32], []),
        ("12.5", [NOT_80, NOT_32], ["2"]),
        ("26.0", [NOT_80, NOT_32], ["1"]),
        ("10.5", [NOT_32], ["1"]),
        ("12.5", [NOT_32], ["2"]),
        ("26.0", [NOT_32], ["1"]),
        *((version, [NOT_80], ["2"]) for version in VERSIONS),
    ],
)
def test_which_keys_are_left_where_suites_are_excluded(
    version: str, excluded: list[str], answered: list[str]
) -> None:
    dialogue = Dialogue(version)
    dialogue.offer(*SAVP, OTHER_KEY, SDES=excluded)
    made = dialogue.answer(*(line for line in SAVP if line != KEY), OTHER_KEY)
    assert [value.split(" ")[0] for value in values(made, "crypto")] == answered


@pytest.mark.parametrize(("version", "knows"), [("10.5", False), ("12.5", True), ("26.0", True)])
def test_another_name_of_opportunistic_srtp(version: str, knows: bool) -> None:
    assert bool(values(Dialogue(version).offer(*PHONE, OSRTP=["offer-rfc"]), "crypto")) is knows
    assert values(Dialogue(version).offer(*PHONE, OSRTP=["offer"]), "crypto")


TWO_FAMILIES = {"default": ADDRESS, "six": "2001:db8::1"}
PHONE_6 = tuple(line.replace("IN IP4 198.51.100.7", "IN IP6 2001:db8::7") for line in PHONE)


def connections(lines: list[str]) -> list[str]:
    """Return what the sections say of addresses, with the lines above them."""
    return [media.connection.address for media in medias(lines) if media.connection is not None]


@pytest.mark.parametrize("version", VERSIONS)
def test_each_party_is_spoken_to_in_its_family(version: str) -> None:
    dialogue = Dialogue(version, interfaces=TWO_FAMILIES)
    assert connections(dialogue.offer(*PHONE_6)) == ["2001:db8::1"]
    dialogue = Dialogue(version, interfaces=TWO_FAMILIES)
    assert connections(dialogue.offer(*PHONE_6, address_family="IP4")) == [ADDRESS]
    assert connections(dialogue.answer(*PHONE)) == ["2001:db8::1"]
    # It stays so, whoever offers.
    assert connections(dialogue.offer(*PHONE_6)) == [ADDRESS]
    assert connections(dialogue.offer(*PHONE, by="b")) == ["2001:db8::1"]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"direction": ["default", "six"]}, "2001:db8::1"),
        ({"direction": ["default", "default"], "address-family": "IP6"}, ADDRESS),
        ({"direction": ["internal", "external"]}, "2001:db8::1"),
        ({"direction": ["default", "nobody"]}, ADDRESS),
        ({"direction": ["default", "nobody"], "address-family": "IP6"}, "2001:db8::1"),
        ({"address-family": "ip6"}, ADDRESS),
    ],
)
def test_which_interface_is_chosen(version: str, asked: dict[str, Any], told: str) -> None:
    assert connections(Dialogue(version, interfaces=TWO_FAMILIES).offer(*PHONE, **asked)) == [told]


BOTH = {"other": "203.0.113.9", "default": (ADDRESS, "2001:db8::1")}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"direction": ["other", "default"]}, ADDRESS),
        ({"direction": ["other", "default"], "address-family": "IP6"}, "2001:db8::1"),
        ({"direction": ["default", "other"], "address-family": "IP6"}, "203.0.113.9"),
        ({"address-family": "IP6"}, "2001:db8::1"),
    ],
)
def test_an_interface_has_an_address_of_each_family(version: str, asked: dict[str, Any], told: str) -> None:
    assert connections(Dialogue(version, interfaces=BOTH).offer(*PHONE, **asked)) == [told]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("family", "first", "second"), [("IP4", ADDRESS, "2001:db8::1"), ("IP6", "2001:db8::1", ADDRESS)]
)
def test_with_ice_each_address_is_offered(version: str, family: str, first: str, second: str) -> None:
    dialogue = Dialogue(version, interfaces={"default": (ADDRESS, "2001:db8::1")})
    (media,) = medias(dialogue.offer(*PHONE, ICE="force", address_family=family))
    candidates = media.candidates
    assert [it.address for it in candidates] == [first, second, first, second]
    assert [it.component for it in candidates] == [1, 1, 2, 2]
    assert len({it.port for it in candidates}) == 4
    assert candidates[0].port == media.port
    assert candidates[0].priority > candidates[1].priority
    assert candidates[0].foundation == candidates[2].foundation != candidates[1].foundation


def test_a_family_that_no_interface_has(dialogue: Dialogue) -> None:
    assert connections(dialogue.offer(*PHONE_6)) == [ADDRESS]


@pytest.mark.parametrize(("version", "told"), [("10.5", ADDRESS), ("12.5", ADDRESS), ("26.0", "2001:db8::1")])
def test_whose_family_stays_with_ice(version: str, told: str) -> None:
    dialogue = Dialogue(version, interfaces=TWO_FAMILIES)
    dialogue.offer(*PHONE, address_family="IP6", ICE="force")
    dialogue.answer(*PHONE)
    assert connections(dialogue.offer(*PHONE)) == [told]


def test_as_a_relay_the_engine_stands_beside_what_was_said(dialogue: Dialogue) -> None:
    relay = "a=candidate:9 1 udp 1000 198.51.100.9 5000 typ relay raddr 198.51.100.8 rport 4100"
    made = dialogue.offer(*WEB, relay, ICE="force-relay", replace=["session-connection"])
    (media,) = medias(made)
    assert (media.port, media.connection and media.connection.address) == (4100, "198.51.100.8")
    kinds = [value.split(" ")[7] for value in values(made, "candidate")]
    assert kinds[0] == "host"
    assert kinds[-1] == "relay"
    (own, *_) = [value for value in values(made, "candidate") if f" {ADDRESS} " in value]
    assert own.endswith(f"typ relay raddr {ADDRESS} rport {own.split(' ')[5]}")
    assert (relay in made) is dialogue.behaviour.makes_bodies


@pytest.mark.parametrize(("version", "protocols"), [("12.5", ["RTP/AVP", "RTP/SAVP"]), ("10.5", ["RTP/SAVP"])])
def test_a_section_without_keys_beside_the_one_with_them(version: str, protocols: list[str]) -> None:
    first, *others = medias(Dialogue(version).offer(*SAVP, OSRTP=["offer-legacy"]))
    assert [it.protocol for it in (first, *others)] == protocols
    assert all(it.port == first.port for it in others)
    assert first.has("crypto") is not bool(others)


@pytest.mark.parametrize("version", ["12.5", "26.0"])
@pytest.mark.parametrize("reverse", [False, True])
def test_two_sections_are_taken_for_one(version: str, reverse: bool) -> None:
    head, plain, keyed = PHONE[:5], PHONE[5:], SAVP[5:]
    sections = (*keyed, *plain) if reverse else (*plain, *keyed)
    dialogue = Dialogue(version)
    (offered,) = medias(dialogue.offer(*head, *sections, OSRTP=["accept-legacy"]))
    assert offered.protocol == "RTP/SAVP"
    made = medias(dialogue.answer(*SAVP))
    told = [(it.protocol, bool(it.port)) for it in made]
    wanted = [("RTP/AVP", False), ("RTP/SAVP", True)]
    assert told == (wanted[::-1] if reverse else wanted)


@pytest.mark.parametrize("version", ["12.5", "26.0"])
def test_of_two_sections_the_one_that_is_not_rejected_counts(version: str) -> None:
    dialogue = Dialogue(version)
    dialogue.offer(*SAVP, OSRTP=["offer-legacy"])
    rejected = [line.replace("m=audio 4000", "m=audio 0") for line in SAVP[5:]]
    (media,) = medias(dialogue.answer(*PHONE, *rejected, OSRTP=["accept-legacy"]))
    assert (media.protocol, media.has("crypto")) == ("RTP/SAVP", True)


@pytest.mark.parametrize(("version", "told"), [("10.5", "192.0.2.9"), ("12.5", "192.0.2.9"), ("26.0", "0.0.0.0")])
def test_a_named_address_and_hold(version: str, told: str) -> None:
    assert f"c=IN IP4 {told}" in Dialogue(version).offer(*held(*PHONE), media_address="192.0.2.9")


@pytest.mark.parametrize("said", ["0.0.0.0", "nowhere", "1.2.3"])
def test_an_address_that_is_none_names_nothing(dialogue: Dialogue, said: str) -> None:
    assert f"c=IN IP4 {ADDRESS}" in dialogue.offer(*PHONE, media_address=said)


@pytest.mark.parametrize(("version", "later"), [("10.5", ADDRESS), ("12.5", ADDRESS), ("26.0", "0.0.0.0")])
def test_whether_hold_is_hidden_once_media_is_connected(version: str, later: str) -> None:
    dialogue = Dialogue(version)
    hides: dict[str, Any] = {"replace": ["zero-address"]}
    assert f"c=IN IP4 {ADDRESS}" in dialogue.offer(*held(*PHONE), **hides)
    dialogue.answer(*PHONE)
    assert f"c=IN IP4 {later}" in dialogue.offer(*held(*PHONE), **hides)


@pytest.mark.parametrize(("version", "stays"), [("10.5", True), ("12.5", True), ("26.0", False)])
def test_whether_trickle_ice_outlives_ice_on_another_port(version: str, stays: bool) -> None:
    dialogue = Dialogue(version)
    dialogue.offer(*WEB)
    dialogue.answer(*PHONE)
    moved = [line.replace("m=audio 4000", "m=audio 4444") for line in PHONE]
    made = dialogue.offer(*moved, by="b", ICE="remove")
    assert values(made, "ice-ufrag") == []
    assert ("a=ice-options:trickle" in made) is stays
