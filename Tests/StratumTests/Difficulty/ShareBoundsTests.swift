import Hashing
import Testing

@testable import Stratum

@Suite("A job's bounds for shares")
struct ShareBoundsTests {
    private static func control(_ wished: Double, fixed: Double? = nil, minimum: Double = 0.001) -> DifficultyControl {
        DifficultyControl(settings: DifficultySettings(start: wished, minimum: minimum, fixed: fixed), at: 0)
    }

    private static func bounds(network: Double, _ chains: Double...) -> ShareBounds {
        ShareBounds(hardest: ShareDifficulty(network)!, reaches: chains.compactMap { ShareDifficulty($0) })
    }

    @Test(
        "a share is never harder than a chain within ten times the wished shares",
        arguments: [
            // wished, network, chains, what comes of it
            (1000.0, 1e9, [5000.0], 1000.0), (1000, 1e9, [1000], 1000), (1000, 1e9, [999], 999), (1000, 1e9, [100], 100),
            // Eleven times the shares: the chain starves, and nobody else pays for it.
            (1000, 1e9, [90], 1000), (1000, 1e9, [90, 400], 400), (1000, 1e9, [400, 150, 90], 150),
            // The network target wins, and does not make a chain worth more shares.
            (1000, 50, [400], 50), (1000, 50, [20], 50), (1000, 300, [200], 200), (1000, 0.5, [0.25], 0.5),
        ]
    )
    func reach(wished: Double, network: Double, chains: [Double], expected: Double) throws {
        let bounds = ShareBounds(hardest: try #require(ShareDifficulty(network)), reaches: chains.compactMap { ShareDifficulty($0) })
        #expect(bounds.difficulty(for: Self.control(wished)).value == expected)
    }

    @Test("a difficulty that is fixed for every connection holds")
    func fixed() {
        #expect(Self.bounds(network: 1e9, 500).difficulty(for: Self.control(1000, fixed: 1000)).value == 1000)
    }

    @Test("an operator's word for one miner gives way as a wish does")
    func pinned() {
        var control = Self.control(64)
        _ = control.pin(2000, at: 0)
        #expect(Self.bounds(network: 1e9, 500).difficulty(for: control).value == 500)
    }

    @Test("a minimum that was granted to the miner is kept")
    func promised() {
        var control = Self.control(1000)
        #expect(control.require(minimum: 800, at: 0).granted)
        #expect(Self.bounds(network: 1e9, 500).difficulty(for: control).value == 1000)
        #expect(Self.bounds(network: 1e9, 900).difficulty(for: control).value == 900)
    }

    @Test("a job's bounds come from its targets, and only from those that can hide something")
    func ofJob() throws {
        let job = Job(
            id: JobID(run: 1, serial: 1),
            tip: 1,
            previousHash: .zero,
            version: 0x2000_0000,
            bits: CompactBits(rawValue: 0x1d00_ffff),
            time: 1,
            minimumTime: 1,
            coinbasePrefix: [1],
            extranonceSize: 13,
            coinbaseSuffix: [2],
            branch: [],
            networkTarget: Target(difficulty: 100),
            auxiliaryTargets: [Target(difficulty: 7), Target(difficulty: 7), Target(difficulty: 1000)],
            context: 0
        )
        let bounds = ShareBounds(job)
        #expect(bounds.hardest.value == 100)
        #expect(bounds.reaches.map(\.value) == [7])
        for reach in bounds.reaches { #expect(reach.target >= job.auxiliaryTargets[0]) }
    }
}
