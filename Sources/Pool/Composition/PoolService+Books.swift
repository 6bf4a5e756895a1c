import Accounting
import Bitcoin
import Hashing

// What the ledger answers to the administration, beside the share path and its actors: by ``LedgerLane`` alone.

extension PoolService: BooksSource {
    var books: (any BooksSource)? { self }

    func rounds(chain: String?, limit: Int) async throws(AdminFailure) -> [RoundRow] {
        try known(chain)
        let records = try await lanes.books.ask { [ledger] () throws(LedgerError) in try ledger.rounds(chain: chain, limit: limit) }
        return records.map { RoundRow($0, decimals: decimals(of: $0.chain)) }
    }

    func balances(account: String?) async throws(AdminFailure) -> [BalanceRow] {
        let (accounts, balances) = try await lanes.books.ask { [ledger] () throws(LedgerError) in
            (try ledger.accounts(), try ledger.balances(account: account))
        }
        let addresses = Dictionary(accounts.map { ($0.name, $0.addresses) }) { first, _ in first }
        return balances.map { balance in
            // On the parent chain an account is named by its address.
            let isParent = balance.chain == Ledger.parentChain
            let address = isParent ? balance.account : addresses[balance.account]?[balance.chain]
            return BalanceRow(balance, address: address.flatMap { $0.isEmpty ? nil : $0 }, decimals: decimals(of: balance.chain))
        }
    }

    func accounts() async throws(AdminFailure) -> [AccountRow] {
        try await lanes.books.ask { [ledger] () throws(LedgerError) in try ledger.accounts() }.map { AccountRow($0) }
    }

    func shares(_ query: ShareQuery) async throws(AdminFailure) -> [ShareWindowRow] {
        let (since, span) = (Int64(query.since), Int64(query.span))
        let lane = query.isArchived ? lanes.archive : lanes.books
        return try await lane.ask { [ledger] () throws(LedgerError) in
            query.isArchived
                ? try ledger.archivedWindows(of: query.scope, since: since, span: span, limit: query.limit)
                : try ledger.shareWindows(of: query.scope, since: since, span: span, limit: query.limit)
        }.map { ShareWindowRow($0) }
    }

    func proof(chain: String, round: Int, account: String) async throws(AdminFailure) -> RoundProof {
        try known(chain)
        let proof = try await lanes.books.ask { [ledger] () throws(LedgerError) in
            try ledger.proof(chain: chain, round: Int64(round), account: account)
        }
        guard let proof else {
            throw .notFound("round \(round) of \(chain) does not count \(account), or there is no such round; see `poolctl rounds --chain \(chain)`")
        }
        return RoundProof(proof)
    }

    func set(_ setting: AccountSetting) async throws(AdminFailure) {
        guard chainNames.contains(setting.chain) else { throw unknownChain(setting.chain) }
        let isKnown = try await lanes.changes.ask { [ledger] () throws(LedgerError) in try ledger.hasAccount(setting.account) }
        guard isKnown || isAccount(setting.account) else {
            throw .notFound("\(setting.account) is no account; `poolctl accounts` lists them")
        }
        switch setting.value {
        case .address(let address):
            guard setting.chain != Ledger.parentChain else {
                throw .unusable("on \(Ledger.parentChain) an account is paid to the address that is its name")
            }
            if let reason = whyUnusable(address, on: setting.chain) { throw .unusable("\(setting.chain): \(reason)") }
            _ = try await lanes.changes.ask { [ledger] () throws(LedgerError) in
                try ledger.setAddress(address, account: setting.account, chain: setting.chain)
            }
        case .fee(let millionths):
            let fee = millionths.map { PartsPerMillion(millionths: UInt64($0)) }
            try await lanes.changes.ask { [ledger] () throws(LedgerError) in
                try ledger.setFee(fee, account: setting.account, chain: setting.chain)
            }
            // A SOLO account's fee stands in its coinbase.
            guard setting.chain == Ledger.parentChain, let address = try? Address(parsing: setting.account, chain: configuration.chain),
                let group = host.group(of: address.script)
            else { return }
            await jobs.serve(group: group, payingTo: address.script, fee: ledger.soloFee(of: address.script, chain: configuration.chain))
        }
    }

    func claim(_ claim: AddressClaim) async throws(AdminFailure) {
        guard chainNames.contains(claim.chain), claim.chain != Ledger.parentChain else { throw unknownChain(claim.chain) }
        if let fault = claim.fault(on: configuration.chain, now: Int(UnixTime.now().seconds)) { throw .unusable(fault) }
        guard try await lanes.books.ask({ [ledger] () throws(LedgerError) in try ledger.hasAccount(claim.account) }) else {
            throw .notFound("\(claim.account) has not mined here")
        }
        if let reason = whyUnusable(claim.address, on: claim.chain) { throw .unusable("\(claim.chain): \(reason)") }
        let isSet = try await lanes.changes.ask { [ledger] () throws(LedgerError) in
            try ledger.setAddress(claim.address, account: claim.account, chain: claim.chain, signedAt: Int64(claim.time) * 1000)
        }
        guard isSet else { throw .unusable("the address was changed after this was signed; sign again with the present time") }
        Log("ledger").info("\(claim.account) is paid on \(claim.chain) to \(claim.address), signed by itself")
    }

