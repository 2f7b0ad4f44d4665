// Settings of positions and accounts, loans, transfers, members and their keys.
import { type Case, get, post } from './bench.ts';

const symbol = 'BTCUSDT';
/** Its text is the exchange's own: it has to speak of the parameter. */
const about = (word: string) => ({ text: new RegExp(`^(?!.*not supported).*${word}`, 'i') });
const MODE = '/v5/position/switch-mode';
const AUTO = '/v5/position/set-auto-add-margin';
const ADD = '/v5/position/add-margin';
const STOP = '/v5/position/trading-stop';

const positions: readonly Case[] = [
  post('the mode that it is', MODE, { category: 'linear', symbol, mode: 0 }, 110025, { as: 'fresh' }),
  post('with a position', MODE, { category: 'linear', symbol, mode: 3 }, 110024),
  post('two sides of a USDC perpetual', MODE, { category: 'linear', symbol: 'BTCPERP', mode: 3 }, 110029, { as: 'fresh' }),
  post('a mode that is none', MODE, { category: 'linear', symbol, mode: 2 }, 10001, { text: 'params error: mode invalid' }),
  post('neither symbol nor coin', MODE, { category: 'linear', mode: 3 }, 10001, { text: 'Missing some parameters that must be filled in, symbol or coin' }),
  post('in cross margin', AUTO, { category: 'linear', symbol, autoAddMargin: 1 }, 110076),
  post('a word that is none', AUTO, { category: 'linear', symbol, autoAddMargin: 2 }, 10001, { text: 'params error: autoAddMargin invalid' }),
  post('in cross margin', ADD, { category: 'linear', symbol, margin: '1' }, 110015),
  post('no margin', ADD, { category: 'linear', symbol }, 10001, { text: /margin/ }),
  post('nothing changed', STOP, { category: 'linear', symbol, tpslMode: 'Full', positionIdx: 0 }, 34040, { text: /^not modified$/i }),
  post('no position', STOP, { category: 'linear', symbol: 'ETHUSDT', tpslMode: 'Full', takeProfit: '4000', positionIdx: 0 }, 10001, { text: 'can not set tp/sl/ts for zero position' }),
  post('a mode that is none', STOP, { category: 'linear', symbol, tpslMode: 'Half', positionIdx: 0 }, 10001, { text: 'params error: tpslMode invalid' }),
  post('different sizes', STOP, { category: 'linear', symbol, tpslMode: 'Partial', takeProfit: '70000', stopLoss: '50000', tpSize: '0.01', slSize: '0.02', positionIdx: 0 }, 10001, { text: /tpSize/ }),
  post('more than the position', STOP, { category: 'linear', symbol, tpslMode: 'Partial', takeProfit: '70000', tpSize: '5', positionIdx: 0 }, 110058),
  post('a limit for the whole position', STOP, { category: 'linear', symbol, tpslMode: 'Full', takeProfit: '70000', tpOrderType: 'Limit', tpLimitPrice: '70000', positionIdx: 0 }, 10001, { ...about('tp') }),
]; // biome-ignore format: a table

const accounts: readonly Case[] = [
  post('portfolio margin', '/v5/account/set-margin-mode', { setMarginMode: 'PORTFOLIO_MARGIN' }, 3400045, { as: 'fresh' }),
  post('a mode that is none', '/v5/account/set-margin-mode', { setMarginMode: 'BOLD' }, 10001, { text: 'params error: setMarginMode invalid' }),
  post('hedging of portfolio margin', '/v5/account/set-hedging-mode', { setHedgingMode: 'ON' }, 140001),
  post('USDT, which is always collateral', '/v5/account/set-collateral-switch', { coin: 'USDT', collateralSwitch: 'OFF' }, 182111, { ...about('collateral|gold|switch') }),
  post('a word that is none', '/v5/account/set-collateral-switch', { coin: 'BTC', collateralSwitch: 'MAYBE' }, 10001, { text: 'params error: collateralSwitch invalid' }),
  post('a coin twice', '/v5/account/set-collateral-switch-batch', { request: [{ coin: 'BTC', collateralSwitch: 'ON' }, { coin: 'BTC', collateralSwitch: 'ON' }] }, 182112),
  post('no loan', '/v5/account/repay', { coin: 'SOL', amount: '1' }, 182102),
  post('a coin that is none', '/v5/account/repay', { coin: 'NOPE', amount: '1' }, 182102),
  post('no loan', '/v5/account/no-convert-repay', { coin: 'ETH', amount: '1' }, 182102),
  post('no coin', '/v5/account/no-convert-repay', { amount: '1' }, 10001, { text: 'Missing some parameters that must be filled in, coin' }),
  post('limits of institutions', '/v5/apilimit/set', { list: [{ uids: '1001', bizType: 'SPOT', rate: 50 }] }, 3500002),
  post('protection of market makers', '/v5/account/mmp-modify', { baseCoin: 'BTC', window: '5000', frozenPeriod: '100', qtyLimit: '5', deltaLimit: '2' }, 110065),
  post('protection of market makers', '/v5/account/mmp-reset', { baseCoin: 'BTC' }, 110065),
  get('limits of others', '/v5/apilimit/query', 'uids=9999', 3500153, { text: 'You do not have permission to query other UIDs' }),
  get('more than seven days', '/v5/account/transaction-log', 'startTime=1732000000000&endTime=1733011200000', 10001, { ...about('7 days') }),
  get('more than seven days', '/v5/position/closed-pnl', 'category=linear&startTime=1732000000000&endTime=1733011200000', 10001, { ...about('7 days') }),
  get('a date that is none', '/v5/asset/delivery-record', 'category=option&expDate=YESTERDAY', 181018),
  get('more than thirty days', '/v5/account/borrow-history', 'startTime=1722000000000&endTime=1733011200000', 10001, { ...about('30 days') }),
]; // biome-ignore format: a table

