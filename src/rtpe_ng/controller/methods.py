"""The ng commands as methods. Made from their classes: ``python -m tools.generate`` writes this file."""

from typing import Final

from ..call import Subscription
from ..messages import (
    Answer,
    BlockDtmf,
    BlockMedia,
    Cli,
    Connect,
    Create,
    CreateAnswer,
    Delete,
    InjectStart,
    InjectStop,
    List,
    Mesh,
    Offer,
    PauseRecording,
    Ping,
    PlayDtmf,
    PlayMedia,
    Publish,
    Query,
    SilenceMedia,
    StartForwarding,
    StartRecording,
    Statistics,
    StopForwarding,
    StopMedia,
    StopRecording,
    SubscribeAnswer,
    SubscribeRequest,
    Transform,
    UnblockDtmf,
    UnblockMedia,
    UnsilenceMedia,
    Unsubscribe,
)
from ..sender import Sender
from .declare import command, during, with_texts

__all__ = ["CommandMethods"]


@with_texts
class CommandMethods(Sender):
    """One method for each ng command, and one for each command that another one ends."""

    ping: Final = command(Ping)
    """Ask whether the daemon is alive (ng document, "`ping` Message").

    Returns `Pong`. Known since 3.3.
    """

    list: Final = command(List)
    """Ask which calls run (ng document, "`list` Message").

    - `limit`: How many calls to name at most; the daemon's own limit is 32. A reply over 65,507 bytes never
      arrives over UDP. Allowed: 1 or more.

    Returns `ListReply`. Known since 3.5.
    """

    statistics: Final = command(Statistics)
    """Ask for the daemon's own figures (ng document, "`statistics` Message").

    Returns `StatisticsReply`. Known since 8.5.
    """

    cli: Final = command(Cli)
    """Send a line to the daemon's command line, as ``rtpengine-ctl`` does (``cli``; not in the ng document).

    A line that the daemon does not know is no error: the reply's text says so.

    - `line`: The line, such as ``list totals`` or ``set loglevel 7``.

    Returns `CliReply`. Known since 13.2.
    """

    offer: Final = command(Offer)
    """Send an SDP offer (RFC 3264) through the daemon (ng document, "`offer` Message").

    The reply's `sdp` is the body to send on.

    - `sdp`: The SDP body as it came, as text or bytes.
    - `call_id`: The SIP Call-ID.
    - `from_tag`: The tag of the party that offers; in an answer, of the party that had offered.
    - `to_tag`: The tag of the other party, once it is known.
    - `via_branch`: The branch of a forked call that the message belongs to.
    - `received_from`: The address that the SIP message came from: IPv4 or IPv6, as text.
    - `flags`: What the daemon is to do to the body.

    Returns `SdpReply`. Known since 3.3.
    """

    answer: Final = command(Answer)
    """Send the answer to an offer (RFC 3264) through the daemon (ng document, "`answer` Message").

    `from_tag` is still the tag of the party that had made the offer. The reply's `sdp` is the body to send on.

    - `sdp`: The SDP body as it came, as text or bytes.
    - `call_id`: The SIP Call-ID.
    - `from_tag`: The tag of the party that offers; in an answer, of the party that had offered.
    - `via_branch`: The branch of a forked call that the message belongs to.
    - `received_from`: The address that the SIP message came from: IPv4 or IPv6, as text.
    - `flags`: What the daemon is to do to the body.
    - `to_tag`: The tag of the party that answers.

    Returns `SdpReply`. Known since 3.3.
    """

    delete: Final = command(Delete)
    """End a call, or one dialogue or branch of it (ng document, "`delete` Message").

    The reply has the last figures of the call, where the daemon sends any. An unknown call is a warning in the
    reply; with `fatal` it is an error.

    - `call_id`: The SIP Call-ID.
    - `from_tag`: The tag of a participant. The ng document wants it; the daemons do without it.
    - `to_tag`: The tag of the other participant: only this dialogue ends.
    - `via_branch`: Only this branch of a forked call ends.
    - `delete_delay`: For how many seconds the daemon keeps the call; 0 ends it now, None leaves it to the
      daemon (30 s). Allowed: 0 s or more.
    - `fatal`: An unknown call is an error instead of a warning.
    - `fast`: The reply comes without the figures of the call, which spares the daemon making them. Since 13.5.
    - `discard_recording`: What was recorded of the call is thrown away. Since 11.4.
    - `flags`: Further options, such as ``Flags(metadata=...)``.

    Returns `DeleteReply`. Known since 3.3.
    """

    query: Final = command(Query)
    """Ask what the daemon knows of a call, or of one or two participants (ng document, "`query` Message").

    - `call_id`: The SIP Call-ID.
    - `from_tag`: Only what concerns the participant with this tag, and the parties that it listens to.
    - `to_tag`: Only what concerns the participant with this tag, instead of the one of `from_tag`.

    Returns `QueryReply`. Known since 3.3.
    """

    start_recording: Final = command(StartRecording)
    """Record a call from now on, or again after a pause (ng document, "`start recording` Message").

    `recording_file`, or `recording_dir` and `recording_pattern`, say where to, instead of the recording daemon's
    configuration.

    - `call_id`: The SIP Call-ID.
    - `flags`: Further options, such as ``Flags(metadata=...)``, which is stored beside the recording.
    - `recording_file`: The file to write, as an absolute path with its extension; it wins over the other two.
      Since 12.2.
    - `recording_dir`: The folder to write in, as an absolute path, instead of the recording daemon's own. Since
      12.2.
    - `recording_pattern`: The pattern of the files' names, instead of the recording daemon's own; each name
      must be another. Since 12.2.

    Returns `Done`. Known since 5.0.
    """

    stop_recording: Final = command(StopRecording)
    """Stop recording a call (ng document, "`stop recording` Message").

    - `call_id`: The SIP Call-ID.
    - `flags`: Further options, such as ``Flags(metadata=...)``, which is stored beside the recording.
    - `discard_recording`: What was recorded is thrown away. Since 11.4.

    Returns `Done`. Known since 5.5.
    """

    pause_recording: Final = command(PauseRecording)
    """Pause the recording of a call (ng document, "`pause recording` Message"): the next start goes on with it.

    - `call_id`: The SIP Call-ID.
    - `flags`: Further options, such as ``Flags(metadata=...)``, which is stored beside the recording.

    Returns `Done`. Known since 11.3.
    """

    start_forwarding: Final = command(StartForwarding)
    """Send audio on as PCM, over TCP (ng document, "`start forwarding` and `stop forwarding` Messages").

    The recording daemon does it, independently of recording; ``Flags(metadata=...)`` goes with the audio.

    - `call_id`: The SIP Call-ID.
    - `participant`: The party whose packets are meant; without it, those of the whole call.
    - `flags`: Further options.

    Returns `Done`. Known since 7.2.
    """

    stop_forwarding: Final = command(StopForwarding)
    """Stop what `StartForwarding` began (ng document, "`start forwarding` and `stop forwarding` Messages").

    Without a participant, the parties that were chosen one by one are still forwarded; ``Participant.ALL`` ends
    that too.

    - `call_id`: The SIP Call-ID.
    - `participant`: The party whose packets are meant; without it, those of the whole call.
    - `flags`: Further options.

    Returns `Done`. Known since 7.2.
    """

    block_dtmf: Final = command(BlockDtmf)
    """Keep DTMF events (RFC 4733) from passing (ng document, "`block DTMF` and `unblock DTMF` Messages").

    With `dtmf_security` something else is sent in their place ("`DTMF-security`" in "`offer` Message"), and with
    `trigger` the blocking begins when the party dials those digits.

    - `call_id`: The SIP Call-ID.
    - `participant`: The party whose packets are meant; without it, those of the whole call.
    - `flags`: Further options.
    - `dtmf_security`: What is sent in place of an event; ``drop`` sends nothing. Since 10.3.
    - `digit`: The digit that is sent in its place, where `dtmf_security` is ``DTMF``. Since 10.3.
    - `frequency`: The pitch of the tone that is sent in its place, where `dtmf_security` is ``tone``; 400 Hz
      where none is given. Allowed: 1 to 8000 Hz. Since 10.3.
    - `frequencies`: Several pitches, taken in turn; a daemon before 11.2 ignores them. Allowed: 1 to 8000 Hz.
      Since 11.2.
    - `volume`: How loud the tone is: decibels below the loudest, with or without the sign; 10 where it is not
      given. Allowed: -63 to 63 dB. Since 10.3.
    - `trigger`: The DTMF digits that begin the blocking when they are dialled. Since 10.3.
    - `trigger_end`: The DTMF digits that end it. Since 10.3.
    - `trigger_end_time`: After how many milliseconds it ends at the latest. Allowed: 0 ms or more. Since 10.3.
    - `trigger_end_digits`: After how many further digits it ends at the latest. Allowed: 0 or more. Since 10.3.
    - `delay_buffer`: By how many milliseconds the audio is delayed, so that an event is known before it begins
      to pass. Allowed: 0 to 60000 ms. Since 10.3.

    Returns `Done`. Known since 6.5.
    """

    unblock_dtmf: Final = command(UnblockDtmf)
    """Let DTMF events pass again after `BlockDtmf` (ng document, "`block DTMF` and `unblock DTMF` Messages").

    Without a participant, the parties that were chosen one by one stay blocked; ``Participant.ALL`` ends that too.

    - `call_id`: The SIP Call-ID.
    - `participant`: The party whose packets are meant; without it, those of the whole call.
    - `flags`: Further options.
    - `delay_buffer`: By how many milliseconds the audio is delayed from now on; 0 ends the delay. Allowed: 0 to
      60000 ms. Since 10.3.

    Returns `Done`. Known since 6.5.
    """

    block_media: Final = command(BlockMedia)
    """Keep media from passing, but not DTMF events (ng document, "`block media` and `unblock media` Messages").

    - `call_id`: The SIP Call-ID.
    - `participant`: The party whose packets are meant; without it, those of the whole call.
    - `flags`: Further options.
    - `toward`: Only what goes to this party: ``Participant.tag(...)`` or ``.label(...)``.
    - `flows`: Only these flows of the participant: those of its offers and answers (``offer-answer``), those of
      subscriptions (``except-offer-answer``), or all (``flows``). Since 11.1.

    Returns `Done`. Known since 6.5.
    """

    unblock_media: Final = command(UnblockMedia)
    """Let media pass again after `BlockMedia` (ng document, "`block media` and `unblock media` Messages").

    Without a participant, the parties that were chosen one by one stay blocked; ``Participant.ALL`` ends that too.

    - `call_id`: The SIP Call-ID.
    - `participant`: The party whose packets are meant; without it, those of the whole call.
    - `flags`: Further options.
    - `toward`: Only what goes to this party: ``Participant.tag(...)`` or ``.label(...)``.
    - `flows`: Only these flows of the participant: those of its offers and answers (``offer-answer``), those of
      subscriptions (``except-offer-answer``), or all (``flows``). Since 11.1.

    Returns `Done`. Known since 6.5.
    """

    silence_media: Final = command(SilenceMedia)
    """Replace audio by silence (ng document, "`silence media` and `unsilence media` Messages").

    The daemon does so for G.711 and G.722 only.

    - `call_id`: The SIP Call-ID.
    - `participant`: The party whose packets are meant; without it, those of the whole call.
    - `flags`: Further options.
    - `toward`: Only what goes to this party: ``Participant.tag(...)`` or ``.label(...)``.
    - `flows`: Only these flows of the participant: those of its offers and answers (``offer-answer``), those of
      subscriptions (``except-offer-answer``), or all (``flows``). Since 11.1.

    Returns `Done`. Known since 10.0.
    """

    unsilence_media: Final = command(UnsilenceMedia)
    """Let audio pass again after `SilenceMedia` (ng document, "`silence media` and `unsilence media` Messages").

    Without a participant, the parties that were chosen one by one stay silent; ``Participant.ALL`` ends that too.

    - `call_id`: The SIP Call-ID.
    - `participant`: The party whose packets are meant; without it, those of the whole call.
    - `flags`: Further options.
    - `toward`: Only what goes to this party: ``Participant.tag(...)`` or ``.label(...)``.
    - `flows`: Only these flows of the participant: those of its offers and answers (``offer-answer``), those of
      subscriptions (``except-offer-answer``), or all (``flows``). Since 11.1.

    Returns `Done`. Known since 10.0.
    """

    play_media: Final = command(PlayMedia)
    """Play a media file to a party (ng document, "`play media` Message").

    The daemon reads what FFmpeg reads, and transcodes it to the first codec of that party that it can write.
    Exactly one of `file`, `blob`, `blob64` and `db_id` says what is played. The reply has its duration.

    - `call_id`: The SIP Call-ID.
    - `participant`: The party that hears it.
    - `file`: The file on the daemon's machine, relative to the folder that the daemon runs in.
    - `blob`: The bytes of the file; over UDP the whole request must fit a datagram of 65,507 bytes.
    - `blob64`: The same in Base64, for documents that carry text only. Since 26.1.
    - `db_id`: The number of the file in the daemon's database. Allowed: 1 or more.
    - `repeat_times`: How many times it is played; once where it is not given. Allowed: 1 or more. Since 9.3.
    - `repeat_duration`: For how many milliseconds it is repeated, unless `repeat_times` ends it first. Allowed:
      1 ms or more. Since 13.2.
    - `start_pos`: The frame of the file to begin with, such as the `last_frame_pos` of a `StopMediaReply`.
      Allowed: 0 frames or more. Since 11.2.
    - `block_egress`: Nothing else goes to this party meanwhile. Since 12.3.
    - `flags`: Further options, such as ``Flags(codec={"set": ["opus;bitrate=16000"]})``.

    Returns `PlayMediaReply`. Known since 7.3.
    """

    stop_media: Final = command(StopMedia)
    """Stop what is being played to a party, before its end (ng document, "`stop media` Message").

    The reply's `last_frame_pos` is the `start_pos` with which `PlayMedia` goes on from there.

    - `call_id`: The SIP Call-ID.
    - `participant`: The party that hears it.
    - `flags`: Further options.

    Returns `StopMediaReply`. Known since 7.3.
    """

    play_dtmf: Final = command(PlayDtmf)
    """Dial a digit for a party, so that the others hear it (ng document, "`play DTMF` Message").

    The call's offer and answer must have had ``Flags(inject_dtmf=True)``. Several digits are sent one after the
    other.

    - `call_id`: The SIP Call-ID.
    - `participant`: The party that dials.
    - `code`: The digit, such as ``"5"`` or ``"#"``, or its number as an event from 0 to 15 (RFC 4733, section
      3.2).
    - `duration`: How long the digit is, in milliseconds; 250 where it is not given. Allowed: 100 to 5000 ms.
    - `volume`: How loud it is: decibels below the loudest, with or without the sign; 8 where it is not given.
      Allowed: -63 to 63 dB.
    - `pause`: How long the silence after it is, in milliseconds; 100 where it is not given. Allowed: 100 to
      5000 ms.
    - `flags`: Further options.

    Returns `Done`. Known since 8.0.
    """

    publish: Final = command(Publish)
    """Give the daemon media that others may then subscribe to (ng document, "`publish` Message").

    The reply's `sdp` is the daemon's own answer, which only receives, unless `bidirectional`.

    - `call_id`: The SIP Call-ID; where it is not given, a daemon since 26.0 makes one up and the reply has it.
    - `from_tag`: The party's tag; where it is not given, a daemon since 26.0 makes one up and the reply has it.
    - `sdp`: The publisher's offer, which only sends, as text or bytes.
    - `bidirectional`: The publisher receives too. Since 26.0.
    - `flags`: Options as for an offer; ``Flags(codec={"accept": [...]})`` says which codec is taken.

    Returns `PartyReply`. Known since 10.0.
    """

    subscribe_request: Final = command(SubscribeRequest)
    """Ask for a copy of what one or several parties send (ng document, "`subscribe request` Message").

    The reply's `sdp` is an offer for the listener; its answer goes into `SubscribeAnswer`, with the `to_tag` of the
    reply. A request for a `to_tag` that has subscriptions replaces them.

    - `call_id`: The SIP Call-ID.
    - `participant`: The party or parties to listen to; ``Participant.ALL`` stands for those that offered and
      answered, not for publishers.
    - `to_tag`: The listener's tag; where it is not given, the daemon makes one up and the reply has it.
    - `set_label`: A label for the listener.
    - `bidirectional`: The listener may send too. Since 26.0.
    - `siprec`: The offer is one for a recorder (RFC 7866), with a label in each media section; `labels` of the
      reply says whose each is. Since 10.3.
    - `flags`: Options as for an offer: they describe the listener's leg.

    Returns `SubscribeReply`. Known since 10.0.
    """

    subscribe_answer: Final = command(SubscribeAnswer)
    """Give the listener's answer: from now on the media flows (ng document, "`subscribe answer` Message").

    - `sdp`: The answer to the body that the request came back with, as text or bytes.
    - `call_id`: The SIP Call-ID.
    - `to_tag`: The listener's tag, as the request's reply has it.
    - `allow_transcoding`: The answer may have fewer codecs than the offer; without it, such an answer is
      refused.
    - `bidirectional`: The listener may send too. Since 26.0.
    - `flags`: Options as for an answer.

    Returns `Done`. Known since 10.0.
    """

    unsubscribe: Final = command(Unsubscribe)
    """End a subscription (ng document, "`unsubscribe` Message").

    - `call_id`: The SIP Call-ID.
    - `to_tag`: The listener's tag.
    - `flags`: Further options.

    Returns `Done`. Known since 10.0.
    """

    inject_start: Final = command(InjectStart)
    """Mix the audio of one party into what another hears, one way (ng document, "`inject start` Message").

    - `call_id`: The SIP Call-ID of the party that hears the audio.
    - `to_tag`: The tag of the party that hears the audio.
    - `source_tag`: The tag of the party whose audio it is.
    - `source_call_id`: The SIP Call-ID of that party, where it is in another call: the daemon makes one call of
      both.
    - `flags`: Further options.

    Returns `Done`. Known since 26.0.
    """

    inject_stop: Final = command(InjectStop)
    """Stop what `InjectStart` began, named in the same way (ng document, "`inject stop` Message").

    - `call_id`: The SIP Call-ID of the party that hears the audio.
    - `to_tag`: The tag of the party that hears the audio.
    - `source_tag`: The tag of the party whose audio it is.
    - `source_call_id`: The SIP Call-ID of that party, where it is in another call: the daemon makes one call of
      both.
    - `flags`: Further options.

    Returns `Done`. Known since 26.0.
    """

    connect: Final = command(Connect)
    """Connect two parties, also of two calls, without offer and answer (ng document, "`connect` Message").

    - `call_id`: The SIP Call-ID of the first party.
    - `participant`: The first party; several with `directional` only.
    - `to_tag`: The tag of the second party.
    - `to_call_id`: The SIP Call-ID of the second party, where it is in another call: the daemon makes one call
      of both.
    - `directional`: The second party gets a copy of what the first sends; other media flows as before.
    - `bidirectional`: With `directional`: in the other direction too. Since 26.0.
    - `flags`: Further options.

    Returns `Done`. Known since 13.2.
    """

    mesh: Final = command(Mesh)
    """Make one call of several, and say which party hears which (ng document, "`mesh` Message").

    - `calls`: The SIP Call-IDs, at least one: afterwards all of them name the one call.
    - `tags`: The tags of the parties that send, each with the tags of those that hear it: ``{"a": ["b",
      "c"]}``.
    - `unsubscribe`: First end what flowed to each of the parties that send.
    - `bidirectional`: Connect each pair in both directions. Since 26.0.
    - `flags`: Further options.

    Returns `Done`. Known since 26.1.
    """

    create: Final = command(Create)
    """Make a call or a party, and an offer for it (ng document, "`create` and `create answer` Messages").

    The reply's `sdp` is the offer; its answer goes into `CreateAnswer`, with the `call_id` and `from_tag` of the
    reply. A new party has one audio section, plain RTP, with PCMA and PCMU, unless told otherwise. For a party that
    exists, the offer is what it has.

    - `call_id`: The SIP Call-ID; where it is not given, a daemon since 26.0 makes one up and the reply has it.
    - `from_tag`: The party's tag; where it is not given, a daemon since 26.0 makes one up and the reply has it.
    - `medias`: The media sections, where you want other than one of audio.
    - `flags`: Options as for an offer; ``Flags(codec={"offer": [...]})`` says which audio codecs are offered.

    Returns `PartyReply`. Known since 26.0.
    """

    create_answer: Final = command(CreateAnswer)
    """Give the answer to the offer of `Create` (ng document, "`create` and `create answer` Messages").

    - `sdp`: The answer, as text or bytes.
    - `call_id`: The SIP Call-ID.
    - `from_tag`: The party's tag.
    - `flags`: Options as for an answer.

    Returns `Done`. Known since 26.0.
    """

    transform: Final = command(Transform)
    """Transcode streams that belong to no call, for another daemon (``transform``; not in the ng document).

    The reply says where each stream is to be sent.

    - `media`: The streams, at least one.
    - `call_id`: A Call-ID; where it is not given, the daemon makes one up and the reply has it.
    - `from_tag`: A tag; where it is not given, the daemon makes one up and the reply has it.
    - `instance`: A name for the daemon that asks: a daemon refuses its own requests.
    - `interface`: The daemon's logical interface where the streams come in.
    - `flags`: Further options.

    Returns `TransformReply`. Known since 13.3.
    """

    recording: Final = during(StartRecording)
    """Send `start_recording` when the block begins, and `stop_recording` when it ends.

    Record a call from now on, or again after a pause (ng document, "`start recording` Message").

    `recording_file`, or `recording_dir` and `recording_pattern`, say where to, instead of the recording daemon's
    configuration.

    - `call_id`: The SIP Call-ID.
    - `flags`: Further options, such as ``Flags(metadata=...)``, which is stored beside the recording.
    - `recording_file`: The file to write, as an absolute path with its extension; it wins over the other two.
      Since 12.2.
    - `recording_dir`: The folder to write in, as an absolute path, instead of the recording daemon's own. Since
      12.2.
    - `recording_pattern`: The pattern of the files' names, instead of the recording daemon's own; each name
      must be another. Since 12.2.

    The block gets `Done`. At its end: Stop recording the call.
    """

    forwarding: Final = during(StartForwarding)
    """Send `start_forwarding` when the block begins, and `stop_forwarding` when it ends.

    Send audio on as PCM, over TCP (ng document, "`start forwarding` and `stop forwarding` Messages").

    The recording daemon does it, independently of recording; ``Flags(metadata=...)`` goes with the audio.

    - `call_id`: The SIP Call-ID.
    - `participant`: The party whose packets are meant; without it, those of the whole call.
    - `flags`: Further options.

    The block gets `Done`. At its end: Stop forwarding the same audio.
    """

    dtmf_blocked: Final = during(BlockDtmf)
    """Send `block_dtmf` when the block begins, and `unblock_dtmf` when it ends.

    Keep DTMF events (RFC 4733) from passing (ng document, "`block DTMF` and `unblock DTMF` Messages").

    With `dtmf_security` something else is sent in their place ("`DTMF-security`" in "`offer` Message"), and with
    `trigger` the blocking begins when the party dials those digits.

    - `call_id`: The SIP Call-ID.
    - `participant`: The party whose packets are meant; without it, those of the whole call.
    - `flags`: Further options.
    - `dtmf_security`: What is sent in place of an event; ``drop`` sends nothing. Since 10.3.
    - `digit`: The digit that is sent in its place, where `dtmf_security` is ``DTMF``. Since 10.3.
    - `frequency`: The pitch of the tone that is sent in its place, where `dtmf_security` is ``tone``; 400 Hz
      where none is given. Allowed: 1 to 8000 Hz. Since 10.3.
    - `frequencies`: Several pitches, taken in turn; a daemon before 11.2 ignores them. Allowed: 1 to 8000 Hz.
      Since 11.2.
    - `volume`: How loud the tone is: decibels below the loudest, with or without the sign; 10 where it is not
      given. Allowed: -63 to 63 dB. Since 10.3.
    - `trigger`: The DTMF digits that begin the blocking when they are dialled. Since 10.3.
    - `trigger_end`: The DTMF digits that end it. Since 10.3.
    - `trigger_end_time`: After how many milliseconds it ends at the latest. Allowed: 0 ms or more. Since 10.3.
    - `trigger_end_digits`: After how many further digits it ends at the latest. Allowed: 0 or more. Since 10.3.
    - `delay_buffer`: By how many milliseconds the audio is delayed, so that an event is known before it begins
      to pass. Allowed: 0 to 60000 ms. Since 10.3.

    The block gets `Done`. At its end: Let DTMF events pass again, and end the delay where there is one.
    """

    blocked: Final = during(BlockMedia)
    """Send `block_media` when the block begins, and `unblock_media` when it ends.

    Keep media from passing, but not DTMF events (ng document, "`block media` and `unblock media` Messages").

    - `call_id`: The SIP Call-ID.
    - `participant`: The party whose packets are meant; without it, those of the whole call.
    - `flags`: Further options.
    - `toward`: Only what goes to this party: ``Participant.tag(...)`` or ``.label(...)``.
    - `flows`: Only these flows of the participant: those of its offers and answers (``offer-answer``), those of
      subscriptions (``except-offer-answer``), or all (``flows``). Since 11.1.

    The block gets `Done`. At its end: Let the same media pass again.
    """

    silenced: Final = during(SilenceMedia)
    """Send `silence_media` when the block begins, and `unsilence_media` when it ends.

    Replace audio by silence (ng document, "`silence media` and `unsilence media` Messages").

    The daemon does so for G.711 and G.722 only.

    - `call_id`: The SIP Call-ID.
    - `participant`: The party whose packets are meant; without it, those of the whole call.
    - `flags`: Further options.
    - `toward`: Only what goes to this party: ``Participant.tag(...)`` or ``.label(...)``.
    - `flows`: Only these flows of the participant: those of its offers and answers (``offer-answer``), those of
      subscriptions (``except-offer-answer``), or all (``flows``). Since 11.1.

    The block gets `Done`. At its end: Let the same audio pass again.
    """

    playing: Final = during(PlayMedia)
    """Send `play_media` when the block begins, and `stop_media` when it ends.

    Play a media file to a party (ng document, "`play media` Message").

    The daemon reads what FFmpeg reads, and transcodes it to the first codec of that party that it can write.
    Exactly one of `file`, `blob`, `blob64` and `db_id` says what is played. The reply has its duration.

    - `call_id`: The SIP Call-ID.
    - `participant`: The party that hears it.
    - `file`: The file on the daemon's machine, relative to the folder that the daemon runs in.
    - `blob`: The bytes of the file; over UDP the whole request must fit a datagram of 65,507 bytes.
    - `blob64`: The same in Base64, for documents that carry text only. Since 26.1.
    - `db_id`: The number of the file in the daemon's database. Allowed: 1 or more.
    - `repeat_times`: How many times it is played; once where it is not given. Allowed: 1 or more. Since 9.3.
    - `repeat_duration`: For how many milliseconds it is repeated, unless `repeat_times` ends it first. Allowed:
      1 ms or more. Since 13.2.
    - `start_pos`: The frame of the file to begin with, such as the `last_frame_pos` of a `StopMediaReply`.
      Allowed: 0 frames or more. Since 11.2.
    - `block_egress`: Nothing else goes to this party meanwhile. Since 12.3.
    - `flags`: Further options, such as ``Flags(codec={"set": ["opus;bitrate=16000"]})``.

    The block gets `PlayMediaReply`. At its end: Stop playing; nothing happens where the file has ended already.
    """

    published: Final = during(Publish)
    """Send `publish` when the block begins, and `delete` when it ends.

    Give the daemon media that others may then subscribe to (ng document, "`publish` Message").

    The reply's `sdp` is the daemon's own answer, which only receives, unless `bidirectional`.

    - `call_id`: The SIP Call-ID; where it is not given, a daemon since 26.0 makes one up and the reply has it.
    - `from_tag`: The party's tag; where it is not given, a daemon since 26.0 makes one up and the reply has it.
    - `sdp`: The publisher's offer, which only sends, as text or bytes.
    - `bidirectional`: The publisher receives too. Since 26.0.
    - `flags`: Options as for an offer; ``Flags(codec={"accept": [...]})`` says which codec is taken.

    The block gets `PartyReply`. At its end: Delete the publisher's call at once.

    The publisher has a call of its own here. To publish into a call that others are in, use `publish`: that
    call ends when they end it.
    """

    subscription: Final = during(SubscribeRequest, Subscription)
    """Send `subscribe_request` when the block begins, and `unsubscribe` when it ends.

    Ask for a copy of what one or several parties send (ng document, "`subscribe request` Message").

    The reply's `sdp` is an offer for the listener; its answer goes into `SubscribeAnswer`, with the `to_tag` of the
    reply. A request for a `to_tag` that has subscriptions replaces them.

    - `call_id`: The SIP Call-ID.
    - `participant`: The party or parties to listen to; ``Participant.ALL`` stands for those that offered and
      answered, not for publishers.
    - `to_tag`: The listener's tag; where it is not given, the daemon makes one up and the reply has it.
    - `set_label`: A label for the listener.
    - `bidirectional`: The listener may send too. Since 26.0.
    - `siprec`: The offer is one for a recorder (RFC 7866), with a label in each media section; `labels` of the
      reply says whose each is. Since 10.3.
    - `flags`: Options as for an offer: they describe the listener's leg.

    The block gets `Subscription`. At its end: End the subscription.
    """

    injection: Final = during(InjectStart)
    """Send `inject_start` when the block begins, and `inject_stop` when it ends.

    Mix the audio of one party into what another hears, one way (ng document, "`inject start` Message").

    - `call_id`: The SIP Call-ID of the party that hears the audio.
    - `to_tag`: The tag of the party that hears the audio.
    - `source_tag`: The tag of the party whose audio it is.
    - `source_call_id`: The SIP Call-ID of that party, where it is in another call: the daemon makes one call of
      both.
    - `flags`: Further options.

    The block gets `Done`. At its end: Stop mixing the same audio in.
    """
