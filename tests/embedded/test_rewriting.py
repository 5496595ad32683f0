"""What the engine makes of bodies, rule by rule: each with an example of its own, on the versions that have it."""

from __future__ import annotations

from typing import Any

import pytest

from rtpe_ng.embedded.errors import Refused
from rtpe_ng.sdp.daemon import KEY_BYTES
from tests.support.dialogue import (
    ADDRESS,
    FINGERPRINT,
    PHONE,
    SAVP,
    TO_SIP,
    TO_WEB,
    VERSIONS,
    WEB,
    Dialogue,
    medias,
    values,
)


@pytest.fixture(params=VERSIONS)
def dialogue(request: pytest.FixtureRequest) -> Dialogue:
    return Dialogue(request.param)


def test_a_phones_offer_gets_the_engines_address_and_port(dialogue: Dialogue) -> None:
    made = dialogue.offer(*PHONE)
    (media,) = medias(made)
    assert media.port % 2 == 0
    assert media.connection is not None
    assert media.connection.address == ADDRESS
    assert values(made, "rtcp") == [str(media.port + 1)]
    assert values(made, "rtpmap") == ["0 PCMU/8000", "101 telephone-event/8000"]
    assert values(made, "ptime") == ["20"]
    assert "a=sendrecv" in made


@pytest.mark.parametrize(("version", "above"), [("10.5", True), ("12.5", True), ("26.0", False)])
def test_where_the_connection_stands(version: str, above: bool) -> None:
    made = Dialogue(version).offer(*PHONE)
    assert (made.index(f"c=IN IP4 {ADDRESS}") < made.index("t=0 0")) is above


def test_the_origin_stays_unless_it_is_to_be_replaced(dialogue: Dialogue) -> None:
    assert "o=phone 7 1 IN IP4 198.51.100.7" in dialogue.offer(*PHONE)
    assert f"o=phone 7 1 IN IP4 {ADDRESS}" in Dialogue(dialogue.behaviour.version).offer(*PHONE, replace=["origin"])


def test_an_offer_to_the_web_brings_what_browsers_need(dialogue: Dialogue) -> None:
    made = dialogue.offer(*PHONE, **TO_WEB)
    (media,) = medias(made)
    assert media.protocol == "UDP/TLS/RTP/SAVPF"
    assert [len(media.attribute(name) or "") for name in ("ice-ufrag", "ice-pwd")] == [8, 26]
    assert len(values(made, "candidate")) == 2
    assert values(made, "setup") == ["actpass"]
    assert values(made, "fingerprint")[0].startswith("sha-256 ")
    assert "a=rtcp-mux" in made
    assert not values(made, "crypto")
    assert len(values(made, "tls-id")) == (0 if dialogue.behaviour.version.startswith("10") else 1)


def test_an_offer_to_a_phone_loses_what_only_browsers_know(dialogue: Dialogue) -> None:
    made = dialogue.offer(*WEB, **TO_SIP)
    assert medias(made)[0].protocol == "RTP/AVP"
    for name in ("ice-ufrag", "ice-pwd", "candidate", "fingerprint", "setup", "crypto", "group"):
        assert not values(made, name), name
    assert "a=rtcp-mux" not in made
    assert values(made, "mid") == ["one"]
    assert values(made, "x-unknown") == ["kept"]


def test_an_answer_restores_what_the_offerer_had(dialogue: Dialogue) -> None:
    dialogue.offer(*WEB, **TO_SIP)
    made = dialogue.answer(*PHONE)
    (media,) = medias(made)
    assert media.protocol == "UDP/TLS/RTP/SAVPF"
    assert values(made, "mid") == ["one"]
    assert values(made, "setup") == ["active"]
    assert values(made, "rtcp") == [str(media.port)]
    assert "a=rtcp-mux" in made
    assert len(values(made, "candidate")) == 1


def test_an_answer_uses_the_offerers_hash_function(dialogue: Dialogue) -> None:
    short = tuple(line.replace(FINGERPRINT, FINGERPRINT[:59]).replace("sha-256", "sha-1") for line in WEB)
    dialogue.offer(*short, **TO_SIP)
    assert values(dialogue.answer(*PHONE), "fingerprint")[0].startswith("sha-1 ")