const MOVE = '/v5/asset/transfer/inter-transfer';
const uuid = (last: string) => `42c0cfb0-6bca-c242-bc76-4e6df6cbcb${last}`;
const move = (change: object) => ({
  transferId: uuid('01'), coin: 'USDT', amount: '1', fromAccountType: 'UNIFIED', toAccountType: 'FUND', ...change,
}); // biome-ignore format: a row
const UNIVERSAL = '/v5/asset/transfer/universal-transfer';
const between = (change: object) => ({
  ...move({ transferId: uuid('02') }), fromMemberId: 1001, toMemberId: 1002, fromAccountType: 'FUND', ...change,
}); // biome-ignore format: a row

const transfers: readonly Case[] = [
  post('the same wallet', MOVE, move({ toAccountType: 'UNIFIED' }), 131211),
  post('more than there is', MOVE, move({ amount: '99999999' }), 131212),
  post('too many decimals', MOVE, move({ amount: '0.0000000000000000001' }), 131210),
  post('nothing', MOVE, move({ amount: '0' }), 131215),
  post('a coin that is none', MOVE, move({ coin: 'NOPE' }), 131206),
  post('a wallet that is gone', MOVE, move({ toAccountType: 'CONTRACT' }), 131203),
  post('an id that is none', MOVE, move({ transferId: 'x' }), 131203),
  post('no id', MOVE, move({ transferId: '' }), 10001, { text: 'Missing some parameters that must be filled in, transferId' }),
  post('a key without transfers', MOVE, move({}), 10005, { as: 'spotter' }),
  post('a member of another house', UNIVERSAL, between({}), 131202),
  post('a key without transfers', UNIVERSAL, between({}), 10005, { as: 'spotter' }),
  get('no coin', '/v5/asset/transfer/query-account-coin-balance', 'accountType=UNIFIED', 10001, { text: 'Missing some parameters that must be filled in, coin' }),
  get('unified without coins', '/v5/asset/transfer/query-account-coins-balance', 'accountType=UNIFIED', 10001, { text: /coin/ }),
  get('a wallet that is gone', '/v5/asset/transfer/query-account-coins-balance', 'accountType=CONTRACT&coin=BTC', 131203),
]; // biome-ignore format: a table

const members: readonly Case[] = [
  post('a short name', '/v5/user/create-sub-member', { username: 'abc', memberType: 1 }, 10001, { text: /username/ }),
  post('a name without digits', '/v5/user/create-sub-member', { username: 'abcdefgh', memberType: 1 }, 10001, { text: /username/ }),
  post('a kind that is none', '/v5/user/create-sub-member', { username: 'abcdef12', memberType: 3 }, 10001, { text: 'params error: memberType invalid' }),
  post('a member of another house', '/v5/user/create-sub-api', { subuid: 1002, readOnly: 0, permissions: {} }, 500010, { text: 'The subaccount specified does not belong to the parent account' }),
  post('a member of another house', '/v5/user/frozen-sub-member', { subuid: 1002, frozen: 1 }, 500010, { text: 'The subaccount specified does not belong to the parent account' }),
  post('a key that may only read', '/v5/user/create-sub-member', { username: 'abcdef12', memberType: 1 }, 10005, { as: 'reader' }),
  post('terms that are not agreed to', '/v5/user/agreement', { categoryV2: 2, agree: false }, 10001, { text: 'params error: agree invalid' }),
]; // biome-ignore format: a table

export const MONEY: readonly Case[] = [...positions, ...accounts, ...transfers, ...members];
