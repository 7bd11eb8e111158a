// A table of rows that lead to stocks, and whose headings sort; built of text alone. Called again on every
// rerun; what did not change stays as it is, with its scroll position and its focus. What did change waits
// until the charts are drawn: a reader looks at them first, and hundreds of rows take as long.

const drawn = new WeakMap(), waiting = new WeakMap();
const later = window.requestIdleCallback ?? ((draw) => setTimeout(draw, 50));
const never = window.cancelIdleCallback ?? clearTimeout;

export default function ({ data, parentElement, setTriggerValue }) {
  const box = parentElement.querySelector(".rows");
  const written = JSON.stringify(data);
  never(waiting.get(box));
  if (!drawn.has(box)) draw(box, parentElement, data, written);
  else if (drawn.get(box) !== written)
    waiting.set(box, later(() => draw(box, parentElement, data, written), { timeout: 300 }));
  box.onclick = (event) => {
    const { did } = event.target.closest("[data-did]")?.dataset ?? {};
    if (did) setTriggerValue("did", did);
  };
}

function draw(box, parentElement, data, written) {
  const focused = parentElement.activeElement?.dataset?.did;
  const { scrollLeft, scrollTop } = box;
  box.replaceChildren(table(data));
  box.setAttribute("aria-label", data.label);
  box.style.cssText = `--rise: ${data.rise}; --fall: ${data.fall}; --high: ${data.height}px`;
  Object.assign(box, { scrollLeft, scrollTop });
  if (focused) box.querySelector(`button[data-did="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  drawn.set(box, written);
}

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

function table({ headings, rows, label, follow }) {
  const head = make("tr", {}, ...headings.map(heading));
  const body = rows.map((row) => {
    const line = make("tr", {}, ...row.cells.map((one, place) => cell(one, headings[place], row, follow)));
    if (row.did) line.dataset.did = row.did;
    if (row.current) line.setAttribute("aria-current", "true");
    return line;
  });
  const caption = make("caption", { textContent: label });
  return make("table", {}, caption, make("thead", {}, head), make("tbody", {}, ...body));
}

function heading({ key, text, help, number, sort, sortable }) {
  const cell = make("th", { scope: "col", className: number ? "number" : "", title: help });
  if (!sortable) return cell.append(text), cell;
  const button = make("button", { type: "button", textContent: text });
  button.dataset.did = `sort:${key}`;
  if (sort) cell.setAttribute("aria-sort", sort);
  cell.append(button);
  return cell;
}

function star([code, followed], label) {
  const button = make("button", { type: "button", className: "star", textContent: followed ? "\u2605" : "\u2606" });
  button.dataset.did = `star:${code}`;
  button.setAttribute("aria-pressed", String(followed));
  button.setAttribute("aria-label", label.replace("{code}", String(code).padStart(5, "0")));
  return button;
}

function cell([text, tone, bar, line, english], { number, key }, { did, star: followed }, follow) {
  const cell = make("td", { className: `${key} ${number ? "number" : ""} ${tone ?? ""}` });
  if (key === "code" && followed) cell.append(star(followed, follow), " ");
  if (line) return cell.append(spark(line, text)), cell;
  if (english) cell.title = english;
  if (bar != null) {
    cell.classList.add("bar");
    cell.style.setProperty("--part", `${bar}%`);
  }
  if (key === "name" && did) {
    const button = make("button", { type: "button", textContent: text });
    button.dataset.did = did;
    cell.append(button);
  } else cell.append(text);
  return cell;
}

function spark(heights, label) {
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  picture.setAttribute("viewBox", "0 0 100 24");
  picture.setAttribute("preserveAspectRatio", "none");
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", label);
  const line = document.createElementNS(space, "polyline");
  const step = heights.length > 1 ? 100 / (heights.length - 1) : 0;
  line.setAttribute("points", heights.map((height, place) => `${(place * step).toFixed(1)},${23 - height}`).join(" "));
  picture.append(line);
  return picture;
}
