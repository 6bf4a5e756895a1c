import Bitcoin
import Stratum

/// The payout groups of a pool whose accounts have coinbases of their own: a number for each script, never given to another.
///
/// Scripts are free to invent, so a group whose last miner has gone is forgotten a while later. Its number is not used again: jobs and shares of
/// the group may still be about.
struct PayoutGroups: Sendable {
    private struct Group {
        let script: Script
        /// Connections that were admitted to it.
        var admissions = 0
        /// Since when it has none.
        var idleAt: ContinuousClock.Instant?
    }

    /// So long a miner that comes back finds its group, and the jobs it works on are good still.
    private static let patience = Duration.seconds(600)

    private var numbers: [Script: UInt32] = [:]
    private var groups: [UInt32: Group] = [:]
    private var last: UInt32 = 0
    /// Oldest first; some have miners again.
    private var idle: ArraySlice<(number: UInt32, since: ContinuousClock.Instant)> = []

    /// The group of the script, for one connection more.
    mutating func admit(_ script: Script, at now: ContinuousClock.Instant) -> UInt32 {
        forget(before: now - Self.patience)
        let number = numbers[script] ?? add(script)
        readmit(number)
        return number
    }

    /// One connection more of a group that is known.
    mutating func readmit(_ number: UInt32) {
        groups[number]?.admissions += 1
        groups[number]?.idleAt = nil
    }

    mutating func dismiss(_ number: UInt32, at now: ContinuousClock.Instant) {
        guard let group = groups[number], group.admissions > 0 else { return }
        groups[number]?.admissions -= 1
        if group.admissions == 1 { rest(number, at: now) }
    }

    func script(of number: UInt32) -> Script? { groups[number]?.script }
    func number(of script: Script) -> UInt32? { numbers[script] }
    var count: Int { groups.count }

    private mutating func add(_ script: Script) -> UInt32 {
        // Four thousand million later nobody remembers the first; 0 is the shared coinbase.
        repeat { last &+= 1 } while last == 0 || groups[last] != nil
        groups[last] = Group(script: script)
        numbers[script] = last
        return last
    }

    private mutating func rest(_ number: UInt32, at now: ContinuousClock.Instant) {
        groups[number]?.idleAt = now
        idle.append((number, now))
    }

    private mutating func forget(before moment: ContinuousClock.Instant) {
        while let oldest = idle.first, oldest.since < moment {
            idle.removeFirst()
            guard let group = groups[oldest.number], group.idleAt == oldest.since else { continue }
            groups[oldest.number] = nil
            numbers[group.script] = nil
        }
    }
}

extension PayoutGroups {
    /// Admissions do not travel: each connection is admitted again.
    mutating func pass(through stream: inout HandoverStream) throws(HandoverStream.Failure) {
        try stream.pass(&last)
        var list = groups.map { (number: $0, script: $1.script.bytes) }.sorted { $0.number < $1.number }
        try stream.pass(&list, blank: (0, [])) { stream, group throws(HandoverStream.Failure) in
            try stream.pass(&group.number)
            try stream.pass(&group.script)
        }
        guard stream.isReading else { return }
        for (number, bytes) in list {
            let script = Script(bytes)
            groups[number] = Group(script: script)
            numbers[script] = number
            rest(number, at: .now)
        }
    }
}
