extension JSONParser {
    /// Reads a string whose opening quote is at the position.
    mutating func string() throws(Failure) -> String {
        let start = position + 1
        position = plainEnd(from: start)
        if try next() == UInt8(ascii: "\"") {
            position += 1
            return try text(bytes.extracting(start..<position - 1), at: start)
        }
        return try escapedString(from: start)
    }

    /// The first byte from `start` on that does not stand for itself: a quote, a backslash or a control character.
    ///
    /// Eight bytes are tried at once by the classic test for a zero byte in a word; it may name a byte above the first match too, never one below, so
    /// the lowest flag (memory order on a little-endian machine, hence the conversion) is always right.
    private func plainEnd(from start: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        let raw = bytes.bytes
        var index = start
        while index + 8 <= raw.byteCount {
            // In bounds: checked by the loop's condition just now.
            let word = unsafe UInt64(littleEndian: raw.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self))
            let quote = word ^ (ones &* 0x22)
            let backslash = word ^ (ones &* 0x5c)
            let quotes = (quote &- ones) & ~quote
            let backslashes = (backslash &- ones) & ~backslash
            let controls = (word &- ones &* 0x20) & ~word
            let found = (quotes | backslashes | controls) & highs
            if found != 0 { return index + found.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < bytes.count, bytes[index] != 0x22, bytes[index] != 0x5c, bytes[index] >= 0x20 { index += 1 }
        return index
    }

    private func text(_ span: Span<UInt8>, at start: Int) throws(Failure) -> String {
        do {
            return String(copying: try UTF8Span(validating: span))
        } catch {
            throw Failure(fault: .badUTF8, byte: start + error.byteOffsets.lowerBound)
        }
    }

    /// The slow path: at the position stands the first byte that is not plain.
    private mutating func escapedString(from start: Int) throws(Failure) -> String {
        var result = ""
        var pieceStart = start
        while true {
            result += try text(bytes.extracting(pieceStart..<position), at: pieceStart)
            switch try next() {
            case UInt8(ascii: "\""):
                position += 1
                return result
            case UInt8(ascii: "\\"):
                position += 1
                result.unicodeScalars.append(try escape())
            default: throw fault(.controlCharacter)
            }
            pieceStart = position
            position = plainEnd(from: pieceStart)
        }
    }

    /// The character an escape stands for; the position is behind the backslash.
    private mutating func escape() throws(Failure) -> Unicode.Scalar {
        let letter = try next()
        let scalar: Unicode.Scalar
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): scalar = Unicode.Scalar(letter)
        case UInt8(ascii: "b"): scalar = "\u{8}"
        case UInt8(ascii: "f"): scalar = "\u{c}"
        case UInt8(ascii: "n"): scalar = "\n"
        case UInt8(ascii: "r"): scalar = "\r"
        case UInt8(ascii: "t"): scalar = "\t"
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw fault(.badEscape)
        }
        position += 1
        return scalar
    }

    /// `uXXXX`, or two of them where the first is the high half of a surrogate pair.
    private mutating func unicodeEscape() throws(Failure) -> Unicode.Scalar {
        let start = position - 1
        let first = try fourDigits()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xdc00, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u") else {
            throw Failure(fault: .loneSurrogate, byte: start)
        }
        position += 1
        let second = try fourDigits()
        guard (0xdc00...0xdfff).contains(second), let scalar = Unicode.Scalar(0x10000 + ((first & 0x3ff) << 10) + (second & 0x3ff)) else {
            throw Failure(fault: .loneSurrogate, byte: start)
        }
        return scalar
    }

    /// The number that the four digits behind the `u` at the position spell.
    private mutating func fourDigits() throws(Failure) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            position += 1
            let digit = try next()
            switch digit {
            case 0x30...0x39: value = value << 4 | UInt32(digit - 0x30)
            case 0x41...0x46: value = value << 4 | UInt32(digit - 0x37)
            case 0x61...0x66: value = value << 4 | UInt32(digit - 0x57)
            default: throw fault(.badEscape)
            }
        }
        position += 1
        return value
    }
}
