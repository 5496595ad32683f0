"""The codecs of a section: what becomes of an offer's toward the answerer, and of an answer's toward the offerer.

Each side of a section has a list of codecs in use (`SideCodecs`). A message brings a new list from its sender. The
engine makes two lists of it. The sender's own list is what came, with the notes from earlier exchanges and with
the codecs that options add or strip on that side. The receiver's list is what it is told: what came, less the
stripped codecs, plus those that the engine offers to transcode. `routes` then pairs the two lists: it finds for
each codec of one side the codec that the engine sends to the other side, and so tells where the engine must
transcode. An answer is made of these routes: only codecs that the offerer listed come back to it.

The order of the steps is the daemon's. Many steps depend on what earlier ones noted about a codec (``transcoded``,
``accepted``) or about a clock rate (`CodecList.touch`), so moving one changes the result.
"""

from collections.abc import Callable, Iterator
from typing import TypeAlias

import attrs

from ..request import CodecOptions
from .entry import CodecEntry
from .list import CodecList
from .operations import accept, align_supplemental, bring_back, mark_touched, restore_if_empty, strip, transcode
from .routes import routes

__all__ = [
    "CodecExchange",
    "CodecStep",
    "SideCodecs",
    "answer",
    "answer_creation",
    "answer_subscription",
    "offer",
    "offer_subscription",
]


@attrs.define(kw_only=True, eq=False)
class SideCodecs:
    """The codecs of one side of a section; None where that side has not spoken yet."""

    used: CodecList | None = None
    """Those in use."""
    offered: CodecList | None = None
    """Those of the last offer."""
    forced: bool = False
    """All media that this side sends is transcoded."""

    def __len__(self) -> int:
        return 0 if self.used is None else len(self.used)

    def __iter__(self) -> Iterator[CodecEntry]:
        return iter(() if self.used is None else self.used)

    def used_like(self, other: CodecList) -> CodecList:
        """Return those in use, or an empty list for the same type of section as another one."""
        return other.empty() if self.used is None else self.used


@attrs.frozen(kw_only=True)
class CodecExchange:
    """What an offer or an answer says about the codecs of one section, and the two sides that it changes."""

    sent: CodecList
    """The codecs in the section as it came."""
    options: CodecOptions
    sender: SideCodecs
    receiver: SideCodecs
    rejected: bool
    """The section has port 0."""
    repacks: bool
    """The packets of one side hold more media than those of the other, so all media is transcoded."""

    def forced(self, side: SideCodecs) -> bool:
        """Tell whether all media that a side sends is transcoded."""
        return side.forced or self.repacks


CodecStep: TypeAlias = Callable[[CodecExchange], None]
"""Takes the codecs of a section over to both sides."""


def offer(exchange: CodecExchange) -> None:
    """Take the codecs of an offer: the receiver is offered what its side uses after that."""
    sent, options = exchange.sent, exchange.options
    offerer, answerer, behaviour = exchange.sender, exchange.receiver, exchange.sent.behaviour
    own = offerer.used = _take_over(offerer.used_like(sent), sent, options)
    if behaviour.strips_toward_offerer:
        strip(own, options.strip, options.kept)
        bring_back(own, options.offer, sent)
        if not own.stripped_in_full:
            bring_back(own, options.transcode, sent)
    else:
        strip(own, options.ignore, options.kept)
    _restore(own, exchange)
    accept(own, options.accept)
    accept(own, options.consume, sent)
    mark_touched(own, options.mask)

    offered = answerer.used_like(sent)
    if not (options.static and len(offered)):
        former, offered = offered, _take_over(offered, sent, options)
        if behaviour.merges_former_codecs:
            _merge_former(sent, former, options)
    answerer.used = offered
    strip(offered, options.strip, options.kept)
    strip(offered, options.consume, options.kept)
    strip(offered, options.mask, options.kept)
    bring_back(offered, options.offer, sent)
    transcode(offered, options.transcode, sent)
    _restore(offered, exchange)
    align_supplemental(offered, sent)
    offerer.forced = offerer.forced or options.forced
    _route(offered, own, options, exchange.forced(offerer))
    align_supplemental(offered, sent)
    _route(offered, own, options, exchange.forced(offerer))
    if behaviour.remembers_offered_codecs:
        offerer.offered, answerer.offered = own.copy(), offered.copy()


def answer(exchange: CodecExchange) -> None:
    """Take the codecs of an answer: the receiver is answered with what its side uses after that."""
    sent, options = exchange.sent, exchange.options
    answerer, offerer, behaviour = exchange.sender, exchange.receiver, exchange.sent.behaviour
    if behaviour.remembers_offered_codecs and answerer.offered is not None and offerer.offered is not None:
        answerer.used, offerer.used = answerer.offered.copy(), offerer.offered.copy()
    offered = offerer.used_like(sent)
    own = _take_over(
        answerer.used_like(sent),
        sent,
        options,
        answering=not exchange.rejected,
        other=None if exchange.rejected else offered,
    )
    answerer.used = own
    strip(own, options.strip, options.kept)
    bring_back(own, options.offer, sent)
    _restore(own, exchange)

    answered = offerer.used = _answer(own, offered, options, exchange.forced(offerer))
    answerer.forced = answerer.forced or options.forced
    _route(answered, own, options, exchange.forced(answerer))
    align_supplemental(answered)
    align_supplemental(own)
    _route(answered, own, options, exchange.forced(answerer))
    routes(own, answered, refusing=True, asymmetric=options.asymmetric, forced=exchange.forced(offerer))


