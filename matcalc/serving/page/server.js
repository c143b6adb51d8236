"use strict";
// The engine of `matcalc serve`: the process that this page comes from.

async function ask(task, args) {
  try {
    const reply = await fetch("ask", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ task, arguments: args }) });
    return await reply.json();
  } catch {
    return { ok: false, error: "the engine does not answer: is matcalc serve still running?" };
  }
}
