// Python, matcalc and what it needs, in a thread of its own; a question is a task with arguments, as of `matcalc serve`.

import { loadPyodide } from "./pyodide.mjs";

const PROGRAM = `
from matcalc.serving.plain import installed
installed()
import json
from matcalc.serving.tasks import answer

def asked(task, arguments):
    return json.dumps(answer(task, json.loads(arguments)))

asked
`;

async function loaded() {
  const python = await loadPyodide({ indexURL: new URL("./", import.meta.url).href });
  const program = await fetch("program.zip");
  if (!program.ok) throw new Error("program.zip is missing");
  python.unpackArchive(await program.arrayBuffer(), "zip", { extractDir: "/program" });
  return python.runPython(`import sys; sys.path.insert(0, "/program")\n${PROGRAM}`);
}

const ready = loaded();
ready.then(() => postMessage({ ready: true }), (error) => postMessage({ failed: String(error).slice(-2000) }));

onmessage = async ({ data }) => {
  const asked = await ready;
  let answer;
  try {
    answer = asked(data.task, data.arguments);
  } catch (error) {
    answer = JSON.stringify({ ok: false, error: `error: no answer: ${String(error).trim().split("\n").pop().slice(0, 300)}` });
  }
  postMessage({ answer });
};
