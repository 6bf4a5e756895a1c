import Glibc

/// A submit that was not answered yet. One cache line.
struct PendingReply: BitwiseCopyable {
    /// Its connection's index, and what tells it from an earlier one at the same place.
    let connection: Int32
    let generation: UInt32
    /// 0 for an accepted share, else the ``RejectReason``.
    var reason: UInt8 = 0
    /// It waits for the ledger.
    var isRecorded = false
    private let idCount: UInt8
    private var id: InlineArray<48, UInt8>

    /// - Parameter id: at most ``RequestID/limit`` bytes; none stands for null.
    init(connection: Int32, generation: UInt32, id text: Span<UInt8>) {
        self.connection = connection
        self.generation = generation
        id = InlineArray(repeating: 0)
        guard !text.isEmpty else {
            idCount = 4
            (id[0], id[1], id[2], id[3]) = (0x6e, 0x75, 0x6c, 0x6c)
            return
        }
        let count = min(text.count, RequestID.limit)
        idCount = UInt8(count)
        for index in 0..<count { id[index] = text[index] }
    }

    /// Appends the reply's line.
    func write(_ verdict: RejectReason?, to output: inout OutputBuffer, from pool: borrowing BlockPool) {
        let suffix = ReplySuffix.of(verdict)
        let place = output.extend(by: ReplySuffix.head.utf8CodeUnitCount + Int(idCount) + suffix.utf8CodeUnitCount, from: pool)
        memcpy(place, ReplySuffix.head.utf8Start, ReplySuffix.head.utf8CodeUnitCount)
        let next = place + ReplySuffix.head.utf8CodeUnitCount
        for index in 0..<Int(idCount) { next[index] = id[index] }
        memcpy(next + Int(idCount), suffix.utf8Start, suffix.utf8CodeUnitCount)
    }
}

/// The constant parts of submit replies, which must say what ``Reply`` says.
enum ReplySuffix {
    static let head: StaticString = #"{"id":"#

    static func of(_ verdict: RejectReason?) -> StaticString {
        switch verdict {
        case nil: ",\"result\":true,\"error\":null}\n"
        case .stale: ",\"result\":null,\"error\":[21,\"stale\",null]}\n"
        case .unknownJob: ",\"result\":null,\"error\":[21,\"unknown-job\",null]}\n"
        case .duplicate: ",\"result\":null,\"error\":[22,\"duplicate\",null]}\n"
        case .lowDifficulty: ",\"result\":null,\"error\":[23,\"low-difficulty\",null]}\n"
        case .badExtranonce: ",\"result\":null,\"error\":[20,\"bad-extranonce\",null]}\n"
        case .badTime: ",\"result\":null,\"error\":[20,\"bad-time\",null]}\n"
        case .badVersion: ",\"result\":null,\"error\":[20,\"bad-version\",null]}\n"
        case .malformed: ",\"result\":null,\"error\":[20,\"malformed\",null]}\n"
        case .unauthorized: ",\"result\":null,\"error\":[24,\"unauthorized\",null]}\n"
        case .notSubscribed: ",\"result\":null,\"error\":[25,\"not-subscribed\",null]}\n"
        case .storeUnavailable: ",\"result\":null,\"error\":[20,\"store-unavailable\",null]}\n"
        }
    }
}

/// Submits in the order they came, until each is answered: replies leave in this order and no other. Whenever none waits, the next goes to the
/// first place again: no more memory is ever touched than waited at once.
struct ReplyQueue: ~Copyable {
    private let replies: FixedArray<PendingReply>
    private let mask: UInt64
    /// The number of the reply at the first place.
    private var base: UInt64 = 0
    private(set) var head: UInt64 = 0
    private(set) var tail: UInt64 = 0

    /// - Parameter capacity: a power of two.
    init(capacity: Int) {
        replies = FixedArray(capacity: capacity)
        mask = UInt64(capacity - 1)
    }

    var room: Int { Int(mask + 1 - (tail - head)) }
    var isEmpty: Bool { head == tail }

    /// The reply with this number, which lies between ``head`` and ``tail``.
    subscript(number: UInt64) -> PendingReply {
        @inline(__always) unsafeAddress { replies.address(place(of: number)) }
        @inline(__always) nonmutating unsafeMutableAddress { replies.mutableAddress(place(of: number)) }
    }

    private func place(of number: UInt64) -> Int { Int((number - base) & mask) }

    /// There must be room.
    mutating func append(_ reply: PendingReply) {
        if isEmpty { base = tail }
        replies.initialize(place(of: tail), to: reply)
        tail += 1
    }

    mutating func removeFirst() { head += 1 }
}
