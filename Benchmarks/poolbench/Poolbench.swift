import Glibc
import JSON

/// What can be typed behind `poolbench`, in the order of the help. A new benchmark joins by standing here.
var benchmarks: [any Benchmark.Type] {
    [
        HashBenchmark.self, JudgeBenchmark.self, StratumBenchmark.self, NotifyBenchmark.self, MemoryBenchmark.self, LedgerBenchmark.self,
        SolveBenchmark.self, PathBenchmark.self, GrowthBenchmark.self, AttackBenchmark.self, ChaosBenchmark.self,
        FloorBenchmark.self,
    ]
}

/// One measurement with its own name, options and report.
protocol Benchmark: Sendable {
    /// As typed.
    static var name: String { get }
    static var summary: String { get }
    /// Beside `--json`, `--rounds` and `--help`, which every benchmark has.
    static var options: [BenchmarkOption] { get }

    init(_ arguments: BenchmarkArguments) throws(BenchmarkUsageError)
    func run() throws -> Report
}

/// Runs the named benchmark and leaves the process: 0 done, 1 runtime failure, 2 unusable arguments.
func exitWithStatus(ofPoolbench arguments: [String]) -> Never {
    guard let first = arguments.first else { leave(2, to: STDERR_FILENO, help()) }
    if first == LoadCrew.command { exit(LoadCrew.serve(arguments.dropFirst().first ?? "")) }
    if first == BareServer.command { exit(BareServer.serve(loops: arguments.dropFirst().first.flatMap(Int.init) ?? 1)) }
    if first == AttackCrew.command { exit(AttackCrew.serve(arguments.dropFirst().first ?? "")) }
    if first == PathInstructions.command { exit(PathInstructions.serve()) }
    if ["--help", "-h", "help"].contains(first) { leave(0, to: STDOUT_FILENO, help()) }
    guard let benchmark = benchmarks.first(where: { $0.name == first }) else {
        leave(2, to: STDERR_FILENO, "poolbench: there is no benchmark \(first)\n\n" + help())
    }
    do {
        let arguments = try BenchmarkArguments(arguments.dropFirst(), options: benchmark.options)
        if arguments.wantsHelp { leave(0, to: STDOUT_FILENO, help(of: benchmark)) }
        let report = try benchmark.init(arguments).run()
        leave(report.hasFailed ? 1 : 0, to: STDOUT_FILENO, arguments.wantsJSON ? report.json.text(pretty: true) + "\n" : report.text)
    } catch let error as BenchmarkUsageError {
        leave(2, to: STDERR_FILENO, "poolbench \(first): \(error)\n")
    } catch {
        leave(1, to: STDERR_FILENO, "poolbench \(first): \(error)\n")
    }
}

private func help() -> String {
    "usage: poolbench BENCHMARK [--json] [options]\n\n" + columns(benchmarks.map { ($0.name, $0.summary) })
        + "\npoolbench BENCHMARK --help says more about one.\n"
}

private func help(of benchmark: any Benchmark.Type) -> String {
    "poolbench \(benchmark.name): \(benchmark.summary)\n\n"
        + columns((benchmark.options + BenchmarkArguments.common).map { ("--\($0.name)\($0.value.map { " " + $0 } ?? "")", $0.summary) })
}

private func columns(_ rows: [(left: String, right: String)]) -> String {
    let width = rows.map(\.left.count).max() ?? 0
    return rows.map { "  " + $0.left + String(repeating: " ", count: width - $0.left.count + 2) + $0.right + "\n" }.joined()
}

private func leave(_ status: Int32, to file: Int32, _ text: String) -> Never {
    var text = text
    text.withUTF8 { bytes in
        var sent = 0
        while sent < bytes.count {
            let count = write(file, bytes.baseAddress.map { $0 + sent }, bytes.count - sent)
            guard count > 0 else { return }
            sent += count
        }
    }
    exit(status)
}
