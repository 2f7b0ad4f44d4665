import { invalid } from '../../adapters/bybit-server/index.ts';
import { systemRng } from '../../adapters/system/rng.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import { type AccountConfig, type Control, makeAccount, readPaperConfig } from '../../paper/index.ts';

type Row = Readonly<Record<string, unknown>>;
type Refusal = Readonly<{ code: string; message: string }>;

/**
 * Opens an account from a row of the configuration's `accounts`; of an account that is there a row without balances and
 * fees adds a key. What of the key is not given is made, and told here only.
 */
export async function openAccount(control: Control, row: Row): Promise<Result<object, Refusal>> {
  const account = readAccount(row);
  if (!account.ok) return account;
  const { uid, apiKey, apiSecret } = account.value;
  const isKeyOnly = control.accounts.feesOf(uid) !== null && row['balances'] === undefined && row['fees'] === undefined;
  const done = isKeyOnly ? await control.accounts.addKey(account.value) : await control.accounts.open(account.value);
  return done.ok ? ok({ uid, apiKey, apiSecret }) : done;
}

function readAccount(row: Row): Result<AccountConfig, Refusal> {
  const { apiKey, apiSecret } = makeAccount(systemRng(), '1');
  const read = readPaperConfig({ accounts: [{ apiKey, apiSecret, ...row }] });
  const [account] = read.ok ? read.value.accounts : [];
  if (account !== undefined) return ok(account);
  const problems = read.ok ? [] : read.error;
  return err(invalid(problems.map(({ path, message }) => ({ path: path.replace('accounts[0].', ''), message }))));
}
