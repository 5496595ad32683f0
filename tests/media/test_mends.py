"""What a call mends is heard: answers that lack a section or change the codec, and bodies that no browser takes."""

from __future__ import annotations

import pytest

from rtpe_ng import Direction, sdp
from tests.media.rig.browser import BrowserPeer
from tests.media.rig.party import hear_each_other
from tests.media.rig.talk import Talk

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("direction", [Direction.WEB_TO_SIP], ids=str)
async def test_a_phone_answers_and_offers_audio_alone(talk: Talk) -> None:
    """The browser has audio and video; the phone never writes more than one section."""
    web, phone = talk.web, talk.phone
    await web.add_video()
    body = await phone.answer(await talk.offer(web))
    assert len(sdp.parse(body).media) == 1
    reply = await talk.call.answer(body, by="b")
    assert [repair.mend for repair in reply.repairs] == ["sections"]
    assert [media.is_rejected for media in sdp.parse(reply.sdp).media] == [False, True]
    await web.accept(reply.sdp)
    await hear_each_other(web, phone)
    # The phone's own offer lacks the section too, and its answer must not have it.
    await phone.move()
    offer = await talk.call.offer(await phone.offer(), by="b")
    assert [repair.mend for repair in offer.repairs] == ["sections"]
    answer = await talk.call.answer(await web.answer(offer.sdp))
    assert len(sdp.parse(answer.sdp).media) == 1
    await phone.accept(answer.sdp)
    await hear_each_other(web, phone)
    await talk.negotiate(web)
    await hear_each_other(web, phone)


@pytest.mark.parametrize("direction", [Direction.WEB_TO_SIP, Direction.SIP_TO_SIP], ids=str)
async def test_the_200_has_another_codec_than_the_183(talk: Talk) -> None:
    """An announcement in PCMA, then the phone itself in PCMU, which 10.5 and 12.5 have forgotten by then."""
    caller, phone = talk.caller, talk.callee
    offer = await caller.offer()
    if not isinstance(caller, BrowserPeer):
        offer = offer.replace("RTP/AVP 0", "RTP/AVP 8 0")
    body = await phone.answer(await talk.offer(caller, offer))
    early = body.replace("RTP/AVP 0", "RTP/AVP 8").replace("a=rtpmap:0 PCMU", "a=rtpmap:8 PCMA")
    if isinstance(caller, BrowserPeer):
        await talk.answer(phone, early, provisional=True)
    else:
        # The phone of the rig does not speak PCMA.
        await talk.call.answer(early, by="b", provisional=True)
    reply = await talk.call.answer(body, by="b")
    assert [repair.mend for repair in reply.repairs] == ["codecs"]
    await caller.accept(reply.sdp)
    await hear_each_other(caller, phone)


@pytest.mark.parametrize("direction", [Direction.SIP_TO_WEB], ids=str)
async def test_a_sloppy_phone_is_heard(talk: Talk) -> None:
    offer = (await talk.caller.offer()).replace("s=call\r\n", "").replace("t=0 0\r\n", "").replace("o=phone", "o=")
    sloppy = "\r\n" + offer.replace("PCMU/8000", "PCMU") + "b=AS:-1\r\na=ssrc:4711\r\n\r\n"
    await talk.negotiate(talk.caller, sloppy)
    await hear_each_other(talk.caller, talk.callee)
