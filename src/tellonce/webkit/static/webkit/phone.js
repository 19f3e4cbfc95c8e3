// The phone in the browser, as every page sees it: its window (phone_window.js) keeps the sound; pages answer and mute.
import { say } from "./toasts.js";

const CHANNEL = "tellonce-phone";
const WINDOW = "popup,width=400,height=720";
const channel = "BroadcastChannel" in window ? new BroadcastChannel(CHANNEL) : undefined;
const here = { isOpen: false, isMuted: false };
let can = "hear"; // or "none": no microphone; or "insecure": a page that gets none

export const isWindow = () => Boolean(document.querySelector("[data-phone-here]"));

function show() {
  for (const part of document.querySelectorAll("[data-phone-is]")) part.hidden = (part.dataset.phoneIs === "open") !== here.isOpen;
  for (const part of document.querySelectorAll("[data-phone-can]")) part.hidden = !part.dataset.phoneCan.split(" ").includes(can);
  for (const button of document.querySelectorAll("[data-phone-mute]")) {
    button.setAttribute("aria-pressed", String(here.isMuted));
    button.querySelector("[data-phone-muted]").hidden = !here.isMuted;
    button.querySelector("[data-phone-unmuted]").hidden = here.isMuted;
  }
}

// Browsers tell without asking anybody whether there is a microphone at all; which one, only once it is allowed.
async function lookForMicrophone() {
  const devices = navigator.mediaDevices;
  const found = await devices?.enumerateDevices?.().catch(() => undefined);
  if (!devices?.getUserMedia) can = "insecure";
  else if (found) can = found.some(({ kind }) => kind === "audioinput") ? "hear" : "none";
  show();
}

// What the window says of itself, to every page and to the panel in it.
export function tell(state) {
  Object.assign(here, state);
  channel?.postMessage({ type: "is", ...here });
  show();
}

export async function ask(act, place) {
  const { base, ticket, iceServers } = await (await fetch(place, { headers: { Accept: "application/json" } })).json();
  const asked = (body) => fetch(`${base}${act}?ticket=${encodeURIComponent(ticket)}`, { method: "POST", body });
  return Object.assign(asked, { iceServers });
}

async function answer(button) {
  button.disabled = true;
  try {
    const said = await (await ask("answer", button.dataset.phoneAnswer))();
    if (!said.ok) throw new Error(String(said.status));
  } catch {
    say(button.dataset.failed, "bad");
  }
  button.disabled = false;
}

function open(event, link) {
  event.preventDefault();
  const opened = window.open("", link.target, WINDOW);
  if (!opened) return location.assign(link.href);
  if (opened.location.href === "about:blank") opened.location = link.href;
  opened.focus();
}

export function mute() {
  if (isWindow()) document.dispatchEvent(new CustomEvent("phone:mute"));
  else channel?.postMessage({ type: "mute" });
}

function heard({ data }) {
  if (data.type === "is" && !isWindow()) {
    Object.assign(here, { isOpen: data.isOpen, isMuted: data.isMuted });
    show();
  } else if (isWindow() && data.type === "who") tell({});
  else if (isWindow() && data.type === "mute") mute();
}

export function startPhone() {
  if (channel) channel.onmessage = heard;
  document.addEventListener("htmx:afterSettle", show);
  document.addEventListener("click", (event) => {
    const answering = event.target.closest("[data-phone-answer]");
    const link = event.target.closest("a[data-phone-open]");
    if (answering) answer(answering);
    else if (event.target.closest("[data-phone-mute]")) mute();
    else if (link) open(event, link);
  });
  channel?.postMessage({ type: "who" });
  navigator.mediaDevices?.addEventListener?.("devicechange", lookForMicrophone);
  lookForMicrophone();
  show();
}
