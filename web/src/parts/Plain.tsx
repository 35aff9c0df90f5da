import { t } from "../texts";
import classes from "./Plain.module.css";
import { piecesOf, visibleText } from "./plainText";

export interface PlainProps {
  /** Anything a sender or a user wrote. */
  text: string | null | undefined;
  /** Monospace: ids, addresses, agents. */
  isMono?: boolean;
  /** One line, cut with an ellipsis; the whole stands in the title. */
  isTruncated?: boolean;
  /** What stands there without a text. */
  none?: string;
}

/** Text from outside as text: hidden and direction-changing characters are made visible. */
export function Plain({ text, isMono, isTruncated, none = t.parts.none }: PlainProps) {
  if (text === null || text === undefined || text === "") {
    return <span className="tk-dim">{none}</span>;
  }
  const names = [classes.plain, isMono && "tk-mono", isTruncated && "tk-truncate"];
  return (
    <bdi
      className={names.filter(Boolean).join(" ")}
      title={isTruncated ? visibleText(text) : undefined}
    >
      {piecesOf(text).map((piece, index) =>
        piece.code === undefined ? (
          piece.text
        ) : (
          // Pieces of one text never change places.
          <span key={index} className={classes.hidden} title={t.parts.plain.hidden(piece.code)}>
            {piece.text}
          </span>
        ),
      )}
    </bdi>
  );
}
