import react from "@vitejs/plugin-react";
import type { IncomingMessage } from "node:http";
import { defineConfig } from "vite";

import { firstLoad } from "./first_load.config";

const SERVICE = "http://127.0.0.1:8080";

/** What the development server itself answers: modules, and the files of `public/`. */
const OWN = /^\/(src\/|@|node_modules\/|theme-init\.js|favicon\.svg|index\.html)/;

/** Paths of the API that a browser may navigate to: downloads, and single sign-on's round trip. */
const NEVER_A_PAGE = /^\/(audit-logs|metrics|openapi\.json|sign-in\/)/;

/**
 * Pages and the API share paths (`/users`): what asks for HTML wants the page, as in production.
 */
function bypass(request: IncomingMessage): string | undefined {
  const url = request.url ?? "/";
  const wantsPage = (request.headers.accept ?? "").includes("text/html");
  const isPage = wantsPage && !NEVER_A_PAGE.test(url);
  return OWN.test(url) || isPage ? url : undefined;
}

/** Texts do nothing by being loaded, so a page loads those of its own areas only. */
const TREESHAKE = {
  moduleSideEffects: [{ test: /[\\/]src[\\/]texts[\\/]/, sideEffects: false }],
};

const EXPLORER = /[\\/]src[\\/]pages[\\/](explorer|export)[\\/]/;
const PARTS =
  /[\\/](src[\\/](parts|time|look|api|live|query|texts)|core[\\/]esm[\\/]components)[\\/]/;

/**
 * A chunk for each module that pages share would be two hundred requests, and compress badly.
 * So what the Explorer needs at first and is not its own is one, and nothing else is in it; then
 * icons are one, and small parts that several of the other pages need.
 */
function chunksOf(first: ReadonlySet<string>) {
  return [
    { name: "base", test: (id: string) => first.has(id) && !EXPLORER.test(id), priority: 3 },
    { name: "icons", test: /tabler/, minShareCount: 3, priority: 2 },
    { name: "parts", test: PARTS, minShareCount: 6, maxModuleSize: 6000, priority: 1 },
  ];
}

export default defineConfig(async ({ command }) => ({
  plugins: [react()],
  html: { cspNonce: "__CSP_NONCE__" },
  server: {
    host: "localhost",
    port: 5173,
    strictPort: true,
    // The service takes changes from pages of its own address only.
    proxy: {
      "^/.*": { target: SERVICE, changeOrigin: true, headers: { Origin: SERVICE }, bypass },
    },
  },
  build: {
    // What Vite would rewrite for older browsers breaks `light-dark()`: colours would vanish.
    target: ["chrome123", "firefox120", "safari17.5"],
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    modulePreload: { polyfill: false },
    // Fonts or images within style sheets would need `data:` in the content policy.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: {
      treeshake: TREESHAKE,
      output: {
        codeSplitting: {
          groups:
            command === "build" ? chunksOf(await firstLoad(import.meta.dirname, TREESHAKE)) : [],
        },
      },
    },
  },
}));