@pytest.mark.parametrize("version", ["10.5", "12.5"])
def test_a_body_that_is_refused_late_has_fixed_the_hash_functions_before(version: str) -> None:
    """Measured on both daemons: they patch one section after another, and keep to what they wrote."""
    dialogue = Dialogue(version)
    head, keys = ("v=0", "o=- 9 2 IN IP4 127.0.0.1", "s=-", "c=IN IP4 198.51.100.8", "t=0 0"), "a=setup:actpass"
    first, second = (f"m=audio {port} UDP/TLS/RTP/SAVP 0" for port in (4100, 4102))

    def sections(fingerprint: str) -> tuple[str, ...]:
        return (*head, *(line for media in (first, second) for line in (media, fingerprint, keys)))

    sha1, sha256 = (
        f"a=fingerprint:{name} {':'.join(['AB'] * size)}" for name, size in (("sha-1", 20), ("sha-256", 32))
    )
    dialogue.offer(*sections(sha1))
    with pytest.raises(Refused, match="Error rewriting SDP"):
        dialogue.answer(*sections(sha1), "c=IN IP4 198.51.100.8")
    dialogue.offer(*sections(sha256))
    answered = dialogue.answer(*sections(sha256))
    assert [value.partition(" ")[0] for value in values(answered, "fingerprint")] == ["sha-1", "sha-256"]


def test_the_offerers_sdes_tag_and_suite_come_back(dialogue: Dialogue) -> None:
    dialogue.offer(*(line.replace("crypto:1", "crypto:5") for line in SAVP), **TO_SIP)
    (key,) = values(dialogue.answer(*PHONE), "crypto")
    assert key.startswith("5 AES_CM_128_HMAC_SHA1_80 inline:")


@pytest.mark.parametrize("line", ["a=sendonly", "a=inactive", "a=recvonly"])
def test_a_hold_stays_one(dialogue: Dialogue, line: str) -> None:
    assert line in dialogue.offer(*PHONE, line)


def test_nowhere_is_a_hold(dialogue: Dialogue) -> None:
    made = dialogue.offer(*(line.replace("c=IN IP4 198.51.100.7", "c=IN IP4 0.0.0.0") for line in PHONE))
    assert "a=sendonly" in made
    assert "c=IN IP4 0.0.0.0" in made


def test_a_section_that_is_no_rtp_keeps_its_protocol_and_formats(dialogue: Dialogue) -> None:
    made = dialogue.offer(*PHONE, "m=image 4002 udptl t38", "a=T38FaxVersion:0", **TO_WEB)
    fax = medias(made)[1]
    assert (fax.type, fax.protocol, fax.formats) == ("image", "udptl", ("t38",))
    assert not fax.attributes("rtcp")


def test_a_rejected_section_stays_in_its_place(dialogue: Dialogue) -> None:
    made = dialogue.offer(*PHONE[:5], "m=video 0 RTP/AVP 96", *PHONE[5:])
    assert [(it.type, bool(it.port)) for it in medias(made)] == [("video", False), ("audio", True)]


@pytest.mark.parametrize(("version", "taken"), [("10.5", True), ("12.5", False), ("26.0", False)])
def test_an_answer_that_rejects_all(version: str, taken: bool) -> None:
    dialogue = Dialogue(version)
    dialogue.offer(*PHONE)
    rejected = (*PHONE[:5], "m=audio 0 RTP/AVP 0")
    if taken:
        assert medias(dialogue.answer(*rejected))[0].port == 0
    else:
        with pytest.raises(Refused, match="Error rewriting SDP"):
            dialogue.answer(*rejected)


def test_bad_bodies_are_refused(dialogue: Dialogue) -> None:
    with pytest.raises(Refused, match="Failed to parse SDP"):
        dialogue.offer("nonsense")
    with pytest.raises(Refused, match="Incomplete SDP specification"):
        dialogue.offer(*(line for line in PHONE if not line.startswith("c=")))


