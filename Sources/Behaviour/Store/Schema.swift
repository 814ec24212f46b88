import GRDB

/// The tables, and how older files are brought up to them.
///
/// A migration that was released is never changed: a new one is added behind it.
enum Schema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 events") { try $0.execute(sql: events) }
    migrator.registerMigration("2 profiles") { try $0.execute(sql: profiles) }
    migrator.registerMigration("3 accounts") { try $0.execute(sql: accounts) }
    migrator.registerMigration("4 event ids") { try $0.execute(sql: eventIDs) }
    migrator.registerMigration("5 ratings") { try $0.execute(sql: "ALTER TABLE events ADD COLUMN rating INTEGER") }
    return migrator
  }

  /// What people told of themselves, and the groups that `bespoke segments` found.
  private static let accounts = """
    CREATE TABLE accounts (id TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE findings (name TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT, WITHOUT ROWID;
    """

  /// Which events are there: a table of its own, as a batch's ids are added in their order and its events in another.
  private static let eventIDs = """
    CREATE TABLE event_ids (id INTEGER PRIMARY KEY) STRICT;
    INSERT INTO event_ids SELECT id FROM events ORDER BY id;
    DROP INDEX events_by_id;
    """

  /// What the last build found of each person, and who may not be in it.
  ///
  /// `days` lists purchase days and spends for the models; a tombstone is a keyed hash, which names nobody.
  private static let profiles = """
    CREATE TABLE profile_facts (profile INTEGER PRIMARY KEY, facts TEXT NOT NULL, days TEXT NOT NULL) STRICT;
    CREATE TABLE consents (
      profile TEXT NOT NULL, purpose TEXT NOT NULL, granted INTEGER NOT NULL, time INTEGER NOT NULL,
      PRIMARY KEY (profile, purpose)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE tombstones (mark TEXT PRIMARY KEY, time INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE secrets (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
    INSERT OR IGNORE INTO touched SELECT key FROM profiles;
    """

  /// Events lie in the order of profile and time, so that a profile is one run of pages.
  ///
  /// `id` is the 64-bit hash of the
  /// event's id. `price` counts ten-thousandths of the currency's unit, `time` milliseconds since 1970, `zone` minutes
  /// east of UTC. A later column, `rating`, counts ten-thousandths.
  private static let events = """
    CREATE TABLE profiles (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE products (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE orders (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE words (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE events (
      profile INTEGER NOT NULL, time INTEGER NOT NULL, id INTEGER NOT NULL, kind INTEGER NOT NULL, product INTEGER,
      "order" INTEGER, quantity REAL, price INTEGER, currency INTEGER, zone INTEGER NOT NULL, channel INTEGER,
      region INTEGER, flags INTEGER NOT NULL, text TEXT, PRIMARY KEY (profile, time, id)
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX events_by_id ON events (id);
    CREATE TABLE product_facts (
      product INTEGER NOT NULL, field INTEGER NOT NULL, value TEXT NOT NULL, count INTEGER NOT NULL,
      PRIMARY KEY (product, field, value)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE marks (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
    CREATE TABLE touched (profile INTEGER PRIMARY KEY) STRICT;
    CREATE TABLE imports (
      name TEXT PRIMARY KEY, head_length INTEGER NOT NULL, head_hash INTEGER NOT NULL, size INTEGER,
      rows INTEGER NOT NULL, finished INTEGER NOT NULL, report TEXT NOT NULL,
      measures BLOB NOT NULL
    ) STRICT;
    """
}
