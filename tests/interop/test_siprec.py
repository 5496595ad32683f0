"""The offer for a SIPREC recorder: its labels and whose they are, from every daemon and the embedded engine."""

from __future__ import annotations

import pytest

from rtpe_ng import Client, Direction, Flags, sdp
from tests.support.engines import AnyEngine
from tests.support.reporter import Reporter

pytestmark = pytest.mark.anyio


async def test_each_section_has_a_label_and_each_label_a_party(any_engine: AnyEngine) -> None:
    kinds = ["audio", "video"]
    async with (
        Client(any_engine.url) as client,
        client.call("labels", from_tag="alice", direction=Direction.SIP_TO_SIP, delete_delay=0) as call,
    ):
        with Reporter(kinds, 1) as alice, Reporter(kinds, 5) as bob:
            await call.offer(alice.body(), flags=Flags(label="customer"))
            await call.answer(bob.body(), by="bob")
        everybody = await call.subscribe_request(siprec=True, to_tag="srs")
        one = await call.party("bob").subscribe_request(siprec=True, to_tag="srs-2")
        without = await call.subscribe_request(to_tag="srs-3")
    for reply, parties in ((everybody, {"alice": "customer", "bob": None}), (one, {"bob": None})):
        sections = sdp.parse(reply.sdp).media
        # Each once, though daemons of some versions repeat them; the order is the daemon's own.
        assert {media.attribute("label"): media.type for media in sections} == {
            label: media.type for label, media in reply.labels.items()
        }
        assert len(sections) == len(reply.labels) == 2 * len(parties)
        assert reply.tag_medias.keys() == set(reply.from_tags) == parties.keys()
        for tag, medias in reply.tag_medias.items():
            assert [(media.index, media.type) for media in medias] == [(1, "audio"), (2, "video")]
            assert all(media.label and reply.labels[media.label] is media for media in medias)
            assert {(media.tag, media.mode, media.party_label) for media in medias} == {
                (tag, "sendrecv", parties[tag])
            }
    assert (without.labels, without.tag_medias) == ({}, {})
