/** Why an event may say less than one hopes: reasons that can be told from the event itself. */
import type { Event } from "../../api/event";

export type Reason =
  | "noDetails"
  | "api"
  | "client"
  | "system"
  | "stranger"
  | "noUser"
  | "deleted"
  | "idOnly"
  | "batch"
  | "noPlace";

const FEW = 2;

export function reasonsOf(event: Event): Reason[] {
  return [...ofDetails(event), ...ofUser(event), ...ofResource(event), ...ofAddress(event)];
}

function ofDetails({ details, source }: Event): Reason[] {
  const size = Object.keys(details).length;
  if (size > FEW || source === "UI") {
    return size === 0 ? ["noDetails"] : [];
  }
  const reasons: Reason[] = size === 0 ? ["noDetails"] : [];
  if (source === "API") {
    reasons.push("api");
  } else if (source !== "SYSTEM") {
    reasons.push("client");
  }
  return reasons;
}

function ofUser({ user_id, user_email, source, action }: Event): Reason[] {
  if (user_id !== null || user_email !== null) {
    return action === "LOGIN_FAILED" && user_id === null ? ["stranger"] : [];
  }
  if (source === "SYSTEM") {
    return ["system"];
  }
  return [action === "LOGIN_FAILED" ? "stranger" : "noUser"];
}

function ofResource({ resource_id, resource_name, action }: Event): Reason[] {
  if (resource_id === null || resource_name !== null) {
    return [];
  }
  return [action === "DELETE" ? "deleted" : "idOnly"];
}

function ofAddress({ ip_address, source, enrich }: Event): Reason[] {
  if (ip_address === null) {
    return source === "SYSTEM" ? [] : ["batch"];
  }
  return enrich.country === null && enrich.city === null ? ["noPlace"] : [];
}
