// Keys: an element with data-key="s" is pressed by s, data-key="g t" by g then t; never while somebody types. Of several
// with one key the one under the focus is pressed, or one in the form that is open.
const CHORD_MS = 900;
let prefix = "";
let prefixTimer = 0;

export function isTyping(target) {
  return Boolean(target?.closest?.("input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select, [contenteditable=true]"));
}

function isSeen(element) {
  return element.checkVisibility ? element.checkVisibility({ visibilityProperty: true }) : element.offsetParent !== null;
}

function wanted(chord) {
  const all = [...document.querySelectorAll("[data-key]")].filter((element) => element.dataset.key === chord);
  const focused = all.find((element) => element === document.activeElement);
  return focused || all.find((element) => isSeen(element) && element.closest(".deed")) || all.find(isSeen) || all[0];
}

function hasPrefix(key) {
  return [...document.querySelectorAll("[data-key]")].some((element) => element.dataset.key.startsWith(`${key} `));
}

function press(element) {
  if (element.matches("[type=checkbox], [type=radio], summary")) { element.click(); element.focus(); }
  else if (element.matches("input, textarea, select")) element.focus();
  else element.click();
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (key === "?") { event.preventDefault(); openKeys(); return; }
  const element = wanted(prefix ? `${prefix} ${key}` : key);
  const wasPrefix = prefix;
  prefix = "";
  clearTimeout(prefixTimer);
  if (element) { event.preventDefault(); press(element); return; }
  if (!wasPrefix && hasPrefix(key)) {
    prefix = key;
    prefixTimer = setTimeout(() => { prefix = ""; }, CHORD_MS);
  }
}

function labelOf(element) {
  if (element.dataset.keyLabel) return element.dataset.keyLabel;
  const copy = element.cloneNode(true);
  for (const part of copy.querySelectorAll("kbd, svg, .line")) part.remove();
  return copy.textContent.trim().replace(/\s+/g, " ") || element.getAttribute("aria-label") || "";
}

export function keyedActions() {
  const keys = new Set([...document.querySelectorAll("[data-key]")].map((element) => element.dataset.key));
  return [...keys].map((key) => {
    const element = wanted(key);
    return { key, label: labelOf(element), press: () => press(element), icon: element.dataset.icon };
  });
}

export function openKeys() {
  const dialog = document.getElementById("keys");
  const list = dialog?.querySelector("[data-keys]");
  if (!list) return;
  list.replaceChildren();
  for (const { key, label } of keyedActions()) {
    const term = document.createElement("dt");
    for (const stroke of key.split(" ")) {
      const cap = document.createElement("kbd");
      cap.textContent = stroke.length === 1 ? stroke.toUpperCase() : stroke;
      term.append(cap);
    }
    const meaning = document.createElement("dd");
    meaning.textContent = label;
    list.append(term, meaning);
  }
  if (document.querySelector("[data-story]")) list.append(dialog.querySelector("[data-story-keys]").content.cloneNode(true));
  list.append(dialog.querySelector("[data-always]").content.cloneNode(true));
  dialog.showModal();
}

export function startKeys() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-keys-open]")) return;
    event.target.closest("details[data-menu]")?.removeAttribute("open");
    openKeys();
  });
}
