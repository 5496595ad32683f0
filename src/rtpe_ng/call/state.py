"""`CallState`: the facts of a call as a short string, which can be kept between two SIP requests."""

import re
from typing import Self

import attrs

from ..errors import UsageError
from ..legs import Direction, Leg
from .dtls import DtlsRoles
from .negotiation import Negotiation, Phase
from .review import Offered

LONGEST = 2048
"""How long an exported state may be, in characters. It may come back from the network."""

_VERSION = "1"
_LETTERS = {Phase.NEW: "n", Phase.OFFERED: "o", Phase.EARLY: "e", Phase.ANSWERED: "a"}
_PHASES = {letter: phase for phase, letter in _LETTERS.items()}
_PARTIES = {"callee": "e", "caller": "c"}
_LEGS = {Leg.WEB: "w", Leg.SIP: "s"}
_PLAIN = re.compile(r"[^A-Za-z0-9-]")
_ESCAPED = re.compile(r"~([0-9a-f]{2})")


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
            _escaped(state.caller),
            _escaped(state.callee or ""),
            _escaped(self.via_branch or ""),
            _phase(state),
            "" if state.stable is None else _phase(state.stable),
            "".join(
                _PARTIES[party].upper() if party in self.roles.forgotten else _PARTIES[party]
                for party in sorted(self.roles.passive)
            ),
        ]
        if self.offered is not None:
            fields.append(_escaped(str(self.offered)))
        return ".".join(fields)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a text that `str` wrote. Raises `UsageError` for anything else."""
        fields = text.split(".") if isinstance(text, str) and len(text) <= LONGEST else []
        if len(fields) not in (10, 11) or fields[0] != _VERSION:
            raise UsageError("no state of a call: what call.state gave is expected, as it was")
        try:
            _, legs, profile, call_id, caller, callee, branch, phase, stable, dtls, *more = map(_plain, fields)
            kinds = {letter: leg for leg, letter in _LEGS.items()}
            state = _state(caller, callee, phase, stable)
            parties = {letter: party for party, letter in _PARTIES.items()}
            parsed = cls(
                call_id=_not_empty(call_id),
                direction=Direction.of(kinds[legs[0]], kinds[legs[1:]]),
                profile=profile,
                negotiation=state,
                via_branch=branch or None,
                roles=DtlsRoles(
                    passive=frozenset(parties[letter.lower()] for letter in dtls),
                    forgotten=frozenset(parties[letter.lower()] for letter in dtls if letter.isupper()),
                ),
                offered=Offered.parse(more[0]) if more else None,
            )
        except (LookupError, ValueError) as error:
            raise UsageError("no state of a call: it was changed or cut") from error
        # One state has one text. Otherwise a changed text could be taken for the original.
        if str(parsed) != text:
            raise UsageError("no state of a call: it is written otherwise than call.state writes it")
        return parsed

    def established(self, tags: tuple[str, str]) -> Self:
        """Return the state within the dialogue of these two tags, which was established after this state was taken.

        An offer that was open then has been answered since. Raises `UsageError` if it is another call's dialogue.
        """
        state = self.negotiation
        known = [tag for tag in (state.caller, state.callee) if tag is not None]
        if len(set(tags)) != 2 or not all(tags) or not set(known) <= set(tags):
            raise UsageError(f"within={tags!r}: From and To tag of this call expected, of which it knows {known}")
        (callee,) = set(tags) - {state.caller}
        offerer = state.caller if state.offerer is None else state.offerer
        answered = Negotiation(caller=state.caller, callee=callee, phase=Phase.ANSWERED, offerer=offerer)
        return attrs.evolve(self, negotiation=answered)


def _escaped(text: str) -> str:
    # One character for each byte, so that two hexadecimal digits are enough for all that is escaped.
    raw = text.encode("utf-8", "surrogateescape").decode("latin-1")
    return _PLAIN.sub(lambda match: f"~{ord(match[0]):02x}", raw)


def _plain(text: str) -> str:
    if _PLAIN.search(_ESCAPED.sub("", text)):
        raise ValueError(text)
    raw = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return raw.encode("latin-1").decode("utf-8", "surrogateescape")


def _not_empty(text: str) -> str:
    if not text:
        raise ValueError(text)
    return text


def _phase(state: Negotiation) -> str:
    by = "" if state.offerer is None else "c" if state.offerer == state.caller else "e"
    return _LETTERS[state.phase] + by


def _state(caller: str, callee: str, phase: str, stable: str) -> Negotiation:
    parties = {"": None, "c": _not_empty(caller), "e": callee}
    unanswered = _PHASES[phase[0]] in (Phase.OFFERED, Phase.EARLY)
    if bool(stable) != unanswered or (phase[1:] == "e" and not callee) or caller == callee:
        raise ValueError(phase)
    before = None
    if stable:
        before = _state(caller, callee, stable, "")
        if before.phase is Phase.NEW:
            # Before the first offer is answered, the callee is not known.
            before = attrs.evolve(before, callee=None)
    state = Negotiation(
        caller=caller, callee=callee or None, phase=_PHASES[phase[0]], offerer=parties[phase[1:]], stable=before
    )
    if (state.offerer is None) != (state.phase is Phase.NEW) or (state.phase is Phase.ANSWERED and not callee):
        raise ValueError(phase)
    return state