def offer_subscription(exchange: CodecExchange) -> None:
    """Take the codecs that a source uses over to a subscriber, which is offered what its side uses after that."""
    sent, options = exchange.sent, exchange.options
    source = exchange.sender.used_like(sent)
    offered = _take_over(exchange.receiver.used_like(sent), source.copy(), options)
    exchange.receiver.used = offered
    for words in (options.strip, options.consume, options.mask):
        strip(offered, words, options.kept)
    bring_back(offered, options.offer, sent)
    transcode(offered, options.transcode, sent)
    _route(offered, source, options, options.forced)


def answer_subscription(exchange: CodecExchange) -> bool:
    """Take the codecs of a subscriber's answer, and tell whether it takes all codecs of the source."""
    sent, options = exchange.sent, exchange.options
    source = exchange.receiver.used_like(sent)
    own = _take_over(exchange.sender.used_like(sent), sent, options, answering=True, other=source)
    exchange.sender.used = own
    counterparts = [own.get(codec.payload_type) for codec in source]
    takes_all = all(
        counterpart is not None and counterpart.matches(codec)
        for counterpart, codec in zip(counterparts, source, strict=True)
    )
    if not takes_all:
        strip(own, options.strip, options.kept)
        bring_back(own, options.offer, sent)
    return takes_all


def answer_creation(exchange: CodecExchange) -> None:
    """Take the codecs of the answer to an offer that the engine created."""
    sent, options = exchange.sent, exchange.options
    own = exchange.sender.used = _take_over(exchange.sender.used_like(sent), sent, options)
    strip(own, options.strip, options.kept)
    bring_back(own, options.offer, sent)


def _route(source: CodecList, sink: CodecList, options: CodecOptions, forced: bool) -> None:
    routes(source, sink, asymmetric=options.asymmetric, forced=forced)


def _restore(codecs: CodecList, exchange: CodecExchange) -> None:
    """Take back all codecs that came if none is left, unless the section may do without."""
    rejected = exchange.rejected and exchange.sent.behaviour.remembers_offered_codecs
    if not (exchange.options.may_be_empty or rejected):
        restore_if_empty(codecs, exchange.sent)


def _merge_former(sent: CodecList, former: CodecList, options: CodecOptions) -> None:
    """Add the former codecs to the sender's list, so that one that returns gets its former payload type."""
    if options.reuse:
        codecs = [codec for codec in former if sent.get(codec.payload_type) is None]
    else:
        codecs = list(reversed(tuple(former)))
    for codec in codecs:
        sent.prepend(attrs.evolve(codec, former=sent.behaviour.remembers_offered_codecs))


def _take_over(
    old: CodecList,
    sent: CodecList,
    options: CodecOptions,
    *,
    answering: bool = False,
    other: CodecList | None = None,
) -> CodecList:
    """Return the new list of the side that `sent` these codecs, with the notes of its `old` one.

    If it is `answering`, the list has only codecs that it was offered: those of `old`, and in versions that
    remember offers those of the `other` side too.
    """
    if options.reuse:
        return _reuse(old, sent, answering)
    behaviour = sent.behaviour
    new = sent.empty()
    for codec in sent:
        known = old.get(codec.payload_type)
        if behaviour.compares_parameters and known is not None and not known.matches(codec):
            known = None
        if answering and known is None:
            if behaviour.remembers_offered_codecs and other is not None:
                known = other.get(codec.payload_type)
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


def _reuse(old: CodecList, sent: CodecList, answering: bool) -> CodecList:
    """Return the `old` list without the codecs that were not `sent` again, and with new ones at its end."""
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


def _answer(own: CodecList, offered: CodecList, options: CodecOptions, forced: bool) -> CodecList:
    """Return what the offerer is answered: what its `offered` codecs become by the answerer's `own` ones."""
    answered = own.empty()
    companions = []
    count = 0
    for route in routes(own, offered, refusing=True, asymmetric=options.asymmetric, forced=forced):
        codec = route.source
        if own.get(codec.payload_type) is None:
            continue
        if codec.supplemental:
            # It comes with the codecs that it accompanies, unless nothing was touched at their clock rate.
            if codec.transcoded or own.touched(codec.clock_rate) or offered.touched(codec.clock_rate):
                continue
        elif options.single and count:
            continue
        if answered.get(route.target.payload_type) is None:
            number = codec.payload_type if codec.answered_as is None else codec.answered_as
            answered.append(attrs.evolve(codec, payload_type=number) if route.passed else route.target)
            count += not codec.supplemental
        companions += [
            _companion(supplemental, own, offered, options)
            for supplemental in (route.noise, route.events)
            if supplemental is not None
        ]
    for companion in companions:
        if companion is not None and answered.get(companion.payload_type) is None:
            answered.append(companion)
    if offered.behaviour.merges_former_codecs:
        answered.copy_touches(offered)
    return answered


def _companion(codec: CodecEntry, own: CodecList, offered: CodecList, options: CodecOptions) -> CodecEntry | None:
    """Return a telephone-event or CN as the offerer knows it.

    If each side may have its own payload types and the two differ, it is returned as the answerer knows it.
    """
    known, sent = offered.get(codec.payload_type), own.get(codec.payload_type)
    if options.asymmetric and sent is not None and (known is None or not sent.matches(known)):
        return sent
    return known
