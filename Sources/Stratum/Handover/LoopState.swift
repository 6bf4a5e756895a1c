/// All that one loop knows, for the process that goes on with it.
struct LoopState: Sendable {
    var listening: [FormerSocket] = []
    /// The jobs that its shares are judged by; they travel apart, once for all loops.
    var jobs: [Job] = []
    /// Connections, sessions, groups and what is known of each job.
    var stream = HandoverStream()
    /// How many connections.
    var connections = 0
    /// TLS connections, which this process goes on decrypting.
    var secured: [SecuredPair] = []

    mutating func pass(through stream: inout HandoverStream) throws(HandoverStream.Failure) {
        try stream.pass(&listening, blank: FormerSocket()) { stream, listener throws(HandoverStream.Failure) in
            try listener.pass(through: &stream)
        }
        try stream.pass(&self.stream)
    }
}

/// One connection on its way to another process.
///
/// A TLS connection travels as a plain one over a pair of sockets: its keys cannot leave the process that has them, which goes on decrypting.
struct ConnectionState {
    /// Its listener's place is that among those of the process that hands over.
    var origin = ConnectionOrigin.none
    var isSecured = false
    /// It was given work.
    var isMember = false
    /// What was read is a whole message that nobody has looked at: it was on its way from one loop to another.
    var isArrival = false
    /// Read and not looked at: half a line, but for an arrival.
    var input: [UInt8] = []
    /// Written and not sent.
    var output: [UInt8] = []

    mutating func pass(through stream: inout HandoverStream) throws(HandoverStream.Failure) {
        try origin.pass(through: &stream)
        try stream.pass(&isSecured)
        try stream.pass(&isMember)
        try stream.pass(&isArrival)
        try stream.pass(&input)
        try stream.pass(&output)
    }
}

extension Connection {
    /// What of a connection travels beside what it is made with.
    mutating func pass(through stream: inout HandoverStream) throws(HandoverStream.Failure) {
        try session.pass(through: &stream)
        try stream.pass(&tip)
        try stream.pass(&group)
        try stream.pass(&transactionsJob)
        try stream.pass(&heardAt)
        try stream.pass(&lastShare)
        try stream.pass(&isAdmitted)
        try stream.pass(&strangeBytes)
        try stream.pass(&worthless)
        try stream.pass(&opening, as: opening.rawValue, Opening.init) { stream, value throws(HandoverStream.Failure) in try stream.pass(&value) }
    }
}

extension ConnectionOrigin {
    fileprivate mutating func pass(through stream: inout HandoverStream) throws(HandoverStream.Failure) {
        var place = UInt32(truncatingIfNeeded: listener)
        try stream.pass(socket: &socket)
        try stream.pass(&place)
        try peer.pass(through: &stream)
        try stream.pass(&id)
        try stream.pass(&openedAt)
        try stream.pass(&since)
        listener = Int(place)
    }

    /// To be read into, and what stands for a connection that ended on the way.
    fileprivate static let none = ConnectionOrigin(socket: -1, listener: 0, peer: .none, id: 0, openedAt: 0, since: 0)
}

extension SocketAddress {
    mutating func pass(through stream: inout HandoverStream) throws(HandoverStream.Failure) {
        var (bytes, port, isIPv6) = (bytes, port, isIPv6)
        try stream.pass(&bytes)
        try stream.pass(&port)
        try stream.pass(&isIPv6)
        self = SocketAddress(bytes: bytes, port: port, isIPv6: isIPv6)
    }

    /// To be read into.
    static let none = SocketAddress(bytes: 0, port: 0, isIPv6: true)
}
