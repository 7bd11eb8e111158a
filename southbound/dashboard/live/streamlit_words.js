// Replaces what Streamlit itself says: `data.words` pairs each of its sentences with ours. A place in braces,
// `Remove {option}`, stands for any text. Called again on every rerun; another language begins with the
// original words.

const SAID = ["aria-label", "alt", "placeholder", "title"];
const replacers = new WeakMap();

export default function ({ data, parentElement }) {
  const words = JSON.stringify(data.words);
  let replacer = replacers.get(parentElement);
  if (replacer?.words !== words) {
    replacer?.end();
    replacer = begin(data.words);
    replacer.words = words;
    replacers.set(parentElement, replacer);
  }
  return () => {
    replacer.end();
    replacers.delete(parentElement);
  };
}

function begin(words) {
  const exact = new Map(words);
  const patterns = words.filter(([said]) => said.includes("{")).map(pattern);
  // What was said at a place, and what we put there: Streamlit may write anew.
  const texts = new Map(), attributes = new Map();

  function ours(said) {
    const trimmed = said.trim();
    if (exact.has(trimmed)) return exact.get(trimmed);
    for (const [expression, names, wanted] of patterns) {
      const found = expression.exec(trimmed);
      if (found) return names.reduce((text, name, at) => text.replace(`{${name}}`, () => found[at + 1]), wanted);
    }
  }

  function onText(node) {
    const wanted = ours(node.data);
    if (wanted === undefined || wanted === node.data) return;
    texts.set(node, [node.data, wanted]);
    node.data = wanted;
  }

  function onAttributes(element) {
    for (const name of SAID) {
      const said = element.getAttribute(name), wanted = said && ours(said);
      if (!wanted || wanted === said) continue;
      attributes.set(element, { ...attributes.get(element), [name]: [said, wanted] });
      element.setAttribute(name, wanted);
    }
  }

  function within(root) {
    if (root.nodeType === Node.TEXT_NODE) onText(root);
    if (root.nodeType !== Node.ELEMENT_NODE) return;
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = root; node; node = walker.nextNode())
      node.nodeType === Node.TEXT_NODE ? onText(node) : onAttributes(node);
  }

  if (!exact.size) return { end() {} };
  const observer = new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) {
      if (type === "childList") addedNodes.forEach(within);
      else if (type === "characterData") onText(target);
      else onAttributes(target);
    }
    for (const node of texts.keys()) if (!node.isConnected) texts.delete(node);
    for (const element of attributes.keys()) if (!element.isConnected) attributes.delete(element);
  });
  within(document.body);
  observer.observe(document.body, {
    subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: SAID,
  });
  return {
    end() {
      observer.disconnect();
      for (const [node, [said, wanted]] of texts) if (node.data === wanted) node.data = said;
      for (const [element, each] of attributes)
        for (const [name, [said, wanted]] of Object.entries(each))
          if (element.getAttribute(name) === wanted) element.setAttribute(name, said);
    },
  };
}

function pattern([said, wanted]) {
  const names = [...said.matchAll(/\{(\w+)\}/g)].map((place) => place[1]);
  const parts = said.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return [new RegExp(`^${parts.join("(.*)")}$`, "s"), names, wanted];
}
