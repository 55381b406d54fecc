/**
 * `npm start`: installs what is missing, builds the page, and serves the room. What stands after
 * `npm start --` goes to `encke serve`.
 */
import { join } from 'node:path';
import { become, build, install, root } from './setup.mjs';

install();
build();
process.exitCode = await become([join(root, 'src', 'encke.ts'), 'serve', ...process.argv.slice(2)]);
