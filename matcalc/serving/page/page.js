"use strict";
// What is typed goes to the engine (`ask`, of engine.js), what comes back is shown.

const EXAMPLES = ["tr(X^T A X)", "||A x - b||^2", "d/dS (logdet(S) - tr(S A)) where S: spd(n)", "log(sum(exp(A x)))", "\\frac{1}{n} \\sum_i \\log(1 + e^{-y_i w^\\top x_i})"];
// The fields of the input, and their names in a link.
const FIELDS = { expr: "e", wrt: "w", order: "o", where: "d", claim: "c" };
let asked = 0;
let latest = null;

function input() {
  const order = Number($("order").value);
  const args = { expression: $("expr").value, wrt: $("wrt").value.split(/[\s,]+/).filter(Boolean) };
  if (order > 1) args.order = order;
  if ($("where").value.trim()) args.where = $("where").value;
  return args;
}

// The same with the variable that was chosen, where none was typed.
function chosen() {
  const args = input();
  if (!args.wrt.length && latest) args.wrt = latest.wrt.slice(0, 1);
  return args;
}

function checked(report) {
  if (!report.ok) return `not verified: ${report.problem || "the derivative and differences disagree"}`;
  return `verified at ${report.trials} random points by ${report.method}, relative error ${report.error.toExponential(1)}`;
}

// Each name: a button that differentiates by it, and its kind among those that it may have instead.
function named(value) {
  $("names").replaceChildren(...Object.entries(value.where).map(([name, kind]) => {
    const by = made("button", { type: "button", textContent: name, title: `differentiate by ${name}`, onclick: () => { $("wrt").value = name; update(); } });
    by.setAttribute("aria-pressed", String(value.wrt.includes(name)));
    const choice = made("select", { onchange: () => { redeclare(name, kind, choice.value); } }, ...kinds(kind).map((k) => made("option", { textContent: k })));
    choice.setAttribute("aria-label", `kind of ${name}`);
    return made("li", {}, by, ": ", choice, value.inferred.includes(name) ? " (inferred)" : "");
  }));
}

// What the expression itself declares is changed there, anything else in the field beside it.
function redeclare(name, before, after) {
  const place = $("expr").value.search(/\bwhere\b/);
  const own = place < 0 ? [] : declarations($("expr").value.slice(place + 5));
  const at = own.findIndex((part) => part.split(":")[0].trim() === name);
  if (at < 0) $("where").value = declared($("where").value, name, after);
  else $("expr").value = $("expr").value.slice(0, place + 5) + " " + own.map((part, k) => (k === at ? `${name}: ${after}` : part)).join(", ");
  update();
}

function show(value) {
  latest = value;
  formula($("read"), value.mathml.expr);
  formula($("derivative"), value.mathml.derivative);
  named(value);
  list($("notes"), value.notes.map((note) => `note: ${note.text}`));
  $("h-derivative").textContent = `${value.derivative.name[0].toUpperCase()}${value.derivative.name.slice(1)} by ${value.wrt.join(", ")}`;
  $("text").textContent = value.derivative.text;
  $("differential").textContent = value.differential;
  $("conditions").textContent = [value.sign, value.conditions.length ? `holds if ${value.conditions.join("; ")}` : ""].filter(Boolean).join("; ");
  verdict($("check"), value.check.ok, checked(value.check));
  $("verdict").textContent = "";
}

// What mends an error, by a click: another text, or the variable that is to be named.
function offered(found) {
  const offer = (text, field) => made("button", { type: "button", textContent: text, onclick: () => { $(field).value = text; update(); } });
  const fixed = (found.fixed || []).map((text) => offer(text, "expr"));
  const variables = (found.variables || []).map((name) => offer(name, "wrt"));
  $("offers").replaceChildren(...(fixed.length ? ["Did you mean ", ...fixed] : []), ...(variables.length ? ["By ", ...variables] : []));
}

function remember() {
  const given = Object.entries(FIELDS).filter(([id]) => $(id).value && !(id === "order" && $(id).value === "1"));
  history.replaceState(null, "", "#" + encodeURIComponent(JSON.stringify(Object.fromEntries(given.map(([id, key]) => [key, $(id).value])))));
}

async function update() {
  const number = ++asked;
  const args = input();
  remember();
  if (!args.expression.trim()) { $("answer").hidden = $("error").hidden = true; $("status").textContent = ""; return; }
  $("status").textContent = "deriving …";
  const found = await ask("shown", args);
  if (number !== asked) return;
  $("status").textContent = "";
  $("error").hidden = found.ok;
  $("answer").hidden = !found.ok;
  $("expr").setAttribute("aria-invalid", String(!found.ok));
  offered(found);
  if (!found.ok) { marked($("error"), found.error); return; }
  show(found.value);
  for (const id of Object.keys(PARTS)) if ($(id).open) PARTS[id]();
}

