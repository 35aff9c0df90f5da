import type { EventFilter } from "../../api/events";

/** The text in single quotes, as a shell reads them. */
function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** The same search as a command. The key stays in the environment, out of what is copied. */
export function curlOf(filter: EventFilter, origin: string): string {
  const parameters = Object.entries(filter).flatMap(([name, value]) =>
    [value].flat().map((each) => [name, String(each)] as const),
  );
  return [
    `curl --get ${shellQuoted(`${origin}/audit-logs/`)}`,
    '--header "Authorization: Bearer $TRAILKEEPER_API_KEY"',
    ...parameters
      .filter(([, value]) => value !== "undefined")
      .map(([name, value]) => `--data-urlencode ${shellQuoted(`${name}=${value}`)}`),
  ].join(" \\\n  ");
}
