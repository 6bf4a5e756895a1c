import Bitcoin
import Hashing
import JSON
import MergeMining

/// The embedded RSK node without its wire.
actor RSKService {
    private(set) var chain: EmbeddedRSKChain
    private let file: RecordFile<AuxiliaryEntry>?
    /// Milliseconds of Unix time.
    private let clock: @Sendable () -> Int64

    init(chain: EmbeddedRSKChain, file: RecordFile<AuxiliaryEntry>?, clock: @escaping @Sendable () -> Int64) {
        self.chain = chain
        self.file = file
        self.clock = clock
    }

    private var seconds: UInt32 { UInt32(clamping: clock() / 1000) }

    func setTarget(_ target: Target) { chain.target = target }

    func advance() throws(RPCError) {
        try keep(chain.advance(now: seconds, salt: .random(in: 0 ... .max)))
    }

    private func keep(_ block: AuxiliaryEntry) throws(RPCError) {
        do { try file?.append(block) } catch { throw RPCError(code: -32_603, message: error.description) }
    }

    /// Answers a call as rskj does.
    func call(_ method: String, _ parameters: RPCParameters) throws -> JSONValue {
        if let submission = RSKSubmitMethod(rawValue: method) { return try submit(submission, parameters) }
        switch method {
        case "mnr_getWork":
            guard parameters.count == 0 else { throw RPCError.wrongParameters }
            guard let work = chain.work(now: seconds, salt: .random(in: 0 ... .max)) else { throw RPCError(.internalError) }
            return work.json
        case "eth_blockNumber": return .string("0x" + String(chain.tip.height, radix: 16))
        case "eth_getBlockByNumber": return try block(parameters)
        case "eth_syncing": return false
        case "net_version": return "33"
        case "web3_clientVersion": return "RskJ/embedded"
        default: throw RPCError(.unknownMethod)
        }
    }

    private func submit(_ method: RSKSubmitMethod, _ parameters: RPCParameters) throws(RPCError) -> JSONValue {
        do {
            let (answer, block) = try chain.submit(try RSKSubmission(method, parameters.positional), now: clock())
            if let block { try keep(block) }
            return answer.json
        } catch let error as RSKCallError {
            throw RPCError(error)
        } catch let error as RPCError {
            throw error
        } catch {
            throw RPCError(.internalError)
        }
    }

    private func block(_ parameters: RPCParameters) throws(RPCError) -> JSONValue {
        guard let text = parameters.value(0, "number")?.string else { throw .wrongParameters }
        let height: UInt64?
        switch text {
        case "latest", "pending": height = UInt64(chain.tip.height)
        default: height = text.hasPrefix("0x") ? UInt64(text.dropFirst(2), radix: 16) : nil
        }
        guard let height else { throw .wrongParameters }
        guard let entry = chain.entry(atHeight: height) else { return .null }
        return [
            "number": .string("0x" + String(height, radix: 16)),
            "hash": .string("0x" + Hex.encode(entry.hash)),
            "parentHash": height == 0 ? .null : chain.entry(atHeight: height - 1).map { .string("0x" + Hex.encode($0.hash)) } ?? .null,
            "timestamp": .string("0x" + String(entry.time, radix: 16)),
            "hashForMergedMining": .string("0x" + Hex.encode(entry.commitment)),
            "uncles": .array([]),
            "transactions": .array([]),
        ]
    }
}

extension RPCError {
    fileprivate init(_ error: RSKCallError) {
        self.init(code: error.code, message: error.message)
    }
}
