import {
  IconArrowUpRight,
  IconArrowsExchange,
  IconBan,
  IconDownload,
  IconEye,
  IconKey,
  IconLockX,
  IconLogin2,
  IconLogout2,
  IconMailPlus,
  IconPencil,
  IconPlayerPlay,
  IconPlus,
  IconPoint,
  IconRocket,
  IconSearch,
  IconShieldLock,
  IconTrash,
  type Icon,
} from "@tabler/icons-react";

export { ActionBadge } from "./ActionBadge";

export interface ActionLook {
  /** A CSS colour that passes as text on every surface of both themes. */
  colour: string;
  icon: Icon;
}

/** The order in which actions are stacked and listed, so that a chart never changes its layers. */
export const ACTION_ORDER: readonly string[] = [
  "CREATE",
  "UPDATE",
  "DELETE",
  "LOGIN",
  "LOGIN_FAILED",
  "DEPLOY",
  "RUN",
  "EXPORT",
  "ACCESS",
  "VIEW",
  "SEARCH",
];

function look(name: string, icon: Icon): ActionLook {
  return { colour: `var(--tk-action-${name})`, icon };
}

const CREATED = look("create", IconPlus);
const CHANGED = look("update", IconPencil);
const REMOVED = look("delete", IconTrash);
const READ = look("read", IconEye);
const SECURED = look("secure", IconShieldLock);

// Colour, icon and word tell the same, so that no one of them is needed: a dozen hues that stay
// apart for the colour-blind (after Okabe and Ito), red for what removes, orange for what failed.
const LOOKS = new Map<string, ActionLook>([
  ["CREATE", CREATED],
  ["INVITE", look("create", IconMailPlus)],
  ["ACCEPT_INVITATION", CREATED],
  ["UPDATE", CHANGED],
  ["ROTATE", look("update", IconArrowsExchange)],
  ["DELETE", REMOVED],
  ["PURGE", REMOVED],
  ["REVOKE", look("delete", IconBan)],
  ["LOGIN", look("login", IconLogin2)],
  ["LOGOUT", look("logout", IconLogout2)],
  ["LOGIN_FAILED", look("failed", IconLockX)],
  ["ACCESS_DENIED", look("failed", IconBan)],
  ["LEAK_DETECTED", look("failed", IconKey)],
  ["READ", READ],
  ["VIEW", READ],
  ["ACCESS", look("access", IconArrowUpRight)],
  ["RUN", look("run", IconPlayerPlay)],
  ["DEPLOY", look("deploy", IconRocket)],
  ["SEARCH", look("search", IconSearch)],
  ["EXPORT", look("export", IconDownload)],
  ["PASSWORD_CHANGE", SECURED],
  ["PASSWORD_RESET", SECURED],
  ["PASSWORD_RESET_REQUEST", SECURED],
  ["TWO_FACTOR_ENABLE", SECURED],
  ["TWO_FACTOR_DISABLE", look("failed", IconShieldLock)],
]);

const OTHER = look("other", IconPoint);

/**
 * How an action looks: on badges, in charts, in the feed. Senders may name actions of their own.
 */
export function actionLook(action: string): ActionLook {
  return LOOKS.get(action) ?? OTHER;
}
