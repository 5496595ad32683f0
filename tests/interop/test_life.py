"""What a call does besides sending: it checks, it cleans, it keeps DTLS, it is remembered."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator

import anyio
import pytest

from rtpe_ng import (
    Call,
    Client,
    Direction,
    EngineError,
    Flags,
    FlagsIgnored,
    Glare,
    Leg,
    Profile,
    UsageError,
    profiles,
    sdp,
)
from rtpe_ng.testing import Rtpengine, bodies
from tests.support.engines import AnyEngine
from tests.support.peers import Peer

pytestmark = pytest.mark.anyio

ALIAS = Flags(extra={"flags": ["WebRTC"]})
BARE = profiles.MODERN.evolve(name="BARE")


@pytest.fixture
async def client(any_engine: AnyEngine) -> AsyncIterator[Client]:
    async with Client(any_engine.url) as client:
        yield client


def call_of(client: Client, direction: Direction, **options: object) -> Call:
    return client.call("life", from_tag="a", direction=direction, delete_delay=0, **options)  # type: ignore[arg-type]


async def alias_only(client: Client, *, strict: bool) -> str:
    """Offer toward the web with nothing but the alias, which 10.5 does not know."""
    nothing = Profile(name="NOTHING", offers=dict.fromkeys(Leg, ALIAS), answers=dict.fromkeys(Leg, Flags()))
    async with call_of(client, Direction.SIP_TO_WEB, profile=nothing, strict=strict) as call:
        reply = await call.offer(bodies.offer(Leg.SIP))
        assert call.phase == "offered"
        return reply.sdp


async def test_a_flag_that_a_daemon_does_not_know_is_told_of(
    client: Client, any_engine: AnyEngine, caplog: pytest.LogCaptureFixture
) -> None:
    body = await alias_only(client, strict=False)
    warned = "extra={'flags': ['WebRTC']}, known since 12.5: RTP/AVP came back; spell it out" in caplog.text
    assert warned == any_engine.version.startswith("10.")
    assert sdp.is_webrtc(body) != warned


async def test_a_strict_call_makes_it_an_error_and_loses_nothing(client: Client, any_engine: AnyEngine) -> None:
    if not any_engine.version.startswith("10."):
        assert sdp.is_webrtc(await alias_only(client, strict=True))
        return
    with pytest.raises(
        FlagsIgnored, match="'offer' of call 'life' was done, but audio 0: the daemon ignored"
    ) as caught:
        await alias_only(client, strict=True)
    assert [it.since for it in caught.value.ignored] == ["12.5"]
    assert "m=audio" in caught.value.reply.sdp


async def test_after_an_error_of_a_strict_call_the_call_has_gone_on(client: Client) -> None:
    async with call_of(client, Direction.SIP_TO_SIP, strict=True) as call:
        with pytest.raises(FlagsIgnored, match=r"codec=\{'transcode': \['EVS'\]\}.*rtpengine --codecs"):
            await call.offer(bodies.offer(Leg.SIP), flags=Flags(codec={"transcode": ["EVS"]}))
        assert call.phase == "offered"
        await call.answer(bodies.offer(Leg.SIP), by="b")
        assert call.phase == "answered"


async def test_the_reply_in_that_error_is_what_would_have_gone_on(client: Client) -> None:
    async with call_of(client, Direction.WEB_TO_SIP, strict=True) as call:
        with pytest.raises(FlagsIgnored) as caught:
            await call.offer(bodies.offer(Leg.WEB), flags=Flags(codec={"transcode": ["EVS"]}))
        assert not any(word in caught.value.reply.sdp for word in LEFTOVERS)


@pytest.mark.parametrize("direction", Direction, ids=str)
@pytest.mark.parametrize("profile", [profiles.MODERN, profiles.ARTICLE], ids=lambda it: it.name)
async def test_the_daemons_carry_out_what_the_profiles_ask_for(
    client: Client, profile: Profile, direction: Direction, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "rtpe_ng"):
        async with call_of(client, direction, profile=profile, strict=True) as call:
            offer = await call.offer(bodies.offer(direction.caller))
            await call.answer(bodies.answer(direction.callee, offer.sdp), by="b")
            again = await call.offer(bodies.offer(direction.callee, version=2), by="b")
            await call.answer(bodies.answer(direction.caller, again.sdp, version=2, setup="passive"))
    assert caplog.text == ""


LEFTOVERS = ("a=mid", "a=msid", "a=ssrc", "a=rtcp-fb", "a=rtcp-rsize", "a=extmap", "a=tls-id", "BUNDLE")


@pytest.mark.parametrize("profile", [profiles.MODERN, profiles.ARTICLE], ids=lambda it: it.name)
async def test_leftovers_go_from_what_a_phone_gets(client: Client, profile: Profile) -> None:
    async with call_of(client, Direction.WEB_TO_SIP, profile=profile) as call:
        to_phone = (await call.offer(bodies.offer(Leg.WEB))).sdp
        await call.answer(bodies.answer(Leg.SIP, to_phone), by="b")
        again = await call.offer(bodies.offer(Leg.SIP, version=2), by="b")
        in_answer = (await call.answer(bodies.answer(Leg.WEB, again.sdp, version=2, setup="passive"))).sdp
    for body in (to_phone, in_answer):
        assert any(word in body for word in LEFTOVERS) == (profile is profiles.ARTICLE)
    # What goes to the browser keeps what is the browser's.
    assert "a=mid" in again.sdp


async def test_what_the_daemon_gets_of_a_browser_has_its_tls_id(any_daemon: Rtpengine) -> None:
    seen = len(any_daemon.log)
    async with Client(any_daemon.url) as client, call_of(client, Direction.WEB_TO_WEB) as call:
        offer = await call.offer(bodies.offer(Leg.WEB))
        await call.answer(bodies.answer(Leg.WEB, offer.sdp), by="b")
        restart = sdp.set_ice_credentials(bodies.offer(Leg.WEB, version=2), ufrag="restart", pwd="r" * 24)
        await call.offer(restart)
    assert "restarting DTLS" not in any_daemon.log[seen:]


@pytest.mark.parametrize(
    ("profile", "generation", "is_kept"),
    [
        (profiles.MODERN, 1, True),
        # Another connection of the same party, because its page was reloaded: ICE begins with it.
        (profiles.MODERN, 0, False),
        (profiles.MODERN.evolve(keep_ice=False), 1, False),
    ],
    ids=["restart", "reload", "off"],
)
@pytest.mark.parametrize("is_known", [True, False], ids=["", "lost"])
async def test_the_engine_keeps_its_ice_credentials_while_a_browser_restarts(
    client: Client, profile: Profile, generation: int, *, is_kept: bool, is_known: bool
) -> None:
    async with call_of(client, Direction.WEB_TO_SIP, profile=profile) as call:
        to_phone = await call.offer(bodies.offer(Leg.WEB))
        first = await call.answer(bodies.answer(Leg.SIP, to_phone.sdp), by="b")
        if not is_known:
            await client.delete(call_id="life", delete_delay=0)
        for number in range(2, 4):
            restart = sdp.set_ice_credentials(
                bodies.offer(Leg.WEB, version=number), ufrag=f"Nw8{number}", pwd="r" * 24
            ).replace("generation 0", f"generation {generation and number}")
            again = await call.offer(restart)
            second = await call.answer(bodies.answer(Leg.SIP, again.sdp, version=number))
            before, now = (sdp.parse(reply.sdp).media[0] for reply in (first, second))
            is_same = (before.ice_ufrag, before.ice_pwd) == (now.ice_ufrag, now.ice_pwd)
            assert is_same == (is_kept and (is_known or number > 2))
            assert sdp.is_webrtc(second.sdp)
            first = second


async def test_an_engine_that_takes_no_word_of_an_ice_restart_restarts_too(client: Client) -> None:
    """Without trickle ICE, 10.5 refuses the word and newer ones ignore it; the offer itself counts then."""
    plain = bodies.offer(Leg.WEB).replace("a=ice-options:trickle\r\n", "")
    async with call_of(client, Direction.WEB_TO_SIP) as call:
        to_phone = await call.offer(plain)
        first = await call.answer(bodies.answer(Leg.SIP, to_phone.sdp), by="b")
        restart = sdp.set_ice_credentials(plain, ufrag="Nw8f", pwd="r" * 24)
        again = await call.offer(restart.replace("generation 0", "generation 1"))
        second = await call.answer(bodies.answer(Leg.SIP, again.sdp, version=2))
    before, now = (sdp.parse(reply.sdp).media[0] for reply in (first, second))
    assert before.ice_ufrag != now.ice_ufrag


# The state.


async def test_a_call_is_remembered_by_another_client(client: Client, any_engine: AnyEngine) -> None:
    async with call_of(client, Direction.WEB_TO_SIP) as call:
        offer = await call.offer(bodies.offer(Leg.WEB))
        states = [call.state]
        await call.answer(bodies.answer(Leg.SIP, offer.sdp), by="b", provisional=True)
        states.append(call.state)
        await call.answer(bodies.answer(Leg.SIP, offer.sdp), by="b")
        states.append(call.state)
        call.detach()
    assert [call.phase for call in map(client.restore_call, states)] == ["offered", "early", "answered"]
    async with Client(any_engine.url) as other:
        async with other.restore_call(states[-1], delete_delay=0) as call:
            assert repr(call) == "<Call 'life' web→sip answered>"
            again = await call.offer(bodies.offer(Leg.SIP, version=2), by="b")
            assert sdp.parse(again.sdp).media[0].protocol == "UDP/TLS/RTP/SAVPF"
            assert set((await call.query()).tags) == {"a", "b"}
        assert "life" not in (await other.list(limit=500)).calls


async def test_a_branch_is_remembered_as_one(client: Client) -> None:
    async with call_of(client, Direction.WEB_TO_SIP) as call:
        first, second = call.fork(via_branch="z9hG4bK-1"), call.fork(via_branch="z9hG4bK-2")
        for branch, tag in ((first, "b1"), (second, "b2")):
            sent = await branch.offer(bodies.offer(Leg.WEB))
            await branch.answer(bodies.answer(Leg.SIP, sent.sdp), by=tag)
        restored = client.restore_call(first.state, delete_delay=0)
        assert restored.via_branch == "z9hG4bK-1"
        with pytest.raises(UsageError, match="branch"):
            restored.fork(via_branch="z9hG4bK-3")
        await restored.delete()
        assert "b2" in (await call.query()).tags


async def test_a_profile_of_ones_own_is_given_again() -> None:
    client = Client("udp://127.0.0.1:9")
    state = call_of(client, Direction.WEB_TO_SIP, profile=BARE).state
    with pytest.raises(UsageError, match="'BARE', which is your own: give profile="):
        client.restore_call(state)
    assert client.restore_call(state, profile=BARE).profile is BARE
    article = call_of(client, Direction.WEB_TO_SIP, profile=profiles.ARTICLE)
    assert client.restore_call(article.state).profile is profiles.ARTICLE
    await client.aclose()


async def test_a_deleted_call_has_no_state(client: Client) -> None:
    call = call_of(client, Direction.WEB_TO_SIP)
    await call.delete()
    with pytest.raises(UsageError, match="was deleted"):
        call.state  # noqa: B018


# Glare.


async def test_offers_of_both_at_the_same_time_are_glare_before_either_is_answered(client: Client) -> None:
    async with call_of(client, Direction.WEB_TO_SIP) as call:
        sent = await call.offer(bodies.offer(Leg.WEB))
        await call.answer(bodies.answer(Leg.SIP, sent.sdp), by="b")
        refused = []

        async def offer(leg: Leg, tag: str) -> None:
            try:
                await call.offer(bodies.offer(leg, version=2), by=tag)
            except Glare as error:
                refused.append(str(error))

        async with anyio.create_task_group() as group:
            group.start_soon(offer, Leg.WEB, "a")
            group.start_soon(offer, Leg.SIP, "b")
        assert len(refused) == 1
        assert "'a', who began the call, may offer again after 2.1 to 4 s" in refused[0]
        assert call.phase == "offered"


async def test_an_offer_that_was_not_carried_out_leaves_the_call_as_it_was(client: Client) -> None:
    async with call_of(client, Direction.WEB_TO_SIP) as call:
        with pytest.raises(EngineError):
            await call.offer("no SDP")
        assert call.phase == "new"
        with anyio.CancelScope() as scope:
            scope.cancel()
            await call.offer(bodies.offer(Leg.WEB))
        assert call.phase == "new"


async def test_a_record_route_brings_back_the_call_as_it_was_in_the_invite(client: Client) -> None:
    async with call_of(client, Direction.WEB_TO_SIP) as call:
        sent = await call.offer(bodies.offer(Leg.WEB))
        in_invite = call.state
        await call.answer(bodies.answer(Leg.SIP, sent.sdp), by="b")
        with pytest.raises(Glare):
            await client.restore_call(in_invite).offer(bodies.offer(Leg.SIP, version=2), by="b")
        later = client.restore_call(in_invite, within=("b", "a"))
        assert (later.phase, later.to_tag, later.offerer) == ("answered", "b", "a")
        with pytest.raises(UsageError, match="settled"):
            await later.offer(bodies.offer(Leg.SIP, version=2), by="b", flags=Flags(dtls="passive"))
        reply = await later.offer(bodies.offer(Leg.SIP, version=2), by="b")
        assert sdp.is_webrtc(reply.sdp)


# The end.


async def test_a_delete_that_overtakes_the_offer_is_sent_again() -> None:
    """A daemon executes commands in several threads: what was cancelled may begin behind the delete."""
    deletes = 0

    def script(cookie: str, document: bytes) -> list[bytes]:
        nonlocal deletes
        if b"5:offer" in document:
            return []
        deletes += 1
        warning = "" if deletes == 3 else "7:warning9:not found"
        return [f"{cookie} d6:result2:ok{warning}e".encode()]

    with Peer(script) as peer:
        async with Client(peer.url) as client:
            async with call_of(client, Direction.WEB_TO_SIP) as call:
                with anyio.move_on_after(0.05):
                    await call.offer(bodies.offer(Leg.WEB))
            assert deletes == 3
            # Where every command had its reply, a call that is not found is only that.
            deletes = 0
            restored = client.restore_call(call_of(client, Direction.WEB_TO_SIP).state)
            await restored.delete()
            assert deletes == 1


# Roles.


async def test_passive_is_refused_where_it_ends_the_media(client: Client) -> None:
    passive = Flags(dtls="passive")
    async with call_of(client, Direction.WEB_TO_SIP) as call:
        sent = await call.offer(bodies.offer(Leg.WEB))
        with pytest.raises(UsageError, match="comes too late"):
            await call.answer(bodies.answer(Leg.SIP, sent.sdp), by="b", flags=passive)
        assert call.phase == "offered", "nothing was sent"
        await call.answer(bodies.answer(Leg.SIP, sent.sdp), by="b")
        with pytest.raises(UsageError, match="settled"):
            await call.offer(bodies.offer(Leg.SIP, version=2), by="b", flags=passive)
        with pytest.raises(UsageError, match="settled"):
            await call.offer(bodies.offer(Leg.WEB, version=2), flags=Flags(dtls_reverse="passive"))
        assert call.phase == "answered"


async def test_passive_is_taken_where_the_offer_said_so(client: Client) -> None:
    passive = Flags(dtls="passive")
    async with call_of(client, Direction.WEB_TO_SIP) as call:
        sent = await call.offer(bodies.offer(Leg.WEB), flags=Flags(dtls_reverse="passive"))
        restored = client.restore_call(call.state)
        reply = await restored.answer(bodies.answer(Leg.SIP, sent.sdp), by="b", flags=passive)
        assert sdp.parse(reply.sdp).media[0].setup == "passive"
    async with call_of(client, Direction.SIP_TO_WEB) as call:
        await call.offer(bodies.offer(Leg.SIP), flags=passive)


async def test_the_settled_role_outlives_a_rejected_offer_and_a_hand_over(client: Client) -> None:
    """The browser is the DTLS client; it rejects the phone's re-INVITE, and another process takes its own."""
    async with call_of(client, Direction.SIP_TO_WEB) as call:
        sent = await call.offer(bodies.offer(Leg.SIP))
        await call.answer(bodies.answer(Leg.WEB, sent.sdp), by="b")
        await call.offer(bodies.offer(Leg.SIP, version=2))
        call.rollback()
        restored = client.restore_call(call.state)
        sent = await restored.offer(bodies.offer(Leg.WEB, version=2), by="b")
        reply = await restored.answer(bodies.answer(Leg.SIP, sent.sdp, version=2))
        assert sdp.parse(reply.sdp).media[0].setup == "passive"
