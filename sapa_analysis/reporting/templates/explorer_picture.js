// The picture: history with its intervals, fan, goals; all looks stand in attributes, so that it can be saved.
const BLUE = "#0b5394", GOAL = "#b84300", GREY = "#6b6b6b", INK = "#1a1a1a";
const LETTER = '"DejaVu Sans", "Noto Sans", "Segoe UI", Arial, sans-serif';
const measure = document.createElement("canvas").getContext("2d");
const DOTS = { year: "full", year_estimate: "hollow", part_year: "diamond" };

function node(name, given = {}, ...inside) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(given)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
}

function wide(text, size, bold) {
  measure.font = `${bold ? "bold " : ""}${size}px ${LETTER}`;
  return measure.measureText(text).width;
}

// Heights at least `room` apart, in the same order, as near to where they were as a single pass gets.
function spread(heights, room, low, high) {
  const order = heights.map((_, k) => k).sort((a, b) => heights[a] - heights[b]), found = [...heights];
  const blocks = [];
  order.forEach(k => {
    blocks.push({ members: [k], mean: heights[k] });
    for (let last = blocks.length - 1; last > 0; last = blocks.length - 1) {
      const [one, two] = [blocks[last - 1], blocks[last]];
      const half = room * (one.members.length + two.members.length) / 2;
      if (two.mean - one.mean >= half) break;
      const n = one.members.length, m = two.members.length;
      blocks.splice(last - 1, 2, { members: [...one.members, ...two.members], mean: (one.mean * n + two.mean * m) / (n + m) });
    }
  });
  let floor = low;
  for (const block of blocks) {
    const half = room * (block.members.length - 1) / 2;
    let middle = Math.min(Math.max(block.mean, floor + half), high - half);
    block.members.forEach((k, place) => { found[k] = middle - half + place * room; });
    floor = middle + half + room;
  }
  return found;
}

function ticksOf(low, high, most) {
  const rough = (high - low) / most, size = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map(part => part * size).find(each => each >= rough);
  const found = [];
  for (let at = Math.ceil(low / step - 1e-9); at * step <= high * (1 + 1e-9); at++) found.push(at * step);
  return { found, decimals: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) };
}

function wrapped(text, width, size) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = lines[lines.length - 1] ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines[lines.length - 1] && wide(longer, size) > width) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

// A label breaks after its document first.
function parted(text, width, size) {
  const at = text.indexOf(": ");
  if (at < 0 || wide(text, size) <= width) return wrapped(text, width, size);
  return [text.slice(0, at + 1), text.slice(at + 2)].flatMap(part => wrapped(part, width, size));
}

function heightsOf(history, fan, base, goals, rates) {
  const fixed = [...goals.map(goal => goal.value), ...history.map(each => each[3]),
    ...[...fan, ...base].map(each => each.q[MIDDLE])];
  const most = 1.7 * Math.max(...fixed, 0);
  const upper = fan.map(each => (most > 0 ? Math.min(each.q[4], most) : each.q[4]));
  const lower = [...goals.map(goal => goal.value), ...history.map(each => each[2]), ...fan.map(each => each.q[1]),
    ...base.map(each => each.q[MIDDLE])];
  const low = Math.min(...lower), high = Math.max(...fixed, ...upper);
  return [rates && low > 0 ? low / 2 : Math.min(0, low), high + 0.1 * Math.abs(high - Math.min(0, low)) || 1];
}

