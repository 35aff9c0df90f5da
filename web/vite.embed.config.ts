import { defineConfig } from "vite";

/** The web component that other products load: one file, without anything of the console's. */
export default defineConfig({
  publicDir: false,
  build: {
    outDir: "dist/embed",
    emptyOutDir: false,
    target: ["chrome123", "firefox120", "safari17.5"],
    reportCompressedSize: false,
    lib: {
      entry: "src/embed/index.ts",
      formats: ["es"],
      fileName: () => "trailkeeper-activity.js",
    },
  },
});
