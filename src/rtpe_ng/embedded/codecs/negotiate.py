"""The codecs of a section: what an offer's become toward the answerer, and an answer's toward the offerer."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from ..request import CodecOptions
from .entry import CodecEntry
from .list import CodecList
from .operations import accept, bring_back, follow, restore_if_empty, strip, track, transcode
from .routes import routes

__all__ = ["SideCodecs", "answer", "created", "offer", "subscribe", "subscribed"]

_PTIME = 20
"""How much a packet holds where nobody says, in milliseconds."""


@attrs.define(kw_only=True, eq=False)
class SideCodecs:
    """The codecs of one side of a section: those in use, and those of the last offer; None before it spoke."""

    used: CodecList | None = None
    offered: CodecList | None = None
    forced: bool = False
    """All media toward this side is transcoded."""
    ptime: int = 0
    """How much media a packet holds, in milliseconds; 0 where nobody said."""
    ptime_fixed: bool = False
    """It is what the options say, and not what the party says."""

    def forced_from(self, other: SideCodecs) -> bool:
        """Tell whether all media from another side is transcoded: by force, or to hold less or more in a packet."""
        fixed = self.ptime_fixed or other.ptime_fixed
        return self.forced or (fixed and (self.ptime or _PTIME) != (other.ptime or _PTIME))

    def __len__(self) -> int:
        return 0 if self.used is None else len(self.used)

    def __iter__(self) -> Iterator[CodecEntry]:
        return iter(() if self.used is None else self.used)

    def used_like(self, other: CodecList) -> CodecList:
        """Return those in use, or an empty list for the same kind of section as another one."""
        return other.empty() if self.used is None else self.used


def offer(
    sent: CodecList, options: CodecOptions, *, offerer: SideCodecs, answerer: SideCodecs, rejected: bool
) -> None:
    """Take in what the offerer `sent`; ``answerer.used`` is what the answerer is offered then.

    `rejected` is an offer with port 0.
    """
    behaviour = sent.behaviour
    mine = offerer.used = _taken_over(offerer.used_like(sent), sent, options)
    if behaviour.strips_toward_offerer:
        strip(mine, options.strip, options.kept)
        bring_back(mine, options.offer, sent)
        if not mine.stripped_in_full:
            bring_back(mine, options.transcode, sent)
    else:
        strip(mine, options.ignore, options.kept)
    _restore(mine, sent, options, rejected)
    accept(mine, options.accept)
    accept(mine, options.consume, sent)
    track(mine, options.mask)

    theirs = answerer.used_like(sent)
    if not (options.static and len(theirs)):
        former, theirs = theirs, _taken_over(theirs, sent, options)
        if behaviour.merges_former_codecs:
            _merge(sent, former, options)
    answerer.used = theirs
    strip(theirs, options.strip, options.kept)
    strip(theirs, options.consume, options.kept)
    strip(theirs, options.mask, options.kept)
    bring_back(theirs, options.offer, sent)
    transcode(theirs, options.transcode, sent)
    _restore(theirs, sent, options, rejected)
    follow(theirs, sent)
    offerer.forced = offerer.forced or options.forced
    forced = offerer.forced_from(answerer)
    _route(theirs, mine, options, forced)
    follow(theirs, sent)
    _route(theirs, mine, options, forced)
    if behaviour.remembers_offered_codecs:
        offerer.offered, answerer.offered = mine.copy(), theirs.copy()


def answer(
    sent: CodecList, options: CodecOptions, *, answerer: SideCodecs, offerer: SideCodecs, rejected: bool
) -> None:
    """Take in what the answerer `sent`; ``offerer.used`` is what the offerer is answered then."""
    behaviour = sent.behaviour
    if behaviour.remembers_offered_codecs and answerer.offered is not None and offerer.offered is not None:
        answerer.used, offerer.used = answerer.offered.copy(), offerer.offered.copy()
    offered = offerer.used_like(sent)
    mine = _taken_over(
        answerer.used_like(sent), sent, options, answering=not rejected, also=None if rejected else offered
    )
    answerer.used = mine
    strip(mine, options.strip, options.kept)
    bring_back(mine, options.offer, sent)
    _restore(mine, sent, options, rejected)

    theirs = offerer.used = _answered(mine, offered, options, offerer.forced_from(answerer))
    answerer.forced = answerer.forced or options.forced
    _route(theirs, mine, options, answerer.forced_from(offerer))
    follow(theirs)
    follow(mine)
    _route(theirs, mine, options, answerer.forced_from(offerer))
    routes(mine, theirs, refusing=True, asymmetric=options.asymmetric, forced=offerer.forced_from(answerer))


def subscribe(sent: CodecList, options: CodecOptions, *, source: SideCodecs, subscriber: SideCodecs) -> None:
    """Take what a source uses, of what it had `sent`, over to a subscriber: ``subscriber.used`` is offered then."""
    mine = source.used_like(sent)
    theirs = subscriber.used = _taken_over(subscriber.used_like(sent), mine.copy(), options)
    for words in (options.strip, options.consume, options.mask):
        strip(theirs, words, options.kept)
    bring_back(theirs, options.offer, sent)
    transcode(theirs, options.transcode, sent)
    _route(theirs, mine, options, options.forced)


def created(sent: CodecList, options: CodecOptions, *, party: SideCodecs) -> None:
    """Take what a party that was created has `sent` in answer."""
    used = party.used = _taken_over(party.used_like(sent), sent, options)
    strip(used, options.strip, options.kept)
    bring_back(used, options.offer, sent)


def subscribed(sent: CodecList, options: CodecOptions, *, source: SideCodecs, subscriber: SideCodecs) -> bool:
    """Take what a subscriber has `sent` in answer, and tell whether it takes all codecs of the source."""
    theirs = source.used_like(sent)
    mine = subscriber.used = _taken_over(subscriber.used_like(sent), sent, options, answering=True, also=theirs)
    taken = [mine.get(codec.payload_type) for codec in theirs]
    whole = all(it is not None and it.matches(codec) for it, codec in zip(taken, theirs, strict=True))
    if not whole:
        strip(mine, options.strip, options.kept)
        bring_back(mine, options.offer, sent)
    return whole


def _route(source: CodecList, sink: CodecList, options: CodecOptions, forced: bool) -> None:
    routes(source, sink, asymmetric=options.asymmetric, forced=forced)


def _restore(codecs: CodecList, sent: CodecList, options: CodecOptions, rejected: bool) -> None:
    if options.may_be_empty or (rejected and sent.behaviour.remembers_offered_codecs):
        return
    restore_if_empty(codecs, sent)


def _merge(sent: CodecList, former: CodecList, options: CodecOptions) -> None:
    """Let the offerer's list know what was there before, for codecs to come back with their payload types."""
    if options.reuse:
        fresh = [codec for codec in former if sent.get(codec.payload_type) is None]
    else:
        fresh = list(reversed(tuple(former)))
    for codec in fresh:
        sent.prepend(attrs.evolve(codec, former=sent.behaviour.remembers_offered_codecs))


