import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Outlet } from "@tanstack/react-router";

import { ApiProblem } from "../../api/client";
import { useMay, useMe } from "../../api/me";
import { userQuery } from "../../api/users";
import { EmptyState } from "../../parts/EmptyState";
import { ErrorState } from "../../parts/ErrorState";
import { LoadingState } from "../../parts/LoadingState";
import { NoPermission } from "../../parts/NoPermission";
import { PageHeader } from "../../parts/PageHeader";
import { t } from "../../texts";
import { ProfileHead } from "./ProfileHead";
import { StatusBanner } from "./StatusBanner";

const route = getRouteApi("/app/users/$userId");

/** A user's profile: the head that stays, and one of its tabs. */
export function ProfilePage() {
  const { userId } = route.useParams();
  const isOwn = useMe().user_id === userId;
  const mayView = useMay("user:view") || isOwn;
  const { data, error, refetch } = useQuery({ ...userQuery(userId), enabled: mayView });
  if (data !== undefined) {
    return (
      <div className="tk-page">
        <ProfileHead profile={data} isOwn={isOwn} />
        <StatusBanner status={data.status} />
        <Outlet />
      </div>
    );
  }
  const isUnknown = error instanceof ApiProblem && error.status === 404;
  return (
    <div className="tk-page">
      <PageHeader title={t.users.title} trail={[{ label: t.users.title, to: "/users" }]} />
      {!mayView ? (
        <NoPermission permission="user:view" />
      ) : isUnknown ? (
        <EmptyState title={t.users.profile.noSuchUser} text={t.users.profile.noSuchUserHint} />
      ) : error !== null ? (
        <ErrorState problem={error} retry={() => void refetch()} />
      ) : (
        <LoadingState rows={8} height={40} />
      )}
    </div>
  );
}
