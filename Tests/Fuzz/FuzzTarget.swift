/// Something that takes bytes from outside, and what must hold of it whatever the bytes are.
struct FuzzTarget: Sendable {
    let name: String
    /// Runs one input. A trap, a failed ``require(_:_:)``, a hang and memory without measure are findings.
    let run: @Sendable ([UInt8]) -> Void
    /// What the fuzzer begins with: named inputs that reach far, made here.
    let seeds: @Sendable () -> [(name: String, bytes: [UInt8])]

    static let all = [
        lines, stratum, template, transaction, rootstock, gateway, proxy, configuration, archive, handover,
    ]
}

/// Ends the process, as libFuzzer wants it, where a property does not hold.
func require(_ holds: Bool, _ words: @autoclosure () -> String, file: StaticString = #file, line: UInt = #line) {
    if !holds { fatalError(words(), file: file, line: line) }
}

/// Takes an input apart from its front: choices first, then the bytes they are about.
struct Choices {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    /// The next byte; zero behind the end.
    mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

    /// As many bytes as the next two say, little-endian, or as there are.
    mutating func part() -> [UInt8] {
        let count = Int(byte()) | Int(byte()) << 8
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    /// What is left, whole.
    var bytes: [UInt8] { Array(rest) }

    /// Bytes as ``part()`` reads them.
    static func part(_ bytes: [UInt8]) -> [UInt8] { [UInt8(bytes.count & 0xff), UInt8(bytes.count >> 8 & 0xff)] + bytes }
}
