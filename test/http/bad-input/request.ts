/** Requests as bytes, well framed but for what a case does to them. */
import type { Scene } from './scene.ts';

/** A part of a request that depends on the scene: a cursor, a token, a seq. */
export type Text = string | ((scene: Scene) => string);
/** A body: as it stands, or anything else as JSON. */
export type Body = string | Uint8Array | object | ((scene: Scene) => string | Uint8Array | object);

type Made = (scene: Scene) => Uint8Array;

/** Mallory asks. A header of the same name stands in the place of one that is usual. */
export function get(target: Text, ...headers: readonly Text[]): Made {
  return (scene) => request(scene, 'GET', target, null, headers);
}

/** Mallory sends a body as JSON. */
export function post(target: Text, body: Body, ...headers: readonly Text[]): Made {
  return (scene) => request(scene, 'POST', target, body, headers);
}

/** Mallory sends a form. */
export function form(target: Text, fields: string, ...headers: readonly Text[]): Made {
  const type = 'Content-Type: application/x-www-form-urlencoded';
  const own = headers.some((line) => typeof line === 'string' && /^content-type:/i.test(line));
  return post(target, fields, ...(own ? [] : [type]), ...headers);
}

/** Mallory uses another method, with a body or (null) without one. */
export function by(
  method: string,
  target: Text,
  body: Body | null = null,
  ...headers: readonly Text[]
): Made {
  return (scene) => request(scene, method, target, body, headers);
}

/** Mallory says something, under an id of its own. */
export function say(text: string, more: object = {}): Made {
  return (scene) =>
    request(scene, 'POST', '/v1/messages', { id: scene.room.newId(), text, ...more }, []);
}

/** Somebody comes in: nobody yet, so without a token. */
export function join(nick: string, more: object = {}, ...headers: readonly Text[]): Made {
  return (scene) =>
    request(scene, 'POST', '/v1/join', { nick, ...more }, ['Authorization:', ...headers]);
}

function request(
  scene: Scene,
  method: string,
  target: Text,
  body: Body | null,
  more: readonly Text[],
): Buffer {
  const given = more.map((text) => of(text, scene));
  const content = body === null ? null : bytesOf(typeof body === 'function' ? body(scene) : body);
  const usual = [
    'Host: a',
    `Authorization: Bearer ${scene.mallory.token}`,
    ...(content === null
      ? []
      : ['Content-Type: application/json', `Content-Length: ${content.length}`]),
  ];
  const isGiven = (line: string): boolean => given.some((other) => nameOf(other) === nameOf(line));
  const lines = [...usual.filter((line) => !isGiven(line)), ...given.filter(hasValue)];
  const head = [`${method} ${of(target, scene)} HTTP/1.1`, ...lines, '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(head, 'latin1'), content ?? Buffer.alloc(0)]);
}

function of(text: Text, scene: Scene): string {
  return typeof text === 'function' ? text(scene) : text;
}

function bytesOf(body: string | Uint8Array | object): Uint8Array {
  if (body instanceof Uint8Array) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

function nameOf(line: string): string {
  return line.slice(0, line.indexOf(':')).toLowerCase();
}

/** A name and a colon alone take a usual header away. */
function hasValue(line: string): boolean {
  return !/^[\w-]+:$/.test(line);
}
