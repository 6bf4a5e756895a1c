import Foundation
import Testing

@testable import Pool

/// The alert rules and the boards in `deploy/` speak of metrics that the pool has.
@Suite struct PrometheusRulesTests {
    private func read(_ name: String) throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardizedFileURL
        return try String(contentsOf: root.appending(path: "deploy/\(name)"), encoding: .utf8)
    }

    /// Names in the sources, which is where every metric is made.
    private func metrics() throws -> Set<String> {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../Sources/Pool").standardizedFileURL
        var names: Set<String> = []
        for case let file as URL in try #require(FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil))
        where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            for match in text.matches(of: /"((?:motherlode|process)_[a-z_]+)"/) { names.insert(String(match.1)) }
        }
        return names
    }

    @Test(arguments: ["prometheus/motherlode.rules.yml", "grafana/dashboards/motherlode.json"])
    func everyMetricIsOne(file: String) throws {
        let known = try metrics()
        let text = try read(file)
        let named = Set(text.matches(of: /\b((?:motherlode|process)_[a-z_]+)/).map { String($0.1) })
        #expect(named.count > 10)
        for name in named {
            let base = ["_bucket", "_sum", "_count"].first { name.hasSuffix($0) }.map { String(name.dropLast($0.count)) }
            #expect(known.contains(name) || base.map(known.contains) ?? false, "\(name)")
        }
    }

    /// `promtool` is Prometheus' own judge; its tests let every rule fire.
    @Test func promtoolAgrees() throws {
        let program = "/usr/bin/promtool"
        guard FileManager.default.isExecutableFile(atPath: program) else { return print("skipped: promtool is not installed here") }
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../deploy/prometheus").standardizedFileURL
        for arguments in [["check", "rules", "motherlode.rules.yml"], ["test", "rules", "motherlode.tests.yml"]] {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: program)
            process.currentDirectoryURL = root
            process.arguments = arguments
            let output = Pipe()
            process.standardOutput = output
            process.standardError = output
            try process.run()
            let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            #expect(process.terminationStatus == 0, "\(text)")
        }
        // Each rule is named by the test that lets it fire.
        let rules = try read("prometheus/motherlode.rules.yml").matches(of: /alert: ([A-Za-z]+)/).map { String($0.1) }
        let tests = try read("prometheus/motherlode.tests.yml")
        for rule in rules { #expect(tests.contains("{alertname=\"\(rule)\"}"), "\(rule)") }
    }
}
