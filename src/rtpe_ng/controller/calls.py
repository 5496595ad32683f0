"""Calls, which know who offered last and which flags their legs take."""

from __future__ import annotations

from collections.abc import Mapping

from ..call import Call, CallSettings, CallState
from ..errors import UsageError
from ..flags import Profile, profiles
from ..legs import Direction, Leg
from .base import Sender

__all__ = ["Calls"]


class Calls(Sender):
    """Makes calls, and makes them anew."""

    def call(
        self,
        call_id: str,
        *,
        from_tag: str,
        direction: Direction,
        profile: Profile = profiles.MODERN,
        interfaces: Mapping[Leg, str] | None = None,
        delete_delay: int | None = None,
        strict: bool = False,
    ) -> Call:
        """Return a `Call`, which knows who offered last and which flags its legs take. Nothing is sent yet.

        `from_tag` is the caller's tag; `interfaces` names the engine's logical interface of each leg, such as
        ``{Leg.WEB: "pub", Leg.SIP: "priv"}``; `delete_delay` is as for `delete`. Where the SDP that comes back
        lacks what the flags asked for, a warning is logged; with `strict`, `FlagsIgnored` is raised. Raises
        `UsageError` for what is missing or of the wrong kind.
        """
        terms = CallSettings(
            call_id=call_id,
            from_tag=from_tag,
            direction=direction,
            profile=profile,
            interfaces=dict(interfaces or {}),
            delete_delay=delete_delay,
            strict=strict,
        )
        return Call(self, terms)

    def restore_call(
        self,
        state: str,
        *,
        within: tuple[str, str] | None = None,
        profile: Profile | None = None,
        interfaces: Mapping[Leg, str] | None = None,
        delete_delay: int | None = None,
        strict: bool = False,
    ) -> Call:
        """Return the `Call` whose `state` this was, in this process or another. Nothing is sent.

        `within` is for a state that was taken before the dialogue was established, as one in a Record-Route always
        is, when a request within the dialogue brings it back: the two tags of that request, From and To, in either
        order. The offer that was open has been answered by then, and the other party is known. Without it, the call
        is just as it was.

        `profile` may be left out where it was one of `profiles`; everything else that is no fact of the call, such
        as `interfaces`, is given anew, as for `call`. The side that lets go calls ``call.detach()``, so that
        leaving its block deletes nothing. A state that has been in other hands, as one in a Record-Route has, may
        have been changed: what does not read as a state is refused, but sign what you do not trust. Raises
        `UsageError`.
        """
        memory = CallState.parse(state)
        if within is not None:
            memory = memory.established(within)
        if profile is None:
            profile = next((it for it in (profiles.MODERN, profiles.ARTICLE) if it.name == memory.profile), None)
            if profile is None:
                raise UsageError(f"the call has the profile {memory.profile!r}, which is your own: give profile=")
        terms = CallSettings(
            call_id=memory.call_id,
            from_tag=memory.negotiation.caller,
            direction=memory.direction,
            profile=profile,
            interfaces=dict(interfaces or {}),
            delete_delay=delete_delay,
            strict=strict,
            via_branch=memory.via_branch,
        )
        return Call(self, terms, state=memory)
