import Bitcoin

/// A Stratum user name read as payout address and worker.
///
/// `address.worker` or `address_worker` (both are in use), `address` alone, or `.worker` alone for the pool's own address.
struct MinerName: Equatable, Sendable {
    /// The payout address in its canonical spelling: an account is the same however a miner writes it.
    let account: String
    let script: Script
    /// At most 64 bytes, printable; empty when the miner names none.
    let worker: String

    /// Names longer than this are refused: Whatsminer firmware overflows beyond 127, nothing needs more than 191.
    static let maximumBytes = 191

    /// - Parameter own: the pool's own address.
    /// - Returns: nil when the name holds no address of the chain.
    init?(_ username: String, chain: Chain, own: Address?) {
        guard username.utf8.count <= MinerName.maximumBytes else { return nil }
        let parts = MinerName.split(username)
        let address: Address
        if parts.address.isEmpty {
            guard let own, !parts.worker.isEmpty else { return nil }
            address = own
        } else {
            guard let read = try? Address(parsing: parts.address, chain: chain) else { return nil }
            address = read
        }
        account = address.description
        script = address.script
        worker = MinerName.printable(parts.worker)
    }

    /// No address holds a dot or an underscore, so the first of either ends it.
    private static func split(_ username: String) -> (address: String, worker: String) {
        guard let end = username.firstIndex(where: { $0 == "." || $0 == "_" }) else { return (username, "") }
        return (String(username[..<end]), String(username[username.index(after: end)...]))
    }

    /// What a terminal and a log can show without harm.
    private static func printable(_ text: String) -> String {
        var kept = String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7f }))
        while kept.utf8.count > 64 { kept.removeLast() }
        return kept
    }
}
