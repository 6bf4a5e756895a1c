/// CRC-32C (Castagnoli, reflected polynomial 0x82F63B78), eight bytes a step.
enum CRC32C {
    /// `tables[k][b]` is the remainder of byte b followed by k zero bytes.
    private static let tables: [[UInt32]] = {
        var tables = [[UInt32]](repeating: [UInt32](repeating: 0, count: 256), count: 8)
        for byte in 0..<256 {
            var remainder = UInt32(byte)
            for _ in 0..<8 { remainder = remainder & 1 == 1 ? remainder >> 1 ^ 0x82f6_3b78 : remainder >> 1 }
            tables[0][byte] = remainder
        }
        for step in 1..<8 {
            for byte in 0..<256 {
                let before = tables[step - 1][byte]
                tables[step][byte] = before >> 8 ^ tables[0][Int(before & 0xff)]
            }
        }
        return tables
    }()

    /// The checksum of `bytes`, going on from `previous`.
    static func checksum(_ bytes: ArraySlice<UInt8>, after previous: UInt32 = 0) -> UInt32 {
        let tables = tables
        let (t0, t1, t2, t3) = (tables[0], tables[1], tables[2], tables[3])
        let (t4, t5, t6, t7) = (tables[4], tables[5], tables[6], tables[7])
        var crc = ~previous
        var index = bytes.startIndex
        while bytes.endIndex - index >= 8 {
            crc ^= UInt32(bytes[index]) | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2]) << 16 | UInt32(bytes[index + 3]) << 24
            let low = t7[Int(crc & 0xff)] ^ t6[Int(crc >> 8 & 0xff)] ^ t5[Int(crc >> 16 & 0xff)] ^ t4[Int(crc >> 24)]
            let high =
                t3[Int(bytes[index + 4])] ^ t2[Int(bytes[index + 5])] ^ t1[Int(bytes[index + 6])] ^ t0[Int(bytes[index + 7])]
            crc = low ^ high
            index += 8
        }
        while index < bytes.endIndex {
            crc = crc >> 8 ^ t0[Int((crc ^ UInt32(bytes[index])) & 0xff)]
            index += 1
        }
        return ~crc
    }
}
