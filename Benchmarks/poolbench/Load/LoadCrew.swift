import Glibc
import JSON
import Synchronization

/// The made-up miners of a benchmark, spread over processes because each may open only so many files.
final class LoadCrew {
    /// Connections of one process.
    private static let perProcess = 10_000
    /// The word behind `poolbench` that makes a process one of these.
    static let command = "miners"

    private var processes: [ChildProcess]
    /// The first address that its miners come from, where the server is on loopback.
    let firstSource: UInt32

    /// Crews so far: each comes from addresses of its own, 127.1.x.y to 127.250.x.y.
    private static let crews = Atomic<UInt32>(0)

    /// Connects all of them; returns when each has a job.
    init(_ order: LoadOrder) throws(LoadFailure) {
        let needed = (order.connections + Self.perProcess - 1) / Self.perProcess
        let count = max(needed, min(order.processes, order.connections))
        let network = UInt32(127) << 24 | (1 + Self.crews.add(1, ordering: .relaxed).oldValue % 250) << 16
        firstSource = network | 1
        let path = ChildProcess.beside("poolbench")
        var processes: [ChildProcess] = []
        for number in 0..<count {
            var part = order
            part.connections = order.connections * (number + 1) / count - order.connections * number / count
            part.rate = order.rate.map { $0 * Double(part.connections) / Double(order.connections) }
            part.firstSource = firstSource + UInt32(number) << 8
            processes.append(try ChildProcess(path, [Self.command, part.json.text()]))
        }
        self.processes = processes
        for process in processes {
            let line = process.line() ?? "a process of miners has gone"
            guard line == "ready" else { throw LoadFailure(description: line) }
        }
    }

    /// Begins to send shares.
    func go() { for process in processes { process.say("go") } }

    /// Sends no more; what is under way is still answered.
    func rest() { for process in processes { process.say("rest") } }

    /// Ends all connections; nothing can be asked of it any more.
    func disconnect() {
        processes = []
        // Until the server has seen it.
        MonotonicClock.sleep(seconds: 0.5)
    }

    /// What happened since the last time, or since ``go()``.
    func report() throws(LoadFailure) -> LoadBook {
        for process in processes { process.say("report") }
        var sum = LoadBook()
        for process in processes {
            guard let line = process.line(), let json = try? JSONValue(parsing: line) else {
                throw LoadFailure(description: "a process of miners has gone")
            }
            sum.merge(LoadBook(json: json), isSameTime: true)
        }
        return sum
    }

    /// What happened until so many connections had a clean job, or ten seconds were over.
    ///
    /// - Parameter pause: seconds between two questions.
    func reportJob(to connections: Int, asking pause: Double) throws(LoadFailure) -> LoadBook {
        var book = LoadBook()
        let deadline = MonotonicClock.now + 10_000_000_000
        while book.cleanJobs < connections, MonotonicClock.now < deadline {
            MonotonicClock.sleep(seconds: pause)
            book.merge(try report(), isSameTime: true)
        }
        return book
    }

    /// What a process of miners does.
    static func serve(_ text: String) -> Int32 {
        guard let order = (try? JSONValue(parsing: text)).flatMap(LoadOrder.init(json:)) else { return 2 }
        var miners = LoadMiners(order)
        do {
            try miners.connectAll()
        } catch {
            ChildProcess.write("\(error)\n", to: STDOUT_FILENO)
            return 1
        }
        ChildProcess.write("ready\n", to: STDOUT_FILENO)
        miners.obey()
        return 0
    }
}
