import Bitcoin
import HTTP
import JSON
import Synchronization
import Testing

@testable import Pool

@Suite("Addresses that their owner signs for")
struct AddressClaimTests {
    private static let account = "bcrt1qgun3utkwkv995hsn0pelu4r68yas0zfgwdk2tw"
    private static let claim = AddressClaim(
        account: account,
        chain: "namecoin",
        address: "N1abcdefgh",
        time: 1_800_000_000,
        signature: "KEjWQfeD8Gt2rnncLgT5X7dfgrvAQODGBWq1kkUH3ZDbTxiAzgxb/Gh6z6XCKxEQiD2tR3FzE0HG4tO7zdpaL6Q="
    )

    @Test func theOwnersWordCounts() {
        #expect(Self.claim.text == "Motherlode: pay \(Self.account) on namecoin to N1abcdefgh, 1800000000")
        #expect(Self.claim.fault(on: .regtest, now: 1_800_000_000) == nil)
        #expect(Self.claim.fault(on: .regtest, now: 1_800_003_600) == nil)
    }

    @Test func nobodyElsesDoes() {
        let changes: [(String, (inout AddressClaim) -> Void, String)] = [
            ("address", { $0.address = "N1abcdefgi" }, "another"),
            ("chain", { $0.chain = "syscoin" }, "another"),
            ("time", { $0.time += 1 }, "another"),
            ("account", { $0.account = "bcrt1qqypqxpq9qcrsszg2pvxq6rs0zqg3yyc5phstwt" }, "another"),
            ("no address", { $0.account = "gateway" }, "no address"),
            ("signature", { $0.signature = "" }, "base64"),
        ]
        for (what, change, words) in changes {
            var claim = Self.claim
            change(&claim)
            let fault = claim.fault(on: .regtest, now: 1_800_000_000)
            #expect(fault?.contains(words) == true, "\(what): \(fault ?? "-")")
        }
        for now in [1_800_003_601, 1_799_996_399, 0] {
            #expect(Self.claim.fault(on: .regtest, now: now)?.contains("an hour") == true)
        }
    }

    /// Over TCP without a token: the signature is the permission, and it permits nothing else.
    @Test func theRouteNeedsNoToken() async throws {
        let source = FakeSource()
        let router = AdminRouter(source: source, access: AdminAccess(isTrusted: false, isPublic: true, token: nil))
        func post(_ claim: AddressClaim) async -> Int {
            let body: JSONValue = [
                "account": .string(claim.account), "chain": .string(claim.chain), "address": .string(claim.address),
                "time": JSONValue(claim.time), "signature": .string(claim.signature),
            ]
            return await router.answer(HTTPRequest(method: .post, path: "/api/v1/accounts/address", body: body.serialized())).status
        }
        #expect(await post(Self.claim) == 200)
        var forged = Self.claim
        forged.address = "N1thief000"
        #expect(await post(forged) == 400)
        let set = source.ledger.state.withLock { $0.settings }
        #expect(set == [AccountSetting(account: Self.account, chain: "namecoin", .address("N1abcdefgh"))])
        #expect(await router.answer(HTTPRequest(method: .post, path: "/api/v1/accounts/address")).status == 400)
    }
}
