"""`Flags`: what the daemon does to one SDP body, as a value that cannot be misspelt.

The data are in `Fields`, the options in `rtpe_ng.flags.options`. This module adds what concerns several options at
once: building (a shorthand is replaced, contradictions are refused), merging, and the ways in and out: documents of
the ng protocol, flag strings of the proxies, an explanation for people.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from ..errors import UsageError
from ..keys import refusing_unknown
from ..wire import encode_items
from . import conflicts, strings
from .dictionary import arguments_of
from .explain import Explanation, explain, explain_ng, options_in
from .fields import Arguments, Fields, arguments_for, document_of, fill, merged, spelt_out
from .routing import DialectName


# It has the fields of its base and no others, so it takes over what attrs has made there.
@refusing_unknown
class Flags(Fields):
    """The options of an offer or an answer. They describe the leg that the message goes *to*.

    A field is an ng key in lower case with underscores; the members of the list ``flags`` are booleans.
    `flags | other` merges: of scalars the right one wins, lists are joined without repeats.
    `flags.evolve(ice="force")` is a copy with other values. All options are in the ng document, "`offer` Message".

    Raises `UsageError` for an unknown name or value, with the nearest known one, and for options that contradict
    each other, with the reason.
    """

    def __attrs_post_init__(self) -> None:
        if self.webrtc:
            # Once more, with the options that the shorthand stands for.
            fill(self, spelt_out(arguments_for(self)))
        conflicts.refuse(self)

    # Hashing takes as long as sending does, and the same few flags are looked up again and again.
    @functools.cached_property
    def _hash(self) -> int:
        return Fields.__hash__(self)

    def __hash__(self) -> int:
        return self._hash

    def __getstate__(self) -> dict[str, Any]:
        """Return what a pickle or a copy is made of. Texts have another hash in another process."""
        return {name: value for name, value in vars(self).items() if name != "_hash"}

    @classmethod
    def _unrefused(cls, arguments: Arguments) -> Flags:
        """Return flags that may contradict each other, because they come from a proxy or another program."""
        flags = cls.__new__(cls)
        # Each option is checked by itself, and no contradictions.
        fill(flags, arguments)
        return flags

    def __or__(self, other: Flags) -> Flags:
        """Return both merged: of scalars the one of `other` wins, lists are joined, booleans add up."""
        if not isinstance(other, Flags):
            return NotImplemented
        if other == _NOTHING:
            return self
        return other if self == _NOTHING else Flags(**merged(self, other))

    def evolve(self, **changes: Any) -> Flags:
        """Return a copy with these options changed; None, False or an empty list takes one away.

        Raises `UsageError` as the constructor does.
        """
        # IPython and pytest leave such a frame out of a traceback: what is wrong is the call.
        __tracebackhide__ = True
        mine = arguments_for(self) | {"source": None}
        changed = Flags(**{**mine, **changes})
        if self.source is None or "source" in changes:
            return changed
        # Where nothing has changed, the string is still true.
        return self if changed == Flags._unrefused(mine) else changed

    def to_ng(self, dialect: DialectName | None = None, *, command: str | None = None) -> dict[str, Any]:
        """Return exactly what goes on the wire for these flags, in the spelling of the ng document, with hyphens.

        With a `dialect`, return what the module of that proxy puts on the wire for them in this `command` (by
        default that of `source`, or an offer), in its own spelling, and without the keys that it takes from the SIP
        message; for ``rtpp-flags``, that is the string itself. The values are str, int, lists and dictionaries,
        which you may change; an option that is not given is absent. Raises `UsageError` where the dialect has no
        words for these flags.
        """
        return document_of(self) if dialect is None else dict(self._said(dialect, command).sent)

    @classmethod
    def from_ng(cls, document: Mapping[str, Any]) -> Flags:
        """Return the flags of `document`, as daemons read it: the inverse of `to_ng`, for any client's dictionary.

        An option is understood in every spelling that some version of the daemon reads, such as ``transport
        protocol``, ``SDES-off`` in the list ``flags``, or a text where a list belongs; `to_ng` has it in the one
        spelling that every version reads. `explain_ng` says which versions ignore the spelling of the document.
        What no version reads is in `extra` or `unchecked`, so that it goes on the wire again. Of two names for one
        key the later in alphabetical order counts, as on the wire. Options that contradict each other are kept.

        Raises `UsageError` for a key that belongs to the message, such as ``call-id``, and where ``flags`` is
        neither a list of words nor a text.
        """
        __tracebackhide__ = True
        return cls._unrefused(arguments_of(document))

    @functools.cached_property
    def encoded(self) -> bytes:
        """The bencoded items of `to_ng`. They are made once, and sent as often as you like."""
        return encode_items(self.to_ng())

    @classmethod
    def parse(
        cls, text: str, *, dialect: DialectName = "kamailio", command: str = "offer", strict: bool = True
    ) -> Flags:
        """Return the flags that a proxy's rtpengine module makes of the flag string `text` in this `command`.

        `dialect` is ``kamailio`` (6.x), ``kamailio-5.6`` or ``opensips``; ``rtpp-flags`` is the daemon's own
        string, as it stands under that key. What the string says about tags, branches and addresses is in
        `routing`. Words that the module does not send with this command, such as ``replace-origin`` with
        ``delete``, are left out. Where the module sends something else for the string than for the same flags built
        in Python, the string itself is in `source`.

        Raises `UsageError` where the module rejects the string, or its process would end. With `strict`, it also
        raises where the module does something that nobody wants, and for words that no daemon knows. Without, it
        does as the module does, and what the fields refuse is in `extra` and `unchecked`.
        """
        reading = strings.read(text, dialect, command)
        flags = cls._unrefused(reading.arguments)
        if strict:
            if reading.problems:
                who = "daemon" if dialect == "rtpp-flags" else "proxy"
                raise UsageError(f"{reading.problems[0]} (strict=False does as the {who} does)")
            conflicts.refuse(flags)
        # Words that say nothing, such as "=", are not kept. Only what is left can be a reason to keep the string.
        if strings.says(flags, reading) or strings.says(flags, strings.read(reading.string.text, dialect, command)):
            return flags
        return cls._unrefused(reading.arguments | {"source": reading.string})

    def format(self, *, dialect: DialectName = "kamailio", command: str | None = None) -> str:
        """Return the string that says these flags to a proxy's module; `parse` makes the same flags of it.

        `command` is by default that of `source`, or an offer. Raises `UsageError` where the dialect has no words
        for these flags.
        """
        return self._said(dialect, command).string.text

    def _said(self, dialect: DialectName, command: str | None) -> strings.Interpretation:
        """Return the string that says these flags to a proxy, and how its module reads it."""
        source = self.source
        if source and source.dialect == dialect and command in (None, source.command):
            return strings.read(source.text, dialect, source.command)
        return strings.compose(self, dialect, command or (source.command if source else "offer"))

    def problems(self, command: str = "offer", *, engine: str | None = None) -> tuple[conflicts.Problem, ...]:
        """Return which of these flags an offer, or another `command`, ignores, and which are odd or obsolete.

        Each problem has a ``severity``, the ``options`` that it is about, and a text with the reason. With the
        version of an `engine`, such as ``10.5``, it also returns what a daemon of that version does not know.
        Raises `UsageError` for what is no version.
        """
        return conflicts.problems(self, command, engine)

    def explain(self, command: str = "offer", *, engine: str | None = None) -> Explanation:
        """Return what each of these flags does, toward which leg, since when, and what is wrong with it.

        The `str` of the explanation is the text, and a prompt shows it too. `engine` is as in `problems`.
        """
        return explain(self, command, engine)

    @classmethod
    def explain_ng(
        cls, document: Mapping[str, Any], command: str | None = None, *, engine: str | None = None
    ) -> Explanation:
        """Explain the dictionary of another program: what `from_ng` reads in it, and which daemons ignore what.

        A daemon answers ``ok`` to a spelling that its version does not read. Among the ``problems`` of the
        explanation is one for each entry that some measured version ignores, with the versions in ``engines``, the
        reason and the spelling that every version reads; with the version of an `engine`, for that one alone. The
        document may be a whole request: its keys of the message are in ``message``, and `command` is by default its
        own. Raises `UsageError` for what is no version, and where ``flags`` is neither a list of words nor a text.
        """
        __tracebackhide__ = True
        given = document.get("command", "offer")
        chosen = command or (given if isinstance(given, str) else "offer")
        return explain_ng(cls.from_ng(options_in(document)), document, chosen, engine)


def flags_as_sent(document: Mapping[str, Any]) -> Flags:
    """Return flags whose `to_ng` is exactly `document`: another spelling than theirs is in `extra` or `unchecked`.

    Raises `UsageError` as `Flags.from_ng` does, and where ``flags`` is a text.
    """
    return Flags._unrefused(arguments_of(document, exact=True))


_NOTHING = Flags()
