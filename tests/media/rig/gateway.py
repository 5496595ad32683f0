"""What a gateway does between two parties: it passes each body through the daemon and on."""

from __future__ import annotations

from rtpe_ng import Call, Flags

from .party import Party


async def connect(
    call: Call, caller: Party, callee: Party, *, flags: Flags | None = None, callee_tag: str = "b"
) -> None:
    """Take the call: INVITE and 200, or a re-INVITE of the caller. `flags` are the offer's own."""
    to_callee = await call.offer(await caller.offer(), flags=flags)
    to_caller = await call.answer(await callee.answer(to_callee.sdp), by=callee_tag)
    await caller.accept(to_caller.sdp)


async def reinvite(call: Call, offerer: Party, answerer: Party, *, by: str, flags: Flags | None = None) -> None:
    """Renegotiate within a call; `by` is the offerer's tag. An INVITE without a body begins a call so, too."""
    sent = await call.offer(await offerer.offer(), by=by, flags=flags)
    await offerer.accept((await call.answer(await answerer.answer(sent.sdp))).sdp)


async def packets_from(call: Call, tag: str) -> int:
    """Return how many packets the daemon has got from a party; with rtcp-mux, those of RTCP are among them."""
    return sum(media.streams[0].stats.packets for media in (await call.query()).tags[tag].medias)


async def the_daemon_counts_the_same(call: Call, caller: Party, callee: Party, *, callee_tag: str = "b") -> None:
    """Insist that it has got what each of them sent, but for what was under way when it was asked."""
    for tag, speaker, listener in ((call.from_tag, caller, callee), (callee_tag, callee, caller)):
        least = (await listener.packets()).received
        found = await packets_from(call, tag)
        most = (await speaker.packets()).sent_in_all
        assert least <= found <= most, f"{tag}: {least} were passed on, {found} counted, {most} sent"
