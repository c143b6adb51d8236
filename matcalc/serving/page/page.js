"use strict";
// What is typed goes to the engine, what comes back is shown as text; formulas are MathML, taken over element by element.

const EXAMPLES = ["tr(X^T A X)", "||A x - b||^2", "logdet(S) - tr(S A) where S: spd(n)", "log(sum(exp(A x)))", "\\frac{1}{n} \\sum_i \\log(1 + e^{-y_i w^\\top x_i})"];
const MATHML = "http://www.w3.org/1998/Math/MathML";
const $ = (id) => document.getElementById(id);
let asked = 0;
let latest = null;

async function ask(task, args) {
  const reply = await fetch("ask", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ task, arguments: args }) });
  return reply.json();
}

function input() {
  const order = Number($("order").value);
  const args = { expression: $("expr").value, wrt: $("wrt").value.split(/[\s,]+/).filter(Boolean) };
  if (order > 1) args.order = order;
  if ($("where").value.trim()) args.where = $("where").value;
  return args;
}

// Elements of MathML and their text alone; attributes are those of layout.
function adopted(node) {
  if (node.nodeType === Node.TEXT_NODE) return document.createTextNode(node.data);
  if (node.nodeType !== Node.ELEMENT_NODE || node.namespaceURI !== MATHML) return document.createTextNode("");
  const made = document.createElementNS(MATHML, node.localName);
  for (const a of node.attributes) if (/^(form|stretchy|fence|separator|columnalign|linethickness|mathvariant|lspace|rspace|width|accent)$/.test(a.name)) made.setAttribute(a.name, a.value);
  made.append(...[...node.childNodes].map(adopted));
  return made;
}

function formula(place, lines) {
  place.replaceChildren(...lines.map((line) => {
    const parsed = new DOMParser().parseFromString(`<math xmlns="${MATHML}" display="block">${line.replace(/ style="[^"]*"/g, "")}</math>`, "application/xml");
    const math = adopted(parsed.documentElement);
    math.setAttribute("display", "block");
    return math;
  }));
}

function list(place, texts) {
  place.replaceChildren(...texts.map((text) => { const item = document.createElement("li"); item.textContent = text; return item; }));
}

function verdict(place, good, text) {
  place.textContent = text;
  place.className = good ? "good" : "bad";
}

function checked(report) {
  if (!report.ok) return `not verified: ${report.problem || "the derivative and differences disagree"}`;
  return `verified at ${report.trials} random points by ${report.method}, relative error ${report.error.toExponential(1)}`;
}

function show(value) {
  latest = value;
  formula($("read"), value.mathml.expr);
  formula($("derivative"), value.mathml.derivative);
  list($("names"), Object.entries(value.where).map(([name, kind]) => `${name}: ${kind}${value.inferred.includes(name) ? " (inferred)" : ""}`));
  list($("notes"), value.notes.map((note) => `note: ${note.text}`));
  $("h-derivative").textContent = `${value.derivative.name[0].toUpperCase()}${value.derivative.name.slice(1)} by ${value.wrt.join(", ")}`;
  $("text").textContent = value.derivative.text;
  $("differential").textContent = value.differential;
  $("conditions").textContent = value.conditions.length ? `holds if ${value.conditions.join("; ")}` : "";
  verdict($("check"), value.check.ok, checked(value.check));
  $("verdict").textContent = "";
}

async function update() {
  const number = ++asked;
  const args = input();
  history.replaceState(null, "", "#" + encodeURIComponent(JSON.stringify({ e: args.expression, w: $("wrt").value, o: $("order").value, d: $("where").value })));
  if (!args.expression.trim()) { $("answer").hidden = $("error").hidden = true; $("status").textContent = ""; return; }
  $("status").textContent = "deriving …";
  let found;
  try { found = await ask("shown", args); } catch { found = { ok: false, error: "the engine does not answer: is matcalc serve still running?" }; }
  if (number !== asked) return;
  $("status").textContent = "";
  $("error").hidden = found.ok;
  $("answer").hidden = !found.ok;
  if (!found.ok) { $("error").textContent = found.error; return; }
  show(found.value);
  if ($("steps").open) steps();
  if ($("program").open) program();
}

async function steps() {
  const found = await ask("explain", input());
  $("derivation").textContent = found.ok ? found.value.text : found.error;
}

async function program() {
  const args = input();
  if (!args.wrt.length) args.wrt = latest.wrt.slice(0, 1);
  const found = await ask("code", { ...args, target: $("target").value });
  $("code").textContent = found.ok ? found.value.code : found.error;
}

async function verify() {
  const args = input();
  if (!args.wrt.length) args.wrt = latest.wrt.slice(0, 1);
  const found = await ask("check_claim", { ...args, claim: $("claim").value });
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

let waiting = 0;
for (const id of ["expr", "wrt", "order", "where"]) {
  $(id).addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(update, 250); });
}
$("form").addEventListener("submit", (event) => { event.preventDefault(); update(); });
$("steps").addEventListener("toggle", () => { if ($("steps").open) steps(); });
$("program").addEventListener("toggle", () => { if ($("program").open) program(); });
$("target").addEventListener("change", program);
$("verify").addEventListener("click", verify);
$("claim").addEventListener("keydown", (event) => { if (event.key === "Enter") verify(); });
copier("copy-text", () => latest.derivative.text);
copier("copy-latex", () => latest.derivative.latex);
copier("copy-code", () => $("code").textContent);
for (const example of EXAMPLES) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = example;
  button.addEventListener("click", () => { $("expr").value = example; $("wrt").value = $("where").value = ""; $("order").value = "1"; update(); });
  $("examples").append(button);
}
try {
  const given = JSON.parse(decodeURIComponent(location.hash.slice(1)));
  for (const [id, key] of [["expr", "e"], ["wrt", "w"], ["order", "o"], ["where", "d"]]) if (typeof given[key] === "string") $(id).value = given[key];
} catch { $("expr").value = EXAMPLES[0]; }
update();
