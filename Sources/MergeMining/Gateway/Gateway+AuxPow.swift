import Bitcoin
import Hashing
import JSON

extension Gateway {
    /// An address is accepted and not used: the configured ones are paid.
    func createBlock(_ parameters: [JSONValue]) async throws(RPCError) -> JSONValue {
        guard set.shape != nil else { throw .methodNotFound }
        guard parameters.count <= 1 else { throw .usage("createauxblock ( \"address\" )") }
        guard let offer = AuxPowOffer(await set.works) else { throw .noWork }
        offers.add(offer)
        return offer.json
    }

    /// True if any chain took it; what each chain said stands beside the result.
    func submitBlock(_ parameters: [JSONValue], _ user: String) async throws(RPCError) -> (JSONValue, JSONObject) {
        guard set.shape != nil else { throw .methodNotFound }
        guard parameters.count == 2, let hash = parameters[0].string, let hex = parameters[1].string else {
            throw .usage("submitauxblock \"hash\" \"auxpow\"")
        }
        guard Hash256(displayHex: hash) != nil else { throw .badBlockHash }
        guard let offer = offers[hash.lowercased()] else { throw .unknownBlock }
        guard let bytes = Hex.decode(hex), let proof = try? AuxPow(parsing: bytes, allowsTrailing: true) else { throw .notDecodable }
        guard proof.chainBranch.siblings.isEmpty else { throw .chainBranchNotEmpty }
        let results = await withTaskGroup(of: (Int, String, ChainResult).self) { group in
            for (index, (chain, solution)) in offer.solutions(proof).enumerated() {
                group.addTask {
                    switch solution {
                    case .failure(let violation): (index, chain, .violation(violation))
                    case .success(let solution): (index, chain, .report(await self.send(solution, user)))
                    }
                }
            }
            var results: [(Int, String, ChainResult)] = []
            for await result in group { results.append(result) }
            return results.sorted { $0.0 < $1.0 }
        }
        let chains = JSONObject(results.map { ($0.1, $0.2.json) })
        return (.bool(results.contains { $0.2.isAccepted }), ["chains": .object(chains)])
    }

    /// What came of a submission for one chain.
    private enum ChainResult: Sendable {
        case violation(CommitmentViolation)
        case report(AuxiliaryReport)

        var isAccepted: Bool {
            if case .report(let report) = self, case .accepted = report.outcome { true } else { false }
        }

        var json: JSONValue {
            switch self {
            case .violation(let violation):
                ["result": false, "outcome": "refused", "reason": .string(violation.label), "text": .string(violation.description)]
            case .report(let report):
                ["result": .bool(isAccepted), "outcome": .string(report.outcome.label), "reason": .null, "text": .string(report.outcome.answer)]
            }
        }
    }
}
