import Bitcoin
import CLinux
import Glibc
import Hashing
import JSON
import Synchronization

/// One connection to a stand-in node, served until its end.
struct NodeConnection {
    let fd: Int32
    let node: NodeStandIn

    /// An HTTP request as far as a node looks at it.
    private struct Request {
        let firstByteAt: UInt64
        let body: ArraySlice<UInt8>
    }

    func serve() {
        defer { close(fd) }
        var buffer: [UInt8] = []
        while let request = read(into: &buffer) {
            guard answer(request) else { return }
        }
    }

    private func read(into buffer: inout [UInt8]) -> Request? {
        var firstByteAt: UInt64 = 0
        var chunk = [UInt8](repeating: 0, count: 1 << 18)
        buffer.removeAll(keepingCapacity: true)
        var bodyAt: Int?
        var length = 0
        while true {
            let count = recv(fd, &chunk, chunk.count, 0)
            guard count > 0 else { return nil }
            if firstByteAt == 0 { firstByteAt = MonotonicClock.now }
            buffer += chunk[..<count]
            if bodyAt == nil, let end = endOfHead(buffer) {
                bodyAt = end
                length = contentLength(String(decoding: buffer[..<end], as: UTF8.self))
            }
            // One request at a time: a client that waits for its answer sends no other.
            if let bodyAt, buffer.count >= bodyAt + length { return Request(firstByteAt: firstByteAt, body: buffer[bodyAt...]) }
        }
    }

    private func endOfHead(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        for index in 3..<bytes.count where bytes[index] == 10 && bytes[index - 1] == 13 && bytes[index - 2] == 10 && bytes[index - 3] == 13 {
            return index + 1
        }
        return nil
    }

    private func contentLength(_ head: String) -> Int {
        for line in head.split(whereSeparator: \.isNewline) where line.lowercased().hasPrefix("content-length:") {
            return Int(line.dropFirst(15).drop { $0 == " " }) ?? 0
        }
        return 0
    }

    private func answer(_ request: Request) -> Bool {
        // A block of megabytes is not worth a parser here: its header is what stands first.
        if String(decoding: request.body.prefix(200), as: UTF8.self).contains("submitblock") { return takeBlock(request) }
        guard let call = try? JSONValue(parsing: Array(request.body)), let method = call["method"]?.string else { return false }
        let id = (call["id"] ?? .null).text()
        switch method {
        case "getblocktemplate":
            if let last = call["params"]?[0]?["longpollid"]?.string { waitForTip(after: last) }
            waitForTemplate()
            let template = node.state.withLock { $0.template }
            let isSent = reply(template, id)
            let now = MonotonicClock.now
            node.state.withLock { if $0.templateSentAt == 0 { $0.templateSentAt = now } }
            return isSent
        case "getblockheader":
            let header = node.state.withLock { headerText($0) }
            let now = MonotonicClock.now
            node.state.withLock { if $0.headerSentAt == 0 { $0.headerSentAt = now } }
            return reply(Array(header.utf8), id)
        case "getblockchaininfo":
            let text = node.state.withLock { state in
                "{\"chain\":\"regtest\",\"blocks\":\(state.height),\"headers\":\(state.height),\"bestblockhash\":\"\(state.tip.hash.displayHex)\","
                    + "\"difficulty\":1,\"mediantime\":\(state.tip.time),\"verificationprogress\":1,\"initialblockdownload\":false,"
                    + "\"pruned\":false,\"warnings\":[]}"
            }
            return reply(Array(text.utf8), id)
        case "getbestblockhash": return reply(Array("\"\(node.state.withLock { $0.tip.hash.displayHex })\"".utf8), id)
        default: return reply(Array("null".utf8), id, error: "{\"code\":-32601,\"message\":\"Method not found\"}")
        }
    }

    private func takeBlock(_ request: Request) -> Bool {
        guard let params = find("\"params\":[\"", in: request.body.prefix(400)) else { return false }
        let start = params + 11
        guard let digits = Hex.decode(String(decoding: request.body[start..<(start + 160)], as: UTF8.self)),
            let header = try? BlockHeader(parsing: digits)
        else { return false }
        node.take(NodeStandIn.Submission(firstByteAt: request.firstByteAt, header: header))
        // The id is of no use to a client that has one request a connection.
        return reply(Array("null".utf8), "null")
    }

    private func find(_ word: String, in bytes: ArraySlice<UInt8>) -> Int? {
        let word = Array(word.utf8)
        guard bytes.count >= word.count else { return nil }
        return (bytes.startIndex...(bytes.endIndex - word.count)).first { bytes[$0..<($0 + word.count)].elementsEqual(word) }
    }

    private func headerText(_ state: borrowing NodeStandIn.State) -> String {
        let tip = state.tip
        return "{\"hash\":\"\(tip.hash.displayHex)\",\"confirmations\":1,\"height\":\(state.height),\"version\":\(tip.version),"
            + "\"merkleroot\":\"\(tip.merkleRoot.displayHex)\",\"time\":\(tip.time),\"mediantime\":\(tip.time),\"nonce\":\(tip.nonce),"
            + "\"bits\":\"\(tip.bits)\",\"previousblockhash\":\"\(tip.previousHash.displayHex)\"}"
    }

    // MARK: Waiting

    /// A millisecond at a time: what is measured begins when the answer goes out.
    private func waitForTip(after last: String) {
        let deadline = MonotonicClock.now + 60_000_000_000
        while MonotonicClock.now < deadline, node.state.withLock({ $0.tip.hash.displayHex == last }) { usleep(1_000) }
    }

    private func waitForTemplate() {
        while !node.state.withLock({ $0.isTemplateReady }) { usleep(1_000) }
    }

    private func reply(_ result: [UInt8], _ id: String, error: String = "null") -> Bool {
        let head = Array("{\"result\":".utf8)
        let tail = Array(",\"error\":\(error),\"id\":\(id)}\n".utf8)
        let count = head.count + result.count + tail.count
        let text = Array("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(count)\r\n\r\n".utf8) + head + result + tail
        var sent = 0
        while sent < text.count {
            let count = text.withUnsafeBytes { send(fd, $0.baseAddress.map { $0 + sent }, text.count - sent, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }
}
