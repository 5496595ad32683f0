"""`Steering`: what commands other than offers and answers have changed in a call."""

from __future__ import annotations

import attrs

from .rewriting import Party

__all__ = ["Steering"]


@attrs.define(kw_only=True)
class Steering:
    """What a call is told to do beside connecting its parties."""

    is_recorded: bool = False
    """It is being recorded now."""
    is_forwarded: bool = False
    """The audio of the whole call is being forwarded."""
    forwarded: set[Party] = attrs.field(factory=set)
    """The parties whose audio is being forwarded."""
    has_recording: bool = False
    """There is a recording, be it paused: a query tells of it only then."""
    played_to: set[Party] = attrs.field(factory=set)
    """The parties to whom something was played once: only these can be told to stop."""
    blocked: set[Party] = attrs.field(factory=set)
    """The parties that nothing else goes to while something is played."""
    talkers: set[Party] = attrs.field(factory=set)
    """The parties that have offered or answered: these are meant by ``all`` who are listened to."""
    numbers: dict[tuple[Party, int], int] = attrs.field(factory=dict)
    """The sections of all parties, in the order in which they came."""
    metadata: str | None = None
    """What the proxy said of the call."""
    metadata_of: dict[Party, str] = attrs.field(factory=dict)
    """What the proxy said of a party."""

    def set_metadata(self, text: str | None, party: Party | None = None) -> None:
        """Remember what is said of a party, and so of the call, or of the call alone."""
        if text is None:
            return
        self.metadata = text
        if party is not None:
            self.metadata_of[party] = text

    def number(self, *parties: Party) -> None:
        """Give the next numbers to sections that are new, first to the first one of each party."""
        sections = [(media.index, party) for party in parties for media in party.medias]
        for index, party in sorted(sections, key=lambda it: it[0]):
            self.numbers.setdefault((party, index), len(self.numbers))

    def start(self) -> None:
        """Begin a recording, or go on with it."""
        self.has_recording = True

    def stop(self) -> None:
        """End the recording unless something of it is still wanted."""
        if not (self.is_recorded or self.is_forwarded or self.forwarded):
            self.has_recording = False
