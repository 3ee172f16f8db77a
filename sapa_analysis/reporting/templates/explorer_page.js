// The page: controls, sentences, tables, what is taken away; all text is put as text, never as markup.
const $ = id => document.getElementById(id);
let said = "", hint = "";

function made(name, given = {}, ...inside) {
  const found = document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (key === "on") for (const [event, act] of Object.entries(value)) found.addEventListener(event, act);
    else if (value === true) found.setAttribute(key, "");
    else if (value !== false && value !== null) found.setAttribute(key, value);
  }
  found.append(...inside);
  return found;
}

const option = (value, text, chosen) => made("option", { value, selected: chosen }, text);
const name = indicator => D.indicators[indicator].name[lang];
const turnOf = lever => D.positions[lever][own(state.l, lever) ? state.l[lever] : neutral(lever)];
const capital = text => text.charAt(0).toUpperCase() + text.slice(1);
const inner = text => (/^.\p{Lu}/u.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1));

function fillChoices() {
  const day = edition(), w = words(), main = Object.keys(D.indicators).filter(each => D.main.includes(each));
  const others = Object.keys(D.indicators).filter(each => !main.includes(each));
  const group = (label, ids) => made("optgroup", { label }, ...ids.map(id => option(id, name(id), id === state.i)));
  $("indicator").replaceChildren(group(w.main, main), ...(others.length ? [group(w.others, others)] : []));
  $("edition").replaceChildren(...D.editions.map(one => option(one.id, one.day[lang], one.id === state.e)));
  $("scenario").replaceChildren(...day.scenarios.map(one => option(one.id, one.label[lang], one.id === state.s)));
  for (const [id, value] of [["indicator", state.i], ["edition", state.e], ["scenario", state.s]]) $(id).value = value;
}

function fillLevers() {
  const w = words(), levers = leversOf(state);
  $("levers").replaceChildren(...levers.map(lever => {
    const places = offered(lever), turns = places.map(place => D.positions[lever][place]), id = `lever-${lever}`;
    const share = turn => 100 * (turns.indexOf(turn)) / (turns.length - 1);
    const rates = Math.min(...D.positions[lever]) <= 0, short = turn => (rates ? trimmed(signed(turn, 1)) : "\u00d7\u2009" + trimmed(number(turn, 2)));
    const middle = D.positions[lever][neutral(lever)];
    const range = made("input", { type: "range", id, min: 0, max: places.length - 1, step: 1, "data-lever": lever,
      "aria-describedby": `${id}-level`, on: { input: event => turn(lever, places[Number(event.target.value)]) } });
    const scale = [[turns[0], "first"], [middle, "middle"], [turns[turns.length - 1], "last"]].map(([at, side]) =>
      made("span", { class: side, style: `left:calc(${share(at)}% + ${(9 - share(at) * 0.18).toFixed(1)}px)` }, short(at)));
    return made("div", { class: "lever" },
      made("div", { class: "lever-head" }, made("label", { for: id }, name(lever)), made("output", { for: id, id: `${id}-turn` })),
      range, made("div", { class: "scale", "aria-hidden": "true" }, ...scale), made("p", { class: "level", id: `${id}-level` }));
  }));
  $("no-lever").hidden = levers.length > 0;
  $("coarse").hidden = !entry().coarse || !levers.length;
  $("reset").hidden = $("how-levers").hidden = !levers.length;
  $("no-lever").textContent = w.no_lever;
  showLevers();
}

function showLevers() {
  const w = words();
  for (const lever of leversOf(state)) {
    const range = $(`lever-${lever}`), at = own(state.l, lever) ? state.l[lever] : neutral(lever);
    range.value = offered(lever).indexOf(at);
    const text = turnShown(lever, D.positions[lever][at]);
    $(`lever-${lever}-turn`).textContent = text;
    range.setAttribute("aria-valuetext", text);
    const fan = fanOf(lever, state), end = fan && fan[fan.length - 1];
    $(`lever-${lever}-level`).textContent = end && own(D.indicators, lever)
      ? fill(w.level, { year: end.year, value: quantity(end.q[MIDDLE], lever) }) : "";
  }
  $("reset").disabled = !Object.keys(state.l).length;
}

