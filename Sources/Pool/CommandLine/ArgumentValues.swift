extension ParsedArguments {
    /// A whole number of `range`, where the option is given.
    func integer(_ option: String, _ range: ClosedRange<Int>) throws(UsageError) -> Int? {
        guard let text = options[option] else { return nil }
        guard let value = Int(text), range.contains(value) else {
            let allowed = range.upperBound == .max ? "\(range.lowerBound) or more" : "from \(range.lowerBound) to \(range.upperBound)"
            throw refused(option, text, "a whole number, \(allowed)")
        }
        return value
    }

    /// A number above zero, where the option is given.
    func positiveNumber(_ option: String) throws(UsageError) -> Double? {
        guard let text = options[option] else { return nil }
        guard let value = Double(text), value.isFinite, value > 0 else { throw refused(option, text, "a number above 0, for example 0.5 or 1e-10") }
        return value
    }

    /// An address to listen on, where the option is given.
    func listenAddress(_ option: String) throws(UsageError) -> ListenAddress? {
        guard let text = options[option] else { return nil }
        guard let address = ListenAddress(parsing: text) else {
            throw refused(option, text, "\(ListenAddress.allowed); port 0 picks a free one")
        }
        return address
    }

    /// A path, where the option is given.
    func path(_ option: String) throws(UsageError) -> String? {
        guard let text = options[option] else { return nil }
        guard !text.isEmpty, !text.utf8.contains(0) else { throw refused(option, text, "a path") }
        return text
    }

    func refused(_ option: String, _ value: String, _ allowed: String) -> UsageError {
        UsageError("--\(option): \(JSON5Text.quote(value)) is not allowed; allowed is \(allowed)")
    }
}
