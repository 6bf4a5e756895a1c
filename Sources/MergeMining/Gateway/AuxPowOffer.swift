import Bitcoin
import Hashing
import JSON

/// What one `createauxblock` answer stood for: a tree and the works in it.
///
/// A client sees one chain whose block hash is the tree's root. It must write `merkle_size` and `merkle_nonce` in the place of 1 and 0.
struct AuxPowOffer: Sendable {
    let tree: AuxiliaryTree
    let works: [AuxiliaryWork]

    /// Nil when no AuxPoW chain gives work.
    init?(_ works: AuxiliaryWorks) {
        guard let shape = works.shape else { return nil }
        self.works = works.works.filter { !$0.isRSK }
        guard !self.works.isEmpty else { return nil }
        var leaves: [ChainID: Hash256] = [:]
        for work in self.works {
            if case .auxPow(let auxPow) = work.content { leaves[auxPow.chain] = auxPow.leaf }
        }
        tree = AuxiliaryTree(shape: shape, leaves: leaves)
    }

    /// The name the client gives back: the root in display order.
    var hash: String { tree.root.displayHex }

    /// The answer to `createauxblock`, with the easiest chain's target and the first chain's height.
    var json: JSONValue {
        var first: AuxPowWork?
        var easiest: AuxPowWork?
        var output: [UInt8]?
        for case .auxPow(let work) in works.map(\.content) {
            first = first ?? work
            if easiest.map({ $0.target < work.target }) ?? true { easiest = work }
            output = output ?? work.requiredOutput
        }
        guard let first, let easiest else { return .null }
        var answer: JSONObject = [
            "hash": .string(hash), "chainid": JSONValue(first.chain.value), "previousblockhash": .string(first.previous),
            "coinbasevalue": .integer(first.value), "bits": .string(easiest.bits.description), "height": .integer(first.height),
            "_target": .string(Hex.encode(Hash256(number: easiest.target.value).internalBytes)), "merkle_size": JSONValue(tree.commitment.size),
            "merkle_nonce": JSONValue(tree.commitment.nonce),
        ]
        // Syscoin asks this of the parent coinbase; a client that does not know the member only loses that chain.
        if let output { answer["coinbasescript"] = .string(Hex.encode(output)) }
        return .object(answer)
    }

    /// The solutions of a client's proof, chain by chain, or why it is none for that chain.
    func solutions(_ submitted: AuxPow) -> [(chain: String, solution: Result<AuxiliarySolution, CommitmentViolation>)] {
        works.map { work in
            do throws(CommitmentViolation) {
                let solution = try work.solution(
                    tree: tree,
                    coinbase: submitted.coinbase,
                    branch: submitted.coinbaseBranch,
                    header: submitted.parent,
                    transactions: 0
                )
                return (work.chain, .success(solution))
            } catch {
                return (work.chain, .failure(error))
            }
        }
    }
}

/// The offers made lately, by hash.
struct AuxPowOffers: Sendable {
    static let most = 1000
    private var offers: [String: AuxPowOffer] = [:]
    private var order: [String] = []

    mutating func add(_ offer: AuxPowOffer) {
        let hash = offer.hash
        if offers.updateValue(offer, forKey: hash) == nil { order.append(hash) }
        guard order.count > Self.most else { return }
        offers[order.removeFirst()] = nil
    }

    subscript(hash: String) -> AuxPowOffer? { offers[hash] }
}
