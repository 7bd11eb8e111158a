// Holds the page's socket to /live and asks for a rerun when the store has another version than the one
// that the page was drawn with; and when the page takes other colours, since charts are drawn for one mode.
// Called again on every rerun, with the new version in `data`, and the language that the page is in now: a
// browser reads it aloud, and chooses its glyphs, by that.

const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 10_000;
const watches = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  let watch = watches.get(parentElement);
  if (!watch) {
    watch = openWatch();
    watchColours(parentElement, data.mode, () => setTriggerValue("mode", Date.now()));
    watches.set(parentElement, watch);
  }
  document.documentElement.lang = data.language;
  watch.update(data.version, (version) => setTriggerValue("version", version));
  return () => {
    watch.close();
    watches.delete(parentElement);
  };
}

function watchColours(parentElement, drawn, changed) {
  // Whether the reader or the system changed it: the colour that the theme gives to text moves to another.
  const probe = document.createElement("span");
  probe.style.cssText = "color: var(--st-text-color); transition: color 1ms";
  probe.addEventListener("transitionend", changed);
  parentElement.append(probe);
  // It may have changed after the charts were drawn, and before we looked. Light letters stand on dark.
  const [red, green, blue] = getComputedStyle(probe).color.match(/[\d.]+/g).map(Number);
  const mode = red + green + blue > 382 ? "dark" : "light";
  if (drawn && drawn !== mode) changed();
}

function openWatch() {
  const address = new URL("live", document.baseURI);
  address.protocol = address.protocol.replace("http", "ws");
  address.search = address.hash = "";
  let socket, timer, drawn, ask, told, asked;
  let pause = FIRST_PAUSE;
  let closed = false;

  function compare() {
    // Once for each version: if the store goes away in between, asking again would not bring it back.
    if (told === undefined || told === drawn || told === asked) return;
    asked = told;
    ask(told);
  }

  function connect() {
    clearTimeout(timer);
    if (closed) return;
    socket = new WebSocket(address);
    socket.onmessage = (message) => {
      pause = FIRST_PAUSE;
      told = Number(message.data);
      compare();
    };
    socket.onclose = () => {
      // Spread out, so that the tabs do not all come back in the same moment.
      timer = setTimeout(connect, pause * (0.5 + Math.random()));
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    };
  }

  connect();
  return {
    update(version, rerun) {
      drawn = version;
      ask = rerun;
      if (asked === drawn) asked = undefined;
      compare();
    },
    close() {
      closed = true;
      clearTimeout(timer);
      socket.close();
    },
  };
}
