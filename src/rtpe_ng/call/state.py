"""`CallState`: the facts of a call as a short string, which can be kept between two SIP requests."""

import re
from typing import Self

import attrs

from ..errors import UsageError
from ..legs import Direction, Leg
from .dtls import DtlsRoles
from .negotiation import CALLEE, CALLER, LETTERS, Negotiation, Phase
from .review import Offered
from .sections import escaped, unescaped

LONGEST = 2048
"""How long an exported state may be, in characters. It may come back from the network."""

_VERSION = "2"
_LETTERS = {Phase.NEW: "n", Phase.OFFERED: "o", Phase.EARLY: "e", Phase.ANSWERED: "a"}
_PHASES = {letter: phase for phase, letter in _LETTERS.items()}
_LEGS = {Leg.WEB: "w", Leg.SIP: "s"}
_PLACES = {None: "", CALLER: LETTERS[CALLER], CALLEE: LETTERS[CALLEE]}
_SETS = {frozenset[str](): "", frozenset({CALLER}): "c", frozenset({CALLEE}): "e", frozenset({CALLER, CALLEE}): "b"}
_LENGTH = 6
"""How many fields a negotiation has."""
_LENGTHS = tuple(7 + negotiations * _LENGTH + offered for negotiations in (1, 2) for offered in (0, 1))
"""How many fields a state may have: with one negotiation or two, with an offer's sections or without."""
_FIELD = re.compile(r"(?:[A-Za-z0-9-]|~[0-9a-f]{2})*")


