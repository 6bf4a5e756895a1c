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

    /// Built by the starter, taken by the thread.
    private let loop: Mutex<ServerLoop?>

    init(running loop: consuming sending ServerLoop) {
        self.loop = Mutex(consume loop)
    }

    /// Runs the loop on a new thread, which closes the loop's listening sockets when it is through, unless another process has them.
    func start() throws(StratumServerError) {
        let thread = Unmanaged.passRetained(self)
        var id = pthread_t()
        let code = pthread_create(&id, nil, loopThreadMain, thread.toOpaque())
        guard code == 0 else {
            thread.release()
            throw .noResources(what: "thread", errno: code)
        }
        pthread_detach(id)
    }

    /// What the thread does. The argument is what ``start()`` retained.
    fileprivate static func main(_ argument: UnsafeMutableRawPointer) {
        let thread = Unmanaged<LoopThread>.fromOpaque(argument).takeRetainedValue()
        thread.run()
        thread.finish()
    }

    private func run() {
        guard var loop = loop.withLock({ $0.take() }) else { return }
        linux_name_thread("stratum-\(loop.parts.number)")
        loop.run()
        if !loop.isHandedOver { for fd in loop.parts.listening { close(fd) } }
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
