import Synchronization

/// Which addresses may connect: what each holds, what it did wrong, and who is banned.
///
/// By default nothing limits how many connections an address has: whole farms sit behind one, and one that comes back from a power cut opens
/// ten thousand at once. An address whose connections send good shares is never banned by itself, whatever else comes from there, and that is
/// remembered for a day: a neighbour of a farm must not shut it out while its miners are away. Nor is anybody banned in the first minute after a
/// start, when all miners come back at once and none had the time to show what it is.
public final class AddressGuard: Sendable {
    /// How strict it is.
    public struct Settings: Sendable {
        /// Connections that one address may hold; nil for any number.
        public var connectionsPerAddress: Int?
        /// Connections ended for garbage, within ``memory``, that earn an address a ban.
        public var offences = 16
        public var memory: Duration = .seconds(600)
        public var ban: Duration = .seconds(600)
        /// How long an address is trusted after its last connection with a good share has left.
        public var trust: Duration = .seconds(86_400)
        /// How long after the first connection nobody is banned.
        public var grace: Duration = .seconds(60)

        public init() {}
    }

    /// An address that may not connect.
    public struct Ban: Hashable, Sendable {
        /// As a person writes it; a network of 64 bits for IPv6.
        public let address: String
        /// Unix seconds; nil for good.
        public let until: Int64?
        /// Whether an operator said so.
        public let isByHand: Bool
    }

    /// What is known of one address.
    fileprivate struct Entry {
        var connections = 0
        /// Connections that had a share accepted.
        var good = 0
        var offences = 0
        /// When the first of these offences was, and until when the address is banned: Unix seconds.
        var offendedAt: Int64 = 0
        var bannedUntil: Int64?
        var isBannedByHand = false
        /// Until when good shares of connections that have left speak for it: Unix seconds.
        var trustedUntil: Int64 = 0

        func isBanned(at now: Int64) -> Bool { bannedUntil.map { now < $0 } ?? false }
        func isTrusted(at now: Int64) -> Bool { good > 0 || now < trustedUntil }
        func isIdle(at now: Int64, memory: Int64) -> Bool {
            connections == 0 && !isBanned(at: now) && !isTrusted(at: now) && (offences == 0 || now - offendedAt > memory)
        }

        mutating func unban() {
            bannedUntil = nil
            offences = 0
        }
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        /// When the first connection came, and when entries were last dropped: Unix seconds.
        var startedAt: Int64?
        var prunedAt: Int64 = 0
        /// Of the settings, or what was said since.
        var connectionsPerAddress: Int?
    }

    private let settings: Settings
    private let state: Mutex<State>
    /// Entries that nobody needs are dropped when there are so many.
    private let limit: Int

    public convenience init(_ settings: Settings = Settings()) { self.init(settings, limit: 65_536) }

    init(_ settings: Settings, limit: Int) {
        self.settings = settings
        self.limit = limit
        state = Mutex(State(connectionsPerAddress: settings.connectionsPerAddress))
    }

    /// Addresses that something is known of.
    var count: Int { state.withLock { $0.entries.count } }

    /// An address as it is told apart from others: whoever has one of IPv6 has 2^64 of them.
    struct Key: Hashable, Sendable {
        let bytes: UInt128
        let isIPv6: Bool

        init(_ address: SocketAddress) {
            isIPv6 = address.isIPv6
            bytes = address.isIPv6 ? address.bytes & (~0 << 64) : address.bytes
        }

        var text: String {
            let host = SocketAddress(bytes: bytes, port: 0, isIPv6: isIPv6).host
            return isIPv6 ? host + "/64" : host
        }
    }

    enum Admission: Equatable {
        case admitted
        case banned
        case tooMany
    }

    // MARK: What the loops tell

    /// A connection wants in; one that is admitted must leave again.
    func enter(_ address: SocketAddress, at now: Int64) -> Admission {
        state.withLock { state in
            if state.startedAt == nil { state.startedAt = now }
            // It looks at all of them, which a flood must not make it do at each connection.
            if state.entries.count >= limit, state.prunedAt != now { prune(&state, at: now) }
            let key = Key(address)
            if state.entries[key]?.isBanned(at: now) == true { return .banned }
            if let limit = state.connectionsPerAddress, state.entries[key]?.connections ?? 0 >= limit { return .tooMany }
            state.entries[key, default: Entry()].connections += 1
            return .admitted
        }
    }

    /// - Parameters:
    ///   - wasGood: the connection had a share accepted.
    ///   - offended: it was ended for what no miner sends.
    /// - Returns: whether its address is banned from now on.
    @discardableResult
    func leave(_ address: SocketAddress, wasGood: Bool, offended: Bool, at now: Int64) -> Bool {
        state.withLock { state in
            let key = Key(address)
            var entry = state.entries[key] ?? Entry()
            entry.connections = max(0, entry.connections - 1)
            if wasGood {
                entry.good = max(0, entry.good - 1)
                entry.trustedUntil = now + settings.trust.components.seconds
            }
            let isNew = now - (state.startedAt ?? now) < settings.grace.components.seconds
            let isBanned = offended && !isNew && offend(&entry, at: now)
            state.entries[key] = entry.isIdle(at: now, memory: settings.memory.components.seconds) ? nil : entry
            return isBanned
        }
    }

