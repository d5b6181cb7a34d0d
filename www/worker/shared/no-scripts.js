// @ts-check
// No worker starts scripts or other workers: the page does (www/app/shared/script-url.js). In each worker the page's policy for their
// addresses (Trusted Types, W3C) could be made once more; so it is made here, before anything else runs, and allows none.

/** @typedef {{ createPolicy: (name: string, rules: {}) => void }} TrustedTypes */

const { trustedTypes } = /** @type {{ trustedTypes?: TrustedTypes }} */ (/** @type {unknown} */ (self));
trustedTypes?.createPolicy('cotejo', {});
