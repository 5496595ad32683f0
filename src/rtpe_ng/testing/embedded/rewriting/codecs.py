"""The codecs of a section: what an offer's become toward the answerer, and an answer's toward the offerer."""

from __future__ import annotations

import attrs

from .codec_list import CodecList
from .codec_operations import accept, bring_back, follow, restore_if_empty, strip, track, transcode
from .codec_options import CodecOptions
from .codec_routes import routes

__all__ = ["SideCodecs", "answer", "offer"]


@attrs.define(kw_only=True, eq=False)
class SideCodecs:
    """The codecs of one side of a section: those in use, and those of the last offer."""

    used: CodecList
    offered: CodecList | None = None

    @classmethod
    def empty(cls, like: CodecList) -> SideCodecs:
        """Return a side that has sent nothing yet."""
        return cls(used=CodecList(media_type=like.media_type, behaviour=like.behaviour))


def offer(
    sent: CodecList, options: CodecOptions, *, offerer: SideCodecs, answerer: SideCodecs, rejected: bool
) -> None:
    """Take in what the offerer `sent`; ``answerer.used`` is what the answerer is offered then.

    `rejected` is an offer with port 0.
    """
    behaviour = sent.behaviour
    mine = offerer.used = _taken_over(offerer.used, sent, options)
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

    if not (options.static and len(answerer.used)):
        former = answerer.used
        answerer.used = _taken_over(former, sent, options)
        if behaviour.merges_former_codecs:
            _merge(sent, former, options)
    theirs = answerer.used
    strip(theirs, options.strip, options.kept)
    strip(theirs, options.consume, options.kept)
    strip(theirs, options.mask, options.kept)
    bring_back(theirs, options.offer, sent)
    transcode(theirs, options.transcode, sent)
    _restore(theirs, sent, options, rejected)
    follow(theirs, sent)
    _route(theirs, mine, options)
    follow(theirs, sent)
    _route(theirs, mine, options)
    if behaviour.remembers_offered_codecs:
        offerer.offered, answerer.offered = mine.copy(), theirs.copy()


def answer(
    sent: CodecList, options: CodecOptions, *, answerer: SideCodecs, offerer: SideCodecs, rejected: bool
) -> None:
    """Take in what the answerer `sent`; ``offerer.used`` is what the offerer is answered then."""
    behaviour = sent.behaviour
    if behaviour.remembers_offered_codecs and answerer.offered is not None and offerer.offered is not None:
        answerer.used, offerer.used = answerer.offered.copy(), offerer.offered.copy()
    offered = None if rejected else offerer.used
    mine = answerer.used = _taken_over(answerer.used, sent, options, answering=not rejected, also=offered)
    strip(mine, options.strip, options.kept)
    bring_back(mine, options.offer, sent)
    _restore(mine, sent, options, rejected)

    theirs = offerer.used = _answered(mine, offerer.used, options)
    _route(theirs, mine, options)
    follow(theirs)
    follow(mine)
    _route(theirs, mine, options)
    routes(mine, theirs, refusing=True, asymmetric=options.asymmetric)


def _route(source: CodecList, sink: CodecList, options: CodecOptions) -> None:
    routes(source, sink, asymmetric=options.asymmetric, forced=options.forced)


def _restore(codecs: CodecList, sent: CodecList, options: CodecOptions, rejected: bool) -> None:
    if options.may_be_empty or (rejected and sent.behaviour.remembers_offered_codecs):
        return
    restore_if_empty(codecs, sent)


def _merge(sent: CodecList, former: CodecList, options: CodecOptions) -> None:
    """Let the offerer's list know what was there before, for codecs to come back with their payload types."""
    for codec in reversed(tuple(former)):
        if options.reuse and sent.get(codec.payload_type) is not None:
            continue
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
    new = CodecList(media_type=sent.media_type, behaviour=behaviour)
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
            new.replace(known, attrs.evolve(codec, transcoded=known.transcoded, accepted=known.accepted))
        elif known is None and not answering:
            new.append(codec)
    for codec in new:
        if sent.get(codec.payload_type) is None:
            new.remove(codec)
    return new


def _answered(mine: CodecList, old: CodecList, options: CodecOptions) -> CodecList:
    """Return what the offerer is answered: what the answerer's codecs become, and what goes with them."""
    made = routes(mine, old, refusing=True, asymmetric=options.asymmetric)
    new = CodecList(media_type=old.media_type, behaviour=old.behaviour)
    following = []
    count = 0
    for route in made:
        codec = route.source
        if mine.get(codec.payload_type) is None:
            continue
        if codec.supplemental:
            if codec.transcoded or mine.touched(codec.clock_rate) or old.touched(codec.clock_rate):
                continue
        elif options.single and count:
            continue
        if new.get(route.target.payload_type) is None:
            number = codec.answered_as if route.passed else None
            new.append(attrs.evolve(route.target, payload_type=number) if number is not None else route.target)
            count += not codec.supplemental
        for one in (route.noise, route.events):
            found = None if one is None else old.get(one.payload_type)
            if options.asymmetric and one is not None:
                sent = mine.get(one.payload_type)
                found = sent if sent is not None and (found is None or not sent.matches(found)) else found
            if found is not None:
                following.append(found)
    for codec in following:
        if new.get(codec.payload_type) is None:
            new.append(codec)
    if old.behaviour.merges_former_codecs:
        new.take_touches(old)
    return new
