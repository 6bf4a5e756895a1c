internal import CLinux
internal import Glibc

/// An IPv4 or IPv6 address with a port, as plain memory: 18 bytes a connection instead of a `sockaddr_storage`.
public struct SocketAddress: Hashable, Sendable, BitwiseCopyable {
    /// The 16 bytes of an IPv6 address, the first in the highest place; IPv4 uses the mapped form ::ffff:a.b.c.d.
    let bytes: UInt128
    public let port: UInt16
    let isIPv6: Bool

    /// The address as a person writes it, without the port.
    public var host: String {
        withSocketAddress { address, length in
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let result = getnameinfo(address, length, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
            guard result == 0 else { return "?" }
            return text.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "?" }
        }
    }
}

extension SocketAddress: CustomStringConvertible {
    /// `192.0.2.1:3333`, `[2001:db8::1]:3333`.
    public var description: String { isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

extension SocketAddress {
    init?(_ storage: sockaddr_storage) {
        var storage = storage
        switch Int32(storage.ss_family) {
        case AF_INET:
            self = withUnsafePointer(to: &storage) {
                $0.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { address in
                    let word = UInt32(bigEndian: address.pointee.sin_addr.s_addr)
                    return SocketAddress(bytes: 0xffff_0000_0000 | UInt128(word), port: UInt16(bigEndian: address.pointee.sin_port), isIPv6: false)
                }
            }
        case AF_INET6:
            self = withUnsafePointer(to: &storage) {
                $0.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { address in
                    let number = withUnsafeBytes(of: address.pointee.sin6_addr) { $0.reduce(UInt128(0)) { $0 << 8 | UInt128($1) } }
                    // An IPv4 peer of a dual-stack listener is shown as what it is.
                    let isMapped = number >> 32 == 0xffff
                    return SocketAddress(bytes: number, port: UInt16(bigEndian: address.pointee.sin6_port), isIPv6: !isMapped)
                }
            }
        default: return nil
        }
    }

    /// Lends the form that the kernel reads.
    func withSocketAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        if isIPv6 {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            withUnsafeMutableBytes(of: &address.sin6_addr) { place in
                for index in 0..<16 { place[index] = UInt8(truncatingIfNeeded: bytes >> UInt128(8 * (15 - index))) }
            }
            return Self.lend(&address, body)
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(truncatingIfNeeded: bytes).bigEndian
        return Self.lend(&address, body)
    }

    private static func lend<Address, Result>(_ address: inout Address, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<Address>.size)) }
        }
    }

    /// Finds what `HOST:PORT` names; the host may be a name, `[…]` holds an IPv6 address, an empty host or `*` means every interface.
    static func resolve(_ text: String) throws(StratumServerError) -> SocketAddress {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            throw .badAddress(text, "HOST:PORT is wanted, for example 0.0.0.0:3333")
        }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        if host.isEmpty || host == "*" { host = "0.0.0.0" }
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE
        var found: UnsafeMutablePointer<addrinfo>?
        let result = getaddrinfo(host, nil, &hints, &found)
        defer { if let found { freeaddrinfo(found) } }
        guard result == 0, let entry = found, let address = entry.pointee.ai_addr else {
            throw .badAddress(text, String(cString: gai_strerror(result)))
        }
        var storage = sockaddr_storage()
        withUnsafeMutableBytes(of: &storage) { place in
            place.copyMemory(from: UnsafeRawBufferPointer(start: address, count: min(Int(entry.pointee.ai_addrlen), place.count)))
        }
        guard let parsed = SocketAddress(storage) else { throw .badAddress(text, "neither IPv4 nor IPv6") }
        return SocketAddress(bytes: parsed.bytes, port: port, isIPv6: parsed.isIPv6)
    }
}
