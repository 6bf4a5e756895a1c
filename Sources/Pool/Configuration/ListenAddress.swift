import Glibc

/// Where to listen: a numeric address of this machine and a port, `127.0.0.1:3333` or `[::1]:3333`. Port 0 lets the system choose.
public struct ListenAddress: Sendable, Hashable {
    /// IPv4 or IPv6 in its numeric form, without brackets.
    public let host: String
    public let port: UInt16

    public init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// What a text has to be like, for messages.
    public static let allowed = "ADDRESS:PORT, for example 127.0.0.1:3333, 0.0.0.0:3333 or [::]:3333"

    /// Reads `ADDRESS:PORT`; nil for anything else. `localhost` is 127.0.0.1; other names are refused, since what they stand for can change.
    public init?(parsing text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        var host = String(text[..<colon])
        let digits = text[text.index(after: colon)...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let port = UInt16(digits) else { return nil }
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
            guard Self.isNumeric(host, family: AF_INET6) else { return nil }
        } else {
            if host == "localhost" { host = "127.0.0.1" }
            guard Self.isNumeric(host, family: AF_INET) else { return nil }
        }
        self.init(host: host, port: port)
    }

    private static func isNumeric(_ host: String, family: Int32) -> Bool {
        var address = in6_addr()  // large enough for either family
        return !host.utf8.contains(0) && inet_pton(family, host, &address) == 1
    }

    public var isIPv6: Bool { host.contains(":") }

    /// True when only this machine can reach it.
    public var isLoopback: Bool { host == "::1" || host.hasPrefix("127.") }

    /// True when a bind to one would take the port from the other.
    func collides(with other: ListenAddress) -> Bool {
        guard port == other.port, port != 0 else { return false }
        return host == other.host || [host, other.host].contains { $0 == "0.0.0.0" || $0 == "::" }
    }
}

extension ListenAddress: CustomStringConvertible {
    public var description: String { isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
