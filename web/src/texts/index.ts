/** All words that the console shows, by area. To translate it, translate these files. */
import { analytics } from "./analytics";
import { dashboard } from "./dashboard";
import { event } from "./event";
import { explorer } from "./explorer";
import { exporting } from "./exporting";
import { live } from "./live";
import { notifications } from "./notifications";
import { parts } from "./parts";
import { resources } from "./resources";
import { rules } from "./rules";
import { security } from "./security";
import { settings } from "./settings";
import { shell } from "./shell";
import { signIn } from "./sign_in";
import { users } from "./users";

export const t = {
  analytics,
  dashboard,
  event,
  explorer,
  exporting,
  live,
  notifications,
  parts,
  resources,
  rules,
  security,
  settings,
  shell,
  signIn,
  users,
} as const;
