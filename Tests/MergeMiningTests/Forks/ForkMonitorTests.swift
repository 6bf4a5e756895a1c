import Bitcoin
import Hashing
import JSON
import Randomness
import Testing

@testable import MergeMining

@Suite struct ForkMonitorTests {
    /// The monitor, and what feeds it: a parent block every 20 RSK blocks, as on the main networks.
    private struct Watch {
        var monitor = ForkMonitor()
        var parent: Int64 = 900_000
        let hasNode: Bool

        mutating func see(_ hash: RSKMiningHash, on chain: SampleRSKChain) -> ForkMonitor.Verdict {
            parent += 1
            let tag = ForkSighting(parentHeight: parent, parentHash: "", coinbase: SampleRSKChain.coinbase(hash))!
            if hasNode {
                monitor.know(tip: chain.height)
                for height in Set(tag.checkpoints.keys).union([tag.height]).union(monitor.waitingFor) {
                    if let block = chain.known(height) { monitor.know(block) }
                }
            }
            return monitor.observe(tag)
        }
    }

    @Test(arguments: [false, true]) func honestMining(hasNode: Bool) {
        var chain = SampleRSKChain(seed: 70, height: 8_000_000)
        var watch = Watch(hasNode: hasNode)
        for _ in 0..<300 {
            let tag = chain.tag(after: Int(chain.random.next() % 40))
            #expect(watch.see(tag, on: chain) == .main)
        }
        #expect(watch.monitor.alarms.isEmpty)
        #expect(watch.monitor.tagged == 144)
        #expect(watch.monitor.main.sightings.count == 144)
        #expect(watch.monitor.observeUntagged(parentHeight: watch.parent + 1) == .untagged)
        #expect(watch.monitor.json["alarm"] == false)
    }

