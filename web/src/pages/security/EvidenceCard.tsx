import { Alert, Button, Group } from "@mantine/core";
import { IconListSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { EVIDENCE_READ, evidenceQuery, type Detection } from "../../api/detections";
import { useMay } from "../../api/me";
import { ErrorState } from "../../parts/ErrorState";
import { LoadingState } from "../../parts/LoadingState";
import { t } from "../../texts";
import { Panel } from "../../parts/Panel";
import { EvidenceTable } from "./EvidenceTable";
import { toEventsSearch } from "./links";

interface Props {
  detection: Detection;
  onOpen: (eventId: string) => void;
}

/** The events that raised it, and the way to all of them. */
export function EvidenceCard({ detection, onOpen }: Props) {
  const mayRead = useMay("user:view");
  const words = t.security.detail;
  const shown = Math.min(detection.evidence.length, EVIDENCE_READ);
  return (
    <Panel
      title={words.evidence}
      counts={words.evidenceShown(shown, detection.count)}
      actions={
        mayRead && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconListSearch size={16} aria-hidden />}
            renderRoot={(props) => (
              <Link to="/explorer" search={toEventsSearch(detection.search_link)} {...props} />
            )}
          >
            {words.evidenceAll}
          </Button>
        )
      }
    >
      {mayRead ? (
        <Evidence detection={detection} onOpen={onOpen} />
      ) : (
        <Alert variant="default">{words.evidencePermission}</Alert>
      )}
    </Panel>
  );
}

function Evidence({ detection, onOpen }: Props) {
  const found = useQuery(evidenceQuery(detection));
  if (found.isPending) {
    return <LoadingState rows={Math.min(detection.evidence.length, 6)} />;
  }
  if (found.isError) {
    return <ErrorState problem={found.error} retry={() => void found.refetch()} />;
  }
  if (found.data.length === 0) {
    return (
      <Group>
        <Alert variant="default">{t.security.detail.evidenceMissing}</Alert>
      </Group>
    );
  }
  return <EvidenceTable events={found.data} onOpen={onOpen} />;
}
