import Accounting

/// Why a pool could not start: one line that names the thing and the remedy.
struct StartFailure: Error, CustomStringConvertible, Sendable {
    let description: String

    init(_ description: String) {
        self.description = description
    }

    /// What a person reads of an error that ended a start, with what can be done about it where that is known.
    static func text(of error: any Error) -> String {
        if let error = error as? LedgerError { "\(error): \(error.remedy)" } else { "\(error)" }
    }
}
