import Foundation
import JSON
import Synchronization
import Testing

/// A headless Chromium, steered by the DevTools protocol over a pair of pipes: NUL-terminated JSON, no port and no WebSocket.
final class Browser: Sendable {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// Where Chromium is; nil where none is installed.
    static let program = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    private struct State {
        var next: Int64 = 1
        var waiting: [Int64: CheckedContinuation<JSONValue, any Error>] = [:]
        var events: [(method: String, parameters: JSONValue)] = []
        var isGone = false
    }

    private let state = Mutex(State())
    private let folder: TemporaryFolder
    private let process: Process
    private let input: FileHandle

    init(_ program: String) throws {
        folder = try TemporaryFolder()
        let commands = folder.path + "/commands"
        let answers = folder.path + "/answers"
        guard mkfifo(commands, 0o600) == 0, mkfifo(answers, 0o600) == 0 else { throw Failure(description: "no pipes can be made") }
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        // The protocol is spoken on descriptors 3 and 4, which only a shell can place. Root, as in a container, has no sandbox to use.
        let sandbox = getuid() == 0 ? "--no-sandbox" : ""
        process.arguments = [
            "-c",
            """
            exec "$1" --headless \(sandbox) --disable-gpu --disable-dev-shm-usage --no-first-run --hide-scrollbars --remote-debugging-pipe \
            --user-data-dir="$2/profile" about:blank 3<"$2/commands" 4>"$2/answers" 2>/dev/null >/dev/null
            """, "sh", program, folder.path,
        ]
        try process.run()
        // Opening waits for the other side, in the order in which the shell opens them.
        guard let input = FileHandle(forWritingAtPath: commands), let output = FileHandle(forReadingAtPath: answers) else {
            throw Failure(description: "the browser's pipes cannot be opened")
        }
        self.input = input
        Thread.detachNewThread { [weak self] in
            var rest = Data()
            while case let piece = output.availableData, !piece.isEmpty {
                rest.append(piece)
                while let end = rest.firstIndex(of: 0) {
                    self?.take(Data(rest[..<end]))
                    rest = Data(rest[rest.index(after: end)...])
                }
            }
            self?.hangUp()
        }
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }

    private func take(_ message: Data) {
        guard let value = try? JSONValue(parsing: Array(message)) else { return }
        guard let id = value["id"]?.integer else {
            if let method = value["method"]?.string { state.withLock { $0.events.append((method, value["params"] ?? .null)) } }
            return
        }
        let waiting = state.withLock { $0.waiting.removeValue(forKey: id) }
        if let error = value["error"] {
            waiting?.resume(throwing: Failure(description: "\(error)"))
        } else {
            waiting?.resume(returning: value["result"] ?? .null)
        }
    }

    private func hangUp() {
        let waiting = state.withLock { state in
            state.isGone = true
            defer { state.waiting = [:] }
            return state.waiting.values.map { $0 }
        }
        for one in waiting { one.resume(throwing: Failure(description: "the browser is gone")) }
    }

    func call(_ method: String, _ parameters: JSONValue = [:], session: String? = nil) async throws -> JSONValue {
        try await withCheckedThrowingContinuation { continuation in
            let message = state.withLock { state -> JSONValue? in
                guard !state.isGone else { return nil }
                let id = state.next
                state.next += 1
                state.waiting[id] = continuation
                var message: JSONObject = ["id": .integer(id), "method": .string(method), "params": parameters]
                if let session { message["sessionId"] = .string(session) }
                return .object(message)
            }
            guard let message else { return continuation.resume(throwing: Failure(description: "the browser is gone")) }
            input.write(Data(message.serialized() + [0]))
        }
    }

    /// What it said on its own since the start, oldest first.
    var events: [(method: String, parameters: JSONValue)] { state.withLock { $0.events } }

    func forgetEvents() { state.withLock { $0.events = [] } }
}
