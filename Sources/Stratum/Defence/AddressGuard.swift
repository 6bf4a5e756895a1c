import Synchronization

/// Which addresses may connect: what each holds, what it did wrong, and who is banned.
///
/// By default nothing limits how many connections an address has: whole farms sit behind one, and one that comes back from a power cut opens
/// ten thousand at once. An address whose connections send good shares is never banned by itself, whatever else comes from there.
public final class AddressGuard: Sendable {
    /// How strict it is.
    public struct Settings: Sendable {
        /// Connections that one address may hold; nil for any number.
        public var connectionsPerAddress: Int?
        /// Connections ended for garbage, within ``memory``, that earn an address a ban.
        public var offences = 16
        public var memory: Duration = .seconds(600)
        public var ban: Duration = .seconds(600)

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
    private struct Entry {
        var connections = 0
        /// Connections that had a share accepted.
        var good = 0
        var offences = 0
        /// When the first of these offences was, and until when the address is banned: Unix seconds.
        var offendedAt: Int64 = 0
        var bannedUntil: Int64?
        var isBannedByHand = false

        func isBanned(at now: Int64) -> Bool { bannedUntil.map { now < $0 } ?? false }
        func isIdle(at now: Int64, memory: Int64) -> Bool {
            connections == 0 && !isBanned(at: now) && (offences == 0 || now - offendedAt > memory)
        }
    }

    private let settings: Settings
    private let entries = Mutex<[Key: Entry]>([:])
    /// Entries that nobody needs are dropped when there are so many.
    private static let limit = 65_536

    public init(_ settings: Settings = Settings()) {
        self.settings = settings
    }

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
        entries.withLock { entries in
            if entries.count >= Self.limit { prune(&entries, at: now) }
            let key = Key(address)
            if entries[key]?.isBanned(at: now) == true { return .banned }
            if let limit = settings.connectionsPerAddress, entries[key]?.connections ?? 0 >= limit { return .tooMany }
            entries[key, default: Entry()].connections += 1
            return .admitted
        }
    }

    /// - Parameters:
    ///   - wasGood: the connection had a share accepted.
    ///   - offended: it was ended for what no miner sends.
    /// - Returns: whether its address is banned from now on.
    @discardableResult
    func leave(_ address: SocketAddress, wasGood: Bool, offended: Bool, at now: Int64) -> Bool {
        entries.withLock { entries in
            let key = Key(address)
            var entry = entries[key] ?? Entry()
            entry.connections = max(0, entry.connections - 1)
            if wasGood { entry.good = max(0, entry.good - 1) }
            let isBanned = offended && offend(&entry, at: now)
            entries[key] = entry.isIdle(at: now, memory: settings.memory.components.seconds) ? nil : entry
            return isBanned
        }
    }

    /// A connection had its first share accepted.
    func praise(_ address: SocketAddress) {
        entries.withLock { $0[Key(address)]?.good += 1 }
    }

    private func offend(_ entry: inout Entry, at now: Int64) -> Bool {
        if now - entry.offendedAt > settings.memory.components.seconds { entry.offences = 0 }
        if entry.offences == 0 { entry.offendedAt = now }
        entry.offences += 1
        guard entry.offences >= settings.offences, entry.good == 0, !entry.isBanned(at: now) else { return false }
        entry.offences = 0
        entry.bannedUntil = now + settings.ban.components.seconds
        entry.isBannedByHand = false
        return true
    }

    private func prune(_ entries: inout [Key: Entry], at now: Int64) {
        let memory = settings.memory.components.seconds
        entries = entries.filter { !$0.value.isIdle(at: now, memory: memory) }
        // Nothing but fresh offences: the oldest memory is worth less than room.
        if entries.count >= Self.limit { entries = entries.filter { $0.value.connections > 0 || $0.value.isBanned(at: now) } }
    }

    // MARK: What an operator asks

    /// Bans an address for some seconds, or for good.
    func ban(_ address: SocketAddress, seconds: Int64?, at now: Int64) {
        entries.withLock { entries in
            entries[Key(address), default: Entry()].bannedUntil = seconds.map { now + $0 } ?? .max
            entries[Key(address)]?.isBannedByHand = true
        }
    }

    /// False when it was not banned.
    func unban(_ address: SocketAddress, at now: Int64) -> Bool {
        entries.withLock { entries in
            guard entries[Key(address)]?.isBanned(at: now) == true else { return false }
            entries[Key(address)]?.bannedUntil = nil
            entries[Key(address)]?.offences = 0
            return true
        }
    }

    /// By address.
    func bans(at now: Int64) -> [Ban] {
        entries.withLock { entries in
            entries.filter { $0.value.isBanned(at: now) }
                .map { Ban(address: $0.text, until: $1.bannedUntil == .max ? nil : $1.bannedUntil, isByHand: $1.isBannedByHand) }
                .sorted { $0.address < $1.address }
        }
    }
}
