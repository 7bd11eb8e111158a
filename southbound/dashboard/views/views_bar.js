// Presets and the reader's own views, as links: a click goes there within the page, and as an address they
// open elsewhere. The reader's own stay in this browser.

const PLACE = "southbound.views";
const MOST = 30;
const LONGEST = 40;

export default function ({ data, parentElement, setTriggerValue }) {
  const box = parentElement.querySelector(".views");
  box.setAttribute("aria-label", data.views);
  const draw = () => box.replaceChildren(...parts(data, draw));
  const focused = parentElement.activeElement;
  if (!focused || !box.contains(focused) || focused.tagName !== "INPUT") draw();
  box.onclick = (event) => {
    const link = event.target.closest("a");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    setTriggerValue("go", link.getAttribute("href"));
  };
}

function parts({ presets, ...words }, draw) {
  const found = saved();
  const links = presets.map(({ name, address, current }) => link(name, address, current));
  const own = Object.entries(found).map(([name, address]) => {
    const remove = make("button", { type: "button", textContent: "×", title: words.remove.replace("{name}", () => name) });
    remove.setAttribute("aria-label", remove.title);
    remove.onclick = () => {
      delete found[name];
      keep(found);
      draw();
    };
    return make("span", { className: "own" }, link(name, address, address === location.search), remove);
  });
  const name = make("input", { maxLength: LONGEST, placeholder: words.name, name: "view" });
  name.setAttribute("aria-label", words.name);
  const form = make("form", {}, name, make("button", { textContent: words.save }));
  form.onsubmit = (event) => {
    event.preventDefault();
    const written = name.value.trim();
    if (!written) return name.focus();
    keep(Object.fromEntries([...Object.entries(found), [written, location.search || "?"]].slice(-MOST)));
    name.value = "";
    draw();
  };
  return [...links, ...own, form];
}

function link(name, address, current) {
  const element = make("a", { textContent: name, href: address });
  if (current) element.setAttribute("aria-current", "true");
  return element;
}

function saved() {
  try {
    const found = JSON.parse(localStorage.getItem(PLACE)) ?? {};
    const entries = Object.entries(found).filter(([, address]) => typeof address === "string" && address.startsWith("?"));
    return Object.fromEntries(entries.slice(-MOST));
  } catch {
    return {};
  }
}

function keep(views) {
  try {
    localStorage.setItem(PLACE, JSON.stringify(views));
  } catch {
    // A browser that keeps nothing has none the next time.
  }
}

function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}
