/// Collects bytes and gives out whole lines.
struct LineBuffer {
    private var bytes: [UInt8] = []
    /// Bytes of a line still without end.
    var count: Int { bytes.count }

    /// Takes bytes; the lines they end, without the ends.
    mutating func append(_ new: some Sequence<UInt8>) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        for byte in new {
            if byte != 0x0a {
                bytes.append(byte)
            } else {
                if bytes.last == 0x0d { bytes.removeLast() }
                if !bytes.isEmpty { lines.append(bytes) }
                bytes.removeAll(keepingCapacity: true)
            }
        }
        return lines
    }
}
