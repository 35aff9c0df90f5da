import { Button, Group, Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import {
  useChangeAlertSetting,
  useDeleteAlertSetting,
  type AlertSetting,
} from "../../api/alert_settings";
import { channelsQuery } from "../../api/channels";
import { useMay } from "../../api/me";
import { rulesQuery } from "../../api/rules";
import { ConfirmButton } from "../../parts/ConfirmButton";
import { notifyDone, notifyProblem } from "../../parts/notify";
import { Plain } from "../../parts/Plain";
import { visibleText } from "../../parts/plainText";
import { t } from "../../texts";
import classes from "./AlertSettingsPage.module.css";
import { planWords } from "./planWords";

/** One alert setting in a sentence, with its switch. */
export function AlertSettingRow({ setting }: { setting: AlertSetting }) {
  const words = t.notifications.alerts;
  const mayViewRules = useMay("rule:view");
  const channels = useQuery(channelsQuery);
  const rules = useQuery({ ...rulesQuery, enabled: mayViewRules });
  const change = useChangeAlertSetting();
  const remove = useDeleteAlertSetting();
  const name = visibleText(setting.name);
  const said = planWords(setting.plan, channels.data ?? [], rules.data ?? []);
  return (
    <li className={classes.row}>
      <Switch
        aria-label={words.turn(name)}
        checked={change.isPending ? change.variables.changes.is_enabled : setting.is_enabled}
        disabled={change.isPending}
        onChange={(event) =>
          change.mutate(
            { id: setting.id, changes: { is_enabled: event.currentTarget.checked } },
            { onError: notifyProblem },
          )
        }
      />
      <div>
        <div className={classes.name}>
          <Plain text={setting.name} />
        </div>
        <div className={classes.words}>
          <span>{said.what}</span>
          <span>{said.whom}</span>
          <span>{said.when}</span>
        </div>
      </div>
      <Group gap="xs" className={classes.actions}>
        <Button
          size="xs"
          variant="default"
          aria-label={words.editOf(name)}
          renderRoot={(props) => (
            <Link {...props} to="/settings/notifications/$id" params={{ id: setting.id }} />
          )}
        >
          {words.edit}
        </Button>
        <ConfirmButton
          label={words.delete}
          title={words.deleteTitle(name)}
          text={words.deleteText}
          confirmLabel={words.delete}
          onConfirm={async () => {
            await remove.mutateAsync(setting.id);
            notifyDone(words.deleted(name));
          }}
        />
      </Group>
    </li>
  );
}
