import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

import { t } from "../texts";

const iris: MantineColorsTuple = [
  "#eff1ff",
  "#dfe2fe",
  "#bdc3fc",
  "#9aa2f9",
  "#8189f6",
  "#6a71ec",
  "#595fe0",
  "#4b4fd0",
  "#4044b8",
  "#2f3389",
];

// Greys with a little blue. `dark.7` is the page, `dark.6` what lies on it.
const dark: MantineColorsTuple = [
  "#dadde4",
  "#b5bac6",
  "#9aa1b0",
  "#6c7383",
  "#3b404c",
  "#2b2f38",
  "#1f2229",
  "#16181d",
  "#101217",
  "#0b0c10",
];

const SANS = [
  "Inter",
  "system-ui",
  "-apple-system",
  '"Segoe UI"',
  "Roboto",
  '"Noto Sans"',
  '"DejaVu Sans"',
  "sans-serif",
].join(", ");
const MONO = [
  '"JetBrains Mono"',
  "ui-monospace",
  "SFMono-Regular",
  "Menlo",
  "Consolas",
  '"DejaVu Sans Mono"',
  "monospace",
].join(", ");

/** What Mantine's components look like. Shade 8 because lighter ones fail AA under white text. */
export const theme = createTheme({
  primaryColor: "iris",
  primaryShade: { light: 8, dark: 8 },
  colors: { iris, dark },
  autoContrast: false,
  fontFamily: SANS,
  fontFamilyMonospace: MONO,
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "16px", xl: "18px" },
  lineHeights: { xs: "1.4", sm: "1.45", md: "1.5", lg: "1.5", xl: "1.5" },
  spacing: { xs: "8px", sm: "12px", md: "16px", lg: "24px", xl: "32px" },
  radius: { xs: "3px", sm: "6px", md: "8px", lg: "12px", xl: "20px" },
  defaultRadius: "sm",
  headings: {
    fontWeight: "600",
    sizes: {
      h1: { fontSize: "20px", lineHeight: "28px" },
      h2: { fontSize: "15px", lineHeight: "22px" },
      h3: { fontSize: "14px", lineHeight: "20px" },
    },
  },
  focusRing: "auto",
  cursorType: "pointer",
  respectReducedMotion: true,
  // By name, not by `Tooltip.extend`: that would load dialogs with the first page.
  components: {
    // Else a focusable element stands in the menu that is no item of it.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 300 } },
    Drawer: { defaultProps: { closeButtonProps: { "aria-label": t.parts.close } } },
    Notification: { defaultProps: { closeButtonProps: { "aria-label": t.parts.close } } },
    Modal: { defaultProps: { centered: true, closeButtonProps: { "aria-label": t.parts.close } } },
    // `header` within a dialog would be a second banner of the page.
    ModalHeader: { defaultProps: { component: "div" } },
    DrawerHeader: { defaultProps: { component: "div" } },
  },
});

/** Where Mantine's own variables fail AA contrast, and the console's borders. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "var(--mantine-color-gray-7)",
    "--mantine-color-placeholder": "var(--mantine-color-gray-6)",
    "--mantine-color-default-border": "#d9dde3",
    "--mantine-color-body": "#ffffff",
    "--mantine-color-text": "#1b1e25",
    "--mantine-color-error": "#b3261e",
    "--mantine-color-anchor": "var(--mantine-color-iris-8)",
  },
  dark: {
    "--mantine-color-dimmed": "var(--mantine-color-dark-1)",
    "--mantine-color-placeholder": "var(--mantine-color-dark-2)",
    "--mantine-color-default-border": "var(--mantine-color-dark-5)",
    "--mantine-color-error": "#ff8f8a",
    "--mantine-color-anchor": "var(--mantine-color-iris-3)",
  },
});
