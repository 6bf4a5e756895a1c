import CLinux
import Glibc
import HTTP
public import Hashing
import Synchronization

/// A miner on this machine's CPU that connects to a pool over Stratum, as any other miner does.
///
/// It has threads of its own and leaves Swift's alone; they run at low priority, so that what else the machine does, the pool above all, comes
/// first.
public final class CPUMiner: Sendable {
    public struct Settings: Sendable {
        public var host: String
        public var port: UInt16
        /// As a pool wants it: `address.worker`.
        public var user: String
        public var password = "x"
        public var threads = 1
        public var engine: HashEngine
        /// 19 is the lowest priority, 0 the usual one.
        public var niceness: Int32 = 19
        /// Pauses before connecting again double from the first to the last.
        public var firstBackOff: Duration = .milliseconds(250)
        public var lastBackOff: Duration = .seconds(10)

        public init(host: String, port: UInt16, user: String, engine: HashEngine) {
            self.host = host
            self.port = port
            self.user = user
            self.engine = engine
        }
    }

    private let settings: Settings
    private let board: WorkBoard
    private let record = MinerRecord()
    private let threads = ThreadGroup()
    private let started = Atomic<Bool>(false)

    public init(_ settings: Settings) {
        self.settings = settings
        board = WorkBoard(threads: settings.threads)
    }

    deinit { board.stop() }

    public var statistics: MinerStatistics { record.statistics(hashes: board.hashes) }

    /// Connects and mines from now on. A second call does nothing.
    public func start() {
        guard started.exchange(true, ordering: .relaxed) == false else { return }
        let (settings, board, record) = (settings, board, record)
        threads.start(named: "miner") {
            var thread = ConnectionThread(settings: settings, board: board, record: record)
            thread.run()
        }
        for number in 0..<settings.threads {
            threads.start(named: "miner-\(number)") {
                // On Linux this is the calling thread's own priority.
                setpriority(Int32(PRIO_PROCESS.rawValue), 0, settings.niceness)
                var thread = HashingThread(board: board, thread: number, of: settings.threads, engine: settings.engine)
                thread.run()
            }
        }
    }

    /// Ends for good; returns when all threads have ended.
    public func stop() async {
        board.stop()
        await threads.wait()
    }
}
