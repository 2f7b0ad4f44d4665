import { MARKET_CHANNELS, PRIVATE_CHANNELS, WS_CLOSE } from '../../../contract/ws.ts';
import { escapeHtml as escape } from './html.ts';

const EXAMPLES: readonly (readonly [string, string])[] = [
  ['Authenticate: the first message, within 5 seconds', '{"op":"auth","token":"<access_token>","decimals":"string"}'],
  [
    'Subscribe; since replays what followed that seq, or starts with a snapshot',
    '{"op":"subscribe","id":"1","channels":["orders","balances","orderbook:BTCUSDT"],"since":{"orders":1234}}',
  ],
  [
    'A push',
    '{"channel":"orders","seq":1235,"ts":"2024-12-01T12:00:00.000Z","type":"delta","data":[{"id":"…","status":"filled"}]}',
  ],
  [
    'Place an order: the body of POST /api/trading/order',
    '{"op":"order.create","id":"2","idempotency_key":"a-1","data":{"symbol":"BTCUSDT","side":"buy","type":"market","quantity":"0.01"}}',
  ],
  ['Cancel an order', '{"op":"order.cancel","id":"3","data":{"id":"<order id>"}}'],
  ['Stay: a new token before the old one expires', '{"op":"auth","token":"<new access_token>"}'],
];

/** The part of the documentation page that OpenAPI has no words for. */
export function webSocketGuide(): string {
  const examples = EXAMPLES.map(
    ([title, message]) => `<h4>${escape(title)}</h4><pre><code>${escape(message)}</code></pre>`,
  );
  const closes = Object.entries(WS_CLOSE).map(([name, code]) => `<tr><td>${code}</td><td>${escape(name)}</td></tr>`);
  return `<h2 id="websocket">WebSocket <code>/ws</code></h2>
<p>JSON text messages both ways. The token goes into the first message, never into the URL. Answers to operations carry the <code>id</code>
of the message; errors are the same as over HTTP.</p>
<p>Channels: ${PRIVATE_CHANNELS.map((one) => `<code>${one}</code>`).join(' ')} of the account, and
${MARKET_CHANNELS.map((one) => `<code>${one}:[category:]symbol</code>`).join(' ')}.</p>
<p><code>data</code> is a list of items. A <code>snapshot</code> replaces what you have; the items of a <code>delta</code> replace those with the same
id (orders, executions), asset and venue (balances), category and symbol (positions). Market channels send one whole item each time.</p>
<p><code>seq</code> grows by one per push of a channel. Where you were too slow for market data, the next push is a snapshot with a higher
<code>seq</code>. Private pushes are never dropped: a client that does not read is closed with ${WS_CLOSE.slow} and resumes with <code>since</code>.</p>
${examples.join('\n')}
<h4>Close codes</h4><div class="scroll"><table><tbody>${closes.join('')}</tbody></table></div>`;
}
