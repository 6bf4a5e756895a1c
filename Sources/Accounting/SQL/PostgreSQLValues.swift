internal import CPostgreSQL
internal import Glibc

/// Values as libpq takes them: text, but for bytes.
struct PostgreSQLParameters {
    private var bytes: [CChar] = []
    /// Where each value begins; −1 for NULL.
    private var starts: [Int] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []

    init(_ values: [SQLValue]) {
        for value in values {
            starts.append(value == .null ? -1 : bytes.count)
            formats.append(0)
            let start = bytes.count
            switch value {
            case .null: break
            case .integer(let integer): append(String(integer))
            // The shortest digits that read back as the same number.
            case .real(let real): append("\(real)")
            case .text(let text): append(text)
            case .blob(let blob):
                formats[formats.count - 1] = 1
                bytes.append(contentsOf: blob.lazy.map { CChar(bitPattern: $0) })
            }
            lengths.append(Int32(bytes.count - start))
        }
        bytes.append(0)
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8CString) }

    /// Lends count, values, lengths and formats.
    func lend<Result>(
        _ body: (Int32, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) -> Result
    ) -> Result {
        bytes.withUnsafeBufferPointer { bytes in
            let values = starts.map { start in start < 0 ? nil : bytes.baseAddress.map { $0 + start } }
            return body(Int32(starts.count), values, lengths, formats)
        }
    }
}

/// A row of a result in text.
struct PostgreSQLRow: SQLRow {
    let result: OpaquePointer
    let row: Int32

    func isNull(_ column: Int) -> Bool { PQgetisnull(result, row, Int32(column)) == 1 }
    func integer(_ column: Int) -> Int64 { value(column).map { Int64(strtoll($0, nil, 10)) } ?? 0 }
    func real(_ column: Int) -> Double { value(column).map { strtod($0, nil) } ?? 0 }
    func text(_ column: Int) -> String { value(column).map { String(cString: $0) } ?? "" }

    /// Written as `\x` and hexadecimal digits.
    func blob(_ column: Int) -> [UInt8] {
        guard let value = value(column) else { return [] }
        let digits = UnsafeBufferPointer(start: value, count: Int(PQgetlength(result, row, Int32(column)))).dropFirst(2)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 2)
        var high: UInt8?
        for digit in digits {
            let character = UInt8(bitPattern: digit)
            let nibble = character < 0x3a ? character &- 0x30 : (character | 0x20) &- 0x57
            if let first = high {
                bytes.append(first << 4 | nibble & 15)
                high = nil
            } else {
                high = nibble & 15
            }
        }
        return bytes
    }

    private func value(_ column: Int) -> UnsafeMutablePointer<CChar>? { PQgetvalue(result, row, Int32(column)) }
}
