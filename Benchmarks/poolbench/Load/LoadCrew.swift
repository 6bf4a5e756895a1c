import Glibc
import JSON

/// The made-up miners of a benchmark, spread over processes because each may open only so many files.
final class LoadCrew {
    /// Connections of one process.
    private static let perProcess = 10_000
    /// The word behind `poolbench` that makes a process one of these.
    static let command = "miners"

    private let processes: [ChildProcess]

    /// Connects all of them; returns when each has a job.
    init(_ order: LoadOrder) throws(LoadFailure) {
        let count = (order.connections + Self.perProcess - 1) / Self.perProcess
        let path = ChildProcess.beside("poolbench")
        var processes: [ChildProcess] = []
        for number in 0..<count {
            var part = order
            part.connections = order.connections * (number + 1) / count - order.connections * number / count
            part.rate = order.rate.map { $0 * Double(part.connections) / Double(order.connections) }
            part.firstSource = order.firstSource + UInt32(number) << 8
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
