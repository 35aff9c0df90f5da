import react from "@vitejs/plugin-react";
import { join } from "node:path";
import { build, type InlineConfig, type Rolldown } from "vite";

/** What the browser loads before the Explorer's rows, facets and chart can be seen. */
const ENTRIES = ["src/main.tsx", "src/pages/explorer/ExplorerPage.tsx"];

type Made = Rolldown.RolldownOutput;

function chunksOf(made: Made | Made[]): Map<string, Rolldown.OutputChunk> {
  const files = (Array.isArray(made) ? made : [made]).flatMap(({ output }) => output);
  return new Map(files.flatMap((file) => (file.type === "chunk" ? [[file.fileName, file]] : [])));
}

/**
 * Ids of the modules of the Explorer's first load: those of which something is left in the chunks
 * that its entries import, and those that these import. Found by building just that, unminified
 * and for nobody, since only a bundler knows what is left of a module that re-exports others.
 */
export async function firstLoad(root: string, treeshake: Rolldown.TreeshakingOptions) {
  const config: InlineConfig = {
    root,
    configFile: false,
    logLevel: "error",
    plugins: [react()],
    publicDir: false,
    build: {
      write: false,
      minify: false,
      reportCompressedSize: false,
      rolldownOptions: { input: ENTRIES.map((path) => join(root, path)), treeshake },
    },
  };
  const chunks = chunksOf((await build(config)) as Made | Made[]);
  const wanted = new Set([...chunks.values()].filter((chunk) => chunk.isEntry));
  for (const chunk of wanted) {
    for (const name of chunk.imports) {
      const imported = chunks.get(name);
      if (imported !== undefined) {
        wanted.add(imported);
      }
    }
  }
  return new Set([...wanted].flatMap((chunk) => chunk.moduleIds));
}
