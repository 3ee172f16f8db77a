// What is chosen: indicator, edition, scenario, positions of levers; kept in the address, read with suspicion.
const LONGEST = 2000, SHOWN = 40;
let state = null;

const edition = (of = state) => D.editions.find(one => one.id === of.e);
const entry = (of = state) => edition(of).indicators[of.i];
const scenario = (of = state) => edition(of).scenarios.find(one => one.id === of.s);
const leversOf = of => entry(of).levers || [];
const grids = (place, of = state) => edition(of).grids[place];

// The positions that are offered: those that the grid of the indicator has.
function offered(lever, of = state) {
  const told = entry(of);
  const axis = told.fan && grids(told.fan.base, of).a.find(each => each[0] === lever);
  return axis ? axis[1] : D.positions[lever].map((_, place) => place);
}

function usual() {
  const playable = (day, name) => (day.indicators[name] || {}).levers?.length;
  const able = day => D.main.some(name => playable(day, name));
  const day = D.editions.find(one => one.id === D.start && able(one)) ||
    [...D.editions].reverse().find(able) ||
    [...D.editions].reverse().find(one => Object.keys(one.indicators).some(name => playable(one, name))) ||
    D.editions[D.editions.length - 1];
  const known = Object.keys(D.indicators), main = D.main.filter(name => known.includes(name));
  const i = main.find(name => playable(day, name) > 1 && !day.indicators[name].coarse) ||
    main.find(name => playable(day, name)) || known.find(name => playable(day, name)) || known[0];
  return { i, e: day.id, s: "base", l: {} };
}

function address(of = state) {
  const code = encodeURIComponent;
  const turned = leversOf(of).filter(lever => own(of.l, lever))
    .map(lever => `l.${code(lever)}=${D.positions[lever][of.l[lever]]}`);
  return "#" + [`i=${code(of.i)}`, `e=${code(of.e)}`, `s=${code(of.s)}`, ...turned, `lang=${lang}`].join("&");
}

function nearest(places, lever, turn) {
  const off = place => Math.abs(D.positions[lever][place] - turn);
  return places.reduce((best, place) => (off(place) < off(best) ? place : best), places[0]);
}

// Return the state that an address asks for, the parts that say nothing here, and levers that were moved a little.
function readAddress(hash) {
  const found = usual(), wrong = [], near = [], asked = {};
  const text = hash.replace(/^#/, "");
  if (text.length > LONGEST) return { found, wrong: [text.slice(0, SHOWN) + "\u2026"], near };
  for (const part of text.split("&").filter(Boolean)) {
    const shown = part.length > SHOWN ? part.slice(0, SHOWN) + "\u2026" : part;
    let name, value;
    try {
      [name, value] = [part.split("=", 1)[0], part.slice(part.indexOf("=") + 1)].map(decodeURIComponent);
    } catch (error) {
      wrong.push(shown);
      continue;
    }
    const known = ["i", "e", "s", "lang"].includes(name) || name.startsWith("l.");
    if (!known || !part.includes("=") || own(asked, name)) wrong.push(shown);
    else asked[name] = { value, shown };
  }
  const take = (name, fits, put) => {
    if (!own(asked, name)) return;
    if (fits(asked[name].value)) put(asked[name].value);
    else wrong.push(asked[name].shown);
  };
  take("lang", value => own(BOTH, value), value => { lang = value; });
  take("e", value => D.editions.some(one => one.id === value), value => { found.e = value; });
  take("i", value => own(D.indicators, value), value => { found.i = value; });
  take("s", value => edition(found).scenarios.some(one => one.id === value), value => { found.s = value; });
  for (const name of Object.keys(asked).filter(each => each.startsWith("l."))) {
    const lever = name.slice(2), { value, shown } = asked[name], turn = Number(value);
    const plain = /^-?\d{1,4}(\.\d{1,12})?$/.test(value), mine = leversOf(found).includes(lever);
    const turns = mine ? D.positions[lever] : [];
    if (!plain || !mine || turn < Math.min(...turns) || turn > Math.max(...turns)) {
      wrong.push(shown);
      continue;
    }
    const place = nearest(offered(lever, found), lever, turn);
    if (Math.abs(turns[place] - turn) > 1e-9) near.push(lever);
    if (place !== neutral(lever)) found.l[lever] = place;
  }
  return { found, wrong, near };
}

// Keep of the levers what the indicator has, at positions that are offered for it; return those that had to move.
function settle() {
  const moved = [];
  if (!edition().scenarios.some(one => one.id === state.s)) state.s = "base";
  for (const lever of Object.keys(state.l)) {
    if (!leversOf(state).includes(lever)) { delete state.l[lever]; continue; }
    const place = nearest(offered(lever), lever, D.positions[lever][state.l[lever]]);
    if (place !== state.l[lever]) moved.push(lever);
    if (place === neutral(lever)) delete state.l[lever]; else state.l[lever] = place;
  }
  return moved;
}

// Median and bands by year: of the state, or of the baseline.
function fanOf(indicator, of, base = false) {
  const told = edition(of).indicators[indicator];
  if (!told || !told.fan) return null;
  const found = numbersAt(grids(told.fan[base ? "base" : of.s], of), base ? {} : of.l);
  if (!found) return null;
  const n = told.years.length;
  return told.years.map((year, row) => ({ year, q: [0, 1, 2, 3, 4].map(k => found[k * n + row]) }));
}

// How far a level lies from the baseline, in one of WORDS.
function farness(indicator, row, level) {
  const limits = edition().indicators[indicator].limits;
  for (let far = 4; far > 0; far--)
    if (level < limits[far - 1][row] || level > limits[far + 3][row]) return WORDS[far];
  return WORDS[0];
}

// The chance of a target, or null where no grid has the position.
function chanceOf(target, of, base = false) {
  const tables = target.chance[base ? "base" : of.s].map(place => grids(place, of));
  const levers = tables[0].a.map(axis => axis[0]);
  const turned = base ? [] : Object.keys(of.l).filter(lever => levers.includes(lever));
  for (const grid of tables) {
    if (!turned.every(lever => grid.a.some(axis => axis[0] === lever))) continue;
    const found = numbersAt(grid, Object.fromEntries(turned.map(lever => [lever, of.l[lever]])));
    if (found) return Math.round(found[0] / grid.q) / Math.round(1 / grid.q);
  }
  return null;
}
