import Bitcoin
import Hashing
import JSON
import MergeMining

/// An embedded AuxPoW node without its wire.
actor AuxPowService {
    private(set) var chain: EmbeddedAuxPowChain
    private let file: RecordFile<AuxiliaryEntry>?
    /// Unix seconds.
    private let clock: @Sendable () -> UInt32
    private let started: ContinuousClock.Instant = .now

    init(chain: EmbeddedAuxPowChain, file: RecordFile<AuxiliaryEntry>?, clock: @escaping @Sendable () -> UInt32) {
        self.chain = chain
        self.file = file
        self.clock = clock
    }

    func setBits(_ bits: CompactBits) { chain.bits = bits }

    func advance() throws(RPCError) {
        try keep(chain.advance(now: clock(), salt: .random(in: 0 ... .max)))
    }

    private func keep(_ block: AuxiliaryEntry) throws(RPCError) {
        do { try file?.append(block) } catch { throw RPCError(code: -20, message: error.description) }
    }

    /// Answers a call as the chain's node does.
    func call(_ method: String, _ parameters: RPCParameters) throws -> JSONValue {
        switch method {
        case "createauxblock": try create(parameters)
        case "submitauxblock": try submit(parameters)
        case "getblockcount": .integer(Int64(chain.tip.height))
        case "getbestblockhash": .string(Hex.encode(chain.tip.hash))
        case "getblockhash": try blockHash(parameters)
        case "getblockheader": try blockHeader(parameters)
        case "getblockchaininfo": chainInfo
        case "getnetworkinfo": networkInfo
        case "uptime": .integer((.now - started).components.seconds)
        default: throw RPCError.methodNotFound
        }
    }

    // MARK: Mining

    private func create(_ parameters: RPCParameters) throws(RPCError) -> JSONValue {
        let address = try parameters.string(0, "address", help: "createauxblock \"address\"")
        guard !address.isEmpty, address.utf8.count <= 100 else { throw RPCError(code: -5, message: "Error: Invalid address") }
        let (hash, template) = chain.template(for: address, now: clock(), salt: .random(in: 0 ... .max))
        let target = Target(bits: template.header.bits) ?? Target(value: .zero)
        var reply: JSONObject = [
            "hash": .string(hash.displayHex),
            "chainid": .integer(Int64(chain.rules.chain.value)),
            "previousblockhash": .string(template.header.previousHash.displayHex),
        ]
        if let tag = template.tag { reply["coinbasescript"] = .string(Hex.encode(tag.script)) }
        reply["coinbasevalue"] = .integer(EmbeddedAuxPowChain.reward)
        reply["bits"] = .string(template.header.bits.description)
        reply["height"] = .integer(Int64(template.height))
        // Internal order, unlike every other target that a node prints.
        reply["_target"] = .string(Hex.encode(Hash256(number: target.value).internalBytes))
        return .object(reply)
    }

    private func submit(_ parameters: RPCParameters) throws(RPCError) -> JSONValue {
        let help = "submitauxblock \"hash\" \"auxpow\""
        let text = try parameters.string(0, "hash", help: help)
        let auxpow = try parameters.string(1, "auxpow", help: help)
        guard let hash = Hash256(displayHex: text) else { throw .invalidParameter("invalid block hash hex") }
        guard let bytes = Hex.decode(auxpow), let proof = try? AuxPow(parsing: bytes, allowsTrailing: true) else {
            chain.refuseMalformed()
            throw RPCError(code: -1, message: "DataStream::read(): end of data: iostream error")
        }
        switch chain.submit(hash, proof, now: clock()) {
        case .unknown: throw .invalidParameter("block hash unknown")
        case .refused: return false
        case .stored(let block):
            if let block { try keep(block) }
            return true
        }
    }

    // MARK: State

    private func blockHash(_ parameters: RPCParameters) throws(RPCError) -> JSONValue {
        let height = try parameters.integer(0, "height", help: "getblockhash height")
        guard (0...Int64(chain.tip.height)).contains(height) else { throw .invalidParameter("Block height out of range") }
        return .string(Hex.encode(chain.entries[Int(height)].hash))
    }

    private func blockHeader(_ parameters: RPCParameters) throws(RPCError) -> JSONValue {
        let hash = try parameters.hash(0, "hash", help: "getblockheader \"blockhash\" ( verbose )")
        guard let confirmations = chain.confirmations(of: hash) else { throw .blockNotFound }
        return ["hash": .string(hash.displayHex), "confirmations": JSONValue(confirmations)]
    }

    private var chainInfo: JSONValue {
        [
            "chain": "regtest",
            "blocks": .integer(Int64(chain.tip.height)),
            "headers": .integer(Int64(chain.tip.height)),
            "bestblockhash": .string(Hex.encode(chain.tip.hash)),
            "initialblockdownload": false,
            "warnings": [],
        ]
    }

    private var networkInfo: JSONValue {
        ["version": 280_000, "subversion": .string("/\(chain.flavour.rawValue):28.0.0(embedded)/"), "connections": 8, "warnings": []]
    }
}
