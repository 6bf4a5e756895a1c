/// How a program ends.
public enum ExitCode: Int32, Sendable {
    case done = 0
    /// Something failed while running.
    case failure = 1
    /// The arguments or the configuration cannot be used; the message names the key, the value and what would be right.
    case unusable = 2
}
