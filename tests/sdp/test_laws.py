"""What is true of every rewriting helper, whatever the body."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rtpe_ng import UsageError, sdp
from tests.support.descriptions import HASH, bodies
from tests.support.examples import examples
from tests.support.sdp_helpers import HELPERS, Helper

# There are many helpers, and most of the time goes into drawing bodies.
few = examples(40)
every_helper = pytest.mark.parametrize("helper", HELPERS, ids=lambda it: it.name)
every_helper_with_media = pytest.mark.parametrize(
    "helper", [it for it in HELPERS if it.takes_media], ids=lambda it: it.name
)


def applied(helper: Helper, session: sdp.Session, **options: int) -> sdp.Session:
    try:
        changed = helper.call(session, **options)
    except UsageError as error:
        # A body without any of the codecs to keep: there is nothing to see of the law.
        assume("no codec would be left" not in str(error))
        raise
    assert isinstance(changed, sdp.Session)
    return changed


def name_of(line: str) -> str:
    if not line.startswith("a="):
        return line[:2]
    return line[2:].rstrip("\r\n").partition(":")[0].strip(" \t")


def without(lines: Iterable[str], names: frozenset[str]) -> list[str]:
    return [line for line in lines if name_of(line) not in names]


def stripped(lines: Iterable[str]) -> list[str]:
    return [line.rstrip("\r\n") for line in lines]


def test_every_helper_is_in_the_table() -> None:
    names = {helper.name.partition("(")[0] for helper in HELPERS}
    helpers = {
        name
        for name in sdp.__all__
        if name.startswith(("set_", "remove_", "drop_", "keep_", "order_", "clean_", "reject_"))
        or name in ("hold", "resume")
    }
    # These have tests of their own below: they need a section or a body of a certain kind.
    assert helpers - names == {"set_port", "reject_media", "set_bundle", "clean_for_web"}


@every_helper
@few
@given(text=bodies())
def test_what_is_true_of_every_helper(helper: Helper, text: str) -> None:
    before = sdp.parse(text)
    after = applied(helper, before)
    twice_is_once(helper, after)
    it_gives_back_what_it_took_and_that_parses(helper, text, after)
    it_touches_no_line_but_its_own(helper, before, after)
    a_diff_tells_of_it_and_shows_no_secret(before, after)


def twice_is_once(helper: Helper, after: sdp.Session) -> None:
    assert str(helper.call(after)) == str(after)


def it_gives_back_what_it_took_and_that_parses(helper: Helper, text: str, after: sdp.Session) -> None:
    assert helper.call(text) == str(after)
    assert helper.call(text.encode()) == bytes(after)
    assert sdp.parse(str(after)) == after
    assert all(section.above.lines == after.lines for section in after.media)


def it_touches_no_line_but_its_own(helper: Helper, before: sdp.Session, after: sdp.Session) -> None:
    assert after.trailer == before.trailer
    assert len(after.media) == len(before.media)
    for old, new in zip((before, *before.media), (after, *after.media), strict=True):
        # Where the body ends without a line end, the line that was last has one now if others follow it.
        assert stripped(without(new.lines, helper.lines)) == stripped(without(old.lines, helper.lines))
    ends = {line[len(line.rstrip("\r\n")) :] for line in lines_of(before)}
    assert {line[len(line.rstrip("\r\n")) :] for line in lines_of(after)} <= ends


def a_diff_tells_of_it_and_shows_no_secret(before: sdp.Session, after: sdp.Session) -> None:
    found = sdp.diff(before, after)
    for secret in ("password", "k" * 40):
        assert secret not in str(found) + repr(found) + repr(list(found))
    # The other way round it tells of as many things.
    assert len(sdp.diff(after, before)) == len(found)
    if lines_of(before) == lines_of(after):
        assert not found


def lines_of(session: sdp.Session) -> list[str]:
    return [*session.lines, *(line for media in session.media for line in media.lines)]


@every_helper_with_media
@few
@given(text=bodies(sections=1), data=st.data())
def test_with_media_it_leaves_the_other_sections_as_they_are(
    helper: Helper, text: str, data: st.DataObject
) -> None:
    before = sdp.parse(text)
    chosen = data.draw(st.integers(0, len(before.media) - 1))
    after = applied(helper, before, media=chosen)
    for index, (old, new) in enumerate(zip(before.media, after.media, strict=True)):
        if index != chosen:
            # What the session said for it, it may say for itself now.
            assert stripped(without(new.lines, helper.lines)) == stripped(without(old.lines, helper.lines))
            assert meaning(new) == meaning(old)


def meaning(section: sdp.Media) -> dict[str, object]:
    names = [name for name in dir(type(section)) if isinstance(getattr(type(section), name), property)]
    return {name: getattr(section, name) for name in names}


@every_helper_with_media
def test_there_must_be_such_a_section(helper: Helper) -> None:
    body = "v=0\r\no=- 1 2 IN IP4 198.51.100.7\r\ns=-\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\nc=IN IP4 192.0.2.1\r\n"
    for index in (1, -1):
        with pytest.raises(UsageError, match=f"no media section {index}; the body has 1, counted from 0"):
            helper.call(body, media=index)


@given(text=bodies())
def test_after_remove_ice_there_is_none(text: str) -> None:
    session = sdp.remove_ice(sdp.parse(text))
    assert not session.ice_lite
    for section in session.media:
        assert not section.candidates
        assert section.ice_ufrag is section.ice_pwd is None
        assert not section.ice_options
        assert not section.end_of_candidates
    assert not sdp.has_usable_candidates(session)
    assert not sdp.is_webrtc(session)


@given(text=bodies(sections=1), data=st.data())
def test_after_remove_ice_from_one_section_that_one_has_none(text: str, data: st.DataObject) -> None:
    before = sdp.parse(text)
    chosen = data.draw(st.integers(0, len(before.media) - 1))
    section = sdp.remove_ice(before, media=chosen).media[chosen]
    assert section.ice_ufrag is section.ice_pwd is None
    assert not section.candidates
    assert not section.ice_options


@given(text=bodies())
def test_after_remove_dtls_and_sdes_there_is_none(text: str) -> None:
    session = sdp.parse(text).pipe(sdp.remove_dtls).pipe(sdp.remove_sdes)
    for section in session.media:
        assert not section.fingerprints + section.cryptos
        assert section.setup is section.tls_id is None


@given(text=bodies())
def test_hold_then_ask_then_resume(text: str) -> None:
    before = sdp.parse(text)
    held = sdp.hold(before)
    has_rtp = any(it.is_rtp and not it.is_rejected for it in before.media)
    assert sdp.is_on_hold(held) == has_rtp
    for old, new in zip(before.media, sdp.resume(held).media, strict=True):
        if old.is_rtp:
            # Hold keeps whether the author sends, and resume makes it listen.
            sends = old.direction in ("sendrecv", "sendonly")
            assert new.direction == ("sendrecv" if sends else "recvonly")
        else:
            assert new.lines == old.lines


@given(text=bodies(), there=st.sampled_from(["RTP/AVP", "RTP/AVPF", "RTP/SAVP", "UDP/TLS/RTP/SAVPF"]))
def test_a_profile_there_and_back_keeps_the_codecs(text: str, there: str) -> None:
    before = sdp.parse(text)
    protocols = [it.protocol for it in before.media]
    changed = sdp.set_profile(before, there, fingerprint=HASH, setup="actpass", keep_feedback=True)
    assert {it.protocol for it in changed.media if it.is_rtp} <= {there}
    for index, protocol in enumerate(protocols):
        if before.media[index].is_rtp:
            changed = sdp.set_profile(
                changed, protocol, fingerprint=HASH, setup="actpass", keep_feedback=True, media=index
            )
    assert [it.protocol for it in changed.media] == protocols
    assert [it.codecs for it in changed.media] == [it.codecs for it in before.media]


@given(text=bodies())
def test_a_plain_profile_leaves_no_key_and_no_feedback(text: str) -> None:
    for section in sdp.set_profile(sdp.parse(text), "RTP/AVP").media:
        if section.is_rtp:
            assert not section.fingerprints + section.cryptos
            assert not section.has("rtcp-fb")


@given(text=bodies(), mode=st.sampled_from(["offer", "require", "demux", "accept", "reject"]))
def test_rtcp_mux_is_what_was_asked_for(text: str, mode: str) -> None:
    for section in sdp.set_rtcp_mux(sdp.parse(text), mode).media:
        if not section.is_rtp:
            continue
        assert section.rtcp_mux == (mode not in ("demux", "reject"))
        assert section.has("rtcp-mux-only") == (mode == "require")
        if mode in ("require", "accept"):
            # RFC 3605 and RFC 8858: one port is one port.
            assert section.rtcp is None or section.rtcp.port == section.port
            assert all(it.component == 1 for it in section.candidates)
        if mode in ("demux", "reject"):
            assert section.rtcp is None or section.rtcp.port not in (section.port, 9)


@given(text=bodies())
def test_what_is_cleaned_for_sip_has_nothing_of_a_browser_left(text: str) -> None:
    session = sdp.parse(text).pipe(sdp.set_profile, "RTP/AVP").pipe(sdp.remove_ice).pipe(sdp.clean_for_sip)
    for section in session.media:
        if section.is_rtp:
            names = set(map(name_of, section.lines))
            assert not names & {"msid", "ssrc", "ssrc-group", "extmap", "rtcp-fb", "rtcp-rsize", "setup", "tls-id"}
            assert not names & {"candidate", "ice-options", "bundle-only", "end-of-candidates"}
            assert section.mid is None or any(section.mid in group.mids for group in session.groups)
    assert session.bundle == ()


@given(text=bodies())
def test_mids_are_there_once_each(text: str) -> None:
    session = sdp.set_mids(sdp.parse(text))
    given_anew = [new.mid for old, new in zip(sdp.parse(text).media, session.media, strict=True) if not old.mid]
    assert all(given_anew)
    assert len(set(given_anew)) == len(given_anew)
    assert not set(given_anew) & {old.mid for old in sdp.parse(text).media}


@given(text=bodies())
def test_all_or_nothing_is_bundled(text: str) -> None:
    before = sdp.set_mids(sdp.parse(text))
    mids = [it.mid for it in before.media if not it.is_rejected]
    if not mids:
        with pytest.raises(UsageError, match="no section to bundle"):
            sdp.set_bundle(before)
        return
    bundled = sdp.set_bundle(before)
    # A body may have a mid twice, against RFC 5888.
    assert list(bundled.bundle) == [*dict.fromkeys(mids)]
    assert sdp.set_bundle(bundled) == bundled
    assert [it.semantics for it in bundled.groups if it.semantics != "BUNDLE"] == [
        it.semantics for it in before.groups if it.semantics != "BUNDLE"
    ]
    assert sdp.remove_bundle(bundled).bundle == ()


@given(text=bodies(sections=1), data=st.data(), port=st.integers(1, 65535))
def test_a_port_and_a_rejection(text: str, data: st.DataObject, port: int) -> None:
    before = sdp.parse(text)
    chosen = data.draw(st.integers(0, len(before.media) - 1))
    moved = sdp.set_port(before, port, media=chosen)
    assert moved.media[chosen].port == port
    assert moved.media[chosen].formats == before.media[chosen].formats
    assert sdp.set_port(moved, port, media=chosen) == moved
    rejected = sdp.reject_media(moved, media=chosen)
    assert rejected.media[chosen].is_rejected
    assert rejected.media[chosen].mid not in (None, *rejected.bundle) or rejected.media[chosen].mid is None
    assert sdp.reject_media(rejected, media=chosen) == rejected
    for index, section in enumerate(rejected.media):
        assert index == chosen or section == before.media[index]


@given(text=bodies(), data=st.data())
def test_kept_dropped_and_ordered_codecs(text: str, data: st.DataObject) -> None:
    before = sdp.parse(text)
    names = sorted({codec.name for media in before.media for codec in media.codecs if codec.name})
    assume(names)
    chosen = data.draw(st.lists(st.sampled_from(names), min_size=1, unique=True))
    ordered = sdp.order_codecs(before, chosen)
    for old, new in zip(before.media, ordered.media, strict=True):
        assert sorted(old.formats) == sorted(new.formats)
        ranks = [chosen.index(it.name) if it.name in chosen else len(chosen) for it in new.codecs]
        assert ranks == sorted(ranks)
    try:
        dropped = sdp.drop_codecs(before, chosen)
    except UsageError:
        return
    for was, section in zip(before.media, dropped.media, strict=True):
        assert not {codec.name for codec in section.codecs} & set(chosen)
        if section.is_rtp:
            left = set(section.formats)
            for codec in section.codecs:
                assert all(str(it) in left or str(it) not in was.formats for it in codec.refers_to)


@given(text=bodies())
def test_diff_of_a_body_with_itself_is_nothing(text: str) -> None:
    assert len(sdp.diff(text, text)) == 0
    assert str(sdp.diff(text, sdp.parse(text))) == "nothing changed"
