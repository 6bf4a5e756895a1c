import Bitcoin
import Hashing
import Testing

@Suite struct ChainTests {
    @Test(
        arguments: [
            (Chain.main, 0, 5_000_000_000), (.main, 209_999, 5_000_000_000), (.main, 210_000, 2_500_000_000), (.main, 840_000, 312_500_000),
            (.main, 6_929_999, 1), (.main, 6_930_000, 0), (.main, .max, 0),
            (.regtest, 149, 5_000_000_000), (.regtest, 150, 2_500_000_000), (.regtest, 279, 2_500_000_000), (.regtest, 64 * 150, 0),
            (.signet, 150, 5_000_000_000), (.testnet4, 210_000, 2_500_000_000),
        ] as [(Chain, UInt32, Int64)]
    )
    func subsidy(chain: Chain, height: UInt32, expected: Int64) {
        #expect(chain.subsidy(height: height) == expected)
    }

    /// Consensus never creates 21 million whole bitcoins.
    @Test func subsidiesAddUpBelowTwentyOneMillion() {
        let total = (0..<33).reduce(Int64(0)) { $0 + 210_000 * Chain.main.subsidy(height: UInt32($1) * 210_000) }
        #expect(total == 2_099_999_997_690_000)
    }

    @Test(
        arguments: [
            (Chain.main, 2_016, true), (.main, 2_017, false), (.main, 4_032, true), (.signet, 2_015, false), (.signet, 2_016, true),
            (.test, 5, true), (.testnet4, 5, true), (.regtest, 5, false),
        ] as [(Chain, UInt32, Bool)]
    )
    func bitsMayChange(chain: Chain, height: UInt32, expected: Bool) {
        #expect(chain.bitsMayChange(atHeight: height) == expected)
    }

    @Test(arguments: [
        (Chain.main, "00000000ffffffffffffffffffffffffffffffffffffffffffffffffffffffff"),
        (.regtest, "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"),
        (.signet, "00000377ae000000000000000000000000000000000000000000000000000000"),
    ])
    func proofOfWorkLimit(chain: Chain, displayHex: String) {
        #expect(Hash256(number: chain.proofOfWorkLimit.value).displayHex == displayHex)
    }

    @Test func namesAreTheNodes() {
        #expect(Chain.allCases.map(\.rawValue) == ["main", "test", "testnet4", "regtest", "signet"])
    }
}
