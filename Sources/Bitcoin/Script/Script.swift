/// A script's bytes, without the length that stands before them on the wire.
public struct Script: Hashable, Sendable {
    public private(set) var bytes: [UInt8]

    public init(_ bytes: [UInt8] = []) {
        self.bytes = bytes
    }

    public mutating func append(_ opcode: UInt8) {
        bytes.append(opcode)
    }

    /// Appends bytes as they are.
    public mutating func append(raw data: [UInt8]) {
        bytes.append(contentsOf: data)
    }

    /// Appends the shortest push of `data`, small numbers by their opcode (BIP62 rule 3).
    public mutating func push(_ data: [UInt8]) {
        if data.isEmpty {
            append(Opcode.zero)
        } else if data.count == 1, (1...16).contains(data[0]) {
            append(Opcode.one + data[0] - 1)
        } else if data == [0x81] {
            append(Opcode.negativeOne)
        } else {
            pushBytes(data)
        }
    }

    /// Appends a push of `data` that keeps its bytes visible in the script, even where an opcode would be shorter.
    public mutating func pushBytes(_ data: [UInt8]) {
        switch data.count {
        case ..<Int(Opcode.pushData1):
            bytes.append(UInt8(data.count))
        case ...0xff:
            bytes += [Opcode.pushData1, UInt8(data.count)]
        case ...0xffff:
            bytes += [Opcode.pushData2, UInt8(truncatingIfNeeded: data.count), UInt8(truncatingIfNeeded: data.count >> 8)]
        default:
            bytes.append(Opcode.pushData4)
            for shift in stride(from: 0, to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: data.count >> shift)) }
        }
        bytes += data
    }

    /// Appends the shortest push of a number.
    public mutating func push(_ number: Int64) {
        push(Script.encode(number))
    }

    /// A number as the script machine holds it: least significant byte first, the top bit of the last byte is the sign, zero is empty.
    static func encode(_ number: Int64) -> [UInt8] {
        var digits: [UInt8] = []
        var magnitude = number.magnitude
        while magnitude > 0 {
            digits.append(UInt8(truncatingIfNeeded: magnitude))
            magnitude >>= 8
        }
        guard let top = digits.last else { return [] }
        let sign: UInt8 = number < 0 ? 0x80 : 0
        if top & 0x80 != 0 { digits.append(sign) } else { digits[digits.count - 1] |= sign }
        return digits
    }

    /// What a coinbase's scriptSig begins with (BIP34).
    ///
    /// Nodes compare with their own shortest push, so heights 1…16 are one opcode; the scriptSig needs a second byte then to reach the two
    /// that consensus asks for.
    public static func height(_ height: UInt32) -> Script {
        var script = Script()
        script.push(Int64(height))
        return script
    }
}
