/* "Why these passages?": opens and closes the panel of an answer, and asks what became of a passage that was expected. */
window.assistantWhy = (() => {
  "use strict";
  let awaited = ""; // what is to be seen once it is there

  function wire(element, trigger) {
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-why]");
      if (!button) return;
      awaited = button.getAttribute("aria-expanded") === "true" ? "" : `.why[data-key="why-${button.dataset.why}"]`;
      trigger("select", { turn: Number(button.dataset.why) });
    });
    element.addEventListener("submit", (event) => {
      event.preventDefault();
      const form = event.target.closest(".expected");
      if (!form) return;
      const turn = Number(form.dataset.turn);
      form.querySelector("button").textContent = "Looking…";
      awaited = `.why[data-key="why-${turn}"] .fate`;
      trigger("submit", { turn, expected: form.querySelector("input").value });
    });
  }

  // True where something that was waited for has been drawn, and is seen now.
  function settle(element) {
    const there = awaited && element.querySelector(awaited);
    if (!there) return false;
    awaited = "";
    there.scrollIntoView({ block: "nearest" });
    return true;
  }

  return { wire, settle };
})();
