/// The extranonce1 values that one loop gives out: the pool's instance, the loop, and a number of its own.
///
/// ```
/// 31      24 23   18 17             0
/// ┌─────────┬───────┬────────────────┐
/// │ instance│ loop  │ number         │
/// └─────────┴───────┴────────────────┘
/// ```
/// Instances of one pool, loops of one process and connections of one loop thus never share a value.
struct ExtranonceSpace: Sendable {
    static let loopLimit = 64
    private static let numbers: UInt32 = 1 << 18

    private let prefix: UInt32
    private var unused: UInt32 = 0
    /// Values given back by sessions that had no work with them.
    private var spare: [UInt32] = []
    /// Values given back, in the order in which they may be given out again.
    private var resting: [(value: UInt32, until: Int64)] = []
    private var firstResting = 0

    init(instance: UInt8, loop: Int) {
        precondition((0..<Self.loopLimit).contains(loop), "a loop's number has six bits")
        prefix = UInt32(instance) << 24 | UInt32(loop) << 18
    }

    /// A value that no live or resumable session has; nil while there is none.
    mutating func take(at now: Int64) -> UInt32? {
        if let value = spare.popLast() { return value }
        if unused < Self.numbers {
            unused += 1
            return prefix | (unused - 1)
        }
        guard firstResting < resting.count, resting[firstResting].until <= now else { return nil }
        let value = resting[firstResting].value
        firstResting += 1
        if firstResting * 2 > resting.count {
            resting.removeFirst(firstResting)
            firstResting = 0
        }
        return value
    }

    /// Gives a value back that no header was ever made with.
    mutating func giveBack(unworked value: UInt32) { spare.append(value) }

    /// Gives a value back; times never go back from one call to the next. Until `rest` is over it stays out of use: headers with it may still be in somebody's queue.
    mutating func giveBack(_ value: UInt32, restingUntil rest: Int64) {
        resting.append((value, rest))
    }
}

extension ExtranonceSpace {
    /// Goes to the next process whole, so that no value comes back before its time.
    mutating func pass(through stream: inout HandoverStream) throws(HandoverStream.Failure) {
        try stream.pass(&unused)
        guard unused <= Self.numbers else { throw .unreadable("\(unused) extranonces of one loop") }
        try stream.pass(&spare, blank: 0) { stream, value throws(HandoverStream.Failure) in try stream.pass(&value) }
        resting.removeFirst(firstResting)
        firstResting = 0
        try stream.pass(&resting, blank: (0, 0)) { stream, entry throws(HandoverStream.Failure) in
            try stream.pass(&entry.value)
            try stream.pass(&entry.until)
        }
    }
}
