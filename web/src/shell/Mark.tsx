export interface MarkProps {
  size?: number;
}

/** The product's sign: a trail of three points, kept in a frame. */
export function Mark({ size = 22 }: MarkProps) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden>
      <rect width="24" height="24" rx="6" fill="var(--mantine-color-iris-8)" />
      <path
        d="M6.5 17 L11 11.5 L14 14 L17.5 7"
        fill="none"
        stroke="#fff"
        strokeOpacity="0.55"
        strokeWidth="1.8"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <circle cx="6.5" cy="17" r="1.9" fill="#fff" />
      <circle cx="12.4" cy="12.7" r="1.9" fill="#fff" />
      <circle cx="17.5" cy="7" r="2.3" fill="#fff" />
    </svg>
  );
}
