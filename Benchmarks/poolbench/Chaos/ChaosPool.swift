import CChaos
import CLinux
import Glibc
import JSON

/// The pool under chaos: a `poold run` that is started again whenever it is gone, as a service manager does it.
final class ChaosPool {
    let folder: TemporaryFolder
    let port: UInt16
    private let configuration: String
    private var child: ChildProcess?
    private(set) var pid: pid_t = 0
    /// Starts so far, and upgrades that took.
    private(set) var starts = 0
    private(set) var upgrades = 0
    /// Ends that nobody asked for, as words.
    private(set) var surprises: [String] = []
    private var diesOnPurpose = false
    private var startedAt: UInt64 = 0
    /// What the shim reads; shared with the pool's process, and written here alone.
    private let orders: UnsafeMutablePointer<chaos_orders>

    var socket: String { folder.path + "/data/poold.sock" }
    var log: String { folder.path + "/log" }
    private var ordersFile: String { folder.path + "/orders" }

    init(folder: TemporaryFolder, nodes: String, auxiliaries: [String], port: UInt16) throws(LoadFailure) {
        self.folder = folder
        self.port = port
        guard let orders = chaos_map(folder.path + "/orders") else { throw LoadFailure(description: "\(folder.path)/orders cannot be mapped") }
        self.orders = orders
        guard access(Self.shim, R_OK) == 0 else {
            throw LoadFailure(description: "\(Self.shim) is missing: build it with `swift build -c release --product chaosshim`")
        }
        configuration = try folder.write(
            """
            {
              chain: "regtest", data: "\(folder.path)/data", coinbase: { address: "\(StratumBenchmark.regtestUser)" },
              nodes: [ \(nodes) ],
              stratum: [ { listen: "127.0.0.1:\(port)", difficulty: { start: 1e-10, min: 1e-10, max: 1e-10 } } ],
              auxiliaries: [ \(auxiliaries.joined(separator: ", ")) ],
              gateway: { listen: "127.0.0.1:0", users: [ { name: "member", password: "member" } ] },
              admin: { socket: "poold.sock", listen: "127.0.0.1:0" },
            }
            """,
            to: "pool.json5"
        )
    }

    private static var shim: String { ChildProcess.beside("libchaosshim.so") }

    // MARK: Its life

    func start() throws(LoadFailure) {
        child = nil
        starts += 1
        diesOnPurpose = false
        startedAt = MonotonicClock.now
        // `env` becomes the pool: the process stays the same.
        let started = try ChildProcess(
            "/usr/bin/env",
            [
                "LD_PRELOAD=\(Self.shim)", "CHAOS_ORDERS=\(ordersFile)", "CHAOS_FOLDER=\(folder.path)/data", ChildProcess.beside("poold"), "run",
                "--config", configuration,
            ],
            errors: log
        )
        child = started
        pid = started.pid
    }

    func killHard() {
        diesOnPurpose = true
        kill(pid, SIGKILL)
    }

    var isRunning: Bool {
        if let child, child.pid == pid { return child.end(waits: false) == nil }
        // Another process's child: it is gone when it waits to be buried, too.
        return ProcessUse.isAlive(pid)
    }

    /// Starts it again if it is gone.
    func tend() throws(LoadFailure) {
        guard !isRunning else { return }
        let age = MonotonicClock.now - startedAt
        // As a service manager, which lets a service that cannot start rest.
        guard age > 1_000_000_000 else { return }
        if !diesOnPurpose {
            let end = child?.end(waits: false).map { $0 < 0 ? "signal \(-$0)" : "exit code \($0)" } ?? "gone"
            surprises.append(end)
        }
        try start()
    }

    func stop() {
        guard isRunning else { return }
        kill(pid, SIGTERM)
        let patience = MonotonicClock.now + 30_000_000_000
        while isRunning, MonotonicClock.now < patience { MonotonicClock.sleep(seconds: 0.05) }
    }

    // MARK: What it is told and says

    /// Seconds that its wall clock is off.
    func setClock(off seconds: Int64) { orders.pointee.clock_offset = seconds * 1_000_000_000 }
    func setDiskFull(_ isFull: Bool) { orders.pointee.disk_is_full = isFull ? 1 : 0 }
    func setSyncDelay(milliseconds: Int32) { orders.pointee.sync_delay = milliseconds }

    /// What `poolctl --json` says; nil when it cannot be asked.
    func ask(_ words: String...) -> JSONValue? {
        let answer = control(["--json"] + words)
        return answer.status == 0 ? try? JSONValue(parsing: answer.output) : nil
    }

    func control(_ words: [String]) -> (status: Int32, output: String) {
        // What it complains about stands in the pool's log, beside what the pool itself says of it.
        guard let process = try? ChildProcess(ChildProcess.beside("poolctl"), ["--socket", socket] + words, errors: log) else { return (-1, "") }
        let output = process.rest()
        return (process.end(waits: true) ?? -1, output)
    }

    /// Whether there is such a command.
    func knows(command: String) -> Bool {
        control(["help"]).output.split(separator: "\n").contains { $0.hasPrefix("  \(command) ") }
    }

    /// Has the same program go on in a new process; what came of it, in words.
    ///
    /// The socket cannot tell which process answers: it names the one that began to listen.
    func upgrade() -> String {
        let before = pid
        let answer = control(["--json", "upgrade"])
        let words = answer.output.split(separator: "\n").joined(separator: "; ")
        guard answer.status == 0, let report = try? JSONValue(parsing: answer.output), let process = report["process"]?.integer else {
            // A pool that is in trouble itself may refuse, and then goes on unharmed.
            return "upgrade: refused: \(words)"
        }
        pid = pid_t(process)
        upgrades += 1
        let (connections, pause) = (report["connections"]?.integer ?? 0, report["pauseMs"]?.integer ?? 0)
        return "upgrade: process \(before) hands \(connections) connections to \(pid) within \(pause) ms"
    }

    /// Bytes of its own, and files that it has open.
    var use: (memory: Int, files: Int)? {
        guard let memory = ProcessUse.ownMemory(of: pid), let files = ProcessUse.openFiles(of: pid) else { return nil }
        return (memory, files)
    }

    /// Entries of the block journal; drafts are none.
    var journal: Int { ProcessUse.entries(of: folder.path + "/data/journal", endingWith: ".solution") ?? 0 }
}
