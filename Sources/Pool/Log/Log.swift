import CLinux
import Glibc
import Synchronization

/// The pool's log: one line an event that an operator acts on, to standard error, so that standard output stays for the ready line.
public struct Log: Sendable {
    /// How much an event matters.
    public enum Level: Int, Comparable, Sendable, CaseIterable {
        case debug
        case info
        case warning
        case error

        public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }

        /// The name that an operator types.
        public var name: String {
            switch self {
            case .debug: "debug"
            case .info: "info"
            case .warning: "warning"
            case .error: "error"
            }
        }

        public init?(name: String) {
            guard let level = Level.allCases.first(where: { $0.name == name }) else { return nil }
            self = level
        }

        /// All names, as a message lists them.
        static var names: String { allCases.dropLast().map(\.name).joined(separator: ", ") + " or " + Level.error.name }

        /// Three letters, so that lines align.
        var mark: String {
            switch self {
            case .debug: "dbg"
            case .info: "inf"
            case .warning: "wrn"
            case .error: "err"
            }
        }
    }

    /// Which part of the pool speaks: `node`, `job`, `block`, `ledger`, `stratum` …
    public let part: String
    private static let threshold = Atomic<Int>(Level.info.rawValue)

    public init(_ part: String) {
        self.part = part
    }

    /// Lines below this level are dropped; changeable while running.
    public static var level: Level {
        get { Level(rawValue: threshold.load(ordering: .relaxed)) ?? .info }
        set { threshold.store(newValue.rawValue, ordering: .relaxed) }
    }

    public func debug(_ text: @autoclosure () -> String) { write(.debug, text) }
    public func info(_ text: @autoclosure () -> String) { write(.info, text) }
    public func warning(_ text: @autoclosure () -> String) { write(.warning, text) }
    public func error(_ text: @autoclosure () -> String) { write(.error, text) }

    private func write(_ level: Level, _ text: () -> String) {
        guard level >= Log.level else { return }
        let line = "\(UnixTime.now().logText) \(level.mark) \(part): \(Log.escaped(text()))\n"
        // One write a line, so that lines of several threads do not mix.
        var bytes = Array(line.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { CLinux.write(2, $0.baseAddress, $0.count) }
            if written < 0 && errno == EINTR { continue }
            if written <= 0 { return }
            bytes = bytes.dropFirst(written)
        }
    }

    /// Text that came from a socket must forge no line, steer no terminal and not show in another order than it has: such characters are spelled out.
    static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
        var safe = ""
        for scalar in text.unicodeScalars {
            if isUnsafe(scalar) {
                safe += "\\x" + String(scalar.value, radix: 16)
            } else {
                safe.unicodeScalars.append(scalar)
            }
        }
        return safe
    }

    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        // Control characters of both sets, what turns the direction of writing, and line ends beyond ASCII.
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
