/** What every answer says to the browser, beside its content. Electron's window uses the same policy. */

/**
 * Nothing from anywhere else, no script but the files of the studio. Styles may be inline: component libraries set them
 * while they measure, and a style runs nothing.
 */
const POLICY: Readonly<Record<string, string>> = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' blob: data:",
  'font-src': "'self'",
  'connect-src': "'self'",
  'worker-src': "'self'",
  'manifest-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
  'object-src': "'none'",
}

const policyText = (policy: Readonly<Record<string, string>>) =>
  Object.entries(policy)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ')

export const CONTENT_SECURITY_POLICY = policyText(POLICY)

/** For `npm run dev` alone: hot reload puts a script into the page and talks over a web socket. */
export const DEVELOPMENT_POLICY = policyText({
  ...POLICY,
  'script-src': "'self' 'unsafe-inline'",
  'connect-src': "'self' ws:",
})

export const securityHeaders = (policy = CONTENT_SECURITY_POLICY): Readonly<Record<string, string>> => ({
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), payment=()',
})
