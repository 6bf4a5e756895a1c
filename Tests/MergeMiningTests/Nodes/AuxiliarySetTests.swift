import Bitcoin
import Foundation
import HTTP
import Hashing
import JSON
import Randomness
import Testing

@testable import MergeMining

/// The set against stand-ins that know the nodes' rules.
@Suite(.timeLimit(.minutes(60))) struct AuxiliarySetTests {
    /// How many blocks every chain must take; 1,000 is the whole trial, in which somebody else finds blocks too.
    static let blocks = ProcessInfo.processInfo.environment["MOTHERLODE_AUX_BLOCKS"].flatMap(Int.init) ?? 5

    private static func chains(_ process: AuxiliaryNodeProcess) -> [AuxiliaryChain] {
        let auxPow = zip(SampleWorks.flavours, process.auxPowPorts).map { chain, port in
            AuxiliaryChain(
                name: chain.name,
                kind: .auxPow(flavour: chain.flavour, chain: chain.chain, address: "address"),
                nodes: [NodeEndpoint(name: "\(chain.name)d", url: "http://127.0.0.1:\(port)")],
                pollInterval: .milliseconds(20)
            )
        }
        let rsk = NodeEndpoint(name: "rskj", url: "http://127.0.0.1:\(process.rskPort)")
        return auxPow + [AuxiliaryChain(name: "rootstock", kind: .rsk, nodes: [rsk], pollInterval: .milliseconds(20))]
    }

    /// Mines on every update until each chain has taken its blocks.
    @Test func blocksOnFiveChains() async throws {
        guard let process = try AuxiliaryNodeProcess(["--block-time", "20"]) else { return }
        let http = HTTPClient()
        let set = try AuxiliarySet(Self.chains(process), http: http)
        let running = Task { await set.run() }
        var sample = SampleWorks(seed: 40)
        var accepted: [String: Int] = [:]
        var refused: [String] = []
        var done: Set<String> = []
        for await update in await set.updates() {
            let plan = try CommitmentPlan(sample.parent(), works: update.works)
            #expect(plan.dropped.isEmpty)
            let (extranonce, branch) = (sample.random.bytes(13), sample.branch(Int.random(in: 0...12, using: &sample.random)))
            var header = try sample.header(plan, extranonce: extranonce, branch: branch)
            header.time = UInt32(Date().timeIntervalSince1970)
            while !Target(rskDifficulty: UInt256(4 as UInt8)).isMet(by: header.hash) { header.nonce += 1 }
            // A work that was solved already is not mined again until its node gives another.
            for (index, work) in plan.works.enumerated() where done.insert(work.id).inserted {
                let solution = try plan.solution(of: index, extranonce: extranonce, header: header, branch: branch, transactions: 3000)
                switch await set.submit(solution) {
                case .accepted: accepted[work.chain, default: 0] += 1
                // Somebody else was first.
                case .stale, .uncle: continue
                case let outcome: refused.append("\(work.chain): \(outcome)")
                }
            }
            if accepted.count == 5, accepted.values.allSatisfy({ $0 >= Self.blocks }) { break }
        }
        running.cancel()
        #expect(refused.isEmpty)
        for port in process.auxPowPorts + [process.rskPort] {
            let stats = try await process.stats(port, http: http)
            #expect(stats["rejected"]?.integer == 0)
            #expect(stats["accepted"]?.integer ?? 0 >= Int64(Self.blocks))
        }
        let status = await set.status()
        print("blocks: " + status.map { "\($0.name) \($0.counts)" }.joined(separator: ", "))
        for line in status {
            #expect(line.state == .working)
            #expect(line.found == line.counts.values.reduce(0, +))
            #expect(line.counts["invalid", default: 0] + line.counts["refused", default: 0] == 0)
        }
        http.shutDown()
    }

    /// A node that worked and then misbehaves loses its leaf, and gets it back when it is well again.
    @Test(arguments: ["hang", "refuse", "garbage"]) func faults(kind: String) async throws {
        guard let process = try AuxiliaryNodeProcess(["--fault", kind, "--fault-after", "20", "--fault-for", "2"]) else { return }
        let http = HTTPClient()
        let set = try AuxiliarySet(Self.chains(process), http: http, settings: .init(silence: .milliseconds(500)))
        let running = Task { await set.run() }
        var course: [Int] = []
        for await update in await set.updates() {
            course.append(update.works.works.count)
            // All five came, all five went, all five are back.
            if let whole = course.firstIndex(of: 5), let none = course[whole...].firstIndex(of: 0), course[none...].contains(5) { break }
            if course.contains(5), course.last == 0 {
                for line in await set.status() {
                    #expect(line.state == .down)
                    #expect(line.lastError != nil)
                    #expect(line.height == nil)
                }
            }
        }
        running.cancel()
        http.shutDown()
    }

    /// A parent header whose time is 300 s or more from the work's would be refused: it is not sent, and counted by its own name.
    @Test(arguments: [(0, "accepted"), (290, "accepted"), (-290, "accepted"), (400, "mistimed"), (-400, "mistimed")])
    func mistimed(offset: Int64, label: String) async throws {
        var sample = SampleWorks(seed: 70)
        guard case .rsk(let work) = sample.rsk().content else { return #expect(Bool(false)) }
        let node = FakeRSKNode(work: work)
        let chain = AuxiliaryChain(name: "rootstock", kind: .rsk, nodes: [], timeLimit: 300)
        let set = try AuxiliarySet([(chain, [node])])
        let running = Task { await set.run() }
        defer { running.cancel() }
        var works = AuxiliaryWorks.none
        for await update in await set.updates() where !update.works.works.isEmpty {
            works = update.works
            break
        }
        let plan = try CommitmentPlan(sample.parent(), works: works)
        let branch = sample.branch(3)
        let extranonce = sample.random.bytes(13)
        var header = try sample.header(plan, extranonce: extranonce, branch: branch)
        header.time = UInt32(try #require(works.works.first).since + offset)
        while !Target(rskDifficulty: UInt256(4 as UInt8)).isMet(by: header.hash) { header.nonce += 1 }
        let solution = try plan.solution(of: 0, extranonce: extranonce, header: header, branch: branch, transactions: 8)
        let outcome = await set.submit(solution)
        // The node of the test judges by a clock of its own, so a solution that is sent may be refused for that.
        #expect((outcome.label == "mistimed") == (label == "mistimed"))
        #expect(node.submissions == (label == "mistimed" ? 0 : 1))
    }

    @Test func configurationsThatCannotBe() {
        let rsk = AuxiliaryChain(name: "a", kind: .rsk, nodes: [NodeEndpoint(name: "n", url: "http://127.0.0.1:1")])
        func chain(_ name: String, _ id: ChainID) -> AuxiliaryChain {
            AuxiliaryChain(
                name: name,
                kind: .auxPow(flavour: .namecoin, chain: id, address: "x"),
                nodes: [NodeEndpoint(name: "n", url: "http://127.0.0.1:1")]
            )
        }
        var other = rsk
        other.name = "b"
        var empty = chain("c", 1)
        empty.nodes = []
        let http = HTTPClient()
        defer { http.shutDown() }
        #expect(throws: AuxiliarySetError.tree(.sameID(1))) { try AuxiliarySet([chain("x", 1), chain("y", 1)], http: http) }
        #expect(throws: AuxiliarySetError.sameName("x")) { try AuxiliarySet([chain("x", 1), chain("x", 2)], http: http) }
        #expect(throws: AuxiliarySetError.severalRSK("a", "b")) { try AuxiliarySet([rsk, other], http: http) }
        #expect(throws: AuxiliarySetError.noNode("c")) { try AuxiliarySet([empty], http: http) }
        #expect(throws: Never.self) { try AuxiliarySet([rsk, chain("x", 1), chain("y", 17)], http: http) }
    }
}
