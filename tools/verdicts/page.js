// The page's side of chromium.py: makes offers by recipe, and gives descriptions to fresh connections.
"use strict";

const POLICIES = ["balanced", "max-compat", "max-bundle"];
/** Few codecs, so that the bodies stay short, and of each kind one. */
const KEPT = /\/(opus|red|PCMU|telephone-event|CN|VP8|rtx|H264|ulpfec)$/;
let certificate = null;

/** Returns a connection for a recipe; all share one certificate, because making one takes longer than a trial. */
async function fresh(recipe = "") {
  certificate ??= await RTCPeerConnection.generateCertificate({ name: "ECDSA", namedCurve: "P-256" });
  const bundlePolicy = POLICIES.find((policy) => recipe.split(" ").includes(policy));
  return new RTCPeerConnection({ certificates: [certificate], ...(bundlePolicy && { bundlePolicy }) });
}

function prefer(transceiver, kind) {
  let h264 = 0;
  const known = RTCRtpReceiver.getCapabilities(kind).codecs;
  transceiver.setCodecPreferences(
    known.filter((it) => KEPT.test(it.mimeType) && (!it.mimeType.endsWith("H264") || h264++ < 1)),
  );
}

/** Adds what a recipe names, such as "audio video/recvonly data": see mutants.py. */
function add(connection, recipe) {
  const words = recipe.split(" ");
  for (const word of words) {
    const [kind, direction = "sendrecv"] = word.split("/");
    if (kind === "data") connection.createDataChannel("data");
    else if (kind === "stop") connection.getTransceivers()[0].stop();
    else if (kind === "hold") connection.getTransceivers()[0].direction = "sendonly";
    else if (kind === "simulcast") {
      const sendEncodings = [{ rid: "q", scaleResolutionDownBy: 4 }, { rid: "h" }];
      prefer(connection.addTransceiver("video", { direction: "sendonly", sendEncodings }), "video");
    } else if (kind === "audio" || kind === "video") {
      const transceiver = connection.addTransceiver(kind, { direction });
      if (!words.includes("full")) prefer(transceiver, kind);
    }
  }
}

async function offered(connection, recipe) {
  add(connection, recipe);
  for (const transceiver of connection.getTransceivers()) {
    if (!recipe.includes("full") && transceiver.direction !== "stopped") prefer(transceiver, transceiver.receiver.track.kind);
  }
  await connection.setLocalDescription(await connection.createOffer({ iceRestart: recipe.includes("restart") }));
  return connection.localDescription.sdp;
}

async function answered(connection, words) {
  const transceivers = connection.getTransceivers();
  if (words.includes("reject")) transceivers.at(-1).stop();
  if (words.includes("both")) {
    for (const it of transceivers) if (it.direction !== "stopped") it.direction = "sendrecv";
  }
  await connection.setLocalDescription(await connection.createAnswer());
  return connection.localDescription.sdp;
}

/** Plays a scene between two connections, and returns the descriptions in their order. */
async function scene(rounds) {
  const parties = { first: await fresh(rounds[0].asks), second: await fresh(rounds[0].answers) };
  const bodies = [];
  for (const { by, asks, answers } of rounds) {
    const asker = parties[by];
    const other = parties[by === "first" ? "second" : "first"];
    const offer = await offered(asker, asks);
    await other.setRemoteDescription({ type: "offer", sdp: offer });
    const answer = await answered(other, answers);
    await asker.setRemoteDescription({ type: "answer", sdp: answer });
    bodies.push(offer, answer);
  }
  for (const it of Object.values(parties)) it.close();
  return bodies;
}

/** Brings a fresh connection to the state that the steps describe. */
async function brought(steps) {
  const connection = await fresh(steps[0]?.[0] === "offers" ? steps[0][1] : "");
  for (const [what, text] of steps) {
    if (what === "offers") await offered(connection, text);
    else if (what === "answers") await answered(connection, text);
    else await connection.setRemoteDescription({ type: what.split(" ")[1], sdp: text });
  }
  return connection;
}

/** Gives each of the bodies to a connection in that state; returns null or the browser's words for each. */
async function verdicts(steps, type, bodies) {
  const found = [];
  let connection = null;
  for (const sdp of bodies) {
    connection ??= await brought(steps);
    let words = null;
    try {
      await connection.setRemoteDescription({ type, sdp });
    } catch (error) {
      words = `${error.name}: ${error.message}`;
    }
    found.push(words);
    // A connection that could not read a body is as it was before.
    if (!words?.includes("Failed to parse")) {
      connection.close();
      connection = null;
    }
  }
  connection?.close();
  return found;
}
