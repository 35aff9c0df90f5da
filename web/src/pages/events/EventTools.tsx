import { Button } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconExternalLink, IconLink } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";

import type { Event } from "../../api/event";
import { t } from "../../texts";
import classes from "./Event.module.css";
import { eventAddress } from "./eventAddress";

interface EventToolsProps {
  event: Event;
  /** In the drawer: a way to the event's own page. */
  hasPageLink?: boolean;
}

/** What can be done with the whole event. */
export function EventTools({ event, hasPageLink = false }: EventToolsProps) {
  const clipboard = useClipboard({ timeout: 1500 });
  return (
    <div className={classes.tools}>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconLink size={16} aria-hidden />}
        onClick={() => {
          clipboard.copy(eventAddress(event.id));
        }}
      >
        {clipboard.copied ? t.event.copied : t.event.copyLink}
      </Button>
      {hasPageLink && (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconExternalLink size={16} aria-hidden />}
          renderRoot={(root) => <Link {...root} to="/events/$id" params={{ id: event.id }} />}
        >
          {t.event.openPage}
        </Button>
      )}
    </div>
  );
}
