"""What is known of each option, and that nothing near it is taken for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, get_args

import attrs
import pytest

from rtpe_ng import Codec, Flags, UsageError
from rtpe_ng.flags import Attributes, Extmap, Moh, SdpAttr
from rtpe_ng.flags import vocabulary as v
from rtpe_ng.flags.conflicts import since_of
from rtpe_ng.keys import Key, field_texts
from rtpe_ng.versions import version_of
from tests.support.samples import CHOICES, LISTS, OPTIONS


def misspelt(word: str) -> Iterator[str]:
    """Yield `word` with a letter lost, two swapped, one replaced, one doubled, one capital more or less."""
    for at in {0, len(word) // 2, len(word) - 1}:
        yield word[:at] + word[at + 1 :]
        yield word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
        yield word[:at] + "x" + word[at + 1 :]
        yield word[:at] + word[at] * 2 + word[at + 1 :]
        yield word[:at] + word[at].swapcase() + word[at + 1 :]


def refused(options: dict[str, Any], known: set[str], word: str) -> None:
    if word not in known:
        with pytest.raises(UsageError):
            Flags(**options)


@pytest.mark.parametrize("name", OPTIONS)
def test_a_misspelt_option_is_refused(name: str) -> None:
    for word in misspelt(name):
        refused({word: True}, {*OPTIONS, "extra"}, word)


@pytest.mark.parametrize("name", CHOICES)
def test_a_misspelt_choice_is_refused(name: str) -> None:
    known = set(get_args(CHOICES[name]))
    for right in known:
        for word in misspelt(right):
            refused({name: word}, known, word)


@pytest.mark.parametrize("name", LISTS)
def test_a_misspelt_word_of_a_list_is_refused(name: str) -> None:
    for right in LISTS[name]:
        for word in misspelt(right):
            refused({name: [word]}, set(LISTS[name]), word)


def test_a_misspelt_word_beside_ice_is_refused() -> None:
    for right in get_args(v.ICEWord):
        for word in misspelt(right):
            refused({"ice": ["force", word]}, set(get_args(v.ICEWord)), word)


@pytest.mark.parametrize("kind", [Codec, Extmap, Moh, SdpAttr, Attributes])
def test_a_misspelt_key_of_a_dictionary_is_refused(kind: type[Any]) -> None:
    known = {field.name for field in attrs.fields(kind)}
    for right in known:
        for word in misspelt(right):
            if word not in known:
                with pytest.raises(UsageError):
                    kind(**{word: ["x"]})


@pytest.mark.parametrize("name", OPTIONS)
def test_the_sentence_below_a_field_says_what_is_known_of_it(name: str) -> None:
    option, text = OPTIONS[name], field_texts(Flags)[name]
    assert len(text) > 15
    if option.since != "10.5":
        assert f"Since {option.since}." in text
    else:
        assert not re.search(r"Since \d", text)
    for age in (*option.words.values(), *option.ended.values()):
        assert re.search(rf"since {re.escape(age)}", text), age


@pytest.mark.parametrize("kind", [Codec, Extmap, Moh, SdpAttr, Attributes])
def test_every_key_of_a_dictionary_has_its_age(kind: type[Any]) -> None:
    for field in attrs.fields(kind):
        option = field.metadata["key"]
        assert isinstance(option, Key)
        assert field.name.rstrip("_").replace("_", "-") == option.key


def test_the_age_of_a_value_is_that_of_its_newest_word() -> None:
    ages = {
        repr(flags): [since_of(option, value) for _, option, value in flags.given()]
        for flags in (
            Flags(sdes=["off"]),
            Flags(sdes=["off", "only-AES_CM_128_HMAC_SHA1_80"]),
            Flags(sdes=["only-AES_CM_128_HMAC_SHA1_80", "prefer"]),
            Flags(codec={"strip": ["all"], "ignore": ["PCMU"]}),
            Flags(moh={"mode": "reflect"}),
            Flags(ice=["force", "ice2"]),
            Flags(replace=["origin-full"]),
        )
    }
    assert list(ages.values()) == [["10.5"], ["11.2"], ["12.1"], ["13.3"], ["13.3"], ["26.2"], ["12.5"]]


def test_a_version_is_numbers() -> None:
    assert version_of("9.5") < version_of("10.5.3.5") < version_of("12.5") < version_of("26.0")
    with pytest.raises(UsageError, match="numbers with dots"):
        version_of("mr12")


def test_an_option_is_declared_once() -> None:
    names = [
        name.casefold() for option in OPTIONS.values() for name in {option.key, *option.spellings} if option.sent
    ]
    assert sorted(names) == sorted(set(names))