// The answer for a part of the page, or null where another one was asked for meanwhile.
const turns = {};
async function answered(part, task, args) {
  const turn = (turns[part] = (turns[part] || 0) + 1);
  const found = await ask(task, args);
  return turn === turns[part] ? found : null;
}

// What is asked for when its part of the page is opened.
const PARTS = {
  async taylor() {
    const found = await answered("taylor", "taylor", input());
    if (!found) return;
    if (!found.ok) { $("curves").toggleAttribute("hidden", true); $("slopes").textContent = found.error; return; }
    picture($("curves"), found.value.curves, (latest ? latest.order : 1) + 1, found.value.verdict);
    $("slopes").textContent = found.value.verdict;
  },
  async curvature() {
    const { order, ...args } = chosen();
    const found = await answered("curvature", "curvature", args);
    if (!found) return;
    $("certificate").textContent = found.ok ? found.value.text : found.error;
  },
  async solve() {
    const { order, ...args } = chosen();
    const constraints = $("constraints").value.split(";").map((s) => s.trim()).filter(Boolean);
    if (constraints.length) args.subject_to = constraints;
    const found = await answered("solve", "solve", args);
    if (!found) return;
    const value = found.ok ? found.value : { mathml: {} };
    $("roots").replaceChildren(...Object.entries(value.mathml).map(([name, lines]) => equation(name, lines)));
    if (!found.ok) { $("solution").textContent = found.error; return; }
    const told = [value.text, value.kind && `the ${value.kind}: ${value.reason}`, value.newton && `Newton: ${value.newton}`, value.conditions.length && `holds if ${value.conditions.join("; ")}`, ...Object.entries(value.otherwise).map(([n, v]) => `else ${n} = ${v}`), value.lagrangian && `Lagrangian: ${value.lagrangian}`, value.check, ...value.notes.map((n) => `note: ${n.text}`)];
    $("solution").textContent = told.filter(Boolean).join("\n");
  },
  async steps() {
    const found = await answered("steps", "explain", input());
    if (!found) return;
    $("derivation").textContent = found.ok ? found.value.text : found.error;
  },
  async program() {
    const found = await answered("program", "code", { ...chosen(), target: $("target").value });
    if (!found) return;
    $("code").textContent = found.ok ? found.value.code : found.error;
  },
};

async function verify() {
  remember();
  const found = await ask("check_claim", { ...chosen(), claim: $("claim").value });
  if (!found.ok) return verdict($("verdict"), false, found.error);
  const report = found.value;
  verdict($("verdict"), report.ok, [report.ok ? "verified" : "refuted", report.diagnosis].filter(Boolean).join(": "));
}

function copier(button, text) {
  $(button).addEventListener("click", async () => {
    await navigator.clipboard.writeText(text());
    $("status").textContent = "copied";
  });
}

function onEnter(id, act) {
  $(id).addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); act(); } });
}

let waiting = 0;
for (const id of ["expr", "wrt", "order", "where"]) {
  $(id).addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(update, 250); });
}
$("form").addEventListener("submit", (event) => { event.preventDefault(); update(); });
$("expr").addEventListener("keydown", (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) update(); });
for (const id of Object.keys(PARTS)) $(id).addEventListener("toggle", () => { if ($(id).open) PARTS[id](); });
$("target").addEventListener("change", PARTS.program);
$("verify").addEventListener("click", verify);
for (const id of ["wrt", "where"]) onEnter(id, update);
onEnter("claim", verify);
$("find").addEventListener("click", PARTS.solve);
onEnter("constraints", PARTS.solve);
copier("copy-text", () => latest.derivative.text);
copier("copy-latex", () => latest.derivative.latex);
copier("copy-code", () => $("code").textContent);
copier("copy-link", () => location.href);
for (const example of EXAMPLES) {
  $("examples").append(made("button", { type: "button", textContent: example, onclick: () => { $("expr").value = example; $("wrt").value = $("where").value = $("claim").value = ""; $("order").value = "1"; update(); } }));
}

function restore() {
  try {
    const given = JSON.parse(decodeURIComponent(location.hash.slice(1)));
    for (const [id, key] of Object.entries(FIELDS)) if (typeof given[key] === "string") $(id).value = given[key];
    if (!$("order").value) $("order").value = "1";
  } catch { $("expr").value = EXAMPLES[0]; }
}

restore();
update();
