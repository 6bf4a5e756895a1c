import CCounting
import Glibc
import Hashing

/// Instructions of each step, counted by callgrind on a run of their own: the same on a busy machine as on a quiet one.
enum PathInstructions {
    /// The word behind `poolbench` that makes a process the one under callgrind.
    static let command = "path-under-callgrind"
    /// What valgrind's CPU can do; its own has neither AVX-512 nor SHA instructions.
    static let engine = "avx2"

    /// A few goes to get warm, one for the book.
    static func serve() -> Int32 {
        guard counting_under_valgrind() == 1, let engine = try? HashEngine.named(engine), var rig = try? PathRig.make(engine) else { return 1 }
        var idle = PathCounter()
        for _ in 0..<4 { guard rig.run(&idle) == PathRig.shares else { return 1 } }
        var trace = PathTrace()
        return rig.run(&trace) == PathRig.shares ? 0 : 1
    }

    enum Outcome {
        /// Instructions a share.
        case counted([PathStep: Double])
        /// Why not.
        case skipped(String)
    }

    static func count() throws -> Outcome {
        let places: [String] = ["/usr/bin/valgrind", "/usr/local/bin/valgrind"]
        let valgrind = places.first { access($0, X_OK) == 0 }
        guard let valgrind else { return .skipped("valgrind is not installed") }
        let folder = try TemporaryFolder()
        // Valgrind 3.19 gives up at the debug information of today's Clang.
        let program = folder.path + "/poolbench"
        _ = try ChildProcess("/usr/bin/strip", ["--strip-debug", "-o", program, ChildProcess.beside("poolbench")]).line()
        guard access(program, X_OK) == 0 else { return .skipped("strip is not installed") }
        let child = try ChildProcess(
            valgrind,
            ["--tool=callgrind", "--callgrind-out-file=\(folder.path)/out", program, command],
            errors: folder.path + "/errors"
        )
        // Its output ends when it does.
        while child.line() != nil {}
        var counts: [PathStep: Double] = [:]
        for number in 1...64 {
            guard let (remark, instructions) = read("\(folder.path)/out.\(number)"), let step = PathStep(rawValue: remark) else { continue }
            counts[step] = Double(instructions) / Double(PathRig.shares)
        }
        withExtendedLifetime(folder) {}
        guard counts.count == PathStep.allCases.count else {
            return .skipped("valgrind counted \(counts.count) of \(PathStep.allCases.count) steps (poolbench must be built where its headers are)")
        }
        return .counted(counts)
    }

    /// The remark and the sum of one of callgrind's files.
    private static func read(_ path: String) -> (remark: String, instructions: Int)? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var remark: String?
        var instructions: Int?
        var line = [CChar](repeating: 0, count: 4_096)
        while fgets(&line, Int32(line.count), file) != nil {
            let text = String(decoding: line.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            // `desc: Trigger: Client Request: judge`, `summary: 123`, `totals: 123`
            if text.hasPrefix("desc: Trigger: ") { remark = text.split(separator: " ").last.map(String.init) }
            if text.hasPrefix("summary: ") || text.hasPrefix("totals: ") { instructions = text.split(separator: " ").last.flatMap { Int($0) } }
        }
        guard let remark, let instructions else { return nil }
        return (remark, instructions)
    }
}
