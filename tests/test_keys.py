"""What all keys have in common: the texts of their fields."""

from __future__ import annotations

import attrs
import pytest

from rtpe_ng.flags import Extmap, Flags
from rtpe_ng.keys import field_texts
from rtpe_ng.messages import Offer, Pong
from rtpe_ng.sdp import Origin


def test_the_text_of_a_field_is_the_one_below_it_in_the_source() -> None:
    assert field_texts(Extmap)["strip"] == "Remove them from the SDP that goes out. Since 14.0."


@pytest.mark.parametrize("cls", [Flags, Offer, Pong, Origin])
def test_texts_are_there_for_inherited_fields_and_replies_and_sdp_values(cls: type) -> None:
    names = [field.name for field in attrs.fields(cls)] if attrs.has(cls) else cls._fields  # type: ignore[attr-defined]
    assert field_texts(cls).keys() & set(names)
    assert all(text and "\n" not in text for text in field_texts(cls).values())


def test_a_class_without_source_has_no_texts() -> None:
    Made = attrs.make_class("Made", ["a"])  # noqa: N806
    assert field_texts(Made) == {}
    lost = type("Lost", (), {"__module__": "no.such.module"})
    assert field_texts(lost) == {}
