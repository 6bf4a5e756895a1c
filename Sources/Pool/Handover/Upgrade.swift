import CLinux
import Glibc
import Stratum
import Synchronization

/// Somebody's wish that another program goes on, until it is answered.
final class UpgradeWish: Sendable {
    let program: String?
    private let answer: Mutex<CheckedContinuation<Result<UpgradeReport, AdminFailure>, Never>?>

    init(program: String?, _ answer: CheckedContinuation<Result<UpgradeReport, AdminFailure>, Never>) {
        self.program = program
        self.answer = Mutex(answer)
    }

    func grant(_ report: UpgradeReport) { take()?.resume(returning: .success(report)) }
    func refuse(_ text: String) { take()?.resume(returning: .failure(.unavailable(text))) }

    private func take() -> CheckedContinuation<Result<UpgradeReport, AdminFailure>, Never>? { answer.withLock { $0.take() } }
}

/// The program that shall go on.
enum NewProgram {
    /// - Parameter named: nil for the one that runs; the file may have been replaced since.
    /// - Returns: its path.
    static func path(_ named: String?) throws(UpgradeFailure) -> String {
        let path = if let named { named } else { try running() }
        var status = stat()
        guard stat(path, &status) == 0 else { throw UpgradeFailure("\(path): \(String(cString: strerror(errno)))") }
        guard status.st_mode & S_IFMT == S_IFREG, access(path, X_OK) == 0 else { throw UpgradeFailure("\(path) is no program that may be run") }
        // Whoever may steer the pool may not thereby have it run just any file as its own user.
        guard status.st_uid == 0 || status.st_uid == geteuid(), status.st_mode & (S_IWGRP | S_IWOTH) == 0 else {
            throw UpgradeFailure("\(path) must belong to root or the pool's user, and be writable by nobody else")
        }
        return path
    }

    private static func running() throws(UpgradeFailure) -> String {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = buffer.withUnsafeMutableBytes { buffer in
            buffer.withMemoryRebound(to: CChar.self) { place in place.baseAddress.map { readlink("/proc/self/exe", $0, place.count) } ?? 0 }
        }
        guard count > 0, count < buffer.count else { throw UpgradeFailure("the running program is not known; name one") }
        let path = String(decoding: buffer[..<count], as: UTF8.self)
        // What Linux says of a file that was replaced by another of its name.
        let mark = " (deleted)"
        return path.hasSuffix(mark) ? String(path.dropLast(mark.count)) : path
    }
}

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
                if !pairs.isEmpty { SecuredBridge.start(pairs) }
                return state
            }
            // The other process has its own. While this one had them too, a connection would not end for its miner.
            for socket in stream.sockets { close(socket) }
            ServiceNotice.send("MAINPID=\(successor.process)")
            successor.go()
            let pause = begun.duration(to: .now).components
            let report = UpgradeReport(
                process: Int(successor.process),
                connections: connections,
                secured: pairs.count,
                pause: Int(pause.seconds * 1_000 + pause.attoseconds / 1_000_000_000_000_000)
            )
            log.info("process \(successor.process) goes on with \(connections) connections after \(report.pause) ms")
            wish.grant(report)
            if !pairs.isEmpty { try await Blocking.run { SecuredBridge.run(pairs) } }
            return nil
        }
    }
}
