import { Alert, Anchor, Text } from "@mantine/core";
import { IconCalendarOff } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";

import type { Detection } from "../../api/detections";
import { t } from "../../texts";
import { Panel } from "../../parts/Panel";
import classes from "./ReasonsCard.module.css";
import { Sentence } from "./Sentence";
import { TravelPlace } from "./TravelPlace";

const QUIET = "quiet:";

/** Why it was raised, in words and numbers; and why it was told to nobody, where it was not. */
export function ReasonsCard({ detection }: { detection: Detection }) {
  return (
    <Panel title={t.security.detail.why} counts={t.security.detail.whyHint}>
      <ol className={classes.reasons}>
        {detection.reasons.map((reason, index) => (
          <li key={index}>
            <Sentence text={reason} />
          </li>
        ))}
      </ol>
      <TravelPlace detection={detection} />
      {detection.suppressed_by !== null && <Untold by={detection.suppressed_by} />}
    </Panel>
  );
}

function Untold({ by }: { by: string }) {
  const isQuiet = by.startsWith(QUIET);
  return (
    <Alert mt="md" variant="default" icon={<IconCalendarOff aria-hidden />}>
      <Text size="sm">
        {isQuiet ? t.security.detail.quietAfter : t.security.detail.suppressedBy}{" "}
        {isQuiet ? (
          <Anchor
            size="sm"
            renderRoot={(props) => (
              <Link
                to="/security/detections/$id"
                params={{ id: by.slice(QUIET.length) }}
                {...props}
              />
            )}
          >
            {t.security.detail.seeBefore}
          </Anchor>
        ) : (
          <Anchor
            size="sm"
            renderRoot={(props) => <Link to="/security" search={{ tab: "expected" }} {...props} />}
          >
            {t.security.detail.seeSuppression}
          </Anchor>
        )}
      </Text>
    </Alert>
  );
}
