import { ActivityElement } from "./ActivityElement";

/** Loading the file twice, as two widgets of one page may, must not fail. */
if (customElements.get("trailkeeper-activity") === undefined) {
  customElements.define("trailkeeper-activity", ActivityElement);
}

export { ActivityElement };
