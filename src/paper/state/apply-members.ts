import { unreachable } from '../../domain/result.ts';
import type { MemberEvent } from './events.ts';
import { newAccount, type PaperState } from './state.ts';

export function applyMemberEvent(state: PaperState, event: MemberEvent): void {
  switch (event.type) {
    case 'member_created': {
      const { uid } = event.member;
      state.members.set(uid, event.member);
      if (!state.accounts.has(uid)) state.accounts.set(uid, newAccount(uid));
      return;
    }
    case 'member_frozen': {
      const member = state.members.get(event.uid);
      if (member !== undefined) state.members.set(event.uid, { ...member, frozen: event.frozen });
      return;
    }
    case 'member_deleted':
      state.members.delete(event.uid);
      for (const [apiKey, { uid }] of state.keys) if (uid === event.uid) state.keys.delete(apiKey);
      return;
    case 'key_set':
      state.keys.set(event.key.apiKey, event.key);
      state.goneKeys.delete(event.key.apiKey);
      return;
    case 'key_deleted':
      state.keys.delete(event.apiKey);
      state.goneKeys.add(event.apiKey);
      return;
    default:
      unreachable(event);
  }
}
