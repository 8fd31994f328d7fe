// Runs scripts of xlwings Lite in Pyodide under node: node run.mjs FOLDER-OF-PYODIDE JOB.json
//
// The job names the Python packages (folders of this machine), what stands in the script pane (main), the workbook as
// xlwings Lite sends it, the formulas of its sheets, and the scripts to run, each on that workbook and as Lite calls it.
// Stands in for the task pane: the calls of xlwings Lite's JavaScript, the sheet protection of Office.js, and a page on
// which links are clicked. The result goes to job.result.

import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [folder, jobFile] = process.argv.slice(2);
const job = JSON.parse(fs.readFileSync(jobFile, "utf-8"));

const cellsOf = (address) => {
  const places = address.replaceAll("$", "").split(":").map((cell) => {
    const [, letters, row] = cell.match(/^([A-Z]+)(\d+)$/);
    return [Number(row), [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0)];
  });
  return [places[0], places.at(-1)];
};

let done;

globalThis.xlwings = {
  getRangeData: async (sheet, address) => {
    const [[top, left], [bottom, right]] = cellsOf(address);
    const rows = [];
    for (let row = top; row <= bottom; row++) {
      const cells = job.formulas[sheet][row - 1] ?? [];
      rows.push(Array.from({ length: right - left + 1 }, (_, at) => cells[left - 1 + at] ?? ""));
    }
    return { formulas: rows, row_hidden: false };
  },
  runActions: async ({ actions }) => done.events.push(...actions),
};

const worksheets = (open) => ({
  load() {},
  get items() {
    const protectedNow = (name) => !open.has(name) && job.protected.includes(name);
    return job.sheets.map((name) => ({ name, protection: { protected: protectedNow(name), options: { allowInsertRows: true } } }));
  },
  getItem: (name) => ({
    protection: {
      unprotect: () => {
        if (job.passwords.includes(name)) throw new Error("AccessDenied");
        open.add(name);
        done.events.push({ func: "unprotect", sheet: name });
      },
      protect: (options) => {
        open.delete(name);
        done.events.push({ func: "protect", sheet: name, options });
      },
    },
  }),
});
const open = new Set();
globalThis.Excel = {
  run: async (batch) => batch({ workbook: { worksheets: worksheets(open) }, sync: async () => {} }),
};

const clicked = [];
globalThis.document = {
  createElement: () => ({
    click() {
      clicked.push({ name: this.download, blob: blobs.get(this.href) });
    },
  }),
};
const blobs = new Map();
URL.createObjectURL = (blob) => {
  const url = `blob:${blobs.size}`;
  blobs.set(url, blob);
  return url;
};
URL.revokeObjectURL = () => {};

const { loadPyodide } = await import(pathToFileURL(path.join(folder, "pyodide.mjs")));
const env = { HOME: "/home/pyodide", XLWINGS_LICENSE_KEY: "noncommercial", XLWINGS_ON_SERVER: "true" };
const pyodide = await loadPyodide({ env });
for (const [name, source] of Object.entries(job.packages)) {
  pyodide.FS.mkdirTree(`/site/${name}`);
  pyodide.mountNodeFS(`/site/${name}`, source);
}
pyodide.globals.set("workbook", JSON.stringify(job.workbook));
pyodide.globals.set("script_pane", job.main);
await pyodide.runPythonAsync(`
import json, sys, types
sys.path.insert(0, "/site")
sys.dont_write_bytecode = True
import xlwings, xlwings.server
from xlwings.pro.udfs_officejs import custom_functions_meta, custom_scripts_meta

main = types.ModuleType("main")
exec(script_pane, main.__dict__)
offered = json.dumps([
    [script["function_name"] for script in custom_scripts_meta(main)],
    [function["id"] for function in custom_functions_meta(main)["functions"]],
])

async def press(script):
    book = xlwings.Book(json={**json.loads(workbook), "version": xlwings.__version__})
    book = await xlwings.server.custom_scripts_call(main, script, typehint_to_value={xlwings.Book: book})
    return json.dumps(book.json()["actions"], default=str)
`);
const press = pyodide.globals.get("press");
const results = [];
for (const script of job.scripts) {
  done = { script, events: [], downloads: {} };
  clicked.length = 0;
  const rest = JSON.parse(await press(script));
  done.events.push(...rest);
  for (const { name, blob } of clicked) {
    done.downloads[name] = Buffer.from(await blob.arrayBuffer()).toString("base64");
  }
  results.push(done);
}
const offered = pyodide.globals.get("offered");
const heavy = pyodide.runPython(`", ".join(sorted({"numpy", "pandas", "sqlite3"} & set(sys.modules)))`);
fs.writeFileSync(job.result, JSON.stringify({ python: pyodide.runPython("sys.version.split()[0]"), pyodide: pyodide.version, heavy, offered: JSON.parse(offered), results }));
