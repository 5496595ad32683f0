"""DTLS-SRTP (RFC 5763) and SDES (RFC 4568): roles, associations and keys.

The engine encrypts toward each party on its own. What the sender says is recorded first (`take_sdes`, `take_dtls`);
then `secure` decides about the receiver. An offer may have both DTLS and SDES, with the suites of the sender and
one key for each suite that is missing; an answer settles on one of the two. Where the sender and the receiver use
the same suite, the sender's key is passed on, so that media need not be encrypted again.

A DTLS association has a name, its ``tls-id`` (RFC 8842). With ICE there is one for the section, without ICE one for
each port; both are renewed together, since a party may change between the two.
"""

import attrs

from ...sdp.daemon import KEY_BYTES
from ..request import Context, Options
from .ice import restarts_ice
from .party import Association, PartyMedia, SdesKey
from .read import SentSection

__all__ = ["end_association", "needs_new_association", "secure", "shake_hands", "take_dtls", "take_sdes"]

_BOTH = frozenset({"active", "passive"})
_OTHER = {"active": "passive", "passive": "active"}
_PARAMS = ("UNENCRYPTED_SRTP", "UNENCRYPTED_SRTCP", "UNAUTHENTICATED_SRTP")


def take_sdes(sender: PartyMedia, section: SentSection, context: Context) -> None:
    """Record the SDES keys that the sender offers or chooses, and drop the engine's keys that do not match."""
    options, behaviour = context.options, context.behaviour
    sender.sdes_in = section.cryptos
    if not section.cryptos:
        return
    sender.sdes = True
    if "nonew" not in options.sdes:
        allowed = tuple(key for key in section.cryptos if options.offers_suite(key.suite))
        if section.cryptos[-1] in allowed or not behaviour.looks_at_last_suite:
            sender.sdes_in = allowed or (section.cryptos[:1] if behaviour.keeps_a_suite else ())
    if not sender.sdes_in:
        return
    first = sender.sdes_in[0]
    sender.sdes_out = tuple(key for key in sender.sdes_out if (key.suite, key.tag) == (first.suite, first.tag))


def take_dtls(sender: PartyMedia, section: SentSection, context: Context, *, is_offer: bool) -> None:
    """Record the sender's certificate and DTLS role."""
    options = context.options
    former = sender.roles
    sender.roles = frozenset(_OTHER[role] for role in section.roles)
    if is_offer and "prefer" in options.sdes and sender.sdes:
        sender.dtls, sender.roles = False, frozenset()
    if is_offer and sender.roles == _BOTH and former == {"passive"}:
        # The engine stays passive if it was passive before.
        sender.roles = frozenset({"passive"})
    asked = {options.dtls_reverse, options.dtls if is_offer and context.behaviour.chooses_role_early else ""}
    if "passive" in asked and "passive" in sender.roles:
        sender.roles = frozenset({"passive"})
    sender.fingerprint = (section.hash_function, section.fingerprint)
    sender.party_tls_id = section.tls_id
    sender.dtls = bool(sender.roles and section.fingerprint)


def secure(
    receiver: PartyMedia,
    sender: PartyMedia,
    context: Context,
    *,
    is_offer: bool,
) -> None:
    """Decide about DTLS and SDES toward the receiver."""
    if not receiver.transport.is_srtp or receiver.passthrough:
        receiver.sdes_out = ()
        receiver.dtls, receiver.sdes, receiver.roles = False, False, frozenset()
        if receiver.passthrough or (context.behaviour.secures_no_unknown and not sender.transport.is_known):
            sender.dtls, sender.sdes, sender.roles = False, False, frozenset()
    elif is_offer:
        _secure_offer(receiver, sender, context)
    else:
        _secure_answer(receiver, sender, context)


def _secure_offer(receiver: PartyMedia, sender: PartyMedia, context: Context) -> None:
    options = context.options
    receiver.roles = _BOTH
    if not receiver.dtls and not receiver.sdes:
        receiver.dtls = options.dtls != "off"
        receiver.sdes = not options.sdes_off
    if receiver.sdes:
        receiver.sdes_out = _offered_keys(receiver.sdes_out, sender, context)
    if receiver.dtls and not receiver.hash_function:
        receiver.hash_function = options.dtls_fingerprint.lower()


