/* Draws HTML from the server into a place: changes what changed and leaves the rest alone, so that focus, selection,
   open details and motion survive. The server has escaped it; nothing here builds HTML from text. */
window.assistantDraw = (() => {
  "use strict";

  function morph(old, next) {
    if (old.isEqualNode(next)) return;
    if (old.nodeType !== 1) {
      old.textContent = next.textContent;
      return;
    }
    for (const { name } of [...old.attributes])
      if (name !== "open" && name !== "aria-current" && !next.hasAttribute(name)) old.removeAttribute(name);
    for (const { name, value } of [...next.attributes])
      if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    morphChildren(old, next);
  }

  const alike = (a, b) => a && a.nodeName === b.nodeName && (!a.dataset || a.dataset.key === b.dataset.key);

  function morphChildren(old, next) {
    const keyed = new Map([...old.children].filter((each) => each.dataset.key).map((each) => [each.dataset.key, each]));
    let at = old.firstChild;
    for (const wanted of [...next.childNodes]) {
      const key = wanted.dataset && wanted.dataset.key;
      const known = key ? keyed.get(key) : at;
      if (alike(known, wanted) && (key || !(known.dataset && known.dataset.key))) {
        if (known === at) at = at.nextSibling;
        else old.insertBefore(known, at);
        morph(known, wanted);
      } else {
        old.insertBefore(wanted.cloneNode(true), at);
      }
    }
    while (at) {
      const rest = at.nextSibling;
      at.remove();
      at = rest;
    }
  }

  function draw(canvas, html) {
    const next = document.createElement("template");
    next.innerHTML = html;
    morphChildren(canvas, next.content);
  }

  return draw;
})();
