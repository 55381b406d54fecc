import { Gap } from './missing.tsx';
import { PendingRow } from './pending-row.tsx';
import { Event, LocalReply, Traffic } from './quiet-rows.tsx';
import type { OtherRow as Row } from './rows.ts';

/** A row that the messages can be read without, until it is there. */
export function OtherRow({ row }: { readonly row: Row }) {
  switch (row.kind) {
    case 'pending':
      return <PendingRow line={row.line} {...row.stand} />;
    case 'traffic':
      return <Traffic lines={row.lines} />;
    case 'event':
      return <Event line={row.line} />;
    case 'reply':
      return <LocalReply line={row.line} />;
    default:
      return <Gap gap={row.gap} />;
  }
}
