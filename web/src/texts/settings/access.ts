import { count, plural } from "../numbers";

const people = (n: number) => plural(n, "person", "people");

export const keys = {
  title: "API keys",
  description: "They let programs in. A key belongs to the organization and is shown once.",
  add: "Make a key",
  list: "API keys",
  name: "Name",
  permissions: "May",
  from: "From",
  everywhere: "Everywhere",
  networks: (n: number) => (n === 1 ? "1 network" : `${count(n)} networks`),
  used: "Last used",
  neverUsed: "Never used",
  by: "Made by",
  byServer: "A command on the server",
  expires: "Ends",
  noEnd: "No end",
  states: {
    active: "Active",
    expiring: "Ends soon",
    expired: "Expired",
    revoked: "Revoked",
    leaked: "Leaked",
  },
  leaked: "This key stood in an event. Whoever reads that log can use it: rotate it, then revoke.",
  showOld: "Show revoked and expired keys",
  empty: "No keys",
  emptyText: "Make one to let a program send or read events.",
  rotate: "Rotate",
  edit: "Change",
  revoke: "Revoke",
  revokeTitle: (name: string) => `Revoke ${name}?`,
  revokeText: "Whatever uses it stops working at once. This cannot be undone.",
  revoked: (name: string) => `The key ${name} is revoked.`,
  form: {
    add: "Make an API key",
    edit: (name: string) => `Change ${name}`,
    name: "Name",
    namePlaceholder: "collector",
    permissions: "What it may do",
    notYours: "You may not do this yourself.",
    expires: "Ends",
    expiries: {
      "30": "In 30 days",
      "90": "In 90 days",
      "365": "In a year",
      never: "Never",
    } as Record<string, string>,
    networks: "May be used from",
    networksHint: "Addresses and networks, one per line, as in 203.0.113.0/24. Empty: everywhere.",
    submitAdd: "Make the key",
    submitEdit: "Save",
    saved: "The key is changed.",
    needPermission: "Choose at least one.",
  },
  rotation: {
    title: (name: string) => `Rotate ${name}`,
    text:
      "A new key with the same name, permissions and networks is made. The old one goes on for " +
      "the overlap, so that both work while you roll the new one out.",
    overlap: "Overlap in hours",
    overlapHint: "0 ends the old key at once; at most 720.",
    submit: "Make the new key",
  },
  issued: {
    title: "Your new key",
    text: "It is shown this once. Put it where your program reads it from.",
    label: "API key",
    copy: "Copy the key",
    try: "Try it",
    kept: "I kept it",
  },
} as const;

export const allowList = {
  title: "Allow-list",
  description:
    "From which addresses the organization may be used, by people and by keys. Nothing is exempt.",
  addresses: "Addresses and networks",
  yours: "Your address is",
  unknown: "Your address is not known to the service.",
  open: "The list is empty: everyone may come from everywhere.",
  networkOf: (n: number) => `Address or network ${String(n)}`,
  noteOf: (n: number) => `Note ${String(n)}`,
  networkPlaceholder: "203.0.113.0/24",
  notePlaceholder: "Office",
  add: "Add an address or network",
  addYours: "Add your address",
  remove: (n: number) => `Remove entry ${String(n)}`,
  saved: "The allow-list is saved. It counts at once.",
  lockOut: {
    title: "This locks you out",
    text: (address: string | null) =>
      address === null
        ? "Your address is not known, so no list can hold it. After saving you cannot use the " +
          "organization any more."
        : `${address} is not on the list. After saving, the next request from there is refused, ` +
          "yours too.",
    undo: "Only a command on the server undoes it:",
    command: "trailkeeper allow-list clear",
    confirm: "Save, and lock me out",
  },
} as const;

export const policy = {
  title: "Second factor",
  description: "Whether members must have an authenticator app or a passkey.",
  standing: "How it stands",
  rule: "The rule",
  have: (n: number, of: number) => `${count(n)} of ${people(of)} have a second factor`,
  lack: (n: number) => (n === 0 ? "Nobody lacks one." : `${people(n)} would have to set one up.`),
  requiredFrom: "Required from",
  optional: "It is not required.",
  grace: "Days until it counts",
  graceHint: "Until then nothing changes. Saving begins the period anew.",
  require: "Require a second factor",
  again: "Begin the period anew",
  release: "Require it no longer",
  releaseText: "Members may remove their last factor again.",
  after:
    "After that, whoever has none can sign in, set one up, sign out, and nothing else. Who comes " +
    "through single sign-on is exempt: there your provider is in charge.",
  yourself: "You have none yourself: set one up first, or you are among them.",
  done: "The rule is saved.",
} as const;

export const singleSignOn = {
  title: "Single sign-on",
  description: "Members sign in at your own OpenID provider in place of a password here.",
  none: "No provider is set up",
  noneText:
    "Register this service at your provider as a confidential web client with this redirect " +
    "address, then fill in what it gave you.",
  everything:
    "Changing it takes every permission, because whoever decides which provider is believed " +
    "decides who anybody is.",
  redirect: "Redirect address for your provider",
  copyRedirect: "Copy the redirect address",
  copyStart: "Copy the address that begins a sign-in",
  state: "At your provider",
  rule: "The rule",
  start: "Address that begins a sign-in",
  provider: "Provider",
  issuer: "Issuer",
  issuerHint: "The provider's address, exactly as it writes it itself.",
  clientId: "Client id",
  secret: "Client secret",
  secretKept: "Kept. Leave it empty unless issuer or client are new.",
  secretNew: "It is sealed, and never shown again.",
  people: "People",
  domains: "E-mail domains",
  domainsHint: "Only verified e-mails of these come in; sub-domains not included.",
  claim: "Claim with groups or roles",
  claimHint: "realm_access.roles looks deeper.",
  mapping: "Roles by group",
  mappingHint: "Of several that match, the first one counts.",
  group: (n: number) => `Group ${String(n)}`,
  groupLabel: "Group at the provider",
  roleOf: (n: number) => `Role for group ${String(n)}`,
  roleLabel: "Role here",
  addMapping: "Add a group",
  removeMapping: (n: number) => `Remove group ${String(n)}`,
  defaultRole: "Everyone else becomes",
  defaultRoleHint: "Without one, nobody is made: only members and people who were invited come in.",
  nobody: "Nobody: invite them",
  required: "Single sign-on only",
  requiredHint: "Nobody signs in by password or passkey any more, but for one person.",
  breakGlass: "Who still gets in by password",
  breakGlassHint: "A SUPER_ADMIN with a password: the way in while the provider is down.",
  saved: "Single sign-on is saved.",
  test: "Test the provider",
  works: "The provider answers as it should",
  worksText: (keys: number) => `It signs with ${keys === 1 ? "1 key" : `${count(keys)} keys`}.`,
  fails: "The provider does not answer as it should",
  remove: "Remove single sign-on",
  removeTitle: "Remove single sign-on?",
  removeText:
    "The provider and whom it knew are forgotten, and sessions that it vouched for end. Members " +
    "need a password or passkey then.",
  removed: "Single sign-on is removed.",
} as const;
