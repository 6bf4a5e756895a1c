/// A connection on its way to the loop that owns its session.
struct Migrant: Sendable {
    let origin: ConnectionOrigin
    let secure: SecureChannel?
    let session: Session
    /// Read but not yet looked at.
    let input: [UInt8]
    /// Written but not yet sent.
    let output: [UInt8]
    let lastShare: Int64
    /// When its miner is asked to connect again; 0 for never.
    let leavesAt: Int64

    init(_ connection: borrowing Connection, input: [UInt8], output: [UInt8]) {
        origin = connection.origin
        secure = connection.secure
        session = connection.session
        self.input = input
        self.output = output
        lastShare = connection.lastShare
        leavesAt = connection.leavesAt
    }
}

extension Connection {
    /// The connection that arrives, but for what it has read and what waits to be sent.
    init(_ migrant: Migrant, at now: Int64) {
        self.init(migrant.origin, session: migrant.session, at: now)
        secure = migrant.secure
        lastShare = migrant.lastShare
        leavesAt = migrant.leavesAt
        isAdmitted = true
        opening = .done
    }
}
