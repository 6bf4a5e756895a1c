import Glibc
import Synchronization

/// What other threads tell a loop. Messages are immutable and few: jobs, an operator's words, connections that change loops.
enum LoopMessage: Sendable {
    case publish(Job, clean: Bool)
    /// Nothing that the miners of this group (nil: of any) hold can win any more.
    case withdraw(group: UInt32?)
    case kick(connection: UInt64)
    /// Closes what an address that is banned now holds.
    case expel(AddressGuard.Key)
    case setDifficulty(worker: UInt32, Double?)
    /// What each listener's connections get from now on.
    case retune([DifficultySettings])
    case showMessage(worker: UInt32?, String)
    case reconnect(worker: UInt32?, host: String, port: UInt16, after: Int)
    /// Takes nobody and sends everybody away over so many milliseconds; nil ends that.
    case drain(Drain?)
    /// A connection whose session lives on this loop.
    case adopt(Migrant)
    case report(@Sendable ([ConnectionReport]) -> Void)
    /// Read no more, deliver what is owed, close.
    case stop(within: Int64)
    /// Read no more, deliver what is owed, say so, and wait.
    case rest(within: Int64, @Sendable () -> Void)
    /// End, and give all that another process needs to go on.
    case handOver(@Sendable (LoopState?) -> Void)
}

/// One loop's letter box.
final class Mailbox: Sendable {
    /// Nil once the loop has ended.
    private let messages = Mutex<[LoopMessage]?>([])
    let wake: WakeHandle

    init() throws(StratumServerError) {
        wake = try WakeHandle()
    }

    func post(_ message: LoopMessage) {
        let count = messages.withLock { messages in
            messages?.append(message)
            return messages?.count
        }
        if count == 1 { wake.signal() }
        if count == nil { Self.refuse(message) }
    }

    func takeAll() -> [LoopMessage] {
        messages.withLock { messages in
            let all = messages ?? []
            messages = []
            return all
        }
    }

    /// The loop reads no more: what waits for an answer gets one, now and later.
    func close() {
        let rest = messages.withLock { messages in
            let all = messages ?? []
            messages = nil
            return all
        }
        for message in rest { Self.refuse(message) }
    }

    private static func refuse(_ message: LoopMessage) {
        switch message {
        case .report(let answer): answer([])
        case .adopt(let migrant): Glibc.close(migrant.origin.socket)
        case .rest(_, let atRest): atRest()
        case .handOver(let answer): answer(nil)
        default: break
        }
    }
}
