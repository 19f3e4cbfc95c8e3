// The window of the phone in the browser: microphone, loudspeaker, ring tone, and the connection that carries both.
//
// The connection is made when the window opens and lies idle: the microphone is put on it while something rings or
// somebody talks. The answer to our offer stays open for as long as the phone is here; when it breaks (the process was
// started anew, the network is gone) the window connects again, and a call that is up goes on.
import { ask, tell } from "./phone.js";

const sound = document.querySelector("[data-phone-here]");
const part = (name) => sound.querySelector(`[data-phone-${name}]`);
const SEAT = "tellonce-phone-seat";
const PAUSES_MS = [300, 1000, 2000, 4000, 8000];
const GATHER_MS = 1500;
const GATHER_FAR_MS = 4000; // where servers are asked for a way through routers
const RECORD_MS = 3000;
const RING_MS = 6000; // two seconds of tone, four of silence
const isOn = Boolean(sound?.dataset.isOn);

const kept = {
  get: (name) => { try { return localStorage.getItem(`tellonce-${name}`) ?? ""; } catch { return ""; } },
  set: (name, value) => { try { localStorage.setItem(`tellonce-${name}`, value); } catch { /* not kept, then */ } },
};

let stream; // of the microphone
let sender; // that carries it
let link; // the RTCPeerConnection
let attempt = 0; // the last one counts
let failures = 0;
let isMuted = false;
let isRinging = false;

function show(state) {
  sound.dataset.state = state;
  for (const each of sound.querySelectorAll("[data-when]")) each.hidden = !each.dataset.when.split(" ").includes(state);
  tell({ isOpen: state === "ready", isMuted });
}

// ---- microphone and loudspeaker ----

async function openMicrophone() {
  if (!navigator.mediaDevices?.getUserMedia) return show("insecure");
  const wanted = kept.get("microphone");
  const quality = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  try {
    const device = wanted ? { deviceId: { ideal: wanted } } : {};
    const fresh = await navigator.mediaDevices.getUserMedia({ audio: { ...quality, ...device } });
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = fresh;
  } catch (error) {
    show(error.name === "NotAllowedError" || error.name === "SecurityError" ? "refused" : "none");
    return undefined;
  }
  const [track] = stream.getAudioTracks();
  track.enabled = !isMuted;
  track.addEventListener("ended", microphoneLost);
  await listDevices();
  measure();
  attach();
  return stream;
}

async function microphoneLost() {
  if (await openMicrophone()) begin();
  else hangUpLink();
}

async function listDevices() {
  const devices = await navigator.mediaDevices.enumerateDevices();
  fill(part("microphone"), devices.filter(({ kind }) => kind === "audioinput"), stream?.getAudioTracks()[0]?.getSettings().deviceId);
  const outputs = devices.filter(({ kind }) => kind === "audiooutput");
  part("speaker-field").hidden = !outputs.length || !("setSinkId" in HTMLMediaElement.prototype);
  fill(part("speaker"), outputs, kept.get("speaker"));
}

function fill(select, devices, chosen) {
  select.replaceChildren(...devices.map(({ deviceId, label }, index) => {
    const option = new Option(label || `${index + 1}`, deviceId);
    option.selected = deviceId === chosen;
    return option;
  }));
}

async function useSpeaker(...elements) {
  const wanted = kept.get("speaker");
  for (const each of elements) {
    if (each.setSinkId) await each.setSinkId(wanted).catch(() => {});
  }
}

// ---- how loud it is ----

let context;
let meter;

function measure() {
  context ??= new AudioContext();
  const analyser = context.createAnalyser();
  meter?.source.disconnect();
  meter = { analyser, source: context.createMediaStreamSource(stream), samples: new Float32Array(analyser.fftSize) };
  meter.source.connect(analyser);
}

function drawLevel() {
  if (meter) {
    meter.analyser.getFloatTimeDomainData(meter.samples);
    const power = meter.samples.reduce((sum, each) => sum + each * each, 0) / meter.samples.length;
    const level = Math.max(0, Math.min(100, 100 + (20 * Math.log10(Math.sqrt(power) + 1e-6)) * 1.8));
    part("level").querySelector(".level-fill").setAttribute("width", isMuted ? 0 : Math.round(level));
  }
  requestAnimationFrame(drawLevel);
}

async function recordAndPlay(button) {
  const words = button.textContent;
  button.disabled = true;
  button.textContent = button.dataset.recording;
  await context.resume();
  const recorder = new MediaRecorder(stream);
  const pieces = [];
  recorder.ondataavailable = ({ data }) => pieces.push(data);
  const stopped = new Promise((resolve) => { recorder.onstop = resolve; });
  recorder.start();
  setTimeout(() => recorder.stop(), RECORD_MS);
  await stopped;
  const bytes = await new Blob(pieces, { type: recorder.mimeType }).arrayBuffer();
  const heard = context.createBufferSource();
  heard.buffer = await context.decodeAudioData(bytes);
  const out = context.createMediaStreamDestination();
  heard.connect(out);
  const player = new Audio();
  player.srcObject = out.stream;
  await useSpeaker(player);
  button.textContent = button.dataset.playing;
  const played = new Promise((resolve) => { heard.onended = resolve; });
  await player.play();
  heard.start();
  await played;
  player.srcObject = null;
  button.textContent = words;
  button.disabled = false;
}

// ---- the ring tone ----

const ringer = new Audio();
let ringTimer;

function ring() {
  const out = context.createMediaStreamDestination();
  const now = context.currentTime;
  const volume = context.createGain();
  volume.gain.value = 0.15;
  volume.connect(out);
  for (const frequency of [440, 480]) {
    const tone = context.createOscillator();
    tone.frequency.value = frequency;
    tone.connect(volume);
    tone.start(now);
    tone.stop(now + 2);
  }
  ringer.srcObject = out.stream;
  useSpeaker(ringer).then(() => ringer.play()).catch(() => {});
  ringTimer = setTimeout(ring, RING_MS);
}

