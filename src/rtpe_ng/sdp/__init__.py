"""Session descriptions (RFC 8866): read them without losing a byte, and say what changed between two."""

from .diff import Change, diff
from .model import Media, Session, parse

__all__ = ["Change", "Media", "Session", "diff", "parse"]
