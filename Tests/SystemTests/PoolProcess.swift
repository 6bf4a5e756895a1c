import Foundation
import JSON
import Synchronization
import Testing

/// A `poold` of its own, as an operator starts it.
final class PoolProcess {
    let process: Process
    private let isWrapped: Bool
    /// Lines it wrote since it was ready: `poold dev` writes one for each block.
    private let lines = LineCount()
    /// What it was told to announce on its ready line.
    let stratumPort: UInt16
    let socket: String

    /// Starts it and waits for its ready line.
    /// - Parameters:
    ///   - log: the file its standard error is added to.
    ///   - wrapper: a program and its arguments that start it.
    init(_ arguments: [String], log: String, wrapper: [String] = []) throws {
        process = Process()
        let command = wrapper + [try Programs.path("poold").path] + arguments
        isWrapped = !wrapper.isEmpty
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        let output = Pipe()
        let reader = output.fileHandleForReading
        process.standardOutput = output
        if !FileManager.default.fileExists(atPath: log) { _ = FileManager.default.createFile(atPath: log, contents: nil) }
        let errors = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
        try errors.seekToEnd()
        process.standardError = errors
        try process.run()
        let line = Self.firstLine(of: reader)
        let words = Dictionary(
            line.split(separator: " ").compactMap { word in
                word.firstIndex(of: "=").map { (String(word[..<$0]), String(word[word.index(after: $0)...])) }
            }
        ) { first, _ in first }
        guard line.hasPrefix("ready "), let port = words["stratum"]?.split(separator: ":").last.flatMap({ UInt16($0) }), let socket = words["socket"]
        else {
            process.terminate()
            process.waitUntilExit()
            throw Programs.Failure("poold did not get ready: \"\(line)\", see \(log)\n" + ((try? String(contentsOfFile: log, encoding: .utf8)) ?? ""))
        }
        stratumPort = port
        self.socket = socket
        // Block lines come later and nobody reads them: a pipe without a reader would be a signal, one that is full would stop the pool.
        reader.readabilityHandler = { [lines] handle in
            let data = handle.availableData
            if data.isEmpty { handle.readabilityHandler = nil }
            lines.count.add(data.count { $0 == 0x0a }, ordering: .relaxed)
        }
    }

    /// Blocks of `poold dev` so far.
    var blocks: Int { lines.count.load(ordering: .relaxed) }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    /// Ends it as a power switch would, but for the files that the system still holds.
    func killHard() {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Ends it in order.
    func stop() {
        // A wrapper would end alone.
        if isWrapped { _ = try? ask("stop") } else { process.terminate() }
        process.waitUntilExit()
    }

    /// What `poolctl --json` says of it.
    func ask(_ words: String...) throws -> JSONValue {
        let (status, output) = try Programs.run("poolctl", ["--socket", socket, "--json"] + words)
        guard status == 0 else { throw Programs.Failure("poolctl \(words) ended with \(status): \(output)") }
        return try JSONValue(parsing: Array(output.utf8))
    }

    /// `poold run` with a configuration, which is written beside its log.
    convenience init(configuration: String, folder: DataFolder) throws {
        let path = folder.file("pool.json5")
        try configuration.write(toFile: path, atomically: true, encoding: .utf8)
        try self.init(["run", "--config", path], log: folder.file("log"))
    }

    /// Accepted shares by worker's name.
    func counted() throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for row in try ask("workers").array ?? [] {
            if let worker = row["worker"]?.string, let accepted = row["accepted"]?.integer { counts[worker, default: 0] += Int(accepted) }
        }
        return counts
    }

    private static func firstLine(of handle: FileHandle) -> String {
        var line: [UInt8] = []
        while let byte = try? handle.read(upToCount: 1)?.first, byte != 0x0a { line.append(byte) }
        return String(decoding: line, as: UTF8.self)
    }
}

/// The project's programs, which are built beside the tests.
enum Programs {
    struct Failure: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) { self.description = description }
    }

    static func path(_ name: String) throws -> URL {
        let bundle = try #require(CommandLine.arguments.first { $0.hasSuffix(".xctest") || $0.contains(".xctest/") })
        return URL(fileURLWithPath: bundle).deletingLastPathComponent().appendingPathComponent(name)
    }

    /// Runs one to its end; its exit code, and what it wrote to both outputs.
    static func run(_ name: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
        try run(path(name), arguments)
    }

    static func run(_ program: URL, _ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}

private final class LineCount: Sendable {
    let count = Atomic<Int>(0)
}
