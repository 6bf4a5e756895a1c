internal import HTTP
internal import JSON

// The payouts' routes.

extension AdminRouter {
    static func payoutsRoute(_ path: String) -> AdminRoute? {
        switch path {
        case "/api/v1/payouts/status":
            .read { source, request throws(AdminFailure) in
                let payouts = try await payouts(source).payouts(chain: request.parameter("chain"), limit: try limit(request))
                return .array(payouts.map { $0.json(hasRows: false) })
            }
        case "/api/v1/payouts/plan":
            .read { source, request throws(AdminFailure) in
                .array(try await payouts(source).plans(chain: request.parameter("chain")).map(\.json))
            }
        case "/api/v1/payouts/send":
            .act { source, body throws(AdminFailure) in
                .array(try await payouts(source).send(chain: try chain(body)).map { $0.json(hasRows: true) })
            }
        case "/api/v1/payouts/outside":
            .act { source, body throws(AdminFailure) in try await payouts(source).planOutside(chain: try chain(body)).json(hasRows: true) }
        case "/api/v1/payouts/settle":
            .act { source, body throws(AdminFailure) in
                guard let txid = try body.optionalText("txid"), (1...128).contains(txid.utf8.count), txid.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
                else {
                    throw .unusable("txid must be the transaction's id, 1 to 128 characters")
                }
                return try await payouts(source).settle(chain: try chain(body), txid: txid).json(hasRows: true)
            }
        case "/api/v1/payouts/cancel":
            .act { source, body throws(AdminFailure) in
                try await payouts(source).cancel(payout: try payout(body))
                return ["cancelled": true]
            }
        case "/api/v1/payouts/bump":
            .act { source, body throws(AdminFailure) in
                let rate = try body.optionalNumber("feeRate")
                guard rate.map({ $0 > 0 && $0 <= 100_000 }) ?? true else {
                    throw .unusable("feeRate must be above 0 and at most 100000 satoshi per virtual byte")
                }
                return try await payouts(source).bump(payout: try payout(body), feeRate: rate).json(hasRows: true)
            }
        default: nil
        }
    }

    private static func payouts(_ source: any AdminSource) throws(AdminFailure) -> any PayoutSource {
        guard let payouts = source.payouts else { throw .unavailable("this pool pays nobody") }
        return payouts
    }

    private static func chain(_ body: JSONValue) throws(AdminFailure) -> String {
        guard let chain = try body.optionalText("chain") else { throw .unusable("chain must be given, as text") }
        return chain
    }

    private static func payout(_ body: JSONValue) throws(AdminFailure) -> Int64 {
        guard let payout = try body.optionalInteger("payout"), payout > 0 else { throw .unusable("payout must be given, a number") }
        return payout
    }
}
