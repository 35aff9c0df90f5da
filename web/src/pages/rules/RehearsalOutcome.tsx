import { Anchor, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import type { Rehearsal, RehearsalResult } from "../../api/rules";
import { BarList } from "../../parts/BarList";
import { Histogram } from "../../parts/Histogram";
import { Plain } from "../../parts/Plain";
import { visibleText } from "../../parts/plainText";
import { t } from "../../texts";
import { When } from "../../time/When";
import { toEventsSearch } from "../security/links";
import { Sentence } from "../security/Sentence";
import { perWeek, toBuckets } from "./rehearsal";
import classes from "./RehearsalOutcome.module.css";

interface Props {
  rehearsal: Rehearsal;
  result: RehearsalResult;
}

/** How many it would have raised, when, about whom; and the first of them with their reasons. */
export function RehearsalOutcome({ rehearsal, result }: Props) {
  const words = t.rules.rehearsal;
  return (
    <Stack gap="md">
      <div role="status">
        <Text fw={600}>{words.result(result.detections, result.events, rehearsal.days)}</Text>
        <Text size="sm" c="dimmed">
          {result.detections === 0
            ? `${words.none} ${words.noneHint}`
            : words.perWeek(perWeek(rehearsal, result))}
        </Text>
      </div>
      {result.detections > 0 && (
        <>
          <section>
            <h3 className={classes.heading}>{words.byDay}</h3>
            <Histogram
              label={words.byDayLabel(rehearsal.days)}
              buckets={toBuckets(rehearsal, result)}
              until={rehearsal.created_at}
              colourOf={() => "var(--tk-high)"}
              nameOf={() => words.detections}
            />
          </section>
          <div className={classes.columns}>
            <section>
              <h3 className={classes.heading}>{words.byGroup}</h3>
              <BarList
                empty={words.none}
                total={result.detections}
                items={result.by_group.slice(0, 10).map(({ group, count }) => ({
                  key: group,
                  name: visibleText(group),
                  label: <Plain text={group} />,
                  count,
                }))}
              />
            </section>
            <section>
              <h3 className={classes.heading}>{words.first}</h3>
              <ol className={classes.first}>
                {result.first.map((each) => (
                  <li key={`${each.group} ${each.first_at}`}>
                    <div className={classes.group}>
                      <Plain text={each.group} />
                    </div>
                    <div>
                      <Sentence text={each.reasons[0] ?? ""} />
                    </div>
                    <div className={classes.meta}>
                      <When at={each.first_at} kind="absolute" /> · {words.events(each.count)}
                      {" · "}
                      <Anchor
                        size="xs"
                        renderRoot={(props) => (
                          <Link
                            {...props}
                            to="/explorer"
                            search={toEventsSearch(each.search_link)}
                          />
                        )}
                      >
                        {words.show}
                      </Anchor>
                    </div>
                  </li>
                ))}
              </ol>
            </section>
          </div>
        </>
      )}
    </Stack>
  );
}
