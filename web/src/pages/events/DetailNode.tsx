import { UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useState } from "react";

import { Plain } from "../../parts/Plain";
import { visibleText } from "../../parts/plainText";
import { detailsField } from "../../query/fields";
import type { FilterValue } from "../../query/edit";
import { t } from "../../texts";
import classes from "./Details.module.css";
import { DetailLeaf } from "./DetailLeaf";
import { DetailList } from "./DetailList";
import type { Node } from "./tree";
import { ValueMenu } from "./ValueMenu";

/** Deeper levels are closed at first. */
const OPEN_LEVELS = 3;

interface DetailNodeProps {
  node: Node;
  /** While searching everything that was found is open. */
  isSearched: boolean;
}

/** One key of details with its value, or with what is below it. */
export function DetailNode({ node, isSearched }: DetailNodeProps) {
  const [isOpen, setOpen] = useState(node.path.length <= OPEN_LEVELS);
  const { children, name } = node;
  const isShown = isOpen || isSearched;
  const Chevron = isShown ? IconChevronDown : IconChevronRight;
  const shownName = visibleText(name);
  return (
    <li>
      <div className={classes.row}>
        {children === null || children.length === 0 ? (
          <span className={classes.leaf} />
        ) : (
          <UnstyledButton
            className={classes.toggle}
            aria-expanded={isShown}
            aria-label={isShown ? t.event.details.shut(shownName) : t.event.details.open(shownName)}
            onClick={() => {
              setOpen(!isOpen);
            }}
          >
            <Chevron size={16} aria-hidden />
          </UnstyledButton>
        )}
        <span className={classes.words}>
          <span className={classes.key}>
            <Plain text={name} isMono none={'""'} />
            {": "}
          </span>
          {children === null ? (
            <DetailLeaf node={node} />
          ) : (
            <span className={classes.count}>{t.event.details.items(children.length)}</span>
          )}
        </span>
        {children === null && (
          <ValueMenu
            label={name}
            field={node.isRedacted ? undefined : detailsField(node.path.map(String))}
            value={node.value as FilterValue}
          />
        )}
      </div>
      {children !== null && children.length > 0 && isShown && (
        <DetailList nodes={children} isSearched={isSearched} />
      )}
    </li>
  );
}
