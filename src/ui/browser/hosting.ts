/** What a tab needs to host the room together with others, where no worker can be shared. */

// Named for the sake of the bundler, as in aside.ts.
import '../main.tsx';

export { election } from '../../tabs/election.ts';
