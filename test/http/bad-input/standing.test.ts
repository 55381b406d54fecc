/** What somebody may not, or no more: ids used twice, and calls after leaving, a kick, a ban. */
import { expect, test } from 'bun:test';
import { limits } from '../../../src/protocol/limits.ts';
import type { Guest } from '../../kit/room-server.ts';
import { badInput, type Row } from './case.ts';
import { by, get, join, post } from './request.ts';
import { Scene } from './scene.ts';

const message = (id: string, text: string, more: object = {}) =>
  post('/v1/messages', { id, text, ...more });

const ids: readonly Row[] = [
  ['another text', message('mine', 'other'), '409 ID_REUSED'],
  ['a text with other blanks', message('mine', ' mine'), '409 ID_REUSED'],
  ['the same text', message('mine', 'mine'), '200'],
  ['the same text but for what is cleaned away', message('mine', 'mine\u200b \n'), '200'],
  ['the same text as a reply', message('mine', 'mine', { replyTo: 5 }), '409 ID_REUSED'],
  [
    'the same text as a reply to nothing',
    message('mine', 'mine', { replyTo: 999 }),
    '409 ID_REUSED',
  ],
  ['the same text as what Mallory does', message('mine', '/me mine'), '409 ID_REUSED'],
  ['nothing', message('mine', ''), '400 BAD_TEXT'],
  [
    'the text that an edit gave it',
    async (at) => {
      const { seq } = await at.mallory.say('before', { id: 'edited' });
      await at.mallory.call('PATCH', `/v1/messages/${seq}`, { body: { text: 'after' } });
      return message('edited', 'after')(at);
    },
    '409 ID_REUSED',
  ],
  [
    'the text of what was deleted',
    async (at) => {
      const { seq } = await at.mallory.say('gone', { id: 'deleted' });
      await at.mallory.call('DELETE', `/v1/messages/${seq}`);
      return message('deleted', 'other')(at);
    },
    '409 ID_REUSED',
  ],
  [
    'the id of a topic that was set',
    async (at) => {
      await at.mallory.say('/topic first', { id: 'topic' }).catch(() => undefined);
      return message('topic', '/topic second')(at);
    },
    '409 ID_REUSED',
  ],
  [
    'the id of a join, with another nick',
    async (at) => {
      const id = 'a-join-that-was-made-before';
      await at.guest('first', { id });
      return join('second', { id })(at);
    },
    '409 ID_REUSED',
  ],
  ['the id of Kim’s message', message('m1', 'hers'), '201', ['message hers']],
  ['an id in other letters', message('MINE', 'mine'), '201', ['message mine']],
];

/** An attempt by a guest to whom something has happened. */
function after(
  happened: (scene: Scene, guest: Guest) => Promise<unknown>,
  attempt: (guest: Guest) => ReturnType<typeof get>,
) {
  return async (scene: Scene): Promise<Uint8Array> => {
    const guest = await scene.guest();
    await happened(scene, guest);
    return attempt(guest)(scene);
  };
}

const left = async (_: Scene, guest: Guest) => await guest.call('POST', '/v1/leave', { body: {} });
const kicked = async ({ kim }: Scene, { you }: Guest) => await kim.command(`/kick ${you.nick}`);
const banned = async ({ kim }: Scene, { you }: Guest) => await kim.command(`/ban ${you.nick}`);
const muted = async ({ kim }: Scene, { you }: Guest) => await kim.command(`/mute ${you.nick}`);

const as = ({ token }: Guest): string => `Authorization: Bearer ${token}`;
const says = (guest: Guest) => post('/v1/messages', { id: 'late', text: 'late' }, as(guest));
const commands = (guest: Guest) =>
  post('/v1/messages', { id: 'late', text: '/topic x' }, as(guest));
