import { Accordion, Button } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCopy } from "@tabler/icons-react";

import type { Export } from "../../api/exporting";
import { t } from "../../texts";
import { exportCurl, exportPython } from "./commands";
import classes from "./Export.module.css";

/** The same export for a terminal and for a program. */
export function ExportCommands({ wanted }: { wanted: Export }) {
  const clipboard = useClipboard({ timeout: 1500 });
  const { origin } = window.location;
  const words = t.exporting;
  const commands = [
    { name: words.curl, copy: words.copyCurl, text: exportCurl(wanted, origin) },
    { name: words.python, copy: words.copyPython, text: exportPython(wanted, origin) },
  ];
  return (
    <Accordion variant="contained">
      {commands.map(({ name, copy, text }) => (
        <Accordion.Item key={name} value={name}>
          <Accordion.Control>
            {words.sameAs}: {name}
          </Accordion.Control>
          <Accordion.Panel>
            <pre className={classes.code} tabIndex={0} role="region" aria-label={name}>
              {text}
            </pre>
            <div className={classes.buttons}>
              <Button
                size="xs"
                variant="default"
                leftSection={<IconCopy size={16} aria-hidden />}
                onClick={() => {
                  clipboard.copy(text);
                }}
              >
                {clipboard.copied ? t.event.copied : copy}
              </Button>
              <span className={classes.what}>{words.keyNote}</span>
            </div>
          </Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  );
}
