// What a narrow screen needs: the words of its column beside each cell of a table that stacks (table.css shows them), and
// the chosen one of a strip that scrolls sideways in sight.
const words = (head) => {
  const copy = head.cloneNode(true);
  for (const each of copy.querySelectorAll(".unseen, details > :not(summary)")) each.remove();
  return copy.textContent.replace(/\s+/g, " ").trim();
};

function isBare(cell) { return !cell.textContent.trim() && !cell.querySelector("input, select, img, svg, progress"); }

function label(table) {
  const heads = [...table.querySelectorAll("thead th")].map(words);
  for (const row of table.querySelectorAll("tbody tr, tfoot tr")) {
    let column = 0;
    for (const cell of row.cells) {
      const head = column && cell.colSpan === 1 && !isBare(cell) ? heads[column] : "";
      if (head) cell.dataset.label = head;
      else delete cell.dataset.label;
      column += cell.colSpan;
    }
  }
}

const shown = new WeakSet(); // whoever scrolls a strip by hand is not thrown back

function show(strip) {
  const chosen = strip.querySelector("[aria-current]");
  if (!chosen || shown.has(strip)) return;
  shown.add(strip);
  const [outer, inner] = [strip.getBoundingClientRect(), chosen.getBoundingClientRect()];
  strip.scrollLeft += inner.left + inner.width / 2 - (outer.left + outer.width / 2);
}

function look() {
  document.querySelectorAll(".table.stacks").forEach(label);
  document.querySelectorAll(".tabs, .chips").forEach(show);
}

export function startNarrow() {
  document.addEventListener("htmx:afterSettle", look);
  look();
}