def _offered_keys(former: tuple[SdesKey, ...], sender: PartyMedia, context: Context) -> tuple[SdesKey, ...]:
    """Return the keys for an offer: the sender's, the `former` ones, and a new one for each other suite."""
    options = context.options
    keys = [
        SdesKey(
            tag=key.tag,
            suite=key.suite,
            key=key.key_params,
            session_params=_session_params(key.session_params, options, is_offer=True),
        )
        for key in sender.sdes_in
        if "nonew" in options.sdes or options.offers_suite(key.suite)
    ]
    tag = max((key.tag for key in keys), default=0) + 1
    seen = {key.suite for key in keys}
    for key in former:
        if key.suite not in seen:
            keys.append(attrs.evolve(key, tag=max(key.tag, tag)))
            tag = keys[-1].tag + 1
            seen.add(key.suite)
    if "nonew" not in options.sdes:
        for suite in KEY_BYTES:
            if suite not in seen and options.offers_suite(suite):
                params = _session_params((), options, is_offer=True)
                keys.append(
                    SdesKey(
                        tag=tag, suite=suite, key=f"inline:{context.resources.key(suite)}", session_params=params
                    )
                )
                tag += 1
    orders = [word.removeprefix("order:") for word in options.sdes if word.startswith("order:")]
    suites = [suite for order in orders for suite in order.split(";")]
    ranks = {suite: rank for rank, suite in enumerate(suites)}
    return tuple(sorted(keys, key=lambda key: ranks.get(key.suite, len(ranks))))


def _secure_answer(receiver: PartyMedia, sender: PartyMedia, context: Context) -> None:
    options = context.options
    if options.dtls == "passive" and "passive" in receiver.roles:
        receiver.roles -= {"active"}
    if "active" in receiver.roles:
        receiver.roles -= {"passive"}
    if receiver.dtls and receiver.sdes and options.dtls == "off":
        receiver.dtls, receiver.fingerprint = False, ("", "")
    if receiver.dtls:
        receiver.sdes = False
        return
    offered = sender.sdes_in[0] if sender.sdes_in else None
    chosen = next((key for key in receiver.sdes_in if offered and key.suite == offered.suite), None)
    chosen = chosen or (receiver.sdes_in[0] if receiver.sdes_in else None)
    if chosen is None:
        return
    if not receiver.sdes_out or receiver.sdes_out[0].suite != chosen.suite:
        same = offered is not None and offered.suite == chosen.suite
        key = offered.key_params if same and offered else f"inline:{context.resources.key(chosen.suite)}"
        params = _session_params(chosen.session_params, options, is_offer=False)
        receiver.sdes_out = (SdesKey(tag=chosen.tag, suite=chosen.suite, key=key, session_params=params),)
        receiver.sdes_in = (chosen,)


def _session_params(former: tuple[str, ...], options: Options, *, is_offer: bool) -> tuple[str, ...]:
    """Return the session parameters of a key: the `former` ones, as the words of ``SDES`` change them."""
    words = {word.upper() for word in options.sdes}
    return tuple(
        name
        for name in _PARAMS
        if (is_offer and name in words) or (name in former and name.removeprefix("UN") not in words)
    )


def needs_new_association(sender: PartyMedia, section: SentSection, options: Options) -> bool:
    """Tell whether the sender's section begins a new association; it must not be recorded in `sender` yet."""
    function, fingerprint = sender.fingerprint
    if (function, fingerprint) != (section.hash_function, section.fingerprint):
        return bool(function and fingerprint)
    if sender.party_tls_id or section.tls_id:
        return bool(sender.party_tls_id) and sender.party_tls_id != section.tls_id
    return bool(sender.ufrag) and restarts_ice(sender, section) and "no-tls-id" not in options.words


def end_association(media: PartyMedia) -> None:
    """End the associations of a section."""
    for association in _associations(media):
        association.name = ""


def shake_hands(media: PartyMedia, context: Context) -> None:
    """Begin the associations of a section, unless it has some in which the engine's role is still allowed."""
    if media.current is None:
        return
    if not media.dtls:
        end_association(media)
        return
    current = media.association
    is_active = current.is_active
    if not current.name or ("active" if is_active else "passive") not in media.roles:
        is_active = bool(media.advertised) and "active" in media.roles
    for association in _associations(media):
        changes = association.is_active != is_active and not context.behaviour.changes_role_within_association
        if not association.name or changes:
            association.name = context.resources.tls_id()
        association.is_active = is_active


def _associations(media: PartyMedia) -> tuple[Association, ...]:
    return (media.ice_association, *((media.current.association,) if media.current is not None else ()))
