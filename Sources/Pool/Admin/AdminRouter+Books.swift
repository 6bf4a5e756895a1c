internal import HTTP
internal import JSON

// The ledger's routes.

extension AdminRouter {
    static func booksRoute(_ path: String) -> AdminRoute? {
        switch path {
        case "/api/v1/rounds":
            .read { source, request throws(AdminFailure) in
                let rounds = try await books(source).rounds(chain: request.parameter("chain"), limit: try limit(request))
                return .array(rounds.map(\.json))
            }
        case "/api/v1/balances":
            .read { source, request throws(AdminFailure) in
                .array(try await books(source).balances(account: request.parameter("account")).map(\.json))
            }
        case "/api/v1/accounts":
            .read { source, _ throws(AdminFailure) in .array(try await books(source).accounts().map(\.json)) }
        case "/api/v1/shares":
            .read { source, request throws(AdminFailure) in
                .array(try await books(source).shares(try shareQuery(request)).map(\.json))
            }
        // Months of files are not read for just anybody.
        case "/api/v1/shares/archive":
            .inspect { source, request throws(AdminFailure) in
                var query = try shareQuery(request)
                query.isArchived = true
                return .array(try await books(source).shares(query).map(\.json))
            }
        case "/api/v1/audit/round":
            .read { source, request throws(AdminFailure) in
                guard let round = request.parameter("round").flatMap(Int.init), let account = request.parameter("account") else {
                    throw .unusable("audit/round needs the parameters round, a number, and account")
                }
                return try await books(source).proof(chain: request.parameter("chain") ?? parentChain, round: round, account: account).json
            }
        case "/api/v1/accounts/set":
            .act { source, body throws(AdminFailure) in
                try await books(source).set(try setting(body))
                return ["set": true]
            }
        case "/api/v1/accounts/address":
            .signed { source, body throws(AdminFailure) in
                guard let claim = AddressClaim(body) else {
                    throw .unusable("account, chain, address and signature must be given as text, time in Unix seconds")
                }
                try await books(source).claim(claim)
                return ["set": true]
            }
        case "/api/v1/audit/ledger":
            .act { source, _ throws(AdminFailure) in try await books(source).begin(.audit).json }
        case "/api/v1/backup":
            .act { source, body throws(AdminFailure) in
                guard let path = try body.optionalText("path"), path.hasPrefix("/"), !path.utf8.contains(0) else {
                    throw .unusable("path must be an absolute path")
                }
                return try await books(source).begin(.backup(path: path)).json
            }
        case "/api/v1/work":
            .inspect { source, request throws(AdminFailure) in
                guard let id = request.parameter("id").flatMap(Int.init) else { throw .unusable("work needs the parameter id, a number") }
                return try await books(source).progress(of: id).json
            }
        default: nil
        }
    }

    /// The parent chain's name among the ledger's chains.
    static let parentChain = "bitcoin"

    private static func books(_ source: any AdminSource) throws(AdminFailure) -> any BooksSource {
        guard let books = source.books else { throw .unavailable("this pool keeps no ledger") }
        return books
    }

    private static func shareQuery(_ request: HTTPRequest) throws(AdminFailure) -> ShareQuery {
        guard let since = Int(request.parameter("since") ?? "0"), since >= 0 else { throw .unusable("since must be a time in Unix seconds") }
        guard let span = Int(request.parameter("span") ?? "60"), ShareQuery.spans.contains(span) else {
            throw .unusable("span must be 60, 3600 or 86400")
        }
        let (account, worker) = (request.parameter("account"), request.parameter("worker"))
        guard account == nil || worker == nil else {
            throw .unusable("account adds its workers up, worker shows them one by one: only one may be given")
        }
        return ShareQuery(account: account, worker: worker, since: since, span: span, limit: try limit(request))
    }

    private static func setting(_ body: JSONValue) throws(AdminFailure) -> AccountSetting {
        guard let account = try body.optionalText("account"), !account.isEmpty, account.utf8.count <= 128, let chain = try body.optionalText("chain")
        else {
            throw .unusable("account and chain must be given, as text")
        }
        if let address = try body.optionalText("address") { return AccountSetting(account: account, chain: chain, .address(address)) }
        switch body["fee"] {
        case .some(.null): return AccountSetting(account: account, chain: chain, .fee(nil))
        case .some(let fee):
            guard let part = fee.double, (0...1).contains(part) else { throw .unusable("fee must be a number from 0 to 1, or null") }
            return AccountSetting(account: account, chain: chain, .fee(Int((part * 1_000_000).rounded())))
        case nil: throw .unusable("address or fee must be given")
        }
    }
}

extension ShareQuery {
    /// The spans that the ledger keeps windows of, in seconds.
    static let spans = [60, 3_600, 86_400]
}
