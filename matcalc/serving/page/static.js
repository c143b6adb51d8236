"use strict";
// The engine of the static page: Python in a worker, beside this file. Nothing is asked of anybody else.

const ask = (() => {
  // So many seconds may an answer take; a page that embeds this one may say otherwise: <html data-seconds="20">.
  const seconds = () => Number(document.documentElement.dataset.seconds || 60);
  let engine = null;
  let waiting = [];
  let current = null;
  let timer = 0;
  let broken = "";

  function started() {
    const worker = new Worker("worker.js", { type: "module" });
    worker.onmessage = ({ data }) => {
      document.getElementById("loading").textContent = "";
      if (data.ready) { worker.ready = true; next(); return; }
      if (data.failed) { broken = `error: the engine does not start: ${data.failed}`; next(); return; }
      settle(JSON.parse(data.answer));
    };
    worker.onerror = () => {
      if (worker.ready) restart("the engine stopped: the computation took too much memory");
      else { broken = "error: the engine does not start: a file of it is missing"; next(); }
    };
    document.getElementById("loading").textContent = "loading the engine: Python and matcalc, once …";
    return worker;
  }

  function restart(reason) {
    engine.terminate();
    engine = started();
    settle({ ok: false, error: `error: ${reason}` });
  }

  function settle(answer) {
    clearTimeout(timer);
    const asked = current;
    current = null;
    if (asked) asked.resolve(answer);
    next();
  }

  // One question at a time, and a time limit for each.
  function next() {
    if (broken) for (const question of waiting.splice(0)) question.resolve({ ok: false, error: broken });
    if (current || !engine.ready || !waiting.length) return;
    current = waiting.shift();
    timer = setTimeout(() => restart(`the answer takes longer than ${seconds()} seconds`), 1000 * seconds());
    engine.postMessage({ task: current.task, arguments: JSON.stringify(current.args) });
  }

  engine = started();

  // What is shown while typing is asked for once: the last text.
  return function ask(task, args) {
    for (const old of waiting.filter((question) => question.task === task)) old.resolve({ ok: false, error: "asked again" });
    waiting = waiting.filter((question) => question.task !== task);
    return new Promise((resolve) => {
      waiting.push({ task, args, resolve });
      next();
    });
  };
})();
