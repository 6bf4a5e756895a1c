import Glibc

/// Runs one target under the toolchain's libFuzzer: `FUZZ_TARGET=NAME motherlode-fuzz [what libFuzzer takes]`.
///
/// The name stands in the environment and not among the arguments, because libFuzzer starts itself anew with the arguments it was given.
/// `motherlode-fuzz --targets` prints the names, `--seeds FOLDER` writes the seeds that the sources make, `--vectors FOLDER CORPUS` those
/// that recorded proofs make.
enum Fuzzer {
    /// What this process fuzzes; set once, before libFuzzer begins.
    nonisolated(unsafe) private static var target: FuzzTarget?

    static func run() {
        let arguments = CommandLine.arguments
        switch arguments.dropFirst().first {
        case "--targets": for target in FuzzTarget.all { print(target.name) }
        case "--seeds" where arguments.count == 3:
            for target in FuzzTarget.all {
                for (name, bytes) in target.seeds() { write(bytes, named: name, of: target.name, to: arguments[2]) }
            }
        case "--vectors" where arguments.count == 4:
            for (target, name, bytes) in VectorSeeds.all(arguments[2]) { write(bytes, named: name, of: target, to: arguments[3]) }
        default: fuzz()
        }
    }

    private static func fuzz() {
        let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
        guard let found = FuzzTarget.all.first(where: { $0.name == name }) else {
            print("FUZZ_TARGET must be one of: " + FuzzTarget.all.map(\.name).joined(separator: " "))
            exit(2)
        }
        target = found
        var argc = CommandLine.argc
        var argv = CommandLine.unsafeArgv
        _ = runDriver(&argc, &argv) { start, count in
            Fuzzer.target?.run(Array(UnsafeBufferPointer(start: start, count: count)))
            return 0
        }
    }

    private static func write(_ bytes: [UInt8], named name: String, of target: String, to folder: String) {
        mkdir("\(folder)/\(target)", 0o755)
        ScratchFile.write(bytes, to: "\(folder)/\(target)/\(name)")
    }
}

/// libFuzzer's own main, for programs that have another: SwiftPM renames every `main`.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ argc: UnsafeMutablePointer<CInt>,
    _ argv: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ one: @convention(c) (_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt
) -> CInt
