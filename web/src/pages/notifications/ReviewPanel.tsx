import { Button, Stack, Switch, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { useMay } from "../../api/me";
import { reviewChoiceQuery, useChooseReview } from "../../api/weekly_review";
import { notifyDone, notifyProblem } from "../../parts/notify";
import { Panel } from "../../parts/Panel";
import { t } from "../../texts";
import { ReviewPreview } from "./ReviewPreview";

/** The weekly review: chosen by each for themselves, and shown as it would be now. */
export function ReviewPanel() {
  const words = t.notifications.review;
  const mayViewUsers = useMay("user:view");
  const mayViewDetections = useMay("detection:view");
  const mayRead = mayViewUsers && mayViewDetections;
  const choice = useQuery({ ...reviewChoiceQuery, enabled: mayRead });
  const choose = useChooseReview();
  const [isShown, setIsShown] = useState(false);
  return (
    <Panel title={words.title} counts={words.hint}>
      {mayRead ? (
        <Stack gap="sm" align="flex-start">
          <Switch
            label={words.choose}
            checked={choice.data?.is_chosen ?? false}
            disabled={choice.data === undefined || choose.isPending}
            onChange={(event) =>
              choose.mutate(event.currentTarget.checked, {
                onSuccess: ({ is_chosen }) => notifyDone(is_chosen ? words.chosen : words.ended),
                onError: notifyProblem,
              })
            }
          />
          {isShown ? (
            <ReviewPreview />
          ) : (
            <Button size="xs" variant="default" onClick={() => setIsShown(true)}>
              {words.preview}
            </Button>
          )}
        </Stack>
      ) : (
        <Text size="sm">{words.permission}</Text>
      )}
    </Panel>
  );
}
