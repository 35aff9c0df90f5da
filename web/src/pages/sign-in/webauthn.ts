import { t } from "../../texts";

/** Why no passkey came of it, in words for the person. */
export class PasskeyRefused extends Error {
  override readonly name = "PasskeyRefused";
}

/** Bytes as WebAuthn's JSON forms write them: base64url without padding (RFC 4648, 5). */
export function toBase64url(bytes: ArrayBuffer): string {
  let binary = "";
  for (const byte of new Uint8Array(bytes)) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

export function fromBase64url(text: string): ArrayBuffer {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index += 1) bytes[index] = binary.charCodeAt(index);
  return bytes.buffer;
}

type Json = Record<string, unknown>;

/** Why passkeys cannot be used at this address, or null where they can. */
export function passkeyObstacle(host = window.location.hostname): string | null {
  const words = t.signIn.passkeys;
  // WebAuthn, 5.1.3: the relying party's id is a domain; no address is one.
  if (host.startsWith("[") || /^\d+(\.\d+){3}$/.test(host)) return words.plainAddress(host);
  if (!window.isSecureContext) return words.insecure;
  if (typeof window.PublicKeyCredential === "undefined") return words.noBrowser;
  return null;
}

/** Makes a passkey from the service's options; the answer is as `toJSON()` writes it. */
export async function createPasskey(options: Json): Promise<Json> {
  const user = options.user as Json;
  const publicKey = {
    ...options,
    challenge: fromBase64url(options.challenge as string),
    user: { ...user, id: fromBase64url(user.id as string) },
    excludeCredentials: described(options.excludeCredentials),
  } as unknown as PublicKeyCredentialCreationOptions;
  const made = await ceremony(() => navigator.credentials.create({ publicKey }));
  const response = made.response as AuthenticatorAttestationResponse;
  return {
    ...shared(made),
    response: {
      clientDataJSON: toBase64url(response.clientDataJSON),
      attestationObject: toBase64url(response.attestationObject),
      transports: response.getTransports(),
    },
  };
}

/** Shows a passkey for the service's options; the answer is as `toJSON()` writes it. */
export async function showPasskey(options: Json): Promise<Json> {
  const publicKey = {
    ...options,
    challenge: fromBase64url(options.challenge as string),
    allowCredentials: described(options.allowCredentials),
  } as unknown as PublicKeyCredentialRequestOptions;
  const shown = await ceremony(() => navigator.credentials.get({ publicKey }));
  const response = shown.response as AuthenticatorAssertionResponse;
  return {
    ...shared(shown),
    response: {
      clientDataJSON: toBase64url(response.clientDataJSON),
      authenticatorData: toBase64url(response.authenticatorData),
      signature: toBase64url(response.signature),
      userHandle: response.userHandle ? toBase64url(response.userHandle) : undefined,
    },
  };
}

function shared(credential: PublicKeyCredential): Json {
  return {
    id: credential.id,
    rawId: toBase64url(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
  };
}

function described(list: unknown): PublicKeyCredentialDescriptor[] {
  const items = (list ?? []) as (Json & { id: string })[];
  return items.map((item) => ({ ...item, type: "public-key", id: fromBase64url(item.id) }));
}

async function ceremony(begin: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  const obstacle = passkeyObstacle();
  if (obstacle) throw new PasskeyRefused(obstacle);
  try {
    const credential = await begin();
    if (credential instanceof PublicKeyCredential) return credential;
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    throw new PasskeyRefused(reason(error.name), { cause: error });
  }
  throw new PasskeyRefused(t.signIn.passkeys.refused);
}

/** Browsers say little on purpose: a page must not learn which passkeys somebody has. */
function reason(name: string): string {
  if (name === "NotAllowedError" || name === "AbortError") return t.signIn.passkeys.refused;
  if (name === "InvalidStateError") return t.signIn.passkeys.known;
  return t.signIn.passkeys.failed;
}
