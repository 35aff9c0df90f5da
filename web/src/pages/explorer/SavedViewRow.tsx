import { ActionIcon, Button } from "@mantine/core";
import {
  IconDeviceFloppy,
  IconStar,
  IconStarFilled,
  IconTrash,
  IconUsers,
  IconUsersMinus,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { useChangeView, useDeleteView, type SavedView } from "../../api/views";
import { ErrorState } from "../../parts/ErrorState";
import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import { useExplorer } from "./ExplorerContext";
import classes from "./SavedViews.module.css";
import { queryOfView, searchOfView } from "./viewQuery";

export interface SavedViewRowProps {
  view: SavedView;
  onDone: () => void;
}

const SIZE = 15;

/** One view: shown with a click; starred by anybody, changed by its author. */
export function SavedViewRow({ view, onDone }: SavedViewRowProps) {
  const { search } = useExplorer();
  const change = useChangeView();
  const remove = useDeleteView();
  const { id, name, is_own: isOwn, is_shared: isShared, is_starred: isStarred } = view;
  const problem = change.error ?? remove.error;
  const present = queryOfView(search);
  const whose = isOwn
    ? isShared
      ? t.views.shared
      : ""
    : t.views.by(view.author_name ?? view.author);

  function button(label: string, icon: ReactNode, deed: () => void) {
    return (
      <ActionIcon variant="subtle" color="gray" aria-label={label} title={label} onClick={deed}>
        {icon}
      </ActionIcon>
    );
  }

  return (
    <li>
      <div className={classes.row}>
        {button(
          isStarred ? t.views.unstar(name) : t.views.star(name),
          isStarred ? <IconStarFilled size={SIZE} /> : <IconStar size={SIZE} />,
          () => {
            change.mutate({ id, is_starred: !isStarred });
          },
        )}
        <Button
          className={classes.name}
          size="compact-sm"
          variant="subtle"
          justify="flex-start"
          onClick={onDone}
          renderRoot={(root) => <Link {...root} to="/explorer" search={searchOfView(view.query)} />}
        >
          <Plain text={name} />
          {whose !== "" && (
            <span className={classes.about}>
              {" "}
              <Plain text={whose} />
            </span>
          )}
        </Button>
        {isOwn &&
          present !== view.query &&
          button(t.views.update(name), <IconDeviceFloppy size={SIZE} />, () => {
            change.mutate({ id, query: present });
          })}
        {isOwn &&
          button(
            isShared ? t.views.unshare(name) : t.views.share(name),
            isShared ? <IconUsersMinus size={SIZE} /> : <IconUsers size={SIZE} />,
            () => {
              change.mutate({ id, is_shared: !isShared });
            },
          )}
        {isOwn &&
          button(t.views.remove(name), <IconTrash size={SIZE} />, () => {
            remove.mutate(id);
          })}
      </div>
      {problem !== null && <ErrorState problem={problem} isCompact />}
    </li>
  );
}
