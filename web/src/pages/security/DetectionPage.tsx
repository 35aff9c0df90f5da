import { Group, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";

import { detectionQuery, type DetectionDetails } from "../../api/detections";
import { useMay } from "../../api/me";
import { ErrorState } from "../../parts/ErrorState";
import { LoadingState } from "../../parts/LoadingState";
import { NoPermission } from "../../parts/NoPermission";
import { PageHeader } from "../../parts/PageHeader";
import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import { EventDrawer } from "../events/EventDrawer";
import { About } from "./About";
import { AddressCard } from "./AddressCard";
import classes from "./DetectionPage.module.css";
import { EvidenceCard } from "./EvidenceCard";
import { FactsCard } from "./FactsCard";
import { HistoryCard } from "./HistoryCard";
import { MeaningCard } from "./MeaningCard";
import { ReasonsCard } from "./ReasonsCard";
import { SeverityMark } from "./SeverityMark";
import { StateMark } from "./StateMark";
import { WorkCard } from "./WorkCard";

const route = getRouteApi("/app/security/detections/$id");

export function DetectionPage() {
  const { id } = route.useParams();
  const mayView = useMay("detection:view");
  const found = useQuery({ ...detectionQuery(id), enabled: mayView });
  if (found.data !== undefined) {
    return <Details detection={found.data} />;
  }
  return (
    <div className="tk-page">
      {!mayView ? (
        <NoPermission permission="detection:view" />
      ) : found.isError ? (
        <ErrorState problem={found.error} retry={() => void found.refetch()} />
      ) : (
        <LoadingState rows={10} />
      )}
    </div>
  );
}

function Details({ detection }: { detection: DetectionDetails }) {
  const { event } = route.useSearch();
  const navigate = route.useNavigate();
  const open = (eventId: string | undefined) =>
    void navigate({ search: { event: eventId }, resetScroll: false });
  return (
    <Stack gap="md" className="tk-page">
      <PageHeader
        title={detection.rule_title}
        heading={<Plain text={detection.rule_title} />}
        trail={[{ label: t.security.title, to: "/security" }]}
        description={
          <Group gap="md" component="span">
            <SeverityMark severity={detection.severity} />
            <StateMark state={detection.state} />
            <span className={classes.group}>
              <About group={detection.group} />
            </span>
          </Group>
        }
      />
      <div className={classes.columns}>
        <Stack gap="md" className={classes.main}>
          <ReasonsCard detection={detection} />
          <EvidenceCard detection={detection} onOpen={open} />
          <HistoryCard detection={detection} />
        </Stack>
        <Stack gap="md" className={classes.side}>
          <WorkCard detection={detection} />
          <FactsCard detection={detection} />
          <MeaningCard ruleId={detection.rule_id} />
          <AddressCard detection={detection} />
        </Stack>
      </div>
      {event !== undefined && <EventDrawer eventId={event} onClose={() => open(undefined)} />}
    </Stack>
  );
}
