// @ts-check
// Forbids workers to start scripts or other workers: only the page does (www/app/shared/script-url.js). Each worker may define
// the page's policy for script addresses once (Trusted Types, W3C); so this defines it before anything else runs, and allows none.

/** @typedef {{ createPolicy: (name: string, rules: {}) => void }} TrustedTypes */

const { trustedTypes } = /** @type {{ trustedTypes?: TrustedTypes }} */ (/** @type {unknown} */ (self));
trustedTypes?.createPolicy('cotejo', {});
