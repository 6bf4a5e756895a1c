import Bitcoin
import Foundation
import Testing

@testable import Pool

/// The configurations in `deploy/` are ones that the pool reads.
@Suite struct DeployTests {
    private func read(_ name: String) throws -> String {
        var folder = URL(filePath: #filePath)
        while folder.path != "/", !FileManager.default.fileExists(atPath: folder.appending(path: "Package.swift").path) {
            folder.deleteLastPathComponent()
        }
        return try String(contentsOf: folder.appending(path: "deploy/\(name)"), encoding: .utf8)
    }

    @Test(arguments: ["regtest.json5", "docker/pool.json5"])
    func regtest(name: String) throws {
        let configuration = try ConfigurationTests.read(try read(name))
        #expect(configuration.chain == .regtest)
        #expect(configuration.coinbase.payout != nil)
    }

    @Test func testnet4() throws {
        let text = try read("testnet4.json5")
        let error = #expect(throws: ConfigurationError.self) { try ConfigurationTests.read(text) }
        #expect(error?.problems.map(\.path) == ["coinbase.address"], "only the address is left to the operator")
        let address = "tb1qqypqxpq9qcrsszg2pvxq6rs0zqg3yyc5r7fxez"
        let configuration = try ConfigurationTests.read(text.replacingOccurrences(of: "YOUR ADDRESS", with: address))
        #expect(configuration.chain == .testnet4)
    }

    @Test func main() throws {
        let text = try read("main.json5")
        let error = #expect(throws: ConfigurationError.self) { try ConfigurationTests.read(text) }
        #expect(error?.problems.map(\.path) == ["coinbase.address"], "only the address is left to the operator")
        let address = "bc1qqypqxpq9qcrsszg2pvxq6rs0zqg3yyc5fcj4z3"
        let configuration = try ConfigurationTests.read(text.replacingOccurrences(of: "YOUR ADDRESS", with: address))
        #expect(configuration.chain == .main)
    }
}
