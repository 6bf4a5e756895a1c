import Bitcoin
import Hashing
import JSON

/// getblocktemplate (BIP22, BIP23, BIP145) and submitblock.
extension ParentService {
    func blockTemplate(_ parameters: RPCParameters) async throws -> JSONValue {
        guard let request = parameters.value(0, "template_request"), request.object != nil else {
            throw RPCError.usage(
                "getblocktemplate {\"mode\":\"str\",\"capabilities\":[\"str\",...],\"rules\":[\"segwit\",\"str\",...],\"longpollid\":\"str\",\"data\":\"hex\"}"
            )
        }
        switch request["mode"] {
        case nil, .null, "template": break
        case "proposal": return try proposal(request)
        default: throw RPCError.invalidParameter("Invalid mode")
        }
        if let id = request["longpollid"], !id.isNull { try await longPoll(id) }
        guard request["rules"]?.array?.contains("segwit") == true else {
            throw RPCError.invalidParameter("getblocktemplate must be called with the segwit rule set (call with {\"rules\": [\"segwit\"]})")
        }
        return template().json
    }

    /// The id is a block hash in display order and a counter; any other hash than the tip's returns at once.
    private func longPoll(_ id: JSONValue) async throws {
        guard let text = id.string else { return await waitForChange(of: chain.tip.hash, updates: chain.pool.updates) }
        let tip = try RPCParameters.hash(String(text.prefix(64)), "longpollid")
        await waitForChange(of: tip, updates: UInt64(text.dropFirst(64)) ?? 0)
    }

    private func proposal(_ request: JSONValue) throws -> JSONValue {
        guard let data = request["data"]?.string else { throw RPCError(code: -3, message: "Missing data String key for proposal") }
        let block = try decodeBlock(data)
        do {
            try chain.check(proposal: block, now: now)
            return .null
        } catch {
            return .string(error.words)
        }
    }

    func submitBlock(_ parameters: RPCParameters) throws -> JSONValue {
        let block = try decodeBlock(try parameters.string(0, "hexdata", help: "submitblock \"hexdata\" ( \"dummy\" )"))
        return try submit(block).words.map(JSONValue.string) ?? .null
    }

    private func decodeBlock(_ text: String) throws(RPCError) -> Block {
        guard let bytes = Hex.decode(text), let block = try? Block(parsing: bytes) else { throw .blockDecodeFailed }
        return block
    }
}

extension TemplateOffer {
    /// bitcoind's answer to `getblocktemplate`, its members in the same order.
    var json: JSONValue {
        [
            "capabilities": ["proposal"],
            "version": 0x3000_0000,
            "rules": ["csv", "!segwit", "taproot"],
            "vbavailable": ["testdummy": 28],
            "vbrequired": 0,
            "previousblockhash": .string(previousHash.displayHex),
            "transactions": .array(transactions.map(\.json)),
            "coinbaseaux": [:],
            "coinbasevalue": .integer(coinbaseValue),
            "longpollid": .string(longPollID),
            "target": .string(target.description),
            "mintime": .integer(Int64(minimumTime)),
            "mutable": ["time", "transactions", "prevblock"],
            "noncerange": "00000000ffffffff",
            "sigoplimit": .integer(Int64(BlockRules.signatureOperationLimit)),
            "sizelimit": .integer(Int64(BlockRules.weightLimit)),
            "weightlimit": .integer(Int64(BlockRules.weightLimit)),
            "curtime": .integer(Int64(time)),
            "bits": .string(bits.description),
            "height": .integer(Int64(height)),
            "default_witness_commitment": .string(Hex.encode(witnessCommitment.bytes)),
        ]
    }
}

extension OfferedTransaction {
    fileprivate var json: JSONValue {
        [
            "data": .string(Hex.encode(bytes)),
            "txid": .string(txid.displayHex),
            "hash": .string(wtxid.displayHex),
            "depends": [],
            "fee": .integer(fee),
            "sigops": .integer(Int64(signatureOperations)),
            "weight": .integer(Int64(weight)),
        ]
    }
}
