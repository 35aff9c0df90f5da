import { Button } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCopy } from "@tabler/icons-react";

import type { Event } from "../../api/event";
import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import classes from "./Event.module.css";

/** The event as the API answers it. */
export function RawJson({ event }: { event: Event }) {
  const clipboard = useClipboard({ timeout: 1500 });
  const json = JSON.stringify(event, null, 2);
  return (
    <>
      <div className={classes.tools}>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconCopy size={16} aria-hidden />}
          onClick={() => {
            clipboard.copy(json);
          }}
        >
          {clipboard.copied ? t.event.copied : t.event.raw.copy}
        </Button>
      </div>
      <pre className={classes.raw} tabIndex={0} role="region" aria-label={t.event.raw.label}>
        {json.split("\n").map((line, place) => (
          // Lines of one text do not move; `Plain` would mark the line breaks themselves.
          <span key={place} className={classes.rawLine}>
            <Plain text={line} />
          </span>
        ))}
      </pre>
    </>
  );
}
