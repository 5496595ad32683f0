// The page's side of browser.py: one peer connection that plays a tone and listens.
"use strict";

const GATHERING_MAY_TAKE = 10_000;

/** Returns the local description, complete: with its candidates in it. */
async function described(connection) {
  const deadline = performance.now() + GATHERING_MAY_TAKE;
  // After an ICE restart the state is still that of before for a moment; the candidates are not.
  while (
    connection.iceGatheringState !== "complete" ||
    !connection.localDescription.sdp.includes("a=candidate:")
  ) {
    if (performance.now() > deadline) throw new Error(`ICE gathering: ${connection.iceGatheringState}`);
    await new Promise((done) => setTimeout(done, 5));
  }
  return connection.localDescription.sdp;
}

/** Sets a remote description; returns null, or the browser's words where it refuses it. */
async function remote(connection, type, sdp) {
  try {
    await connection.setRemoteDescription({ type, sdp });
    return null;
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
}

class Peer {
  constructor(frequency, codecs) {
    this.context = new AudioContext();
    const tone = new OscillatorNode(this.context, { frequency });
    const volume = new GainNode(this.context, { gain: 0.3 });
    const out = new MediaStreamAudioDestinationNode(this.context, { channelCount: 1 });
    tone.connect(volume).connect(out);
    tone.start();
    this.ear = new AnalyserNode(this.context, { fftSize: 2048, smoothingTimeConstant: 0 });
    this.heard = new Set();
    this.counted = new Map();
    this.connection = new RTCPeerConnection();
    this.connection.ontrack = ({ track }) => this.listen(track);
    this.connection.addTrack(out.stream.getAudioTracks()[0], out.stream);
    [this.transceiver] = this.connection.getTransceivers();
    if (codecs.length) {
      const known = RTCRtpReceiver.getCapabilities("audio").codecs;
      this.transceiver.setCodecPreferences(
        codecs.flatMap((name) => known.filter((codec) => codec.mimeType === `audio/${name}`)),
      );
    }
  }

  listen(track) {
    if (this.heard.has(track)) return;
    this.heard.add(track);
    const stream = new MediaStream([track]);
    // Without an element that plays it, no audio of a remote track comes out of the graph either.
    this.element = new Audio();
    this.element.srcObject = stream;
    this.element.play();
    this.context.createMediaStreamSource(stream).connect(this.ear);
  }

  async offer(options) {
    await this.connection.setLocalDescription(await this.connection.createOffer(options));
    return described(this.connection);
  }

  async propose(options) {
    this.proposed = await this.connection.createOffer(options);
    return this.proposed.sdp;
  }

  async apply() {
    await this.connection.setLocalDescription(this.proposed);
  }

  async answer() {
    await this.connection.setLocalDescription(await this.connection.createAnswer());
    return described(this.connection);
  }

  remote(type, sdp) {
    return remote(this.connection, type, sdp);
  }

  addVideo() {
    this.connection.addTransceiver("video");
  }

  direct(direction) {
    this.transceiver.direction = direction;
  }

  async rollback() {
    const rollback = { type: "rollback" };
    if (this.connection.signalingState.startsWith("have-local")) {
      await this.connection.setLocalDescription(rollback);
    } else {
      await this.connection.setRemoteDescription(rollback);
    }
  }

  state() {
    return this.connection.connectionState;
  }

  /** The candidate pair that packets take now, and the report that it stands in. */
  async selected() {
    const report = await this.connection.getStats();
    const transport = [...report.values()].find((it) => it.type === "transport");
    return { report, pair: report.get(transport?.selectedCandidatePairId) };
  }

  /** How many checks of that path were answered. */
  async checksAnswered() {
    return (await this.selected()).pair?.responsesReceived ?? 0;
  }

  /** The ICE username fragments of the path that packets take now, its own and the other's; null without one. */
  async path() {
    const { report, pair } = await this.selected();
    if (!pair) return null;
    const ends = [pair.localCandidateId, pair.remoteCandidateId];
    return ends.map((id) => report.get(id)?.usernameFragment ?? "");
  }

  /** The last moment of what is heard, as samples of 16 bits, with their rate. */
  audio() {
    const samples = new Float32Array(this.ear.fftSize);
    this.ear.getFloatTimeDomainData(samples);
    const clipped = Array.from(samples, (it) => (32767 * Math.max(-1, Math.min(1, it))) | 0);
    return { samples: clipped, rate: this.context.sampleRate };
  }

  /** Counters and codecs; streams that ended count, too. */
  async report() {
    const report = await this.connection.getStats();
    const codecs = { sent: null, received: null };
    let sent_in_all = 0;
    for (const it of report.values()) {
      if (it.type === "transport") sent_in_all += it.packetsSent;
      if (it.type !== "inbound-rtp" && it.type !== "outbound-rtp") continue;
      const way = it.type === "inbound-rtp" ? "received" : "sent";
      const now = way === "received" ? it.packetsReceived : it.packetsSent;
      this.counted.set(it.id, [way, Math.max(now, this.counted.get(it.id)?.[1] ?? 0)]);
      codecs[way] = report.get(it.codecId)?.mimeType ?? codecs[way];
    }
    const packets = { sent: 0, received: 0, sent_in_all };
    for (const [way, count] of this.counted.values()) packets[way] += count;
    return { packets, codecs };
  }

  /** A report of no earlier than now: the browser hands out the same one for some 50 ms. */
  async freshReport() {
    const stamp = async () => (await this.connection.getStats()).values().next().value.timestamp;
    const old = await stamp();
    while ((await stamp()) === old) await new Promise((done) => setTimeout(done, 10));
    return this.report();
  }

  async listenAndLook() {
    return { ...(await this.report()), ...this.audio() };
  }

  async close() {
    this.connection.close();
    await this.context.close();
  }
}

/** A connection that is thrown away, to find out what the browser thinks of a body. */
const trial = {
  async accepts(sdp) {
    const connection = new RTCPeerConnection();
    const refusal = await remote(connection, "offer", sdp);
    connection.close();
    return refusal;
  },

  async offer(kinds) {
    this.connection = new RTCPeerConnection();
    for (const kind of kinds) {
      if (kind === "data") this.connection.createDataChannel("data");
      else this.connection.addTransceiver(kind);
    }
    await this.connection.setLocalDescription();
    return described(this.connection);
  },

  async acceptsAnswer(sdp) {
    const refusal = await remote(this.connection, "answer", sdp);
    this.connection.close();
    return refusal;
  },
};
