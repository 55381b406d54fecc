/**
 * Every bound of Encke, in one place, each with its reason. What is counted is also bounded in
 * bytes. A unit stands last in the name: `holdMsMax` is in milliseconds, `bodyBytesMax` in bytes.
 */
export const limits = {
  // --- The poll -------------------------------------------------------------------------------

  /**
   * How long a poll may stay silent. Shorter than the shortest common first-byte limit on the way
   * (30 s at several hosting routers, 60 s in nginx), less the jitter that spreads re-polls.
   */
  holdMsMax: 25_000,

  /**
   * A hold is shortened by up to this share, so that polls parked together do not return together.
   */
  holdJitter: 0.2,

  /** A client further behind than this is given the newest entries and a gap, not a flood. */
  pollEntriesMax: 200,

  /** How many of the newest entries accompany a gap: about two screens. */
  gapEntries: 100,

  /** A reply stops at the first entry beyond this size; the rest comes with the next poll. */
  pollBytesMax: 256 * 1024,

  /** Open tabs of one member that may each hold a poll. Browsers allow six connections a host. */
  tabsPerMemberMax: 8,

  /**
   * Held polls in all, unless the options say otherwise. Each takes a descriptor of the process.
   */
  heldPollsMax: 50_000,

  /**
   * How long after the last sign of life a member still counts as present. The promise is "gone
   * within the hold and 15 s"; the wheel may be two ticks late.
   */
  leaseMs: 14_000,

  /** How long after a closed tab the member stays: long enough for a reload on a slow line. */
  closingMs: 4_000,

  /** A lapse that could not be recorded is tried again after this time: the disk may be full. */
  lapseAgainMs: 5_000,

  /** Who is sent away while a part is restarted comes back spread over this time. */
  disperseMsMax: 500,

  /** Who is sent away because the process stops comes back between these: when another serves. */
  drainMsMin: 500,
  drainMsMax: 4_500,

  /**
   * How long the client waits whose poll was pushed out by a copy of the same turn. Where the
   * network made it nobody notices; two loops that count alike would otherwise chase each other.
   */
  copyMs: 200,

  /** The longest delay between two wake-ups under load; more would be felt as a broken room. */
  tideMsMax: 2_000,

  /**
   * How long clients are asked to stay away at most when even that delay is not enough. Well within
   * the lease, so that nobody lapses who does as they are told.
   */
  awayMsMax: 4_000,

  /**
   * How long polls are settled before the event loop is given back, and how many. Somebody who says
   * something meanwhile waits for two slices, and for the polls that come between them: 30 ms.
   */
  sliceMsMax: 8,
  sliceMax: 1_500,
  /**
   * Memory is given back when nothing was written for so long, when there is so much more of it
   * than after the last time, and that time is so long ago. It is looked at no more often.
   */
  collectRestMs: 2_000,
  collectBytesMin: 8_000_000,
  collectEveryMs: 10_000,
  collectLookMs: 1_000,

  // --- The page without scripts ---------------------------------------------------------------

  /** Pages of `/plain` that are open at once: each takes a connection, as a held poll does. */
  plainStreamsMax: 1_000,
  /**
   * Those of one network address: several classrooms behind one router. It takes five addresses to
   * have all of them. Behind a proxy that is not trusted by name, all readers are one address.
   */
  plainStreamsPerAddressMax: 200,
  /** How long such a page waits for news before it says that it is there: half of 30 s. */
  plainBeatMs: 15_000,
  /**
   * How long one that nobody is heard from goes on. A browser is heard from at each beat, by the
   * picture that it asks for; a member whose machine has vanished is gone that much later.
   */
  plainUnheardMs: 50_000,
  /**
   * The same for a browser that has never asked for a picture: it may show none. What its reader
   * says is heard as well.
   */
  plainUnseenMs: 240_000,
  /** How long the reader of a page that stands still counts as present: as long as one reads. */
  plainStillMs: 300_000,
  /**
   * Bytes of such a page that are written at once: some hundred lines. Older ones are told as a gap
   * by whoever is behind by more. The next part waits until the network has taken this one.
   */
  plainPartBytesMax: 128 * 1024,
  /** How long a page that waits for the network is not looked at: well within the lease. */
  plainBehindMs: 5_000,
  /**
   * Characters of `Accept-Language` that are read: some twenty languages. A browser names a few,
   * and a head full of them would be read at each request.
   */
  acceptedLanguagesMax: 256,
  /** How long a page grows: a browser keeps all of it. */
  plainStreamMs: 30 * 60_000,

  // --- The room -------------------------------------------------------------------------------

  /** Graphemes of a nick: what fits a line on a phone beside a message. */
  nickMax: 24,
  /** Bytes of a nick. A grapheme has no length of its own: this is what bounds one. */
  nickBytesMax: 256,
  /** Graphemes of a message: a long paragraph, not a document. */
  textMax: 2_000,
  /** Bytes of a message after cleaning: 2,000 graphemes of four bytes each. */
  textBytesMax: 8_000,
  /** Graphemes of a topic: one line under the title. */
  topicMax: 200,
  topicBytesMax: 1_000,
  /** Combining marks upon one base character; more than this is drawn over the neighbours. */
  marksMax: 8,

  /** Members in the room at once: twice the largest event that one machine is measured for. */
  membersMax: 50_000,
  /** Up to this many members everybody is told who comes and goes; beyond it, only how many. */
  rosterMax: 200,
  /** Below this many members a room that had grown large tells names again (hysteresis). */
  rosterAgain: 150,
  /** Typing wakes polls up to this many members; in a larger room it is noise. */
  typingMembersMax: 50,
  /** Nicks shown as typing at once. */
  typingMax: 5,
  /** How long a sign of typing lasts without another one. */
  typingMs: 6_000,
  /** Kinds of reaction on one message. */
  reactionKindsMax: 20,
  /** Ids of reactors that a message names; the count beside them is exact. */
  reactorsNamed: 50,
  /** Bans kept, and mutes; the oldest is forgotten first. */
  bansMax: 10_000,

  // --- Pace -----------------------------------------------------------------------------------

  /** Actions a member may send at once before the pace applies. */
  paceBurst: 10,
  /** Milliseconds in which a member earns one more action, unless the options say otherwise. */
  paceMs: 1_000,
  /** Joins from one address at once: several classrooms behind one router. */
  joinBurst: 120,
  /** Milliseconds in which an address earns one more join. */
  joinMs: 500,
  /**
   * Snapshots and pages for one address at once: a page load takes three, a classroom a hundred.
   */
  readBurst: 400,
  /** Milliseconds in which an address earns one more. */
  readMs: 20,
  /** Wrong keeper codes and passcodes from one address at once, and what earns one more. */
  guessBurst: 10,
  guessMs: 6_000,
  /** Addresses remembered. An address that is forgotten has all its joins again. */
  addressesMax: 20_000,

  // --- Memory ---------------------------------------------------------------------------------

  /** Members who left, or were sent out, whose polls are told so; who joins again is forgotten. */
  farewellsMax: 2_000,

  /** Newest entries kept encoded for polls, in count and in bytes. */
  ringEntriesMax: 2_048,
  /** Newest entries, sent or not, whose place in the history is known without the journal. */
  ringHashesMax: 32_768,
  ringBytesMax: 8 * 1024 * 1024,
  /** Newest messages kept in their present form for snapshots. */
  recentMax: 200,
  /** Messages that a snapshot carries. */
  snapshotEntries: 50,
  /** Entries of a history page at most, and by default. */
  pageMax: 200,
  pageDefault: 50,
  /** A history page stops at the first entry beyond this size. */
  pageBytesMax: 512 * 1024,
  /** Members on a page of the member list at most. */
  membersPageMax: 200,
  /** Entries addressed to one member, or to keepers, that are kept in memory. */
  addressedMax: 100,

  /** Newest entries kept as objects, from which pages of history are served. */
  newestMax: 2_048,
  newestBytesMax: 8 * 1024 * 1024,

  // --- Journal --------------------------------------------------------------------------------

  /** Drafts waiting for the journal; beyond this a send is refused with BUSY. */
  appendQueueMax: 20_000,
  appendQueueBytesMax: 32 * 1024 * 1024,
  /** Drafts in one commit: about 5 ms of inserting, so that a commit stays short. */
  batchMax: 512,
  /**
   * How long a busy room's drafts are gathered between two commits. Measured at 5,000 a second on
   * one core: commits of six entries without it, of twenty-five with it, at half of the cost each.
   */
  gatherMs: 4,
  /** Reads waiting for the journal; beyond this a read is refused with BUSY. */
  readQueueMax: 1_000,
  /**
   * Entries that the index of words may be behind when somebody searches: about a second of
   * indexing. Beyond it a search is refused with BUSY, which happens to journals from before there
   * was an index, while they are indexed.
   */
  searchBehindMax: 50_000,
  /** Words of a search, and their bytes: each is a list that is walked. */
  searchWordsMax: 8,
  searchBytesMax: 256,
  /**
   * Messages that one search looks at: some 0.2 s of the thread that commits, in parts. An index
   * of pieces names messages that have all of them, and not the word. Beyond it, it gives up.
   */
  searchLookedMax: 5_000,
  /**
   * Searches at once. Each has one read with the journal at a time, and so they never fill its
   * queue, in which pages of history, cursors and edits wait as well. Beyond it they hear BUSY.
   */
  searchesMax: 32,
  /** Entries between two snapshots of the room's state. */
  snapshotEvery: 5_000,

  // --- HTTP -----------------------------------------------------------------------------------

  /** A request's first line and headers: what nginx takes by default is half of this. */
  headBytesMax: 16 * 1024,
  /** A head up to this length is remembered, so that the next one like it need not be read. */
  keptHeadBytesMax: 2_048,
  /** Headers of a request. A browser sends about twenty. */
  headersMax: 100,
  /** How long a head may take from its first byte, or a new connection to begin one. */
  headMsMax: 12_000,
  /** How long a body may take. */
  bodyMsMax: 30_000,
  /**
   * How long a connection may do nothing between requests, or a client not read its answer: longer
   * than the hold, and than most proxies keep one.
   */
  idleMsMax: 65_000,
  /**
   * Bytes of an answer that goes on which a client has not read yet: some screens full, and beyond
   * it nobody reads.
   */
  streamUnreadBytesMax: 256 * 1024,
  /** How long a client may go on sending after the last answer, so that it comes to read it. */
  lingerMs: 2_000,
  /** Bytes that may wait behind a request that has no answer yet; then reading stops. */
  pipelinedBytesMax: 64 * 1024,
  /** Requests that are begun in one turn of the event loop: some 10 ms of the dearer ones. */
  begunMax: 1_024,
  /** Of these, how many in a row for one connection: whoever pipelines takes turns with others. */
  begunInRowMax: 16,
  /** For how long who was just told waits at most until the others are: what 18,000 take, twice. */
  putOffMsMax: 300,
  /** How many of them are read in one turn of the event loop after that: a millisecond of it. */
  takenUpMax: 256,
  /** A request's body: a text of 8,000 bytes may take six times that when JSON escapes it. */
  bodyBytesMax: 48 * 1024,
  /** A reply shorter than this is sent as it is: it fits the packets that it would need anyway. */
  zipBytesMin: 1_400,
  /** Nesting of a JSON body: an object, and nothing of ours nests deeper than one more. */
  depthMax: 4,
  /** A request's target. */
  targetBytesMax: 2_048,
  /** How long a session's token is valid; it is renewed when half of it is gone. */
  sessionMs: 24 * 60 * 60 * 1000,
} as const;
