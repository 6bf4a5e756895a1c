import CLinux
import Glibc
import Hashing
import JSON

/// The machine that figures come from.
struct Machine: CustomStringConvertible {
    let processor: String
    /// CPUs that this process may run on.
    let cores: Int
    /// Instruction sets that matter here.
    let flags: [String]
    let isVirtual: Bool
    let compiler: String
    /// Clock of the core during the measurement, in GHz, as a chain of dependent multiplications and additions shows it.
    let clock: Double

    static func current() -> Machine {
        let information = contents(of: "/proc/cpuinfo")
        func line(_ keys: String...) -> String? {
            for line in information.split(separator: "\n") {
                let parts = line.split(separator: ":", maxSplits: 1)
                guard parts.count == 2, keys.contains(where: { parts[0].drop { $0 == "\t" }.hasPrefix($0) }) else { continue }
                return String(parts[1].drop { $0 == " " })
            }
            return nil
        }
        let flags = Set((line("flags", "Features") ?? "").split(separator: " ").map(String.init))
        let named = line("model name") ?? "unnamed processor"
        let model = line("cpu family").map { family in " (family \(family), model \(line("model") ?? "?"))" } ?? ""
        return Machine(
            processor: named + model,
            cores: Int(linux_usable_cpus()),
            flags: ["sse4_1", "avx2", "avx512f", "avx512bw", "avx512vl", "sha_ni", "sha2", "asimd"].filter(flags.contains),
            isVirtual: flags.contains("hypervisor"),
            compiler: HashEngine.compiler,
            clock: measureClock()
        )
    }

    var description: String {
        "\(processor), \(cores) \(cores == 1 ? "core" : "cores")\(isVirtual ? ", virtual machine" : "") at about "
            + "\(Table.Cell.real(clock, decimals: 2).shown) GHz; \(flags.joined(separator: " ")); \(compiler)"
    }

    var json: JSONValue {
        .object(
            JSONObject([
                ("processor", .string(processor)), ("cores", .integer(Int64(cores))), ("flags", .array(flags.map { .string($0) })),
                ("virtual", .bool(isVirtual)), ("compiler", .string(compiler)), ("clockGHz", .real(clock)),
            ])
        )
    }

    /// Each step waits for the one before it and takes five cycles on any current core: a shift, an exclusive or, a product of three.
    private static func measureClock() -> Double {
        var value: UInt64 = 1
        let steps = 4_000_000
        let time = (0..<9).map { _ in
            ThreadClock.nanoseconds {
                for _ in 0..<steps { value = (value ^ value >> 7) &* 0x5851_f42d_4c95_7f2d }
                keep(value)
            }
        }.median
        return 5 * Double(steps) / time
    }

    private static func contents(of path: String) -> String {
        guard let file = fopen(path, "r") else { return "" }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }
}