function turn(lever, place) {
  const before = performance.now();
  if (place === neutral(lever)) delete state.l[lever]; else state.l[lever] = place;
  said = "";
  keep();
  show(before);
}

function choose(change) {
  const before = performance.now();
  Object.assign(state, change);
  const moved = settle();
  said = moved.map(lever => fill(words().nearest, { lever: name(lever), turn: turnShown(lever, turnOf(lever)) })).join(" ");
  keep();
  fillChoices();
  fillLevers();
  show(before);
}

function keep() {
  hint = address();
  if (location.hash === hint) return;
  try { history.replaceState(null, "", hint); } catch (error) { location.replace(hint); }
}

// The sentence that is read out, and a line for each goal of the indicator.
function summary() {
  const w = words(), told = entry(), fan = fanOf(state.i, state);
  if (!fan) return told.why ? fill(told.withheld ? w.withheld : w.none, { why: told.why[lang] }) : "";
  const end = fan[fan.length - 1], base = fanOf(state.i, state, true), before = base[base.length - 1].q[MIDDLE];
  const few = rounded([end.q[1], end.q[MIDDLE], end.q[3]], state.i);
  const [low, median, high] = [end.q[1], end.q[MIDDLE], end.q[3]].map(few.written);
  let text = fill(w.summary, { indicator: name(state.i), year: end.year, median: median + few.unit, level: "80%", low, high });
  const same = end.q[MIDDLE] === before, points = D.indicators[state.i].points;
  const moved = value => (points ? difference(value, state.i) : (value > 0 ? "+" : "") + few.written(value) + few.unit);
  text += same ? w.summary_base : fill(w.summary_change, { difference: moved(end.q[MIDDLE] - before) });
  for (const goal of edition().targets.filter(each => each.indicator === state.i && each.chance)) {
    const now = chanceOf(goal, state), then = chanceOf(goal, state, true);
    if (now !== null) text += " " + fill(w.summary_chance, { goal: capital(goal.name[lang]), chance: chanceShown(now), base: chanceShown(then) });
  }
  return text;
}

function warning() {
  const w = words(), out = new Map(), far = [];
  if (!changed() || !fanOf(state.i, state)) return ["", ""];
  for (const indicator of new Set([state.i, ...leversOf(state)])) {
    const fan = own(D.indicators, indicator) && fanOf(indicator, state), base = fan && fanOf(indicator, state, true);
    if (!fan) continue;
    let most = 0, year = null;
    fan.forEach((each, row) => {
      const level = each.q[MIDDLE], place = WORDS.indexOf(farness(indicator, row, level));
      if (level !== base[row].q[MIDDLE] && place >= most) [most, year] = [place, each.year];
    });
    if (year === null) continue;
    if (WORDS[most] === "outside") out.set(indicator, year);
    else if (most > 0) far.push(fill(w.seen_part, { what: inner(name(indicator)), year, word: w.far[WORDS[most]] }));
  }
  const parts = [...out].map(([indicator, year]) => fill(w.outside_part, { what: inner(name(indicator)), year }));
  return [parts.length ? fill(w.outside, { parts: parts.join(", ") }) : "", far.length ? fill(w.seen, { parts: far.join("; ") }) : ""];
}

const headed = (heads, ...rows) => [made("thead", {}, made("tr", {}, ...heads.map(text => made("th", { scope: "col" }, text)))), made("tbody", {}, ...rows)];
const cellsOf = (first, ...rest) => made("tr", {}, made("th", { scope: "row" }, first), ...rest.map(text => made("td", {}, text)));
const across = (text, n) => made("tr", { class: "sub" }, made("th", { colspan: n, scope: "colgroup" }, text));

