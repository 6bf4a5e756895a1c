internal import HTTP
public import Hashing
internal import JSON

extension NodeClient {
    /// Reads the result of a call; whatever does not fit becomes `malformed`, with the method's name.
    func read<Value>(
        _ method: String,
        _ params: [JSONValue] = [],
        timeout: Duration = .seconds(30),
        _ convert: (JSONCursor) throws(JSONError) -> Value
    ) async throws(NodeError) -> Value {
        let result = try await call(method, params, timeout: timeout)
        do {
            return try convert(JSONCursor(result, name: method))
        } catch {
            throw .malformed(error.text)
        }
    }

    public func getBlockchainInfo() async throws(NodeError) -> BlockchainInfo {
        try await read("getblockchaininfo") { cursor throws(JSONError) in try BlockchainInfo(cursor) }
    }

    public func getNetworkInfo() async throws(NodeError) -> NetworkInfo {
        try await read("getnetworkinfo") { cursor throws(JSONError) in try NetworkInfo(cursor) }
    }

    public func getBestBlockHash() async throws(NodeError) -> Hash256 {
        try await read("getbestblockhash") { cursor throws(JSONError) in try cursor.read(as: .hash) }
    }

    /// The hash of the active chain's block at `height`; nil when the chain is not that high.
    public func getBlockHash(height: UInt32) async throws(NodeError) -> Hash256? {
        do {
            return try await read("getblockhash", [JSONValue(height)]) { cursor throws(JSONError) in try cursor.read(as: .hash) }
        } catch NodeError.rpc(-8, _) {
            return nil
        }
    }

    /// A header that the node knows, on the active chain or beside it; nil when it knows none.
    public func getBlockHeader(_ hash: Hash256) async throws(NodeError) -> NodeHeader? {
        let header: NodeHeader
        do {
            header = try await read("getblockheader", [.string(hash.displayHex)]) { cursor throws(JSONError) in try NodeHeader(cursor) }
        } catch NodeError.rpc(-5, _) {
            return nil
        }
        // A header is put together from the answer's members; its hash says whether they are right.
        guard header.hash == hash, header.header.hash == hash else { throw .malformed("getblockheader: not the header of that hash") }
        return header
    }

    /// Waits until the tip is another than `tip` (nil: than at the call), at most `time`; answers the tip of that moment.
    public func waitForNewBlock(after tip: Hash256? = nil, atMost time: Duration) async throws(NodeError) -> Hash256 {
        let milliseconds = JSONValue(time.milliseconds)
        return try await read(
            "waitfornewblock",
            tip.map { [milliseconds, .string($0.displayHex)] } ?? [milliseconds],
            timeout: time + .seconds(10)
        ) { cursor throws(JSONError) in try cursor.required("hash", as: .hash) }
    }

    /// Makes the node prefer this block to others of the same height that it saw earlier.
    public func preciousBlock(_ hash: Hash256) async throws(NodeError) {
        _ = try await call("preciousblock", [.string(hash.displayHex)])
    }
}