def _taken_over(
    old: CodecList,
    sent: CodecList,
    options: CodecOptions,
    *,
    answering: bool = False,
    also: CodecList | None = None,
) -> CodecList:
    """Return the list of a side that `sent` these codecs, with what was noted about them before.

    Where it is `answering`, only what it was offered.
    """
    if options.reuse:
        return _reused(old, sent, answering)
    behaviour = sent.behaviour
    new = sent.empty()
    for codec in sent:
        known = old.get(codec.payload_type)
        if behaviour.compares_parameters and known is not None and not known.matches(codec):
            known = None
        if answering and known is None:
            if behaviour.remembers_offered_codecs and also is not None:
                known = also.get(codec.payload_type)
                known = known if known is not None and known.matches(codec) else None
            if known is None and options.asymmetric:
                known = old.like(codec)
            if known is None:
                continue
            if known.supplemental:
                known = None
        taken = attrs.evolve(codec, answered_as=codec.payload_type)
        if known is not None:
            taken = attrs.evolve(
                taken,
                payload_type=known.payload_type,
                transcoded=known.transcoded,
                accepted=known.accepted,
            )
            if taken.transcoded:
                new.touch(taken)
        sent.replace(codec, taken)
        new.append(taken)
    return new


def _reused(old: CodecList, sent: CodecList, answering: bool) -> CodecList:
    """Return the list as it was, less what is no longer sent, and with what is new behind it."""
    new = old.copy()
    for codec in sent:
        known = new.get(codec.payload_type)
        if known is not None and sent.behaviour.merges_former_codecs:
            noted = known if sent.behaviour.remembers_offered_codecs else codec
            new.renew(known, attrs.evolve(codec, transcoded=noted.transcoded, accepted=noted.accepted))
        elif known is None and not answering:
            new.append(codec)
    for codec in new:
        if sent.get(codec.payload_type) is None:
            new.remove(codec)
    return new


def _answered(mine: CodecList, old: CodecList, options: CodecOptions, forced: bool) -> CodecList:
    """Return what the offerer is answered: what the answerer's codecs become, and what goes with them."""
    new = mine.empty()
    following = []
    count = 0
    for route in routes(mine, old, refusing=True, asymmetric=options.asymmetric, forced=forced):
        codec = route.source
        if mine.get(codec.payload_type) is None:
            continue
        if codec.supplemental:
            # It comes with the codecs that it belongs to, unless nothing was touched at all.
            if codec.transcoded or mine.touched(codec.clock_rate) or old.touched(codec.clock_rate):
                continue
        elif options.single and count:
            continue
        if new.get(route.target.payload_type) is None:
            own = codec.payload_type if codec.answered_as is None else codec.answered_as
            new.append(attrs.evolve(codec, payload_type=own) if route.passed else route.target)
            count += not codec.supplemental
        following += [_following(it, mine, old, options) for it in (route.noise, route.events) if it is not None]
    for known in following:
        if known is not None and new.get(known.payload_type) is None:
            new.append(known)
    if old.behaviour.merges_former_codecs:
        new.take_touches(old)
    return new


def _following(codec: CodecEntry, mine: CodecList, old: CodecList, options: CodecOptions) -> CodecEntry | None:
    """Return how the offerer knows a telephone-event or CN; with payload types of each side's own, the answerer."""
    known, sent = old.get(codec.payload_type), mine.get(codec.payload_type)
    if options.asymmetric and sent is not None and (known is None or not sent.matches(known)):
        return sent
    return known
