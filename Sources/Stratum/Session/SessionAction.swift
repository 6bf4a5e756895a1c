/// What a session asks of the loop that drives it, in this order.
enum SessionAction: Equatable {
    /// Bytes for the miner, whole lines.
    case send([UInt8])
    /// Give the session an identity and answer with ``Session/subscribed(as:for:)``.
    case subscribe(RequestID, resuming: ResumeToken?)
    /// Ask the host and answer with ``Session/authorized(_:by:at:)``.
    case authorize(AuthorizationRequest)
    /// Tell the host that an admission is over: the session has no use for it, or a newer one of the same name.
    case dismiss(Session.Worker)
    /// A share that the line scanner left to the JSON reader.
    case submit(RequestID, worker: WorkerKey, SubmitFields)
    /// The template's transactions; `job` names one by wire id, nil means the current.
    case transactions(RequestID, job: SubmitFields?)
    /// The difficulty changed by the miner's wish: send the current job again.
    case resend
    case close(DisconnectReason)
}

/// A `mining.authorize` on its way to the host.
struct AuthorizationRequest: Equatable {
    let id: RequestID
    let username: String
    let password: String
}

/// What `mining.subscribe` gives out.
struct SessionIdentity: Equatable, Sendable {
    let extranonce1: UInt32
    let token: ResumeToken
}

/// Why a connection ended: the closed list of logs and counters.
public enum DisconnectReason: UInt8, CaseIterable, Sendable {
    /// The miner closed it or its network did.
    case gone
    case lineTooLong
    /// Too much that was no message or no share.
    case garbage
    /// Not subscribed and authorized in time.
    case handshakeTimeout
    /// Nothing was heard for long.
    case idle
    /// The miner did not read what it was sent.
    case slowReader
    /// Its session was resumed by a newer connection.
    case resumed
    /// An operator's word.
    case kicked
    case stopped
    /// Its address is banned, or holds as many connections as it may.
    case banned
    case tooMany
    /// Its encryption was another process's, which has ended: its miner was asked to connect again.
    case moved
    /// It came while miners were moved away.
    case drained
    /// Nothing but worthless shares, after a new job and a word to connect again had not helped.
    case worthless

    /// What no miner that works does: it counts against its address.
    public var isOffence: Bool {
        switch self {
        case .lineTooLong, .garbage, .worthless: true
        case .gone, .handshakeTimeout, .idle, .slowReader, .resumed, .kicked, .stopped, .banned, .tooMany, .moved, .drained: false
        }
    }

    public var label: String {
        switch self {
        case .gone: "gone"
        case .lineTooLong: "line-too-long"
        case .garbage: "garbage"
        case .handshakeTimeout: "handshake-timeout"
        case .idle: "idle"
        case .slowReader: "slow-reader"
        case .resumed: "resumed"
        case .kicked: "kicked"
        case .stopped: "stopped"
        case .banned: "banned"
        case .tooMany: "too-many"
        case .moved: "moved"
        case .drained: "drained"
        case .worthless: "worthless-shares"
        }
    }
}

/// A fast digest of a worker's name, which says in one comparison whether a share names the worker its connection authorized.
///
/// It need not withstand attack: a connection is compared with its own names only, and a collision would credit its own worker.
struct WorkerKey: Hashable, Sendable, BitwiseCopyable {
    let value: UInt64

    init(_ name: Span<UInt8>) {
        var digest = UInt64(truncatingIfNeeded: name.count) &* 0x9e37_79b9_7f4a_7c15
        var index = 0
        while index < name.count {
            var word: UInt64 = 0
            let end = min(index + 8, name.count)
            while index < end {
                word = word << 8 | UInt64(name[index])
                index += 1
            }
            digest = (digest ^ word) &* 0xff51_afd7_ed55_8ccd
            digest ^= digest >> 32
        }
        value = digest
    }

    init(value: UInt64) {
        self.value = value
    }

    init(_ name: String) {
        let bytes = Array(name.utf8)
        self.init(bytes.span)
    }
}