function goalsShown() {
  const levers = leversOf(state), goals = edition().targets;
  const mine = goals.filter(goal => goal.indicator === state.i);
  const also = goals.filter(goal => goal.indicator !== state.i && goal.chance && goal.moves &&
    grids(goal.chance.base[0]).a.some(axis => levers.includes(axis[0])));
  return [mine, also];
}

function fillChances() {
  const w = words(), [mine, also] = goalsShown();
  const row = goal => Object.assign(rowOf(goal), { id: `goal-${goal.id}` });
  const rowOf = goal => {
    const text = goal.indicator === state.i ? capital(goal.name[lang]) : `${name(goal.indicator)} \u2013 ${goal.name[lang]}`;
    if (!goal.chance) return cellsOf(text, goal.settled[lang], "", "");
    const now = chanceOf(goal, state), then = chanceOf(goal, state, true);
    if (now === null) return cellsOf(text, w.on_the_grid, chanceShown(then), "");
    const bar = made("span", { class: "bar", "aria-hidden": "true" }, made("span", { style: `width:${(100 * now).toFixed(1)}%` }));
    const found = cellsOf(text, "", chanceShown(then), fill(w.plus_points, { points: signed(100 * (now - then), 0) }));
    found.children[1].append(made("strong", {}, chanceShown(now)), bar);
    return found;
  };
  const rows = [...(mine.length && also.length ? [across(w.own, 4)] : []), ...mine.map(row), ...(also.length ? [across(w.also, 4)] : []), ...also.map(row)];
  $("chances").replaceChildren(...headed([w.goal, w.chance, w.chance_base, w.change], ...rows));
  $("chances").hidden = !rows.length;
  $("no-goals").hidden = rows.length > 0;
}

const unitShown = () => {
  const told = entry(), most = Math.max(0, ...told.history.map(each => each[3]), ...(fanOf(state.i, state) || []).map(each => each.q[4]));
  const unit = D.indicators[state.i].unit;
  return D.units[inMillions(unit, most) ? "million_visits" : unit][lang].trim();
};

function fillNumbers() {
  const w = words(), told = entry(), fan = fanOf(state.i, state), base = fanOf(state.i, state, true);
  const range = (low, high) => fill(w.range, { low, high }), caption = fill(w.picture, { indicator: name(state.i), unit: unitShown() });
  const past = [...told.history].reverse().map(([year, best, low, high, basis]) => {
    const [middle, lower, upper] = figures([best, low, high], state.i, true);
    return cellsOf(String(year), middle, lower === upper ? "" : range(lower, upper), w.bases[basis] || basis);
  });
  const ahead = (fan || []).map((each, row) => {
    const [a, b, c, d, e] = figures(each.q, state.i, true), before = base[row].q[MIDDLE];
    return cellsOf(String(each.year), c, range(b, d), range(a, e), figures([before], state.i, true)[0], difference(each.q[MIDDLE] - before, state.i));
  });
  const [inner_, outer] = [80, 95].map(level => fill(w.interval, { level }));
  $("numbers").replaceChildren(made("caption", {}, caption), ...headed([w.year, w.middle, inner_, outer, w.chance_base, w.difference], ...ahead));
  $("past").replaceChildren(made("caption", {}, caption), ...headed([w.year, w.figure, inner_, w.basis], ...past));
  $("numbers").hidden = !ahead.length;
  $("past-part").hidden = !past.length;
  for (const id of ["numbers", "past"]) label($(id));
}

// On a phone a row is a card: each cell says what it is.
function label(table) {
  const heads = [...table.querySelectorAll("thead th")].map(each => each.textContent);
  for (const row of table.querySelectorAll("tbody tr")) [...row.children].forEach((cell, k) => { if (k) cell.dataset.label = heads[k]; });
}

