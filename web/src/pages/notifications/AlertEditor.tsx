import { Button, Group, Stack, Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { channelsQuery } from "../../api/channels";
import { ErrorState } from "../../parts/ErrorState";
import { LoadingState } from "../../parts/LoadingState";
import { notifyDone } from "../../parts/notify";
import { visibleText } from "../../parts/plainText";
import { t } from "../../texts";
import { ProblemNote } from "../security/ProblemNote";
import { faultsOf, type AlertDraft } from "./alertDraft";
import { AlertSentence } from "./AlertSentence";
import { CriteriaStep } from "./CriteriaStep";
import { DeliveryStep } from "./DeliveryStep";
import { EventsStep } from "./EventsStep";
import { useSaveAlert } from "./useSaveAlert";
import { WhereStep } from "./WhereStep";

interface Props {
  initial: AlertDraft;
  /** Of the setting that is changed; a new one has none. */
  settingId?: string;
}

/** Four steps on one page: where, which events, delivery, criteria. */
export function AlertEditor({ initial, settingId }: Props) {
  const words = t.notifications.plan;
  const navigate = useNavigate();
  const channels = useQuery(channelsQuery);
  const [draft, setDraft] = useState(initial);
  const [isTried, setIsTried] = useState(false);
  const saving = useSaveAlert(settingId);
  if (channels.isPending) {
    return <LoadingState rows={10} />;
  }
  if (channels.isError) {
    return <ErrorState problem={channels.error} retry={() => void channels.refetch()} />;
  }
  const change = (changes: Partial<AlertDraft>) => setDraft({ ...draft, ...changes });
  const missing = faultsOf(draft, channels.data);
  const faults = isTried ? missing : {};
  const save = () => {
    setIsTried(true);
    if (Object.keys(missing).length > 0) {
      return;
    }
    saving.mutate(draft, {
      onSuccess: (saved) => {
        notifyDone(t.notifications.alerts.savedAs(visibleText(saved.name)));
        void navigate({ to: "/settings/notifications" });
      },
    });
  };
  const step = { draft, faults, onChange: change };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Stack gap="md">
        <WhereStep {...step} />
        <EventsStep {...step} />
        <DeliveryStep {...step} channels={channels.data} />
        <CriteriaStep {...step} channels={channels.data} settingId={settingId} />
        <AlertSentence draft={draft} channels={channels.data} />
        <ProblemNote problem={saving.error} />
        <Group>
          <Button type="submit" loading={saving.isPending}>
            {words.save}
          </Button>
          <Button
            variant="default"
            renderRoot={(props) => <Link {...props} to="/settings/notifications" />}
          >
            {words.cancel}
          </Button>
          <Switch
            label={words.enabled}
            checked={draft.isEnabled}
            onChange={(event) => change({ isEnabled: event.currentTarget.checked })}
          />
        </Group>
      </Stack>
    </form>
  );
}
