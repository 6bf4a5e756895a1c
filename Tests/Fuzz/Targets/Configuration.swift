import JSON

@testable import Pool

extension FuzzTarget {
    /// Configuration files: read, walked along the key table, decoded. JSON is JSON5 with the same meaning, and no problem that is told to a
    /// person brings a control character of the file to a terminal.
    static let configuration = FuzzTarget(name: "configuration") { input in
        let reading = Result { () throws(JSON5SyntaxError) in try JSON5Parser.parse(input) }
        if let value = try? JSONValue(parsing: input, limits: JSONLimits(bytes: 1 << 20, depth: 32)) {
            switch reading {
            case .success(let node): require(means(node.value, value), "JSON means something else as JSON5")
            // A configuration must not say two things of one key.
            case .failure(let error): require(error.reason.hasSuffix("stands here twice"), "JSON that is no JSON5: \(error.reason)")
            }
        }
        do throws(ConfigurationError) {
            let configuration = try PoolConfiguration(json5: input, name: "file")
            require((try? reading.get()) != nil, "a configuration that is no JSON5")
            _ = configuration.resolved
        } catch {
            require(!error.problems.isEmpty, "refused without a reason")
            for problem in error.problems {
                let text = problem.text(file: "file")
                let isClean = text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
                require(isClean, "a control character in: \(text.debugDescription)")
            }
        }
    } seeds: {
        let small = """
            // a comment
            {chain: 'regtest', data: "/tmp/x", instance: +0x1F, coinbase: {address: "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080", tag: '/\\x41\\
            b\\u00e4/'}, nodes: [{url: "http://127.0.0.1:18443", user: "u", password: "p",},],
              stratum: [{listen: "0.0.0.0:3333", versionMask: "1fffe000", difficulty: {start: .5, min: 1e-3, max: Infinity}}], /* end */ }
            """
        return [
            ("example", Array(ConfigurationExample.text.utf8)), ("small", Array(small.utf8)),
            ("numbers", Array("[0x10, +1., .5e-3, -Infinity, NaN, 9223372036854775808, 'a\\\nb', \"\\u{41}\"]".utf8)),
            ("json", Array(#"{"chain":"main","nodes":[],"stratum":[],"gateway":null,"limits":{"connectionsPerAddress":null}}"#.utf8)),
        ]
    }

    private static func means(_ node: JSON5Value, _ value: JSONValue) -> Bool {
        switch (node, value) {
        case (.null, .null): true
        case (.boolean(let left), .bool(let right)): left == right
        case (.integer(let left), .integer(let right)): left == right
        // JSON5 has no kinds of numbers: 1e3 is the integer 1000.
        case (.integer(let left), .real(let right)): Double(left) == right
        case (.number(let left), .real(let right)): left == right
        case (.text(let left), .string(let right)): Array(left.utf8) == Array(right.utf8)
        case (.list(let left), .array(let right)): left.count == right.count && zip(left, right).allSatisfy { means($0.value, $1) }
        case (.object(let left), .object(let right)):
            left.count == right.members.count && zip(left, right.members).allSatisfy { $0.name == $1.key && means($0.node.value, $1.value) }
        default: false
        }
    }
}
