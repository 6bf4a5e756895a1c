internal import JSON
public import MergeMining

/// What the fork watch knows at one moment.
public struct ForkView: Sendable {
    public var monitor: ForkMonitor
    /// Why the last look at the chains failed; nil when it did not.
    public var lastError: String?

    public init(monitor: ForkMonitor, lastError: String?) {
        self.monitor = monitor
        self.lastError = lastError
    }

    var json: JSONValue {
        guard case .object(var object) = monitor.json else { return .null }
        object["lastError"] = .optional(lastError)
        return .object(object)
    }
}
