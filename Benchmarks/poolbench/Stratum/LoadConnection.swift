import Glibc
import JSON

/// One made-up miner: shakes hands, then keeps a number of shares under way, each new and each answered once.
struct LoadConnection {
    /// What it learned from bytes that came.
    enum News {
        case nothing
        /// It has a job and may send.
        case ready
        case accepted(sentAt: UInt64)
        case refused(sentAt: UInt64, reason: String)
        /// An answer to nothing that was asked, or a refused handshake.
        case trouble(String)
    }

    /// Ids of submits have eight digits, so that a line is made by writing over the last one.
    private static let firstID = 10_000_000

    let fd: Int32
    private let worker: String
    /// The beginning of a line whose end has not come yet.
    private var tail: [UInt8] = []
    /// Bytes that the socket did not take.
    private(set) var unsent: [UInt8] = []
    private var isAuthorized = false
    private(set) var isReady = false

    /// A submit line of the current job, with room for id and nonce.
    private var line: [UInt8] = []
    private var idAt = 0
    private var extranonce2At = 0
    private var nonceAt = 0
    private var extranonce2Size = 8
    private var next = 0
    /// When each submit under way was sent, by its number modulo the number of those.
    private var sentAt: [UInt64]
    private(set) var underWay = 0

    init(fd: Int32, worker: String, inFlight: Int) {
        self.fd = fd
        self.worker = worker
        sentAt = [UInt64](repeating: 0, count: inFlight)
    }

    /// cgminer's handshake, without version rolling.
    mutating func shakeHands() {
        send(Array("{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"poolbench\"]}\n".utf8))
        send(Array("{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\"\(worker)\",\"x\"]}\n".utf8))
    }

    /// Sends shares until as many are under way as wished.
    mutating func refill(into buffer: inout [UInt8], at now: UInt64) {
        buffer.removeAll(keepingCapacity: true)
        while underWay < sentAt.count {
            write(Self.firstID + next % 90_000_000, at: idAt)
            // Extranonce2 and nonce together are never used twice.
            writeHex(UInt32(truncatingIfNeeded: next), at: nonceAt)
            buffer += line
            sentAt[next % sentAt.count] = now
            next += 1
            underWay += 1
        }
        send(buffer)
    }

    mutating func send(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        guard unsent.isEmpty else { return unsent += bytes }
        let count = max(0, bytes.withUnsafeBytes { Glibc.send(fd, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) })
        if count < bytes.count { unsent += bytes[count...] }
    }

    mutating func sendUnsent() {
        let bytes = unsent
        unsent = []
        send(bytes)
    }

    /// Takes what was read from the socket.
    mutating func take(_ bytes: UnsafeBufferPointer<UInt8>, _ report: (News) -> Void) {
        var rest = bytes[...]
        while let end = rest.firstIndex(of: 0x0a) {
            if tail.isEmpty {
                takeLine(UnsafeBufferPointer(rebasing: rest[..<end]), report)
            } else {
                tail += rest[..<end]
                let whole = tail
                tail = []
                whole.withUnsafeBufferPointer { takeLine($0, report) }
            }
            rest = rest[(end + 1)...]
        }
        tail += rest
    }

    private mutating func takeLine(_ line: UnsafeBufferPointer<UInt8>, _ report: (News) -> Void) {
        if let number = Self.submitID(line) {
            let place = (number - Self.firstID) % sentAt.count
            underWay -= 1
            return report(
                Self.contains(line, "\"result\":true") || Self.contains(line, "\"result\": true")
                    ? .accepted(sentAt: sentAt[place]) : .refused(sentAt: sentAt[place], reason: Self.reason(line))
            )
        }
        guard let message = try? JSONValue(parsing: Array(line)) else { return report(.trouble("a line that is no JSON")) }
        if let method = message["method"]?.string {
            if method == "mining.notify" { takeJob(message, report) }
        } else if message["id"] == 1 {
            guard let extranonce2 = message["result"]?[2]?.integer, (4...16).contains(extranonce2) else {
                return report(.trouble("subscribe was refused"))
            }
            extranonce2Size = Int(extranonce2)
        } else if message["id"] == 2 {
            guard message["result"] == true else { return report(.trouble("authorize was refused")) }
            isAuthorized = true
        }
    }

    private mutating func takeJob(_ message: JSONValue, _ report: (News) -> Void) {
        guard let id = message["params"]?[0]?.string, let time = message["params"]?[7]?.string else {
            return report(.trouble("a job without id or time"))
        }
        let head = Array("{\"id\":".utf8)
        let start = Array("00000000,\"method\":\"mining.submit\",\"params\":[\"\(worker)\",\"\(id)\",\"".utf8)
        idAt = head.count
        line = head + start
        extranonce2At = line.count
        line += Array(repeating: UInt8(ascii: "0"), count: 2 * extranonce2Size) + Array("\",\"\(time)\",\"".utf8)
        nonceAt = line.count
        line += Array("00000000\"]}\n".utf8)
        guard !isReady else { return }
        isReady = true
        report(.ready)
    }

    // MARK: Bytes

    private mutating func write(_ number: Int, at place: Int) {
        var left = number
        for index in stride(from: place + 7, through: place, by: -1) {
            line[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: left % 10)
            left /= 10
        }
    }

    private mutating func writeHex(_ number: UInt32, at place: Int) {
        for index in 0..<8 {
            let digit = UInt8(truncatingIfNeeded: number >> UInt32(28 - 4 * index)) & 15
            line[place + index] = digit < 10 ? 0x30 + digit : 0x57 + digit
        }
    }

    /// The id of an answer to a submit; nil for any other line.
    private static func submitID(_ line: UnsafeBufferPointer<UInt8>) -> Int? {
        // `{"id":12345678,` or `{"id": 12345678,`; servers that order members otherwise are searched.
        var index = 6
        if line.count < 16 { return nil }
        if !(line[1] == UInt8(ascii: "\"") && line[2] == UInt8(ascii: "i") && line[3] == UInt8(ascii: "d") && line[4] == UInt8(ascii: "\"")) {
            guard let found = find(line, "\"id\":") else { return nil }
            index = found + 5
        }
        while index < line.count, line[index] == 0x20 { index += 1 }
        var number = 0
        var digits = 0
        while index < line.count, line[index] &- 0x30 < 10 {
            number = number * 10 + Int(line[index] - 0x30)
            digits += 1
            index += 1
            if digits > 8 { return nil }
        }
        return digits == 8 && number >= firstID ? number : nil
    }

    private static func contains(_ line: UnsafeBufferPointer<UInt8>, _ word: StaticString) -> Bool { find(line, word) != nil }

    private static func find(_ line: UnsafeBufferPointer<UInt8>, _ word: StaticString) -> Int? {
        let length = word.utf8CodeUnitCount
        guard let base = line.baseAddress, line.count >= length else { return nil }
        for start in 0...(line.count - length) where base[start] == word.utf8Start[0] && memcmp(base + start, word.utf8Start, length) == 0 {
            return start
        }
        return nil
    }

    private static func reason(_ line: UnsafeBufferPointer<UInt8>) -> String {
        let message = try? JSONValue(parsing: Array(line))
        return message?["error"]?[1]?.string ?? message?["reject-reason"]?.string ?? "no reason given"
    }
}
