import Glibc

/// What the made-up miners read of usual lines without a JSON parser, so that the load costs little beside what it measures.
enum LineText {
    /// The number that is a line's id; nil when it is none.
    static func id(of line: UnsafeBufferPointer<UInt8>) -> Int? {
        guard line.count >= 8 else { return nil }
        // `{"id":123,` or `{"id": 123,`; servers that order members otherwise are searched.
        var index = 6
        if !(line[1] == UInt8(ascii: "\"") && line[2] == UInt8(ascii: "i") && line[3] == UInt8(ascii: "d") && line[4] == UInt8(ascii: "\"")) {
            guard let found = find(line, "\"id\":") else { return nil }
            index = found + 5
        }
        while index < line.count, line[index] == 0x20 { index += 1 }
        let start = index
        var number = 0
        while index < line.count, line[index] &- 0x30 < 10, index < start + 9 {
            number = number * 10 + Int(line[index] - 0x30)
            index += 1
        }
        return index > start ? number : nil
    }

    /// Id, time and cleanness of a `mining.notify` of the usual order of members; nil for any other line.
    static func job(in line: UnsafeBufferPointer<UInt8>) -> (id: [UInt8], time: [UInt8], isClean: Bool)? {
        guard find(line, "\"mining.notify\"", within: 64) != nil, let params = find(line, "\"params\":[\"", within: 96) else { return nil }
        var last = line.count - 1
        while last > 0, line[last] == 0x20 || line[last] == 0x0d { last -= 1 }
        guard last > 8, line[last] == UInt8(ascii: "}"), line[last - 1] == UInt8(ascii: "]"), line[last - 2] == UInt8(ascii: "e") else { return nil }
        let isClean = line[last - 3] == UInt8(ascii: "u")
        let start = params + 11
        guard let idEnd = line[start...].firstIndex(of: UInt8(ascii: "\"")), let timeEnd = line.lastIndex(of: UInt8(ascii: "\"")),
            let timeStart = line[..<timeEnd].lastIndex(of: UInt8(ascii: "\"")), timeStart > idEnd
        else { return nil }
        return (Array(line[start..<idEnd]), Array(line[(timeStart + 1)..<timeEnd]), isClean)
    }

    static func contains(_ line: UnsafeBufferPointer<UInt8>, _ word: StaticString) -> Bool { find(line, word) != nil }

    /// Where a word begins; it is looked for at the line's first `limit` bytes.
    static func find(_ line: UnsafeBufferPointer<UInt8>, _ word: StaticString, within limit: Int = .max) -> Int? {
        let length = word.utf8CodeUnitCount
        guard let base = line.baseAddress, line.count >= length else { return nil }
        for start in 0...min(line.count - length, limit) where base[start] == word.utf8Start[0] && memcmp(base + start, word.utf8Start, length) == 0 {
            return start
        }
        return nil
    }
}
