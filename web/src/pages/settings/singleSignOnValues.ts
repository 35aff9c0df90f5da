import type { NewSingleSignOn, SingleSignOn } from "../../api/single_sign_on";

export type MappingValues = { key: string; group: string; role: string };

export type SingleSignOnValues = {
  issuer: string;
  client_id: string;
  client_secret: string;
  domains: string[];
  role_claim: string;
  role_mapping: MappingValues[];
  /** '' for nobody is made just in time. */
  default_role: string;
  is_required: boolean;
  break_glass_user: string | null;
};

export function toValues(known: SingleSignOn | null): SingleSignOnValues {
  return {
    issuer: known?.issuer ?? "",
    client_id: known?.client_id ?? "",
    client_secret: "",
    domains: known?.domains ?? [],
    role_claim: known?.role_claim ?? "groups",
    role_mapping: Object.entries(known?.role_mapping ?? {}).map(([group, role]) => ({
      key: group,
      group,
      role,
    })),
    default_role: known?.default_role ?? "",
    is_required: known?.is_required ?? false,
    break_glass_user: known?.break_glass_user ?? null,
  };
}

/** All of it, as the service wants it; only a secret that is left out stays. */
export function toBody(values: SingleSignOnValues): NewSingleSignOn {
  return {
    issuer: values.issuer.trim(),
    client_id: values.client_id.trim(),
    client_secret: values.client_secret || null,
    domains: values.domains,
    role_claim: values.role_claim.trim(),
    role_mapping: Object.fromEntries(
      values.role_mapping
        .filter(({ group, role }) => group !== "" && role !== "")
        .map(({ group, role }) => [group, role]),
    ),
    default_role: values.default_role || null,
    is_required: values.is_required,
    break_glass_user: values.break_glass_user,
  };
}
