/// What one check found.
public struct CheckLine: Sendable, Equatable {
    /// The key of the configuration that it is about, or what of the machine.
    public var subject: String
    /// What was found.
    public var finding: String
    /// What to do; nil for a check that passed.
    public var remedy: String?
    /// Whether the pool can be started all the same.
    public var isOK: Bool

    static func ok(_ subject: String, _ finding: String) -> CheckLine { CheckLine(subject: subject, finding: finding, isOK: true) }

    /// The pool can do with it, but not for ever.
    static func warned(_ subject: String, _ finding: String, remedy: String) -> CheckLine {
        CheckLine(subject: subject, finding: finding, remedy: remedy, isOK: true)
    }

    static func failed(_ subject: String, _ finding: String, remedy: String) -> CheckLine {
        CheckLine(subject: subject, finding: finding, remedy: remedy, isOK: false)
    }

    /// `ok    data          /var/lib/motherlode can be written …`, the remedy on the same line behind an arrow.
    func text(_ style: Style) -> String {
        let name = subject + String(repeating: " ", count: max(1, 22 - subject.count))
        guard let remedy else { return "\(style.good("ok"))    \(name)\(finding)" }
        return "\(style.bad(isOK ? "warn" : "FAIL"))  \(name)\(finding) → \(remedy)"
    }
}
