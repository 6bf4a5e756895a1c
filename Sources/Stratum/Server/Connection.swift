import Glibc
import Hashing

/// One miner's connection as its loop keeps it.
struct Connection: ~Copyable {
    var origin: ConnectionOrigin

    /// Encryption, once it began with a handshake.
    var secure: SecureChannel?
    var session: Session
    var output = OutputBuffer()
    /// A half-read line.
    var tail = Tail()
    /// The one long text on its way, if any.
    var transfer: Transfer?

    /// The tip of the last job it was sent: a share of an older one is stale, here and from then on.
    var tip: UInt64 = 0
    /// The payout group it belongs to, while it is a member.
    var group: UInt32 = 0
    /// Its place among that group's members; -1 before it was given work.
    var place: Int32 = -1
    /// The job whose transactions it was given.
    var transactionsJob: UInt64 = 0

    /// Monotonic milliseconds.
    var heardAt: Int64
    /// Since when unsent bytes have not moved.
    var stalledAt: Int64 = 0
    /// Unix milliseconds; 0 before the first accepted share.
    var lastShare: Int64 = 0

    /// It stands in the loop's list of sockets to read.
    var isReady = false
    /// It stands in the loop's list of sockets to write to.
    var isDirty = false
    /// Its peer has ended: read until nothing is left.
    var hasEnded = false
    /// It is left unread until it has read what it asked for.
    var isHeld = false
    /// It wants the current job again, at another difficulty.
    var wantsResend = false
    var opening = Opening.header
    /// When it must go, because its encryption is still with the process before this one; 0 for never. Monotonic milliseconds.
    var leavesAt: Int64 = 0
    /// It was asked to connect again, because miners are moved away.
    var wasSentAway = false
    /// Its address counts it.
    var isAdmitted = false
    /// Bytes that came before it was given work.
    var strangeBytes: Int32 = 0
    /// Lines of late that were no shares.
    var chatter: Int32 = 0
    /// Shares in a row that could not have been worth anything, races with new jobs apart.
    var worthless: Int32 = 0

    /// Whether a new line can be sent straight from shared bytes.
    var isDrained: Bool { output.isEmpty && transfer == nil }

    /// Whether it was given work, or waits for it.
    var isMember: Bool { place >= 0 }

    /// How far it is known what the connection speaks.
    enum Opening: UInt8, BitwiseCopyable {
        /// Nothing came yet; a proxy's header may.
        case header
        /// The next byte tells whether it is encrypted.
        case speech
        case done
    }

    /// A difficulty with what follows from it, which takes a while to compute.
    struct Level: BitwiseCopyable {
        let difficulty: ShareDifficulty
        let target: Target
        let weight: UInt128

        init(_ difficulty: ShareDifficulty) {
            self.difficulty = difficulty
            target = difficulty.target
            weight = target.weight
        }
    }

    private var level = Level(.nominal)

    var fd: Int32 { origin.socket }

    func receive(into buffer: UnsafeMutableRawBufferPointer) -> Socket.Transfer {
        if let secure { return secure.receive(into: buffer) }
        return Socket.receive(fd, into: buffer)
    }

    func send(_ bytes: UnsafeRawBufferPointer) -> Socket.Transfer {
        if let secure { return secure.send(bytes) }
        return Socket.send(fd, bytes)
    }

    init(_ origin: ConnectionOrigin, session: Session, at now: Int64) {
        self.origin = origin
        self.session = session
        heardAt = now
    }

    /// The level of the difficulty that a share is judged by, which is nearly always that of the share before.
    mutating func level(of difficulty: ShareDifficulty) -> Level {
        if level.difficulty != difficulty { level = Level(difficulty) }
        return level
    }
}
