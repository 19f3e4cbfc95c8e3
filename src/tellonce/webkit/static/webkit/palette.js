// Ctrl-K: customers as you type, and every action that has a key on this page.
import { keyedActions } from "./keys.js";

const PAUSE_MS = 90;
let dialog, input, list, timer, asked;

function items() { return [...list.querySelectorAll("[role=option]")]; }

function choose(next) {
  const all = items();
  if (!all.length) { input.removeAttribute("aria-activedescendant"); return; }
  const index = (next + all.length) % all.length;
  all.forEach((item, at) => item.setAttribute("aria-selected", String(at === index)));
  input.setAttribute("aria-activedescendant", all[index].id);
  all[index].scrollIntoView({ block: "nearest" });
}

function chosen() { return items().findIndex((item) => item.getAttribute("aria-selected") === "true"); }

function actionItem({ key, label, press }, number) {
  const item = document.createElement("a");
  item.href = "#";
  item.className = "palette-item";
  item.id = `palette-action-${number}`;
  item.setAttribute("role", "option");
  item.tabIndex = -1;
  const dot = document.createElement("span");
  dot.className = "faint";
  dot.textContent = "→";
  const name = document.createElement("b");
  name.textContent = label;
  const keys = document.createElement("span");
  for (const stroke of key.split(" ")) {
    const cap = document.createElement("kbd");
    cap.textContent = stroke.toUpperCase();
    keys.append(cap, " ");
  }
  item.append(dot, name, keys);
  item.addEventListener("click", (event) => { event.preventDefault(); dialog.close(); press(); });
  return item;
}

function plain(words) { return words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase(); }

function matchingActions(words) {
  const wanted = plain(words);
  return keyedActions().filter(({ label }) => label && plain(label).split(/\s+/).concat(plain(label)).some((word) => word.startsWith(wanted)));
}

function showActions(words) {
  const group = document.createElement("div");
  group.setAttribute("role", "group");
  const matching = matchingActions(words);
  if (matching.length) {
    const title = document.createElement("h3");
    title.textContent = dialog.querySelector("[data-actions-title]").innerHTML;
    group.setAttribute("aria-label", title.textContent);
    group.append(title, ...matching.map(actionItem));
  }
  return group;
}

async function ask() {
  const words = input.value.trim();
  const actions = showActions(words);
  if (words.length < 2) { list.replaceChildren(actions); choose(0); return; }
  asked?.abort();
  asked = new AbortController();
  try {
    const response = await fetch(`${input.dataset.find}?q=${encodeURIComponent(words)}`, {
      headers: { "HX-Request": "true", "HX-Target": "palette-list" }, signal: asked.signal, credentials: "same-origin",
    });
    if (!response.ok) return;
    const found = document.createElement("div");
    found.innerHTML = await response.text();
    list.replaceChildren(...found.childNodes, actions);
    if (!items().length) {
      const none = document.createElement("p");
      none.className = "palette-none";
      none.textContent = dialog.querySelector("[data-none]").innerHTML;
      list.replaceChildren(none);
    }
    choose(0);
  } catch (error) {
    if (error.name !== "AbortError") throw error;
  }
}

function open(words = "") {
  if (dialog.open) return;
  dialog.showModal();
  input.value = words;
  input.focus();
  input.select();
  ask();
}

function onInputKey(event) {
  if (event.key === "ArrowDown") { event.preventDefault(); choose(chosen() + 1); }
  else if (event.key === "ArrowUp") { event.preventDefault(); choose(chosen() - 1); }
  else if (event.key === "Enter") { event.preventDefault(); items()[Math.max(chosen(), 0)]?.click(); }
}

export function startPalette() {
  dialog = document.getElementById("palette");
  if (!dialog) return;
  input = dialog.querySelector("input");
  list = dialog.querySelector("[role=listbox]");
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, PAUSE_MS); });
  input.addEventListener("keydown", onInputKey);
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); open(); }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-palette-open]")) { event.preventDefault(); open(); }
  });
}
