import { ADMIN_EMAIL } from './first-start.ts';
import { curlLine } from './first-order.ts';
import type { Instance } from './instance.ts';

/** One line for programs: every address, and what a first order would be. */
export function readyLine(instance: Instance): Readonly<Record<string, unknown>> {
  const { url, environment, dir, paper, firstOrder, password } = instance;
  return {
    ready: true,
    environment,
    gateway: {
      url,
      docs: `${url}/docs`,
      openapi: `${url}/openapi.json`,
      ws: `${url.replace(/^http/, 'ws')}/ws`,
      health: `${url}/health/ready`,
    },
    paper: paper === null ? null : { rest: paper.rest, ws: paper.ws },
    data: dir,
    login: { email: ADMIN_EMAIL, ...(password === null ? {} : { password }) },
    first_order:
      firstOrder === null ? null : { quantity: firstOrder, curl: curlLine(url, firstOrder, ` --data ${dir}`) },
  };
}

/** The same for people. */
export function banner(instance: Instance, dataOption: string | undefined): string {
  const { url, environment, paper, firstOrder, password, dir } = instance;
  const login =
    password === null
      ? `${ADMIN_EMAIL}, with the password shown at the first start`
      : `${ADMIN_EMAIL}  password ${password}  (shown once)`;
  const option = dataOption === undefined ? '' : ` --data ${dataOption}`;
  const lines = [
    '',
    `OKD is running  (${environment}${environment === 'paper' ? ': play money, nothing leaves this machine' : ''})`,
    '',
    `  API        ${url}`,
    `  docs       ${url}/docs`,
    ...(paper === null ? [] : [`  Bybit V5   ${paper.rest}   (the built-in exchange)`]),
    `  sign in    ${login}`,
    `  data       ${dir}`,
    '',
    ...(firstOrder === null
      ? []
      : ['A first order, split over both venues:', '', `  ${curlLine(url, firstOrder, option)}`, '']),
    'Ctrl-C stops it.',
    '',
  ];
  return `${lines.join('\n')}\n`;
}
