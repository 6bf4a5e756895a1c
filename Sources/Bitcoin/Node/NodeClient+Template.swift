public import JSON

extension NodeClient {
    /// A block template (BIP22, BIP23, BIP145), as the node wrote it.
    ///
    /// With the `longpollid` of the template before, the node answers when the tip changes, or after a minute if its mempool pays more: give it time.
    /// Running out of that time is then no failure.
    public func getBlockTemplate(
        for chain: Chain,
        longPollID: String? = nil,
        timeout: Duration = .seconds(30)
    ) async throws(NodeError) -> JSONValue {
        var query: JSONObject = ["rules": .array(chain.templateRules.map(JSONValue.string))]
        if let longPollID {
            query["capabilities"] = ["longpoll"]
            query["longpollid"] = .string(longPollID)
        }
        return try await call("getblocktemplate", [.object(query)], timeout: timeout)
    }
}

extension Chain {
    /// The rules that a template's caller must say it knows. A signet node refuses a caller that does not name BIP325's.
    var templateRules: [String] { self == .signet ? ["segwit", "signet"] : ["segwit"] }
}
