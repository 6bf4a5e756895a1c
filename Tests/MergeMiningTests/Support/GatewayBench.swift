import Bitcoin
import HTTP
import Hashing
import JSON
import Randomness
import Testing

@testable import MergeMining

/// A gateway over nodes in the process, and another pool's software in front of it.
struct GatewayBench {
    let set: AuxiliarySet
    let gateway: Gateway
    let rskj: FakeRSKNode
    let auxPow: [FakeAuxPowNode]
    var sample: SampleWorks
    private let running: Task<Void, Never>

    init(
        seed: UInt64,
        chains: [String] = ["namecoin", "syscoin", "elastos", "fractal"],
        users: [Gateway.User] = [],
        patience: Duration = .seconds(20),
        relay: Gateway.Relay? = nil
    )
        async throws
    {
        var sample = SampleWorks(seed: seed)
        guard case .rsk(let work) = sample.rsk().content else { throw RPCError.parse }
        let rskj = FakeRSKNode(work: work)
        var members: [(chain: AuxiliaryChain, nodes: [any AuxiliaryNode])] = [
            (AuxiliaryChain(name: "rootstock", kind: .rsk, nodes: [], pollInterval: .milliseconds(5)), [rskj])
        ]
        var auxPow: [FakeAuxPowNode] = []
        for (name, flavour, id) in SampleWorks.flavours where chains.contains(name) {
            let node = FakeAuxPowNode(name: name, work: try AuxPowWork(sample.reply(flavour, id), flavour: flavour, chain: id))
            auxPow.append(node)
            let kind = AuxiliaryChain.Kind.auxPow(flavour: flavour, chain: id, address: "address")
            members.append((AuxiliaryChain(name: name, kind: kind, nodes: [], pollInterval: .milliseconds(5)), [node]))
        }
        let set = try AuxiliarySet(members)
        running = Task { await set.run() }
        let count = members.count
        for await update in await set.updates() where update.works.works.count == count { break }
        self.set = set
        self.rskj = rskj
        self.auxPow = auxPow
        self.sample = sample
        gateway = Gateway(set, users: users, patience: patience, relay: relay)
    }

    func stop() { running.cancel() }

    func call(_ method: String, _ parameters: [JSONValue] = [], version2: Bool = false) async throws -> JSONValue {
        var body: JSONObject = ["id": 7, "method": .string(method), "params": .array(parameters)]
        if version2 { body["jsonrpc"] = "2.0" }
        return try await post(JSONValue.object(body).serialized()).json
    }

    func post(_ body: [UInt8], headers: HTTPHeaders = [:], method: HTTPMethod = .post) async throws -> (status: Int, json: JSONValue) {
        let response = await gateway.answer(HTTPRequest(method: method, path: "/", headers: headers, body: body))
        guard case .bytes(let bytes) = response.body else { throw RPCError.parse }
        return (response.status, bytes.isEmpty ? .null : try JSONValue(parsing: bytes))
    }

    /// A coinbase of the client's own making, and a header over it that meets every target here.
    mutating func mine(scriptSig: [UInt8], outputs: [[UInt8]], levels: Int = 5) -> (coinbase: Transaction, branch: MerkleBranch, header: BlockHeader)
    {
        let scripts = [Script(sample.random.bytes(25))] + outputs.map { Script($0) }
        let coinbase = Transaction(
            inputs: [TransactionInput(previousOutput: .null, scriptSig: Script(scriptSig))],
            outputs: scripts.map { TransactionOutput(value: 0, script: $0) }
        )
        let branch = sample.branch(levels)
        var header = BlockHeader(
            version: 0x2000_0000,
            previousHash: sample.random.hash(),
            merkleRoot: branch.root(coinbase: coinbase.txid),
            time: SampleRSK.time,
            bits: CompactBits(rawValue: 0x1703_4219),
            nonce: 0
        )
        while !Target(rskDifficulty: UInt256(4 as UInt8)).isMet(by: header.hash) { header.nonce += 1 }
        return (coinbase, branch, header)
    }

    /// What a client that knows the family's proxies sends for a `createauxblock` answer.
    mutating func auxPow(for offer: JSONValue, plain: Bool = false, withOutput: Bool = true) throws -> [JSONValue] {
        let hash = try #require(offer["hash"]?.string)
        let size: UInt32 = plain ? 1 : try offer.required("merkle_size", as: .fitting(UInt32.self))
        let nonce: UInt32 = plain ? 0 : try offer.required("merkle_nonce", as: .fitting(UInt32.self))
        let root = try #require(Hash256(displayHex: hash))
        let tag = AuxPowCommitment(root: root, size: size, nonce: nonce).bytes
        let output = withOutput ? offer.bytes("coinbasescript") : nil
        let (coinbase, branch, header) = mine(scriptSig: [3, 1, 2, 3, 0x2c] + tag + sample.random.bytes(8), outputs: output.map { [$0] } ?? [])
        let proof = AuxPow(
            coinbase: coinbase,
            parentHash: header.hash.internalBytes.reversed(),
            coinbaseBranch: branch,
            chainBranch: MerkleBranch(siblings: []),
            chainIndex: 0,
            parent: header
        )
        return [.string(hash), .string(Hex.encode(proof.serialized))]
    }
}
