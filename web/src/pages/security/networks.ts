/** Addresses and networks: which entries of an allow-list let an address in. */

/** As long a note may be, on either list. */
export const NOTE_LENGTH = 200;

interface Network {
  bits: bigint;
  prefix: number;
  width: 32 | 128;
}

/** The entries whose network holds the address, the narrowest first. */
export function holding<T extends { network: string }>(
  entries: readonly T[],
  address: string,
): T[] {
  const wanted = parse(address);
  if (wanted === null) {
    return [];
  }
  return entries
    .map((entry) => ({ entry, network: parse(entry.network) }))
    .filter(({ network }) => network !== null && holds(network, wanted))
    .sort((one, other) => (other.network?.prefix ?? 0) - (one.network?.prefix ?? 0))
    .map(({ entry }) => entry);
}

/** Whether the network is of this one address and no other. */
export function isSingle(network: string): boolean {
  const parsed = parse(network);
  return parsed !== null && parsed.prefix === parsed.width;
}

function holds(network: Network, address: Network): boolean {
  if (network.width !== address.width || network.prefix > address.prefix) {
    return false;
  }
  const shift = BigInt(network.width - network.prefix);
  return network.bits >> shift === address.bits >> shift;
}

function parse(text: string): Network | null {
  const [address = "", length] = text.trim().split("/");
  const bits = address.includes(":") ? ofSix(address) : ofFour(address);
  if (bits === null) {
    return null;
  }
  const width = address.includes(":") ? 128 : 32;
  const prefix = length === undefined ? width : Number(length);
  return Number.isInteger(prefix) && prefix >= 0 && prefix <= width
    ? { bits, prefix, width }
    : null;
}

function ofFour(text: string): bigint | null {
  const parts = text.split(".");
  const isFour = parts.length === 4 && parts.every((each) => /^\d{1,3}$/.test(each) && +each < 256);
  return isFour ? parts.reduce((bits, each) => (bits << 8n) | BigInt(each), 0n) : null;
}

function ofSix(text: string): bigint | null {
  const halves = text.split("::");
  if (halves.length > 2) {
    return null;
  }
  const [front, back] = halves.map(groups);
  if (!front || back === null) {
    return null;
  }
  const missing = 8 - front.length - (back?.length ?? 0);
  if (back === undefined ? missing !== 0 : missing < 1) {
    return null;
  }
  const zeros = new Array<bigint>(missing).fill(0n);
  return [...front, ...zeros, ...(back ?? [])].reduce((bits, each) => (bits << 16n) | each, 0n);
}

/** The groups of sixteen bits of one side of `::`; an IPv4 address at its end is two of them. */
function groups(text: string): bigint[] | null {
  const found: bigint[] = [];
  for (const part of text === "" ? [] : text.split(":")) {
    const four = part.includes(".") ? ofFour(part) : null;
    if (four !== null) {
      found.push(four >> 16n, four & 0xffffn);
    } else if (/^[\da-f]{1,4}$/i.test(part)) {
      found.push(BigInt(`0x${part}`));
    } else {
      return null;
    }
  }
  return found;
}
