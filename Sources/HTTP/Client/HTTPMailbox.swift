import CCurl
import Synchronization

/// What callers ask of a client's thread.
enum HTTPCommand: Sendable {
    case start(HTTPClient.TransferID, HTTPClientRequest, HTTPClient.Completion)
    case keepWarm(HTTPClient.TransferID, Duration, @Sendable () -> HTTPClientRequest?)
    /// A request under way is let finish, else its connection would be lost.
    case endWarm(HTTPClient.TransferID)
    case cancel(HTTPClient.TransferID)
    case shutDown
}

/// The way from any thread into a client's loop.
final class HTTPMailbox: Sendable {
    private struct State {
        var commands: [HTTPCommand] = []
        var multi: MultiHandle?
    }

    private let state: Mutex<State>

    init() {
        state = Mutex(State(multi: MultiHandle()))
    }

    /// Gives the loop its thread. Without room for one the mailbox closes, and every request fails with `shutDown`.
    func startLoop() {
        guard let multi = state.withLock({ $0.multi }) else { return }
        let started = BackgroundThread.start(named: "http-client") { [self] in
            var loop = HTTPClientLoop(multi: multi, mailbox: self)
            loop.run()
        }
        if !started { _ = close() }
    }

    /// False when the loop has ended.
    @discardableResult
    func post(_ command: HTTPCommand) -> Bool {
        state.withLock { state in
            guard let multi = state.multi else { return false }
            state.commands.append(command)
            // One byte into a pipe. Under the lock, so that the handle cannot be freed meanwhile.
            if state.commands.count == 1 { multi.wakeUp() }
            return true
        }
    }

    /// Takes everything that was posted since the last time.
    func take() -> [HTTPCommand] {
        state.withLock { state in
            defer { state.commands.removeAll() }
            return state.commands
        }
    }

    /// Frees the handle and lets nothing in any more; what had not been taken is returned.
    func close() -> [HTTPCommand] {
        state.withLock { state in
            state.multi?.free()
            state.multi = nil
            defer { state.commands.removeAll() }
            return state.commands
        }
    }
}

/// libcurl's set of transfers.
///
/// Sendable by this argument: of all functions only `curl_multi_wakeup` may be called from other threads, and `wakeUp` is the only one that `HTTPMailbox`
/// calls while the loop lives; it does so under the lock that `free` is called under too.
struct MultiHandle: @unchecked Sendable {
    let pointer: UnsafeMutableRawPointer

    init?() {
        guard Self.libraryReady, let pointer = curl_multi_init() else { return nil }
        self.pointer = pointer
    }

    func wakeUp() { _ = curl_multi_wakeup(pointer) }

    func free() { _ = curl_multi_cleanup(pointer) }

    /// libcurl's global set-up, once a process.
    private static let libraryReady = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK
}
