"""DTMF: detecting it, playing it, and keeping it from the other party."""

from collections.abc import Sequence

import attrs

from ... import keys as k
from .. import vocabulary as v


@attrs.frozen(kw_only=True, slots=False)
class DtmfOptions:
    """Options of DTMF. What is blocked is what the sender of this message presses."""

    dtmf_security: v.DtmfSecurity | None = k.choice("DTMF-security", v.DtmfSecurity, toward="sender")
    """What stands in the place of blocked DTMF: nothing (``drop``), ``silence``, a ``tone``, other digits
    (``random``, ``zero``, or the one of `digit`: ``DTMF``); ``off`` blocks none."""
    dtmf_security_trigger: v.DtmfSecurity | None = k.choice(
        "DTMF-security-trigger", v.DtmfSecurity, toward="sender"
    )
    """How DTMF is blocked once the digits of `trigger` were pressed."""
    dtmf_security_trigger_end: v.DtmfSecurity | None = k.choice(
        "DTMF-security-trigger-end", v.DtmfSecurity, toward="sender"
    )
    """How DTMF is blocked once the digits of `trigger_end` were pressed."""
    dtmf_delay: int | None = k.integer("DTMF-delay", 0, 60_000, unit="ms", toward="sender")
    """For how many milliseconds DTMF is held back, so that a trigger can still block it."""
    dtmf_log_dest: str | None = k.text(
        "DTMF-log-dest", since="11.3", spellings=("DTMF-log-destination",), toward="call"
    )
    """The ``address:port`` that DTMF events of this call are reported to. Since 11.3."""
    digit: str | None = k.digits("digit", one=True, spellings=("code",), toward="sender")
    """The digit that `dtmf_security` puts in the place of others."""
    # The daemon makes the tone at the sampling rate of the audio: 8 kHz for G.711 carries no pitch above 4000 Hz,
    # 16 kHz for G.722 none above 8000 Hz. Until 11.1 it read one number only, as `frequency`.
    frequency: int | None = k.integer("frequency", 1, 8000, unit="Hz", toward="sender")
    """The pitch of the tone that stands for a blocked digit, in hertz; 400 where none is given."""
    frequencies: Sequence[int] = k.integers("frequencies", 1, 8000, unit="Hz", since="11.2", toward="sender")
    """Several pitches in hertz, taken in turn. Since 11.2."""
    volume: int | None = k.integer("volume", -63, 63, unit="dB", toward="sender")
    """How loud that tone is, in decibels below full scale."""
    trigger: str | None = k.digits("trigger", toward="sender")
    """DTMF digits after which blocking begins."""
    trigger_end: str | None = k.digits("trigger-end", spellings=("end-trigger",), toward="sender")
    """DTMF digits after which blocking ends, or changes to `dtmf_security_trigger_end`."""
    trigger_end_time: int | None = k.integer(
        "trigger-end-time", 0, 2**31 - 1, unit="ms", spellings=("end-trigger-time",), toward="sender"
    )
    """After how many milliseconds blocking ends at the latest."""
    trigger_end_digits: int | None = k.integer(
        "trigger-end-digits", 0, 2**31 - 1, spellings=("end-trigger-digits",), toward="sender"
    )
    """After how many further digits blocking ends at the latest."""

    block_dtmf: bool = k.flag("block-DTMF", since="12.3", toward="sender")
    """Block DTMF from the first packet on, as the command of that name does later. Since 12.3."""
    inject_dtmf: bool = k.flag("inject-DTMF", toward="both")
    """Prepare the audio for ``play DTMF``; goes into offer and answer."""
    detect_dtmf: bool = k.flag("detect-DTMF", toward="both")
    """Detect in-band DTMF tones."""
