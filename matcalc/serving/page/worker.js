// Python, matcalc and what it needs, in a thread of its own; a question is a task with arguments, as of `matcalc serve`.

import { loadPyodide } from "./pyodide.mjs";

const PROGRAM = `
import sys, tarfile
with tarfile.open("/program.tar.xz") as packed:
    packed.extractall("/program", filter="data")
sys.path.insert(0, "/program")
from matcalc.serving.plain import installed
installed()
import json
from matcalc.serving.tasks import answer

def asked(task, arguments):
    return json.dumps(answer(task, json.loads(arguments)))

asked
`;

async function loaded() {
  const fetched = fetch("program.tar.xz");
  const python = await loadPyodide({ indexURL: new URL("./", import.meta.url).href });
  const program = await fetched;
  if (!program.ok) throw new Error("program.tar.xz is missing");
  python.FS.writeFile("/program.tar.xz", new Uint8Array(await program.arrayBuffer()));
  return python.runPython(PROGRAM);
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
