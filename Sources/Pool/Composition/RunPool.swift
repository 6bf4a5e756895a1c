import Accounting
import Glibc
import HTTP
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
            ServiceNotice.send("READY=1")
            Console.line(service.addresses(admin).readyLine)
            let move = await next(&errand, path: path)
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

    /// Makes the service, and waits out what passes by itself.
    private static func make(
        after resting: PoolService?,
        isSuccessor: Bool,
        until stop: StopSignal,
        _ body: () throws -> PoolService
    ) async throws -> PoolService {
        let begun = ContinuousClock.now
        var told = ""
        while true {
            do {
                return try body()
            } catch {
                let patience = patience(with: error, after: resting, isSuccessor: isSuccessor)
                guard !stop.isRaised, begun.duration(to: .now) < patience else { throw error }
                let text = StartFailure.text(of: error)
                if text != told { Log("pool").error("waits: \(text)") }
                told = text
                try await Task.sleep(for: .milliseconds(200))
            }
        }
    }

    /// - Parameter resting: the service whose upgrade failed. While it is there its ledger's files are open, so that opening them again needs no room
    ///   on a disk that is full. It ran a moment ago, and its miners are still connected: whatever its ledger meets now is waited out.
    private static func patience(with error: any Error, after resting: PoolService?, isSuccessor: Bool) -> Duration {
        let forever = Duration.seconds(1 << 32)
        if resting != nil, error is LedgerError { return forever }
        // The other process's miners wait: it goes on itself.
        if isSuccessor { return .zero }
        switch error {
        case LedgerError.diskFull: return forever
        case let error as FileError where error.code == ENOSPC: return forever
        // A process that was killed holds its files until its last thread is gone.
        case LedgerError.inUse: return .seconds(3)
        default: return .zero
        }
    }

    /// Waits until the pool shall rest: nil for good, else because another process stands ready to go on.
    private static func next(_ errand: inout AsyncStream<Errand>.Iterator, path: String) async -> Successor.Move? {
        while case .upgrade(let wish)? = await errand.next() {
            do {
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

extension AdminServer {
    /// Listens as the configuration says.
    /// - Parameter former: what another process's administration listened on.
    convenience init(source: any AdminSource, _ configuration: PoolConfiguration, former: [FormerSocket] = []) throws {
        let admin = configuration.admin
        let token = try admin.tokenFile.map { try AdminToken.read($0) }
        try self.init(
            source: source,
            socketPath: admin.socket,
            listen: admin.listen,
            token: token,
            isPublic: admin.isPublic,
            former: former
        )
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