def test_a_reoffer_keeps_port_and_names(dialogue: Dialogue) -> None:
    first = dialogue.offer(*WEB, **TO_WEB)
    dialogue.answer(*WEB)
    again = dialogue.offer(*WEB, **TO_WEB)
    assert medias(again)[0].port == medias(first)[0].port
    for name in ("ice-ufrag", "ice-pwd", "tls-id", "fingerprint"):
        assert values(again, name) == values(first, name), name


def test_a_party_that_restarts_ice_finds_the_engine_renamed(dialogue: Dialogue) -> None:
    dialogue.offer(*WEB)
    before = dialogue.answer(*WEB)
    dialogue.offer(*(line.replace("abcd", "efgh") for line in WEB))
    after = dialogue.answer(*WEB)
    assert values(after, "ice-ufrag") != values(before, "ice-ufrag")
    assert medias(after)[0].port == medias(before)[0].port


def test_the_callee_may_offer_too(dialogue: Dialogue) -> None:
    dialogue.offer(*WEB, **TO_SIP)
    to_web = dialogue.answer(*PHONE)
    again = dialogue.offer(*PHONE, "a=sendonly", by="b", **TO_WEB)
    assert medias(again)[0].port == medias(to_web)[0].port
    assert values(again, "mid") == ["one"]
    assert "a=sendonly" in again
    assert medias(dialogue.answer(*WEB, by="a"))[0].protocol == "RTP/AVP"


def test_a_new_port_of_the_other_side_brings_a_new_one(dialogue: Dialogue) -> None:
    first = dialogue.offer(*PHONE)
    moved = dialogue.offer(*(line.replace("4000", "4400") for line in PHONE))
    back = dialogue.offer(*PHONE)
    assert medias(moved)[0].port != medias(first)[0].port
    assert medias(back)[0].port == medias(first)[0].port


@pytest.mark.parametrize(("version", "kept"), [("12.5", False), ("26.0", True)])
def test_a_dtls_association_and_a_change_of_role(version: str, kept: bool) -> None:
    dialogue = Dialogue(version)
    first = dialogue.offer(*PHONE, **TO_WEB)
    passive = tuple(line.replace("actpass", "passive") for line in WEB)
    dialogue.answer(*passive)
    assert (values(dialogue.offer(*PHONE, **TO_WEB), "tls-id") == values(first, "tls-id")) is kept


def test_a_new_certificate_begins_a_new_dtls_association() -> None:
    dialogue = Dialogue("26.0")
    dialogue.offer(*WEB)
    before = dialogue.answer(*WEB)
    dialogue.offer(*(line.replace("AB:AB", "CD:CD") for line in WEB))
    assert values(dialogue.answer(*WEB), "tls-id") != values(before, "tls-id")


def test_sdes_keys_that_were_not_taken_are_forgotten(dialogue: Dialogue) -> None:
    first = values(dialogue.offer(*SAVP), "crypto")
    dialogue.answer(*SAVP)
    again = values(dialogue.offer(*SAVP), "crypto")
    assert again[0] == first[0]
    assert again[1:] != first[1:]


def test_suites_can_be_chosen(dialogue: Dialogue) -> None:
    made = dialogue.offer(*PHONE, transport_protocol="RTP/SAVP", DTLS="off", SDES=["only-AES_CM_128_HMAC_SHA1_80"])
    offered = [key.split(" ")[:2] for key in values(made, "crypto")]
    if dialogue.behaviour.version.startswith("10.5"):
        # It does not know the word, and offers all that it has.
        assert [suite for _, suite in offered] == list(KEY_BYTES)
    else:
        assert offered == [["1", "AES_CM_128_HMAC_SHA1_80"]]


@pytest.mark.parametrize("said", ["RTP/SAVPX", "nonsense"])
def test_a_protocol_that_nobody_knows_changes_nothing(dialogue: Dialogue, said: str) -> None:
    assert medias(dialogue.offer(*PHONE, transport_protocol=said))[0].protocol == "RTP/AVP"


