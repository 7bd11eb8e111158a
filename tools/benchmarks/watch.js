// Runs before anything of the page, and notes what the benchmarks ask for, in milliseconds since 1970: when
// the charts appeared first, when one was changed last, when the wanted text was there, when something was
// clicked, and when a rerun that was asked for had finished.

window.noted = { first: null, charts: null, wanted: null, seen: null, clicked: null, ran: null };
window.isIdle = () => document.querySelector("[data-testid=stApp]")?.dataset.testScriptState === "notRunning";
window.now = () => performance.timeOrigin + performance.now();

const DRAWN = ".js-plotly-plot :is(.barlayer, .scatterlayer) path";

document.addEventListener("click", () => { window.noted.clicked = now(); }, true);

new MutationObserver((mutations) => {
  const noted = window.noted, at = now();
  for (const mutation of mutations) {
    const node = mutation.target.nodeType === 1 ? mutation.target : mutation.target.parentElement;
    if (node?.closest?.(".js-plotly-plot")) noted.charts = at;
  }
  if (!noted.first && document.querySelector(DRAWN)) noted.first = at;
  if (noted.wanted && !noted.seen
      && [...document.querySelectorAll("p")].some((p) => p.textContent.includes(noted.wanted)))
    noted.seen = at;
}).observe(document, { childList: true, characterData: true, attributes: true, subtree: true });

// A rerun by the page's own shortcut, which it ignores while a script runs.
function rerun() {
  let pressed = false;
  function press() {
    pressed = true;
    for (const event of ["keydown", "keyup"])
      document.body.dispatchEvent(
        new KeyboardEvent(event, { key: "r", code: "KeyR", keyCode: 82, bubbles: true }));
  }
  new MutationObserver((_, observer) => {
    if (!isIdle()) return;
    if (!pressed) return press();
    observer.disconnect();
    window.noted.ran = now();
  }).observe(document.querySelector("[data-testid=stApp]"), { attributes: true });
  if (isIdle()) press();
}

// Other tabs hear it at once; a timer would not be punctual in a tab that is not looked at.
const tabs = new BroadcastChannel("rerun");
tabs.onmessage = rerun;
window.rerunAll = () => {
  const asked = now();
  tabs.postMessage(null);
  rerun();
  return asked;
};
