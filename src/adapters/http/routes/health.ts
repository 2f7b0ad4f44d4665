import { refusal } from '../../../contract/errors.ts';
import { live, publicStatus, readiness } from '../../../contract/health.ts';
import { err, ok } from '../../../domain/result.ts';
import { statusPage } from '../docs/status-page.ts';
import { publicRoute, type Route, success } from '../route.ts';

const liveRoute = publicRoute({
  method: 'GET',
  path: '/health/live',
  operation: 'live',
  family: 'Operation',
  summary: 'Answers while the process runs.',
  statuses: [200],
  answer: live,
  errors: [],
  budget: 'none',
  handle: async () => success({ status: 'ok' }),
});

const readyRoute = publicRoute({
  method: 'GET',
  path: '/health/ready',
  operation: 'ready',
  family: 'Operation',
  summary: 'Whether orders are accepted, and what stands in the way.',
  statuses: [200],
  answer: readiness,
  errors: ['NOT_READY'],
  budget: 'none',
  handle: async (_input, { deps }) => {
    const state = deps.service.operation.readiness();
    return state.ready
      ? success(state)
      : err(refusal('NOT_READY', { details: { reasons: state.reasons }, retryAfterMs: 1000 }));
  },
});

const statusRoute = publicRoute({
  method: 'GET',
  path: '/status',
  operation: 'status',
  family: 'Operation',
  summary: 'Public state of the service: a page for browsers, JSON for programs.',
  statuses: [200],
  answer: publicStatus,
  errors: [],
  budget: 'read',
  handle: async (_input, { deps, headers }) => {
    const state = deps.service.operation.status();
    if (!(headers['accept'] ?? '').includes('text/html')) return success(state);
    return ok({ status: 200, text: statusPage(state), type: 'text/html; charset=utf-8' });
  },
});

export const healthRoutes: readonly Route[] = [liveRoute, readyRoute, statusRoute];
