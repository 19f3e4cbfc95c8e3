// What a part keeps when it is fetched again: its <details data-keeps id="…"> stay open, and the focus stays where it is.
// A sentence in [data-says="id"] is put into that element when its key has changed, and only then is it read out.
const opened = new WeakMap();

function remember(event) {
  const part = event.detail.target;
  if (!part.querySelector("details[data-keeps]")) return;
  const open = [...part.querySelectorAll("details[data-keeps][open]")].map((each) => each.id);
  opened.set(part, { open, focus: part.contains(document.activeElement) ? document.activeElement.id : "" });
}

function restore(event) {
  const part = event.detail.target;
  const { open, focus } = opened.get(part) ?? { open: [], focus: "" };
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
  announce();
}

function announce() {
  for (const said of document.querySelectorAll("[data-says]")) {
    const place = document.getElementById(said.dataset.says);
    const words = said.textContent.trim();
    if (place && place.dataset.said !== said.dataset.saysKey) {
      place.dataset.said = said.dataset.saysKey;
      place.textContent = words;
    }
  }
}

export function startKeeping() {
  document.addEventListener("htmx:beforeSwap", remember);
  document.addEventListener("htmx:afterSwap", restore);
}
