import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";

import { eventQuery } from "../../api/event";
import { LoadingState } from "../../parts/LoadingState";
import { visibleText } from "../../parts/plainText";
import { PageHeader } from "../../parts/PageHeader";
import { Panel } from "../../parts/Panel";
import { useShortcuts } from "../../shell/shortcuts/useShortcuts";
import { t } from "../../texts";
import { CompareEvents } from "./CompareEvents";
import { EventBody } from "./EventBody";
import { EventHeading } from "./EventHeading";
import { EventProblem } from "./EventProblem";
import { EventTools } from "./EventTools";
import { eventAddress } from "./eventAddress";

const route = getRouteApi("/app/events/$id");

/** An event's own page, to link to. */
export function EventPage() {
  const { id } = route.useParams();
  const { tab, compare } = route.useSearch();
  const navigate = route.useNavigate();
  const { data: event, error, refetch } = useQuery(eventQuery(id));
  useShortcuts("event", [
    {
      keys: "c",
      label: t.event.copyLink,
      run: () => void navigator.clipboard.writeText(eventAddress(id)),
    },
  ]);
  const title =
    event === undefined
      ? t.event.title
      : visibleText(t.event.pageTitle(event.action, event.resource_type));
  return (
    <div className="tk-page">
      <PageHeader
        title={title}
        heading={event && <EventHeading event={event} />}
        trail={[{ label: t.event.allEvents, to: "/explorer" }]}
        actions={event && <EventTools event={event} />}
      />
      {error !== null && <EventProblem id={id} problem={error} retry={() => void refetch()} />}
      {event === undefined && error === null && (
        <LoadingState rows={14} height={28} label={t.event.loading} />
      )}
      {event !== undefined && (
        <Panel>
          <EventBody
            key={event.id}
            event={event}
            tab={tab}
            onTab={(next) =>
              void navigate({
                to: ".",
                search: (before) => ({ ...before, tab: next }),
                replace: true,
              })
            }
            onOpen={(next) =>
              void navigate({ to: "/events/$id", params: { id: next }, search: { tab } })
            }
            onCompare={(other) =>
              void navigate({ to: ".", search: (before) => ({ ...before, compare: other }) })
            }
          />
        </Panel>
      )}
      <CompareEvents
        first={id}
        second={compare}
        onClose={() =>
          void navigate({ to: ".", search: (before) => ({ ...before, compare: undefined }) })
        }
      />
    </div>
  );
}
