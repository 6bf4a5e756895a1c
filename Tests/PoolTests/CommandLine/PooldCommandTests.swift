import Hashing
import Testing

@testable import Pool

@Suite struct PooldCommandTests {
    private func dev(_ arguments: String...) throws -> DevOptions {
        guard case .dev(let options) = try PooldCommand.parse(["dev"] + arguments) else { throw UsageError("not dev") }
        return options
    }

    @Test func devWithoutFlags() throws {
        let options = try dev()
        #expect(options.blocks == nil && options.auxBlocks == nil && options.seconds == nil)
        #expect(options.miner == .automatic)
        #expect(options.stratum == nil && options.admin == nil && options.gateway == nil && options.data == nil)
        #expect(options.parentBits == nil && options.shareDifficulty == nil)
    }

    @Test func devWithEveryFlag() throws {
        let flags = """
            --blocks 5 --aux-blocks=10 --seconds=2.5 --miner-threads 2 --stratum 127.0.0.1:0 --admin 0.0.0.0:8080 --gateway [::1]:8999 --data /tmp/x --parent-bits 1d00ffff \
            --share-difficulty 1e-10
            """
        guard case .dev(let options) = try PooldCommand.parse(["dev"] + flags.split(separator: " ").map(String.init)) else {
            throw UsageError("not dev")
        }
        #expect(options.blocks == 5)
        #expect(options.auxBlocks == 10)
        #expect(options.seconds == 2.5)
        #expect(options.miner == .threads(2))
        #expect(options.stratum == ListenAddress(host: "127.0.0.1", port: 0))
        #expect(options.admin == ListenAddress(host: "0.0.0.0", port: 8080))
        #expect(options.gateway == ListenAddress(host: "::1", port: 8999))
        #expect(options.data == "/tmp/x")
        #expect(options.parentBits?.rawValue == 0x1d00ffff)
        #expect(options.shareDifficulty == 1e-10)
        #expect(try dev("--no-miner").miner == .none)
    }

    @Test(arguments: [
        (["dve"], ["\"dve\"", "did you mean \"dev\"?"]),
        ([], ["no command is given"]),
        (["dev", "--block", "5"], ["\"--block\"", "did you mean --blocks?"]),
        (["dev", "--blocks"], ["--blocks needs a value"]),
        (["dev", "--blocks", "--seconds"], ["--blocks needs a value"]),
        (["dev", "--blocks", "many"], ["--blocks", "\"many\"", "a whole number, 1 or more"]),
        (["dev", "--blocks", "0"], ["\"0\""]),
        (["dev", "--blocks", "-1"], ["\"-1\""]),
        (["dev", "--blocks", "1", "--blocks", "2"], ["--blocks is given twice"]),
        (["dev", "--no-miner", "--miner-threads", "2"], ["cannot stand together"]),
        (["dev", "--no-miner=2"], ["--no-miner takes no value"]),
        (["dev", "--miner-threads", "0"], ["--miner-threads", "from 1 to 1024"]),
        (["dev", "--stratum", "3333"], ["--stratum", "\"3333\"", "ADDRESS:PORT", "port 0"]),
        (["dev", "--parent-bits", "1d00ff"], ["--parent-bits", "8 hexadecimal digits"]),
        (["dev", "--parent-bits", "00000000"], ["--parent-bits"]),
        (["dev", "--share-difficulty", "0"], ["--share-difficulty", "a number above 0"]),
        (["dev", "--share-difficulty", "inf"], ["--share-difficulty"]),
        (["dev", "--share-difficulty", "nan"], ["--share-difficulty"]),
        (["dev", "--data", ""], ["--data"]),
        (["dev", "--aux-blocks", "0"], ["--aux-blocks", "1 or more"]),
        (["dev", "--gateway", "8999"], ["--gateway", "ADDRESS:PORT"]),
        (["dev", "extra"], ["\"extra\" is one argument too many"]),
        (["dev", "--config", "f"], ["\"--config\" is not an option of poold dev"]),
        (["run"], ["--config FILE is missing"]),
        (["check"], ["--config FILE is missing"]),
        (["run", "--config", ""], ["--config", "a path"]),
    ])
    func refuses(arguments: [String], parts: [String]) throws {
        let error = #expect(throws: UsageError.self) { try PooldCommand.parse(arguments) }
        let text = try #require(error).description
        for part in parts { #expect(text.contains(part), "\(text)") }
    }

    @Test(arguments: [["run", "--config", "pool.json5"], ["--config", "pool.json5", "run"], ["run", "--config=pool.json5"]])
    func run(arguments: [String]) throws {
        guard case .run("pool.json5") = try PooldCommand.parse(arguments) else {
            Issue.record("not run")
            return
        }
    }

    @Test func otherCommands() throws {
        guard case .check("f") = try PooldCommand.parse(["check", "--config", "f"]),
            case .config(asGuide: false) = try PooldCommand.parse(["config"]),
            case .config(asGuide: true) = try PooldCommand.parse(["config", "--guide"]), case .version = try PooldCommand.parse(["version"]),
            case .version = try PooldCommand.parse(["--version"])
        else {
            Issue.record("misread")
            return
        }
    }

    @Test(arguments: [["--help"], ["-h"], ["help"]])
    func overview(arguments: [String]) throws {
        guard case .help(let text) = try PooldCommand.parse(arguments) else {
            Issue.record("no help")
            return
        }
        for command in PooldCommand.table.commands { #expect(text.contains(command.name) && text.contains(command.summary)) }
    }

    @Test(arguments: [["dev", "--help"], ["help", "dev"], ["--help", "dev"], ["dev", "--blocks", "3", "-h"]])
    func commandHelp(arguments: [String]) throws {
        guard case .help(let text) = try PooldCommand.parse(arguments) else {
            Issue.record("no help")
            return
        }
        #expect(text.contains("--share-difficulty D"))
        #expect(text.contains("usage: poold dev [options]"))
    }
}

@Suite struct NearestNameTests {
    @Test(arguments: [
        ("instanse", "instance"), ("Instance", "instance"), ("listne", "listen"), ("chian", "chain"), ("nod", "nodes"), ("sock", "socket"),
    ])
    func finds(typed: String, expected: String) {
        #expect(NearestName.find(typed, among: ["chain", "data", "instance", "listen", "nodes", "socket"]) == expected)
    }

    @Test(arguments: ["zebra", "x", ""])
    func staysSilent(typed: String) { #expect(NearestName.find(typed, among: ["chain", "instance", "listen"]) == nil) }

    @Test(arguments: [("", "", 0), ("a", "", 1), ("", "abc", 3), ("kitten", "sitting", 3), ("ab", "ba", 1), ("same", "same", 0)])
    func distances(left: String, right: String, expected: Int) { #expect(NearestName.distance(left, right) == expected) }
}
