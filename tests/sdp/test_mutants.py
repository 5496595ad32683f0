"""The mutants of tools: the same for a seed, close to the bodies they are made from, and of many kinds."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from rtpe_ng import sdp
from tools.mutants import bases, mutants


@given(seed=st.integers(0, 2**32), count=st.integers(0, 20))
def test_a_seed_gives_the_same_mutants_again_and_more_of_them_if_asked(seed: int, count: int) -> None:
    once = list(mutants(seed, count))
    assert once == list(mutants(seed, count + 5))[:count]


def test_bases_are_sound_and_of_both_roles() -> None:
    for base in bases():
        assert sdp.parse(base.body).media, base.name
        assert (base.role == "answer") == (base.answering is not None), base.name
    roles = Counter((base.role, base.after is not None) for base in bases())
    assert len(roles) == 4
    assert min(roles.values()) > 10


def test_mutants_differ_from_their_bases_and_are_many() -> None:
    found = list(mutants(3, 1000))
    assert sum(mutant.body != mutant.base.body for mutant in found) > 900
    assert len({mutant.body for mutant in found}) > 900
    assert {mutant.base.name for mutant in found} == {base.name for base in bases()}
