/**
 * Reads the options of `encke serve` from where they are given. A flag goes before an environment
 * variable, that before the configuration file, and that before the default. Nothing is guessed
 * and nothing is passed over: an unknown name, a value that is not accepted, an empty one or one
 * given twice is a problem, wherever it stands, and all problems are told at once. A server that
 * starts with another setting than was meant is worse than one that does not start.
 */
import type { GivenSettings } from '../chat/settings.ts';
import { nearest } from './nearest.ts';
import {
  configFile,
  flags,
  keys,
  options,
  variables,
  type Option,
  type OptionName,
  type Spelling,
} from './option-table.ts';

export interface Sources {
  /** What stands behind the command's name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The text of a file; null when there is none. Throws when it cannot be read. */
  readFile(path: string): string | null;
}

export type Resolved =
  | { readonly ok: true; readonly options: GivenSettings }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Where the data lies, or what is wrong with how that is said. */
export type ResolvedData =
  | { readonly ok: true; readonly data: string }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reads all options, or says everything that is wrong with them. Throws on no input. */
export function resolveOptions(sources: Sources): Resolved {
  const problems: string[] = [];
  const reader = new Reader(sources, problems);
  const line = reader.readArguments();
  const environment = reader.readEnvironment();
  const file = reader.readConfig(line.config ?? environment.config);
  const weakestFirst = [file, environment.values, line.values];
  const take = <Name extends OptionName>(name: Name): GivenSettings[Name] =>
    valueOf(name, weakestFirst, problems);

  const settings: GivenSettings = {
    host: take('host'),
    port: take('port'),
    data: take('data'),
    title: take('title'),
    topicBy: take('topicBy'),
    passcode: take('passcode'),
    keeperCode: take('keeperCode'),
    publicUrl: take('publicUrl'),
    embedOrigins: take('embedOrigins'),
    trustedProxies: take('trustedProxies'),
    addressLimits: take('addressLimits'),
    pace: take('pace'),
    membersMax: take('membersMax'),
    heldPollsMax: take('heldPollsMax'),
    memoryMaxMb: take('memoryMaxMb'),
    log: take('log'),
  };
  return problems.length === 0 ? { ok: true, options: settings } : { ok: false, problems };
}

/**
 * Reads where the data lies, for the commands that ask for nothing else. The values of the other
 * options are not looked at: a room that cannot be opened with them can still be backed up.
 */
export function resolveData(sources: Sources): ResolvedData {
  const problems: string[] = [];
  const env = Object.fromEntries(
    ['ENCKE_DATA', configFile.variable].map((name) => [name, sources.env[name]]),
  );
  const reader = new Reader({ ...sources, env }, problems);
  const line = reader.readArguments();
  for (const [name, { where }] of line.values) {
    if (name !== 'data') problems.push(`${where} is for opening a room, leave it out`);
  }
  const environment = reader.readEnvironment();
  const file = reader.readConfig(line.config ?? environment.config);
  const data = valueOf('data', [file, environment.values, line.values], problems);
  return problems.length === 0 ? { ok: true, data } : { ok: false, problems };
}

/** Every value is looked at, also one that a stronger one hides: it will count one day. */
function valueOf<Name extends OptionName>(
  name: Name,
  weakestFirst: readonly Values[],
  problems: string[],
): GivenSettings[Name] {
  const { kind, fallback, isSecret }: Option<GivenSettings[Name]> = options[name];
  let taken = fallback;
  for (const given of weakestFirst.flatMap((values) => values.get(name) ?? [])) {
    const value = 'text' in given ? kind.readText(given.text) : kind.readJson(given.json);
    if (value === undefined) {
      const shown =
        isSecret === true ? '' : ` ${quoted('text' in given ? given.text : given.json)}`;
      problems.push(`${given.where}${shown} is not accepted, give ${kind.wanted}`);
    } else {
      taken = value;
    }
  }
  return taken;
}

/** A value as it was given, and where, for a message. */
type Value = { readonly where: string } & ({ readonly text: string } | { readonly json: unknown });
type Values = Map<OptionName, Value>;

/** Variables that begin like ours and are read by others: by our own processes, by the tests. */
const foreign = /^ENCKE_(?:INTERNAL_.*|CHROMIUM)$/;

class Reader {
  readonly #sources: Sources;
  readonly #problems: string[];

  constructor(sources: Sources, problems: string[]) {
    this.#sources = sources;
    this.#problems = problems;
  }

