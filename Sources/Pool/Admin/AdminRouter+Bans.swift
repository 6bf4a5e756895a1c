internal import HTTP
internal import JSON
public import Stratum

/// What the administration shows of banned addresses, and does with them.
public protocol BanSource: Sendable {
    var bans: [AddressGuard.Ban] { get }
    /// Closes an address's connections and takes no more from it; nil bans it until the pool's next start.
    func ban(_ address: BannableAddress, for duration: Duration?)
    /// False when it was not banned.
    func unban(_ address: BannableAddress) -> Bool
}

extension StratumServer: BanSource {}

// The bans' routes.

extension AdminRouter {
    static func bansRoute(_ path: String) -> AdminRoute? {
        switch path {
        case "/api/v1/bans":
            .inspect { source, _ throws(AdminFailure) in .array(try bans(source).bans.map(\.json)) }
        case "/api/v1/ban":
            .act { source, body throws(AdminFailure) in
                let seconds = try body.optionalInteger("seconds")
                guard seconds.map({ (1...315_360_000).contains($0) }) ?? true else { throw .unusable("seconds must be from 1 to 315360000") }
                try bans(source).ban(try address(body), for: seconds.map { .seconds($0) })
                return ["banned": true]
            }
        case "/api/v1/unban":
            .act { source, body throws(AdminFailure) in
                guard try bans(source).unban(try address(body)) else {
                    throw .notFound("this address is not banned; `poolctl bans` lists those that are")
                }
                return ["unbanned": true]
            }
        default: nil
        }
    }

    private static func bans(_ source: any AdminSource) throws(AdminFailure) -> any BanSource {
        guard let bans = source.bans else { throw .unavailable("this pool takes no connections of miners") }
        return bans
    }

    private static func address(_ body: JSONValue) throws(AdminFailure) -> BannableAddress {
        guard let address = try body.optionalText("address").flatMap({ BannableAddress($0) }) else {
            throw .unusable("address must be one in numbers, as text: 192.0.2.1 or 2001:db8::1, without a port")
        }
        return address
    }
}

extension AddressGuard.Ban {
    var json: JSONValue {
        ["address": .string(address), "until": until.map { .integer($0) } ?? .null, "byHand": .bool(isByHand)]
    }
}
