import Bitcoin
import Hashing
import JSON

extension ParentService {
    /// Answers a call as bitcoind does.
    func call(_ method: String, _ parameters: RPCParameters) async throws -> JSONValue {
        switch method {
        case "getblocktemplate": try await blockTemplate(parameters)
        case "submitblock": try submitBlock(parameters)
        case "getblockchaininfo": chainInfo
        case "getblockcount": .integer(Int64(chain.height))
        case "getbestblockhash": .string(chain.tip.hash.displayHex)
        case "getblockhash": try blockHash(parameters)
        case "getblockheader": try blockHeader(parameters)
        case "getblock": try block(parameters)
        case "getrawtransaction": try rawTransaction(parameters)
        case "preciousblock": try precious(parameters)
        case "invalidateblock": try invalidate(parameters)
        case "getmininginfo": miningInfo
        case "getnetworkinfo": networkInfo
        case "validateaddress": try validateAddress(parameters)
        case "uptime": .integer(uptime)
        default: throw RPCError.methodNotFound
        }
    }

    // MARK: Blocks

    private func blockHash(_ parameters: RPCParameters) throws(RPCError) -> JSONValue {
        let height = try parameters.integer(0, "height", help: "getblockhash height")
        guard let hash = chain.hash(atHeight: Int(height)) else { throw .invalidParameter("Block height out of range") }
        return .string(hash.displayHex)
    }

    private func entry(_ parameters: RPCParameters, _ name: String, help: String) throws(RPCError) -> ChainEntry {
        guard let entry = chain.entry(try parameters.hash(0, name, help: help)) else { throw .blockNotFound }
        return entry
    }

    private func blockHeader(_ parameters: RPCParameters) throws(RPCError) -> JSONValue {
        let entry = try entry(parameters, "hash", help: "getblockheader \"blockhash\" ( verbose )")
        guard parameters.value(1, "verbose")?.bool ?? true else { return .string(Hex.encode(entry.header.serialized)) }
        return .object(headerFields(entry))
    }

    private func block(_ parameters: RPCParameters) throws -> JSONValue {
        let entry = try entry(parameters, "blockhash", help: "getblock \"blockhash\" ( verbosity )")
        let block = try chain.block(of: entry)
        let bytes = block.serialized
        if parameters.value(1, "verbosity").map({ $0.integer == 0 || $0.bool == false }) ?? false { return .string(Hex.encode(bytes)) }
        var fields = headerFields(entry)
        fields["strippedsize"] = .integer(Int64((block.weight - bytes.count) / 3))
        fields["size"] = .integer(Int64(bytes.count))
        fields["weight"] = .integer(Int64(block.weight))
        fields["tx"] = .array(block.transactions.map { .string($0.txid.displayHex) })
        return .object(fields)
    }

    /// Of a named block only: there is no index of transactions here.
    private func rawTransaction(_ parameters: RPCParameters) throws -> JSONValue {
        let help = "getrawtransaction \"txid\" ( verbosity \"blockhash\" )"
        let txid = try parameters.hash(0, "txid", help: help)
        let entry = try chain.entry(parameters.hash(2, "blockhash", help: help))
        guard let entry else { throw RPCError(code: -5, message: "Block hash not found") }
        guard let found = try chain.block(of: entry).transactions.first(where: { $0.txid == txid }) else {
            throw RPCError(code: -5, message: "No such transaction found in the provided block. Use gettransaction for wallet transactions.")
        }
        return .string(Hex.encode(found.serialized))
    }

    private func headerFields(_ entry: ChainEntry) -> JSONObject {
        let header = entry.header
        let target = Target(bits: header.bits) ?? Target(value: .zero)
        var fields: JSONObject = [
            "hash": .string(entry.hash.displayHex),
            "confirmations": .integer(Int64(chain.confirmations(of: entry))),
            "height": .integer(Int64(entry.height)),
            "version": .integer(Int64(Int32(bitPattern: header.version))),
            "versionHex": .string(hex(header.version)),
            "merkleroot": .string(header.merkleRoot.displayHex),
            "time": .integer(Int64(header.time)),
            "mediantime": .integer(Int64(entry.medianTimePast)),
            "nonce": .integer(Int64(header.nonce)),
            "bits": .string(header.bits.description),
            "target": .string(target.description),
            "difficulty": .real(target.difficulty),
            "chainwork": .string(UInt256(entry.chainWork).hex),
            "nTx": .integer(Int64(entry.block.serials.count + 1)),
        ]
        if entry.height > 0 { fields["previousblockhash"] = .string(header.previousHash.displayHex) }
        if chain.isActive(entry), let next = chain.hash(atHeight: Int(entry.height) + 1) { fields["nextblockhash"] = .string(next.displayHex) }
        return fields
    }