function fillNeeded() {
  const w = words(), rows = [];
  for (const goal of edition().targets.filter(each => each.indicator === state.i && each.needed)) {
    rows.push(across(capital(goal.name[lang]), 7));
    for (const each of goal.needed) {
      const [, chance, lever, takes, level, growth, , rarer] = each.cells[lang];
      const row = cellsOf(lever || takes, chance, lever ? takes : "", level, growth, rarer, "");
      const last = row.lastElementChild;
      if (each.turn !== null && leversOf(state).includes(each.lever)) {
        const turns = offered(each.lever, { ...state, s: "base" }).map(place => D.positions[each.lever][place]);
        if (each.turn < Math.min(...turns) || each.turn > Math.max(...turns)) last.append(w.far_off);
        else if (!each.met) last.append(made("button", { type: "button", class: "put", "aria-label":
          fill(w.put_what, { lever, turn: turnShown(each.lever, each.turn), goal: goal.name[lang], chance }),
          on: { click: () => put(each.lever, each.turn) } }, w.put));
      }
      rows.push(row);
    }
  }
  const h = w.heads;
  $("needed").replaceChildren(...headed([h.lever, h.chance, h.takes, h.level, h.growth, h.rarer, w.put], ...rows));
  $("needed").hidden = !rows.length;
  $("how-needed").textContent = rows.length ? w.how_needed : w.no_needed;
  label($("needed"));
}

function put(lever, wanted) {
  const before = performance.now();
  state.s = "base";
  state.l = {};
  const place = nearest(offered(lever), lever, wanted);
  if (place !== neutral(lever)) state.l[lever] = place;
  said = fill(words().placed, { lever: name(lever), turn: turnShown(lever, turnOf(lever)), wanted: turnShown(lever, wanted) });
  keep();
  fillChoices();
  show(before);
  $(`lever-${lever}`).focus();
}

function show(before) {
  const told = entry(), w = words(), text = summary(), [outside, seen] = warning();
  showLevers();
  const room = $("picture").clientWidth || 700;
  $("picture").replaceChildren(picture(Math.max(300, room), room < 520 ? 320 : 400, { about: text }));
  $("caption").textContent = name(state.i);
  $("summary").textContent = text;
  $("outside").textContent = outside;
  $("outside").hidden = !outside;
  $("seen").textContent = seen;
  $("said").textContent = said;
  $("said").hidden = !said;
  $("note").textContent = told.note ? told.note[lang] : "";
  $("reason").textContent = scenario().reason[lang] ? fill(w.scenario_reason, { reason: scenario().reason[lang] }) : "";
  $("sources").textContent = told.sources[lang];
  fillChances();
  label($("chances"));
  fillNumbers();
  fillNeeded();
  for (const id of ["png", "csv"]) $(id).disabled = !told.history.length && !told.fan;
  $("copied").hidden = true;
  document.documentElement.dataset.took = (performance.now() - before).toFixed(1);
}

// Words that stand still until the language changes.
function speak() {
  const w = words();
  document.documentElement.lang = lang;
  document.querySelectorAll("[data-text]").forEach(each => { each.textContent = fill(w[each.dataset.text], { area: D.area[lang], inner: 80, outer: 95 }); });
  $("language").lang = lang === "vi" ? "en" : "vi";
  document.title = fill(w.title, { area: D.area[lang] });
  $("text").setAttribute("aria-label", w.text_to_copy);
}

function arrive() {
  const before = performance.now(), { found, wrong, near } = readAddress(location.hash);
  state = found;
  const w = words();
  said = [
    wrong.length ? fill(w.address, { parts: wrong.map(part => fill(w.unknown_part, { part })).join(", ") }) : "",
    ...near.map(lever => fill(w.nearest, { lever: name(lever), turn: turnShown(lever, turnOf(lever)) })),
  ].filter(Boolean).join(" ");
  keep();
  speak();
  fillChoices();
  fillLevers();
  show(before);
}