    func begin(_ work: LongWork.Kind) async throws(AdminFailure) -> LongWork.Progress {
        let ledger = ledger
        return switch work {
        case .audit:
            try works.begin(work) { report in
                let audit = try ledger.audit { report.progress($0, of: $1) }
                let figures = [
                    ("rounds", audit.rounds), ("rows", audit.rows), ("bookings", audit.bookings), ("balances", audit.balances),
                ]
                return LongWork.Outcome(figures: figures, text: audit.difference)
            }
        case .backup(let path):
            try works.begin(work) { report in
                try ledger.backup(to: path) { report.progress($0, of: $1) }
                return LongWork.Outcome(figures: [], text: path)
            }
        }
    }

    func progress(of work: Int) async throws(AdminFailure) -> LongWork.Progress {
        guard let progress = works[work] else { throw .notFound("there is no work \(work)") }
        return progress
    }
}

extension PoolService {
    /// The parent chain and the auxiliary ones, as the ledger names them.
    var chainNames: [String] { [Ledger.parentChain] + configuration.auxiliaries.map(\.name) }

    /// Decimals of a chain's coin: rskj counts in wei.
    func decimals(of chain: String) -> Int { configuration.auxiliaries.first { $0.name == chain }?.kind == .rsk ? 18 : 8 }

    private func known(_ chain: String?) throws(AdminFailure) {
        if let chain, !chainNames.contains(chain) { throw unknownChain(chain) }
    }

    private func unknownChain(_ name: String) -> AdminFailure {
        let near = NearestName.find(name, among: chainNames).map { "; did you mean \(JSON5Text.quote($0))?" } ?? ""
        return .notFound("\(JSON5Text.quote(name)) is no chain of this pool\(near) (chains: \(chainNames.joined(separator: ", ")))")
    }

    /// Whether an account may come to be under this name.
    private func isAccount(_ name: String) -> Bool {
        (try? Address(parsing: name, chain: configuration.chain)) != nil || configuration.gateway?.users.contains { $0.name == name } ?? false
    }

    /// What is wrong with an address, as far as it shows without asking the chain's node.
    private func whyUnusable(_ address: String, on chain: String) -> String? {
        if configuration.auxiliaries.first(where: { $0.name == chain })?.kind == .rsk {
            let isHex = address.hasPrefix("0x") && address.utf8.count == 42 && Hex.decode(address.dropFirst(2)) != nil
            return isHex ? nil : "an address is 0x and 40 hexadecimal digits"
        }
        let isText = (8...128).contains(address.utf8.count) && address.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        return isText ? nil : "an address has 8 to 128 printable characters without blanks"
    }
}

extension ShareQuery {
    fileprivate var scope: ShareWindowScope {
        if let account { return .account(account) }
        guard let name = worker.map({ WorkerName(typed: $0) }) else { return .pool }
        return name.worker.isEmpty ? .workers(account: name.account) : .worker(account: name.account, worker: name.worker)
    }
}

extension WorkerName {
    /// `ACCOUNT.WORKER`, or the account alone.
    init(typed text: String) {
        guard let dot = text.firstIndex(of: ".") else {
            self.init(account: text, worker: "")
            return
        }
        self.init(account: String(text[..<dot]), worker: String(text[text.index(after: dot)...]))
    }
}

extension RoundRow {
    init(_ record: RoundRecord, decimals: Int) {
        self.init(
            chain: record.chain,
            round: Int(record.number),
            from: Int(record.from / 1000),
            to: Int(record.to / 1000),
            weight: record.weight,
            effort: record.effort,
            root: Hex.encode(record.root),
            scheme: record.scheme,
            state: record.state.rawValue,
            reward: record.reward,
            height: record.blockHeight.map { Int($0) },
            block: record.blockHash,
            decimals: decimals
        )
    }
}

extension BalanceRow {
    init(_ balance: AccountBalance, address: String?, decimals: Int) {
        self.init(
            account: balance.account,
            chain: balance.chain,
            immature: balance.immature,
            payable: balance.payable,
            sending: balance.sending,
            paid: balance.paid,
            address: address,
            decimals: decimals
        )
    }
}

extension AccountRow {
    init(_ record: AccountRecord) {
        self.init(
            account: record.name,
            since: Int(record.created / 1000),
            workers: record.workers,
            addresses: record.addresses,
            fees: record.fees.mapValues { Double($0.millionths) / Double(PartsPerMillion.one) }
        )
    }
}

extension ShareWindowRow {
    init(_ record: ShareWindowRecord) {
        self.init(
            start: Int(record.start),
            span: Int(record.span),
            account: record.account,
            worker: record.worker,
            accepted: Int(clamping: record.accepted),
            weight: record.weight,
            acceptedDifficulty: record.acceptedDifficulty,
            rejected: record.rejected.byLabel
        )
    }
}
