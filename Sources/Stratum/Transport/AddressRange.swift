internal import CLinux
internal import Glibc

/// A network: the addresses that begin with the same bits.
public struct AddressRange: Hashable, Sendable, BitwiseCopyable {
    /// As in ``SocketAddress``: IPv4 in its mapped form, with 96 bits more to compare.
    private let bytes: UInt128
    private let mask: UInt128

    /// `127.0.0.1/32`, `2001:db8::/32`; an address alone is a network of one. Nil for anything else, a bit set behind the prefix included.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = SocketAddress(numeric: String(parts[0]), port: 0) else { return nil }
        let width = address.isIPv6 ? 128 : 32
        var length = width
        if parts.count == 2 {
            guard let given = Int(parts[1]), (0...width).contains(given), parts[1].allSatisfy(\.isWholeNumber) else { return nil }
            length = given
        }
        let free = width - length
        mask = free == 128 ? 0 : ~UInt128(0) << UInt128(free)
        bytes = address.bytes
        guard bytes & mask == bytes else { return nil }
    }

    public func contains(_ address: SocketAddress) -> Bool { address.bytes & mask == bytes }
}

extension SocketAddress {
    /// An address in numbers, `192.0.2.1` or `2001:db8::1`; nil for anything else.
    init?(numeric text: String, port: UInt16) {
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            self.init(bytes: 0xffff_0000_0000 | UInt128(UInt32(bigEndian: four.s_addr)), port: port, isIPv6: false)
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            let number = withUnsafeBytes(of: six) { $0.reduce(UInt128(0)) { $0 << 8 | UInt128($1) } }
            self.init(bytes: number, port: port, isIPv6: number >> 32 != 0xffff)
        } else {
            return nil
        }
    }
}
