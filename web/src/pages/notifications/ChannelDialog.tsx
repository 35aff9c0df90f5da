import { Button, Group, Modal, Stack } from "@mantine/core";
import { useState } from "react";

import { useChangeChannel, useCreateChannel, type Channel } from "../../api/channels";
import { notifyDone } from "../../parts/notify";
import { visibleText } from "../../parts/plainText";
import { t } from "../../texts";
import { ProblemNote } from "../security/ProblemNote";
import { changedTarget, faultsOf, fromChannel, NEW_CHANNEL, toTarget } from "./channelDraft";
import { ChannelFields } from "./ChannelFields";
import { SecretShown } from "./SecretShown";

interface Props {
  /** The one that is changed; a new one has none. */
  channel?: Channel;
  onMade?: (channel: Channel) => void;
  onClose: () => void;
}

/** Makes a channel, or changes one. A secret that was made is shown this once. */
export function ChannelDialog({ channel, onMade, onClose }: Props) {
  const words = t.notifications.channels;
  const [draft, setDraft] = useState(channel ? fromChannel(channel) : NEW_CHANNEL);
  const [isTried, setIsTried] = useState(false);
  const create = useCreateChannel();
  const change = useChangeChannel();
  const missing = faultsOf(draft, channel);
  const problem = create.error ?? change.error;
  const secret = create.data?.secret;
  const common = {
    name: draft.name.trim(),
    is_enabled: draft.isEnabled,
    ...(draft.perMinute === null ? {} : { per_minute: draft.perMinute }),
  };
  const finish = (saved: Channel) => {
    notifyDone(words.saved(visibleText(saved.name)));
    onClose();
  };
  const save = () => {
    setIsTried(true);
    if (Object.keys(missing).length > 0) {
      return;
    }
    if (channel !== undefined) {
      const target = changedTarget(draft, channel);
      const changes = target === undefined ? common : { ...common, target };
      change.mutate({ id: channel.id, changes }, { onSuccess: finish });
      return;
    }
    create.mutate(
      { ...common, target: toTarget(draft) },
      {
        onSuccess: (made) => {
          onMade?.(made);
          if (made.secret === null) {
            finish(made);
          }
        },
      },
    );
  };
  if (secret) {
    return <SecretShown secret={secret} onClose={onClose} />;
  }
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={channel ? words.editTitle(visibleText(channel.name)) : words.new}
    >
      {/* Shown through a portal, yet within the alert's form: that one must not be sent, too. */}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          event.stopPropagation();
          save();
        }}
      >
        <Stack gap="md">
          <ChannelFields
            draft={draft}
            isNew={channel === undefined}
            faults={isTried ? missing : {}}
            onChange={(changes) => setDraft({ ...draft, ...changes })}
          />
          <ProblemNote problem={problem} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {words.form.cancel}
            </Button>
            <Button type="submit" loading={create.isPending || change.isPending}>
              {channel ? words.form.save : words.form.create}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
