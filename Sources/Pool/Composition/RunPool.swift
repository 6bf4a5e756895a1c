import Hashing
import Stratum

/// `poold run`: a pool by its configuration, until it is told to stop or another process goes on.
public enum RunPool {
    /// Runs until SIGINT, SIGTERM or an operator's `stop`, or until another process has taken over; SIGHUP and an operator's `reload` read the
    /// configuration anew.
    /// - Parameter path: where the configuration was read.
    public static func run(_ configuration: PoolConfiguration, path: String) async -> ExitCode {
        configuration.log.apply()
        let predecessor = Predecessor()
        do {
            return try await run(configuration, path: path, after: predecessor)
        } catch {
            let text = StartFailure.text(of: error)
            predecessor?.refuse(text)
            Console.complain("poold: \(text)")
            return .failure
        }
    }

    private enum Errand: Sendable {
        case stop
        case upgrade(UpgradeWish)
    }

    private static func run(_ configuration: PoolConfiguration, path: String, after predecessor: Predecessor?) async throws -> ExitCode {
        let stop = StopSignal()
        let hangup = HangupSignal()
        let (wishes, feed) = AsyncStream.makeStream(of: Errand.self)
        Task {
            await stop.wait()
            feed.yield(.stop)
        }
        let errands = PoolErrands(
            stop: { stop.raise() },
            upgrade: { program throws(AdminFailure) in
                try await withCheckedContinuation { feed.yield(.upgrade(UpgradeWish(program: program, $0))) }.get()
            }
        )
        // What takes time and changes nothing comes before the other process lets go of its miners.
        let engine = try HashEngine.chosen()
        var former: PoolState?
        if let predecessor { former = try await Blocking.run { try predecessor.state(for: configuration) } }
        var released = predecessor
        var errand = wishes.makeAsyncIterator()
        var configuration = configuration
        var resting: PoolService?
        while true {
            let service = try await make(after: resting, isSuccessor: released != nil, until: stop) { [configuration, former] in
                try PoolService(configuration, engine: engine, former: former, errands: errands)
            }
            resting = nil
            let admin = try AdminServer(source: service, configuration, former: former?.listening ?? [])
            former?.listening.close(allBut: admin.names + [service.gateway?.name].compactMap(\.self))
            // It is in the service now, and would otherwise stay until the next upgrade.
            former = nil
            if let predecessor = released { try await Blocking.run { try predecessor.release() } }
            released = nil
            service.allowReloads(from: path, admin)
            // What came of it is in the log.
            hangup.onHangup { _ = try? await service.reload() }
            try await service.start()
            ServiceNotice.send("READY=1\nSTATUS=")
            Console.line(service.addresses(admin).readyLine)
            let move = await next(&errand, path: path, for: service)
            hangup.onHangup(nil)
            guard let move else {
                ServiceNotice.send("STOPPING=1")
                await admin.stop()
                await service.stop()
                return .done
            }
            former = try await move.perform(service, admin)
            configuration = service.configuration
            await admin.stop()
            guard former != nil else { return .done }
            resting = service
        }
    }

    /// Waits until the pool shall rest: nil for good, else because another process stands ready to go on.
    private static func next(
        _ errand: inout AsyncStream<Errand>.Iterator,
        path: String,
        for service: PoolService
    ) async -> Successor.Move? {
        while case .upgrade(let wish)? = await errand.next() {
            do {
                try service.requireFilesForUpgrade()
                let successor = try await Blocking.run { try Successor.start(try NewProgram.path(wish.program), configuration: path) }
                return Successor.Move(wish: wish, successor: successor)
            } catch {
                Log("pool").error("no upgrade: \(error)")
                wish.refuse("nothing has changed: \(error)")
            }
        }
        return nil
    }
}

extension PoolService {
    func addresses(_ admin: AdminServer) -> Addresses {
        Addresses(
            stratum: server.addresses.first.flatMap { ListenAddress(parsing: $0.description) },
            admin: admin.address,
            gateway: gateway?.address,
            socket: admin.socketPath
        )
    }
}
