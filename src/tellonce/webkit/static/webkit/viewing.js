// Who else has this open: says that somebody writes here while they do, and that the page was left.
const SAY_AGAIN_MS = 15_000;
let saidAt = 0;

function place() { return document.querySelector("[data-viewing]"); }

function sayWriting(event) {
  const here = place();
  if (!here || !event.target.closest("#action") || Date.now() - saidAt < SAY_AGAIN_MS) return;
  saidAt = Date.now();
  fetch(`${here.dataset.viewing}?writing=1`, {
    headers: { "HX-Request": "true", "HX-Target": here.id }, credentials: "same-origin",
  }).catch(() => { saidAt = 0; });
}

// What is fetched again meanwhile must not say that the writing has ended.
function keepSaying(event) {
  if (place() && Date.now() - saidAt < SAY_AGAIN_MS) event.detail.parameters.writing = "1";
}

function sayLeft() {
  const here = place();
  if (!here) return;
  const token = JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"];
  fetch(here.dataset.leaving, { method: "POST", headers: { "X-CSRFToken": token }, keepalive: true, credentials: "same-origin" }).catch(() => {});
}

export function startViewing() {
  document.addEventListener("input", sayWriting);
  document.addEventListener("htmx:configRequest", (event) => { if (event.detail.verb === "get") keepSaying(event); });
  addEventListener("pagehide", sayLeft);
}
