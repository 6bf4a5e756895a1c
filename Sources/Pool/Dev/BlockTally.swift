import Accounting
import Synchronization

/// The blocks a run of `poold dev` has seen accepted, by chain, and whether that is what was asked for.
final class BlockTally: Sendable {
    private let taken = Mutex<[FoundBlock]>([])
    private let wanted: Int?
    private let wantedOnEach: Int?
    private let auxiliaries: [String]

    /// - Parameters:
    ///   - blocks: so many parent blocks are enough.
    ///   - auxiliaryBlocks: so many on each auxiliary chain and one on the parent are enough.
    init(blocks: Int?, auxiliaryBlocks: Int?, on auxiliaries: [String]) {
        wanted = blocks
        wantedOnEach = auxiliaryBlocks
        self.auxiliaries = auxiliaries
    }

    /// Takes a block and says whether the run has done what it was asked.
    func isComplete(with block: FoundBlock) -> Bool {
        taken.withLock { taken in
            taken.append(block)
            func count(_ chain: String) -> Int { taken.count { $0.chain == chain } }
            if let wanted, count(Ledger.parentChain) >= wanted { return true }
            guard let wantedOnEach, count(Ledger.parentChain) >= 1 else { return false }
            return auxiliaries.allSatisfy { count($0) >= wantedOnEach }
        }
    }

    /// The parent chain, then the auxiliary ones.
    var chains: [String] { [Ledger.parentChain] + auxiliaries }

    /// All from the `first`-th on.
    func since(_ first: Int) -> [FoundBlock] {
        taken.withLock { Array($0.dropFirst(first)) }
    }

    func count(_ chain: String) -> Int { taken.withLock { $0.count { $0.chain == chain } } }
    func last(_ chain: String) -> FoundBlock? { taken.withLock { $0.last { $0.chain == chain } } }
}
