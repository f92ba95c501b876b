/* Who writes the answers: the list is asked for when it is opened, and what is chosen holds from the next question on. */
window.assistantWriters = (() => {
  "use strict";
  const control = () => document.querySelector("#writers details");

  function close() {
    if (control() && control().open) control().open = false;
  }

  // The line under the documents says where questions go.
  function settle(element) {
    const shown = element.querySelector(".writing");
    const foot = document.querySelector("#documents .foot");
    document.body.toggleAttribute("data-writes", Boolean(shown && "writes" in shown.dataset));
    if (shown && foot) foot.textContent = shown.dataset.where;
    if (shown) for (const each of shown.querySelectorAll("input[type=radio]")) each.checked = each.hasAttribute("checked");
  }

  function wire(element, trigger) {
    element.addEventListener("toggle", () => control().open && trigger("select", {}), true);
    element.addEventListener("change", (event) => {
      const row = event.target.closest(".writer");
      const model = row.querySelector("input[type=text]");
      trigger("submit", { writer: row.querySelector("input[type=radio]").value, model: model ? model.value : "" });
    });
    element.addEventListener("submit", (event) => event.preventDefault());
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !control().open) return;
      event.stopPropagation(); // it would stop the answer in progress
      close();
      element.querySelector("summary").focus();
    });
  }

  addEventListener("click", (event) => {
    if (!event.target.closest("#writers")) close();
  });

  return { wire, settle, close };
})();