def test_the_address_of_the_message_may_count_instead(dialogue: Dialogue) -> None:
    flags: dict[str, Any] = {"flags": ["SIP-source-address"]}
    dialogue.offer(*PHONE, **flags, received_from=["IP4", "198.51.100.99"])
    assert dialogue.parties["a"].medias[0].endpoints[0] == ("198.51.100.99", 4000)
    with pytest.raises(Refused, match="Incomplete SDP specification"):
        dialogue.offer(*PHONE, **flags)


def test_logical_interfaces_give_the_addresses() -> None:
    dialogue = Dialogue("26.0", interfaces={"pub": "203.0.113.1", "priv": "10.0.0.1"})
    assert "c=IN IP4 10.0.0.1" in dialogue.offer(*PHONE, direction=["pub", "priv"])
    assert "c=IN IP4 203.0.113.1" in dialogue.answer(*PHONE)


def test_an_address_can_be_named(dialogue: Dialogue) -> None:
    assert "c=IN IP4 192.0.2.9" in dialogue.offer(*PHONE, media_address="192.0.2.9")


def test_extensions_can_be_stripped(dialogue: Dialogue) -> None:
    line = "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level"
    assert line in dialogue.offer(*PHONE, line)
    assert line not in dialogue.offer(*PHONE, line, flags=["strip-extmap"])


def test_ice_lite_is_told_above(dialogue: Dialogue) -> None:
    made = dialogue.offer(*PHONE, ICE="force", ICE_lite="forward")
    assert made.index("a=ice-lite") < next(number for number, line in enumerate(made) if line.startswith("m="))


def test_the_version_of_a_session_grows_when_it_says_more() -> None:
    dialogue = Dialogue("26.0")
    asked: dict[str, Any] = {"replace": ["SDP-version"]}
    versions = [
        made[1].split(" ")[2]
        for made in (
            dialogue.offer(*PHONE, **asked),
            dialogue.offer(*PHONE, **asked),
            dialogue.offer(*PHONE, "a=sendonly", **asked),
        )
    ]
    assert versions == ["1", "1", "2"]


def test_where_media_may_pass_the_engine_by_a_body_stays_what_it_was() -> None:
    made = Dialogue("26.0").offer(*WEB, ICE="optional")
    assert "m=audio 4100 UDP/TLS/RTP/SAVPF 0" in made
    assert "c=IN IP4 198.51.100.8" in made
    assert values(made, "ice-ufrag") == ["abcd"]
    priorities = [int(value.split(" ")[3]) for value in values(made, "candidate")]
    assert priorities[0] == max(priorities)
    assert len(priorities) == 3


@pytest.mark.parametrize("word", ["misspelt", "trust-addres", "ICE=focre"])
def test_words_that_nobody_knows_are_ignored(dialogue: Dialogue, word: str) -> None:
    other = Dialogue(dialogue.behaviour.version)
    assert dialogue.offer(*PHONE, flags=[word], nonsense="x") == other.offer(*PHONE)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_space_is_a_part_of_a_name(version: str) -> None:
    """A hold with a space behind it is none: no daemon knows it."""
    dialogue = Dialogue(version)
    held = dialogue.offer(*PHONE, "a=sendonly ")
    assert "a=sendonly " in held
    assert "a=sendrecv" in held


@pytest.mark.parametrize(
    ("version", "kind", "taken"),
    [
        *(("10.5", kind, kind not in "os") for kind in "osteup"),
        *(("12.5", kind, kind not in "ost") for kind in "osteup"),
        *(("26.0", kind, False) for kind in "osteup"),
    ],
)
def test_what_a_section_must_not_have(version: str, kind: str, taken: bool) -> None:
    if taken:
        assert f"{kind}=1 2 3 IN IP4 0.0.0.0" in Dialogue(version).offer(*PHONE, f"{kind}=1 2 3 IN IP4 0.0.0.0")
    else:
        with pytest.raises(Refused, match="Failed to parse SDP"):
            Dialogue(version).offer(*PHONE, f"{kind}=1 2 3 IN IP4 0.0.0.0")
