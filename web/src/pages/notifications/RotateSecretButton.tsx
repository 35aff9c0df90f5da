import { NumberInput } from "@mantine/core";
import { useState } from "react";

import { useRotateSecret, type Channel } from "../../api/channels";
import { ConfirmButton } from "../../parts/ConfirmButton";
import { visibleText } from "../../parts/plainText";
import { t } from "../../texts";
import { SecretShown } from "./SecretShown";

const USUAL_HOURS = 24;

/** Makes another secret for a webhook, and shows it once. */
export function RotateSecretButton({ channel }: { channel: Channel }) {
  const words = t.notifications.channels;
  const [hours, setHours] = useState(USUAL_HOURS);
  const rotate = useRotateSecret();
  const secret = rotate.data?.secret;
  return (
    <>
      <ConfirmButton
        label={words.rotate}
        title={words.rotateTitle(visibleText(channel.name))}
        text={words.rotateText}
        confirmLabel={words.rotate}
        isDanger={false}
        onConfirm={() => rotate.mutateAsync({ id: channel.id, overlapHours: hours })}
      >
        <NumberInput
          mt="md"
          label={words.overlap}
          value={hours}
          min={0}
          max={720}
          allowDecimal={false}
          onChange={(value) => typeof value === "number" && setHours(value)}
        />
      </ConfirmButton>
      {secret && <SecretShown secret={secret} onClose={() => rotate.reset()} />}
    </>
  );
}
