// What is taken away: numbers, picture, link, scenario as a file and as a call.
const turnedWords = () => {
  const turned = leversOf(state).filter(lever => own(state.l, lever));
  return turned.map(lever => `${name(lever)} ${turnShown(lever, turnOf(lever))}`).join(", ") || words().unturned;
};

function save(blob, file) {
  const url = URL.createObjectURL(blob), link = made("a", { href: url, download: file });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
  report(fill(words().saved, { file }));
}

function report(text) {
  said = text;
  $("said").textContent = text;
  $("said").hidden = false;
}

const fileName = ending => `explorer-${D.areaId}-${state.e}-${state.i}.${ending}`;

function numbersAsCsv() {
  const quote = value => (/[",\n]/.test(String(value)) ? `"${String(value).replace(/"/g, '""')}"` : String(value));
  const turned = leversOf(state).map(lever => `${lever}=${turnOf(lever)}`).join(" ");
  const head = ["area", "as_of", "scenario", "levers", "indicator", "target", "year", "statistic", "value", "unit"];
  const about = [D.areaId, state.e, state.s, turned], unit = D.indicators[state.i].unit, rows = [];
  for (const [year, best, low, high] of entry().history)
    [["estimate", best], ["lower_80", low], ["upper_80", high]].forEach(([what, value]) => rows.push([...about, state.i, "", year, what, value, unit]));
  for (const each of fanOf(state.i, state) || [])
    ["lower_95", "lower_80", "median", "upper_80", "upper_95"].forEach((what, k) => rows.push([...about, state.i, "", each.year, what, Number(each.q[k].toPrecision(12)), unit]));
  for (const goal of goalsShown().flat().filter(each => each.chance)) {
    const now = chanceOf(goal, state);
    if (now !== null) rows.push([...about, goal.indicator, goal.id, goal.end, "probability", now, "probability"]);
  }
  return [head, ...rows].map(row => row.map(quote).join(",")).join("\r\n") + "\r\n";
}

function savePicture() {
  const w = words(), labels = `${w.scenario}: ${scenario().label[lang]}; ${turnedWords()}`;
  const title = `${fill(w.picture, { indicator: name(state.i), unit: unitShown() })} \u2013 ${D.area[lang]}`;
  const svg = picture(1000, 460, { head: [title, labels], foot: [entry().sources[lang], "sapa explorer"] });
  const image = new Image();
  image.onload = () => {
    const canvas = made("canvas"), wide_ = Number(svg.getAttribute("width")), high = Number(svg.getAttribute("height"));
    [canvas.width, canvas.height] = [2 * wide_, 2 * high];
    canvas.getContext("2d").drawImage(image, 0, 0, 2 * wide_, 2 * high);
    canvas.toBlob(blob => save(blob, fileName("png")), "image/png");
  };
  image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(new XMLSerializer().serializeToString(svg));
}

const leverParts = () => leversOf(state).filter(lever => own(state.l, lever)).map(lever => ({
  lever, turn: turnOf(lever), effect: Math.min(...D.positions[lever]) <= 0 ? "add" : "multiply",
}));

// A JSON text is a YAML text too.
function asYaml() {
  const text = JSON.stringify, day = edition(), base = scenario();
  const said_ = (form, of) => {
    const kept = lang, found = {};
    for (lang of ["vi", "en"]) found[lang] = fill(words()[form], { turns: [base.label[lang], turnedWords()].join("; "), area: D.area[lang], day: day.id });
    lang = kept;
    return found[of];
  };
  const both = (form, gap) => `${gap}vi: ${text(said_(form, "vi"))}\n${gap}en: ${text(said_(form, "en"))}`;
  const mine = leverParts().map(({ lever, turn: by, effect }) => [
    `- indicator: ${text(lever)}`, `  effect: ${effect}`, `  always: ${by}`, "  bold: true", `  reason:\n${both("yaml_reason", "    ")}`,
    `  source: ${text(said_("yaml_source", "en"))}`, "  quality: C", "  impact: medium"].join("\n"));
  const parts = [...base.yaml, ...mine];
  return ["name: my_scenario", `label:\n${both("yaml_label", "  ")}`, `reason:\n${both("yaml_reason", "  ")}`, `area: ${text(base.area)}`,
    `judged_on: ${base.judged}`, parts.length ? `adjustments:\n${parts.join("\n")}` : "adjustments: []", ""].join("\n");
}

function asPython() {
  const text = JSON.stringify, day = edition();
  const mine = leverParts().map(({ lever, turn: by, effect }) =>
    `sapa.scenarios.Adjustment(indicator=${text(lever)}, effect=${text(effect)}, always=${by}, bold=True)`);
  const parts = [...scenario().python, ...mine].map(part => `    ${part},\n`).join("");
  return `import sapa_analysis as sapa

project, params = ${day.open}
outcomes = sapa.assess_targets(project, params).outcomes
outcomes = {**outcomes, **sapa.forecast_area(project, params)}
mine = sapa.Scenario(name="mine", adjustments=[
${parts}])
under = sapa.apply_scenario(outcomes, mine, links=params.links)
print(under[${text(state.i)}].summary((80, 95)))
goals = sapa.pipeline.known_targets(project, params)
print(sapa.pipeline.chances(project, params, {"base": outcomes, "mine": under}, goals))
`;
}

async function copy(text, what) {
  const w = words();
  $("copied").hidden = false;
  $("text").value = text;
  $("text").rows = Math.min(14, text.split("\n").length);
  try {
    await navigator.clipboard.writeText(text);
    report(fill(w.copied, { what }));
  } catch (error) {
    $("text").focus();
    $("text").select();
    report(w.not_copied);
  }
}

async function begin() {
  if (typeof DecompressionStream === "undefined") { $("wait").textContent = words().old_browser; return; }
  try {
    D = await unpacked($("numbers-packed").textContent.trim());
  } catch (error) {
    $("wait").textContent = words().broken;
    return;
  }
  $("wait").hidden = true;
  $("play").hidden = false;
  $("indicator").addEventListener("change", event => choose({ i: event.target.value }));
  $("edition").addEventListener("change", event => choose({ e: event.target.value }));
  $("scenario").addEventListener("change", event => choose({ s: event.target.value }));
  $("reset").addEventListener("click", () => choose({ l: {} }));
  $("language").addEventListener("click", () => { lang = lang === "vi" ? "en" : "vi"; speak(); choose({}); });
  $("csv").addEventListener("click", () => save(new Blob(["\ufeff" + numbersAsCsv()], { type: "text/csv" }), fileName("csv")));
  $("png").addEventListener("click", savePicture);
  $("link").addEventListener("click", () => copy(location.href, words().link_said));
  $("yaml").addEventListener("click", () => copy(asYaml(), fill(words().yaml_saved, { file: "my_scenario.yml", folder: "build/scenarios" })));
  $("python").addEventListener("click", () => copy(asPython(), words().python_said));
  addEventListener("hashchange", () => { if (location.hash !== hint) arrive(); });
  let width = innerWidth;
  addEventListener("resize", () => { if (innerWidth !== width) { width = innerWidth; show(performance.now()); } });
  arrive();
  document.documentElement.dataset.ready = "yes";
}

begin();
