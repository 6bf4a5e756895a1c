@testable import Stratum

extension FuzzTarget {
    /// PROXY headers of both versions. What a header says does not depend on how much of it, or of what follows, has come.
    static let proxy = FuzzTarget(name: "proxy") { input in
        switch ProxyHeader.read(input.span) {
        case .header(let length, let source):
            require(length > 0 && length <= min(input.count, ProxyHeader.limit), "a header of \(length) bytes of \(input.count)")
            let header = Array(input[..<length])
            require(ProxyHeader.read(header.span) == .header(length: length, source: source), "what follows a header changes it")
            for count in 1..<length {
                let part = Array(input[..<count])
                require(ProxyHeader.read(part.span) == .incomplete, "\(count) bytes of a header are taken for something else")
            }
            if let source {
                let again = SocketAddress(numeric: source.host, port: source.port)
                require(again?.bytes == source.bytes, "\(source) is another address once written")
            }
        case .incomplete: require(input.count < ProxyHeader.limit, "more than the limit is waited for")
        case .none, .malformed: break
        }
        let text = String(decoding: input, as: UTF8.self)
        if let range = AddressRange(text), let address = SocketAddress(numeric: String(text.prefix { $0 != "/" }), port: 1) {
            require(range.contains(address), "a network without its own address")
        }
    } seeds: {
        let signature = Array("\r\n\r\n\0\r\nQUIT\n".utf8)
        let four: [UInt8] = [192, 0, 2, 1, 192, 0, 2, 2, 0xd4, 0x31, 0x0d, 0x05]
        let six = [UInt8](0..<36)
        return [
            ("v1-four", Array("PROXY TCP4 192.0.2.1 192.0.2.2 54321 3333\r\n{\"id\":1}\n".utf8)),
            ("v1-six", Array("PROXY TCP6 2001:db8::1 ::ffff:192.0.2.2 54321 3333\r\n".utf8)), ("v1-unknown", Array("PROXY UNKNOWN x\r\n".utf8)),
            ("v2-four", signature + [0x21, 0x11, 0, 12] + four), ("v2-six", signature + [0x21, 0x21, 0, 40] + six + [4, 0, 1, 0]),
            ("v2-local", signature + [0x20, 0, 0, 0]), ("v2-unix", signature + [0x21, 0x31, 0, 2, 1, 2]), ("range", Array("2001:db8::/32".utf8)),
        ]
    }
}
