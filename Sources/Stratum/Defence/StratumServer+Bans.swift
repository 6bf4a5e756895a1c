internal import Glibc

extension StratumServer {
    /// Closes an address's connections and takes no more from it; from an IPv6 address, from its network of 64 bits.
    /// - Parameter duration: nil bans it for good, which is until the pool's next start.
    public func ban(_ address: BannableAddress, for duration: Duration?) {
        guardian.ban(address.address, seconds: duration?.components.seconds, at: Self.now)
        for mailbox in mailboxes { mailbox.post(.expel(AddressGuard.Key(address.address))) }
    }

    /// Lets an address connect again; false when it was not banned.
    public func unban(_ address: BannableAddress) -> Bool { guardian.unban(address.address, at: Self.now) }

    /// The addresses that may not connect.
    public var bans: [AddressGuard.Ban] { guardian.bans(at: Self.now) }

    private static var now: Int64 { Int64(time(nil)) }
}

/// An address in numbers, without a port, as an operator types it.
public struct BannableAddress: Hashable, Sendable {
    let address: SocketAddress

    /// `192.0.2.1`, `2001:db8::1`, or with the `/64` by which ``StratumServer/bans`` names networks; nil for anything else.
    public init?(_ text: String) {
        let bare = text.hasSuffix("/64") ? String(text.dropLast(3)) : text
        guard let address = SocketAddress(numeric: bare, port: 0), address.isIPv6 || bare == text else { return nil }
        self.address = address
    }
}
