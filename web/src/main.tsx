import "@mantine/core/styles.layer.css";
import "./styles/global.css";

import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { setNonce } from "get-nonce";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { queryClient } from "./api/queryClient";
import { colourScheme } from "./look/colourScheme";
import { cssVariables, theme } from "./look/theme";
import { router } from "./router";
import { NoticesLater } from "./shell/NoticesLater";
import { reloadOnceWhenOutdated } from "./shell/outdated";

/** The server writes it into the document anew with each page; the content policy asks for it. */
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";
// Mantine's own style tags, and those with which dialogs keep the page from scrolling.
setNonce(nonce);
reloadOnceWhenOutdated();

const root = document.getElementById("root");
if (root === null) {
  throw new Error("The document has no element with the id root.");
}
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        colorSchemeManager={colourScheme}
        defaultColorScheme="auto"
        getStyleNonce={() => nonce}
      >
        <RouterProvider router={router} />
        <NoticesLater router={router} />
      </MantineProvider>
    </QueryClientProvider>
  </StrictMode>,
);
