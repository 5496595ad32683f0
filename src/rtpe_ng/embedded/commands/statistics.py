"""``statistics``: counters of calls and commands. Everything about packets is 0, because no media flows.

The reply is for programs that draw graphs, so its shape counts more than its numbers: which parts there are, in
which order, and which numbers are texts differs between the versions. What the engine can count is true: calls,
commands and their errors, and ports in use.
"""

from collections import Counter
from statistics import pstdev

from ...messages import COUNTERS
from ...wire import Document
from ..request import EngineRequest
from ..state import State, Tally
from ..versions import Behaviour

__all__ = ["statistics"]

_SAMPLES = ("jitter", "rtt_e2e", "rtt_dsct", "packetloss", "jitter_measured")
_COUNTED = ("packets_lost", "rtp_duplicates", "rtp_skips", "rtp_seq_resets", "rtp_reordered")
_RATES = tuple(f"{what}rate{how}" for how in ("_user", "_kernel", "") for what in ("packet", "byte", "error"))
_RELAYED = tuple(
    f"relayed{what}{how}" for how in ("_user", "_kernel", "") for what in ("packets", "packeterrors", "bytes")
)
_ORDER = (
    *("ping", "offer", "answer", "delete", "query", "list"),
    *("start recording", "stop recording", "pause recording", "start forwarding", "stop forwarding"),
    *("block DTMF", "unblock DTMF", "block media", "unblock media"),
    *("play media", "stop media", "play DTMF", "statistics", "silence media", "unsilence media"),
    *("publish", "subscribe request", "subscribe answer", "unsubscribe"),
    *("inject start", "inject stop", "connect", "cli", "transform", "create", "create answer"),
)
"""The commands in the order in which the daemon counts them."""


def statistics(request: EngineRequest, state: State, now: float) -> Document:
    """Return the counters (ng document, "`statistics` Message")."""
    tally, behaviour = state.tally, state.behaviour
    running = len(state.calls)
    document: Document = {
        "currentstatistics": _current(running, behaviour),
        "totalstatistics": _totals(tally, now),
    }
    if behaviour.tells_intervals:
        document["intervalstatistics"] = _intervals(behaviour)
    document["mos"] = _sampled("mos")
    if not behaviour.tells_intervals:
        document["voip_metrics"] = _quality() | dict.fromkeys(_COUNTED, 0)
    document["controlstatistics"] = _control(tally, behaviour)
    parties = [party for call in state.calls for party in call.parties]
    medias = [media for party in parties for media in party.medias if media.port]
    used = Counter(media.interface for media in medias)
    used.update(key for media in medias for key, _ in (media.current.others if media.current is not None else ()))
    document["interfaces"] = [
        _interface(name, address, state.resources.ports, 2 * used[key], behaviour)
        for name, key, address in state.resources.places
    ]
    document["transcoders"] = []
    if behaviour.tells_threads:
        document["poller_threads"] = []
    return {"statistics": document}


def _current(running: int, behaviour: Behaviour) -> Document:
    caches = {"mediacache": 0, "playercache": 0} if behaviour.tells_threads else {}
    return {
        "sessionsown": running,
        "sessionsforeign": 0,
        "sessionstotal": running,
        "transcodedmedia": 0,
        **caches,
        **dict.fromkeys((*_RATES, "media_userspace", "media_kernel", "media_mixed"), 0),
    }


def _totals(tally: Tally, now: float) -> Document:
    ended = len(tally.durations)
    whole = sum(tally.durations)
    return {
        "uptime": str(int(now - tally.began) if tally.began is not None else 0),
        "managedsessions": ended,
        "rejectedsessions": tally.rejected,
        **dict.fromkeys(
            (f"{why}sessions" for why in ("timeout", "silenttimeout", "finaltimeout", "offertimeout")), 0
        ),
        "regularterminatedsessions": ended,
        "forcedterminatedsessions": 0,
        **dict.fromkeys(_RELAYED, 0),
        # No packet has ever come.
        "zerowaystreams": ended,
        "onewaystreams": 0,
        "avgcallduration": _decimal(whole / ended if ended else 0),
        "totalcallsduration": _decimal(whole),
        "totalcallsduration2": _decimal(sum(seconds * seconds for seconds in tally.durations)),
        "totalcallsduration_stddev": _decimal(pstdev(tally.durations) if ended else 0),
    }


def _intervals(behaviour: Behaviour) -> Document:
    commands = _known(behaviour)
    return {
        "totalcallsduration": _decimal(0),
        "minmanagedsessions": 0,
        "maxmanagedsessions": 0,
        **{f"{how}{name}delay": _decimal(0) for name in commands for how in ("min", "max", "avg")},
        **{f"{how}{name}requestrate": "0" for name in commands for how in ("min", "max", "avg")},
    }


def _control(tally: Tally, behaviour: Behaviour) -> Document:
    counts: dict[str, int] = {}
    for name in _known(behaviour):
        counts[COUNTERS[name]] = tally.counts[name]
        if name == "unsilence media" and behaviour.tells_threads:
            # It has counters for two commands that it does not know.
            counts |= {"blkslnmedia": 0, "unblkslnmedia": 0}
    proxy: Document = {"proxy": "127.0.0.1"}
    for short, count in counts.items():
        proxy |= {f"{short}count": count, f"{short}duration": _decimal(0)}
    proxy["errorcount"] = tally.errors
    return {"proxies": [proxy], **{f"total{short}count": count for short, count in counts.items()}}


def _interface(name: str, address: str, ports: range, used: int, behaviour: Behaviour) -> Document:
    total = len(ports)
    document: Document = {
        "name": name,
        "address": address,
        "ports": {
            "min": ports.start,
            "max": ports.stop - 1,
            "used": used,
            "used_pct": f"{100 * used / total:.2f}",
            "free": total - used,
            "totals": total,
            **({"last": 0} if behaviour.tells_intervals else {}),
        },
    }
    if not behaviour.tells_intervals:
        nothing: Document = {"packets": 0, "bytes": 0, "errors": 0}
        document |= {"packets_lost": 0, "duplicates": 0, "voip_metrics": _sampled("mos") | _quality()}
        document |= {"ingress": nothing, "egress": dict(nothing)}
    return document


def _known(behaviour: Behaviour) -> list[str]:
    return [name for name in _ORDER if name in behaviour.commands]


def _quality() -> Document:
    return {key: value for name in _SAMPLES for key, value in _sampled(name).items()}


def _sampled(name: str) -> Document:
    nothing = _decimal(0)
    return {
        f"{name}_total": nothing,
        f"{name}2_total": nothing,
        f"{name}_samples_total": 0,
        f"{name}_average": nothing,
        f"{name}_stddev": nothing,
    }


def _decimal(value: float) -> str:
    return f"{value:.6f}"
