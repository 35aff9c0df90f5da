import { IconKey } from "@tabler/icons-react";

import { Plain } from "../../parts/Plain";
import classes from "./PersonCell.module.css";
import { detailOf, initialsOf, isKey, nameOf } from "./who";

interface PersonCellProps {
  user: {
    user_id: string;
    name?: string | null;
    user_email?: string | null;
    email?: string | null;
  };
  isLarge?: boolean;
}

/** Somebody with initials, name and e-mail; a key with its sign. */
export function PersonCell({ user, isLarge = false }: PersonCellProps) {
  const name = nameOf(user);
  const detail = detailOf(user);
  return (
    <span className={classes.person} data-large={isLarge || undefined}>
      <span className={classes.initials} aria-hidden>
        {isKey(user.user_id) ? <IconKey size={isLarge ? 22 : 15} /> : initialsOf(name)}
      </span>
      <span className={classes.words}>
        <span className={classes.name}>
          <Plain text={name} isTruncated />
        </span>
        {detail !== name && (
          <span className={classes.detail}>
            <Plain text={detail} isTruncated />
          </span>
        )}
      </span>
    </span>
  );
}
