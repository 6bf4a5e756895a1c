import CLinux
import Glibc
internal import JSON
import Synchronization

/// The pool's log: one line an event that an operator acts on, to standard error, so that standard output stays for the ready line. Events that
/// come in floods are told of once a second, and how many there were.
public struct Log: Sendable {
    /// How much an event matters; raw values are the names that an operator types.
    public enum Level: String, Comparable, Sendable, CaseIterable {
        case debug
        case info
        case warning
        case error

        public static func < (left: Level, right: Level) -> Bool { left.rank < right.rank }

        /// All names, as a message lists them.
        static var names: String { allCases.dropLast().map(\.rawValue).joined(separator: ", ") + " or " + Level.error.rawValue }

        /// Three letters, so that lines align.
        var mark: String {
            switch self {
            case .debug: "dbg"
            case .info: "inf"
            case .warning: "wrn"
            case .error: "err"
            }
        }

        fileprivate var rank: Int {
            switch self {
            case .debug: 0
            case .info: 1
            case .warning: 2
            case .error: 3
            }
        }
    }

    /// How a line is written.
    public enum Format: String, Sendable, CaseIterable {
        /// Aligned, for people.
        case text
        /// An object with `time`, `level`, `part` and `text`.
        case json
    }

    /// Which part of the pool speaks: `node`, `job`, `block`, `ledger`, `stratum` …
    public let part: String
    private static let threshold = Atomic<Int>(Level.info.rank)
    private static let isJSON = Atomic<Bool>(false)
    private static let limiter = Mutex(LogLimiter())

    public init(_ part: String) {
        self.part = part
    }

    /// Lines below this level are dropped; changeable while running.
    public static var level: Level {
        get { Level.allCases[threshold.load(ordering: .relaxed)] }
        set { threshold.store(newValue.rank, ordering: .relaxed) }
    }

    /// Changeable while running too.
    public static var format: Format {
        get { isJSON.load(ordering: .relaxed) ? .json : .text }
        set { isJSON.store(newValue == .json, ordering: .relaxed) }
    }

    public func debug(_ text: @autoclosure () -> String, file: StaticString = #fileID, line: UInt = #line) {
        write(.debug, text, LogLimiter.Site(file, line))
    }
    public func info(_ text: @autoclosure () -> String, file: StaticString = #fileID, line: UInt = #line) {
        write(.info, text, LogLimiter.Site(file, line))
    }
    public func warning(_ text: @autoclosure () -> String, file: StaticString = #fileID, line: UInt = #line) {
        write(.warning, text, LogLimiter.Site(file, line))
    }
    public func error(_ text: @autoclosure () -> String, file: StaticString = #fileID, line: UInt = #line) {
        write(.error, text, LogLimiter.Site(file, line))
    }

    private func write(_ level: Level, _ text: () -> String, _ site: LogLimiter.Site) {
        guard level >= Log.level else { return }
        let now = UnixTime.now()
        // Who asks for everything gets it.
        let omitted = level == .debug ? 0 : Log.limiter.withLock { $0.admit(site, at: now.milliseconds) }
        guard let omitted else { return }
        let line = line(level, text() + (omitted > 0 ? " (and \(omitted) lines like it, left out)" : ""), at: now) + "\n"
        // One write a line, so that lines of several threads do not mix.
        var bytes = Array(line.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { CLinux.write(2, $0.baseAddress, $0.count) }
            if written < 0 && errno == EINTR { continue }
            if written <= 0 { return }
            bytes = bytes.dropFirst(written)
        }
    }

    /// Without its line feed.
    func line(_ level: Level, _ text: String, at time: UnixTime) -> String {
        let text = Log.escaped(text)
        switch Log.format {
        case .text:
            return "\(time.logText) \(level.mark) \(part): \(text)"
        case .json:
            let line: JSONValue = [
                "time": .string(time.logText.replacing(" ", with: "T") + "Z"), "level": .string(level.rawValue), "part": .string(part),
                "text": .string(text),
            ]
            return line.text()
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
