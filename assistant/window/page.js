/* What happens in the browser: panes, asking, clicks and keys. Every pane is a Gradio HTML component that hands itself
   over as [name, element, trigger, props, watch], and whose `value` is what the server rendered. */
(() => {
  "use strict";
  const MOST_PATIENCE = 4000; // milliseconds until the composer is free again though nobody confirmed the stop
  const triggers = {};
  const narrow = matchMedia("(max-width: 1023px)");
  let followed = null; // the link that led to the source pane
  let patience = 0;
  let startsOver = false; // as soon as the answer in progress has stopped
  const draw = window.assistantDraw;
  const filters = window.assistantFilters;
  const writers = window.assistantWriters;
  const why = window.assistantWhy;
  const find = (query, root = document) => root.querySelector(query);
  const findAll = (query, root = document) => [...root.querySelectorAll(query)];
  const typing = (node) => node && (node.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName));

  // Panes

  const panes = {
    welcome(element, props) {
      draw(find(".canvas", element), props.value || "");
    },
    documents(element, props) {
      draw(find(".canvas", element), props.value || "");
      const count = findAll(".canvas > .document:not(.failed):not(.noted)", element).length;
      find(".count", element).textContent = count || "";
      filters.settle();
    },
    writers(element, props) {
      draw(find(".canvas", element), props.value || "");
      writers.settle(element);
    },
    filters(element, props) {
      draw(find(".canvas", element), props.value || "");
    },
    conversation(element, props) {
      const canvas = find(".canvas", element);
      const scroller = find("#talk");
      const before = canvas.children.length;
      const follows = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 60;
      draw(canvas, props.value || "");
      document.body.toggleAttribute("data-said", canvas.children.length > 0);
      settle();
      if (!busy() && startsOver) startOver();
      if (canvas.children.length > before) {
        filters.close();
        writers.close();
      }
      if (why.settle(element)) return;
      if (follows || canvas.children.length > before) scroller.scrollTop = scroller.scrollHeight;
    },
    further(element, props) {
      draw(find(".canvas", element), busy() ? "" : props.value || "");
    },
    composer(element, props) {
      const said = props.value || {};
      find(".hint", element).textContent = said.hint || "";
      const box = find("textarea", element);
      if (said.question && !box.value) box.value = said.question;
      grow(box);
      settle();
    },
    source(element, props) {
      draw(find(".canvas", element), props.value || "");
      if (document.body.dataset.pane === "source" && narrow.matches)
        (find(".reading", element) || element).focus({ preventScroll: true });
      const mark = find(".reading mark", element);
      if (mark) centre(find(".reading", element), mark);
      const opened = find(".reading[data-key]", element);
      for (const link of findAll("#conversation a[aria-current]")) link.removeAttribute("aria-current");
      if (!opened) return;
      for (const link of findAll("#conversation a")) {
        if (link.getAttribute("href") === opened.dataset.key) link.setAttribute("aria-current", "true");
      }
    },
  };

  function centre(scroller, mark) {
    const words = mark.getBoundingClientRect();
    const frame = scroller.getBoundingClientRect();
    const room = Math.max(24, (frame.height - words.height) / 2);
    scroller.scrollTop += words.top - frame.top - room;
  }

  function adopt([name, element, trigger, props, watch]) {
    triggers[name] = trigger;
    const redraw = () => panes[name](element, props);
    watch("value", redraw);
    redraw();
    if (name === "composer") wireComposer(element);
    if (name === "filters") filters.wire(element, trigger);
    if (name === "writers") writers.wire(element, trigger);
    if (name === "conversation") window.assistantVerdicts(element, trigger);
    if (name === "conversation") why.wire(element, trigger);
    if (name === "documents") window.assistantUploads(element, trigger);
  }

  function show(pane) {
    document.body.dataset.pane = pane;
    for (const tab of findAll("#tabs [data-pane]"))
      tab.setAttribute("aria-pressed", String(tab.dataset.pane === pane));
  }

  // Asking

  const question = () => find("#composer textarea");
  const busy = () => document.body.hasAttribute("data-busy");

  function hint(text) {
    find("#composer .hint").textContent = text;
  }

  function grow(box) {
    box.style.height = "auto";
    box.style.height = Math.min(box.scrollHeight + 2, 180) + "px";
  }

  function ask(text) {
    if (busy()) return hint("An answer is being written; stop it first to ask something else.");
    if (!text.trim()) {
      hint("Type a question first.");
      return question().focus();
    }
    hint("");
    show("chat");
    work(true);
    find("#further .canvas").replaceChildren();
    clearTimeout(patience);
    triggers.composer("submit", { question: text, ...filters.choice() });
    question().value = "";
    grow(question());
  }

  function again(button) {
    if (busy()) return;
    work(true);
    clearTimeout(patience);
    triggers.conversation("edit", { turn: Number(button.dataset.of), style: button.dataset.again });
  }

  function stop() {
    if (!busy()) return;
    triggers.composer("stop", {});
    patience = setTimeout(() => work(false), MOST_PATIENCE);
    question().focus();
  }

  function startOver() {
    startsOver = busy();
    if (startsOver) return stop();
    triggers.composer("clear", {});
    find("#further .canvas").replaceChildren();
    question().focus();
  }

  const settle = () => work(Boolean(find('#conversation [data-state="busy"]')));

  function work(busyNow) {
    document.body.toggleAttribute("data-busy", busyNow);
    const send = find("#composer .send");
    if (!send) return;
    send.setAttribute("aria-label", busy() ? "Stop" : "Ask");
    send.title = busy() ? "Stop (Esc)" : "Ask (Enter)";
  }

  function wireComposer(element) {
    const box = find("textarea", element);
    box.addEventListener("input", () => {
      grow(box);
      hint("");
    });
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      ask(box.value);
    });
    find(".send", element).addEventListener("click", () => (busy() ? stop() : ask(box.value)));
  }

  // Clicks and keys

  function copy(button) {
    const told = (text) => {
      button.textContent = text;
      setTimeout(() => (button.textContent = "Copy answer"), 1600);
    };
    navigator.clipboard.writeText(button.dataset.copy).then(
      () => told("Copied"),
      () => told("Could not copy"),
    );
  }

  function open(link) {
    const around = Number(link.dataset.around || 0);
    triggers.source("select", { link: link.getAttribute("href"), around });
    if (!link.closest("#source")) followed = link;
    show("source");
  }

  addEventListener("click", (event) => {
    const hit = (query) => event.target.closest && event.target.closest(query);
    const link = hit(["cite", "hit", "found", "expected"].map((kind) => `a[href^="#${kind}-"]`).join());
    if (link) {
      event.preventDefault();
      return open(link);
    }
    const button = hit("button");
    if (!button) return;
    const data = button.dataset;
    if ("everywhere" in data) filters.clear();
    if ("ask" in data) ask(data.ask);
    else if ("again" in data) again(button);
    else if ("copy" in data) copy(button);
    else if ("pane" in data) {
      show(data.pane);
      if (button.matches(".back") && followed) followed.focus({ preventScroll: true });
    } else if ("choose" in data) find("#documents input[type=file]").click();
    else if ("over" in data) startOver();
    else if ("keep" in data) {
      const asked = button.closest("details");
      asked.open = false;
      find("summary", asked).focus();
    }
  });

  addEventListener("keydown", (event) => {
    if (event.key === "Escape") return stop();
    if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") {
      event.preventDefault();
      show("chat");
      question().focus();
    }
    const step = { j: "next", k: "prev" }[event.key];
    const link = step && find(`#source a[rel=${step}]`);
    if (link) open(link);
  });

  document.documentElement.lang = document.documentElement.lang || "en";
  const waiting = window.assistantPanes || [];
  window.assistantPanes = { push: adopt };
  const start = () => {
    show("chat");
    waiting.forEach(adopt);
  };
  if (document.body) start();
  else addEventListener("DOMContentLoaded", start);
})();
