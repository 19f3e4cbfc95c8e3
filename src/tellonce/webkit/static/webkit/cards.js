// While a card number is typed, or a form for one is open, the recording of the call is paused (as by its key).
const AGAIN_MS = 45_000; // still typing: the pause lasts longer
const RUN = /(^|[^+\d])([2-6]\d{3}(?:[ .\-/]?\d){8,15})(?!\d)/; // the first twelve digits say enough: the rest is still to come
let pausedAt = -AGAIN_MS;

function pause() {
  const form = document.querySelector("form[data-card-pause]");
  if (!form || performance.now() - pausedAt < AGAIN_MS) return;
  pausedAt = performance.now();
  form.requestSubmit();
}

function isForCards(element) {
  return Boolean(element?.matches?.("[autocomplete^='cc-'], [data-card-form], [data-card-form] *"));
}

export function startCards() {
  document.addEventListener("input", (event) => {
    if (isForCards(event.target) || RUN.test(event.target.value || "")) pause();
  });
  document.addEventListener("focusin", (event) => { if (isForCards(event.target)) pause(); });
  document.addEventListener("htmx:afterSettle", () => { if (document.querySelector("[data-card-form]")) pause(); });
  // Who goes on by hand means the next number anew.
  document.addEventListener("submit", (event) => {
    if (event.target.matches?.("form[action$='/go-on-recording']")) pausedAt = -AGAIN_MS;
  });
}
