import Bitcoin
import CLinux
import Embedded
import Glibc
import HTTP
import Hashing
import JSON
import Synchronization

/// A stand-in for bitcoind that knows when each byte came and went: blocking sockets, a thread a connection, a tip that moves on command.
///
/// It answers what a pool asks of a node, takes every block, and never has an opinion.
final class NodeStandIn: Sendable {
    /// A block that a pool sent.
    struct Submission: Sendable {
        /// When the request's first byte was read; monotonic nanoseconds.
        let firstByteAt: UInt64
        let header: BlockHeader
    }

    struct State {
        var tip: BlockHeader
        var height: UInt32
        /// What `getblocktemplate` answers, for ever the same until the tip moves.
        var template: [UInt8] = []
        /// Whether a pool may have the template yet.
        var isTemplateReady = true
        var submissions: [Submission] = []
        /// When the last answer to `getblockheader` and the last byte of a template on this tip went out.
        var headerSentAt: UInt64 = 0
        var templateSentAt: UInt64 = 0
    }

    let port: UInt16
    let bits: CompactBits
    /// The transactions part of every template.
    private let transactions: [UInt8]
    let state: Mutex<State>
    /// Moves to a new tip by itself when a block came.
    let followsBlocks: Bool

    /// - Parameters:
    ///   - bits: difficulty 1 unless others are given, so that hardly a share is a block.
    ///   - transactionBytes: about so many bytes of JSON are transactions.
    init(bits: CompactBits = CompactBits(rawValue: 0x1d00_ffff), transactionBytes: Int = 0, followsBlocks: Bool = false) throws(LoadFailure) {
        self.bits = bits
        self.followsBlocks = followsBlocks
        transactions = Self.makeTransactions(bytes: transactionBytes)
        let genesis = BlockHeader(version: 0x2000_0000, previousHash: .zero, merkleRoot: .zero, time: UInt32(time(nil)) - 600, bits: bits, nonce: 0)
        state = Mutex(State(tip: genesis, height: 1_000))
        let (listener, port) = try LoadSocket.listen()
        self.port = port
        state.withLock { $0.template = template(on: $0) }
        let started = BackgroundThread.start(named: "node") { [self] in
            while case let fd = accept(listener, nil, nil), fd >= 0 {
                setNoDelay(fd)
                _ = BackgroundThread.start(named: "node-conn") { [self] in NodeConnection(fd: fd, node: self).serve() }
            }
        }
        guard started else { throw LoadFailure(description: "no thread left") }
    }

    private func setNoDelay(_ fd: Int32) {
        var one: Int32 = 1
        setsockopt(fd, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
    }

    /// Somebody else finds a block.
    ///
    /// - Parameter holdingTemplate: the pool can learn the header, but gets no template before ``releaseTemplate()``.
    /// - Returns: the new tip's hash.
    @discardableResult
    func advance(holdingTemplate: Bool = false) -> Hash256 {
        state.withLock { state in
            let previous = state.tip
            state.tip = BlockHeader(
                version: 0x2000_0000,
                previousHash: previous.hash,
                merkleRoot: .sha256d(previous.serialized),
                time: max(previous.time + 1, UInt32(time(nil))),
                bits: bits,
                nonce: previous.nonce &+ 1
            )
            state.height += 1
            state.template = template(on: state)
            state.isTemplateReady = !holdingTemplate
            state.templateSentAt = 0
            state.headerSentAt = 0
            return state.tip.hash
        }
    }

    func releaseTemplate() { state.withLock { $0.isTemplateReady = true } }

    /// A pool's block becomes the tip, if it stands on the one there is.
    func take(_ submission: Submission) {
        state.withLock { state in
            state.submissions.append(submission)
            guard followsBlocks, submission.header.previousHash == state.tip.hash else { return }
            state.tip = submission.header
            state.height += 1
            state.template = template(on: state)
        }
    }

    private func template(on state: borrowing State) -> [UInt8] {
        let target = Target(bits: bits)?.value ?? .zero
        let hash = state.tip.hash.displayHex
        var text = "{\"rules\":[\"csv\",\"!segwit\"],\"version\":536870912,\"previousblockhash\":\"\(hash)\",\"height\":\(state.height + 1),"
        text += "\"coinbasevalue\":312500000,\"longpollid\":\"\(hash)\",\"target\":\"\(Hash256(number: target).displayHex)\","
        text += "\"mintime\":\(state.tip.time + 1),\"curtime\":\(max(state.tip.time + 1, UInt32(time(nil)))),\"bits\":\"\(bits)\","
        text += "\"sigoplimit\":80000,\"sizelimit\":4000000,\"weightlimit\":4000000,"
        text += "\"default_witness_commitment\":\"6a24aa21a9ed\(String(repeating: "5a", count: 32))\",\"transactions\":["
        return Array(text.utf8) + transactions + Array("]}".utf8)
    }

    /// Transactions of 600 bytes each, whose bytes mean nothing: a pool passes them on.
    private static func makeTransactions(bytes: Int) -> [UInt8] {
        var random = SplitMix64(seed: 170)
        var text: [UInt8] = []
        var count = 0
        while text.count + 1_500 < bytes {
            func hex(_ count: Int) -> [UInt8] { random.bytes(count).flatMap { [Hex.digit($0 >> 4), Hex.digit($0 & 15)] } }
            text += Array((count == 0 ? "{\"data\":\"" : ",{\"data\":\"").utf8) + hex(600)
            text += Array("\",\"txid\":\"".utf8) + hex(32) + Array("\",\"hash\":\"".utf8) + hex(32)
            text += Array("\",\"depends\":[],\"fee\":1000,\"sigops\":1,\"weight\":1200}".utf8)
            count += 1
        }
        return text
    }
}
