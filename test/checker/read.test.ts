import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { History, verdictOn } from './history.ts';
import { NoHistory, readHistory } from './read.ts';
import { anomalies, type HistoryRecord } from './record.ts';
import { historyOf } from './random-chat.ts';
import { recordOf } from './shapes.ts';

const good = new History().say('a:1', 1).journal({ 1: 'a:1' }).begin('c', 0);
good.poll('c', 0, 1, { 1: 'a:1' });
const wrong = new History().say('a:1', 1).say('a:2', 2).journal({ 1: 'a:1' });

describe('a history', () => {
  test('is read record by record, wherever the bytes are torn, also within a character', async () => {
    const { records } = new History().say('ä:1', 1, { text: '€ 𝄞' });
    const bytes = new TextEncoder().encode(`\n${written(records)}\n`);
    const read = await recordsIn(...[...bytes].map((byte) => Uint8Array.of(byte)));
    expect(read.map(({ record }) => record)).toEqual([...records]);
    expect(read.map(({ line }) => line)).toEqual([2, 3]);
  });

  test('may lack the end of its last line', async () => {
    const whole = written(good.records);
    expect(await recordsIn(whole.slice(0, -20))).toHaveLength(good.records.length - 1);
    expect(await recordsIn(whole.trimEnd())).toHaveLength(good.records.length);
  });

  test.each([
    ['Line 2 is not JSON', '{"at":'],
    ['Line 2 is no record of a history (do:', '{"at":1,"who":"c","nr":1,"do":"dance","is":"ok"}'],
    ['Line 2 is no record of a history (seq:', saidOk('"seven"')],
    ['Line 2 is no record of a history (seq:', saidOk('null')],
    ['After line 0 there are bytes that are not UTF-8', Uint8Array.of(255, 10)],
  ])('is refused where it is none: %s', async (message, line) => {
    const first = written(good.records.slice(0, 1));
    const chunks = typeof line === 'string' ? [`${first}${line}\n`] : [line];
    const failure = await recordsIn(...chunks).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(NoHistory);
    expect(failure).toHaveProperty('message', expect.stringContaining(message));
  });

  test('has only records that have the shape which is asked of everybody', () => {
    const steps = (['say', 'poll', 'reply', 'come', 'tell', 'page', 'heal', 'cut'] as const).map(
      (what) => ({ what, who: 1, n: 1 }),
    );
    const records = [...historyOf(steps, 'along'), ...good.view('c', 1, { 1: 'one' }).records];
    for (const record of records) expect(recordOf(record)).toEqual({ ok: true, record });
    expect(new Set(records.map(({ do: what }) => what)).size).toBe(10);
  });
});

describe('the command', () => {
  test('says that all is well', async () => {
    const { code, out } = await check(['-'], written(good.records));
    expect(out).toStartWith('pass: ');
    expect(code).toBe(0);
  });

  test('names what is wrong, and where', async () => {
    const { code, out } = await check(['-'], written(wrong.records));
    expect(out).toStartWith('fail: 5 records of 1 clients, 2 messages acknowledged, 0 entries');
    expect(out).toContain('lost-suffix, 1 times (I1: acknowledged, and missing after');
    expect(out).toContain('  line 4: "a:2" was acknowledged at 2 of E and is not in E\n');
    expect(code).toBe(1);
  });

  test('tells its doubts', async () => {
    const { code, out } = await check(['-'], '');
    expect(out).toContain('in doubt: 0 messages were acknowledged, of 1 at least\n');
    expect(code).toBe(2);
  });

  test('prints JSON when asked', async () => {
    const { code, out } = await check(['--json', '-'], written(wrong.records));
    expect(JSON.parse(out)).toMatchObject({ verdict: 'fail', counts: { 'lost-suffix': 1 } });
    expect(code).toBe(1);
  });

  test.each([
    [[], 'usage: '],
    [['-', '-'], 'usage: '],
    [['-', '--loud'], 'usage: '],
    [['no/such/file.ndjson'], 'There is no file "no/such/file.ndjson"'],
    [['-'], 'Line 1 is not JSON: what'],
  ])('refuses %j', async (args, message) => {
    const { code, err } = await check(args, 'what\n');
    expect(err).toContain(message);
    expect(code).toBe(64);
  });
});

describe('the page about the checker', () => {
  test('shows a history in which all is well', async () => {
    const page = await Bun.file(join(import.meta.dir, 'README.md')).text();
    const example = /```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
    const read = await recordsIn(example);
    expect(verdictOn(read.map(({ record }) => record)).verdict).toBe('pass');
  });

  test('names every anomaly', async () => {
    const page = await Bun.file(join(import.meta.dir, 'README.md')).text();
    expect(Object.keys(anomalies).filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});

function saidOk(seq: string): string {
  return `{"at":1,"who":"c","nr":1,"do":"say","is":"ok","epoch":"E","seq":${seq}}`;
}

function written(records: readonly HistoryRecord[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}

async function recordsIn(...chunks: (string | Uint8Array)[]) {
  const encoder = new TextEncoder();
  async function* bytes() {
    for (const chunk of chunks) yield typeof chunk === 'string' ? encoder.encode(chunk) : chunk;
  }
  return await Array.fromAsync(readHistory(bytes()));
}

async function check(args: readonly string[], input: string) {
  const run = Bun.spawn([process.execPath, join(import.meta.dir, 'check.ts'), ...args], {
    stdin: new Blob([input]),
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const [out, err, code] = await Promise.all([
    new Response(run.stdout).text(),
    new Response(run.stderr).text(),
    run.exited,
  ]);
  return { out, err, code };
}
