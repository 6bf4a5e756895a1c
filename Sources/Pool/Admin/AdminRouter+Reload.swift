internal import JSON

/// Reads the pool's configuration anew.
public protocol ReloadSource: Sendable {
    /// Applies what can change while the pool runs; when anything in the file cannot stand, nothing is.
    /// - Returns: every key that differs.
    func reload() async throws(AdminFailure) -> [ConfigurationUpdate.Change]
}

extension AdminRouter {
    static func reloadRoute(_ path: String) -> AdminRoute? {
        switch path {
        case "/api/v1/reload":
            .act { source, _ throws(AdminFailure) in
                guard let reloads = source.reloads else { throw .unavailable("this pool was not started from a configuration file") }
                return .array(try await reloads.reload().map(\.json))
            }
        default: nil
        }
    }
}

extension ConfigurationUpdate.Change {
    var json: JSONValue {
        ["key": .string(key), "from": .string(from), "to": .string(to), "applied": .bool(isApplied)]
    }
}
