import Bitcoin

extension StoredBlock: FileRecord {
    static let magic = "mlchain1"

    /// Header, coinbase, count and serial numbers.
    var fileBytes: [UInt8] {
        var writer = ByteWriter()
        writer.append(header.serialized)
        writer.append(coinbase.serialized)
        writer.appendCompactSize(serials.count)
        for serial in serials { writer.appendLittleEndian(serial) }
        return writer.bytes
    }

    init(fileBytes: [UInt8]) throws(WireError) {
        var reader = ByteReader(fileBytes)
        let header = try BlockHeader(from: &reader)
        let coinbase = try Transaction(from: &reader)
        let count = try reader.readCount(ofItemsAtLeast: 8)
        var serials: [UInt64] = []
        serials.reserveCapacity(count)
        for _ in 0..<count { serials.append(try reader.readLittleEndian(UInt64.self)) }
        try reader.finish()
        self.init(header: header, coinbase: coinbase, serials: serials)
    }
}
