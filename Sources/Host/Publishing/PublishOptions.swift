/// What publishing into WordPress may choose.
public struct PublishOptions: Sendable {
  /// Whether items become posts, which have categories and tags, or pages.
  public enum Kind: String, Sendable, CaseIterable {
    case posts, pages
  }

  /// Whether items become posts or pages.
  public var kind = Kind.posts
  /// Whether new items wait as drafts.
  public var isDraft = false
  /// Say what would be done, and write nothing.
  public var isDryRun = false
  /// The most items that are created or changed.
  public var limit = Int.max
  /// Make drafts of what was published before and is no longer among the items.
  public var prunes = false
  /// Take over posts and pages of the same slug that were not published from here.
  public var adopts = false
  /// The folder in which pictures lie as their URLs say; nil to publish none.
  public var mediaFolder: String?

  /// Options, all with their defaults.
  public init() {}
}

/// What became of the items.
public struct PublishReport: Sendable, Equatable {
  /// Items that WordPress did not have.
  public internal(set) var created = 0
  /// Items that were changed.
  public internal(set) var updated = 0
  /// Items that were as they should be.
  public internal(set) var unchanged = 0
  /// Items that are drafts now, as the shop has them no longer.
  public internal(set) var unpublished = 0
  /// Items that the shop has no longer, and that stay as `--prune` was not given.
  public internal(set) var obsolete = 0
  /// Items beyond the limit.
  public internal(set) var postponed = 0
  /// Pictures that were uploaded.
  public internal(set) var pictures = 0
  /// What failed, item by item.
  public internal(set) var failures: [(slug: String, reason: String)] = []
  /// What is worth knowing, and failed nothing.
  public internal(set) var notes: [String] = []

  /// Whether two reports count the same.
  public static func == (left: PublishReport, right: PublishReport) -> Bool {
    left.created == right.created && left.updated == right.updated && left.unchanged == right.unchanged
      && left.unpublished == right.unpublished && left.obsolete == right.obsolete && left.postponed == right.postponed
      && left.pictures == right.pictures && left.failures.map(\.slug) == right.failures.map(\.slug)
      && left.notes == right.notes
  }
}
