/** The same export as a command and as a program, to copy. */
import { exportPath, type Export } from "../../api/exporting";
import { filterPairs } from "../../api/filter";

const NOT_PLAIN = /[^\u0020-\u007e]/gu;

/** A URL in single quotes: signs that a shell or `curl` would read otherwise are escaped. */
function shellUrl(url: string): string {
  const escaped = url.replace(
    /['!()*[\]{}]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
  return `'${escaped}'`;
}

export function exportCurl(wanted: Export, origin: string): string {
  return [
    `curl --fail --silent --show-error ${shellUrl(origin + exportPath(wanted))}`,
    '--header "Authorization: Bearer $TRAILKEEPER_API_KEY"',
    `--output audit-logs.${wanted.format}`,
  ].join(" \\\n  ");
}

/** A text as Python writes it; only ASCII, so that nothing in it can hide. */
export function pythonText(text: string): string {
  const plain = text
    .replace(/[\\"]/g, (sign) => `\\${sign}`)
    .replace(NOT_PLAIN, (sign) => {
      const code = sign.codePointAt(0) ?? 0;
      return code > 0xffff
        ? `\\U${code.toString(16).padStart(8, "0")}`
        : `\\u${code.toString(16).padStart(4, "0")}`;
    });
  return `"${plain}"`;
}

const IS_WHOLE = {
  csv: 'b"# export: "',
  json: "b'],\"export\":'",
  ndjson: "b'{\"export\":'",
} as const;

export function exportPython(wanted: Export, origin: string): string {
  const { filter, format, order, hasBom } = wanted;
  const pairs: [string, string][] = [["format", format], ...filterPairs(filter)];
  if (order !== "desc") {
    pairs.push(["order", order]);
  }
  if (format === "csv" && hasBom) {
    pairs.push(["bom", "true"]);
  }
  const lines = pairs.map(([name, value]) => `    (${pythonText(name)}, ${pythonText(value)}),`);
  return `import os

import requests

params = [
${lines.join("\n")}
]
with requests.get(
    ${pythonText(`${origin}/audit-logs/export`)},
    headers={"Authorization": f"Bearer {os.environ['TRAILKEEPER_API_KEY']}"},
    params=params,
    stream=True,
    timeout=60,
) as response:
    response.raise_for_status()
    last = b""
    with open("audit-logs.${format}", "wb") as file:
        for chunk in response.iter_content(65536):
            file.write(chunk)
            last = (last + chunk)[-524288:]

# An export without its summary was interrupted.
summary = last[last.rfind(${IS_WHOLE[format]}) :]
assert b'"complete":true' in summary, "interrupted: fetch it again"
`;
}