const types = (guest: Guest) => post('/v1/typing', {}, as(guest));
const leaves = (guest: Guest) => post('/v1/leave', {}, as(guest));
const closes = (guest: Guest) => post('/v1/leave', { tab: 'a' }, as(guest));
const polls = (guest: Guest) => get((at) => `/v1/poll?after=${at.cursor}&hold=25`, as(guest));
const rejoins = (guest: Guest) => post('/v1/join', { nick: guest.you.nick }, as(guest));
const edits = (guest: Guest) =>
  by('PATCH', (at: Scene) => `/v1/messages/${at.hers}`, { text: 'x' }, as(guest));
const deletes = (guest: Guest) =>
  by('DELETE', (at: Scene) => `/v1/messages/${at.hers}`, null, as(guest));
const reacts = (guest: Guest) =>
  by('PUT', (at: Scene) => `/v1/messages/${at.hers}/reactions/%F0%9F%91%8D`, null, as(guest));

const calls: readonly Row[] = [
  ['a message after leaving', after(left, says), '401 NO_SESSION'],
  ['a command after leaving', after(left, commands), '401 NO_SESSION'],
  ['an edit after leaving', after(left, edits), '401 NO_SESSION'],
  ['a deletion after leaving', after(left, deletes), '401 NO_SESSION'],
  ['a reaction after leaving', after(left, reacts), '401 NO_SESSION'],
  ['typing after leaving', after(left, types), '401 NO_SESSION'],
  ['a poll after leaving', after(left, polls), '403 FORBIDDEN'],
  ['leaving again', after(left, leaves), '204'],
  ['closing a tab after leaving', after(left, closes), '204'],
  ['a message after a kick', after(kicked, says), '401 NO_SESSION'],
  ['a reaction after a kick', after(kicked, reacts), '401 NO_SESSION'],
  ['a poll after a kick', after(kicked, polls), '403 FORBIDDEN'],
  ['a message after a ban', after(banned, says), '401 NO_SESSION'],
  ['a command after a ban', after(banned, commands), '401 NO_SESSION'],
  ['an edit after a ban', after(banned, edits), '401 NO_SESSION'],
  ['a deletion after a ban', after(banned, deletes), '401 NO_SESSION'],
  ['a reaction after a ban', after(banned, reacts), '401 NO_SESSION'],
  ['typing after a ban', after(banned, types), '401 NO_SESSION'],
  ['a poll after a ban', after(banned, polls), '403 BANNED'],
  ['leaving after a ban', after(banned, leaves), '204'],
  ['a join after a ban', after(banned, rejoins), '403 BANNED'],
  [
    'a join after a ban without the session',
    after(banned, ({ you }) => join(you.nick)),
    '403 BANNED',
  ],
  [
    'a join after a ban under a nick that looks the same',
    after(banned, ({ you }) => join(you.nick.replace('u', 'υ'))),
    '403 BANNED',
  ],
  [
    'a join after a ban under another nick',
    after(banned, (guest) => post('/v1/join', { nick: 'somebody' }, as(guest))),
    '403 BANNED',
  ],
  ['a message when muted', after(muted, says), '403 MUTED'],
  ['a topic when muted', after(muted, commands), '403 MUTED'],
  ['a reaction when muted', after(muted, reacts), '403 MUTED'],
  ['typing when muted', after(muted, types), '403 MUTED'],
];

badInput('ids reused:', ids);
badInput('calls after leaving, a kick, a ban, a mute:', calls);

test('two at once under one id are one: what is refused to the first, the second has not said', async () => {
  await using scene = await Scene.open();
  await scene.begin();
  const nowhere = message('twice', 'twice', { replyTo: 1 })(scene);
  for (let nr = 0; nr < 2 * limits.paceBurst; nr++) {
    const refused = '404 NOT_FOUND';
    const both = [scene.send(nowhere, refused), scene.send(nowhere, refused)];
    expect(await Promise.all(both)).toEqual([refused, refused]);
  }
  await scene.expectUnharmed([]);
  const said = message('once', 'once')(scene);
  const both = await Promise.all([scene.send(said, '201'), scene.send(said, '201')]);
  expect(both.toSorted()).toEqual(['200', '201']);
  await scene.expectUnharmed(['message once']);
});
