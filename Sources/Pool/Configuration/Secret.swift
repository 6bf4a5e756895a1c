/// A password or token: it can be used, but never printed by accident.
///
/// String interpolation, `print`, `dump` and reflection all show the same four stars.
public struct Secret: Sendable, Equatable {
    /// The text itself. Whoever calls this puts it into a request and nowhere else.
    public let revealed: String

    public init(_ text: String) { revealed = text }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "****" }
    public var debugDescription: String { "****" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