// Return the picture of the state as an SVG; `foot` and `head` are lines around it, for a file of its own.
function picture(width, height, { head = [], foot = [], about = "" } = {}) {
  const told = entry(), w = words(), indicator = D.indicators[state.i], history = told.history;
  const fan = fanOf(state.i, state) || [], base = fanOf(state.i, state, true) || [];
  const goals = edition().targets.filter(goal => goal.indicator === state.i && goal.value !== null);
  const size = 12, narrow = width < 520, line = 17;
  const tops = head.flatMap(text => wrapped(text, width - 20, 13)), ends = foot.flatMap(text => wrapped(text, width - 20, 11));
  const whole = height + tops.length * line + ends.length * 15 + (tops.length ? 14 : 0) + (ends.length ? 10 : 0);
  const svg = node("svg", { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${width} ${whole}`, width, height: whole,
    role: "img", "aria-label": about, "font-family": LETTER, "font-size": size });
  svg.append(node("rect", { width, height: whole, fill: "#fff" }));
  const write = (text, x, y, more = {}) => {
    const given = { x, y, fill: INK, ...more };
    if (more.halo) Object.assign(given, { "paint-order": "stroke", stroke: "#fff", "stroke-width": 3.5, "stroke-linejoin": "round" });
    delete given.halo;
    const made = node("text", given, text);
    svg.append(made);
    return made;
  };
  tops.forEach((text, k) => write(text, 10, 20 + k * line, { "font-size": k ? 13 : 15, "font-weight": k ? "normal" : "bold" }));
  ends.forEach((text, k) => write(text, 10, whole - 8 - (ends.length - 1 - k) * 15, { "font-size": 11, fill: GREY }));
  if (!history.length && !fan.length) return svg;

  const down = tops.length * line + (tops.length ? 14 : 0);
  const years = [...history.map(each => each[0]), ...fan.map(each => each.year), ...goals.map(goal => goal.end)];
  const last = Math.max(...years), first = Math.min(...years, last - 5);
  const [low, high] = heightsOf(history, fan, base, goals, indicator.growth && low0(history, fan) > 0);
  const million = inMillions(indicator.unit, high), scale = million ? 1e6 : 1;
  const { found: ticks, decimals } = ticksOf(low / scale, high / scale, narrow ? 5 : 7);
  const marks = ticks.map(tick => number(tick, decimals));
  const left = 14 + Math.max(...marks.map(text => wide(text, size)));
  const names = [w.median, fill(w.band, { level: 80 }), fill(w.band, { level: 95 }), w.baseline];
  const right = width - (fan.length ? 14 + Math.max(...names.map(text => wide(text, size, true))) : 16);
  const top = down + 26, bottom = down + height - 26;
  const x = year => left + (year - first + 0.5) / (last - first + 0.8) * (right - left);
  const y = value => bottom - (value - low) / (high - low) * (bottom - top);
  const inside = value => Math.min(Math.max(y(value), top), bottom);

  const running = told.running && fan.length ? told.running : null;
  if (running) svg.append(node("rect", { x: x(running - 0.5), y: top, width: x(1) - x(0), height: bottom - top, fill: "#eeeeee" }));
  ticks.forEach((tick, k) => {
    const at = y(tick * scale);
    svg.append(node("line", { x1: left, x2: right, y1: at, y2: at, stroke: "#e2e2e2" }));
    write(marks[k], left - 7, at + 4, { "text-anchor": "end", fill: "#444" });
  });
  write(D.units[million ? "million_visits" : indicator.unit][lang].trim(), left, down + 14, { fill: "#444" });
  const step = Math.max(1, Math.ceil((last - first + 1) * (narrow ? 40 : 46) / (right - left)));
  for (let year = last; year >= first; year -= step)
    write(String(year), x(year), bottom + 18, { "text-anchor": "middle", fill: "#444" });
  svg.append(node("line", { x1: left, x2: right, y1: bottom, y2: bottom, stroke: "#888" }));

  const start = history.length ? history[history.length - 1] : null;
  const joined = start && fan.length && start[0] < fan[0].year && !told.whiskers ? [{ year: start[0], q: Array(5).fill(start[1]) }] : [];
  const whole_ = [...joined, ...fan];
  const path = (rows, k) => rows.map((each, n) => `${n ? "L" : "M"}${x(each.year).toFixed(1)} ${inside(each.q[k]).toFixed(1)}`).join("");
  if (told.whiskers) {
    fan.forEach(each => {
      const at = x(each.year);
      svg.append(node("line", { x1: at, x2: at, y1: inside(each.q[1]), y2: inside(each.q[3]), stroke: BLUE, "stroke-width": 1.5 }));
      [1, 3].forEach(k => svg.append(node("line", { x1: at - 4, x2: at + 4, y1: inside(each.q[k]), y2: inside(each.q[k]), stroke: BLUE, "stroke-width": 1.5 })));
      svg.append(node("line", { x1: at - 8, x2: at + 8, y1: inside(each.q[MIDDLE]), y2: inside(each.q[MIDDLE]), stroke: BLUE, "stroke-width": 2.5 }));
    });
  } else {
    for (const [one, other, opacity] of [[0, 4, 0.16], [1, 3, 0.28]]) {
      const back = path([...whole_].reverse(), one).replace("M", "L");
      if (whole_.length > 1) svg.append(node("path", { d: path(whole_, other) + back + "Z", fill: BLUE, "fill-opacity": opacity }));
      else fan.forEach(each => svg.append(node("rect", { x: x(each.year) - 10, width: 20, y: inside(each.q[other]),
        height: inside(each.q[one]) - inside(each.q[other]), fill: BLUE, "fill-opacity": opacity })));
    }
  }
  const apart = changed();
  if (apart) svg.append(node("path", { d: path([...joined, ...base], MIDDLE), fill: "none", stroke: GREY, "stroke-width": 1.6, "stroke-dasharray": "5 4" }));
  if (history.length > 1) svg.append(node("path", { fill: "none", stroke: BLUE, "stroke-opacity": 0.55, "stroke-dasharray": "4 3",
    d: history.map((each, n) => `${n ? "L" : "M"}${x(each[0]).toFixed(1)} ${inside(each[1]).toFixed(1)}`).join("") }));
  if (!told.whiskers && whole_.length > 1) svg.append(node("path", { d: path(whole_, MIDDLE), fill: "none", stroke: BLUE, "stroke-width": 2.4 }));
  if (!told.whiskers) fan.forEach(each => svg.append(node("circle", { cx: x(each.year), cy: inside(each.q[MIDDLE]), r: whole_.length > 1 ? 2.4 : 4, fill: BLUE })));

  for (const [year, best, lower, upper, basis] of history) {
    if (!own(DOTS, basis)) continue;
    const at = x(year), up = inside(upper), under = inside(lower), middle = inside(best);
    if (under - up > 3) {
      svg.append(node("line", { x1: at, x2: at, y1: up, y2: under, stroke: BLUE }));
      for (const end of [up, under]) svg.append(node("line", { x1: at - 3, x2: at + 3, y1: end, y2: end, stroke: BLUE }));
    }
    const look = { fill: DOTS[basis] === "full" ? BLUE : "#fff", stroke: BLUE, "stroke-width": 1.5 };
    if (DOTS[basis] === "diamond") svg.append(node("path", { ...look, d: `M${at} ${middle - 5}l5 5l-5 5l-5 -5Z` }));
    else svg.append(node("circle", { ...look, cx: at, cy: middle, r: 4 }));
  }

  // goals: a star at the year, or a bar over the term; the label left of it in lines that fit, none over another
  const shown = goals.map(goal => {
    const at = goal.start ? x(goal.end + 0.4) : x(goal.end), end = goal.start ? Math.min(at, right) : at - 12;
    const text = goal.label[lang].charAt(0).toUpperCase() + goal.label[lang].slice(1), bold = size / 0.88;
    return { goal, at, end, level: inside(goal.value), lines: parted(text, Math.max(90, end - left - 4), bold) };
  });
  const most = Math.max(1, ...shown.map(each => each.lines.length)), row = 14;
  const bars = shown.filter(each => each.goal.start), aside = each => 4 + row * each.lines.length / 2;
  const struck = each => bars.some(bar => Math.abs(bar.level - each.level) < 12 && x(bar.goal.start - 0.4) < each.end);
  const middles = shown.map(each => each.level + (each.goal.start ? -aside(each) : struck(each) ? aside(each) + 4 : 0));
  const lifted = spread(middles, row * most + 2, top + row * most / 2, bottom - row * most / 2);
  shown.forEach(({ goal, at, end, level, lines }, k) => {
    if (goal.start) svg.append(node("line", { x1: Math.max(left, x(goal.start - 0.4)), x2: Math.min(at, right), y1: level, y2: level, stroke: GOAL, "stroke-width": 3 }));
    else svg.append(node("path", { d: star(at, level, 8), fill: GOAL, stroke: "#fff", "stroke-width": 0.8 }));
    lines.forEach((text, n) => write(text, end, lifted[k] + 4 + row * (n - (lines.length - 1) / 2),
      { fill: GOAL, "font-weight": "bold", halo: true, "text-anchor": "end" }));
  });
  if (running) write(fill(w.running, { year: running }), Math.min(x(running), right - wide(fill(w.running, { year: running }), 11) / 2), top - 5,
    { "font-size": 11, fill: GREY, "text-anchor": "middle" });

  if (fan.length) {
    const end = fan[fan.length - 1], lines = [[w.median, end.q[MIDDLE], BLUE, true], [fill(w.band, { level: 80 }), end.q[3], BLUE]];
    if (!told.whiskers) lines.push([fill(w.band, { level: 95 }), end.q[4], BLUE]);
    if (apart) lines.push([w.baseline, base[base.length - 1].q[MIDDLE], GREY]);
    spread(lines.map(each => inside(each[1])), 15, top + 2, bottom - 4).forEach((at, k) =>
      write(lines[k][0], right + 6, at + 4, { fill: lines[k][2], "font-weight": lines[k][3] ? "bold" : "normal" }));
    const cut = fan.filter(each => each.q[4] > high && !told.whiskers);
    const far = cut[cut.length - 1], few = far && rounded(far.q, state.i);
    if (far) write(fill(w.band_cut, { level: 95, value: few.written(far.q[4]) + few.unit }), x(cut[0].year) - 10, top + 10,
      { "font-size": 11, fill: BLUE, "text-anchor": "end", halo: true });
    cut.forEach(each => svg.append(node("path", { d: `M${x(each.year) - 5} ${top + 8}l5 -7l5 7Z`, fill: "#fff", stroke: BLUE })));
  }
  return svg;
}

const low0 = (history, fan) => Math.min(...history.map(each => each[2]), ...fan.map(each => each.q[1]));
const changed = () => state.s !== "base" || Object.keys(state.l).length > 0;

function star(x, y, r) {
  const points = Array.from({ length: 10 }, (_, k) => {
    const angle = Math.PI * (k / 5 - 0.5), out = k % 2 ? r * 0.42 : r;
    return `${(x + out * Math.cos(angle)).toFixed(1)} ${(y + out * Math.sin(angle)).toFixed(1)}`;
  });
  return `M${points.join("L")}Z`;
}
