// Lengths of time that go on: <time data-so-far="72.4"> says how many seconds there were when the page was made, and is
// counted on from when this browser saw it, so that its clock may be wrong.
const seen = new WeakMap();
const two = (number) => String(number).padStart(2, "0");

function counted(seconds) {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

function tick() {
  if (document.hidden) return;
  for (const each of document.querySelectorAll("time[data-so-far]")) {
    if (!seen.has(each)) seen.set(each, performance.now());
    const words = counted(Number(each.dataset.soFar) + (performance.now() - seen.get(each)) / 1000);
    if (each.textContent !== words) each.textContent = words;
  }
}

export function startTicking() {
  document.addEventListener("htmx:afterSettle", tick);
  document.addEventListener("visibilitychange", tick);
  tick();
  setInterval(tick, 1000);
}
