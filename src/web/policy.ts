/** What a browser may do with the page: what it loads, and which sites may show it in a frame. */
import type { EmbedOrigins } from '../chat/settings.ts';
import type { AnswerFields } from '../http/answer.ts';

/**
 * Nothing but the room's own script and style runs or loads. The page needs no exception from
 * this, not for one inline style.
 */
const directives = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
];

/** The page on its own: nobody may frame it, so nobody can lay it under something to be clicked. */
export const ownPolicy: AnswerFields = policyFields([]);

/** The page as `<encke-chat>` shows it: in a frame of those sites that are allowed. */
export function embeddedPolicy(origins: EmbedOrigins): AnswerFields {
  return policyFields(origins === '*' ? ['*'] : origins);
}

/** Whether the page is asked for as `<encke-chat>` does it. */
export function isEmbedded(query: string): boolean {
  return /(?:^|&)embed=1(?:&|$)/.test(query);
}

function policyFields(ancestors: readonly string[]): AnswerFields {
  const isFramed = ancestors.length > 0;
  const framing = `frame-ancestors ${isFramed ? ancestors.join(' ') : "'none'"}`;
  return {
    'Content-Security-Policy': [...directives, framing].join('; '),
    // For browsers that are older than the directive. It can name no site, so where one is allowed
    // it would keep that one out as well.
    ...(isFramed ? {} : { 'X-Frame-Options': 'DENY' }),
  };
}
