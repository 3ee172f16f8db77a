(function () {
  "use strict";
  var told = JSON.parse(document.getElementById("way-lines").textContent);
  var card = document.getElementById("way-card"), title = document.querySelector("#way-of strong");
  var steps = card.querySelector("ol"), close = card.querySelector("button");
  var toggle = document.getElementById("way-toggle"), opened = null, current = null;
  function all(what) { return Array.prototype.slice.call(document.querySelectorAll(what)); }
  function known(number) { return Object.prototype.hasOwnProperty.call(told.ways, number.getAttribute("data-key")); }
  all("main data, header data").filter(known).forEach(function (number) { number.classList.add("way"); });
  // a mark is a link already; any other number becomes a button while ways are asked for
  function stop(number) { var link = number.closest("a"); return link || number; }
  var stops = all("data.way, a.mark").map(stop).filter(function (each, place, list) { return list.indexOf(each) === place; });
  function rove(to) { if (current) current.tabIndex = -1; current = to; current.tabIndex = 0; }
  function press(on) {
    toggle.setAttribute("aria-pressed", String(on));
    document.body.classList.toggle("asking", on);
    stops.forEach(function (each) {
      if (each.tagName !== "A") { on ? each.setAttribute("role", "button") : each.removeAttribute("role"); }
      on || each.tagName === "A" ? each.tabIndex = -1 : each.removeAttribute("tabindex");
    });
    if (on && stops.length) rove(current || stops[0]);
  }
  function place(number) {
    var at = number.getClientRects()[0], room = document.documentElement.clientWidth;
    var under = at.bottom + card.offsetHeight + 12 < window.innerHeight || at.top < card.offsetHeight + 12;
    card.style.left = Math.max(8, Math.min(at.left, room - card.offsetWidth - 8)) + window.pageXOffset + "px";
    card.style.top = (under ? at.bottom + 6 : at.top - card.offsetHeight - 6) + window.pageYOffset + "px";
  }
  function show(number) {
    hide(false);
    opened = number;
    number.classList.add("open");
    title.textContent = number.textContent;
    steps.textContent = "";
    told.ways[number.getAttribute("data-key")].forEach(function (line) {
      steps.appendChild(document.createElement("li")).textContent = told.lines[line];
    });
    card.hidden = false;
    place(number);
    card.focus({ preventScroll: true });
  }
  function hide(back) {
    if (!opened) return;
    var from = stop(opened);
    opened.classList.remove("open");
    card.hidden = true;
    opened = null;
    if (!back) return;
    if (!from.hasAttribute("tabindex")) from.tabIndex = -1;
    from.focus({ preventScroll: true });
  }
  document.addEventListener("click", function (event) {
    var number = event.target.closest("data.way");
    if (!number && event.target.closest("a.mark")) number = event.target.querySelector("data.way");
    if (number && !String(window.getSelection())) { event.preventDefault(); show(number); }
    else if (!card.contains(event.target)) hide(false);
  });
  document.addEventListener("keydown", function (event) {
    var key = event.key, at = stops.indexOf(event.target);
    if (opened && (key === "Escape" || (key === "Tab" && (event.target === close || event.shiftKey && event.target === card)))) { event.preventDefault(); hide(true); return; }
    if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    var next = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: stops.length - 1 }[key];
    if (next !== undefined && stops[next]) { event.preventDefault(); rove(stops[next]); stops[next].focus(); }
    if ((key === "Enter" || key === " ") && event.target.matches("data.way")) { event.preventDefault(); show(event.target); }
  });
  close.addEventListener("click", function () { hide(true); });
  toggle.addEventListener("click", function () { press(toggle.getAttribute("aria-pressed") !== "true"); });
  press(false);
  toggle.hidden = false;
})();
