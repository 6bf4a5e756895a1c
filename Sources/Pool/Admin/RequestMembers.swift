internal import JSON

/// The members of a request's body: what is there is of its type, or the request is refused. Taken as absent it would mean something else:
/// a ban for `"600"` seconds would be one until the next start.
extension JSONValue {
    /// Nil where the member is absent or null.
    func optionalText(_ name: String) throws(AdminFailure) -> String? { try member(name, "text", \.string) }

    /// A whole number; `600.0` is one.
    func optionalInteger(_ name: String) throws(AdminFailure) -> Int64? {
        try member(name, "a whole number") { value in value.integer ?? value.double.flatMap { Int64(exactly: $0) } }
    }

    func optionalNumber(_ name: String) throws(AdminFailure) -> Double? { try member(name, "a number", \.double) }

    func optionalFlag(_ name: String) throws(AdminFailure) -> Bool? { try member(name, "true or false", \.bool) }

    private func member<Value>(_ name: String, _ kind: String, _ read: (JSONValue) -> Value?) throws(AdminFailure) -> Value? {
        guard let value = self[name], !value.isNull else { return nil }
        guard let read = read(value) else { throw .unusable("\(name) must be \(kind), and is \(value.kind)") }
        return read
    }
}
