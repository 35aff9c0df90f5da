import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";

import { evidenceQuery, signInsBeforeQuery, type Detection } from "../../api/detections";
import { useMay } from "../../api/me";
import { ruleQuery } from "../../api/rules";
import { t } from "../../texts";
import classes from "./Travel.module.css";
import { travelOf } from "./travel";

const TRAVEL = "impossible_travel";
// With it come the outlines of the world.
const Travel = lazy(async () => ({ default: (await import("./Travel")).Travel }));

/** Beside the reasons of an impossible travel: from where to where, on a map. */
export function TravelPlace({ detection }: { detection: Detection }) {
  const mayReadEvents = useMay("user:view");
  const mayReadRules = useMay("rule:view");
  const rule = useQuery({ ...ruleQuery(detection.rule_id), enabled: mayReadRules, retry: false });
  const isTravel = rule.data?.kind === TRAVEL && mayReadEvents;
  const evidence = useQuery({ ...evidenceQuery(detection), enabled: isTravel });
  const raised = evidence.data?.[0];
  const before = useQuery({
    ...signInsBeforeQuery(raised?.user_id ?? "", raised?.timestamp ?? ""),
    enabled: isTravel && raised !== undefined && raised.user_id !== null,
  });
  if (!isTravel || evidence.isError || before.isError) {
    return null;
  }
  const isWaiting =
    evidence.data === undefined ||
    (typeof raised?.user_id === "string" && before.data === undefined);
  if (isWaiting) {
    // As high as the map, so that nothing moves when it comes.
    return <div className={classes.map} aria-busy />;
  }
  const travel = travelOf(detection.reasons[0] ?? "", evidence.data, before.data ?? []);
  if (travel === undefined) {
    return <p className={classes.gone}>{t.security.travel.gone}</p>;
  }
  return (
    <Suspense fallback={<div className={classes.map} aria-busy />}>
      <Travel from={travel[0]} to={travel[1]} />
    </Suspense>
  );
}
