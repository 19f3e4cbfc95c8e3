// What every page does: keys, palette, drafts, toasts, menus. Each is a module of its own.
import { startCards } from "./cards.js";
import { startDrafts } from "./drafts.js";
import { startKeeping } from "./keeping.js";
import { startKeys } from "./keys.js";
import { startNarrow } from "./narrow.js";
import { startPalette } from "./palette.js";
import { startPhone } from "./phone.js";
import { startStory } from "./story.js";
import { startTicking } from "./ticking.js";
import { say, startToasts } from "./toasts.js";
import { startViewing } from "./viewing.js";

function startMenus() {
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
    const close = event.target.closest("[data-close]");
    if (close) close.closest("dialog")?.close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details[data-menu][open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });
}

// Where the cursor goes in a form that opened: to what is wrong, else to the first field that is still to be filled.
const FIRST_FIELDS = [
  "[aria-invalid=true]",
  "[autofocus]",
  ".field:first-of-type > select:has(option[value='']:checked)",
  "textarea, input:not([type=hidden], [type=radio], [type=checkbox])",
  "select",
  "button:not([data-leave])",
];

// A panel that opened puts the cursor into its first field; Escape closes it and gives the focus back.
function startPanels() {
  let opener = null;
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.target?.id === "action") opener = event.detail.elt;
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const box = document.getElementById("action");
    if (!box || (event.detail.target !== box && !box.contains(event.detail.target))) return;
    FIRST_FIELDS.map((wanted) => box.querySelector(wanted)).find(Boolean)?.focus();
    box.scrollIntoView({ block: "nearest" });
  });
  document.addEventListener("keydown", (event) => {
    const box = document.getElementById("action");
    if (event.key !== "Escape" || !box?.contains(event.target)) return;
    box.replaceChildren();
    (opener?.isConnected ? opener : document.getElementById("main")).focus();
  });
  document.addEventListener("click", (event) => {
    const leave = event.target.closest("[data-leave]");
    const box = document.getElementById("action");
    if (!leave || !box?.contains(leave)) return;
    event.preventDefault();
    box.replaceChildren();
    (opener?.isConnected ? opener : document.getElementById("main")).focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.closest("form")?.requestSubmit();
  });
}

function startTheme() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-theme-form]")) return;
    event.preventDefault();
    const theme = event.submitter.value;
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    for (const chip of form.querySelectorAll(".chip")) chip.setAttribute("aria-pressed", String(chip === event.submitter));
    const body = new FormData(form);
    body.set("theme", theme);
    fetch(form.action, { method: "POST", body, redirect: "manual" });
  });
}

function startFilling() {
  // A select or button that puts words into another field: canned answers, suggested due times.
  document.addEventListener("change", (event) => {
    const from = event.target.closest("select[data-fills]");
    const field = from && document.getElementById(from.dataset.fills);
    const words = from?.selectedOptions[0]?.dataset.words;
    if (!field || !words) return;
    field.value = field.value.trim() ? `${field.value.trimEnd()}\n\n${words}` : words;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-fills]");
    const field = button && document.getElementById(button.dataset.fills);
    if (!field) return;
    field.value = button.dataset.words;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    for (const other of button.parentElement.querySelectorAll("[data-fills]")) other.setAttribute("aria-pressed", String(other === button));
  });
}

// What an answer brings for other places of the page arrives even when its asker is gone by then: htmx looks for those
// places from the asker's root, which is the page only while the asker stands on it.
function startAnswers() {
  document.addEventListener("htmx:beforeSend", ({ detail: { elt } }) => {
    elt.getRootNode = (options) => (options?.composed ? Node.prototype.getRootNode.call(elt, options) : document);
  });
}

function startErrors() {
  const words = () => document.body.dataset.busy;
  document.addEventListener("htmx:sendError", () => words() && say(words(), "bad"));
  document.addEventListener("htmx:responseError", () => words() && say(words(), "bad"));
}

startMenus();
startPanels();
startTheme();
startFilling();
startAnswers();
startErrors();
startToasts();
startKeys();
startPalette();
startPhone();
startStory();
startDrafts();
startCards();
startViewing();
startKeeping();
startTicking();
startNarrow();