// What the panel shows decides whether it rings, and whether the microphone is on the line.
function look() {
  const panel = document.getElementById("phone");
  const rings = Boolean(panel?.querySelector(".caller.rings"));
  if (rings !== isRinging) {
    isRinging = rings;
    clearTimeout(ringTimer);
    ringer.srcObject = null;
    if (rings && context) context.resume().then(ring);
  }
  attach();
  part("test").disabled = Boolean(panel?.querySelector(".caller"));
}

function attach() {
  const isWanted = Boolean(document.querySelector("#phone .caller"));
  const track = isWanted ? stream?.getAudioTracks()[0] ?? null : null;
  if (sender && sender.track !== track) sender.replaceTrack(track).catch(() => {});
}

// ---- the connection ----

async function gathered(connection, patience) {
  if (connection.iceGatheringState === "complete") return;
  await new Promise((resolve) => {
    connection.addEventListener("icegatheringstatechange", () => connection.iceGatheringState === "complete" && resolve());
    setTimeout(resolve, patience);
  });
}

function offerOf(connection) {
  const codecs = RTCRtpReceiver.getCapabilities("audio").codecs.filter(({ mimeType }) => mimeType === "audio/PCMU");
  const lane = connection.addTransceiver("audio", { direction: "sendrecv" });
  if (codecs.length && lane.setCodecPreferences) lane.setCodecPreferences(codecs);
  return lane.sender;
}

async function connect(isTaken) {
  hangUpLink();
  show(failures ? "lost" : "connecting");
  const mine = attempt;
  const open = await ask("open", sound.dataset.place);
  if (mine !== attempt) return;
  const connection = (link = new RTCPeerConnection({ iceServers: open.iceServers }));
  const isCurrent = () => link === connection;
  sender = offerOf(connection);
  connection.ontrack = ({ track }) => {
    part("voice").srcObject = new MediaStream([track]);
    useSpeaker(part("voice")).then(() => part("voice").play()).catch(() => {});
  };
  connection.onconnectionstatechange = () => {
    if (!isCurrent()) return;
    if (connection.connectionState === "connected") {
      failures = 0;
      show("ready");
      attach();
    } else if (connection.connectionState === "failed") again();
  };
  await connection.setLocalDescription(await connection.createOffer());
  await gathered(connection, open.iceServers.length ? GATHER_FAR_MS : GATHER_MS);
  if (!isCurrent()) return;
  const body = JSON.stringify({ sdp: connection.localDescription.sdp, seat: seat(), taken: isTaken });
  const said = await open(body);
  if (said.status === 409) return elsewhere();
  if (said.status === 403) return location.reload(); // put away meanwhile, or signed out
  if (!said.ok) throw new Error(`no phone: ${said.status}`);
  await follow(said, connection, isCurrent);
}

// The first line is the other side's description; the last one says why the phone is not here any more.
async function follow(said, connection, isCurrent) {
  const reader = said.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (!isCurrent()) return reader.cancel();
    if (done) throw new Error("the phone's process is gone");
    const lines = (text + value).split("\n");
    text = lines.pop();
    for (const line of lines.filter(Boolean).map(JSON.parse)) {
      if (line.sdp) await connection.setRemoteDescription({ type: "answer", sdp: line.sdp });
      else if (line.over === "elsewhere") return elsewhere();
      else if (line.over === "off") return location.reload();
    }
  }
}

function elsewhere() {
  hangUpLink();
  show("elsewhere");
}

function hangUpLink() {
  attempt += 1;
  const before = link;
  link = sender = undefined;
  before?.close();
}

function again() {
  const pause = PAUSES_MS[Math.min(failures, PAUSES_MS.length - 1)];
  failures += 1;
  hangUpLink();
  show("lost");
  setTimeout(() => { if (!link && sound.dataset.state === "lost") start(false); }, pause);
}

function start(isTaken) {
  const connecting = connect(isTaken);
  const mine = attempt;
  connecting.catch(() => { if (mine === attempt) again(); }); // one that was given up for another may fail as it likes
}

// A window's own name for itself: it is the same after it was loaded again.
function seat() {
  const found = sessionStorage.getItem(SEAT) ?? crypto.randomUUID();
  sessionStorage.setItem(SEAT, found);
  return found;
}

function begin() {
  if (isOn && !link) start(!sessionStorage.getItem(SEAT));
  else if (!isOn) show("off");
}

function setMute() {
  isMuted = !isMuted;
  for (const track of stream?.getAudioTracks() ?? []) track.enabled = !isMuted;
  tell({ isMuted });
}

// ---- start ----

function listen() {
  part("test").addEventListener("click", ({ currentTarget }) => recordAndPlay(currentTarget));
  part("take").addEventListener("click", () => start(true));
  part("microphone").addEventListener("change", ({ target }) => { kept.set("microphone", target.value); openMicrophone(); });
  part("speaker").addEventListener("change", ({ target }) => { kept.set("speaker", target.value); useSpeaker(part("voice")); });
  document.addEventListener("phone:mute", setMute);
  document.addEventListener("htmx:afterSettle", look);
  navigator.mediaDevices?.addEventListener("devicechange", async () => {
    if (sound.dataset.state === "none" && await openMicrophone()) begin();
    else if (stream) listDevices();
  });
  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("#phone .caller:not(.rings)")) event.preventDefault();
  });
  window.addEventListener("pagehide", () => tell({ isOpen: false }));
}

if (sound) {
  listen();
  show("asking");
  drawLevel();
  if (await openMicrophone()) begin();
}
