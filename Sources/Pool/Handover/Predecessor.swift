import Stratum

/// The process whose miners this one shall go on with, as this one sees it.
struct Predecessor: Sendable {
    private let channel: HandoverChannel
    /// Nobody waits longer at the other end.
    private let deadline = ContinuousClock.now + Successor.patience

    /// Nil for a process that starts on its own.
    init?() {
        guard let channel = HandoverChannel.inherited() else { return nil }
        self.channel = channel
    }

    /// Says that this process can take over, and receives all there is.
    func state(for configuration: PoolConfiguration) throws -> PoolState {
        try channel.send(.prepared(version: HandoverStream.version))
        var stream = try channel.receiveState(until: deadline)
        var state = PoolState()
        try state.pass(through: &stream, configuration)
        return state
    }

    /// Says that all stands ready, and waits for the word to begin.
    ///
    /// The other process lets go before it says so. When it has ended without a word, nobody else is there for its miners either.
    func release() throws {
        try channel.send(.ready)
        defer { channel.end() }
        do throws(HandoverChannel.Failure) {
            guard try channel.receive(until: deadline + Successor.patience).message == .go else { throw .unexpected }
        } catch .ended {
            return
        }
    }

    /// The other process goes on itself.
    func refuse(_ text: String) { try? channel.send(.failed(text)) }
}
