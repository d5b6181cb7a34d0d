// @ts-check
// Addresses of scripts, as the page's policy demands (Trusted Types, W3C). Text becomes an address here and nowhere else, so
// that no other place in the page, a library least of all, can have the browser run a script.

/** @typedef {{ createPolicy: (name: string, rules: { createScriptURL: (address: string) => string }) => { createScriptURL: (address: string) => string } }} TrustedTypes */

const { trustedTypes } = /** @type {{ trustedTypes?: TrustedTypes }} */ (/** @type {unknown} */ (self));

const policy = trustedTypes?.createPolicy('cotejo', {
  createScriptURL(address) {
    if (/^(blob:|[\w-]+\.js$)/.test(address)) return address;
    throw new TypeError(`not an address of this page's own: ${address}`);
  },
});

/** @param {string} address of what this page made, or of a file beside it @returns {string} for a worker or a script element */
export const scriptUrl = (address) => policy?.createScriptURL(address) ?? address;
