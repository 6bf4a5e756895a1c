import Bitcoin
import Hashing
import JSON
import Synchronization

@testable import MergeMining

/// An rskj node in the process, by the miner server's rules.
final class FakeRSKNode: AuxiliaryNode {
    let name: String
    private struct State {
        var server: RSKMinerServer
        var work: RSKWork
        var submissions = 0
    }
    private let state: Mutex<State>

    init(name: String = "rskj", work: RSKWork) {
        self.name = name
        state = Mutex(State(server: RSKMinerServer(network: .main, bestParent: work.parent), work: work))
        give(work)
    }

    /// Another work from now on.
    func give(_ work: RSKWork) {
        state.withLock { state in
            state.work = work
            state.server.bestParent = work.parent
            state.server.add(.init(work, time: UInt64(SampleRSK.time), height: UInt64(work.height)))
        }
    }

    var submissions: Int { state.withLock { $0.submissions } }

    func work() async throws(AuxiliaryNodeError) -> AuxiliaryWork.Content { .rsk(state.withLock { $0.work }) }

    func submit(_ solution: AuxiliarySolution) async throws(NodeError) -> JSONValue {
        let result: Result<JSONValue, NodeError> = state.withLock { state in
            state.submissions += 1
            do throws(RSKCallError) {
                guard let method = RSKSubmitMethod(rawValue: solution.method) else { throw .unknownMethod }
                let submission = try RSKSubmission(method, solution.parameters.array ?? [])
                return .success(try state.server.submit(submission, now: Int64(SampleRSK.time) * 1000).json)
            } catch {
                return .failure(.rpc(code: Int64(error.code), error.message))
            }
        }
        return try result.get()
    }

    func standing(of block: String, height: Int64) async throws(NodeError) -> AuxiliaryStanding { .confirmed(confirmations: 1) }
}

/// A node of the AuxPoW family in the process, which judges by the chain's verifier.
final class FakeAuxPowNode: AuxiliaryNode {
    let name: String
    private let current: AuxPowWork
    private let accepted = Mutex<[String]>([])

    init(name: String, work: AuxPowWork) {
        self.name = name
        current = work
    }

    var blocks: [String] { accepted.withLock { $0 } }

    func work() async throws(AuxiliaryNodeError) -> AuxiliaryWork.Content { .auxPow(current) }

    func submit(_ solution: AuxiliarySolution) async throws(NodeError) -> JSONValue {
        let name = solution.parameters[0]?.string ?? solution.parameters["blockhash"]?.string
        guard name == current.name else { throw .rpc(code: -8, "block hash unknown") }
        let hex = solution.parameters[1]?.string ?? solution.parameters["auxpow"]?.string ?? ""
        guard let bytes = Hex.decode(hex), let proof = try? AuxPow(parsing: bytes, allowsWitness: false) else { throw .rpc(code: -1, "end of data") }
        guard current.target.isMet(by: proof.parent.hash), (try? proof.verifyCommitment(to: current.leaf, rules: current.rules)) != nil,
            current.syscoinTag.map({ (try? $0.verify(proof.coinbase.outputs)) != nil }) ?? true
        else { return false }
        accepted.withLock { $0.append(current.blockID) }
        return true
    }

    func standing(of block: String, height: Int64) async throws(NodeError) -> AuxiliaryStanding {
        blocks.contains(block) ? .confirmed(confirmations: 1) : .ahead
    }
}
