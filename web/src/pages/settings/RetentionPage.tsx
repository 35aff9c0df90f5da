import { useQuery } from "@tanstack/react-query";

import { retentionQuery } from "../../api/retention";
import { t } from "../../texts";
import { HoldingsTable } from "./HoldingsTable";
import { Loaded } from "./Loaded";
import { RetentionRuns } from "./RetentionRuns";
import { RetentionStanding } from "./RetentionStanding";
import { Section } from "./Section";
import { SettingsPage } from "./SettingsPage";
import { WouldRemove } from "./WouldRemove";

const words = t.settings.retention;

/** What the log holds, what has gone, and what goes next. */
export function RetentionPage() {
  return (
    <SettingsPage title={words.title} description={words.description} permission="settings:view">
      <LoadedStatus />
    </SettingsPage>
  );
}

function LoadedStatus() {
  const status = useQuery(retentionQuery);
  return (
    <Loaded query={status} rows={14}>
      {(now) => (
        <>
          <RetentionStanding status={now} />
          <Section title={words.wouldTitle}>
            <WouldRemove removed={now.would_remove} />
          </Section>
          <Section title={words.holdings} description={words.holdingsNote}>
            <HoldingsTable status={now} />
          </Section>
          <Section title={words.runs}>
            <RetentionRuns runs={now.runs} />
          </Section>
        </>
      )}
    </Loaded>
  );
}
