import { Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { viewsQuery } from "../../api/views";
import { ErrorState } from "../../parts/ErrorState";
import { t } from "../../texts";
import { SavedViewRow } from "./SavedViewRow";
import classes from "./SavedViews.module.css";
import { SaveViewForm } from "./SaveViewForm";

export interface SavedViewListProps {
  /** A view was chosen, or saved. */
  onDone: () => void;
}

/** All saved views that the person sees, and a form to save the present search as one more. */
export function SavedViewList({ onDone }: SavedViewListProps) {
  const { data: views, error, refetch } = useQuery(viewsQuery);
  return (
    <>
      {error !== null && views === undefined ? (
        <ErrorState problem={error} retry={() => void refetch()} isCompact />
      ) : views === undefined ? (
        <Loader size="sm" />
      ) : views.length === 0 ? (
        <p className={classes.none}>{t.views.none}</p>
      ) : (
        <ul className={classes.list} aria-label={t.views.openLabel}>
          {views.map((view) => (
            <SavedViewRow key={view.id} view={view} onDone={onDone} />
          ))}
        </ul>
      )}
      <SaveViewForm onDone={onDone} />
    </>
  );
}
