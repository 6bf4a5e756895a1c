/// Keeps one place of the code from filling a disk: so many of its lines at once, then one a second, and how many were left out.
struct LogLimiter: Sendable {
    /// The line of the code that writes. Two may share a key and a limit, which does no harm.
    struct Site: Hashable, Sendable {
        private let file: UInt
        private let line: UInt

        init(_ file: StaticString, _ line: UInt) {
            self.file = file.hasPointerRepresentation ? UInt(bitPattern: file.utf8Start) : 0
            self.line = line
        }
    }

    private struct Allowance {
        var lines = Double(LogLimiter.burst)
        var filledAt: Int64
        var omitted = 0
    }

    static let burst = 50
    private var sites: [Site: Allowance] = [:]

    /// Asks for one line.
    /// - Parameter now: milliseconds of a clock that may be set.
    /// - Returns: how many lines of this place were left out since its last; nil when this one is.
    mutating func admit(_ site: Site, at now: Int64) -> Int? {
        var allowance = sites[site] ?? Allowance(filledAt: now)
        allowance.lines = min(Double(Self.burst), allowance.lines + Double(max(0, now - allowance.filledAt)) / 1_000)
        allowance.filledAt = now
        defer { sites[site] = allowance }
        guard allowance.lines >= 1 else {
            allowance.omitted += 1
            return nil
        }
        allowance.lines -= 1
        return exchange(&allowance.omitted, with: 0)
    }
}
