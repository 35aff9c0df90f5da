import { Badge, Button } from "@mantine/core";
import { IconBellPlus } from "@tabler/icons-react";
import { Link, useMatchRoute } from "@tanstack/react-router";

import type { Profile } from "../../api/users";
import { Gate } from "../../parts/Gate";
import { PageHeader } from "../../parts/PageHeader";
import { Plain } from "../../parts/Plain";
import { visibleText } from "../../parts/plainText";
import { queryOf } from "../../query/edit";
import { t } from "../../texts";
import { count } from "../../texts/numbers";
import { When } from "../../time/When";
import { ExportButton } from "../export/ExportButton";
import { Fact } from "./Fact";
import { PersonCell } from "./PersonCell";
import classes from "./ProfileHead.module.css";
import { StatusBadge } from "./StatusBadge";
import { TabLinks } from "./TabLinks";
import { useProfileTabs } from "./useProfileTabs";
import { isKey, nameOf } from "./who";

const words = t.users.profile;

/** Who it is, what they are here, when they were last seen, and the tabs. */
export function ProfileHead({ profile, isOwn }: { profile: Profile; isOwn: boolean }) {
  const tabs = useProfileTabs(profile.user_id);
  // The Activity tab exports what is filtered there: beside it, this one would pass filters over.
  const hasOwnExport = useMatchRoute()({ to: "/users/$userId/activity" }) !== false;
  const lastSignIn = profile.last_sign_in_at ?? profile.last_login_at;
  return (
    <PageHeader
      title={visibleText(nameOf(profile))}
      heading={<PersonCell user={profile} isLarge />}
      trail={[{ label: t.users.title, to: "/users" }]}
      actions={
        <>
          {!hasOwnExport && <ExportButton filter={{ user_id: profile.user_id }} />}
          <Gate permission="rule:manage">
            <Button
              variant="default"
              leftSection={<IconBellPlus size={16} aria-hidden />}
              renderRoot={(root) => (
                <Link
                  {...root}
                  to="/rules/new"
                  search={{ q: queryOf({ user_id: profile.user_id }) }}
                />
              )}
            >
              {words.alert}
            </Button>
          </Gate>
        </>
      }
    >
      <div className={classes.facts}>
        {isOwn && (
          <Badge variant="light" tt="none">
            {words.you}
          </Badge>
        )}
        <span className={classes.role}>
          {isKey(profile.user_id) ? (
            t.users.apiKey
          ) : (
            <Plain text={profile.role} none={t.users.noRole} />
          )}
        </span>
        <StatusBadge status={profile.status} />
        {profile.status === "observed" && <span className="tk-dim">{t.users.noAccount}</span>}
        <Fact label={words.lastSignIn}>
          <When at={lastSignIn} none={t.users.never} />
        </Fact>
        <Fact label={words.lastSeen}>
          <When at={profile.last_seen_at} none={t.users.never} />
        </Fact>
        <Fact label={words.allEvents}>
          <span className="tk-num">{count(profile.events)}</span>
        </Fact>
      </div>
      <TabLinks label={words.tabs} tabs={tabs} />
    </PageHeader>
  );
}
