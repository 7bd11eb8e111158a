// Keeps the reader's watchlist in this browser. An address with a list opens that one, as a colleague's link
// does, and leaves the stored one as it is until the reader changes what is shown.

const KEY = "southbound.watchlist";
const NAME = "watch";
const shown = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const before = shown.get(parentElement);
  shown.set(parentElement, data.watch);
  if (before === undefined) {
    const stored = read();
    if (data.watch || !stored) return;
    // In place of the address that the page was opened with: going back leaves the page, as it should.
    const address = new URL(location.href);
    if (address.searchParams.has(NAME)) return;
    address.searchParams.set(NAME, stored);
    history.replaceState(history.state, "", address.href.replaceAll("%2C", ","));
    setTriggerValue("found", stored);
  } else if (before !== data.watch) {
    write(data.watch);
  }
}

function read() {
  // A browser that keeps nothing may refuse to be asked.
  try {
    return localStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}

function write(codes) {
  try {
    if (codes) localStorage.setItem(KEY, codes);
    else localStorage.removeItem(KEY);
  } catch {
    // It is in the address all the same.
  }
}