  /** `--name value` and `--name=value`. */
  readArguments(): { values: Values; config: string | undefined } {
    const values: Values = new Map();
    const seen = new Set<string>();
    let config: string | undefined;
    const words = [...this.#sources.argv];
    for (let word = words.shift(); word !== undefined; word = words.shift()) {
      if (!word.startsWith('-') || word === '-') {
        this.#problems.push(`${quoted(word)} stands alone, give options as --name value`);
        continue;
      }
      const equals = word.indexOf('=');
      const flag = equals === -1 ? word : word.slice(0, equals);
      // A following flag is no value. Who means a value that begins so writes --name=value. The
      // word after an unknown flag is taken as well: it might be a secret, and is not to be shown.
      const isNextValue = words[0] !== undefined && !words[0].startsWith('--');
      const text =
        equals === -1 ? (isNextValue ? words.shift() : undefined) : word.slice(equals + 1);
      const spelling = flags.get(flag);
      if (spelling === undefined && flag !== configFile.flag) this.#unknownFlag(flag);
      else if (seen.has(flag)) this.#problems.push(`${flag} is given twice, keep one`);
      else if (text === undefined) this.#problems.push(`${flag} has no value, write one behind it`);
      else if (spelling === undefined) config = this.#filled(flag, text);
      else this.#give(values, spelling, { where: flag, text });
      seen.add(flag);
    }
    return { values, config };
  }

  readEnvironment(): { values: Values; config: string | undefined } {
    const values: Values = new Map();
    let config: string | undefined;
    for (const [variable, text] of Object.entries(this.#sources.env)) {
      if (text === undefined || !variable.startsWith('ENCKE_') || foreign.test(variable)) continue;
      const spelling = variables.get(variable);
      if (spelling !== undefined) this.#give(values, spelling, { where: variable, text });
      else if (variable === configFile.variable) config = this.#filled(variable, text);
      else this.#unknown('variable', variable, [...variables.keys(), configFile.variable]);
    }
    return { values, config };
  }

  /** The configuration file. One that is named must be there; the usual one need not. */
  readConfig(named: string | undefined): Values {
    const values: Values = new Map();
    const path = named ?? configFile.fallback;
    const text = this.#read(path, named !== undefined);
    if (text === null) return values;
    const config = this.#parse(path, text);
    for (const [key, json] of Object.entries(config)) {
      const spelling = keys.get(key);
      if (spelling === undefined) this.#unknown(`key of ${quoted(path)}`, key, keys.keys());
      else this.#give(values, spelling, { where: `${quoted(key)} in ${quoted(path)}`, json });
    }
    return values;
  }

  #parse(path: string, text: string): object {
    let config: unknown;
    try {
      config = JSON.parse(text);
    } catch {
      // What the parser says may quote what stands there, and a passcode may stand there.
      this.#problems.push(`${quoted(path)} is not JSON, check its commas, quotes and braces`);
      return {};
    }
    if (typeof config !== 'object' || config === null || Array.isArray(config)) {
      this.#problems.push(`${quoted(path)} is not an object, begin it with { and end it with }`);
      return {};
    }
    for (const key of keysGivenTwice(text)) {
      this.#problems.push(`${quoted(key)} is given twice in ${quoted(path)}, keep one`);
    }
    return config;
  }

  #give(values: Values, { option, isFile }: Spelling, given: Value): void {
    const content = 'text' in given ? given.text : given.json;
    if (content === '') {
      this.#problems.push(`${given.where} is empty, give it a value or leave it out`);
      return;
    }
    const before = values.get(option);
    if (before !== undefined) {
      this.#problems.push(`${before.where} and ${given.where} are both given, keep one`);
      return;
    }
    const value = isFile ? this.#secretIn(given.where, content) : given;
    if (value !== null) values.set(option, value);
  }

  /** A file of a secret has it on its one line. */
  #secretIn(where: string, path: unknown): Value | null {
    if (typeof path !== 'string') {
      this.#problems.push(`${where} ${quoted(path)} is not accepted, give the path of a file`);
      return null;
    }
    const text = this.#read(path, true);
    return text === null ? null : { where: `The text of ${quoted(path)}`, text: text.trimEnd() };
  }

  #read(path: string, isNeeded: boolean): string | null {
    try {
      const text = this.#sources.readFile(path);
      if (text === null && isNeeded) {
        this.#problems.push(`The file ${quoted(path)} does not exist, correct the path`);
      }
      return text?.replace(/^\ufeff/, '') ?? null;
    } catch (reason) {
      const why = reason instanceof Error ? reason.message : String(reason);
      this.#problems.push(`The file ${quoted(path)} cannot be read: ${why}`);
      return null;
    }
  }

  #filled(where: string, text: string): string | undefined {
    if (text !== '') return text;
    this.#problems.push(`${where} is empty, give it a value or leave it out`);
    return undefined;
  }

  #unknownFlag(flag: string): void {
    const fileFlag = `${flag}-file`;
    if (flags.has(fileFlag)) {
      this.#problems.push(
        `${flag} is no option, because others can read a command line, use ${fileFlag}`,
      );
      return;
    }
    this.#unknown('option', flag, [...flags.keys(), configFile.flag]);
  }

  #unknown(what: string, name: string, names: Iterable<string>): void {
    const meant = nearest(name, names);
    const hint = meant === null ? 'see encke help' : `did you mean ${quoted(meant)}?`;
    this.#problems.push(`There is no ${what} ${quoted(name)}, ${hint}`);
  }
}

/** JSON.parse keeps the last of two equal keys and says nothing. The text is valid JSON here. */
function keysGivenTwice(json: string): Set<string> {
  const seen = new Set<string>();
  const twice = new Set<string>();
  // In JSON a string is a key exactly when a colon follows it. All of ours are on one level.
  for (const [, text = '', colon] of json.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?/g)) {
    if (colon === undefined) continue;
    const key = String(JSON.parse(text));
    if (seen.has(key)) twice.add(key);
    seen.add(key);
  }
  return twice;
}

/** A value for a message: in quotes, on one line, and not without end. */
function quoted(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : `"${written(value)}"`;
  return text.length <= 80 ? text : `${text.slice(0, 78).toWellFormed()}…"`;
}

/** JSON may nest deeper than it can be written: the parser does not recurse, the writer does. */
function written(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return 'something nested very deeply';
  }
}
