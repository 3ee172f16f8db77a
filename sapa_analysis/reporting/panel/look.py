"""The look of the panel, and the names that its sliders need for those who hear it."""

from __future__ import annotations

_STYLE = """
.sapa-panel {max-width: 1240px; color: #1c1c1c; background: white;}
.sapa-panel .sapa-columns {display: flex; flex-flow: row wrap; gap: 0 1.6rem; overflow: visible;}
.sapa-panel .sapa-controls {flex: 1 1 18rem; max-width: 24rem; min-width: 0; overflow: visible;}
.sapa-panel .sapa-results {flex: 3 1 32rem; min-width: 0; overflow: visible;}
.sapa-panel .widget-inline-hbox {flex-wrap: wrap; height: auto; width: auto; overflow: visible;
  margin-bottom: .35rem;}
.sapa-panel .widget-label, .sapa-panel .widget-readout {color: #1c1c1c;}
.sapa-panel .widget-inline-hbox > .widget-label {flex: 1 0 100%; width: 100%; text-align: left; height: auto;
  white-space: normal; line-height: 1.3; font-weight: 600;}
.sapa-panel .widget-dropdown > select, .sapa-panel .widget-text > input,
.sapa-panel .widget-textarea > textarea {flex: 1 1 100%; width: 100%; min-width: 0; color: #1c1c1c;
  background-color: white; border: 1px solid #8a8a8a;}
.sapa-panel .widget-dropdown > select, .sapa-panel .widget-text > input {height: 2.1rem;}
.sapa-panel .widget-slider .slider-container {flex: 1 1 8rem; overflow: visible;}
.sapa-panel .widget-readout {min-width: 6.4rem; max-width: none; text-align: right; font-weight: 600;}
.sapa-panel :is(select, input, textarea, button, [role=button], .noUi-handle, .wide):focus-visible {
  outline: 3px solid #c8500a; outline-offset: 1px;}
.sapa-panel .noUi-connect, .sapa-panel .noUi-handle {background: #0b5394; border-color: #0b5394;}
.sapa-panel .widget-button {align-self: flex-start; width: auto; height: auto; padding: .1rem .9rem;
  color: white; background: #0b5394;}
.sapa-panel .jupyter-widget-Collapse-header {color: #1c1c1c; background: #f1f5fa;}
.sapa-panel .jupyter-widget-Collapse-contents {background: white;}
.sapa-panel a {color: #0b5394; text-decoration: underline; overflow-wrap: anywhere;}
.sapa-panel h3 {font-size: 1.05rem; margin: 1.1rem 0 .3rem; color: #0b5394;}
.sapa-panel p {margin: .3rem 0; line-height: 1.45;}
.sapa-panel .lead {font-size: 1.08rem;}
.sapa-panel .note {color: #5d5d5d; font-size: .92rem;}
.sapa-panel .warning, .sapa-panel .refused {border: 1px solid #c8500a; border-left-width: 5px;
  padding: .4rem .8rem;}
.sapa-panel .done {border: 1px solid #0b5394; border-left-width: 5px; padding: .4rem .8rem;}
.sapa-panel .widget-html, .sapa-panel .widget-html-content {width: 100%; height: auto; min-width: 0;
  white-space: normal; overflow: visible;}
.sapa-panel table.sapa {line-height: 1.35; font-size: .92rem;}
.sapa-panel table.sapa th {min-width: 4.2em; color: #444;}
.sapa-panel table.sapa th:first-child {min-width: 9.5em;}
.sapa-panel .picture svg {width: 100%; min-width: 36rem; height: auto; display: block;}
.sapa-panel .wide {overflow-x: auto;}
.sapa-panel .wide:has(> .picture) {direction: rtl;}
.sapa-panel .sapa-chance {max-width: 24rem;}
.sapa-panel .lm-Accordion, .sapa-panel .lm-Widget.jupyter-widget-Accordion-child {overflow: visible;}
.sapa-panel textarea {font-family: monospace; font-size: .85rem; white-space: pre; overflow: auto;}
"""
_SCRIPT = """
(() => {
  if (window.sapaPanel) return;
  window.sapaPanel = true;
  let waiting = 0;
  const name = () => {
    waiting = 0;
    document.querySelectorAll(".sapa-panel .widget-slider").forEach((slider) => {
      const [handle, label, readout] = [".noUi-handle", ".widget-label", ".widget-readout"].map(
        (part) => slider.querySelector(part));
      if (!handle || !label || !readout) return;
      handle.setAttribute("aria-label", label.textContent);
      handle.setAttribute("aria-valuetext", readout.textContent);
      readout.removeAttribute("contenteditable");
    });
    document.querySelectorAll(".sapa-panel .jupyter-widget-Collapse-header").forEach((head) => {
      head.setAttribute("aria-expanded", String(!!head.closest(".jupyter-widget-Collapse-open")));
      if (head.tabIndex === 0) return;
      head.tabIndex = 0;
      head.setAttribute("role", "button");
      head.querySelector("i")?.setAttribute("aria-hidden", "true");
      head.addEventListener("keydown", (key) => {
        if (key.key !== "Enter" && key.key !== " ") return;
        key.preventDefault();
        head.click();
      });
    });
    document.querySelectorAll(".sapa-live .widget-html-content").forEach(
      (place) => place.setAttribute("aria-live", "polite"));
  };
  new MutationObserver(() => { waiting = waiting || requestAnimationFrame(name); }).observe(
    document.body, {childList: true, subtree: true, characterData: true, attributeFilter: ["class"]});
  name();
})();
"""


def panel_look() -> str:
    """Return the style and the script as HTML, which stands beside the panel: widgets run no script."""
    return f'<style class="sapa-page">{_STYLE}</style><script>{_SCRIPT}</script>'
