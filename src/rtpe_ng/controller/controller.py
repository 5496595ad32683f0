"""`Controller`: what commands an engine."""

from collections.abc import Mapping

from ..call import Call, CallSettings, CallState
from ..errors import UsageError
from ..flags import Profile, profiles
from ..legs import Direction, Leg
from ..messages import Capabilities
from .methods import CommandMethods


class Controller(CommandMethods):
    """What commands an engine: one daemon, or several that look like one.

    It has a method for each ng command, context managers for commands whose effect lasts until another one ends it
    (the end is shielded from cancellation, takes 5 seconds at most, and what fails in it is logged), and `call`.

    The methods raise `RequestTimeout` when no reply came, `TransportError` when the engine cannot be reached,
    `EngineError` when it refused, `LoadLimit` when it is full, `WireError` when its reply made no sense, and
    `UsageError` for what is wrong already before it is sent. A command that the daemon does not know is an
    `EngineError` with the hint "known since ...".
    """

    async def capabilities(self) -> Capabilities:
        """Ask which commands the daemon knows, from the counters in its `statistics`.

        The daemon is asked each time, because it may be upgraded while a client lives: keep what you need.
        """
        return Capabilities.of_commands((await self.statistics()).commands)

    def call(
        self,
        call_id: str,
        *,
        from_tag: str,
        direction: Direction,
        profile: Profile = profiles.MODERN,
        interfaces: Mapping[Leg, str] | tuple[str, str] | None = None,
        delete_delay: int | None = None,
        strict: bool = False,
        pass_id: str | None = None,
    ) -> Call:
        """Return a `Call`, which remembers who offered last and which flags its legs take. Nothing is sent yet.

        `from_tag` is the caller's tag; `interfaces` names the engine's logical interface of each leg, such as
        ``{Leg.WEB: "pub", Leg.SIP: "priv"}``, or of the caller and the callee, such as ``("net-a", "net-b")``,
        where both are of one kind; `delete_delay`, in seconds, is as for `delete`. Where the SDP that comes back
        lacks what the flags asked for, a warning is logged; with `strict`, `FlagsIgnored` is raised. `pass_id` is
        for an INVITE that passes here several times under one Call-ID (a spiral: RFC 3261, section 6): any text,
        other for each pass, such as the branch of its topmost Via. Raises `UsageError` for what is missing or of
        the wrong kind, and for a Call-ID with which another `Call` of this client goes on.
        """
        settings = CallSettings(
            call_id=call_id,
            from_tag=from_tag,
            direction=direction,
            profile=profile,
            interfaces=_interfaces(interfaces),
            delete_delay=delete_delay,
            strict=strict,
            pass_id=pass_id,
        )
        return Call(self, settings)

    def restore_call(
        self,
        state: str,
        *,
        within: tuple[str, str] | None = None,
        profile: Profile | None = None,
        interfaces: Mapping[Leg, str] | tuple[str, str] | None = None,
        delete_delay: int | None = None,
        strict: bool = False,
    ) -> Call:
        """Return the `Call` whose `state` this was, in this process or another. Nothing is sent.

        Give `within` for a state that was taken before the dialogue was established, when a request within the
        dialogue brings it back: the two tags of that request, From and To, in either order. A state in a
        Record-Route is always one of these. The open offer has been answered by then, and the other party is known.
        Without `within`, the call is just as it was.

        `profile` may be left out where it was one of `profiles`. Give the other settings again, as for `call`:
        `interfaces` and the rest are no part of the state. The side that hands the call over calls
        ``call.detach()``, so that leaving its block deletes nothing. A state that has been in other hands, such as
        one in a Record-Route, may have been changed: text that is no state is refused, but sign what you do not
        trust. Raises `UsageError`.
        """
        restored = CallState.parse(state)
        if within is not None:
            restored = restored.established(within)
        if profile is None:
            shipped = {each.name: each for each in (profiles.MODERN, profiles.ARTICLE)}
            profile = shipped.get(restored.profile)
            if profile is None:
                raise UsageError(f"the call has the profile {restored.profile!r}, which is your own: give profile=")
        settings = CallSettings(
            call_id=restored.call_id,
            from_tag=restored.negotiation.caller,
            direction=restored.direction,
            profile=profile,
            interfaces=_interfaces(interfaces),
            delete_delay=delete_delay,
            strict=strict,
            pass_id=restored.pass_id,
            via_branch=restored.via_branch,
        )
        return Call(self, settings, state=restored)


def _interfaces(names: Mapping[Leg, str] | tuple[str, str] | None) -> Mapping[Leg, str] | tuple[str, str]:
    return dict(names) if isinstance(names, Mapping) else names or {}
