import { afterAll, expect, test } from 'bun:test';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockFolder } from './folder-lock.ts';
import { JournalRefused } from './refused.ts';

const base = mkdtempSync(join(tmpdir(), 'encke-lock-'));
let nextFolder = 0;

afterAll(() => rmSync(base, { recursive: true }));

function freshFolder(): string {
  return join(base, `folder ${nextFolder++}`);
}

function refusal(folder: string): JournalRefused {
  try {
    lockFolder(folder).release();
  } catch (reason) {
    if (reason instanceof JournalRefused) return reason;
    throw reason;
  }
  throw new Error('It was not refused');
}

test('the folder is made, for its owner alone', () => {
  const folder = join(freshFolder(), 'deep', 'down');
  lockFolder(folder).release();
  expect(existsSync(folder)).toBe(true);
});

/** A program that takes the folder, and says so or why not. */
function takerOf(folder: string): string {
  const module = JSON.stringify(new URL('folder-lock.ts', import.meta.url).href);
  return `
    import { lockFolder } from ${module};
    try {
      lockFolder(${JSON.stringify(folder)});
      console.log('held');
    } catch (reason) {
      console.log(reason.code);
      process.exit();
    }
    setInterval(() => {}, 1_000_000);
  `;
}

test('a process cannot take a folder twice, and may take it again when it is free', () => {
  const folder = freshFolder();
  const lock = lockFolder(folder);
  const refused = refusal(folder);
  expect(refused.code).toBe('FOLDER_HELD');
  expect(refused.message).toContain(`process ${process.pid}`);
  // The same folder by another name.
  expect(refusal(join(folder, '..', `folder ${nextFolder - 1}`)).code).toBe('FOLDER_HELD');
  // Having looked has not let go of it.
  const other = Bun.spawnSync([process.execPath, '-e', takerOf(folder)], { timeout: 5_000 });
  expect(other.stdout.toString()).toContain('FOLDER_HELD');
  lock.release();
  lockFolder(folder).release();
});

test('another process is named, and nothing of it is left after kill -9', async () => {
  const folder = freshFolder();
  const program = takerOf(folder);
  const holder = Bun.spawn([process.execPath, '-e', program], {
    stdout: 'pipe',
    stderr: 'inherit',
  });
  try {
    const reader = holder.stdout.getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toContain('held');
    for (let attempt = 0; attempt < 2; attempt++) {
      const refused = refusal(folder);
      expect(refused.code).toBe('FOLDER_HELD');
      expect(refused.message).toContain(`process ${holder.pid}`);
    }
  } finally {
    holder.kill('SIGKILL');
    await holder.exited;
  }
  lockFolder(folder).release();
});

test('a lock that is somebody else’s file is left alone', () => {
  const folder = freshFolder();
  mkdirSync(folder);
  writeFileSync(join(folder, 'journal.lock'), 'not a database at all');
  const refused = refusal(folder);
  expect(refused.code).toBe('NOT_A_JOURNAL');
  expect(refused.message).toContain('journal.lock');
});

test.each(['/proc/encke', '/proc/self', join(base, 'file', 'below')])(
  'the folder "%s" cannot be written',
  (folder) => {
    writeFileSync(join(base, 'file'), '');
    const refused = refusal(folder);
    expect(refused.code).toBe('FOLDER_NOT_WRITABLE');
    expect(refused.message).toContain(folder);
  },
);
