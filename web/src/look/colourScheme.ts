import { localStorageColorSchemeManager } from "@mantine/core";

/** Where the browser keeps the theme; `public/theme-init.js` reads the same before first paint. */
export const colourScheme = localStorageColorSchemeManager({ key: "trailkeeper.theme" });
