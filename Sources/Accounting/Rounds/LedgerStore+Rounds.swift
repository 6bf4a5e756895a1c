extension LedgerStore {
    /// A block whose money may have to move.
    private struct OpenBlock {
        var block: Int64
        var chain: Int64
        var chainName: String
        var state: BlockState
        var reward: UInt128
        var networkWeight: UInt128
        var poolWeight: UInt128
        var finder: Int64?
        var finderName: String?
        var round: Int64?
        var roundState: RoundState?
        var booked: UInt128
        /// The round's scheme.
        var scheme: String
        var isOutside: Bool

        init(_ row: any SQLRow) throws(LedgerError) {
            block = row.integer(0)
            chain = row.integer(1)
            chainName = row.text(2)
            state = BlockState(rawValue: row.text(3)) ?? .found
            reward = try row.limbs(4)
            networkWeight = try row.limbs(7)
            poolWeight = try row.limbs(10)
            finder = row.optionalInteger(13)
            finderName = row.optionalText(14)
            round = row.optionalInteger(15)
            roundState = row.optionalText(16).flatMap(RoundState.init(rawValue:))
            booked = try row.limbs(17)
            scheme = row.text(20)
            isOutside = row.integer(21) != 0
        }
    }

    private static let openBlocks = """
        SELECT b.id, b.chain, c.name, b.state, b.reward0, b.reward1, b.reward2, b.network0, b.network1, b.network2,
            b.pool0, b.pool1, b.pool2, a.id, a.name, r.id, r.state, coalesce(r.reward0, 0), coalesce(r.reward1, 0), coalesce(r.reward2, 0),
            coalesce(r.scheme, ''), b.outside
        FROM block b JOIN chain c ON c.id = b.chain LEFT JOIN worker w ON w.id = b.worker LEFT JOIN account a ON a.id = w.account
        LEFT JOIN round r ON r.block = b.id
        """

    /// Closes the rounds of blocks that a chain took, and moves money as blocks mature or are orphaned. Each block in one transaction; done
    /// twice, or by two pools at once, it does nothing the second time. One that cannot be booked keeps no other waiting; the first such failure
    /// is thrown at the end.
    func settleBlocks(_ terms: (String) -> ChainTerms, at time: Int64) throws(LedgerError) {
        // Only blocks whose money is not where their state wants it: each costs a transaction, and thousands may be waiting to mature.
        let open = try write { database, _ throws(LedgerError) in
            try database.all(
                """
                SELECT b.id, b.chain FROM block b LEFT JOIN round r ON r.block = b.id
                WHERE (r.id IS NULL AND b.state IN (\(Self.list(BlockState.endingRound))))
                    OR (r.state IN ('weighed', 'immature', 'payable') AND b.state NOT IN (\(Self.list(BlockState.standing))))
                    OR (r.state IN ('weighed', 'reversed') AND b.state IN (\(Self.list(BlockState.standing)))
                        AND b.reward0 + b.reward1 + b.reward2 > 0)
                    OR (r.state = 'immature' AND b.state IN (\(Self.list(BlockState.mature))))
                    OR (r.state = 'payable' AND b.state NOT IN (\(Self.list(BlockState.mature))))
                    OR (r.state IN ('immature', 'payable')
                        AND (r.reward0 <> b.reward0 OR r.reward1 <> b.reward1 OR r.reward2 <> b.reward2))
                ORDER BY b.id
                """
            ) { (id: $0.integer(0), chain: $0.integer(1)) }
        }
        var failure: LedgerError?
        for (id, chain) in open {
            do throws(LedgerError) {
                try settle(id, chain: chain, terms, at: time)
            } catch {
                failure = failure ?? error
                // What ails the store itself would come again with every block.
                guard case .store = error else { break }
            }
        }
        if let failure { throw failure }
    }

    private func settle(_ id: Int64, chain: Int64, _ terms: (String) -> ChainTerms, at time: Int64) throws(LedgerError) {
        try write { database, writer throws(LedgerError) in
            try writer.claim(chain: chain)
            let found = try database.first(Self.openBlocks + " WHERE b.id = $1", [.integer(id)]) { row throws(LedgerError) in
                try OpenBlock(row)
            }
            guard var block = found else { return }
            if block.round == nil { try close(&block, terms(block.chainName), &writer, at: time) }
            try move(block, &writer, at: time)
        }
    }

    /// The scheme of a round whose block was worked for outside of the pool's shares.
    static let outside = "outside"

    /// Fixes a round's rows.
    private func close(_ block: inout OpenBlock, _ terms: ChainTerms, _ writer: inout Writer, at time: Int64) throws(LedgerError) {
        let accounts = try writer.work(sinceRoundOf: block.chain)
        let fees = try writer.fees(chain: block.chain)
        var rows: [(row: Int64, value: RoundRow)] = []
        let add = { (row: Int64, name: String, weight: UInt128) in
            if weight > 0 { rows.append((row, RoundRow(account: name, weight: weight, fee: fees[row] ?? terms.fee))) }
        }
        var weight = accounts.reduce(0) { $0 + $1.inRound }
        switch terms.scheme {
        case _ where block.isOutside:
            // Nobody here worked for it, and the pool's own round goes on.
            weight = max(1, block.networkWeight)
            if let finder = block.finder, let name = block.finderName { add(finder, name, weight) }
        case .pplns(let window):
            var known: [String: Int64] = [:]
            let last = try writer.lastShares(window.of(block.networkWeight), rows: &known)
            for (name, weight) in last { if let row = known[name] { add(row, name, weight) } }
            rows.sort { $0.row < $1.row }
        case .prop:
            for account in try writer.workOfRound(accounts, chain: block.chain) { add(account.row, account.name, account.inRound) }
        case .solo:
            if let finder = block.finder, let name = block.finderName { add(finder, name, max(1, weight)) }
        case .pps, .fpps:
            // The block is the pool's own; its shares are credited by the span.
            weight = try weightSinceBlock(before: block.block, of: block.chain, total: block.poolWeight, writer)
        }
        // Nobody's work is on record, as when a scheme is new: it is its finder's, not the pool's.
        if rows.isEmpty, !terms.scheme.paysPerShare, let finder = block.finder, let name = block.finderName { add(finder, name, max(1, weight)) }
        block.scheme = block.isOutside ? Self.outside : terms.scheme.label
        let round = NewRound(
            chain: block.chain,
            block: block.block,
            scheme: block.scheme,
            state: .weighed,
            rate: nil,
            reward: 0,
            networkWeight: block.networkWeight,
            weight: weight
        )
        block.round = try writer.insert(round, rows, at: time)
        block.roundState = .weighed
        // Under PROP an uncle ends nothing: it pays nothing yet, and its work must not be missing where the next block is shared out.
        let isOver = !block.isOutside && !terms.scheme.paysPerShare && (terms.scheme != .prop || block.state != .uncle)
        if isOver { try writer.setBase(accounts, chain: block.chain) }
    }

    private func weightSinceBlock(before block: Int64, of chain: Int64, total: UInt128, _ writer: Writer) throws(LedgerError) -> UInt128 {
        let before = try writer.database.first(
            """
            SELECT coalesce(p.pool0, c.pool0), coalesce(p.pool1, c.pool1), coalesce(p.pool2, c.pool2) FROM chain c
            LEFT JOIN block p ON p.chain = c.id AND p.id < $1 AND p.outside = 0 AND p.state IN (\(Self.list(BlockState.endingRound)))
            WHERE c.id = $2 ORDER BY p.id DESC LIMIT 1
            """,
            [.integer(block), .integer(chain)]
        ) { row throws(LedgerError) in try row.limbs(0) }
        return total - min(total, before ?? 0)
    }

    /// Brings a round's money to where its block's state wants it.
    private func move(_ block: OpenBlock, _ writer: inout Writer, at time: Int64) throws(LedgerError) {
        guard let round = block.round, var state = block.roundState else { return }
        let wanted = Self.wanted(block.state, reward: block.reward)
        let pool = try writer.rowOfPool(at: time)
        let isBooked = state == .immature || state == .payable
        if isBooked, wanted == .reversed || wanted == .weighed || block.booked != block.reward {
            let moves = Moves.reversal(of: try writer.database.moves(ofRound: round), pool: pool)
            try writer.book(.reversal, moves, chain: block.chain, round: round, at: time)
            state = .reversed
        }
        if state == .weighed || state == .reversed, wanted == .immature || wanted == .payable {
            let (rows, accounts) = try writer.database.rows(ofRound: round)
            let moves = Moves.distribution(of: block.reward, rows: rows, accounts: accounts, pool: pool)
            try writer.book(.distribution, moves, chain: block.chain, round: round, at: time)
            try writer.setReward(block.reward, ofRound: round)
            state = .immature
        }
        if state == .immature, wanted == .payable {
            let isPaid = RewardScheme.isPaidByCoinbase(block.scheme, on: block.chainName)
            let moves = Moves.maturity(of: try writer.database.moves(ofRound: round), isPaid: isPaid, pool: pool)
            try writer.book(.maturity, moves, chain: block.chain, round: round, at: time)
            state = .payable
        }
        if state == .weighed, wanted == .reversed { state = .reversed }
        if state != block.roundState { try writer.setState(state, ofRound: round) }
    }

    private static func wanted(_ state: BlockState, reward: UInt128) -> RoundState {
        switch state {
        case .accepted, .immature: reward > 0 ? .immature : .weighed
        // An uncle's reward is known only when it is paid.
        case .confirmed, .uncle: reward > 0 ? .payable : .weighed
        case .orphaned, .stale, .rejected, .found, .submitted: .reversed
        }
    }
}