    /// A miner who misses the last blocks shows one odd tag; that is no attack.
    @Test(arguments: [false, true]) func honestRace(hasNode: Bool) {
        var chain = SampleRSKChain(seed: 71, height: 8_000_000)
        var watch = Watch(hasNode: hasNode)
        for _ in 0..<10 { _ = watch.see(chain.tag(after: 20), on: chain) }
        var stale = chain
        stale.random = SeededGenerator(seed: 99)
        // Another block at the next checkpoint, which only the stale miner has.
        let odd = stale.tag(after: 64)
        _ = chain.tag(after: 70)
        // Without a node the first to speak is believed until two speak against it.
        #expect(watch.see(odd, on: chain) == (hasNode ? .branch(1) : .main))
        if !hasNode { #expect(watch.see(chain.tag(after: 20), on: chain) == .branch(1)) }
        for _ in 0..<10 { #expect(watch.see(chain.tag(after: 20), on: chain) == .main) }
        #expect(watch.monitor.alarms.isEmpty)
        #expect(watch.monitor.branches.count == 1)
    }

    /// Hashpower on a branch that parted raises the alarm, names where it parted, and falls silent when it ends.
    @Test(arguments: [false, true]) func divergingBranch(hasNode: Bool) throws {
        var chain = SampleRSKChain(seed: 72, height: 8_000_000)
        var watch = Watch(hasNode: hasNode)
        for _ in 0..<20 { _ = watch.see(chain.tag(after: 20), on: chain) }
        let fork = chain.height
        var hidden = chain
        hidden.random = SeededGenerator(seed: 98)
        _ = chain.tag(after: 66)
        _ = hidden.tag(after: 66)
        var alarmAfter: Int?
        for round in 1...12 {
            #expect(watch.see(chain.tag(after: 20), on: chain) == .main)
            if round % 2 == 0 {
                guard case .branch = watch.see(hidden.tag(after: 40), on: chain) else { return #expect(Bool(false)) }
                if alarmAfter == nil, !watch.monitor.alarms.isEmpty { alarmAfter = round / 2 }
            }
        }
        #expect(alarmAfter == 3)
        guard case .diverging(let branch)? = watch.monitor.alarms.first else { return #expect(Bool(false)) }
        let left = try #require(branch.leftMain)
        #expect(left.lowerBound <= fork && fork < left.upperBound)
        #expect(left.count == 64)
        #expect(watch.monitor.json["branches"]?[0]?["sightings"] == 6)
        for _ in 0..<144 { _ = watch.see(chain.tag(after: 10), on: chain) }
        #expect(watch.monitor.alarms.isEmpty)
        #expect(watch.monitor.branches.isEmpty)
    }

    /// Without a node the branch with more tags is the main one, even when the other was seen first.
    @Test func majorityWithoutNode() {
        var chain = SampleRSKChain(seed: 73, height: 8_000_000)
        var watch = Watch(hasNode: false)
        for _ in 0..<20 { _ = watch.see(chain.tag(after: 20), on: chain) }
        var minority = chain
        minority.random = SeededGenerator(seed: 97)
        _ = minority.tag(after: 70)
        _ = chain.tag(after: 70)
        _ = watch.see(minority.tag(after: 1), on: chain)
        for _ in 0..<5 { _ = watch.see(chain.tag(after: 20), on: chain) }
        #expect(watch.see(chain.tag(after: 20), on: chain) == .main)
        guard case .branch = watch.see(minority.tag(after: 20), on: chain) else { return #expect(Bool(false)) }
        #expect(watch.monitor.main.sightings.count == 26)
        #expect(watch.monitor.branches.map(\.sightings.count) == [2])
    }

    /// Tags far above the node's tip are blocks that it has not been shown.
    @Test func hiddenAhead() {
        var chain = SampleRSKChain(seed: 74, height: 8_000_000)
        var watch = Watch(hasNode: true)
        for _ in 0..<5 { _ = watch.see(chain.tag(after: 20), on: chain) }
        let shown = chain
        var alarms = 0
        for _ in 0..<4 {
            guard case .ahead(let by) = watch.see(chain.tag(after: 30), on: shown) else { return #expect(Bool(false)) }
            #expect(by > 20)
            if watch.monitor.alarms.map(\.label) == ["hidden"] { alarms += 1 }
        }
        #expect(alarms == 2)
        // They are published: the alarm ends.
        _ = watch.see(chain.tag(after: 5), on: chain)
        #expect(watch.monitor.alarms.isEmpty)
    }

    /// Blocks that are mined and never appear: one or two are lost races, six in a row are held back.
    @Test func heldBackBlocks() {
        var chain = SampleRSKChain(seed: 75, height: 8_000_000)
        var watch = Watch(hasNode: true)
        for round in 0..<12 { _ = watch.see(chain.tag(after: 20, heldBack: round % 3 == 0), on: chain) }
        #expect(watch.monitor.alarms.isEmpty)
        for _ in 0..<8 { _ = watch.see(chain.tag(after: 20, heldBack: true), on: chain) }
        #expect(watch.monitor.alarms.map(\.label) == ["unpublished"])
        for _ in 0..<3 { _ = watch.see(chain.tag(after: 20), on: chain) }
        #expect(watch.monitor.alarms.isEmpty)
    }

    /// Real mainnet headers of one night name the same ancestors.
    @Test func mainnetTagsFitTogether() throws {
        guard let vectors = try Vectors.load("rsk.json") else { return }
        var monitor = ForkMonitor()
        var parent: Int64 = 745_000
        let headers = vectors.filter { $0["name"]?.string?.hasPrefix("mainnet-44") == true && $0["expected"]?["accept"]?.bool == true }
        let tags = try headers.map { try RSKHeader(rlp: $0["fields"]!.bytes("rlp")!, network: .main).miningHash() }
        #expect(tags.count >= 10)
        for tag in tags.sorted(by: { $0.forkData.height < $1.forkData.height }) {
            parent += 1
            #expect(monitor.observe(ForkSighting(parentHeight: parent, parentHash: "", hash: tag)) == .main)
        }
        #expect(monitor.branches.isEmpty)
    }

    @Test func replay() throws {
        var chain = SampleRSKChain(seed: 76, height: 8_000_000)
        var lines: [String] = []
        for height in Int64(7_999_501)...8_000_000 where height % 64 == 0 {
            let header = try #require(chain.headers[height])
            let hash = Hex.encode((chain.prefixes[height] ?? []) + [UInt8](repeating: 0, count: 12))
            lines.append(#"{"rsk":\#(height),"hashForMergedMining":"\#(hash)","bitcoinMergedMiningHeader":"\#(Hex.encode(header.serialized))"}"#)
        }
        lines.append("")
        var parent = 900_000
        func add(_ hash: RSKMiningHash?) {
            parent += 1
            lines.append(#"{"height":\#(parent),"hash":"00","coinbase":"\#(Hex.encode(SampleRSKChain.coinbase(hash).witnessless))"}"#)
        }
        var hidden = chain
        hidden.random = SeededGenerator(seed: 96)
        _ = hidden.tag(after: 66)
        _ = chain.tag(after: 66)
        for round in 0..<12 {
            add(chain.tag(after: 1))
            add(nil)
            if round % 3 == 0 { add(hidden.tag(after: 1)) }
        }
        var replay = ForkReplay()
        for line in lines { try replay.take(line: Array(line.utf8)) }
        #expect(replay.raised.map(\.alarm.label).contains("diverging") || replay.raised.map(\.alarm.label).contains("hidden"))
        #expect(replay.monitor.untagged == 12)
        #expect(throws: ForkReplayError.member("height")) { try replay.take(line: Array("{}".utf8)) }
        #expect(throws: ForkReplayError.member("coinbase")) { try replay.take(line: Array(#"{"height":1,"coinbase":"00"}"#.utf8)) }
        #expect(throws: ForkReplayError.self) { try replay.take(line: Array("{".utf8)) }
    }
}
