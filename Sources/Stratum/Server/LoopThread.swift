import CLinux
import Glibc
import Synchronization

/// The thread that a loop runs on.
final class LoopThread: Sendable {
    private let outcome = Mutex<Outcome>(.running(waiting: []))

    private enum Outcome {
        case running(waiting: [CheckedContinuation<Void, Never>])
        case ended
    }

    /// What the new thread is handed: made by the starter, consumed by the thread.
    private final class Luggage: Sendable {
        let parts: ServerLoop.Parts
        let thread: LoopThread

        init(parts: ServerLoop.Parts, thread: LoopThread) {
            self.parts = parts
            self.thread = thread
        }
    }

    /// Builds the loop on a new thread and runs it there; the thread closes the loop's listening sockets when it is through.
    init(running parts: ServerLoop.Parts) throws(StratumServerError) {
        let luggage = Unmanaged.passRetained(Luggage(parts: parts, thread: self))
        var id = pthread_t()
        let code = pthread_create(&id, nil, loopThreadMain, luggage.toOpaque())
        guard code == 0 else {
            luggage.release()
            throw .noResources(what: "thread", errno: code)
        }
        pthread_detach(id)
    }

    /// What the thread does. The argument is the luggage that ``init(running:)`` retained.
    fileprivate static func main(_ argument: UnsafeMutableRawPointer) {
        let luggage = Unmanaged<Luggage>.fromOpaque(argument).takeRetainedValue()
        linux_name_thread("stratum-\(luggage.parts.number)")
        run(luggage.parts)
        luggage.thread.finish()
    }

    private static func run(_ parts: ServerLoop.Parts) {
        var loop = ServerLoop(parts)
        loop.run()
        for fd in parts.listening { close(fd) }
    }

    private func finish() {
        let waiting = outcome.withLock { outcome -> [CheckedContinuation<Void, Never>] in
            guard case .running(let waiting) = outcome else { return [] }
            outcome = .ended
            return waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Returns when the thread is through.
    func ended() async {
        await withCheckedContinuation { continuation in
            let isRunning = outcome.withLock { outcome in
                guard case .running(let waiting) = outcome else { return false }
                outcome = .running(waiting: waiting + [continuation])
                return true
            }
            if !isRunning { continuation.resume() }
        }
    }
}

/// Outside any isolation: a closure made on the main actor would trap on the new thread.
private func loopThreadMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let argument { LoopThread.main(argument) }
    return nil
}
