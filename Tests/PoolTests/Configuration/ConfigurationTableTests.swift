import Bitcoin
import Foundation
import Testing

@testable import Pool

@Suite struct ConfigurationTableTests {
    /// Every key of the design's configuration block.
    static let fixedKeys = [
        "chain", "data", "instance", "coinbase.address", "coinbase.tag", "nodes.url", "nodes.user", "nodes.password", "nodes.cookieFile",
        "nodes.zmqHashBlock", "stratum.listen", "stratum.versionMask", "stratum.difficulty.start", "stratum.difficulty.min", "stratum.difficulty.max",
        "stratum.difficulty.sharesPerMinute", "stratum.tls.certificate", "stratum.tls.key", "stratum.proxyProtocol.trusted", "auxiliaries.kind",
        "auxiliaries.name", "auxiliaries.url", "auxiliaries.confirmations", "auxiliaries.flavour", "auxiliaries.chainId", "auxiliaries.user",
        "auxiliaries.password", "auxiliaries.address", "gateway.listen", "gateway.users.name", "gateway.users.password", "accounting.store",
        "accounting.durability", "accounting.groupMs", "accounting.scheme", "accounting.window", "accounting.fee", "payouts.minimum",
        "payouts.feeRate",
        "limits.connectionsPerAddress", "admin.socket", "admin.listen", "admin.tokenFile", "admin.public",
    ]

    static var paths: [String] {
        func walk(_ keys: [KeyFacts], _ prefix: String) -> [String] {
            keys.flatMap { key in key.children.isEmpty ? [prefix + key.name] : walk(key.children, prefix + key.name + ".") }
        }
        return walk(ConfigurationTable.root.facts, "")
    }

    @Test(arguments: fixedKeys)
    func hasTheFixedKey(path: String) { #expect(Self.paths.contains(path)) }

    @Test func theExampleIsAConfiguration() throws {
        let text = ConfigurationExample.text
        let configuration = try PoolConfiguration(json5: Array(text.utf8), name: "example")
        #expect(configuration.chain == .regtest)
        #expect(configuration.stratum.count == 1)
        #expect(configuration.nodes.count == 1)
        // What the example shows as a default must be the default.
        let minimal = try ConfigurationTests.read(ConfigurationTests.minimal())
        #expect(configuration.accounting.store == minimal.accounting.store)
        #expect(configuration.stratum[0].difficulty == minimal.stratum[0].difficulty)
        #expect(configuration.stratum[0].versionMask == minimal.stratum[0].versionMask)
        #expect(configuration.admin.socket == minimal.admin.socket)
        #expect(configuration.admin.listen == minimal.admin.listen)
    }

    @Test func theExampleShowsEveryKey() {
        let text = ConfigurationExample.text
        for path in Self.paths { #expect(text.contains("\(path.split(separator: ".").last ?? ""): "), "\(path)") }
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 140 })
    }

    @Test func namesAreUniqueAndTextsAreSentences() {
        #expect(Set(Self.paths).count == Self.paths.count)
        func check(_ keys: [KeyFacts]) {
            for key in keys {
                #expect(key.text.hasSuffix("."), "\(key.name)")
                #expect(!key.allowed.isEmpty)
                check(key.children)
            }
        }
        check(ConfigurationTable.root.facts)
    }

    /// `make docs` writes it; whoever changes a key has to run that.
    @Test func theGuideIsUpToDate() throws {
        var folder = URL(filePath: #filePath)
        while folder.path != "/", !FileManager.default.fileExists(atPath: folder.appending(path: "Package.swift").path) {
            folder.deleteLastPathComponent()
        }
        let written = try String(contentsOf: folder.appending(path: "docs/configure.md"), encoding: .utf8)
        #expect(written == ConfigurationGuide.text, "run make docs")
    }
}
