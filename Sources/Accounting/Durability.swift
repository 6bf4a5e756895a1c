/// When a group counts as stored.
public enum Durability: String, Sendable, CaseIterable {
    /// When it is on the disk.
    case full
    /// When the system has it: a power cut may lose the last seconds of acknowledged shares, a crash of the pool alone loses none.
    case relaxed
}
