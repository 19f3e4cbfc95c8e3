// Short messages: read out, gone after a while, never the only place of what they say.
const STAY_MS = 6000;

export function say(words, tone = "") {
  const box = document.getElementById("toasts");
  if (!box) return;
  const toast = document.createElement("div");
  toast.className = `toast ${tone}`;
  const text = document.createElement("span");
  text.textContent = words;
  toast.append(text);
  box.append(toast);
  leaveLater(toast);
}

function leaveLater(toast) {
  let timer = setTimeout(() => toast.remove(), STAY_MS);
  toast.addEventListener("mouseenter", () => clearTimeout(timer));
  toast.addEventListener("mouseleave", () => { timer = setTimeout(() => toast.remove(), STAY_MS); });
}

function gather() {
  const box = document.getElementById("toasts");
  if (!box) return;
  for (const toast of document.querySelectorAll("[data-toasts] [data-toast]")) {
    toast.removeAttribute("data-toast");
    box.append(toast);
    leaveLater(toast);
  }
  for (const empty of document.querySelectorAll("[data-toasts]")) empty.remove();
}

// A reminder comes on every topic and again after a gap in the stream; it is said once.
const reminded = new Set();

function remind({ detail }) {
  if (detail.kind !== "care.promise_soon_due" || reminded.has(detail.promise_id)) return;
  reminded.add(detail.promise_id);
  say(document.getElementById("toasts")?.dataset.soonDue, "warn");
}

export function startToasts() {
  gather();
  document.addEventListener("htmx:afterSettle", gather);
  document.addEventListener("live:told", remind);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-dismiss]")) event.target.closest(".toast").remove();
  });
}
