// j and k walk through a story; / goes to its search; new moments are marked for a moment.
import { isTyping } from "./keys.js";

function moments() { return [...document.querySelectorAll("[data-story] .moment")]; }

function walk(step) {
  const all = moments();
  if (!all.length) return;
  const here = all.findIndex((moment) => moment.hasAttribute("data-here"));
  const next = Math.min(Math.max(here + step, 0), all.length - 1);
  all[here]?.removeAttribute("data-here");
  all[here]?.removeAttribute("tabindex");
  all[next].setAttribute("data-here", "");
  all[next].tabIndex = -1;
  all[next].focus({ preventScroll: true });
  all[next].scrollIntoView({ block: "nearest" });
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key === "j") { event.preventDefault(); walk(1); }
  else if (event.key === "k") { event.preventDefault(); walk(-1); }
  else if (event.key === "/") {
    const field = document.querySelector("[data-story-search], [data-page-search]");
    if (field) { event.preventDefault(); field.focus(); field.select(); }
  }
}

function markFresh() {
  let known = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target?.matches?.("[data-story], [data-story] *")) known = new Set(moments().map((moment) => moment.id));
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (!known?.size) return;
    for (const moment of moments()) {
      if (known.has(moment.id)) break;
      moment.classList.add("fresh");
    }
    known = null;
  });
}

export function startStory() {
  document.addEventListener("keydown", onKey);
  markFresh();
}
