/* Uploads files that are chosen or dropped, one after the other, each with its progress; from there on the server's own
   list shows what becomes of them. */
window.assistantUploads = (() => {
  "use strict";
  const MOST_BYTES = 200 * 1024 * 1024;

  let queue = Promise.resolve();
  let announce = () => {};

  function wire(element, trigger) {
    announce = trigger;
    element.addEventListener("click", act);
    const input = element.querySelector("input[type=file]");
    input.addEventListener("change", () => {
      take([...input.files]);
      input.value = "";
    });
    const address = element.querySelector(".address");
    address.addEventListener("submit", (event) => {
      event.preventDefault();
      const box = address.querySelector("input");
      if (box.value.trim()) announce("submit", { address: box.value });
      box.value = "";
    });
    element.addEventListener("submit", (event) => {
      const form = event.target.closest(".tagging");
      if (!form) return;
      event.preventDefault();
      announce("edit", { document: form.dataset.tag, tags: form.querySelector("input").value });
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
    const row = document.querySelector("#upload-row").content.firstElementChild.cloneNode(true);
    const shown = name.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
    row.querySelector(".name").textContent = shown;
    document.querySelector("#documents .uploads").prepend(row);
    const cancel = row.querySelector(".cancel");
    const dismiss = row.querySelector(".dismiss");
    const made = {
      cancelled: false,
      stop: () => {},
      say: (text, share) => {
        row.querySelector(".state").textContent = text;
        row.querySelector(".bar i").style.width = share + "%";
      },
      fail: (text) => {
        row.classList.replace("pending", "failed");
        row.querySelector(".problem span").textContent = text;
      },
      remove: () => row.remove(),
    };
    cancel.setAttribute("aria-label", `Cancel adding ${shown}`);
    cancel.addEventListener("click", () => {
      made.cancelled = true;
      made.stop();
      row.classList.replace("pending", "noted");
      dismiss.focus();
    });
    dismiss.addEventListener("click", () => row.remove());
    return made;
  }

  function send(file, row) {
    return new Promise((done) => {
      if (row.cancelled) return done();
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
          announce("upload", { path, name: file.name });
        } else if (request.status === 413) row.fail("It is larger than 200 MB; split it and add the parts.");
        else row.fail("The upload was refused; reload the page and drop it again.");
        done();
      };
      request.onerror = () => {
        row.fail("The upload was interrupted; see that the program is still running and drop it again.");
        done();
      };
      request.onabort = done;
      row.stop = () => request.abort();
      request.open("POST", "/gradio_api/upload");
      request.send(form);
    });
  }

  // What the server's own list asks for; each button says what it is about.
  function act(event) {
    const button = event.target.closest("button");
    if (!button) return;
    const data = button.dataset;
    if ("cancel" in data) announce("stop", { key: data.cancel });
    else if ("choice" in data) announce("select", { key: data.upload, choice: data.choice });
    else if ("dismiss" in data) announce("clear", { key: data.dismiss });
    else if ("remove" in data) announce("delete", { source: data.remove });
    else if ("pause" in data) announce("pause", {});
    else if ("resume" in data) announce("play", {});
  }

  return wire;
})();
