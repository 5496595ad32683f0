"""DTLS and SDES: roles, associations and keys."""

from __future__ import annotations

import attrs

from ..context import Context
from ..request import Options
from ..resources import KEY_BYTES
from .ice import restarts_ice
from .party import Association, PartyMedia, SdesKey
from .read import SentSection

__all__ = ["end_association", "needs_new_association", "secure", "shake_hands", "take_dtls", "take_sdes"]

_BOTH = frozenset({"active", "passive"})
_OTHER = {"active": "passive", "passive": "active"}
_PARAMS = ("UNENCRYPTED_SRTP", "UNENCRYPTED_SRTCP", "UNAUTHENTICATED_SRTP")


def take_sdes(sender: PartyMedia, section: SentSection, context: Context) -> None:
    """Take note of the SDES keys that the sender offers or chooses, and forget our own that do not fit."""
    options, behaviour = context.options, context.behaviour
    sender.sdes_in = section.cryptos
    if not section.cryptos:
        return
    sender.sdes = True
    if "nonew" not in options.sdes:
        fits = [options.offers_suite(it.suite) for it in section.cryptos]
        if fits[-1] or not behaviour.looks_at_last_suite:
            fitting = tuple(it for it, fit in zip(section.cryptos, fits, strict=True) if fit)
            sender.sdes_in = fitting or (section.cryptos[:1] if behaviour.keeps_a_suite else ())
    if not sender.sdes_in:
        return
    first = sender.sdes_in[0]
    sender.sdes_out = tuple(it for it in sender.sdes_out if (it.suite, it.tag) == (first.suite, first.tag))


def take_dtls(sender: PartyMedia, section: SentSection, context: Context, *, is_offer: bool) -> None:
    """Take note of the sender's certificate and DTLS role."""
    options = context.options
    before = sender.roles
    sender.roles = frozenset(_OTHER[role] for role in section.roles)
    if is_offer and "prefer" in options.sdes and sender.sdes:
        sender.dtls, sender.roles = False, frozenset()
    if is_offer and sender.roles == _BOTH and before == {"passive"}:
        # Who was passive before stays so.
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
        receiver.sdes_out = _offered(receiver.sdes_out, sender, context)
    if receiver.dtls and not receiver.hash_function:
        receiver.hash_function = options.dtls_fingerprint.lower()


def _offered(had: tuple[SdesKey, ...], sender: PartyMedia, context: Context) -> tuple[SdesKey, ...]:
    """Return the keys for an offer: those that came, those that were there, and one for each other suite."""
    options = context.options
    keys = [
        SdesKey(
            tag=it.tag,
            suite=it.suite,
            key=it.key_params,
            session_params=_session_params(it.session_params, options, is_offer=True),
        )
        for it in sender.sdes_in
        if "nonew" in options.sdes or options.offers_suite(it.suite)
    ]
    tag = max((key.tag for key in keys), default=0) + 1
    seen = {key.suite for key in keys}
    for key in had:
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
    order = [word.removeprefix("order:") for word in options.sdes if word.startswith("order:")]
    wanted = [name for names in order for name in names.split(";")]
    ranks = {name: rank for rank, name in enumerate(wanted)}
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
    chosen = next((it for it in receiver.sdes_in if offered and it.suite == offered.suite), None)
    chosen = chosen or (receiver.sdes_in[0] if receiver.sdes_in else None)
    if chosen is None:
        return
    if not receiver.sdes_out or receiver.sdes_out[0].suite != chosen.suite:
        same = offered is not None and offered.suite == chosen.suite
        key = offered.key_params if same and offered else f"inline:{context.resources.key(chosen.suite)}"
        params = _session_params(chosen.session_params, options, is_offer=False)
        receiver.sdes_out = (SdesKey(tag=chosen.tag, suite=chosen.suite, key=key, session_params=params),)
        receiver.sdes_in = (chosen,)


def _session_params(had: tuple[str, ...], options: Options, *, is_offer: bool) -> tuple[str, ...]:
    words = {word.upper() for word in options.sdes}
    return tuple(
        name
        for name in _PARAMS
        if (is_offer and name in words) or (name in had and name.removeprefix("UN") not in words)
    )


def needs_new_association(sender: PartyMedia, section: SentSection, options: Options) -> bool:
    """Tell whether the sender's section begins a new association: asked before it is taken note of."""
    function, fingerprint = sender.fingerprint
    if (function, fingerprint) != (section.hash_function, section.fingerprint):
        return bool(function and fingerprint)
    if sender.party_tls_id or section.tls_id:
        return bool(sender.party_tls_id) and sender.party_tls_id != section.tls_id
    return bool(sender.ufrag) and restarts_ice(sender, section) and "no-tls-id" not in options.words


def end_association(media: PartyMedia) -> None:
    """End the associations that media has now."""
    for it in _associations(media):
        it.name = ""


def shake_hands(media: PartyMedia, context: Context) -> None:
    """Begin associations for media as it is now, unless there are some in which the engine's role fits."""
    if media.current is None:
        return
    if not media.dtls:
        end_association(media)
        return
    used = media.association
    is_active = used.is_active
    if not used.name or ("active" if is_active else "passive") not in media.roles:
        is_active = bool(media.advertised) and "active" in media.roles
    for it in _associations(media):
        changes = it.is_active != is_active and not context.behaviour.changes_role_within_association
        if not it.name or changes:
            it.name = context.resources.tls_id()
        it.is_active = is_active


def _associations(media: PartyMedia) -> tuple[Association, ...]:
    return (media.ice_association, *((media.current.association,) if media.current is not None else ()))
