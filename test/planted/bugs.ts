/**
 * Bugs to be planted: each is a mistake that somebody could make in this code, or that other chats
 * have made, as a replacement of text in a source file. The product has no switch for them. A test
 * process replaces the text while the file is loaded (`plant.ts`), so nothing but a test can reach
 * them, and a bug whose place has moved is an error, not a pass.
 */
import type { AnomalyName } from '../checker/record.ts';
import type { TroubleName } from '../sim/trace.ts';
import type { Place } from './places.ts';

export interface PlantedBug {
  readonly name: string;
  /** What a user would see of it. */
  readonly harm: string;
  readonly places: readonly Place[];
  /** Who must catch it: the simulator, by one of these names; or a test, by its file and name. */
  readonly caughtBy:
    | { readonly simulator: readonly (AnomalyName | TroubleName)[] }
    | { readonly test: string; readonly named: string };
}

export const plantedBugs: readonly PlantedBug[] = [
  {
    name: 'acknowledge before the commit',
    harm: 'a message that its author was told is recorded is gone after a crash',
    places: [
      {
        file: 'src/journal/sqlite-store.ts',
        find: `      const recordings = this.#db
        .transaction(() => {
          if (beatAt !== null) this.#beat.run(beatAt);
          return drafts.map((draft) => this.#record(draft));
        })
        .immediate();`,
        // The transaction stays open until the next batch comes.
        put: `      if (this.#db.inTransaction) this.#db.run('COMMIT');
      this.#db.run('BEGIN IMMEDIATE');
      if (beatAt !== null) this.#beat.run(beatAt);
      const recordings = drafts.map((draft) => this.#record(draft));`,
      },
      {
        file: 'src/journal/sqlite-store.ts',
        find: "    try {\n      this.#db.query('PRAGMA wal_checkpoint(PASSIVE)').all();",
        put: '    try {\n      if (this.#db.inTransaction) return;',
      },
      {
        file: 'src/journal/sqlite-store.ts',
        find: `    const { log, checkpointed } = this.#db`,
        put: `    if (this.#db.inTransaction) return;
    const { log, checkpointed } = this.#db`,
      },
    ],
    caughtBy: { simulator: ['lost-suffix', 'lost-middle', 'unrecorded', 'conflict'] },
  },
  {
    name: 'deliver before the commit',
    harm: 'a message that everybody has read is gone after a crash',
    places: [
      {
        file: 'src/journal/sqlite-writer.ts',
        find: `    const beat = this.#beat;
    this.#beat = null;
    return {`,
        put: `    const beat = this.#beat;
    this.#beat = null;
    const [only] = waiting;
    if (waiting.length === 1 && only !== undefined && only.body.type === 'message') {
      const seq = this.#announcer.headSeq() + 1;
      const entry = entryOf(seq, at, only.body);
      this.#announcer.announce({ entry, hash: 'AAAAAAAA' as never });
    }
    return {`,
      },
    ],
    caughtBy: { simulator: ['conflict', 'unrecorded', 'phantom'] },
  },
  {
    name: 'at or after the cursor instead of after it',
    harm: 'the last message is shown twice',
    places: [
      {
        file: 'src/chat/ring.ts',
        find: 'if ((this.#kept[middle] as Kept).seq <= seq) low = middle + 1;',
        put: 'if ((this.#kept[middle] as Kept).seq < seq) low = middle + 1;',
      },
    ],
    caughtBy: { simulator: ['disorder', 'repeated'] },
  },
  {
    name: 'newest first',
    harm: 'messages that come together are read backwards',
    places: [
      {
        file: 'src/chat/poll-reply.ts',
        find: 'entries: chosen.slice(0, count).map((entry) => entry.json),',
        put: 'entries: chosen.slice(0, count).map((entry) => entry.json).reverse(),',
      },
    ],
    caughtBy: { simulator: ['disorder'] },
  },
  {
    name: 'wake only the first held poll',
    harm: 'everybody but one reads a message when their hold is over',
    places: [
      {
        file: 'src/chat/waking.ts',
        find: '        answer(poll, beganMs);\n',
        put: '        answer(poll, beganMs);\n        this.#current = null;\n',
      },
    ],
    caughtBy: { simulator: ['late', 'stuck'] },
  },
  {
    name: 'lose the wake-up when a publish and a park share a tick',
    harm: 'who asks just when something is said hears of it with the next message',
    places: [
      {
        file: 'src/chat/waking.ts',
        find: '    if (anchor < this.#parts.newest()) this.wake();\n',
        put: '',
      },
      {
        file: 'src/chat/waking.ts',
        find: ' || this.#firstBefore(this.#parts.newest()) !== null;',
        put: ';',
      },
      {
        file: 'src/chat/post-office.ts',
        find: 'if (this.#replies.newest() > seq && this.#waking.admits(now)) {',
        put: 'if (seq < 0) {',
      },
    ],
    caughtBy: { simulator: ['late', 'stuck'] },
  },
  {
    name: 'no dedupe',
    harm: 'a message whose first answer was lost stands there twice',
    places: [
      {
        file: 'src/chat/room.ts',
        find: 'return await this.#parts.journal.append({ key, body: this.#quieted(body) });',
        put: `void key;
    const fresh = newKey(this.#parts.random);
    return await this.#parts.journal.append({ key: fresh, body: this.#quieted(body) });`,
      },
      {
        file: 'src/chat/speech.ts',
        find: 'if (known !== null) return repeatOf(known, body);',
        put: 'void known;',
      },
    ],
    caughtBy: { simulator: ['repeated'] },
  },
  {
    name: 'dedupe without the member',
    harm: 'a message is taken for somebody else’s with the same id, and is never recorded',
    places: [
      {
        file: 'src/chat/speech.ts',
        find: 'const key = `${id}:${request.id}`;',
        put: 'const key = request.id;',
      },
    ],
    caughtBy: { simulator: ['reused', 'misnumbered'] },
  },
  {
    name: 'a leave twice after a crash',
    harm: 'who left is told to have left again, and again',
    places: [
      {
        // Whoever has left is here again when the room folds the journal anew ...
        file: 'src/chat/room.ts',
        find: '    this.#state.apply(entry);\n',
        put: `    const isFoldedAnew = entry.seq < this.#parts.journal.head().seq;
    if (entry.type !== 'leave' || !isFoldedAnew) this.#state.apply(entry);
`,
      },
      {
        // ... and lapses, because the post office does not read again that they left.
        file: 'src/chat/post-office.ts',
        find: 'const from = Math.max(0, journal.head().seq - limits.ringEntriesMax) as Seq;',
        put: 'const from = journal.head().seq;',
      },
    ],
    caughtBy: { simulator: ['false-presence'] },
  },
  {
    name: 'a nick checked before the append only',
    harm: 'two members have one nick',
    places: [
      {
        file: 'src/chat/door.ts',
        find: '?? this.#reserved.get(skeleton);',
        put: '?? undefined;',
      },
    ],
    caughtBy: { simulator: ['same-nick'] },
  },
  {
    name: 'an echo to the author before the journal',
    harm: 'the author is told a place in the history that the message does not have',
    places: [
      {
        file: 'src/chat/speech.ts',
        find: `      const recorded = await this.#parts.record(body, key);
      if (!recorded.ok) return recorded;
      if (recorded.repeated) return repeatOf(recorded.entry, body);
      isSaid = true;
      return { ok: true, said: saidOf(recorded.entry, body.id), isRepeat: false };`,
        put: `      void this.#parts.record(body, key);
      isSaid = true;
      const seq = (this.#parts.journal.head().seq + 1) as Seq;
      return { ok: true, said: { seq, at: 0, id: body.id }, isRepeat: false };`,
      },
    ],
    caughtBy: { simulator: ['misnumbered', 'lost-suffix', 'lost-middle', 'conflict'] },
  },
  {
    name: 'a stale roster',
    harm: 'who comes in sees people who have left, and not those who are there',
    places: [
      {
        file: 'src/chat/roster.ts',
        find: '    this.#sorted = null;\n  }\n\n  all()',
        put: '  }\n\n  all()',
      },
    ],
    caughtBy: { simulator: ['false-presence'] },
  },
  {
    name: 'the last entry again after a restart',
    harm: 'who comes back after a restart is shown the last message twice',
    places: [
      {
        // A ring that begins empty, which is right: what was before it is the journal's to tell.
        file: 'src/chat/post-office.ts',
        find: 'const from = Math.max(0, journal.head().seq - limits.ringEntriesMax) as Seq;',
        put: 'const from = journal.head().seq;',
      },
      {
        file: 'src/chat/replies.ts',
        find: 'const page = await journal.page({ after: from, limit',
        put: 'const page = await journal.page({ after: Math.max(0, from - 1) as Seq, limit',
      },
    ],
    caughtBy: { simulator: ['disorder', 'repeated'] },
  },
  {
    name: 'a missing no-store',
    harm: 'a cache on the way gives one member’s reply to another, or yesterday’s to everybody',
    places: [
      {
        file: 'src/web/responses.ts',
        find: "const jsonFields = { ...apiFields, 'Content-Type'",
        put: "const jsonFields = { ...apiFields, 'Cache-Control': 'no-cache', 'Content-Type'",
      },
    ],
    caughtBy: { simulator: ['cacheable'] },
  },
  {
    name: 'the leftmost X-Forwarded-For trusted',
    harm: 'whoever writes another address into a header gets around every limit by address',
    places: [
      {
        file: 'src/web/address.ts',
        find: "for (const hop of forwardedFor.split(',').reverse()) {",
        put: "for (const hop of forwardedFor.split(',')) {",
      },
    ],
    caughtBy: { test: 'src/web/address.test.ts', named: 'cannot be made up by the client' },
  },
  {
    name: 'a cookie for another site’s page',
    harm: 'a form on a site that may embed the room makes its visitor somebody else in the room',
    places: [
      {
        file: 'src/web/call.ts',
        find: '    if (!this.isOwn()) return noFields;\n',
        put: '',
      },
    ],
    caughtBy: {
      test: 'test/http/embedding.test.ts',
      named: 'changes nothing about who the visitor is',
    },
  },
  {
    name: 'the whole page may be framed',
    harm: 'a site that may embed the room can lay the page of those who are in it under its own',
    places: [
      {
        file: 'src/web/files.ts',
        find: "isEmbedded && path === '/' ? this.#embedded : ownPolicy",
        put: 'isEmbedded || true ? this.#embedded : ownPolicy',
      },
    ],
    caughtBy: { test: 'test/http/embedding.test.ts', named: 'nobody may frame' },
  },
  {
    name: 'a commit that is not synced',
    harm: 'a message that its author was told is recorded is gone when the power fails',
    places: [
      {
        file: 'src/journal/schema.ts',
        find: "db.run('PRAGMA synchronous = FULL');",
        put: "db.run('PRAGMA synchronous = OFF');",
      },
    ],
    caughtBy: { test: 'src/journal/schema.test.ts', named: 'syncs every commit' },
  },
  {
    name: 'a damaged log is opened',
    harm: 'everything behind a damaged byte in the log is dropped without a word',
    places: [
      {
        file: 'src/journal/sqlite-store.ts',
        find: 'if (frame !== null) throw damaged(path, `frame ${frame} of its log is not what was written`);',
        put: 'void frame;',
      },
    ],
    caughtBy: { test: 'src/journal/log-damage.test.ts', named: 'is damage, wherever it is' },
  },
  {
    name: 'the epoch kept on restore',
    harm: 'whoever had read what the backup lacks goes on as if nothing had happened',
    places: [
      {
        file: 'src/journal/sqlite-restore.ts',
        find: 'const store = new SqliteStore(part, newEpoch());',
        put: 'const store = new SqliteStore(part, source.epoch);',
      },
    ],
    caughtBy: { test: 'src/journal/sqlite-restore.test.ts', named: 'in another history' },
  },
  {
    name: 'another history not noticed',
    harm: 'after an older copy grew past a cursor, its owner silently misses what came in between',
    places: [
      {
        file: 'src/chat/replies.ts',
        find: "return ours === hash ? 'known' : 'gone';",
        put: "return hash === '' ? 'gone' : 'known';",
      },
      {
        file: 'src/chat/replies.ts',
        find: 'if ((await journal.hashAt(from)) !== hash) return gone(from);',
        put: "if (hash === '') return gone(from);",
      },
    ],
    caughtBy: { simulator: ['stale', 'skipped', 'lost-suffix'] },
  },
  {
    name: 'a gap that nobody is told of',
    harm: 'who was away for long silently misses what was said',
    places: [
      {
        file: 'src/chat/poll-reply.ts',
        find: '    from: hasGap ? gapTo : from,',
        put: '    from,',
      },
      {
        file: 'src/chat/poll-reply.ts',
        find: '    ...(hasGap ? { gap: { from, to: gapTo } } : {}),\n',
        put: '',
      },
    ],
    caughtBy: { simulator: ['skipped'] },
  },
  {
    name: 'an addressed entry to everybody',
    harm: 'what a keeper is told is read by all',
    places: [
      {
        file: 'src/protocol/entries.ts',
        find: "  if (entry.type === 'sanction') return entry.for;\n",
        put: '',
      },
    ],
    caughtBy: { simulator: ['leaked'] },
  },
  {
    name: 'a hold that does not end',
    harm: 'proxies cut the poll, and the browser waits for a connection that is dead',
    places: [
      {
        file: 'src/chat/post-office.ts',
        find: 'poll.dueMs = now + holdMs * (1 - limits.holdJitter * random());',
        put: 'poll.dueMs = now + 2 * holdMs + 5_000 * random();',
      },
    ],
    caughtBy: { simulator: ['overheld'] },
  },
  {
    name: 'a reaction that cannot be taken back in history',
    harm: 'who comes later sees a reaction that those who are there do not see',
    places: [
      {
        file: 'src/journal/present.ts',
        find: '  const reactions = after.filter((kind) => kind.count > 0);',
        put: '  const reactions = after.map((kind) => ({ ...kind, count: Math.max(1, kind.count) }));',
      },
    ],
    caughtBy: { simulator: ['diverged'] },
  },
  ...(['journal', 'room', 'post-office', 'web', 'heartbeat'] as const).map(
    (service): PlantedBug => ({
      name: `the ${service} is not supervised`,
      harm: `when the ${service} crashes it stays away`,
      places: [
        {
          file: 'src/chat/tree.ts',
          find: `  return { id, restart: 'permanent', ...within, ...service };`,
          put: `  const restart = id === '${service}' ? 'temporary' : 'permanent';
  return { id, restart, ...within, ...service };`,
        },
      ],
      caughtBy: { simulator: ['stuck', 'unserved', 'late'] },
    }),
  ),
  {
    name: 'index what was written, not what it says now',
    harm: 'an edited message is found by its old words, and not by its new ones',
    places: [
      {
        file: 'src/journal/sqlite-index.ts',
        find: "else if (present !== undefined && entry.type !== 'reaction') {",
        put: "else if (present !== undefined && entry.type === 'reaction') {",
      },
    ],
    caughtBy: { test: 'src/journal/sqlite-index.test.ts', named: 'keeps no term of a text' },
  },
  {
    name: 'write a text into a page as it is',
    harm: 'whoever says something decides what the page without scripts is',
    places: [
      {
        file: 'src/web/plain/html.ts',
        find: "return String(piece).replaceAll(/[&<>\"']/g, (sign) => escapes[sign] ?? '');",
        put: "return String(piece).replaceAll(/[&]/g, (sign) => escapes[sign] ?? '');",
      },
    ],
    caughtBy: { test: 'src/web/plain/html.test.ts', named: 'takes text as text' },
  },
];
