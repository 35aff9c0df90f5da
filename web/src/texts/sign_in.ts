import { count } from "./numbers";

const again = "Begin the sign-in again.";

/** What `#error=CODE` of a single sign-on means, for the person who wanted in. */
const singleSignOnFaults: Record<string, string> = {
  SINGLE_SIGN_ON_NOT_SET_UP: "There is no single sign-on for this organization. Check its id.",
  RETURN_TO_INVALID: "The link that you followed leads somewhere else. Sign in from here.",
  OIDC_STATE_INVALID: `The sign-in took too long, or was begun in another browser. ${again}`,
  OIDC_ISSUER_MISMATCH: "Another provider answered than the one that was asked.",
  OIDC_DENIED: "You or your provider said no.",
  OIDC_PROVIDER_ERROR: "Your provider answered with an error. Try again.",
  OIDC_PROVIDER_UNAVAILABLE: "Your provider cannot be reached. Try again later.",
  OIDC_ADDRESS_REFUSED: "Your provider is at an address that the service may not call.",
  OIDC_ANSWER_INVALID: "Your provider's answer is not what it should be.",
  OIDC_CODE_REFUSED: `Your provider did not take its own code. ${again}`,
  OIDC_CLIENT_REFUSED: "Your provider does not know this service (client id or secret).",
  OIDC_TOKEN_INVALID: "Your provider's word did not pass a check.",
  OIDC_EMAIL_UNVERIFIED: "Your provider gave no e-mail that it has verified.",
  OIDC_DOMAIN_NOT_ALLOWED: "Your e-mail is not of a domain that may come in here.",
  OIDC_USER_UNKNOWN: "No member of the organization has your e-mail. Ask for an invitation.",
  OIDC_USER_AMBIGUOUS: "Several members have your e-mail.",
  OIDC_INVITATION_NEEDED: "You have an account here already: accept an invitation first.",
  OIDC_USER_MISMATCH: "The member with your e-mail is somebody else at your provider.",
  OIDC_USER_SHUT_OUT: "Your account in this organization was disabled or deleted.",
  OIDC_NO_ROLE: "Your provider gives you no role here (any more).",
  TOO_MANY_TRIES: "Too many sign-ins from your address failed. Wait a while.",
};

export const signIn = {
  product: "Trailkeeper",
  purpose: "Who did what, when, and from where.",

  login: {
    title: "Sign in",
    email: "E-mail",
    password: "Password",
    submit: "Sign in",
    forgot: "Forgot your password?",
    or: "or",
    passkey: "Sign in with a passkey",
    singleSignOn: "Sign in with single sign-on",
    back: "Back to e-mail and password",
    organization: "Organization",
    organizationHint: "Its id, as in acme-ai. Whoever invited you knows it.",
    continue: "Continue to your provider",
    passwordReset: "Your password is set. Sign in with it.",
    singleSignOnFailed: "Single sign-on did not work",
    fault: (code: string) =>
      singleSignOnFaults[code] ?? "Something went wrong at your provider, or on the way.",
    faultAdmin: (code: string) =>
      `Code ${code}. The organization's log has the reason; tell your administrator.`,
  },

  unreachable: "The service cannot be reached",
  unreachableHint: "Check your connection, and try again.",

  wait: {
    inSeconds: (seconds: number) =>
      seconds === 1 ? "Try again in 1 second." : `Try again in ${wait(seconds)}.`,
    now: "You can try again now.",
  },

  demo: {
    title: "Demo",
    text:
      "People and activity are made up. The sign-ins, one for each role, are printed in the " +
      "terminal where the service was started.",
  },

  secondFactor: {
    title: "Is it you?",
    description: "Your password is right. Now show your second factor.",
    methods: "How",
    totp: "App",
    passkey: "Passkey",
    recovery_code: "Recovery code",
    code: "Code of your authenticator app",
    codeHint: "Six digits, new every 30 seconds.",
    recovery: "Recovery code",
    recoveryHint: "One of the ten that you kept, as in 3f9k-0v2m-x7qa-81cd. It is good once.",
    usePasskey: "Use your passkey",
    passkeyHint: "Your browser asks for your finger, face or PIN.",
    submit: "Continue",
    restart: "Start again",
    lost: "Lost them all? Somebody who manages users can remove your second factors.",
    expired: "This sign-in took too long. Start again.",
  },

  passkeys: {
    insecure:
      "Passkeys work at a name with TLS, or at http://localhost. This page is open at neither.",
    plainAddress: (host: string) =>
      `Browsers offer no passkeys at a bare IP address (${host}). Open the service at its name, ` +
      "or at http://localhost on its own machine.",
    noBrowser: "This browser cannot use passkeys.",
    refused: "No passkey was shown: it was cancelled, took too long, or none fits this address.",
    known: "This device has a passkey for your account already.",
    failed: "The browser could not use a passkey here.",
  },

  setup: {
    title: "Set Trailkeeper up",
    description: "You become the first person who may do everything here.",
    organization: "Organization",
    organizationHint: "What you call it. You can change it later.",
    name: "Your name",
    email: "Your e-mail",
    password: "Choose a password",
    submit: "Create the account",
    noToken: "The link is in the terminal",
    noTokenText:
      "Nobody can sign in yet. The service printed a link when it started, on the terminal where " +
      "it runs. Open that link: it is good once, for 24 hours.",
    noTokenCommand: "For another link, run on the service's machine:",
    command: "trailkeeper setup-link",
    done: "Trailkeeper is set up",
    doneText: "Somebody can sign in already. If that should be you, ask for an invitation.",
    toLogin: "Go to sign-in",
    used: "This link is no good any more: it was used, or is older than 24 hours.",
  },

  password: {
    rule: "At least 12 characters. Several words that do not belong together are easy to remember.",
    show: "Show or hide the password",
  },

  forgot: {
    title: "Forgot your password?",
    description: "We mail you a link to set a new one.",
    email: "E-mail",
    submit: "Mail me a link",
    sent: "Look into your mailbox",
    sentText: (email: string) =>
      `If there is an account for ${email}, a link is on its way. It is good once, for 30 minutes.`,
    noMail:
      "Nothing came? Without a mail server, the service writes mails to its log: ask whoever " +
      "runs it.",
    back: "Back to sign-in",
  },

  reset: {
    title: "Set a new password",
    description: "It ends all your sessions, everywhere.",
    password: "New password",
    submit: "Set the password",
    noToken: "This page needs the link from your mail. Ask for a new one.",
    ask: "Ask for a new link",
  },

  invitation: {
    title: (organization: string) => `Join ${organization}`,
    reading: "Looking at your invitation",
    as: (email: string, role: string | null) =>
      role === null ? `You are invited as ${email}.` : `You are invited as ${email}, role ${role}.`,
    until: "Good until",
    name: "Your name",
    password: "Choose a password",
    ownPassword: "Your password",
    ownPasswordHint:
      "There is an account with this e-mail already. Show that it is yours; its password stays.",
    signedIn: (email: string) => `You are signed in as ${email}. One click and you are in.`,
    other: (email: string) =>
      `This browser is signed in as ${email}. Accepting signs you in as the person invited.`,
    submit: "Accept the invitation",
    bad: "This invitation is no good any more",
    badText:
      "It was accepted, taken back, replaced by a newer one, or is older than seven days. Ask " +
      "whoever invited you for a new one.",
    noToken: "This page needs the link from your invitation's mail.",
  },
} as const;

function wait(seconds: number): string {
  if (seconds < 120) return `${count(seconds)} seconds`;
  return `${count(Math.ceil(seconds / 60))} minutes`;
}
