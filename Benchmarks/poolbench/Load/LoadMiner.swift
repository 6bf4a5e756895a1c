import CLinux
import Glibc
import JSON

/// One made-up miner: shakes hands as its firmware does, then sends shares, each new and each answered once.
struct LoadMiner {
    /// What it learned from bytes that came.
    enum News {
        /// It has its first job and has been answered to all it asked.
        case ready
        /// A job; clean when miners are to drop what they have.
        case job(clean: Bool)
        case accepted(sentAt: UInt64)
        case refused(sentAt: UInt64, reason: String)
        /// An answer to nothing that was asked, or a refused handshake.
        case trouble(String)
    }

    /// Ids of shares have eight digits, which no other id has.
    private static let firstID = 10_000_000
    private static let idCount = 90_000_000

    let fd: Int32
    private let worker: String
    private let profile: FirmwareProfile
    /// The beginning of a line whose end has not come yet.
    private var tail: [UInt8] = []
    /// Bytes that the socket did not take.
    private(set) var unsent: [UInt8] = []
    private var handshake: ArraySlice<FirmwareProfile.Line>
    private var hasJob = false
    private(set) var isReady = false

    private var job: [UInt8] = []
    private var time: [UInt8] = []
    private var extranonce2Size = 8
    private var rollsVersion = false
    /// What stands in a share's line between the id and the nonce, and behind that; empty until the job's first share.
    private var middle: [UInt8] = []
    private var end: [UInt8] = []
    private var next = 0
    private var answered = 0
    /// When each share under way was sent, by its number modulo the number of those.
    private var sentAt: [UInt64]

    init(fd: Int32, worker: String, profile: FirmwareProfile, inFlight: Int) {
        self.fd = fd
        self.worker = worker
        self.profile = profile
        handshake = profile.handshake(worker: worker)[...]
        sentAt = [UInt64](repeating: 0, count: inFlight)
    }

    var underWay: Int { next - answered }
    var hasRoom: Bool { underWay < sentAt.count }

    mutating func begin() { sendHandshake() }

    /// Sends up to the next line that wants an answer.
    private mutating func sendHandshake() {
        while let line = handshake.first {
            send(Array(line.text.utf8))
            if line.id != nil { return }
            handshake.removeFirst()
        }
    }

    // MARK: Sending

    /// Appends a share's line; there must be room.
    mutating func writeShare(at now: UInt64, to buffer: inout [UInt8]) {
        if middle.isEmpty { makeLine() }
        buffer += Self.head
        if let id = profile.shareID { buffer += id.utf8 } else { Self.appendDecimal(Self.firstID + next % Self.idCount, to: &buffer) }
        buffer += middle
        // Extranonce2 stays, so that no nonce is used twice.
        Self.appendHex(UInt32(truncatingIfNeeded: next), padded: profile.padsNonce, to: &buffer)
        buffer += end
        sentAt[next % sentAt.count] = now
        next += 1
    }

    private static let head = Array("{\"id\":".utf8)

    private mutating func makeLine() {
        middle = Array(",\"method\":\"mining.submit\",\"params\":[\"\(worker)\",\"".utf8) + job + Array("\",\"".utf8)
        middle += Array(repeating: UInt8(ascii: "0"), count: 2 * extranonce2Size) + Array("\",\"".utf8) + time + Array("\",\"".utf8)
        end = Array((rollsVersion ? "\",\"01a52000\"]}\n" : "\"]}\n").utf8)
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

    // MARK: Receiving

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
        if let place = answeredShare(line) {
            let sent = sentAt[place]
            answered += 1
            let isGood = LineText.contains(line, "\"result\":true") || LineText.contains(line, "\"result\": true")
            return report(isGood ? .accepted(sentAt: sent) : .refused(sentAt: sent, reason: Self.reason(line)))
        }
        if let notice = LineText.job(in: line) { return takeJob(id: notice.id, time: notice.time, isClean: notice.isClean, report) }
        guard let message = try? JSONValue(parsing: Array(line)) else { return report(.trouble("a line that is no JSON")) }
        if let method = message["method"]?.string {
            guard method == "mining.notify" else { return }
            guard let id = message["params"]?[0]?.string, let time = message["params"]?[7]?.string else {
                return report(.trouble("a job without id or time"))
            }
            takeJob(id: Array(id.utf8), time: Array(time.utf8), isClean: message["params"]?[8]?.bool ?? true, report)
        } else if let line = handshake.first, let id = message["id"], id.text() == line.id {
            takeAnswer(message["result"] ?? .null, to: line.text, report)
        }
    }

    private mutating func takeAnswer(_ result: JSONValue, to line: String, _ report: (News) -> Void) {
        if line.contains("mining.subscribe") {
            guard let size = result[2]?.integer, (4...16).contains(size) else { return report(.trouble("subscribe was refused")) }
            extranonce2Size = Int(size)
        } else if line.contains("mining.authorize"), result != true {
            return report(.trouble("authorize was refused"))
        } else if line.contains("mining.configure") {
            rollsVersion = result["version-rolling"] == true
        }
        handshake.removeFirst()
        sendHandshake()
        tellReady(report)
    }

    private mutating func takeJob(id: [UInt8], time: [UInt8], isClean: Bool, _ report: (News) -> Void) {
        job = id
        self.time = time
        middle = []
        hasJob = true
        report(.job(clean: isClean))
        tellReady(report)
    }

    private mutating func tellReady(_ report: (News) -> Void) {
        guard !isReady, hasJob, handshake.isEmpty else { return }
        isReady = true
        report(.ready)
    }

    /// The place of the share that a line answers; nil for any other line.
    private func answeredShare(_ line: UnsafeBufferPointer<UInt8>) -> Int? {
        guard underWay > 0, let id = LineText.id(of: line) else { return nil }
        // Where all ids are alike, answers come in the order of the shares.
        if profile.shareID != nil { return id == 4 ? answered % sentAt.count : nil }
        return id >= Self.firstID ? (id - Self.firstID) % sentAt.count : nil
    }

    private static func reason(_ line: UnsafeBufferPointer<UInt8>) -> String {
        let message = try? JSONValue(parsing: Array(line))
        return message?["error"]?[1]?.string ?? message?["reject-reason"]?.string ?? "no reason given"
    }

    // MARK: Numbers

    private static func appendDecimal(_ number: Int, to buffer: inout [UInt8]) {
        var divisor = 10_000_000
        while divisor > 0 {
            buffer.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / divisor % 10))
            divisor /= 10
        }
    }

    private static func appendHex(_ number: UInt32, padded: Bool, to buffer: inout [UInt8]) {
        let digits = padded ? 8 : max(1, 8 - number.leadingZeroBitCount / 4)
        for index in stride(from: digits - 1, through: 0, by: -1) {
            let digit = UInt8(truncatingIfNeeded: number >> UInt32(4 * index)) & 15
            buffer.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
        }
    }
}
