/* Verdicts on answers: one click for a good one, a form in place for a wrong one. The form is a dialog that is not modal:
   `draw` leaves it open, and what was typed into it stays until it is saved or cancelled. */
window.assistantVerdicts = (element, trigger) => {
  "use strict";
  const under = (node) => node.closest("[data-turn]");
  const form = (row) => row.querySelector(".correction");
  const box = (row) => row.querySelector("textarea");

  function open(row) {
    if (form(row).open) return close(row);
    form(row).show();
    box(row).focus();
    form(row).scrollIntoView({ block: "nearest" });
  }

  function close(row) {
    form(row).close();
    row.querySelector('[data-verdict="open"]').focus();
  }

  function judge(row, verdict) {
    const correction = verdict === "wrong" ? box(row).value : "";
    if (form(row).open) close(row);
    trigger("like", { turn: Number(row.dataset.turn), verdict, correction });
  }

  element.addEventListener("click", (event) => {
    const button = event.target.closest("[data-verdict]");
    if (!button) return;
    const row = under(button);
    const verdict = button.dataset.verdict;
    if (verdict === "open") return open(row);
    if (verdict !== "close") return judge(row, verdict);
    box(row).value = "";
    close(row);
  });

  element.addEventListener("keydown", (event) => {
    if (!event.target.closest(".correction")) return;
    const row = under(event.target);
    const saves = event.key === "Enter" && event.target === box(row) && !event.shiftKey && !event.isComposing;
    if (!saves && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation(); // Escape would stop the answer in progress
    if (saves) judge(row, "wrong");
    else close(row);
  });
};
