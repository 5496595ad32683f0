"""How RTPEngine reads a description: what each version refuses, and what it reads otherwise than it is meant.

`grammar` has the facts that differ between versions, once. `numbers` reads words, numbers and addresses as the
daemon does, and `attributes` the values of the attributes that it knows. `reading` joins them to the sessions and
sections that the daemon sees in a body. `refusing` says why the daemon would refuse them, in the daemon's order,
and `misreading` what it takes otherwise than RFC 8866 means it. `verdict` makes problems of both.
"""

from .attributes import HASH_BYTES, KEY_BYTES, value_read
from .grammar import DIRECTIONS, GRAMMARS, ICE, Grammar, grammar_of
from .reading import read_as_daemon

__all__ = [
    "DIRECTIONS",
    "GRAMMARS",
    "HASH_BYTES",
    "ICE",
    "KEY_BYTES",
    "Grammar",
    "grammar_of",
    "read_as_daemon",
    "value_read",
]
