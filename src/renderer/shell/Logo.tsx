/** A cell whose state goes back into it; resources/icons/icon.svg is the same, unrolled. */
export const Logo = ({ width = 24 }: { width?: number }) => (
  <svg
    width={width}
    height={(width * 5) / 6}
    viewBox="0 0 20 16"
    fill="none"
    stroke="currentColor"
    strokeWidth="1.6"
    strokeLinecap="round"
    aria-hidden="true"
    style={{ flex: 'none' }}
  >
    <rect x="1" y="5" width="6" height="6" rx="1.5" />
    <path d="M7 8h3M14 8h2M4 5V3.5A1.5 1.5 0 0 1 5.5 2h5A1.5 1.5 0 0 1 12 3.5V6" />
    <circle cx="12" cy="8" r="2" />
    <circle cx="18" cy="8" r="1.5" fill="currentColor" stroke="none" />
  </svg>
);
