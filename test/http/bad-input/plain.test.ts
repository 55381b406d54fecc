/** What somebody may send to the pages without scripts that their forms would not. */
import { badInput, type Row } from './case.ts';
import { by, form, get, post } from './request.ts';

const cursors: readonly Row[] = [
  ['a cursor that is none', get('/plain?after=a'), '400 BAD_CURSOR'],
  ['an empty cursor', get('/plain?after='), '400 BAD_CURSOR'],
  ['a cursor of 300 letters', get(`/plain?after=${'a'.repeat(300)}`), '400 BAD_REQUEST'],
  ['a cursor that would be markup', get('/plain?after=%22%3E%3Cscript%3E'), '400 BAD_CURSOR'],
  ['two cursors', get('/plain?after=a&after=b'), '400 BAD_REQUEST'],
  ['a still page with a value', get('/plain?still=1'), '400 BAD_REQUEST'],
  ['a still page and a cursor', get('/plain?still&after=a'), '400 BAD_REQUEST'],
  ['something unknown', get('/plain?script=1'), '400 BAD_REQUEST'],
  ['a still page and a message', get('/plain?still&before=1'), '400 BAD_REQUEST'],
  ['a cursor and a message', get('/plain?after=a&before=1'), '400 BAD_REQUEST: Give one of'],
  ['a message that is none', get('/plain?before=a'), '400 BAD_REQUEST'],
  ['a message -1', get('/plain?before=-1'), '400 BAD_REQUEST'],
  ['a message of 16 digits', get('/plain?before=1000000000000000'), '400 BAD_REQUEST'],
  ['no UTF-8', get('/plain?after=%ff'), '400 BAD_REQUEST'],
  ['a picture without its number', get('/plain/here?tab=a'), '400 BAD_REQUEST'],
  ['a picture of no page', get('/plain/here?n=1'), '400 BAD_REQUEST'],
  ['a picture -1', get('/plain/here?tab=a&n=-1'), '400 BAD_REQUEST'],
  ['a picture for nobody', get('/plain/here?tab=a&n=1', 'Authorization:'), '401 NO_SESSION'],
  ['a frame with a query', get('/plain/say?text=a'), '400 BAD_REQUEST'],
  ['a style with a query', get('/plain/style.css?a=1'), '400 BAD_REQUEST'],
  ['a file beside the style', get('/plain/plain.ts'), '404 NOT_FOUND'],
  ['a file above it', get('/plain/../plain/plain.ts'), '404 NOT_FOUND'],
];

const forms: readonly Row[] = [
  ['a way in by a link', get('/plain/join?nick=eve'), '405 METHOD'],
  ['a way out by a link', get('/plain/leave'), '405 METHOD'],
  ['a page that is posted to', form('/plain', 'a=b'), '405 METHOD'],
  ['a message that is put', by('PUT', '/plain/say', 'id=a&text=b'), '405 METHOD'],
  ['no fields', form('/plain/say', ''), '400 BAD_REQUEST: is missing'],
  ['no id', form('/plain/say', 'text=hello'), '400 BAD_REQUEST: "id" is missing'],
  ['an id that is none', form('/plain/say', 'id=a%20b&text=hello'), '400 BAD_REQUEST'],
  ['a field twice', form('/plain/say', 'id=a&text=b&text=c'), '400 BAD_REQUEST: given twice'],
  ['a field that nobody knows', form('/plain/say', 'id=a&text=b&c=d'), '400 BAD_REQUEST'],
  ['a field without value', form('/plain/say', 'id=a&text'), '400 BAD_REQUEST'],
  ['a token in a form', form('/plain/say', 'id=a&text=b&token=c'), '400 BAD_REQUEST'],
  ['bytes that are no UTF-8', form('/plain/say', 'id=a&text=%ff'), '400 BAD_REQUEST'],
  ['JSON by the name of a form', form('/plain/say', '{"id":"a"}'), '400 BAD_REQUEST'],
  ['a form by the name of JSON', post('/plain/say', 'id=a&text=b'), '415 MEDIA_TYPE'],
  [
    'a form as plain text',
    form('/plain/say', 'id=a&text=b', 'Content-Type: text/plain'),
    '415 MEDIA_TYPE',
  ],
  [
    'a form in parts',
    form('/plain/say', 'id=a&text=b', 'Content-Type: multipart/form-data; boundary=a'),
    '415 MEDIA_TYPE',
  ],
  ['a query beside a form', form('/plain/say?a=1', 'id=a&text=b'), '400 BAD_REQUEST'],
  ['a name that is a prototype', form('/plain/say', 'id=a&text=b&__proto__=c'), '400 BAD_REQUEST'],
  [
    'a form that is too large',
    form('/plain/say', `id=a&text=${'a'.repeat(49_152)}`),
    '413 TOO_LARGE',
  ],
  // A person may do these: they are told on the page.
  ['an empty text', form('/plain/say', 'id=a&text='), '400'],
  ['a text with a NUL', form('/plain/say', 'id=a&text=%00'), '400'],
  ['a text of 2,001 letters', form('/plain/say', `id=a&text=${'a'.repeat(2_001)}`), '400'],
  ['a command that is none', form('/plain/say', 'id=a&text=/nothing'), '400'],
  ['a text by nobody', form('/plain/say', 'id=a&text=b', 'Authorization:'), '403'],
  ['a nick that is none', form('/plain/join', 'nick=%20', 'Authorization:'), '400'],
  ['a nick that is markup', form('/plain/join', 'nick=%3Cb%3E%00', 'Authorization:'), '400'],
  ['a way in without a nick', form('/plain/join', 'still=1'), '400 BAD_REQUEST'],
  [
    'a passcode of 257 letters',
    form('/plain/join', `nick=a&passcode=${'a'.repeat(257)}`),
    '400 BAD_REQUEST',
  ],
  [
    'a way in from another site',
    form('/plain/join', 'nick=eve', 'Authorization:', 'Origin: https://evil.example'),
    '403 BAD_ORIGIN',
  ],
];

badInput('pages without scripts:', cursors);
badInput('forms:', forms);