@attrs.frozen(kw_only=True)
class CallState:
    """The facts of a call: its tags, its legs, and the phase of its negotiation.

    As text it consists of letters, digits, ``-``, ``.`` and ``~``, so it needs no escaping in a parameter of a SIP
    URI or header (RFC 3261, section 25.1), in a cookie or in a file name.
    """

    call_id: str
    """The SIP Call-ID."""
    direction: Direction
    """The legs of the caller and the callee."""
    profile: str
    """The name of the profile."""
    negotiation: Negotiation
    """The state of offer and answer, with the tags of both parties."""
    pass_id: str | None = None
    """What tells this pass of a spiral from the first one; None for the first one."""
    via_branch: str | None = None
    """The branch of a forked call; None for the call itself."""
    roles: DtlsRoles = DtlsRoles()
    """The DTLS roles of the daemon."""
    offered: Offered | None = None
    """The sections of the last offer; None if they are not known."""

    def __str__(self) -> str:
        state = self.negotiation
        fields = [
            _VERSION,
            "".join(_LEGS[leg] for leg in (self.direction.caller, self.direction.callee)),
            _escaped(self.profile),
            _escaped(self.call_id),
            _escaped(self.pass_id or ""),
            _escaped(self.via_branch or ""),
            *_written(state),
            *([] if state.stable is None else _written(state.stable)),
            "".join(
                LETTERS[party].upper() if party in self.roles.forgotten else LETTERS[party]
                for party in sorted(self.roles.passive)
            ),
            *([] if self.offered is None else [_escaped(str(self.offered))]),
        ]
        return ".".join(fields)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a text that `str` wrote. Raises `UsageError` for anything else."""
        fields = text.split(".") if isinstance(text, str) and len(text) <= LONGEST else []
        if len(fields) not in _LENGTHS or fields[0] != _VERSION:
            raise UsageError("no state of a call: what call.state gave is expected, as it was")
        try:
            _, legs, profile, call_id, pass_id, branch, *states = map(_plain, fields)
            offered = states.pop() if len(states) % _LENGTH == 2 else None
            dtls = states.pop()
            kinds = {letter: leg for leg, letter in _LEGS.items()}
            stable = _read(states[_LENGTH:], None) if len(states) > _LENGTH else None
            parties = {letter: party for party, letter in LETTERS.items()}
            parsed = cls(
                call_id=_not_empty(call_id),
                pass_id=pass_id or None,
                direction=Direction.of(kinds[legs[0]], kinds[legs[1:]]),
                profile=profile,
                negotiation=_read(states[:_LENGTH], stable),
                via_branch=branch or None,
                roles=DtlsRoles(
                    passive=frozenset(parties[letter.lower()] for letter in dtls),
                    forgotten=frozenset(parties[letter.lower()] for letter in dtls if letter.isupper()),
                ),
                offered=None if offered is None else Offered.parse(offered),
            )
        except (LookupError, ValueError) as error:
            raise UsageError("no state of a call: it was changed or cut") from error
        # One state has one text. Otherwise a changed text could be taken for the original.
        if str(parsed) != text:
            raise UsageError("no state of a call: it is written otherwise than call.state writes it")
        return parsed

    def followed(self, tag: str) -> Self:
        """Return the state in which another dialogue of the first INVITE, with this To tag, is the call."""
        negotiation = self.negotiation.followed(tag)
        is_another = negotiation.callee != self.negotiation.callee
        roles = self.roles.replaced(CALLEE) if is_another else self.roles
        return attrs.evolve(self, negotiation=negotiation, roles=roles, offered=None)

    def established(self, tags: tuple[str, str]) -> Self:
        """Return the state within the dialogue of these two tags, which was established after this state was taken.

        An offer that was open then has been answered since. Raises `UsageError` if it is another call's dialogue.
        """
        # Other offers may have followed; of the sections of this one, none has gone (RFC 3264, section 8).
        offered = None if self.offered is None else attrs.evolve(self.offered, is_outdated=True)
        return attrs.evolve(self, negotiation=self.negotiation.established(tags), offered=offered)


def _escaped(text: str) -> str:
    return escaped(text, mark="~", keep="-")


def _plain(text: str) -> str:
    if not _FIELD.fullmatch(text):
        raise ValueError(text)
    return unescaped(text, mark="~")


def _not_empty(text: str) -> str:
    if not text:
        raise ValueError(text)
    return text


def _written(state: Negotiation) -> list[str]:
    """Return the fields of a negotiation. A tag for the daemon is left out where it is the SIP tag."""
    by = _PLACES[state.place(state.offerer)]
    return [
        _escaped(state.caller),
        _escaped("" if state.caller_ng_tag == state.caller else state.caller_ng_tag),
        _escaped(state.callee or ""),
        _escaped("" if state.callee_ng_tag == state.callee else state.callee_ng_tag or ""),
        _LETTERS[state.phase] + by,
        (_PLACES[state.undecided] or "n")
        + _SETS[state.settled]
        + ("t" if state.is_tangled else "")
        + (f"m{state.transfers or ''}" if state.moved else ""),
    ]


def _read(fields: list[str], stable: Negotiation | None) -> Negotiation:
    caller, caller_ng_tag, callee, callee_ng_tag, phase, places = fields
    unanswered = _PHASES[phase[0]] in (Phase.OFFERED, Phase.EARLY)
    if (stable is not None) != unanswered or caller == callee:
        raise ValueError(phase)
    letters = {letter: place for place, letter in _PLACES.items()}
    offerer = {None: None, CALLER: _not_empty(caller), CALLEE: callee}[letters[phase[1:]]]
    settled_letters, moved, transfers = places[1:].partition("m")
    is_tangled = settled_letters.endswith("t")
    settled = {letter: places for places, letter in _SETS.items()}[settled_letters.removesuffix("t")]
    state = Negotiation(
        caller=caller,
        caller_ng_tag=caller_ng_tag or caller,
        callee=callee or None,
        callee_ng_tag=callee_ng_tag or callee or None,
        phase=_PHASES[phase[0]],
        offerer=offerer,
        undecided=None if places[0] == "n" else _not_none(letters[places[0]]),
        settled=settled,
        moved=bool(moved),
        is_tangled=is_tangled,
        transfers=int(transfers or 0),
        stable=stable,
    )
    if (not state.offerer) != (state.phase is Phase.NEW):
        raise ValueError(phase)
    if state.phase is Phase.ANSWERED and (len(settled) != 2 or state.callee_ng_tag is None):
        raise ValueError(phase)
    return state


def _not_none(place: str | None) -> str:
    if place is None:
        raise ValueError(place)
    return place
