import Foundation
import Testing

@testable import HTTP

@Suite struct BackgroundThreadTests {
    /// How the calling thread is scheduled.
    private struct Standing: Equatable, Sendable {
        let policy: Int32
        let niceness: Int32

        /// `SCHED_RESET_ON_FORK`, which `sched_getscheduler` reports with the policy.
        static let resetOnFork: Int32 = 0x4000_0000

        static var own: Standing { Standing(policy: sched_getscheduler(0), niceness: getpriority(Int32(PRIO_PROCESS.rawValue), 0)) }
    }

    private func standing(urgent: Bool, startedBy isUrgentMaker: Bool? = nil) async -> Standing {
        await withCheckedContinuation { continuation in
            let look: @Sendable () -> Void = {
                let isStarted = BackgroundThread.start(named: "look", urgent: urgent) { continuation.resume(returning: .own) }
                precondition(isStarted)
            }
            if let isUrgentMaker { precondition(BackgroundThread.start(named: "maker", urgent: isUrgentMaker, look)) } else { look() }
        }
    }

    @Test func aUsualThreadIsScheduledAsTheProcessIs() async {
        #expect(await standing(urgent: false).policy == SCHED_OTHER)
    }

    @Test func anUrgentThreadKeepsItsUrgencyToItself() async {
        let urgent = await standing(urgent: true)
        #expect(urgent.policy & Standing.resetOnFork != 0)
        // Where nothing is permitted it runs as usual.
        #expect(urgent.policy & ~Standing.resetOnFork == SCHED_FIFO || urgent.niceness <= 0)
        let child = await standing(urgent: false, startedBy: true)
        #expect(child.policy == SCHED_OTHER)
        #expect(child.niceness >= 0)
    }
}
