// node compiled.mjs PYODIDE PROGRAM.zip PROGRAM.tar: the modules as the Python of the page has them once it has read them.
// They load five times as fast so. What is not needed there is left out: places in the text, and the explanations of others.

import fs from "node:fs";

const [, , pyodide, program, target] = process.argv;
const { loadPyodide } = await import(`${pyodide}/pyodide.mjs`);
const python = await loadPyodide({ indexURL: `${pyodide}/` });
python.unpackArchive(new Uint8Array(fs.readFileSync(program)).buffer, "zip", { extractDir: "/program" });
python.runPython(`
import importlib._bootstrap_external, io, pathlib, tarfile, types

def bare(code):
    inside = (bare(c) if isinstance(c, types.CodeType) else c for c in code.co_consts)
    return code.replace(co_linetable=b"", co_consts=tuple(inside))

def compiled(name, text):
    code = compile(text, name, "exec", dont_inherit=True, optimize=0 if name.startswith("matcalc") else 2)
    return importlib._bootstrap_external._code_to_hash_pyc(bare(code), bytes(8), False)

root = pathlib.Path("/program")
with tarfile.open("/program.tar", "w") as packed:
    for file in sorted(p for p in root.rglob("*") if p.is_file()):
        name, data = str(file.relative_to(root)), file.read_bytes()
        if name.endswith(".py"):
            name, data = name + "c", compiled(name, data)
        entry = tarfile.TarInfo(name)
        entry.size = len(data)
        packed.addfile(entry, io.BytesIO(data))
`);
fs.writeFileSync(target, python.FS.readFile("/program.tar"));
