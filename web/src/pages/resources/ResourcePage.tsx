import { Alert } from "@mantine/core";
import { IconHistory, IconLockAccess, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Outlet } from "@tanstack/react-router";

import { resourceStateQuery } from "../../api/resources";
import { useMay } from "../../api/me";
import { ResourceIcon } from "../../look/ResourceIcon";
import { CopyButton } from "../../parts/CopyButton";
import { NoPermission } from "../../parts/NoPermission";
import { PageHeader } from "../../parts/PageHeader";
import { Plain } from "../../parts/Plain";
import { visibleText } from "../../parts/plainText";
import { t } from "../../texts";
import { When } from "../../time/When";
import { TabLinks } from "../users/TabLinks";
import classes from "./ResourcePage.module.css";

const route = getRouteApi("/app/resources/$type/$id");
const words = t.resources.one;
const TRAIL = [{ label: t.resources.title, to: "/resources" }] as const;

/** One resource: what events tell of it, also when it is gone. */
export function ResourcePage() {
  const { type, id } = route.useParams();
  const mayView = useMay("user:view");
  const { data } = useQuery({ ...resourceStateQuery(type, id), enabled: mayView });
  const name = data?.name ?? id;
  const params = { type, id };
  return (
    <div className="tk-page">
      <PageHeader
        title={visibleText(name)}
        trail={[...TRAIL]}
        heading={
          <span className={classes.heading}>
            <ResourceIcon type={type} size={22} />
            <Plain text={name} />
          </span>
        }
        description={
          <span className={classes.facts}>
            <Plain text={type} />
            <Plain text={id} isMono />
            <CopyButton value={id} label={words.copyId} />
          </span>
        }
      >
        {data?.deletedAt && (
          <Alert
            color="red"
            variant="light"
            py="xs"
            mb="xs"
            role="note"
            icon={<IconTrash size={18} aria-hidden />}
          >
            {words.gone} {data.name === null && words.idOnly}{" "}
            <span className={classes.when}>
              {words.goneBy} <When at={data.deletedAt} kind="both" />
            </span>
          </Alert>
        )}
        {mayView && (
          <TabLinks
            label={words.tabs}
            tabs={[
              {
                label: words.history,
                icon: <IconHistory size={16} aria-hidden />,
                link: { to: "/resources/$type/$id", params },
              },
              {
                label: words.access,
                icon: <IconLockAccess size={16} aria-hidden />,
                link: { to: "/resources/$type/$id/access", params },
              },
            ]}
          />
        )}
      </PageHeader>
      {mayView ? <Outlet /> : <NoPermission permission="user:view" />}
    </div>
  );
}
