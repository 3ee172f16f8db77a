"use strict";
// Numbers: unpacked, looked up at positions of levers, and written as the language writes them.
// The arithmetic is that of pipeline/lever_grid.py; nothing else is computed here.
const BOTH = JSON.parse(document.getElementById("words").textContent);
const WORDS = ["usual", "unusual", "rare", "very_rare", "outside"];
const MIDDLE = 2;  // of the five quantiles of a year
let D = null;
let lang = document.documentElement.lang;

const words = () => BOTH[lang];
const fill = (form, values) => form.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
const own = (of, name) => Object.prototype.hasOwnProperty.call(of, name);

async function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), sign => sign.charCodeAt(0));
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(plain).text());
}

// Cells are differences of neighbours along every axis; of two axes that do the same only one half is sent.
function cells(grid) {
  if (grid.full) return grid.full;
  const sizes = grid.a.map(axis => axis[1].length);
  const full = sizes.length ? Float64Array.from(grid.c) : grid.c;
  if (grid.m) {
    const n = sizes[sizes.length - 1];
    for (let start = 0; start < full.length; start += n * n)
      for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) full[start + i * n + j] = full[start + j * n + i];
  }
  for (let axis = sizes.length - 1, stride = 1; axis >= 0; stride *= sizes[axis--])
    for (let at = 0; at < full.length; at++)
      if (Math.floor(at / stride) % sizes[axis]) full[at] += full[at - stride];
  grid.size = sizes.reduce((one, other) => one * other, 1);
  return grid.full = full;
}

const neutral = lever => {
  const turns = D.positions[lever];
  return turns.indexOf(Math.min(...turns) <= 0 ? 0 : 1);
};

// Return the numbers of a grid at positions of levers (index by lever; else neutral), or null between its points.
function numbersAt(grid, at) {
  const full = cells(grid);
  let place = 0;
  for (const [lever, has] of grid.a) {
    const found = has.indexOf(own(at, lever) ? at[lever] : neutral(lever));
    if (found < 0) return null;
    place = place * has.length + found;
  }
  const n = grid.a.length ? full.length / grid.size : full.length, found = [];
  const by = Object.keys(grid.f).map(lever => grid.f[lever][own(at, lever) ? at[lever] : neutral(lever)]);
  for (let k = 0; k < n; k++) {
    let value = (grid.a.length ? full[k * grid.size + place] : full[k]) * grid.q;
    value += grid.s;
    for (const factors of by) value *= factors[k];
    found.push(value - grid.s);
  }
  return found;
}

// As Python writes it: correctly rounded, ties to even, minus as a minus sign, no negative zero.
function number(value, decimals) {
  let plain = Math.abs(value).toFixed(decimals);
  const scaled = Math.abs(value) * 10 ** decimals;
  if (Number.isInteger(value * 2 ** (decimals + 1)) && scaled % 1 === 0.5) {
    const even = Math.floor(scaled) + Math.floor(scaled) % 2;
    plain = (even / 10 ** decimals).toFixed(decimals);
  }
  const [whole, part] = plain.split("."), w = words();
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, w.thousands);
  const sign = value < 0 && Number(plain) ? "\u2212" : "";
  return sign + grouped + (part ? w.decimal + part : "");
}

const signed = (value, decimals) => {
  const text = number(value, decimals);
  return text.startsWith("\u2212") || !/[1-9]/.test(text) ? text : "+" + text;
};

function trimmed(text) {
  const mark = words().decimal;
  return text.includes(mark) ? text.replace(/0+$/, "").replace(new RegExp("\\" + mark + "$"), "") : text;
}

const inMillions = (unit, value) => unit === "visits" && Math.abs(value) >= 1e5;

// Several values that belong together, in one unit, with all decimals.
function figures(values, indicator, bare = false) {
  const about = D.indicators[indicator], most = Math.max(...values.map(Math.abs));
  const million = inMillions(about.unit, most);
  const unit = bare ? "" : D.units[million ? "million_visits" : about.unit][lang];
  return values.map(value => number(million ? value / 1e6 : value, million ? 2 : about.decimals) + unit);
}

function quantity(value, indicator, sign = false) {
  const about = D.indicators[indicator], million = inMillions(about.unit, value);
  const plain = trimmed(number(million ? value / 1e6 : value, million ? 2 : about.decimals));
  const before = sign && !plain.startsWith("\u2212") && /[1-9]/.test(plain) ? "+" : "";
  return before + plain + D.units[million ? "million_visits" : about.unit][lang];
}

// What belongs together with the digits that it has, as papers round it (reporting/language.py, forecasts).
function rounded(values, indicator) {
  const about = D.indicators[indicator], sorted = [...values].sort((one, other) => one - other);
  const spread = sorted[sorted.length - 1] - sorted[0], middle = Math.abs(sorted[Math.floor(sorted.length / 2)]);
  const million = inMillions(about.unit, Math.max(...values.map(Math.abs)));
  const [size, most] = million ? [1e6, 2] : [1, about.decimals];
  const steps = [spread, middle].filter(part => part > 0).map(part => part / size / 10);
  const places = spread > 0 ? Math.min(most, -Math.floor(Math.log10(Math.min(...steps)))) : most;
  const ten = 10 ** Math.max(-places, 0), unit = D.units[million ? "million_visits" : about.unit][lang];
  const whole = value => { const near = Math.round(value); return Math.abs(value % 1) === 0.5 ? 2 * Math.round(value / 2) : near; };
  return { unit, written: value => (places < 0 ? number(ten * whole(value / size / ten), 0) : number(value / size, places)) };
}

// A difference: of rates in points.
function difference(value, indicator) {
  const about = D.indicators[indicator];
  if (about.points) return fill(words().plus_points, { points: signed(value, Math.max(1, about.decimals)) });
  return quantity(value, indicator, true);
}

function chanceShown(chance) {
  if (chance > 0 && chance < 0.005) return "<1%";
  if (chance >= 0.995 && chance < 1) return ">99%";
  return number(100 * chance, 0) + "%";
}

function turnShown(lever, turn) {
  const w = words();
  if (D.positions[lever][neutral(lever)] === turn) return w.as_forecast;
  if (Math.min(...D.positions[lever]) <= 0) return fill(w.points, { points: trimmed(signed(turn, 1)) });
  return fill(w.times, { factor: number(turn, 2) });
}
