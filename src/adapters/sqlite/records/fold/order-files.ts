import type { AccountId, ClientOrderId, OrderId } from '../../../../domain/ids.ts';
import { invariant } from '../../../../domain/result.ts';
import type { OrderRow } from '../tables.ts';
import { type ChildFile, childFile, childRow, type OrderFile, orderRow } from './order-file.ts';
import type { Storage } from './storage.ts';

export type ChildPlace = Readonly<{ file: OrderFile; child: ChildFile }>;

/** Open orders are kept between batches, up to this many an account; more are read again when they are met. */
const KEPT = 2_000;

/** The orders of one account that are being worked on, read from the tables when they are met first. */
export class OrderFiles {
  readonly #storage: Storage;
  readonly #account: AccountId;
  readonly #files = new Map<OrderId, OrderFile>();
  readonly #byChild = new Map<ClientOrderId, ChildPlace>();

  constructor(storage: Storage, account: AccountId) {
    this.#storage = storage;
    this.#account = account;
  }

  open(row: OrderRow): void {
    this.#files.set(row.id as OrderId, { row, children: [], changed: true });
  }

  of(id: OrderId): OrderFile {
    return this.#files.get(id) ?? this.#read(id);
  }

  addChild(file: OrderFile, child: ChildFile): void {
    file.children.push(child);
    this.#byChild.set(child.order.clientOrderId, { file, child });
  }

  ofChild(id: ClientOrderId): ChildPlace {
    const known = this.#byChild.get(id);
    if (known !== undefined) return known;
    const order = this.#storage.orderOfChild(this.#account, id);
    invariant(order !== undefined, `child ${id} of ${this.#account} was routed before`);
    this.#read(order);
    const read = this.#byChild.get(id);
    invariant(read !== undefined, `child ${id} is in the file of its order`);
    return read;
  }

  #read(id: OrderId): OrderFile {
    const row = this.#storage.order(this.#account, id);
    invariant(row !== undefined, `order ${id} of ${this.#account} was accepted before`);
    const children = this.#storage.childrenOf(this.#account, row.seq).map((child) => childFile(row, child));
    const file: OrderFile = { row, children, changed: false };
    this.#files.set(id, file);
    for (const child of children) this.#byChild.set(child.order.clientOrderId, { file, child });
    return file;
  }

  save(): void {
    for (const [id, file] of this.#files) {
      if (file.changed) this.#write(file);
      if (file.row.closed_at !== null || this.#files.size > KEPT) this.#drop(id, file);
    }
  }

  #write(file: OrderFile): void {
    file.row = orderRow(file);
    file.changed = false;
    this.#storage.orders.put(file.row);
    for (const child of file.children) {
      if (child.changed) this.#storage.children.put(childRow(file, child));
      child.changed = false;
    }
  }

  #drop(id: OrderId, { children }: OrderFile): void {
    this.#files.delete(id);
    for (const { order } of children) this.#byChild.delete(order.clientOrderId);
  }
}
