import { UnstyledButton } from "@mantine/core";
import { useState } from "react";

import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import classes from "./Event.module.css";

const SHOWN = 240;

interface LongTextProps {
  text: string;
  isMono?: boolean;
}

/** Text of any length: its beginning, and all of it for who asks. */
export function LongText({ text, isMono }: LongTextProps) {
  const [isWhole, setWhole] = useState(false);
  // By code points, so that no character is cut in two.
  const signs = text.length > SHOWN ? Array.from(text) : [];
  if (signs.length <= SHOWN) {
    return <Plain text={text} isMono={isMono} />;
  }
  return (
    <>
      <Plain text={isWhole ? text : `${signs.slice(0, SHOWN).join("")}…`} isMono={isMono} />{" "}
      <UnstyledButton
        className={classes.unfold}
        onClick={() => {
          setWhole(!isWhole);
        }}
      >
        {isWhole ? t.event.lessOfIt : t.event.allOfIt(signs.length)}
      </UnstyledButton>
    </>
  );
}
