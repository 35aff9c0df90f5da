import { Anchor } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { SEVERITIES } from "../../api/detections";
import {
  reviewQuery,
  type Review,
  type ReviewCount,
  type ReviewPeople,
} from "../../api/weekly_review";
import { ErrorState } from "../../parts/ErrorState";
import { LoadingState } from "../../parts/LoadingState";
import { Plain } from "../../parts/Plain";
import { visibleText } from "../../parts/plainText";
import { t } from "../../texts";
import { count } from "../../texts/numbers";
import { SeverityMark } from "../security/SeverityMark";
import classes from "./ReviewPreview.module.css";

/** What the weekly review would say now. */
export function ReviewPreview() {
  const found = useQuery(reviewQuery);
  if (found.isPending) {
    return <LoadingState rows={6} />;
  }
  if (found.isError) {
    return <ErrorState problem={found.error} isCompact retry={() => void found.refetch()} />;
  }
  return <Shown review={found.data} />;
}

function Shown({ review }: { review: Review }) {
  const words = t.notifications.review;
  return (
    <dl className={classes.facts} aria-label={words.previewTitle}>
      <dt>{words.detections}</dt>
      <dd>
        {review.detections.length === 0
          ? words.noDetections
          : review.detections.map(({ severity, opened, still_open }) => {
              const known = SEVERITIES.find((each) => each === severity);
              return (
                <div key={severity} className={classes.line}>
                  {known === undefined ? severity : <SeverityMark severity={known} />}
                  <span>{words.opened(opened, still_open)}</span>
                </div>
              );
            })}
      </dd>
      <Counted name={words.failed} counted={review.failed_sign_ins} review={review} />
      <Counted name={words.roles} counted={review.role_changes} review={review} />
      <Counted name={words.deletions} counted={review.deletions} review={review} />
      <Named name={words.first} people={review.first_sign_ins} />
      <Named name={words.silent} people={review.silent} />
      <dt>{words.silentRules}</dt>
      <dd>
        {review.silent_rules.length === 0 ? (
          words.none
        ) : (
          <Plain text={review.silent_rules.join(", ")} />
        )}
      </dd>
      {review.health.retention_is_overdue && <dd className={classes.bad}>{words.overdue}</dd>}
    </dl>
  );
}

interface CountedProps {
  name: string;
  counted: ReviewCount;
  review: Review;
}

function Counted({ name, counted, review }: CountedProps) {
  const search = { q: counted.query, start_date: review.start, end_date: review.end };
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <Anchor
          size="sm"
          renderRoot={(props) => <Link {...props} to="/explorer" search={search} />}
        >
          {count(counted.count)}
        </Anchor>{" "}
        <span className={classes.dim}>{t.notifications.review.before(counted.before)}</span>
      </dd>
    </>
  );
}

function Named({ name, people }: { name: string; people: ReviewPeople }) {
  const words = t.notifications.review;
  const rest = people.count - people.named.length;
  return (
    <>
      <dt>{name}</dt>
      <dd>
        {people.count === 0 ? (
          words.nobody
        ) : (
          <>
            {people.named.map(({ user_id, email }) => (
              <div key={user_id}>
                <Anchor
                  size="sm"
                  renderRoot={(props) => (
                    <Link {...props} to="/users/$userId" params={{ userId: user_id }} />
                  )}
                >
                  {visibleText(email || user_id)}
                </Anchor>
              </div>
            ))}
            {rest > 0 && words.more(rest)}
          </>
        )}
      </dd>
    </>
  );
}
