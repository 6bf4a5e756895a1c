import Foundation
import Testing

@testable import Pool

/// Completions and manual pages, tried with the programs they are for.
@Suite struct CommandDocumentTests {
    static let tables = [PooldCommand.table, PoolctlCommand.table]

    /// Runs a program with `input` as its standard input; nil where it is not installed.
    private func run(_ program: String, _ arguments: [String], _ input: String) throws -> (output: String, code: Int32)? {
        guard FileManager.default.isExecutableFile(atPath: program) else {
            print("skipped: \(program) is not installed here")
            return nil
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        let (stdin, stdout) = (Pipe(), Pipe())
        process.standardInput = stdin
        process.standardOutput = stdout
        process.standardError = stdout
        try process.run()
        Thread.detachNewThread {
            stdin.fileHandleForWriting.write(Data(input.utf8))
            try? stdin.fileHandleForWriting.close()
        }
        let output = stdout.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (String(decoding: output, as: UTF8.self), process.terminationStatus)
    }

    private func completions(_ table: CommandTable, _ words: [String]) throws -> Set<String>? {
        let line = words.map { "'\($0)'" }.joined(separator: " ")
        let script = """
            \(table.bashCompletion)
            compopt() { :; }
            COMP_WORDS=(\(table.name) \(line)); COMP_CWORD=\(words.count)
            _\(table.name)
            printf '%s\\n' "${COMPREPLY[@]}"
            """
        guard let (output, code) = try run("/bin/bash", ["--norc", "-u"], script) else { return nil }
        #expect(code == 0, "\(output)")
        return Set(output.split(separator: "\n").map(String.init))
    }

    @Test(arguments: [
        (["st"], ["status", "stop"]), (["aux", ""], ["blocks", "forks"]), (["audit", "l"], ["ledger"]), (["--json", "bal"], ["balances"]),
        (["--url", "status", "mi"], ["miners"]), (["blocks", "--l"], ["--limit"]), (["aux", "blocks", "--l"], ["--limit"]),
        (["status", "--l"], []), (["payouts", "settle", "--tx"], ["--txid"]), (["--js"], ["--json"]),
    ])
    func bashCompletesPoolctl(words: [String], expected: [String]) throws {
        guard let found = try completions(PoolctlCommand.table, words) else { return }
        #expect(found == Set(expected))
    }

    @Test(arguments: [
        (["de"], ["dev"]), (["dev", "--no"], ["--no-miner"]), (["run", "--c"], ["--config"]),
        (["run", "--config", "/etc/host"], ["/etc/hosts", "/etc/hostname"]),
    ])
    func bashCompletesPoold(words: [String], expected: [String]) throws {
        guard let found = try completions(PooldCommand.table, words) else { return }
        #expect(found.isSuperset(of: expected.filter { !$0.hasPrefix("/") || FileManager.default.fileExists(atPath: $0) }))
    }

    @Test(arguments: tables.indices)
    func zshReadsIt(index: Int) throws {
        let table = Self.tables[index]
        for command in table.commands { #expect(table.zshCompletion.contains("'\(command.words[0])"), "\(command.name)") }
        guard let (output, code) = try run("/usr/bin/zsh", ["-n", "/dev/stdin"], table.zshCompletion) else { return }
        #expect(code == 0 && output.isEmpty, "\(output)")
    }

    @Test(arguments: tables.indices)
    func theManualHasEverything(index: Int) throws {
        let table = Self.tables[index]
        let manual = table.manual
        for command in table.commands {
            #expect(manual.contains(command.words.joined(separator: " ")), "\(command.name)")
            for option in command.options { #expect(manual.contains("--\(option.name)".replacing("-", with: "\\-")), "\(option.name)") }
        }
        guard let (output, code) = try run("/usr/bin/mandoc", ["-T", "lint", "-W", "warning", "/dev/stdin"], manual) else { return }
        // A page without a date is right: it is made for each build alike.
        let complaints = output.split(separator: "\n").filter { !$0.contains("missing date") }
        #expect(complaints.isEmpty, "\(code): \(output)")
    }
}
