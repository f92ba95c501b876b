/* Where to ask: the ticks of the documents and the fields above the question. What is ticked and typed stands in the page
   alone, and goes with every question; the server says in words what it means. */
window.assistantFilters = (() => {
  "use strict";
  let tell = () => {};
  const all = (query) => [...document.querySelectorAll(query)];
  const handles = (query) => all(query).map((each) => each.value);
  const every = () => document.querySelector("#documents .every input");

  function choice() {
    const typed = (name) => handles(`#filters input[type=text][name=${name}]`)[0] || "";
    const ticked = (name) => handles(`#filters input[name=${name}]:checked`);
    return {
      left_out: handles("#documents .within:not(:checked)"),
      folders: ticked("folders"),
      types: ticked("types"),
      tags: ticked("tags"),
      since: typed("since"),
      until: typed("until"),
      pages: typed("pages"),
    };
  }

  function changed() {
    settle();
    tell("select", choice());
  }

  // The tick over the list stands for all below it.
  function settle() {
    const ticks = all("#documents .within");
    const on = ticks.filter((each) => each.checked).length;
    every().checked = on === ticks.length; // so that a click on "some" means all
    every().indeterminate = on > 0 && on < ticks.length;
    document.body.toggleAttribute("data-several", ticks.length > 1);
  }

  function clear() {
    for (const tick of all("#documents .within")) tick.checked = true;
    for (const tick of all("#filters input[type=checkbox]")) tick.checked = false;
    for (const box of all("#filters input[type=text]")) box.value = "";
    changed();
    const summary = document.querySelector("#filters summary");
    if (summary) summary.focus();
  }

  // An answer has begun, and needs the room.
  function close() {
    const opened = document.querySelector("#filters details[open]");
    if (opened) opened.open = false;
  }

  function wire(element, trigger) {
    tell = trigger;
    element.addEventListener("change", changed);
    element.addEventListener("submit", (event) => event.preventDefault());
    element.addEventListener("keydown", (event) => {
      const opened = event.target.closest("details[open]");
      if (event.key !== "Escape" || !opened) return;
      event.stopPropagation(); // it would stop the answer in progress
      opened.open = false;
      opened.querySelector("summary").focus();
    });
  }

  addEventListener("change", (event) => {
    if (event.target === every()) for (const tick of all("#documents .within")) tick.checked = every().checked;
    else if (!event.target.matches("#documents .within")) return;
    changed();
  });

  return { wire, settle, choice, clear, close };
})();
