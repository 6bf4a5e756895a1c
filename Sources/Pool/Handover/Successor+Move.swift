import Glibc
import HTTP
import Stratum

extension Successor {
    /// From a pool that serves to another process that does. The pool is at rest afterwards, whatever came of it.
    struct Move: Sendable {
        let wish: UpgradeWish
        let successor: Successor

        /// - Returns: nil when the other process goes on, else what this one needs to go on itself.
        func perform(_ service: PoolService, _ admin: AdminServer) async throws -> PoolState? {
            let log = Log("pool")
            let begun = ContinuousClock.now
            guard var state = await service.handOver() else { throw StartFailure("the miners could not be handed over") }
            state.listening += admin.handOver()
            var stream = HandoverStream()
            try state.pass(through: &stream, service.configuration)
            let (connections, pairs) = (state.stratum.connectionCount, state.stratum.secured)
            do {
                try await Blocking.run { [stream] in try successor.take(stream) }
            } catch {
                try? await Blocking.run { successor.end() }
                log.error("this process goes on: \(error)")
                wish.refuse("the pool goes on as it was: \(error)")
                var own = HandoverStream(reading: stream.bytes, sockets: stream.sockets)
                var state = PoolState()
                try state.pass(through: &own, service.configuration)
                if !pairs.isEmpty { bridge(pairs) }
                return state
            }
            // The other process has its own. While this one had them too, a connection would not end for its miner.
            for socket in stream.sockets { close(socket) }
            ServiceNotice.send("MAINPID=\(successor.process)")
            successor.go()
            let pause = begun.duration(to: .now)
            let report = UpgradeReport(
                process: Int(successor.process),
                connections: connections,
                secured: pairs.count,
                pause: Int(pause / .milliseconds(1))
            )
            log.info("process \(successor.process) goes on with \(connections) connections after \(report.pause) ms")
            wish.grant(report)
            // Whoever goes on asking here would learn of a pool that is at rest.
            await admin.stop()
            if !pairs.isEmpty { try await Blocking.run { SecuredBridge.run(pairs) } }
            return nil
        }

        /// Goes on decrypting beside what this process does.
        private func bridge(_ pairs: [SecuredPair]) {
            let isStarted = BackgroundThread.start(named: "bridge") { SecuredBridge.run(pairs) }
            if !isStarted { Log("pool").error("no thread can be started: \(pairs.count) TLS connections end") }
        }
    }
}
