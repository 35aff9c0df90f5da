/** Everything may be set from outside by the variables. */
export const STYLES = `
:host {
  --_text: var(--trailkeeper-text, light-dark(#1c1f26, #e8eaf0));
  --_dimmed: var(--trailkeeper-dimmed, light-dark(#5a6070, #a3a9b8));
  --_line: var(--trailkeeper-line, light-dark(#dfe2e8, #343a46));
  --_surface: var(--trailkeeper-surface, transparent);
  --_accent: var(--trailkeeper-accent, light-dark(#2b4acb, #9db2ff));
  --_failed: var(--trailkeeper-failed, light-dark(#a6200f, #ff9d8f));
  display: block;
  color: var(--_text);
  background: var(--_surface);
  font: var(--trailkeeper-font, 14px/1.5 system-ui, sans-serif);
  overflow-wrap: anywhere;
}
ol { list-style: none; margin: 0; padding: 0; }
li { display: grid; gap: 0 12px; grid-template-columns: minmax(0, 1fr) auto;
  padding: 8px 0; border-bottom: 1px solid var(--_line); }
time, .who { color: var(--_dimmed); font-variant-numeric: tabular-nums; }
.who { grid-column: 1 / -1; }
.failed { color: var(--_failed); }
p { margin: 8px 0; color: var(--_dimmed); }
button { font: inherit; color: var(--_accent); background: none; padding: 6px 12px;
  border: 1px solid currentcolor; border-radius: 6px; cursor: pointer; min-height: 32px; }
button:focus-visible { outline: 2px solid var(--_accent); outline-offset: 2px; }
`;
