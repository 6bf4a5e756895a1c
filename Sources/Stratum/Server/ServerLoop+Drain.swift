/// Moving miners away: nobody new is taken, and everybody is asked to connect again, a few at a time. Who does so finds the door closed and goes
/// to the next pool in its list.
struct Drain: Sendable {
    /// Monotonic milliseconds.
    private(set) var since: Int64
    /// Over how long the words are spread.
    private(set) var over: Int64

    /// Connections are numbered one after the other, so multiples of the golden ratio spread them evenly.
    func isDue(_ connection: UInt64, at now: Int64) -> Bool {
        let part = Double((connection &* 0x9e37_79b9_7f4a_7c15) >> 11) / Double(1 << 53)
        return Double(now - since) >= part * Double(over)
    }

    /// It goes on in the next process.
    mutating func pass(through stream: inout HandoverStream) throws(HandoverStream.Failure) {
        try stream.pass(&since)
        try stream.pass(&over)
    }
}

extension ServerLoop {
    /// - Parameter order: nil takes everybody again.
    mutating func begin(_ order: Drain?) {
        drain = order
        forEachConnection { loop, index in loop.connections[index].wasSentAway = false }
    }

    /// Without a host: cgminer follows one only within the same domain, ESP-Miner ignores it.
    mutating func sendAwayWhenDue(_ index: Int) {
        guard let drain, !connections[index].wasSentAway, connections[index].isMember, drain.isDue(connections[index].origin.id, at: clock.now) else {
            return
        }
        connections[index].wasSentAway = true
        queue(Reply.reconnect, for: index)
    }
}
