extension JSONParser {
    /// Reads a number that begins at the position: an optional minus, digits without leading zero, then perhaps fraction and exponent.
    mutating func number() throws(Failure) -> JSONValue {
        let start = position
        let negative = bytes[position] == UInt8(ascii: "-")
        if negative { position += 1 }

        // Downwards from zero, as the range reaches one further below it than above.
        var value: Int64 = 0
        var fits = true
        let firstDigit = position
        while position < bytes.count, let digit = digit(bytes[position]) {
            let (product, productOverflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, sumOverflow) = product.subtractingReportingOverflow(digit)
            if productOverflow || sumOverflow { fits = false }
            value = sum
            position += 1
        }
        guard position > firstDigit, bytes[firstDigit] != UInt8(ascii: "0") || position == firstDigit + 1 else { throw fault(.badNumber) }

        let plain = position
        try fraction()
        try exponent()
        if position == plain, fits {
            if negative { return .integer(value) }
            if value != .min { return .integer(-value) }
        }
        return try real(from: start)
    }

    private mutating func fraction() throws(Failure) {
        guard position < bytes.count, bytes[position] == UInt8(ascii: ".") else { return }
        position += 1
        try digits()
    }

    private mutating func exponent() throws(Failure) {
        guard position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") else { return }
        position += 1
        if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") { position += 1 }
        try digits()
    }

    /// One digit or more.
    private mutating func digits() throws(Failure) {
        let start = position
        while position < bytes.count, digit(bytes[position]) != nil { position += 1 }
        guard position > start else { throw fault(.badNumber) }
    }

    private func real(from start: Int) throws(Failure) -> JSONValue {
        var spelling = ""
        for index in start..<position { spelling.unicodeScalars.append(Unicode.Scalar(bytes[index])) }
        guard let value = Double(spelling) else { throw Failure(fault: .badNumber, byte: start) }
        guard value.isFinite else { throw Failure(fault: .numberTooLarge, byte: start) }
        return .real(value)
    }

    private func digit(_ byte: UInt8) -> Int64? {
        (0x30...0x39).contains(byte) ? Int64(byte - 0x30) : nil
    }
}
