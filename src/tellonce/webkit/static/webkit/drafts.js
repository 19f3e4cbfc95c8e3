// What somebody writes is never lost: kept here at every key, on the server a moment later, gone when it is sent.
const PAUSE_MS = 700;
const timers = new WeakMap();

function keep(place) { return `draft:${document.body.dataset.person || ""}:${place}`; }
function read(place) { try { return localStorage.getItem(keep(place)); } catch { return null; } }
function write(place, words) {
  try { words ? localStorage.setItem(keep(place), words) : localStorage.removeItem(keep(place)); } catch { /* private mode */ }
}

function send(field) {
  const { draft: place, draftAddress: address } = field.dataset;
  if (!address || !field.isConnected) return;
  const token = JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"];
  const body = new URLSearchParams({ place, words: field.value });
  fetch(address, { method: "POST", body, headers: { "X-CSRFToken": token }, keepalive: true, credentials: "same-origin" })
    .then((response) => note(field, response.ok))
    .catch(() => note(field, false));
}

function note(field, kept) {
  const state = field.closest("form")?.querySelector("[data-draft-state]");
  if (state) state.textContent = kept ? state.dataset.kept : state.dataset.keptHere;
}

function restore(field) {
  if (field.dataset.restored !== undefined) return;
  field.dataset.restored = "";
  const words = read(field.dataset.draft);
  if (words && words !== field.value && !field.closest("form").querySelector("[aria-invalid=true]")) {
    field.value = words;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

export function startDrafts() {
  const restoreAll = () => document.querySelectorAll("[data-draft]").forEach(restore);
  restoreAll();
  document.addEventListener("htmx:afterSettle", restoreAll);
  document.addEventListener("input", (event) => {
    const field = event.target.closest?.("[data-draft]");
    if (!field) return;
    write(field.dataset.draft, field.value);
    clearTimeout(timers.get(field));
    timers.set(field, setTimeout(() => send(field), PAUSE_MS));
  });
  const forget = (form) => form?.querySelectorAll?.("[data-draft]").forEach((field) => {
    clearTimeout(timers.get(field));
    write(field.dataset.draft, "");
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    // What was refused is shown as an answer too, and must not cost the words.
    const isTaken = event.detail.successful && event.detail.xhr.status < 400;
    if (isTaken && event.detail.requestConfig.verb === "post") forget(event.target.closest?.("form"));
  });
  addEventListener("pagehide", () => {
    for (const field of document.querySelectorAll("[data-draft]")) if (timers.has(field)) clearTimeout(timers.get(field));
  });
}