    private func precious(_ parameters: RPCParameters) throws(RPCError) -> JSONValue {
        let entry = try entry(parameters, "blockhash", help: "preciousblock \"blockhash\"")
        change { $0.prefer(entry.hash) }
        return .null
    }

    private func invalidate(_ parameters: RPCParameters) throws(RPCError) -> JSONValue {
        let entry = try entry(parameters, "blockhash", help: "invalidateblock \"blockhash\"")
        change { $0.invalidate(entry.hash) }
        return .null
    }

    // MARK: State

    private var chainInfo: JSONValue {
        let tip = chain.tip
        let target = Target(bits: tip.header.bits) ?? Target(value: .zero)
        return [
            "chain": .string(Chain.regtest.rawValue),
            "blocks": .integer(Int64(tip.height)),
            "headers": .integer(Int64(tip.height)),
            "bestblockhash": .string(tip.hash.displayHex),
            "bits": .string(tip.header.bits.description),
            "target": .string(target.description),
            "difficulty": .real(target.difficulty),
            "time": .integer(Int64(tip.header.time)),
            "mediantime": .integer(Int64(tip.medianTimePast)),
            "verificationprogress": 1,
            // A fresh bitcoind in regtest says true here until its first recent block; it gives templates all the same.
            "initialblockdownload": .bool(tip.header.time &+ 86_400 < now),
            "chainwork": .string(UInt256(tip.chainWork).hex),
            "size_on_disk": 0,
            "pruned": false,
            "warnings": [],
        ]
    }

    private var miningInfo: JSONValue {
        let bits = chain.tip.header.bits
        return [
            "blocks": .integer(Int64(chain.height)),
            "bits": .string(bits.description),
            "difficulty": .real(Target(bits: bits)?.difficulty ?? 0),
            "target": .string(Target(bits: bits)?.description ?? ""),
            "networkhashps": .real(networkHashrate),
            "pooledtx": .integer(Int64(chain.pool.count)),
            "blockmintxfee": 0.00001,
            "chain": .string(Chain.regtest.rawValue),
            "next": [
                "height": .integer(Int64(chain.height) + 1),
                "bits": .string(chain.bits.description),
                "difficulty": .real(Target(bits: chain.bits)?.difficulty ?? 0),
                "target": .string(Target(bits: chain.bits)?.description ?? ""),
            ],
            "warnings": [],
        ]
    }

    /// Work over time of the last 120 blocks.
    private var networkHashrate: Double {
        let tip = chain.tip
        guard let first = chain.hash(atHeight: max(0, Int(tip.height) - 120)).flatMap(chain.entry), tip.header.time > first.header.time else {
            return 0
        }
        return Double(tip.chainWork - first.chainWork) / Double(tip.header.time - first.header.time)
    }

    private var networkInfo: JSONValue {
        [
            "version": 280_000,
            "subversion": "/Satoshi:28.0.0(embedded)/",
            "protocolversion": 70_016,
            "localservices": "0000000000000409",
            "localrelay": true,
            "timeoffset": 0,
            "networkactive": false,
            "connections": 0,
            "connections_in": 0,
            "connections_out": 0,
            "networks": [],
            "relayfee": 0.00001,
            "incrementalfee": 0.00001,
            "localaddresses": [],
            "warnings": [],
        ]
    }

    private func validateAddress(_ parameters: RPCParameters) throws(RPCError) -> JSONValue {
        let text = try parameters.string(0, "address", help: "validateaddress \"address\"")
        do {
            let script = try Address(parsing: text, chain: .regtest).script
            return ["isvalid": true, "address": .string(text), "scriptPubKey": .string(Hex.encode(script.bytes))]
        } catch {
            return ["isvalid": false, "error_locations": [], "error": .string("\(error)")]
        }
    }
}
