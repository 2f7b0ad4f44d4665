import type { PublicStatus } from '../../../contract/health.ts';
import { escapeHtml as escape, htmlPage } from './html.ts';

/** The public status page. Links come from the operator's configuration; only web and mail addresses become links. */
export function statusPage(status: PublicStatus): string {
  const incidents = status.incidents.map(
    (one) =>
      `<li><time>${escape(one.at)}</time> ${escape(one.text)} <span class="soft">${one.resolved_at === null ? 'open' : `resolved ${escape(one.resolved_at)}`}</span></li>`,
  );
  const links = status.links
    .filter(({ url }) => /^(https?:\/\/|mailto:)/i.test(url))
    .map(({ name, url }) => `<li><a href="${escape(url)}" rel="noopener noreferrer">${escape(name)}</a></li>`);
  return htmlPage(
    'OKD status',
    `<main class="narrow"><h1>OKD status</h1>
<p class="state ${status.state}">${escape(status.state)}</p>
<p>Environment <code>${escape(status.environment)}</code>, version ${escape(status.version)}, up since ${escape(status.started_at)}.</p>
<h2>Incidents</h2>${incidents.length === 0 ? '<p class="soft">None.</p>' : `<ul>${incidents.join('')}</ul>`}
${links.length === 0 ? '' : `<h2>Links</h2><ul>${links.join('')}</ul>`}</main>`,
  );
}
