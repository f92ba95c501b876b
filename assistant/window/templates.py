"""The fixed parts of the page, as HTML without any data in it: Gradio runs templates as code, so none may enter."""

from __future__ import annotations

PEN = (
    '<svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true"><path fill="currentColor" '
    'd="M4 3h11l5 5v13H4V3zm10 1.5V9h4.5L14 4.5zM7.2 12.2h9.6v1.7H7.2v-1.7zm0 3.6h6.4v1.7H7.2v-1.7z"/></svg>'
)
DOCUMENTS = f"""
<section class="pane" aria-labelledby="documents-title">
  <header class="head"><span class="brand">{PEN}</span><h1>Document assistant</h1></header>
  <label class="drop"><input type="file" multiple class="unseen">
    <span class="drop-main">Drop files here</span>
    <span class="drop-sub">or choose them</span>
  </label>
  <form class="address"><input type="text" inputmode="url" maxlength="2000" autocomplete="off" spellcheck="false"
    aria-label="Web address" placeholder="or paste a web address">
    <button type="submit" class="quiet">Add</button></form>
  <div class="titled"><label class="every"><input type="checkbox" checked aria-label="Ask in all documents"
    title="Ask in all of them, or none"></label>
    <h2 id="documents-title" class="label">Documents <span class="count"></span></h2></div>
  <div class="shelf"><ul class="uploads rows" aria-label="Uploads"></ul><ul class="canvas rows"></ul></div>
  <p class="foot"></p>
  <template id="upload-row">
    <li class="document pending"><bdi class="name"></bdi><span class="state" role="status">waiting…</span>
      <button type="button" class="quiet cancel">Cancel</button><span class="bar" aria-hidden="true"><i></i></span>
      <p class="problem" role="alert"><b>Not added.</b> <span></span></p>
      <p class="note" role="status">Cancelled; nothing of it was added.</p>
      <button type="button" class="quiet dismiss">Dismiss</button></li>
  </template>
</section>"""
WELCOME = '<div class="canvas welcome"></div>'
CONVERSATION = '<div class="canvas turns" role="log" aria-label="Questions and answers"></div>'
FURTHER = '<div class="canvas further"></div>'
WRITERS = '<div class="canvas writers"></div>'
FILTERS = '<div class="canvas filters"></div>'
COMPOSER = """
<div class="composer">
  <p class="hint" role="status"></p>
  <div class="box">
    <textarea rows="1" maxlength="4000" aria-label="Your question" placeholder="Ask about your documents…"></textarea>
    <button type="button" class="send" aria-label="Ask" title="Ask (Enter)">
      <svg class="go" viewBox="0 0 20 20" width="18" height="18" aria-hidden="true"><path fill="none"
        stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"
        d="M10 16V4M5 9l5-5 5 5"/></svg>
      <svg class="halt" viewBox="0 0 20 20" width="18" height="18" aria-hidden="true"><rect fill="currentColor"
        x="5" y="5" width="10" height="10" rx="2"/></svg>
    </button>
  </div>
  <p class="below"><span class="keys"><kbd>/</kbd> to type · <kbd>Enter</kbd> to ask · <kbd>j</kbd> <kbd>k</kbd>
    through the sources</span><button type="button" class="quiet over" data-over>Start over</button></p>
</div>"""
SOURCE = """
<section class="pane" aria-label="Source">
  <header class="head"><button type="button" class="quiet back" data-pane="chat">‹ Back</button>
    <h2 class="label">Source</h2></header>
  <div class="canvas"></div>
</section>"""
TABS = """
<nav aria-label="Panes">
  <button type="button" data-pane="documents">Documents</button>
  <button type="button" data-pane="chat">Chat</button>
  <button type="button" data-pane="source">Source</button>
</nav>"""


def on_load(name: str) -> str:
    """The script that hands a pane over to `page.js`, whichever of the two is there first."""
    return f"(window.assistantPanes ||= []).push([{name!r}, element, trigger, props, watch])"
