import { Plain } from "../../parts/Plain";
import { pieces } from "./numbers";
import classes from "./Sentence.module.css";

/** A reason, its numbers standing out. The words come from events: they are shown as text. */
export function Sentence({ text }: { text: string }) {
  return (
    <>
      {pieces(text).map((piece, index) =>
        piece.isNumber ? (
          <strong key={index} className={classes.number}>
            <Plain text={piece.text} />
          </strong>
        ) : (
          <Plain key={index} text={piece.text} />
        ),
      )}
    </>
  );
}