    /// A connection had its first share accepted; should its address have been banned meanwhile, it was for a neighbour.
    func praise(_ address: SocketAddress) {
        state.withLock { state in
            guard var entry = state.entries[Key(address)] else { return }
            entry.good += 1
            if entry.bannedUntil != nil, !entry.isBannedByHand { entry.unban() }
            state.entries[Key(address)] = entry
        }
    }

    /// Whether good shares come from it, or came a short time ago.
    func trusts(_ address: SocketAddress, at now: Int64) -> Bool {
        state.withLock { $0.entries[Key(address)]?.isTrusted(at: now) ?? false }
    }

    /// A connection that another process admitted goes on here.
    func readmit(_ address: SocketAddress, wasGood: Bool) {
        state.withLock { state in
            state.entries[Key(address), default: Entry()].connections += 1
            if wasGood { state.entries[Key(address)]?.good += 1 }
        }
    }

    private func offend(_ entry: inout Entry, at now: Int64) -> Bool {
        if now - entry.offendedAt > settings.memory.components.seconds { entry.offences = 0 }
        if entry.offences == 0 { entry.offendedAt = now }
        entry.offences += 1
        guard entry.offences >= settings.offences, !entry.isTrusted(at: now), !entry.isBanned(at: now) else { return false }
        entry.offences = 0
        entry.bannedUntil = now + settings.ban.components.seconds
        entry.isBannedByHand = false
        return true
    }

    /// Drops what is worth least, and more only while there is too much.
    private func prune(_ state: inout State, at now: Int64) {
        state.prunedAt = now
        let memory = settings.memory.components.seconds
        let worth: [(Entry) -> Bool] = [
            { !$0.isIdle(at: now, memory: memory) },
            // Nothing but fresh offences.
            { $0.connections > 0 || $0.isBanned(at: now) || $0.isTrusted(at: now) },
            { $0.connections > 0 || $0.isBannedByHand && $0.isBanned(at: now) },
        ]
        for isWorthIt in worth where state.entries.count >= limit { state.entries = state.entries.filter { isWorthIt($0.value) } }
    }

    // MARK: What an operator asks

    /// Holds for connections that come.
    func limitConnections(perAddress limit: Int?) { state.withLock { $0.connectionsPerAddress = limit } }

    /// Bans an address for some seconds, or for good.
    func ban(_ address: SocketAddress, seconds: Int64?, at now: Int64) {
        state.withLock { state in
            var entry = state.entries[Key(address)] ?? Entry()
            entry.bannedUntil = seconds.map { now + $0 } ?? .max
            entry.isBannedByHand = true
            state.entries[Key(address)] = entry
        }
    }

    /// False when it was not banned.
    func unban(_ address: SocketAddress, at now: Int64) -> Bool {
        state.withLock { state in
            guard state.entries[Key(address)]?.isBanned(at: now) == true else { return false }
            state.entries[Key(address)]?.unban()
            return true
        }
    }

    /// By address.
    func bans(at now: Int64) -> [Ban] {
        state.withLock { state in
            state.entries.filter { $0.value.isBanned(at: now) }
                .map { Ban(address: $0.text, until: $1.bannedUntil == .max ? nil : $1.bannedUntil, isByHand: $1.isBannedByHand) }
                .sorted { $0.address < $1.address }
        }
    }
}

extension AddressGuard {
    /// Offences and bans go to the next process; connections are counted there as they arrive.
    func pass(through stream: inout HandoverStream) throws(HandoverStream.Failure) {
        var (known, startedAt) = state.withLock { state in (state.entries.map { ($0, $1) }, state.startedAt) }
        // An upgrade is no start: nobody is new again.
        try stream.pass(&startedAt, blank: 0) { stream, time throws(HandoverStream.Failure) in try stream.pass(&time) }
        try stream.pass(&known, blank: (Key(.none), Entry())) { stream, entry throws(HandoverStream.Failure) in
            var address = SocketAddress(bytes: entry.0.bytes, port: 0, isIPv6: entry.0.isIPv6)
            try address.pass(through: &stream)
            entry.0 = Key(address)
            try entry.1.pass(through: &stream)
        }
        guard stream.isReading else { return }
        state.withLock { state in
            state.startedAt = startedAt
            for (key, entry) in known { state.entries[key] = entry }
        }
    }
}

extension AddressGuard.Entry {
    /// All but the connections, which are counted where they arrive.
    fileprivate mutating func pass(through stream: inout HandoverStream) throws(HandoverStream.Failure) {
        try stream.pass(&offences)
        try stream.pass(&offendedAt)
        try stream.pass(&trustedUntil)
        try stream.pass(&bannedUntil, blank: 0) { stream, time throws(HandoverStream.Failure) in try stream.pass(&time) }
        try stream.pass(&isBannedByHand)
    }
}
