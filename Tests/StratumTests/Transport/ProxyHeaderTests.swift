import Testing

@testable import Stratum

@Suite("PROXY headers, byte by byte")
struct ProxyHeaderTests {
    static let signature: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A, 0, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A]
    static let four = signature + [0x21, 0x11, 0, 12, 192, 0, 2, 7, 198, 51, 100, 1, 0x13, 0x88, 0x0D, 0x05]
    static let six =
        signature + [0x21, 0x21, 0, 39] + [0x20, 0x01, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [7]
        + [UInt8](repeating: 1, count: 16) + [0x13, 0x88, 0x0D, 0x05] + [0x04, 0, 0]

    private func read(_ bytes: [UInt8]) -> ProxyHeader.Reading { ProxyHeader.read(bytes.span) }

    @Test func whole() {
        #expect(read(Self.four) == .header(length: 28, source: SocketAddress(numeric: "192.0.2.7", port: 5000)))
        #expect(read(Self.six + [1, 2]) == .header(length: 55, source: SocketAddress(numeric: "2001:db8::7", port: 5000)))
        #expect(read(Self.signature + [0x20, 0, 0, 0]) == .header(length: 16, source: nil), "the proxy's own check")
        #expect(read(Self.signature + [0x21, 0x31, 0, 2, 9, 9]) == .header(length: 18, source: nil), "a Unix socket's")
    }

    @Test(arguments: [four, six, Array("PROXY TCP4 192.0.2.7 198.51.100.1 5000 3333\r\n".utf8)])
    func everyPartOfOneIsIncomplete(bytes: [UInt8]) {
        for count in 1..<bytes.count { #expect(read(Array(bytes[..<count])) == .incomplete) }
    }

    @Test(arguments: ["{\"id\":1}", "GET / HTTP/1.1\r\n", "\u{16}\u{3}\u{1}", "proxy tcp4", "PROXZ", ""])
    func others(text: String) {
        #expect(read(Array(text.utf8)) == .none)
    }

    @Test(arguments: [
        "PROXY TCP4 192.0.2.7 198.51.100.1 5000\r\n", "PROXY TCP4 192.0.2.7 198.51.100.1 5000 99999\r\n", "PROXY TCP4  1.2.3.4 1.2.3.4 1 1\r\n",
        "PROXY UDP4 192.0.2.7 198.51.100.1 5000 3333\r\n", "PROXY TCP4 192.0.2.7 198.51.100.1 5000 3333\n",
        "PROXY UNKNOWN " + String(repeating: "x", count: 100),
    ])
    func malformedText(text: String) {
        #expect(read(Array(text.utf8)) == .malformed)
    }

    @Test func malformedBytes() {
        #expect(read(Self.signature + [0x11, 0x11, 0, 12]) == .malformed, "version 1 in binary")
        #expect(read(Self.signature + [0x22, 0x11, 0, 12]) == .malformed, "an unknown command")
        #expect(read(Self.signature + [0x21, 0x11, 0xFF, 0xFF]) == .malformed, "too long")
        #expect(read(Self.signature + [0x21, 0x11, 0, 2, 0, 0]) == .malformed, "too short for its addresses")
    }

    @Test func ranges() throws {
        let loopback = try #require(SocketAddress(numeric: "127.0.0.1", port: 1))
        let six = try #require(SocketAddress(numeric: "2001:db8::7", port: 1))
        #expect(AddressRange("127.0.0.0/8")?.contains(loopback) == true)
        #expect(AddressRange("127.0.0.1")?.contains(loopback) == true)
        #expect(AddressRange("0.0.0.0/0")?.contains(loopback) == true)
        #expect(AddressRange("0.0.0.0/0")?.contains(six) == false)
        #expect(AddressRange("10.0.0.0/8")?.contains(loopback) == false)
        #expect(AddressRange("2001:db8::/32")?.contains(six) == true)
        #expect(AddressRange("::/0")?.contains(six) == true)
        for text in ["", "127.0.0.1/33", "127.0.0.1/8", "localhost", "127.0.0.1/", "127.0.0.1/+8", "::1/129"] { #expect(AddressRange(text) == nil) }
    }
}
