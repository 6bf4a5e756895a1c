import CMicroHTTPD
import Glibc

extension HTTPRequest {
    /// What libmicrohttpd knows of a request when its headers are there.
    init(_ connection: OpaquePointer, method: String, path: String) {
        self.init(
            method: HTTPMethod(rawValue: method),
            path: path,
            query: Self.values(of: connection, .GET_ARGUMENT_KIND),
            remoteAddress: Self.address(of: connection)
        )
        for (name, value) in Self.values(of: connection, .HEADER_KIND) { headers.append(name, value) }
    }

    private static func values(of connection: OpaquePointer, _ kind: MHD_ValueKind) -> [(name: String, value: String)] {
        var values: [(name: String, value: String)] = []
        withUnsafeMutablePointer(to: &values) { _ = MHD_get_connection_values_n(connection, kind, collectValue, $0) }
        return values
    }

    /// The address without port; nil when it is no IP address.
    private static func address(of connection: OpaquePointer) -> String? {
        guard let address = mhd_client_address(connection) else { return nil }
        let length =
            switch Int32(address.pointee.sa_family) {
            case AF_INET: MemoryLayout<sockaddr_in>.size
            case AF_INET6: MemoryLayout<sockaddr_in6>.size
            default: 0
            }
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        guard length > 0, getnameinfo(address, socklen_t(length), &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0 else { return nil }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

private let collectValue: MHD_KeyValueIteratorN = { context, _, name, nameSize, value, valueSize in
    guard let context else { return .NO }
    let name = String(decoding: UnsafeRawBufferPointer(start: name, count: nameSize), as: UTF8.self)
    let value = String(decoding: UnsafeRawBufferPointer(start: value, count: value == nil ? 0 : valueSize), as: UTF8.self)
    context.assumingMemoryBound(to: [(name: String, value: String)].self).pointee.append((name, value))
    return .YES
}
