import Accounting
import Testing

@testable import Pool

@Suite("Terms of each chain, as the configuration says")
struct TermsTests {
    private func terms(_ text: String) throws -> [ChainTerms] {
        let rest = """
            chain: "regtest", coinbase: { address: "bcrt1qqypqxpq9qcrsszg2pvxq6rs0zqg3yyc5phstwt" },
            nodes: [{ url: "http://127.0.0.1:18443", user: "u", password: "p" }],
            """
        return try PoolConfiguration(json5: Array("{ \(rest) \(text) }".utf8), name: "test").chainTerms
    }

    @Test func oneSchemeForAllUnlessAChainSaysOtherwise() throws {
        let found = try terms(
            """
            accounting: { scheme: "fpps", fee: 0.02, window: 3, pps: { floor: { bitcoin: -5, rootstock: 7 } } },
            auxiliaries: [
                { kind: "rsk", name: "rootstock", url: "http://h:1" },
                { kind: "auxpow", name: "namecoin", flavour: "namecoin", chainId: 1, url: "http://h:2", address: "N1", accounting: { scheme: "pplns", fee: 0 } },
                { kind: "auxpow", name: "syscoin", flavour: "syscoin", chainId: 16, url: "http://h:3", address: "S1", accounting: { scheme: "pplns", window: 0.5 } },
            ],
            """
        )
        let fee = PartsPerMillion(millionths: 20_000)
        #expect(
            found == [
                ChainTerms(chain: "bitcoin", scheme: .fpps, fee: fee, floor: -5),
                ChainTerms(chain: "rootstock", scheme: .fpps, fee: fee, floor: 7),
                ChainTerms(chain: "namecoin", scheme: .pplns(window: .init(millionths: 3_000_000)), fee: .none),
                ChainTerms(chain: "syscoin", scheme: .pplns(window: .init(millionths: 500_000)), fee: fee),
            ]
        )
    }

    @Test func withoutAWordItIsPPLNS() throws {
        let window = RewardScheme.pplns(window: .init(millionths: 2_000_000))
        #expect(try terms("") == [ChainTerms(chain: "bitcoin", scheme: window, fee: .init(millionths: 10_000))])
    }
}
