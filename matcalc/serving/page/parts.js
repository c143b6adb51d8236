"use strict";
// What is put into the page: text as text, formulas element by element. No string ever becomes HTML.

const MATHML = "http://www.w3.org/1998/Math/MathML";
const SVG = "http://www.w3.org/2000/svg";
const LAYOUT = /^(form|stretchy|fence|separator|columnalign|linethickness|mathvariant|lspace|rspace|width|accent)$/;
const $ = (id) => document.getElementById(id);

function made(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

// Elements of MathML and their text alone; attributes are those of layout.
function adopted(node) {
  if (node.nodeType === Node.TEXT_NODE) return document.createTextNode(node.data);
  if (node.nodeType !== Node.ELEMENT_NODE || node.namespaceURI !== MATHML) return document.createTextNode("");
  const element = document.createElementNS(MATHML, node.localName);
  if (node.getAttribute("class") === "bold") element.setAttribute("class", "bold");
  for (const a of node.attributes) if (LAYOUT.test(a.name)) element.setAttribute(a.name, a.value);
  element.append(...[...node.childNodes].map(adopted));
  return element;
}

function formula(place, lines) {
  place.replaceChildren(...lines.map((line) => {
    const parsed = new DOMParser().parseFromString(`<math xmlns="${MATHML}" display="block">${line.replace(/ style="font-weight:bold"/g, ' class="bold"').replace(/ style="[^"]*"/g, "")}</math>`, "application/xml");
    const math = adopted(parsed.documentElement);
    math.setAttribute("display", "block");
    return math;
  }));
}

// name = formula
function equation(name, lines) {
  const line = made("div", { className: "math" });
  formula(line, lines);
  const [left, equals] = ["mi", "mo"].map((tag) => document.createElementNS(MATHML, tag));
  [left.textContent, equals.textContent] = [name, "="];
  line.querySelector("math").prepend(left, equals);
  return line;
}

function list(place, texts) {
  place.replaceChildren(...texts.map((text) => made("li", { textContent: text })));
}

function verdict(place, good, text) {
  place.textContent = text;
  place.className = good ? "good" : "bad";
}

// The text with the place that its error names marked: the caret's line says which columns.
function marked(place, error) {
  const lines = error.split("\n");
  const caret = lines.findIndex((line, k) => k > 0 && /^ *[~^ ]*\^[~^ ]*$/.test(line));
  if (caret < 0) return place.replaceChildren(error);
  const from = lines[caret].indexOf("^");
  const to = lines[caret].lastIndexOf("^") + 1;
  const text = lines[caret - 1];
  const rest = lines.slice(caret).join("\n");
  place.replaceChildren([...lines.slice(0, caret - 1), ""].join("\n"), text.slice(0, from), made("mark", { textContent: text.slice(from, to) || " " }), text.slice(to) + "\n" + rest);
}

function drawn(tag, attributes, text) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

// Remainder against step on logarithmic axes, and a dashed line of the slope that a right derivative has.
function picture(place, curves, slope, said) {
  const logs = curves.map((c) => c.points.map(([h, r]) => [Math.log10(h), Math.log10(r)]));
  const all = logs.flat();
  const label = curves.map((c, k) => `trial ${k + 1}: ${c.slope === null ? "no remainder" : "slope " + c.slope.toFixed(2)}`);
  place.replaceChildren();
  place.setAttribute("aria-label", `${said}. ${label.join(", ")}`);
  place.toggleAttribute("hidden", !all.length);
  if (!all.length) return;
  const [left, right] = [Math.min(...all.map((p) => p[0])), Math.max(...all.map((p) => p[0]))];
  const [low, high] = [Math.min(...all.map((p) => p[1])), Math.max(...all.map((p) => p[1])) + 0.5];
  const x = (h) => 46 + 300 * (h - left) / (right - left || 1);
  const y = (r) => 186 - 172 * (r - low) / (high - low || 1);
  for (let k = Math.ceil(left); k <= right; k += 2) place.append(drawn("text", { x: x(k), y: 202, "text-anchor": "middle" }, `1e${k}`));
  for (let k = Math.ceil(low); k <= high; k += 4) {
    place.append(drawn("line", { x1: 46, x2: 346, y1: y(k), y2: y(k), class: "grid" }), drawn("text", { x: 42, y: y(k) + 4, "text-anchor": "end" }, `1e${k}`));
  }
  const top = Math.max(...logs.filter((c) => c.length).map((c) => c[0][1])) + 0.3;
  const until = Math.max(left, right - (top - low) / slope);
  place.append(drawn("line", { x1: x(right), y1: y(top), x2: x(until), y2: y(top - slope * (right - until)), class: "slope" }));
  logs.forEach((points, k) => place.append(drawn("polyline", { points: points.map(([h, r]) => `${x(h).toFixed(1)},${y(r).toFixed(1)}`).join(" "), class: `curve trial${k % 3}` })));
  place.append(drawn("text", { x: 196, y: 216, "text-anchor": "middle" }, "step"), drawn("text", { x: 52, y: 24 }, `dashed: slope ${slope}`));
}

// The kinds that a name may be given instead, with the sizes that it has.
const SQUARE = ["symmetric", "spd", "psd", "skew", "diagonal", "lower", "upper", "orthogonal", "invertible", "hermitian", "hpd", "skewhermitian", "unitary"];
function kinds(kind) {
  const [, base, inside] = /^([a-z ]+?)(?:\((.*)\))?$/.exec(kind) || [];
  if (!["scalar", "vector", "matrix", "complex scalar", "complex vector", "complex matrix", ...SQUARE].includes(base)) return [kind];
  const sizes = (inside || "").split(",").map((s) => s.trim()).filter((s) => s && !/^(positive|integer|nonnegative)$/.test(s));
  const n = sizes[0] || "n";
  const plain = ["scalar", `vector(${n})`, `matrix(${n}, ${sizes[1] || (/vector|scalar/.test(base) ? "k" : n)})`];
  const others = [...plain, "scalar(positive)", `vector(${n}, positive)`, ...SQUARE.map((k) => `${k}(${n})`), ...plain.map((k) => `complex ${k}`)];
  return [kind, ...others.filter((k) => k !== kind)];
}

// The declarations of a text, apart at the commas outside of brackets.
function declarations(text) {
  const parts = [];
  let depth = 0, start = 0;
  for (let k = 0; k < text.length; k++) {
    depth += "([".includes(text[k]) - ")]".includes(text[k]);
    if (text[k] === "," && depth === 0 && /^[^,()]*:/.test(text.slice(k + 1, k + 80))) { parts.push(text.slice(start, k).trim()); start = k + 1; }
  }
  return [...parts, text.slice(start).trim()].filter(Boolean);
}

// The text of the declarations with one more, or another kind in place of the one before.
function declared(text, name, kind) {
  const others = declarations(text).filter((part) => part.split(":")[0].trim() !== name);
  return [...others, `${name}: ${kind}`].join(", ");
}
