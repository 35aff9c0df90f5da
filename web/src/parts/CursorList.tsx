import { Button } from "@mantine/core";
import type { ReactNode } from "react";

import { t } from "../texts";
import classes from "./CursorList.module.css";

export interface CursorListProps {
  /** The rows. */
  children: ReactNode;
  /** How many rows there are now. */
  loaded: number;
  hasMore: boolean;
  isLoadingMore: boolean;
  onMore: () => void;
  /** What it says when all is loaded. */
  endText?: string;
}

/** Rows that come in pages: says where the loaded ones end, and gets more. */
export function CursorList(props: CursorListProps) {
  const { children, loaded, hasMore, isLoadingMore, onMore, endText } = props;
  const end = hasMore ? t.parts.endOfLoaded(loaded) : (endText ?? t.parts.endOfAll(loaded));
  return (
    <>
      {children}
      {loaded > 0 && (
        <div className={classes.end}>
          <span role="status" className="tk-num">
            {end}
          </span>
          {hasMore && (
            <Button size="xs" variant="default" loading={isLoadingMore} onClick={onMore}>
              {t.parts.loadMore}
            </Button>
          )}
        </div>
      )}
    </>
  );
}
