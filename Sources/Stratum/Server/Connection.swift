import Glibc
import Hashing

/// One miner's connection as its loop keeps it.
struct Connection: ~Copyable {
    let fd: Int32
    /// Which of the server's listeners it came in by.
    let listener: Int
    /// Who is at the other end; a proxy may say that it speaks for another.
    var peer: SocketAddress
    /// Unique among all connections of this process.
    let id: UInt64

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
    let openedAt: Int64
    var heardAt: Int64
    /// Since when unsent bytes have not moved.
    var stalledAt: Int64 = 0
    /// Unix milliseconds; 0 before the first accepted share.
    var lastShare: Int64 = 0
    let since: Int64

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

    func receive(into buffer: UnsafeMutableRawBufferPointer) -> Socket.Transfer {
        if let secure { return secure.receive(into: buffer) }
        return Socket.receive(fd, into: buffer)
    }

    func send(_ bytes: UnsafeRawBufferPointer) -> Socket.Transfer {
        if let secure { return secure.send(bytes) }
        return Socket.send(fd, bytes)
    }

    init(
        fd: Int32,
        listener: Int,
        peer: SocketAddress,
        id: UInt64,
        session: Session,
        openedAt: Int64,
        heardAt: Int64,
        since: Int64
    ) {
        self.fd = fd
        self.listener = listener
        self.peer = peer
        self.id = id
        self.session = session
        self.openedAt = openedAt
        self.heardAt = heardAt
        self.since = since
    }

    /// The level of the difficulty that a share is judged by, which is nearly always that of the share before.
    mutating func level(of difficulty: ShareDifficulty) -> Level {
        if level.difficulty != difficulty { level = Level(difficulty) }
        return level
    }
}

/// The beginning of a line whose end has not come yet.
struct Tail: ~Copyable {
    private var base: UnsafeMutablePointer<UInt8>?
    private(set) var count = 0

    deinit { base?.deallocate() }

    /// Moves the bytes to the front of a buffer that has room for the longest line, and forgets them.
    mutating func move(to buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard let base, let target = buffer.baseAddress else { return 0 }
        memcpy(target, base, count)
        base.deallocate()
        self.base = nil
        defer { count = 0 }
        return count
    }

    var bytes: [UInt8] { Array(UnsafeBufferPointer(start: base, count: count)) }

    /// Keeps bytes; there are none yet.
    mutating func keep(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress, !bytes.isEmpty else { return }
        let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count)
        memcpy(copy, source, bytes.count)
        base?.deallocate()
        base = copy
        count = bytes.count
    }
}

/// A text too long to copy, sent from where it lies: what was queued before goes first, what comes later follows.
final class Transfer {
    let text: [UInt8]
    var sent = 0
    /// Bytes in the output buffer that go before it.
    var leading: Int

    init(_ text: [UInt8], after leading: Int) {
        self.text = text
        self.leading = leading
    }
}

/// A connection on its way to the loop that owns its session.
struct Migrant: Sendable {
    let fd: Int32
    let listener: Int
    let peer: SocketAddress
    let id: UInt64
    let secure: SecureChannel?
    let session: Session
    /// Read but not yet looked at.
    let input: [UInt8]
    /// Written but not yet sent.
    let output: [UInt8]
    let openedAt: Int64
    let since: Int64
    let lastShare: Int64
    /// When its miner is asked to connect again; 0 for never.
    let leavesAt: Int64
}
