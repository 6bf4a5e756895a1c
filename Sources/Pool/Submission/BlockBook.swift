import Accounting

/// Keeps what became of found blocks.
protocol BlockBook: Sendable {
    /// Puts a block on record, or writes what became of one that is.
    func write(_ block: FoundBlock, answer: String?)
    /// A chain's blocks whose fate is still open.
    func openBlocks(of chain: String) -> [BlockRecord]
}

/// The ledger as block book. A ledger that cannot be written holds up no block: the failure is logged, and the next news of the block puts it on
/// record after all.
struct LedgerBook: BlockBook {
    let ledger: Ledger
    private let log = Log("ledger")

    init(ledger: Ledger) {
        self.ledger = ledger
    }

    func write(_ block: FoundBlock, answer: String?) {
        do {
            let news = BlockNews(state: block.state, answer: answer)
            if block.state != .found, try ledger.updateBlock(chain: block.chain, hash: block.hash, news) { return }
            try ledger.recordBlock(block)
            if answer != nil { try ledger.updateBlock(chain: block.chain, hash: block.hash, news) }
        } catch {
            log.error("block \(block.hash) (\(block.state.rawValue)) is not on record: \(error)")
        }
    }

    func openBlocks(of chain: String) -> [BlockRecord] {
        do {
            return try ledger.blocks(chain: chain, states: [.found, .submitted, .accepted, .immature], limit: FollowOrder.mostOpen)
        } catch {
            log.error("found blocks cannot be read: \(error)")
            return []
        }
    }
}
