"""What documents are made of."""

from __future__ import annotations

from typing import TypeAlias

__all__ = ["Document", "Value"]

Value: TypeAlias = "str | int | list[Value] | dict[str, Value]"
"""A string, a 64-bit integer, a list or a dictionary."""
Document: TypeAlias = dict[str, Value]
"""A whole request or reply."""
