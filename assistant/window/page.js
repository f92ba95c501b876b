/* What happens in the browser: drawing what the server renders without flicker, clicks, keys, uploads, panes.
   Every pane is a Gradio HTML component that hands itself over as [name, element, trigger, props, watch]; its `value`
   is HTML that the server has escaped. Nothing here builds HTML from text. */
(() => {
  "use strict";
  const MOST_BYTES = 200 * 1024 * 1024;
  const triggers = {};
  const find = (query, root = document) => root.querySelector(query);
  const findAll = (query, root = document) => [...root.querySelectorAll(query)];
  const typing = (node) => node && (node.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName));

  // Drawing: changes what changed and leaves the rest alone, so focus, selection, open details and motion survive.

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

  // Panes

  const panes = {
    welcome(element, props) {
      draw(find(".canvas", element), props.value || "");
    },
    documents(element, props) {
      draw(find(".canvas", element), props.value || "");
      const count = findAll(".canvas > .document:not(.failed):not(.noted)", element).length;
      find(".count", element).textContent = count || "";
    },
    conversation(element, props) {
      const canvas = find(".canvas", element);
      const scroller = find("#talk");
      const before = canvas.children.length;
      const follows = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 60;
      draw(canvas, props.value || "");
      document.body.toggleAttribute("data-said", canvas.children.length > 0);
      document.body.toggleAttribute("data-busy", Boolean(find('[data-state="busy"]', canvas)));
      if (follows || canvas.children.length > before) scroller.scrollTop = scroller.scrollHeight;
      dressComposer();
    },
    composer(element, props) {
      const said = props.value || {};
      find(".hint", element).textContent = said.hint || "";
      const box = find("textarea", element);
      if (said.question && !box.value) box.value = said.question;
      grow(box);
    },
    source(element, props) {
      draw(find(".canvas", element), props.value || "");
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
    if (name === "documents") wireUploads(element);
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
    triggers.composer("submit", { question: text });
    question().value = "";
    grow(question());
  }

  function stop() {
    if (!busy()) return;
    triggers.composer("stop", {});
    document.body.removeAttribute("data-busy");
    dressComposer();
    question().focus();
  }

  function dressComposer() {
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

  // Uploads: one after the other, each with its progress; the server's own list takes over from there.

  let queue = Promise.resolve();

  function wireUploads(element) {
    const input = find("input[type=file]", element);
    input.addEventListener("change", () => {
      take([...input.files]);
      input.value = "";
    });
    let depth = 0;
    const carriesFiles = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
    addEventListener("dragenter", (event) => {
      if (carriesFiles(event)) document.body.toggleAttribute("data-dragging", ++depth > 0);
    });
    addEventListener("dragleave", (event) => {
      if (carriesFiles(event)) document.body.toggleAttribute("data-dragging", --depth > 0);
    });
    addEventListener("dragover", (event) => carriesFiles(event) && event.preventDefault());
    addEventListener("drop", (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      depth = 0;
      document.body.removeAttribute("data-dragging");
      take([...event.dataTransfer.files]);
    });
  }

  function take(files) {
    for (const file of files) {
      const row = uploadRow(file.name);
      if (file.size > MOST_BYTES) row.fail("It is larger than 200 MB; split it and add the parts.");
      else queue = queue.then(() => send(file, row));
    }
  }

  function uploadRow(name) {
    const row = find("#upload-row").content.firstElementChild.cloneNode(true);
    find(".name", row).textContent = name.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
    find("#documents .uploads").prepend(row);
    find("button", row).addEventListener("click", () => row.remove());
    return {
      say: (text, share) => {
        find(".state", row).textContent = text;
        find(".bar i", row).style.width = share + "%";
      },
      fail: (text) => {
        row.classList.replace("pending", "failed");
        find(".problem span", row).textContent = text;
      },
      remove: () => row.remove(),
    };
  }

  function send(file, row) {
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      const form = new FormData();
      form.append("files", file, file.name);
      request.upload.onprogress = (event) => {
        const share = event.total ? Math.floor((event.loaded * 100) / event.total) : 0;
        row.say(`uploading ${share}%`, share);
      };
      request.onload = () => {
        const path = request.status === 200 ? JSON.parse(request.responseText)[0] : "";
        if (path) {
          row.remove();
          triggers.documents("upload", { path, name: file.name });
        } else if (request.status === 413) row.fail("It is larger than 200 MB; split it and add the parts.");
        else row.fail("The upload was refused; reload the page and drop it again.");
        done();
      };
      request.onerror = () => {
        row.fail("The upload was interrupted; see that the program is still running and drop it again.");
        done();
      };
      request.open("POST", "/gradio_api/upload");
      request.send(form);
    });
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
    show("source");
  }

  addEventListener("click", (event) => {
    const hit = (query) => event.target.closest && event.target.closest(query);
    const link = hit('a[href^="#cite-"], a[href^="#hit-"]');
    if (link) {
      event.preventDefault();
      return open(link);
    }
    const button = hit("button");
    if (!button) return;
    const data = button.dataset;
    if ("ask" in data) ask(data.ask);
    else if ("copy" in data) copy(button);
    else if ("pane" in data) show(data.pane);
    else if ("choose" in data) find("#documents input[type=file]").click();
    else if ("over" in data) {
      triggers.composer("clear", {});
      question().focus();
    } else if ("remove" in data) triggers.documents("delete", { source: data.remove });
    else if ("dismiss" in data) triggers.documents("clear", { key: data.dismiss });
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
